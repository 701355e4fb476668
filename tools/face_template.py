"""Derives how ARKit's 52 shapes move the points of a face mesh, from ICT FaceKit: what pictures talk with.

    python -m tools.face_template ict_face_model.npz -o checkpoints/face_template.npz

The head is drawn, the face mesh is found in the drawing, and so each mesh point gets its place on the model's surface,
whose shapes are known. The mouth stands a little open, so that each inner lip point falls on its own lip.
`checkpoints/face_template.md` describes the file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.face.arrays import Flags, Floats, Indices
from inference.face.landmarks import LEFT_BROW, OUTER_LIP, RIGHT_BROW
from inference.face.names import ARKIT_NAMES
from inference.pictures.indices import LIP_RINGS, LOWER_LIDS, UPPER_LIDS
from inference.pictures.raster import rasterise
from inference.pictures.refine import areas, unfold
from inference.training.ict_head import head_of

_OPEN = 0.35
"""Weight of jawOpen in the drawing."""
_VIEWS = (
    (0.0, 0.0, 150.0),
    (0.13, -0.07, 138.0),
    (-0.09, 0.11, 162.0),
    (0.05, 0.16, 145.0),
    (-0.17, -0.13, 155.0),
)
"""Places across and down (eye units) and sizes (pixels of an eye unit) at which it is drawn: its noise averages out."""
_SIZE = (640, 720)
_SKIN, _LIPS, _BROW = (205, 160, 135), (165, 85, 85), (70, 50, 40)
_COLOURS = {
    "M_ScleraLeft": (245, 245, 245), "M_ScleraRight": (245, 245, 245), "M_Teeth": (230, 225, 215),
    "M_GumsTongue": (140, 60, 60), "M_BackHead": (90, 65, 50),
}  # fmt: skip
_NO_FACES = {(49, 64, 129), (279, 294, 358)}
"""Three edges of the mesh that meet around other triangles."""
_CAVITY_SIZE = (224, 138)
_CAVITY_BOX = (-0.42, -0.46, 0.42, -0.98)
"""Left, top, right and bottom of what is drawn of the teeth; eye units from the middle of the outer eye corners."""


@dataclass(frozen=True)
class Head:
    """ICT's head in eye units: x to the picture's right, y up, z to the viewer, from the middle of the outer eye corners.

    Attributes:
        points: (V, 3).
        triangles: (M, 3), without what is see-through.
        materials: (M,) name of each triangle's material.
        shapes: (52, V, 3) in `ARKIT_NAMES` order.
        landmarks: (68,) vertices.
    """

    points: Floats
    triangles: Indices
    materials: np.ndarray[Any, np.dtype[np.str_]]
    shapes: Floats
    landmarks: Indices

    def where(self, *materials: str) -> Flags:
        """(M,) triangles of these materials."""
        return np.isin(self.materials, materials)


def read_head(path: Path) -> Head:
    """ICT FaceKit's model file, see `inference.training.arkit_basis`."""
    with np.load(path, allow_pickle=False) as data:
        head = head_of(data)
    given = head.expressions
    shapes = np.zeros((len(ARKIT_NAMES), *head.points.shape), np.float32)
    for row, name in enumerate(ARKIT_NAMES):
        side = name.replace("Left", "_L").replace("Right", "_R")
        for spelled in (name,) if name in given else (side, name + "_L", name + "_R"):
            if spelled in given:
                shapes[row] += given[spelled]
    return Head(head.points, head.triangles, head.materials, shapes, head.landmarks)


# -- The drawing -------------------------------------------------------------------------------------------


def _in_polygon(points: Floats, outline: Floats) -> Flags:
    x, y = points[:, 0], points[:, 1]
    inside = np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(outline[:, :2], np.roll(outline[:, :2], -1, axis=0)):
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay if by != ay else 1) + ax)
    return inside


def _colours(head: Head) -> Floats:
    """(M, 3) a plain colour for each triangle."""
    colours = np.array([_COLOURS.get(name, _SKIN) for name in head.materials], np.float64)
    centre = head.points[head.triangles].mean(axis=1)
    skin = head.where("M_Face") & (centre[:, 2] > 0)
    colours[skin & _in_polygon(centre, head.points[head.landmarks[OUTER_LIP]])] = _LIPS
    for side in ("M_ScleraLeft", "M_ScleraRight"):
        ball = head.where(side)
        out = centre[ball] - head.points[np.unique(head.triangles[ball])].mean(axis=0)
        angle = np.degrees(np.arccos(out[:, 2] / np.linalg.norm(out, axis=1)))[:, None]
        colours[ball] = np.where(angle < 11, (15, 12, 10), np.where(angle < 28, (95, 65, 45), colours[ball]))
    for brow in (RIGHT_BROW, LEFT_BROW):
        line = head.points[head.landmarks[brow]]
        steps = np.linspace(0, len(line) - 1, 40)
        dense = np.stack([np.interp(steps, np.arange(len(line)), column) for column in line.T], axis=1)
        near = np.linalg.norm(centre[:, None] - dense[None], axis=-1).min(axis=1) < 0.035
        colours[skin & near] = _BROW
    return colours


