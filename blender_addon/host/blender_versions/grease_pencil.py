# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawings in strokes: Grease Pencil as Blender 3.4 to 4.2 have it, and the new one of 4.3 and newer, behind one interface.

Points are in the object's own space, whatever a layer's own transform. A frame is a keyframe of a layer and its drawing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from .animation_data import played_paths

NEW = bpy.app.version >= (4, 3, 0)
"""Whether drawings have attributes, instead of strokes that are lists of points."""
TYPES = ("GPENCIL", "GREASEPENCIL")
"""Types of Grease Pencil objects: until Blender 4.2, and from 4.3 on."""
_PIXELS = 1000.0  # of an old stroke's line width, a unit
_PLACES = ("handle_left", "position", "handle_right")
_BEZIER = 2  # of the attribute curve_type


@dataclass(frozen=True)
class Strokes:
    """The strokes of one drawing.

    Attributes:
        points: (N, 3) float32, all strokes' one after the other, in the object's space. Of a Bézier curve they are its own
            points with two between each and the next, a third and two thirds of the way along the curve.
        starts: (S + 1,) int64, where each stroke begins in it, and N.
        cyclic: (S,) bool, whether a stroke is closed.
        materials: (S,) int64, slots.
    """

    points: np.ndarray
    starts: np.ndarray
    cyclic: np.ndarray
    materials: np.ndarray

    def of(self, stroke: int) -> slice:
        """The points of a stroke."""
        return slice(int(self.starts[stroke]), int(self.starts[stroke + 1]))

    def __len__(self) -> int:
        return len(self.cyclic)


@dataclass(frozen=True)
class NewStroke:
    """A stroke to be drawn.

    Attributes:
        points: (N, 3) in the layer's space.
        cyclic: whether it is closed.
        material: slot.
        width: of the line, in units.
    """

    points: np.ndarray
    cyclic: bool
    material: int
    width: float


@dataclass(frozen=True)
class Moved:
    """What a new keyframe shows: the strokes that are shown there already, with points of its own.

    Attributes:
        number: the scene's frame.
        points: (N, 3) in the object's space.
        filled: whether each stroke's material fills it.
    """

    number: int
    points: np.ndarray
    filled: Sequence[bool]


def is_drawing(obj: Any) -> bool:
    """Whether an object is a drawing in strokes."""
    return obj.type in TYPES and obj.data is not None


def new_object(name: str) -> Any:
    """An object with an empty drawing, in no scene yet."""
    drawings = getattr(bpy.data, "grease_pencils_v3", None)
    return bpy.data.objects.new(name, (bpy.data.grease_pencils if drawings is None else drawings).new(name))


def new_material(name: str, line: Sequence[float] | None, fill: Sequence[float] | None) -> Any:
    """A material of strokes; None for no line, or no fill.

    Args:
        name: the material's.
        line, fill: (4,) linear RGBA.
    """
    material = bpy.data.materials.new(name)
    bpy.data.materials.create_gpencil_data(material)
    style: Any = material.grease_pencil
    style.show_stroke, style.show_fill = line is not None, fill is not None
    if line is not None:
        style.color = line
    if fill is not None:
        style.fill_color = fill
    return material


# -- layers and frames ---------------------------------------------------------------------------------


def layer_name(layer: Any) -> str:
    """What a layer is called."""
    return str(layer.name if NEW else layer.info)


def add_layer(obj: Any, name: str) -> Any:
    """A new layer in front of the others."""
    layer = obj.data.layers.new(name)
    layer.use_lights = False  # a drawing has the colours that it was given
    return layer


def is_shown(layer: Any) -> bool:
    """Whether a layer is to be seen; one of opacity 0 is, where that is animated, at some other frame."""
    hidden = layer.hide or any(group.hide for group in _groups_around(layer))
    return not hidden and (layer.opacity > 0.0 or _fades(layer))


def is_locked(layer: Any) -> bool:
    """Whether a layer, or a group that it is in, is locked."""
    return bool(layer.lock) or any(group.lock for group in _groups_around(layer))


def _groups_around(layer: Any) -> Iterator[Any]:
    """The groups that a layer is in, the innermost first; old drawings have none."""
    group = getattr(layer, "parent_group", None)
    while group is not None:
        yield group
        group = group.parent_group


def keeps_shape(layer: Any) -> bool:
    """Whether bones move a layer's points as they move the object's: points are bent before a layer turns or scales them."""
    matrix = _own_space(layer)
    return matrix is None or np.allclose(matrix[:3, :3], np.eye(3), atol=1e-6)


