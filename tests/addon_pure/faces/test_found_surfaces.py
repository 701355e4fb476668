"""Surfaces as they are found: in pieces, flat, empty; drawn, and searched for a face."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.faces import anatomy
from blender_addon.faces.geometry.raster import front_view
from blender_addon.faces.geometry.surface import Surface, from_polygons, joined, sewn
from blender_addon.faces.landmark_search import fit, picture
from blender_addon.faces.landmark_search.frame import eyeballs, frames_of_head

UP = np.array([0.0, 0.0, 1.0])


def in_pieces(points: np.ndarray, faces: list[list[int]]) -> Surface:
    """Polygons that share no vertices, as files for games have them where shading is flat."""
    corners = np.concatenate([np.array(face) for face in faces])
    totals = np.array([len(face) for face in faces])
    starts = np.concatenate([[0], np.cumsum(totals)[:-1]])
    return from_polygons(points[corners], np.arange(len(corners)), starts, totals)


def ball(centre: tuple[float, float, float], radius: float, share: float = 1.0, around: int = 16) -> Surface:
    """A ball of triangles, or the front of one (towards -y), so much of its depth."""
    rows = np.linspace(0.0, np.arccos(1 - 2 * share), 9)
    angles = np.arange(around) * 2 * np.pi / around
    points = np.array(
        [
            [np.sin(row) * np.cos(angle), -np.cos(row), np.sin(row) * np.sin(angle)]
            for row in rows
            for angle in angles
        ]
    )
    quads = [
        [
            row * around + k,
            row * around + (k + 1) % around,
            (row + 1) * around + (k + 1) % around,
            (row + 1) * around + k,
        ]
        for row in range(len(rows) - 1)
        for k in range(around)
    ]
    corners = np.array(quads)
    return from_polygons(
        np.array(centre) + radius * points,
        corners.reshape(-1),
        np.arange(0, 4 * len(quads), 4),
        np.full(len(quads), 4),
    )


def cube_faces() -> tuple[np.ndarray, list[list[int]]]:
    points = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
    return points, [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]


def test_what_came_in_pieces_is_one_part_again() -> None:
    pieces = in_pieces(*cube_faces())
    assert pieces.parts.max() == 5
    assert sewn(pieces).parts.max() == 0


def test_what_the_jaw_parts_is_not_sewn() -> None:
    pieces = in_pieces(*cube_faces())
    apart = np.where(np.arange(len(pieces)) < 4, 1.0, 0.0)
    assert sewn(pieces, apart).parts.max() == 1


def test_lips_that_lie_on_each_other_are_not_sewn() -> None:
    """Two bent strips whose edges touch, each of one part: their normals differ where they meet."""
    one = np.array([[x, y, z] for x in range(6) for y, z in ((0.0, 0.0), (1.0, 0.6), (2.0, 0.7))], np.float64)
    other = one * [1, -1, 1]
    faces = [
        [3 * k + j + first, 3 * k + 3 + j + first, 3 * k + 4 + j + first, 3 * k + 1 + j + first]
        for first in (0, 18)
        for k in range(5)
        for j in range(2)
    ]
    strips = from_polygons(
        np.concatenate([one, other]), np.array(faces).reshape(-1), np.arange(0, 80, 4), np.full(20, 4)
    )
    inner = np.concatenate([strips.triangles, strips.triangles])  # as much of the mesh is away from its ends
    assert sewn(Surface(strips.vertices, inner, strips.edges)).parts.max() == 1


@pytest.mark.parametrize("share", [1.0, 0.4])
def test_eyes_may_be_balls_or_the_fronts_of_balls(share: float) -> None:
    from blender_addon.faces.geometry.surface import joined

    head = ball((0.0, 0.0, 0.0), 1.0, around=24)
    eyes = [ball((side * 0.35, -0.8, 0.1), 0.12, share) for side in (-1, 1)]
    found = eyeballs(joined([head, *eyes]))
    assert found is not None
    assert sorted(round(eye.centre[0], 2) for eye in found) == [-0.35, 0.35]
    assert all(eye.radius == pytest.approx(0.12, rel=0.1) for eye in found)


@pytest.mark.parametrize(
    "surface",
    [
        ball((0, 0, 0), 1.0, around=40),
        in_pieces(*cube_faces()),
        Surface(np.zeros((3, 3)), np.zeros((0, 3), int), np.zeros((0, 2), int)),
    ],
    ids=["ball", "cube", "empty"],
)
def test_what_has_no_face_is_said_so(surface: Surface) -> None:
    template = np.random.default_rng(3).normal(size=(68, 3))
    with pytest.raises(fit.NoFaceError):
        fit.detect(sewn(surface), UP, template)


def test_a_detector_that_saw_nothing_places_nothing() -> None:
    drawn = picture.draw_views(ball((0, 0, 0), 1.0), UP, whole=True)
    assert drawn.pictures.shape[0] == 4
    with pytest.raises(fit.NoFaceError):
        picture.lay_back(drawn, np.full((4, 68, 3), np.nan), np.zeros(4), np.zeros((68, 3)))


def test_points_are_never_laid_on_what_looks_away() -> None:
    points = np.array([[0, 0, 0], [0, 1, 0], [1, 0, 0]], np.float64)  # seen from behind
    surface = Surface(points, np.array([[0, 1, 2]]), np.array([[0, 1], [1, 2], [0, 2]]))
    with pytest.raises(fit.NoFaceError):
        fit.on_skin(surface, np.array([0]), np.zeros((68, 3)))


def test_a_handful_of_points_has_a_frame() -> None:
    surface = in_pieces(*cube_faces())
    assert all(frame.unit > 0 for frame in frames_of_head(surface, UP))


def test_the_nearest_of_large_and_small_triangles_is_seen() -> None:
    rng = np.random.default_rng(5)
    corners = np.concatenate(
        [rng.uniform(-1, 1, (60, 3, 3)) * [0.1, 0.1, 1], rng.uniform(-4, 4, (20, 3, 3)) * [1, 1, 0.2]]
    )
    corners[:60, :, :2] += rng.uniform(-0.8, 0.8, (60, 1, 2))
    vertices, triangles = corners.reshape(-1, 3), np.arange(240).reshape(-1, 3)
    view = front_view(vertices, triangles, (0.0, 0.0), 1.0, 32)
    for row, column in rng.integers(0, 32, (60, 2)):
        place = np.array([-1 + (column + 0.5) / 16, 1 - (row + 0.5) / 16])
        best, chosen = -np.inf, -1
        for number, (a, b, c) in enumerate(corners):
            weights = np.linalg.solve(np.array([[*a[:2], 1], [*b[:2], 1], [*c[:2], 1]]).T, [*place, 1])
            if weights.min() >= 0 and weights @ [a[2], b[2], c[2]] > best:
                best, chosen = float(weights @ [a[2], b[2], c[2]]), number
        assert view.triangle[row, column] == chosen
        if chosen >= 0:
            assert view.depth[row, column] == pytest.approx(best)


def test_a_border_is_found_once_and_kept() -> None:
    points, faces = cube_faces()
    box = in_pieces(points, faces[:-1])
    assert len(box.border) == 20 and sewn(box).border is box.border
    assert sewn(box).moved(2 * box.vertices).border is box.border
    both = joined([sewn(box), sewn(box)])
    assert "border" in both.__dict__ and both.border.tolist() == (
        box.border.tolist() + (box.border + len(box)).tolist()
    )
    whole = from_polygons(points, np.array(faces).ravel(), np.arange(0, 24, 4), np.full(6, 4))
    assert len(whole.border) == 0
    assert len(whole.submesh(points[:, 2] < 2)[0].border) == 0
    assert len(Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros((0, 2), np.int64)).border) == 0


def test_many_hairs_take_little_memory() -> None:
    import tracemalloc

    random = np.random.RandomState(3)
    hairs, skin = random.rand(30_000, 3), random.rand(300, 3)
    tracemalloc.start()
    nearest, shares = anatomy._nearest_roots(hairs, skin)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40e6  # 72e6 for the distances alone, were they all held at once
    assert shares.sum(axis=1) == pytest.approx(1.0)
    far = np.linalg.norm(hairs[::9973, None] - skin[None], axis=2)
    assert [set(row) for row in nearest[::9973].tolist()] == [
        set(row) for row in far.argsort(axis=1)[:, :6].tolist()
    ]


def mouth(slit: bool) -> tuple[Surface, anatomy.Edge, anatomy.Edge]:
    """Skin around a mouth: the upper lip's vertices crowd on one side of it, the lower lip's on the other."""
    ends = [-0.5, -0.4, -0.3, 0.3, 0.4, 0.5]
    crowd = [-0.28, -0.26, -0.25, -0.24, -0.23, -0.22, -0.2, -0.1, 0.0, 0.1, 0.2]
    upper, lower = sorted(ends + crowd), sorted(ends + [-x for x in crowd])
    number: dict[tuple[float, float], int] = {}

    def strip(row: list[float], edge: float, far: float) -> list[list[int]]:
        rows = [
            [number.setdefault((x, 0.0 if abs(x) > 0.29 else edge), len(number)) for x in row],
            [number.setdefault((x, far), len(number)) for x in row],
        ]
        return [[a, b, d, c] for a, b, c, d in zip(rows[0], rows[0][1:], rows[1], rows[1][1:])]

    faces = strip(upper, 0.005, 0.4) + strip(lower, -0.005, -0.4)
    if not slit:  # bridges between the lips
        faces += [
            [number[x, 0.005], number[other, 0.005], number[near, -0.005], number[near, -0.005]]
            for x, other in zip(crowd, crowd[1:])
            for near in [min((-one for one in crowd), key=lambda one, x=x: abs(one - x))]
        ]
    points = np.array([(x, y, 0.0) for x, y in number], np.float64)
    corners = np.array([corner for face in faces for corner in face])
    surface = from_polygons(points, corners, np.arange(0, len(corners), 4), np.full(len(faces), 4))

    def edge(row: list[float], height: float) -> anatomy.Edge:
        line = [number[x, 0.0 if abs(x) > 0.29 else height] for x in row if abs(x) < 0.35]
        return anatomy.Edge(np.array(line), np.zeros(len(line)), ())

    return surface, edge(upper, 0.005), edge(lower, -0.005)


def test_lips_of_uneven_vertices_are_two_where_a_slit_parts_them() -> None:
    sides = anatomy._lip_sides(*mouth(slit=True))
    assert sides.max() > 0 > sides.min()
    with pytest.raises(anatomy.FusedLipsError):
        anatomy._lip_sides(*mouth(slit=False))
