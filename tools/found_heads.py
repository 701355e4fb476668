"""Heads as they are found, built in Blender from heads of other projects: coarse, eyeless, on a body, scaled, thick-necked.

For `tools.measure_talk_ready` and for tests; nothing of it ships.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_EYES = (2, 3, 4, 5)  # ICT's parts, the largest first: whites and corneas
_SKIN, _MOUTH = 0, 1
_PERSON = ("caucasian-female-young", "universal-female-young-averagemuscle-averageweight")
_BODY = ("body", "helper-l-eye", "helper-r-eye", "helper-upper-teeth", "helper-lower-teeth", "helper-tongue")


@dataclass(frozen=True)
class Head:
    """A head as arrays, z up, looking along -y, in metres.

    Attributes:
        points: (N, 3) vertices.
        faces: vertices of each polygon.
        truth: (68, 3) its landmarks; None where they are not known.
        parts: (N,) number of the connected part of each vertex, the largest first.
    """

    points: Floats
    faces: list[list[int]]
    truth: Floats | None
    parts: NDArray[np.int64]

    def without(self, gone: Mask) -> Head:
        """The head without some vertices."""
        place = np.cumsum(~gone) - 1
        faces = [[int(place[i]) for i in face] for face in self.faces if not gone[face].any()]
        return replace(self, points=self.points[~gone], faces=faces, parts=self.parts[~gone])

    def with_part(self, points: Floats, faces: list[list[int]]) -> Head:
        """The head and a further part."""
        start = len(self.points)
        return replace(
            self,
            points=np.concatenate([self.points, points]),
            faces=[*self.faces, *([i + start for i in face] for face in faces)],
            parts=np.concatenate([self.parts, np.full(len(points), self.parts.max() + 1)]),
        )


def _parts(count: int, faces: list[list[int]]) -> NDArray[np.int64]:
    from blender_addon.faces.geometry.surface import from_polygons

    totals = np.array([len(face) for face in faces])
    starts = np.concatenate([[0], np.cumsum(totals)[:-1]])
    return from_polygons(
        np.zeros((count, 3)), np.concatenate([np.array(f) for f in faces]), starts, totals
    ).parts


@functools.lru_cache(maxsize=1)
def ict(assets: Path) -> Head:
    """USC ICT's head: skin, eyes, lashes, teeth, gums and tongue."""
    with np.load(assets / "ict_face_model.npz", allow_pickle=False) as data:
        raw = data["vertices"].astype(np.float64)
        faces = [[i for i in face if i >= 0] for face in data["faces"].tolist()]
        landmarks = data["landmark68"]
    points = np.stack([raw[:, 0], -raw[:, 2], raw[:, 1]], axis=1) / 100
    return Head(points, faces, points[landmarks], _parts(len(points), faces))