def _fades(layer: Any) -> bool:
    data = layer.id_data.animation_data
    if data is None:
        return False
    path = f'layers["{bpy.utils.escape_identifier(layer_name(layer))}"].opacity'
    strips = [strip for track in data.nla_tracks for strip in track.strips if strip.action is not None]
    played = [played_paths(user) for user in (data, *strips)]
    return path in {driver.data_path for driver in data.drivers} or any(
        path == known for paths in played for known, _ in paths
    )


def frame_at(layer: Any, number: int) -> Any:
    """The keyframe of a layer that a scene's frame shows; None before its first."""
    before = [frame for frame in layer.frames if frame.frame_number <= number]
    return max(before, key=lambda frame: frame.frame_number, default=None)


def frame_numbers(layer: Any) -> list[int]:
    """Where a layer has keyframes, in order."""
    return sorted(int(frame.frame_number) for frame in layer.frames)


def new_frame(layer: Any, number: int) -> Any:
    """An empty keyframe."""
    return layer.frames.new(number)


def add_frames(layer: Any, moved: Iterable[Moved]) -> list[int]:
    """Give a layer keyframes that show what it shows there already, with its points moved.

    Widths, pressure, order, materials and whatever else strokes have stay.

    Args:
        layer: any.
        moved: in order; those where the layer has a keyframe already, or is empty yet, are passed over.

    Returns:
        Where it has new keyframes.
    """
    matrix = _own_space(layer)
    back = None if matrix is None else np.linalg.inv(matrix)
    there = frame_numbers(layer)
    made = []
    add = _added_new if NEW else _added_old
    with add(layer, there) as draw_at:
        for one in moved:
            place = bisect_right(there, one.number)
            if not place or there[place - 1] == one.number:
                continue
            points = one.points if back is None else one.points @ back[:3, :3].T + back[:3, 3]
            draw_at(one, there[place - 1], np.ascontiguousarray(points, np.float32).ravel())
            made.append(one.number)
    return made


@contextmanager
def _added_new(layer: Any, there: list[int]) -> Iterator[Any]:
    """The user's own drawing is moved, copied, and in the end given back.

    Blender looks for a drawing among all of the object's whenever points are written: the user's own are the first of them.
    """
    drawings = {frame.frame_number: frame.drawing for frame in layer.frames}
    own: dict[int, tuple[np.ndarray, _Bezier | None]] = {}

    def set_points(base: int, row: np.ndarray) -> None:
        drawings[base].attributes["position"].data.foreach_set("vector", row)
        drawings[base].tag_positions_changed()

    def set_places(base: int, places: np.ndarray) -> None:
        for name, values in zip(_PLACES, places):
            drawings[base].attributes[name].data.foreach_set("vector", values.ravel())
        drawings[base].tag_positions_changed()

    def give_back() -> None:
        while own:
            base, (values, bezier) = own.popitem()
            (set_points if bezier is None else set_places)(base, values)

    def draw_at(one: Moved, base: int, row: np.ndarray) -> None:
        if base not in own:
            give_back()  # keyframes may share a drawing
        if len(row):
            if not own:
                bezier = _bezier_of(drawings[base])
                own[base] = (
                    (_read_new(drawings[base]).points.ravel(), None)
                    if bezier is None
                    else (_places(drawings[base]), bezier)
                )
            values, bezier = own[base]
            if bezier is None:
                set_points(base, row)
            else:
                set_places(base, bezier.moved(values, row.reshape(-1, 3)))
        layer.frames.copy(base, one.number, instance_drawing=False)

    try:
        yield draw_at
    finally:
        give_back()


@contextmanager
def _added_old(layer: Any, there: list[int]) -> Iterator[Any]:
    """Old layers keep keyframes as they are added, and show them rightly in order only: what comes later is added again."""
    frames = {frame.frame_number: frame for frame in layer.frames}
    later = list(there)

    def catch_up(number: int) -> None:
        while later and later[0] < number:
            own = later.pop(0)
            if behind:
                again = layer.frames.copy(frames[own])
                layer.frames.remove(frames[own])
                again.frame_number = own
                frames[own] = again

    behind: list[int] = []

    def draw_at(one: Moved, base: int, row: np.ndarray) -> None:
        catch_up(one.number)
        frame = layer.frames.copy(frames[base])
        frame.frame_number = one.number
        _write_old(frame, row, one.filled)
        behind.append(one.number)

    try:
        yield draw_at
    finally:
        catch_up(max(there, default=0) + 1)


