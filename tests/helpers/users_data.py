"""All that a user made of a character and a scene, as plain values that can be compared bit for bit.

What the add-on puts beside it (its actions, strips, markers, properties) is left out; so is what Blender computes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import bpy

from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.keys import nla
from blender_addon.keys.ownership import all_own_actions, is_own, users_nla_paths

Place = tuple[str, str]
"""Part of the character ("rig", "mesh" …) and data path within it."""
Values = dict[Place, Any]

_COMPUTED = frozenset(
    [
        "rna_type",
        "name_full",
        "is_evaluated",
        "users",
        "tag",
        "is_library_indirect",
        "session_uid",
        "original",
        "is_runtime_data",
        "is_missing",
        "bound_box",
        "dimensions",
        "active",
        "select",
        "select_head",
        "select_tail",
        "is_valid",
        "is_active",
        "matrix",
        "matrix_channel",
        "matrix_world",
        "matrix_local",
        "matrix_basis",
        "matrix_inverse",
        "head",
        "tail",
        "length",
        "bone_group_index",
        "is_editmode",
        "is_in_ik_chain",
        "custom_colour_index",
        "vector",
        "center",
        "x_axis",
        "y_axis",
        "z_axis",
        "basename",
        "mode",
        "is_embedded_data",
        "is_linked_packed",
        "is_library_override_system_data",
        "influence_evaluated",
        "slot_handle",
        "last_slot_identifier",
        "action_slot_handle",
    ]
)
_OURS = "talking_animation"


def parts_of(rig: Any, mesh: Any) -> dict[str, Any]:
    """The datablocks of a character of a rig and a face mesh."""
    return {
        "rig": rig,
        "bones": rig.data,
        "mesh": mesh,
        "vertices": mesh.data,
        "keys": mesh.data.shape_keys,
    }


def character_values(rig: Any, mesh: Any) -> Values:
    """Everything of the user's on a character, by place."""
    values: Values = {}
    for part, datablock in parts_of(rig, mesh).items():
        for path, value in _datablock(datablock):
            values[part, path] = value
    return values


def animated_places(rig: Any, mesh: Any) -> set[Place]:
    """What the add-on's actions move now: there a value is not the user's but the motion's."""
    places = set()
    for part, datablock in parts_of(rig, mesh).items():
        for action in all_own_actions(datablock):
            slot = animation_data.curve_set(action, datablock)
            for path, _ in animation_data.animated_paths(action, slot.slot if slot is not None else None):
                places.add((part, path))
    return places


def played_places(rig: Any, mesh: Any) -> set[Place]:
    """What the user's own NLA strips move: outside of them Blender shows a property's default, whatever it was set to."""
    data = {part: datablock.animation_data for part, datablock in parts_of(rig, mesh).items()}
    return {
        (part, path) for part, each in data.items() if each is not None for path, _ in users_nla_paths(each)
    }


def scene_values(scene: Any) -> Values:
    """What the user set in a scene: its range and rate, markers and strips."""
    settings = ("frame_start", "frame_end", "sync_mode", "use_audio_scrub", "frame_step")
    values: Values = {("scene", name): getattr(scene, name) for name in settings}
    values["scene", "rate"] = (scene.render.fps, scene.render.fps_base)
    values["scene", "markers"] = [(marker.name, marker.frame) for marker in scene.timeline_markers]
    values["scene", "strips"] = [
        tuple(sorted(_plain(strip)))
        for strip in sequencer.sequencer_strips(scene)
        if not any(name.startswith(_OURS) for name in strip.keys())  # noqa: SIM118  (a strip is no dict)
    ]
    return values


def _datablock(datablock: Any) -> Iterator[tuple[str, Any]]:
    yield from _plain(datablock)
    yield from _custom(datablock, "")
    yield from _animation(datablock)
    for collection, name_of in _COLLECTIONS.get(type(datablock).__name__, {}).items():
        for number, element in enumerate(_collection(datablock, collection)):
            here = f"{collection}[{_quoted(element.name) if name_of else number}]"
            yield f"{here}#", number
            yield from _plain(element, f"{here}.")
            yield from _custom(element, f"{here}.")
    yield from _coordinates(datablock)


_COLLECTIONS: dict[str, dict[str, bool]] = {
    "Object": {"modifiers": True, "constraints": True, "vertex_groups": True, "pose.bones": True},
    "Armature": {"bones": True},
    "Key": {"key_blocks": True},
}
"""By a datablock's type: what it holds, and whether by name."""


def _quoted(name: str) -> str:
    return f'"{bpy.utils.escape_identifier(name)}"'