@functools.lru_cache(maxsize=1)
def makehuman(assets: Path) -> Head:
    """MakeHuman's body with eyes, teeth and tongue."""
    folder = assets / "makehuman"
    raw: list[list[float]] = []
    faces: list[list[int]] = []
    group = ""
    for line in (folder / "base.obj").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            raw.append([float(value) for value in rest.split()[:3]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f" and group in _BODY:
            faces.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    base = np.array(raw)
    for name in _PERSON:
        for line in (folder / f"{name}.target").read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                index, *values = line.split()
                base[int(index)] += [float(value) for value in values]
    points = np.stack([base[:, 0], -base[:, 2], base[:, 1]], axis=1) / 10
    used = np.zeros(len(points), bool)
    used[[i for face in faces for i in face]] = True
    whole = Head(points, faces, None, np.zeros(len(points), np.int64)).without(~used)
    return replace(whole, parts=_parts(len(whole.points), whole.faces))


def without_eyes(head: Head) -> Head:
    """ICT's head with empty sockets, and without the lashes."""
    eyes = np.isin(head.parts, _EYES)
    middle = head.points[eyes]
    low, high = middle.min(0) - 0.02, middle.max(0) + 0.02
    around = ((head.points > low) & (head.points < high)).all(1)
    loose = np.array([around[head.parts == part].all() for part in range(head.parts.max() + 1)])
    return head.without(loose[head.parts])


def half_shell_eyes(head: Head) -> Head:
    """ICT's head with eyes that are but the front of a ball."""
    back = np.zeros(len(head.points), bool)
    for part in _EYES:
        member = head.parts == part
        depth = head.points[member, 1]
        back[member] = depth > depth.min() + 0.35 * np.ptp(depth)
    return head.without(back)


def thick_neck(head: Head) -> Head:
    """ICT's head on a neck that is as wide as its jaws and comes as far forward as its chin, as wrestlers and busts have."""
    points = head.points.copy()
    assert head.truth is not None
    chin = head.truth[8]
    share = np.clip((chin[2] + 0.002 - points[:, 2]) / 0.025, 0, 1)
    share[head.parts != _SKIN] = 0.0
    points[:, 0] *= 1 + 0.5 * share
    throat = np.clip((0.02 - points[:, 1]) / 0.06, 0, 1) * np.clip(1.2 - np.abs(points[:, 0]) / 0.09, 0, 1)
    forward = np.minimum(chin[1] + 0.004 - points[:, 1], 0.0)
    points[:, 1] += share * throat * forward
    return replace(head, points=points)


def on_a_body(head: Head, assets: Path) -> Head:
    """ICT's head on MakeHuman's body, which wears a shirt: all in one mesh."""
    body = makehuman(assets)
    body = body.without((body.parts != 0) | (body.points[:, 2] > 0.58))
    shift = np.array([0.0, 0.02, 0.62 - float(head.truth[8, 2]) if head.truth is not None else 0.0])
    moved = replace(
        head, points=head.points + shift, truth=None if head.truth is None else head.truth + shift
    )
    shirt = body.without(
        (np.abs(body.points[:, 0]) > 0.35) | (body.points[:, 2] < 0.0) | (body.points[:, 2] > 0.45)
    )
    middle = np.array([0.0, 0.0, 0.2])
    wider = middle + (shirt.points - middle) * [1.08, 1.15, 1.0]
    return moved.with_part(body.points, body.faces).with_part(wider, shirt.faces)


def mask(head: Head, cells: int = 72) -> Head:
    """What is seen of ICT's head from the front as one skin, without openings: lips and lids are but creases."""
    from blender_addon.faces.geometry.raster import front_view

    assert head.truth is not None
    chosen = np.isin(head.parts, (_SKIN, *_EYES))
    keep = head.without(~chosen)
    places = np.stack([keep.points[:, 0], keep.points[:, 2], -keep.points[:, 1]], axis=1)
    triangles = np.array(
        [[face[0], *face[k : k + 2]] for face in keep.faces for k in range(1, len(face) - 1)]
    )
    eyes = head.truth[36:48].mean(axis=0)
    view = front_view(places, triangles, (float(eyes[0]), float(eyes[2]) - 0.035), 0.105, cells)
    rows, columns = np.mgrid[0:cells, 0:cells]
    x = view.left + (columns + 0.5) * view.pixel
    height = view.top - (rows + 0.5) * view.pixel
    points = np.stack([x, -view.depth, height], axis=2).reshape(-1, 3)
    number = (rows * cells + columns)[:-1, :-1].reshape(-1, 1) + [0, cells, cells + 1, 1]
    depths = view.depth.reshape(-1)[number]
    with np.errstate(invalid="ignore"):
        whole = np.isfinite(depths).all(axis=1) & (np.ptp(depths, axis=1) < 0.02)
    faces = number[whole].tolist()
    used = np.zeros(len(points), bool)
    used[number[whole].reshape(-1)] = True
    seen = Head(points, faces, head.truth, np.zeros(len(points), np.int64)).without(~used)
    return replace(seen, parts=_parts(len(seen.points), seen.faces))


def without_back(head: Head) -> Head:
    """ICT's head without the back of its skull: its eyes lie in the rear half of what is left, and one looks into it."""
    depth = head.points[:, 1]
    return head.without((head.parts == _SKIN) & (depth > np.quantile(depth, 0.62)))


def half_reversed(head: Head) -> Head:
    """The head whose faces on one side run the wrong way round, as a mirrored half that was never made consistent has."""
    faces = [face[::-1] if head.points[face[0], 0] > 0 else face for face in head.faces]
    return replace(head, faces=faces)


# -- in Blender ------------------------------------------------------------------------------------------


def add(name: str, head: Head) -> Any:
    """A mesh object of a head in the present scene."""
    import bpy

    context: Any = bpy.context
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(head.points.tolist(), [], head.faces)
    obj = bpy.data.objects.new(name, mesh)
    context.scene.collection.objects.link(obj)
    context.view_layer.update()
    return obj


def decimated(obj: Any, vertices: int) -> Any:
    """The object with a coarser mesh of about so many vertices (the Decimate modifier, applied)."""
    import bpy

    modifier = obj.modifiers.new("Decimate", "DECIMATE")
    modifier.ratio = vertices / len(obj.data.vertices)
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(graph))
    obj.modifiers.clear()
    obj.data = mesh
    return obj


def subdivided(obj: Any) -> Any:
    """The object with four times as many faces."""
    import bpy

    modifier = obj.modifiers.new("Subdivision", "SUBSURF")
    modifier.levels, modifier.subdivision_type = 1, "SIMPLE"
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(graph))
    obj.modifiers.clear()
    obj.data = mesh
    return obj


def in_centimetres(obj: Any) -> Any:
    """The object as importers leave it: y up and in centimetres, scaled and turned by its parent, which is turned besides."""
    import bpy
    from mathutils import Euler, Matrix

    place = Matrix.Scale(0.01, 4) @ Euler((np.pi / 2, 0.0, 0.0)).to_matrix().to_4x4()
    obj.data.transform(place.inverted())
    context: Any = bpy.context
    parent = bpy.data.objects.new("Root", None)
    context.scene.collection.objects.link(parent)
    obj.parent = parent
    parent.scale, parent.rotation_euler = (0.01, 0.01, 0.01), (np.pi / 2, 0.0, np.radians(35.0))
    context.view_layer.update()
    return obj