def _write_old(frame: Any, row: np.ndarray, filled: Sequence[bool]) -> None:
    start = 0
    for stroke, has_fill in zip(frame.strokes, filled):
        points = stroke.points
        end = start + 3 * len(points)
        points.foreach_set("co", row[start:end])
        if has_fill:  # it is cut into triangles anew, which takes most of the time
            points.update()
        start = end


def remove_frames(layer: Any, numbers: Iterable[int]) -> int:
    """Delete keyframes of a layer; returns how many there were."""
    gone = set(numbers)
    there = [frame for frame in layer.frames if frame.frame_number in gone]
    for frame in sorted(there, key=lambda frame: -frame.frame_number):
        layer.frames.remove(frame.frame_number if NEW else frame)
    return len(there)


def _own_space(layer: Any) -> np.ndarray | None:
    """(4, 4) from a layer's space to the object's; None where they are one."""
    matrix = np.array(layer.matrix_local if NEW else layer.matrix_layer, np.float64)
    return None if np.allclose(matrix, np.eye(4), atol=1e-7) else matrix


# -- points --------------------------------------------------------------------------------------------


def read(layer: Any, frame: Any) -> Strokes:
    """The strokes of a layer's keyframe."""
    strokes = _read_new(frame.drawing) if NEW else _read_old(frame.strokes)
    matrix = _own_space(layer)
    if matrix is None:
        return strokes
    moved = (strokes.points @ matrix[:3, :3].T + matrix[:3, 3]).astype(np.float32)
    return Strokes(moved, strokes.starts, strokes.cyclic, strokes.materials)


def _read_new(drawing: Any) -> Strokes:
    counts = len(drawing.strokes) if drawing is not None else 0  # a keyframe may end what is shown
    starts = np.zeros(counts + 1, np.int64)
    if counts:
        offsets = np.empty(counts + 1, np.int32)
        drawing.curve_offsets.foreach_get("value", offsets)
        starts[:] = offsets
    cyclic = _of_strokes(drawing, "cyclic", counts).astype(bool)
    points = np.zeros((int(starts[-1]), 3), np.float32)
    bezier = _bezier(drawing, starts, cyclic)
    if bezier is not None:
        points, starts = bezier.along(_places(drawing)), bezier.starts
    elif len(points):
        points = _vectors(drawing, "position")
    return Strokes(points, starts, cyclic, _of_strokes(drawing, "material_index", counts).astype(np.int64))


def _vectors(drawing: Any, name: str) -> np.ndarray:
    """(N, 3) an attribute of points."""
    data = drawing.attributes[name].data
    flat = np.empty(3 * len(data), np.float32)
    data.foreach_get("vector", flat)
    return flat.reshape(-1, 3)


def _places(drawing: Any) -> np.ndarray:
    """(3, N, 3) left handles, points, right handles."""
    return np.stack([_vectors(drawing, name) for name in _PLACES])


@dataclass(frozen=True)
class _Bezier:
    """The strokes of a drawing some of which are Bézier curves, as points along them.

    Attributes:
        starts: (S + 1,) where each stroke begins among these.
        kinds, numbers: (M,) which of `_PLACES` of which point each is, or stands for.
        begins, ends: (G,) the points that each segment of a curve leads from and to.
    """

    starts: np.ndarray
    kinds: np.ndarray
    numbers: np.ndarray
    begins: np.ndarray
    ends: np.ndarray

    def along(self, places: np.ndarray) -> np.ndarray:
        """(M, 3) points of strokes with these handles."""
        lefts, points, rights = places.astype(np.float64)
        first, second = rights[self.begins], lefts[self.ends]
        before, after = points[self.begins], points[self.ends]
        rights[self.begins] = (8 * before + 12 * first + 6 * second + after) / 27
        lefts[self.ends] = (before + 6 * first + 12 * second + 8 * after) / 27
        return np.stack([lefts, points, rights])[self.kinds, self.numbers].astype(np.float32)

    def moved(self, places: np.ndarray, along: np.ndarray) -> np.ndarray:
        """(3, N, 3) points and handles of strokes that go through points (M, 3); the others stay."""
        result = places.astype(np.float64)
        result[self.kinds, self.numbers] = along
        lefts, points, rights = result
        before, after = points[self.begins], points[self.ends]
        first = 27 * rights[self.begins] - 8 * before - after
        second = 27 * lefts[self.ends] - before - 8 * after
        rights[self.begins], lefts[self.ends] = (2 * first - second) / 18, (2 * second - first) / 18
        return result.astype(np.float32)