def _to_pixels(points: Floats, view: tuple[float, float, float]) -> Floats:
    across, down, scale = view
    middle = np.array([_SIZE[0] / 2, _SIZE[1] / 2, 0])
    return np.asarray(middle + ((points + [across, 0.25 - down, 0]) * scale) * [1, -1, 1])


def _shade(points: Floats, triangles: Indices, light: tuple[float, float, float]) -> Floats:
    """(V,) 0.45 to 1: how bright each vertex is."""
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    smooth = np.zeros_like(points)
    for corner in range(3):
        np.add.at(smooth, triangles[:, corner], normals)
    smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-12)
    return np.asarray(0.45 + 0.55 * np.clip(smooth @ np.array(light), 0, 1))


def draw_head(head: Head, view: tuple[float, float, float]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(H, W, 3) the head with its mouth a little open."""
    points = head.points + _OPEN * head.shapes[ARKIT_NAMES.index("jawOpen")]
    pixels = _to_pixels(points, view)
    seen = rasterise(pixels, head.triangles, _SIZE)
    shade = seen.of(_shade(points, head.triangles, (0.25, 0.45, 0.86)), head.triangles)
    picture = np.empty((_SIZE[1] * _SIZE[0], 3), np.uint8)
    picture[:] = (120, 135, 150)
    picture[seen.pixels] = np.clip(_colours(head)[seen.triangles] * shade[:, None], 0, 255)
    return picture.reshape(_SIZE[1], _SIZE[0], 3)


# -- The mesh on the model ---------------------------------------------------------------------------------


def _mesh_points(picture: np.ndarray[Any, np.dtype[np.uint8]]) -> Floats:
    """(468, 2) the mesh in a picture; the engine's own detector, else MediaPipe's."""
    try:
        from inference.detection import find_faces  # type: ignore[import-not-found,unused-ignore]

        return np.asarray(find_faces(picture)[0].points[:468, :2])
    except ImportError:
        import mediapipe

        with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as mesh:
            face = mesh.process(picture).multi_face_landmarks[0].landmark[:468]
        return np.array([(point.x * _SIZE[0], point.y * _SIZE[1]) for point in face])


def _places(head: Head) -> Floats:
    """(468, 2) where the mesh points lie on the head as it is drawn, eye units; left and right alike."""
    views = []
    for view in _VIEWS:
        across, down, scale = view
        picture = draw_head(head, view)
        for flipped in (False, True):
            points = _mesh_points(np.ascontiguousarray(picture[:, ::-1]) if flipped else picture)
            if flipped:
                points = points * [-1, 1] + [_SIZE[0], 0]
            places = (points - [_SIZE[0] / 2, _SIZE[1] / 2]) / [scale, -scale] - [across, 0.25 - down]
            views.append((flipped, places))
    straight = np.mean([places for flipped, places in views if not flipped], axis=0)
    mirror = mirrored_points(straight)
    return np.asarray(np.mean([places[mirror] if flipped else places for flipped, places in views], axis=0))


def mirrored_points(places: Floats) -> Indices:
    """(468,) the point on the other side of the face of each."""
    from scipy.optimize import linear_sum_assignment

    distance = np.linalg.norm(places[:, None] * [-1, 1] - places[None], axis=-1)
    mirror = linear_sum_assignment((distance + distance.T) ** 2)[1]
    if (mirror[mirror] != np.arange(len(places))).any():
        raise SystemExit("The face mesh was not found alike on both sides: is this the ICT head?")
    return np.asarray(mirror)


def mesh_triangles() -> Indices:
    """(852, 3) the face mesh's triangles, from its edges; mouth and eyes are open."""
    from mediapipe.python.solutions.face_mesh_connections import FACEMESH_TESSELATION

    beside: dict[int, set[int]] = {}
    for one, other in FACEMESH_TESSELATION:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    triangles = {
        tuple(sorted((one, other, third)))
        for one, other in FACEMESH_TESSELATION
        for third in beside[one] & beside[other]
    }
    return np.array(sorted(triangles - _NO_FACES))


def _on_the_surface(head: Head, places: Floats) -> tuple[Indices, Floats]:
    """The triangle of the skin that is seen at each place, and the weights of its corners."""
    points = head.points + _OPEN * head.shapes[ARKIT_NAMES.index("jawOpen")]
    skin = head.triangles[head.where("M_Face", "M_BackHead")]
    corners = points[skin]
    a, b, c = (corners[:, corner, :2] for corner in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    front = np.flatnonzero(area > 1e-12)
    a, b, c, area = a[front], b[front], c[front], area[front]
    chosen, weights = np.zeros(len(places), np.intp), np.zeros((len(places), 3))
    lids = {*UPPER_LIDS.ravel(), *LOWER_LIDS.ravel()}
    for row, (x, y) in enumerate(places):
        v = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
        w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
        each = np.clip(np.stack([1 - v - w, v, w], axis=1), 0, None)
        each /= each.sum(axis=1, keepdims=True)
        spots = np.einsum("nk,nkc->nc", each, corners[front])
        off = np.linalg.norm(spots[:, :2] - (x, y), axis=1)
        # The nearest place, of what lies one behind the other the front; and the edge of a lid, not what lies deep behind it.
        best = int(np.argmin(off - (0.2 if row in lids else 0.002) * spots[:, 2]))
        chosen[row], weights[row] = front[best], each[best]
    return skin[chosen], weights


def _lip_edges(head: Head) -> tuple[Indices, Indices]:
    """The model's vertices along the inner edge of the upper and of the lower lip, from the picture's left to its right."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    skin = head.triangles[head.where("M_Face")]
    pairs = np.concatenate([skin[:, [0, 1]], skin[:, [1, 2]], skin[:, [2, 0]]])
    # As far as a shape tears them apart, so that the way stays on one lip.
    jaw = head.shapes[ARKIT_NAMES.index("jawOpen")]
    length = np.linalg.norm((head.points + jaw)[pairs[:, 0]] - (head.points + jaw)[pairs[:, 1]], axis=1)
    count = len(head.points)
    graph = coo_matrix((length, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()
    edges = []
    for landmarks in ((60, 61, 62, 63, 64), (60, 67, 66, 65, 64)):
        way = [head.landmarks[60]]
        for start, end in zip(landmarks, landmarks[1:]):
            _, before = dijkstra(graph, False, head.landmarks[start], return_predecessors=True)
            back = [int(head.landmarks[end])]
            while back[-1] != head.landmarks[start]:
                back.append(int(before[back[-1]]))
            way += back[-2::-1]
        edges.append(np.array(way))
    return edges[0], edges[1]


def _place_lips(head: Head, points: Floats, shapes: Floats) -> None:
    """Put the inner lip points exactly on the edges of the lips, and what lies near the corners between those and the outer edge.

    The mesh's inner contour lies outside of the visible slit, and where the lips meet it confuses them.
    """
    for rings, way in zip((LIP_RINGS[:4], LIP_RINGS[4:]), _lip_edges(head)):
        along = head.points[way][:, 0]
        middle = points[LIP_RINGS[[3, 7]], 0].mean(axis=0)
        stretched = np.interp(middle, middle[[0, -1]], along[[0, -1]])
        for column in range(11):
            inner = rings[3, column]
            points[inner] = [
                np.interp(stretched[column], along, head.points[way][:, axis]) for axis in range(3)
            ]
            for shape in range(len(shapes)):
                shapes[shape, inner] = [
                    np.interp(stretched[column], along, head.shapes[shape, way, axis]) for axis in range(3)
                ]
        for column in (0, 1, 2, 8, 9, 10):
            outer, inner = rings[0, column], rings[3, column]
            for ring, share in ((1, 0.4), (2, 0.75)):
                for values in (points, *shapes):
                    values[rings[ring, column]] = (1 - share) * values[outer] + share * values[inner]


def _without_folds(points: Floats, shapes: Floats, triangles: Indices) -> Floats:
    """Lips that roll in fold the mesh over, which a picture cannot show: the same shapes without that."""
    faithful = np.full(len(points), 0.02)
    faithful[LIP_RINGS[[3, 7]].ravel()] = 0.3
    for _ in range(3):
        shapes = unfold(points, shapes, triangles, faithful, times=2.3, rounds=100)
    left = areas(points + 2 * shapes, triangles) * np.sign(areas(points, triangles)) < 0
    print(f"{left.sum()} triangles fold at twice the weights")
    return shapes


# -- What lies in the mouth --------------------------------------------------------------------------------


def _mouth_parts(head: Head) -> Iterator[tuple[str, Indices, Flags]]:
    """Name, triangles and which of them are gums: upper teeth, lower teeth."""
    teeth, soft = (head.triangles[head.where(name)] for name in ("M_Teeth", "M_GumsTongue"))
    moves = np.linalg.norm(head.shapes[ARKIT_NAMES.index("jawOpen")], axis=1) > 0.01
    # Gums hug the teeth, the tongue and the palate do not.
    hard_points = head.points[np.unique(teeth)]
    places = head.points[soft].mean(axis=1)
    off = np.array([np.linalg.norm(hard_points - place, axis=1).min() for place in places])
    soft = soft[off < 0.045]
    for name, with_jaw in (("upper", False), ("lower", True)):
        hard = teeth[moves[teeth[:, 0]] == with_jaw]
        gums = soft[moves[soft[:, 0]] == with_jaw]
        yield name, np.concatenate([hard, gums]), np.arange(len(hard) + len(gums)) >= len(hard)


def _drawn_part(
    head: Head, triangles: Indices, gums: Flags
) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], Floats]:
    """(h, w, 3) uint8: brightness, 255 where it is flesh, 255 where anything is; and (h, w) depth in eye units."""
    width, height = _CAVITY_SIZE
    left, top, right, bottom = _CAVITY_BOX
    fine = 4
    scale = np.array([width / (right - left), height / (bottom - top), 1.0])
    pixels = (head.points - [left, top, 0]) * scale * [fine, fine, 1]
    seen = rasterise(pixels, triangles, (width * fine, height * fine))
    shade = (_shade(head.points, triangles, (0.0, 0.35, 0.94)) - 0.45) / 0.55
    values = np.zeros((height * fine * width * fine, 4))
    values[seen.pixels, 0] = 255 * seen.of(shade, triangles)
    values[seen.pixels, 1] = 255 * gums[seen.triangles]
    values[seen.pixels, 2] = 255
    values[seen.pixels, 3] = seen.depth
    means = values.reshape(height, fine, width, fine, 4).mean(axis=(1, 3))
    share = np.maximum(means[..., 2:3] / 255, 1e-6)
    means[..., [0, 1, 3]] /= share
    means = (means + means[:, ::-1]) / 2  # both sides alike
    return np.round(means[..., :3]).clip(0, 255).astype(np.uint8), means[..., 3]


def _jaw(head: Head) -> Floats:
    """(52, 3, 4): by which linear map of a place and 1 each shape moves what is fixed to the lower jaw."""
    teeth = np.unique(head.triangles[head.where("M_Teeth")])
    low = teeth[np.linalg.norm(head.shapes[ARKIT_NAMES.index("jawOpen")][teeth], axis=1) > 0.01]
    places = np.concatenate([head.points[low], np.ones((len(low), 1))], axis=1)
    return np.stack([np.linalg.lstsq(places, shape[low], rcond=None)[0].T for shape in head.shapes])


def measure(model: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of the template, as its card describes them."""
    head = read_head(model)
    places = _places(head)
    mirror = mirrored_points(places)
    vertices, weights = _on_the_surface(head, (places + places[mirror] * [-1, 1]) / 2)
    points = np.einsum("nk,nkc->nc", weights, head.points[vertices])
    shapes = np.einsum("nk,snkc->snc", weights, head.shapes[:, vertices])
    _place_lips(head, points, shapes)
    flip = np.array([-1.0, 1, 1])
    swapped = [
        name.replace("Left", "*").replace("Right", "Left").replace("*", "Right") for name in ARKIT_NAMES
    ]
    order = [ARKIT_NAMES.index(name) for name in swapped]
    points = (points + points[mirror] * flip) / 2
    shapes = (shapes + shapes[order][:, mirror] * flip) / 2
    unit = points[263, 0] - points[33, 0]
    origin = (points[263] + points[33]) / 2
    triangles = mesh_triangles()
    corners = places[triangles]
    turned = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) < 0
    triangles[turned] = triangles[turned][:, ::-1]
    shapes = _without_folds(points, shapes, triangles)
    shapes = (shapes + shapes[order][:, mirror] * flip) / 2 / unit
    jaw = _jaw(head)
    jaw[:, :, 3] = (jaw[:, :, 3] + jaw[:, :, :3] @ origin) / unit
    arrays = {
        "points": ((points - origin) / unit).astype(np.float32),
        "shapes": shapes.astype(np.float16),
        "shape_names": np.array(ARKIT_NAMES),
        "triangles": triangles.astype(np.int16),
        "mirror": mirror.astype(np.int16),
        "jaw": jaw.astype(np.float32),
        "mouth_box": ((np.array(_CAVITY_BOX).reshape(2, 2) - origin[:2]) / unit).ravel().astype(np.float32),
    }
    for name, part, gums in _mouth_parts(head):
        drawn, depth = _drawn_part(head, part, gums)
        arrays[f"mouth_{name}"] = drawn
        arrays[f"mouth_{name}_depth"] = ((depth - origin[2]) / unit).astype(np.float16)
    return arrays


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="ICT FaceKit model as .npz")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    np.savez_compressed(options.output, **measure(options.model))
    print(f"{options.output}: {len(ARKIT_NAMES)} shapes at 468 points, {options.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