@dataclass(frozen=True)
class Kind:
    """A head of the table: its title, and what makes its object and its truth (68 world points, None where unknown)."""

    title: str
    make: Callable[[Path], tuple[Any, Floats | None]]


def _turned(truth: Floats | None) -> Floats | None:
    """Truth where `in_centimetres` leaves it."""
    if truth is None:
        return None
    angle = np.radians(35.0)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]]
    )
    return np.asarray(truth @ turn.T)


def _plain(
    change: Callable[[Head, Path], Head] = lambda head, _: head,
) -> Callable[[Path], tuple[Any, Floats | None]]:
    def make(assets: Path) -> tuple[Any, Floats | None]:
        head = change(ict(assets), assets)
        return add("Head", head), head.truth

    return make


def _coarse(
    change: Callable[[Head], Head] = lambda head: head,
) -> Callable[[Path], tuple[Any, Floats | None]]:
    def make(assets: Path) -> tuple[Any, Floats | None]:
        head = change(ict(assets))
        return decimated(add("Head", head), 2600), head.truth

    return make


def _scaled(assets: Path) -> tuple[Any, Floats | None]:
    head = ict(assets)
    return in_centimetres(add("Head", head)), _turned(head.truth)


def _makehuman(assets: Path) -> tuple[Any, Floats | None]:
    return add("Human", makehuman(assets)), None


def _fine(assets: Path) -> tuple[Any, Floats | None]:
    head = ict(assets)
    return subdivided(add("Head", head.without(head.parts > _EYES[-1]))), head.truth


def _open_back(assets: Path) -> tuple[Any, Floats | None]:
    head = without_back(ict(assets))
    return subdivided(add("Head", head)), head.truth


def _bearded(assets: Path) -> tuple[Any, Floats | None]:
    """The mask with a moustache that hangs over its lips, and a beard from ear to ear, each a shell of dark hair."""
    import bpy

    head = mask(ict(assets))
    assert head.truth is not None
    truth, points = head.truth, head.points
    unit = float(np.linalg.norm(truth[45] - truth[36]))
    corners = [face for face in head.faces if head.parts[face[0]] == _SKIN]
    middles = np.array([points[face].mean(axis=0) for face in corners])
    aside, height = np.abs(middles[:, 0] - truth[30, 0]) / unit, (middles[:, 2] - truth[66, 2]) / unit
    front = middles[:, 1] < truth[[1, 15], 1].mean()
    regions = {
        "moustache": front & (aside < 0.45) & (height > -0.05) & (middles[:, 2] < truth[33, 2] - 0.02 * unit),
        "beard": front & (height < -0.2) & (middles[:, 2] > truth[8, 2] - 0.25 * unit),
    }
    whole = head
    for region in regions.values():
        faces = [corners[index] for index in np.flatnonzero(region)]
        used = sorted({index for face in faces for index in face})
        place = {index: number for number, index in enumerate(used)}
        whole = whole.with_part(
            points[used] + np.array([0.0, -0.1, 0.0]) * unit, [[place[i] for i in face] for face in faces]
        )
    obj = add("Head", whole)
    for name, colour in (("Skin", (0.6, 0.4, 0.25, 1.0)), ("Hair", (0.05, 0.025, 0.01, 1.0))):
        obj.data.materials.append(bpy.data.materials.new(name))
        obj.data.materials[-1].diffuse_color = colour
    hair = [whole.parts[face[0]] > head.parts.max() for face in whole.faces]
    obj.data.polygons.foreach_set("material_index", np.array(hair, np.int32))
    return obj, truth


def _fifty(assets: Path) -> tuple[Any, Floats | None]:
    return subdivided(add("Human", makehuman(assets))), None


HEADS: dict[str, Kind] = {
    "ict": Kind("ICT FaceKit", _plain()),
    "coarse": Kind("the same with 2,600 vertices", _coarse()),
    "coarse-eyeless": Kind("the same with 2,600 vertices, eyeballs removed", _coarse(without_eyes)),
    "half-shells": Kind("eyes that are half shells", _plain(lambda head, _: half_shell_eyes(head))),
    "body": Kind("joined to a body in a shirt", _plain(on_a_body)),
    "centimetres": Kind("scale 0.01, parent turned by 35°", _scaled),
    "thick-neck": Kind("a neck as wide as the jaws", _plain(lambda head, _: thick_neck(head))),
    "makehuman": Kind("MakeHuman body", _makehuman),
    "mask": Kind("a mask whose lips are one skin", _plain(lambda head, _: mask(head))),
    "bearded": Kind("the mask in a beard and a moustache", _bearded),
    "fine": Kind("ICT FaceKit, faces divided in four", _fine),
    "open-back": Kind("the back of the skull removed, faces divided in four", _open_back),
    "half-reversed": Kind(
        "the back of the skull removed, one half inside out",
        _plain(lambda head, _: half_reversed(without_back(head))),
    ),
    "fifty": Kind("MakeHuman body, faces divided in four", _fifty),
}
"""Name → what is built from the assets."""