def _bezier(drawing: Any, starts: np.ndarray, cyclic: np.ndarray) -> _Bezier | None:
    """The Bézier curves of a drawing; None where it has none, or no handles of them."""
    count = len(cyclic)
    known = drawing.attributes.get("curve_type") if count else None
    if known is None or any(drawing.attributes.get(name) is None for name in _PLACES):
        return None
    types = np.zeros(count, np.int32)
    known.data.foreach_get("value", types)
    curved = types == _BEZIER
    if not curved.any():
        return None
    counts = np.diff(starts)
    per_point = np.repeat(np.where(curved, 3, 1), counts)
    numbers = np.repeat(np.arange(int(starts[-1])), per_point)
    first = np.concatenate([[0], np.cumsum(per_point)])
    kinds = np.arange(len(numbers)) - first[numbers]
    kinds[per_point[numbers] == 1] = 1
    following = np.arange(1, int(starts[-1]) + 1)
    following[starts[1:][counts > 0] - 1] = starts[:-1][counts > 0]
    leads = np.repeat(curved, counts)
    kept = np.ones(len(numbers), bool)
    for stroke in np.flatnonzero(curved & ~cyclic & (counts > 0)):
        # The first and the last handle of an open curve shape nothing.
        kept[[first[starts[stroke]], first[starts[stroke + 1]] - 1]] = False
        leads[starts[stroke + 1] - 1] = False
    begins = np.flatnonzero(leads)
    own = np.concatenate([[0], np.cumsum(kept)])[first[starts]]
    return _Bezier(own, kinds[kept], numbers[kept], begins, following[begins])


def _bezier_of(drawing: Any) -> _Bezier | None:
    """As `_bezier`, of a keyframe's drawing."""
    if drawing is None or drawing.attributes.get("curve_type") is None:
        return None
    count = len(drawing.strokes)
    starts = np.zeros(count + 1, np.int32)
    if count:
        drawing.curve_offsets.foreach_get("value", starts)
    return _bezier(drawing, starts, _of_strokes(drawing, "cyclic", count).astype(bool))


def has_handles(frames: Iterable[Any]) -> bool:
    """Whether strokes of some keyframes are Bézier curves: bones would move their points and not their handles."""
    return NEW and any(_bezier_of(frame.drawing) is not None for frame in frames)


def _of_strokes(drawing: Any, name: str, count: int) -> np.ndarray:
    """(S,) an attribute of strokes; 0 where the drawing has none of that name."""
    values = np.zeros(count, bool if name == "cyclic" else np.int32)
    attribute = drawing.attributes.get(name)
    if attribute is not None and count:
        attribute.data.foreach_get("value", values)
    return values


def _read_old(strokes: Any) -> Strokes:
    counts = [len(stroke.points) for stroke in strokes]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    points = np.empty((int(starts[-1]), 3), np.float32)
    for number, stroke in enumerate(strokes):
        flat = np.empty(3 * counts[number], np.float32)
        stroke.points.foreach_get("co", flat)
        points[starts[number] : starts[number + 1]] = flat.reshape(-1, 3)
    return Strokes(
        points,
        starts,
        np.array([stroke.use_cyclic for stroke in strokes], bool),
        np.array([stroke.material_index for stroke in strokes], np.int64),
    )


def draw(frame: Any, strokes: Sequence[NewStroke]) -> None:
    """Draw strokes on an empty keyframe."""
    if NEW:
        if strokes:  # Blender ends where none are added
            _draw_new(frame.drawing, strokes)
        return
    for stroke in strokes:
        drawn = frame.strokes.new()
        drawn.display_mode = "3DSPACE"
        drawn.points.add(len(stroke.points), pressure=1.0, strength=1.0)
        drawn.points.foreach_set("co", np.ascontiguousarray(stroke.points, np.float32).ravel())
        drawn.line_width = max(1, round(stroke.width * _PIXELS))
        drawn.use_cyclic, drawn.material_index = stroke.cyclic, stroke.material
        drawn.points.update()