def _collection(datablock: Any, path: str) -> Iterable[Any]:
    for name in path.split("."):
        datablock = getattr(datablock, name, None)
        if datablock is None:
            return ()
    return list(datablock)


def _plain(struct: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each property of a Blender structure that is a value, and the names of the datablocks it points to."""
    for name, kind in _properties(type(struct)):
        value = getattr(struct, name)
        if kind == _POINTER:
            if not (isinstance(value, bpy.types.Action) and is_own(value)):
                yield before + name, getattr(value, "name", None)
        else:
            yield before + name, _value(value) if kind == _SEVERAL else value


_POINTER, _SEVERAL, _ONE = "pointer", "several", "one"


@functools.cache
def _properties(kind: type) -> tuple[tuple[str, str], ...]:
    """Which of the properties of a kind of Blender's structures are compared, and how each is read; the same in a whole session,
    but for what add-ons add, which is left out."""
    told = []
    for known in kind.bl_rna.properties:  # type: ignore[attr-defined]
        name = known.identifier
        if name in _COMPUTED or name.startswith((_OURS, "show_expanded")):
            continue
        if known.type == "POINTER":
            if isinstance(known.fixed_type, bpy.types.ID) and name != "animation_data":
                told.append((name, _POINTER))
        elif known.type != "COLLECTION":
            told.append((name, _SEVERAL if getattr(known, "is_array", False) else _ONE))
    return tuple(told)


def _value(value: Any) -> Any:
    if isinstance(value, (str, bytes, set)) or not hasattr(value, "__len__"):
        return value
    return tuple(_value(element) for element in value)


def _custom(holder: Any, before: str) -> Iterator[tuple[str, Any]]:
    try:
        names = list(holder.keys())
    except (AttributeError, TypeError):  # a structure without custom properties
        return
    for name in names:
        if not name.startswith(_OURS) and name != "cycles":
            value = holder[name]
            for convert in ("to_list", "to_dict"):
                if hasattr(value, convert):
                    value = getattr(value, convert)()
            yield f"{before}[{_quoted(name)}]", value


def _coordinates(datablock: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(datablock, bpy.types.Mesh):
        yield "vertices", [tuple(vertex.co) for vertex in datablock.vertices]
        yield (
            "groups",
            [[(each.group, each.weight) for each in vertex.groups] for vertex in datablock.vertices],
        )
    elif isinstance(datablock, bpy.types.Key):
        for block in datablock.key_blocks:
            yield f"key_blocks[{_quoted(block.name)}].data", [tuple(point.co) for point in block.data]
    elif isinstance(datablock, bpy.types.Armature):
        for bone in datablock.bones:
            place = (tuple(bone.head_local), tuple(bone.tail_local), bone.parent and bone.parent.name)
            yield f"bones[{_quoted(bone.name)}].rest", place


def _animation(datablock: Any) -> Iterator[tuple[str, Any]]:
    """The user's action with its keys, NLA tracks with their strips, and drivers."""
    data = datablock.animation_data
    if data is None:
        return
    if data.action is not None and not is_own(data.action):
        yield "action", data.action.name
        yield "action.keys", _curves(data.action, datablock)
    tracks = [track for track in data.nla_tracks if not _is_our_track(track)]
    for number, track in enumerate(tracks):
        yield from _plain(track, f"nla[{number}].")
        for place, strip in enumerate(track.strips):
            if not is_own(strip.action):
                yield from _plain(strip, f"nla[{number}].strips[{place}].")
                yield f"nla[{number}].strips[{place}].keys", _curves(strip.action, datablock)
    for driver in data.drivers:
        here = f"driver {driver.data_path} {driver.array_index} "
        yield from _plain(driver, here)
        yield from _plain(driver.driver, here)
        for variable in driver.driver.variables:
            yield f"{here}{variable.name}", dict(_plain(variable.targets[0]))


def _is_our_track(track: Any) -> bool:
    ours = [strip for strip in track.strips if is_own(strip.action)]
    return bool(ours) or track.name == nla.TRACK_NAME


def _curves(action: Any, datablock: Any) -> list[Any]:
    if action is None:
        return []
    curves = animation_data.curve_set(action, datablock)
    if curves is None:
        return []
    return [
        (curve.data_path, curve.array_index, curve.extrapolation, curve.mute, [_key(key) for key in curve.keyframe_points])
        for curve in curves.fcurves
    ]  # fmt: skip


def _key(key: Any) -> tuple[Any, ...]:
    return (*key.co, *key.handle_left, *key.handle_right, key.interpolation, key.handle_left_type, key.easing)