def _draw_new(drawing: Any, strokes: Sequence[NewStroke]) -> None:
    drawing.add_strokes([len(stroke.points) for stroke in strokes])
    points = np.concatenate([stroke.points for stroke in strokes]).astype(np.float32)
    drawing.attributes["position"].data.foreach_set("vector", points.ravel())
    radius = np.repeat([stroke.width / 2 for stroke in strokes], [len(stroke.points) for stroke in strokes])
    _attribute(drawing, "radius", "FLOAT", "POINT").foreach_set("value", radius.astype(np.float32))
    for number, stroke in enumerate(strokes):
        drawn = drawing.strokes[number]
        drawn.cyclic, drawn.material_index = stroke.cyclic, stroke.material
        if hasattr(drawn, "fill_id"):
            drawn.fill_id = number + 1
    drawing.tag_positions_changed()


def _attribute(drawing: Any, name: str, kind: str, domain: str) -> Any:
    known = drawing.attributes.get(name)
    return (known or drawing.attributes.new(name, kind, domain)).data


# -- weights and what moves them -----------------------------------------------------------------------


def keeps_weights() -> bool:
    """Whether this Blender lets a program weigh points: 4.3 and 4.4 do not."""
    return not NEW or "set_vertex_weights" in bpy.types.GreasePencilDrawing.bl_rna.functions


def weigh(obj: Any, frame: Any, names: Sequence[str], weights: np.ndarray) -> None:
    """Weigh the points of a keyframe.

    Args:
        obj: the object, which has the vertex groups.
        frame: a keyframe with N points.
        names: vertex groups that there are.
        weights: (N, len(names)) 0 to 1; what is 0 belongs to no group.
    """
    if NEW:
        for column, name in enumerate(names):
            chosen = np.flatnonzero(weights[:, column] > 0)
            if len(chosen):
                values = weights[chosen, column].astype(float).tolist()
                frame.drawing.set_vertex_weights(name, chosen.tolist(), values)
        return
    groups = [obj.vertex_groups[name].index for name in names]
    start = 0
    for stroke in frame.strokes:
        end = start + len(stroke.points)
        points = stroke.points
        for point, column in zip(*np.nonzero(weights[start:end])):
            weight = float(weights[start + point, column])
            points.weight_set(vertex_group_index=groups[column], point_index=int(point), weight=weight)
        start = end


def groups_of(obj: Any, frame: Any, names: Sequence[str]) -> list[str]:
    """The vertex group that each stroke of a keyframe is in, which its first, middle and last points are; "" for none.

    Blender 4.3 and newer show programs no weights of drawings: there strokes are in none.

    Args:
        obj: the object, which has the vertex groups.
        frame: a keyframe.
        names: vertex groups that count.
    """
    if NEW:
        return []
    numbers = {obj.vertex_groups[name].index: name for name in names}
    return [
        next((name for number, name in numbers.items() if _is_in(stroke, number)), "")
        for stroke in frame.strokes
    ]


def _is_in(stroke: Any, group: int) -> bool:
    count = len(stroke.points)
    places = {0, count // 2, count - 1} if count else ()
    return bool(count) and all(
        stroke.points.weight_get(vertex_group_index=group, point_index=place) >= 0.5 for place in places
    )


def modifiers(obj: Any) -> Any:
    """The modifiers of a drawing."""
    return obj.modifiers if NEW else obj.grease_pencil_modifiers


def mirrors(obj: Any) -> list[Any]:
    """The Mirror modifiers of a drawing."""
    return [modifier for modifier in modifiers(obj) if modifier.type in {"GREASE_PENCIL_MIRROR", "GP_MIRROR"}]


def add_armature(obj: Any, name: str, armature: Any) -> Any:
    """A modifier that lets bones move a drawing, before all others: they would make points that no bone knows."""
    modifier = modifiers(obj).new(name, "GREASE_PENCIL_ARMATURE" if NEW else "GP_ARMATURE")
    modifier.object = armature
    modifier.use_vertex_groups = True
    if len(modifiers(obj)) > 1:
        ops: Any = bpy.ops.object
        to_index = ops.modifier_move_to_index if NEW else ops.gpencil_modifier_move_to_index
        with bpy.context.temp_override(object=obj):
            to_index(modifier=modifier.name, index=0)
    return modifier


def armatures(obj: Any, armature: Any) -> list[Any]:
    """The modifiers through which an armature moves a drawing."""
    kinds = {"GREASE_PENCIL_ARMATURE", "GP_ARMATURE"}
    return [modifier for modifier in modifiers(obj) if modifier.type in kinds and modifier.object == armature]


def remove_armature(obj: Any, armature: Any) -> None:
    """Take away the modifiers through which an armature moves a drawing."""
    for modifier in armatures(obj, armature):
        modifiers(obj).remove(modifier)
