# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions, slots, curves and NLA strips in every Blender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import bpy

CONSTANT, LINEAR, BEZIER = 0, 1, 2  # Keyframe.interpolation as foreach_set takes it
HAS_SLOTS = bpy.app.version >= (4, 4, 0)


@dataclass
class CurveSet:
    """The curves of one datablock in one action.

    Attributes:
        action: the action.
        slot: its slot for the datablock's type; None before Blender 4.4.
        fcurves: the collection that holds the curves.
        groups: the collection that holds the curves' groups.
    """

    action: Any
    slot: Any
    fcurves: Any
    groups: Any

    def by_path(self) -> dict[tuple[str, int], Any]:
        """The curves by data path and array index."""
        return {(curve.data_path, curve.array_index): curve for curve in self.fcurves}

    def new(self, data_path: str, index: int, group: str) -> Any:
        """Add an empty curve in the named group."""
        curve = self.fcurves.new(data_path, index=index)
        if group:
            curve.group = self.groups.get(group) or self.groups.new(group)
        return curve


def new_curve_set(name: str, datablock: Any) -> CurveSet:
    """A new action that can animate the datablock, not yet assigned to it."""
    action = bpy.data.actions.new(name)
    if HAS_SLOTS:
        action.slots.new(id_type=id_type(datablock), name=datablock.name)
        action.layers.new("Layer").strips.new(type="KEYFRAME")
    else:
        action.id_root = id_type(datablock)
    curves = curve_set(action, datablock)
    assert curves is not None
    return curves


def id_type(datablock: Any) -> str:
    """A datablock's type, such as "OBJECT" or "KEY": `ID.id_type`, which Blender has from 4.0 on."""
    known = getattr(datablock, "id_type", "")
    if known:
        return str(known)
    for kind, name in _ID_TYPES:
        if isinstance(datablock, kind):
            return name
    return str(datablock.bl_rna.identifier.upper())


# Types whose class has another name than their datablocks have.
_ID_TYPES = (
    (bpy.types.NodeTree, "NODETREE"),
    (bpy.types.Light, "LIGHT"),
    (bpy.types.Curve, "CURVE"),
    (bpy.types.Texture, "TEXTURE"),
    (bpy.types.ParticleSettings, "PARTICLE"),
)


def curve_set(action: Any, datablock: Any) -> CurveSet | None:
    """The curves that an action of this add-on holds for a datablock: in the slot that plays there, else in the first one for its
    type; a person may have put several characters' slots into one action.
    """
    if not HAS_SLOTS:
        return CurveSet(action, None, action.fcurves, action.groups)
    playing = _slot_that_plays(action, datablock)
    for slot in action.slots if playing is None else (playing,):
        if slot.target_id_type in (id_type(datablock), "UNSPECIFIED"):
            for layer in action.layers:
                for strip in layer.strips:
                    bag = strip.channelbag(slot, ensure=True)
                    return CurveSet(action, slot, bag.fcurves, bag.groups)
    return None


def _slot_that_plays(action: Any, datablock: Any) -> Any:
    """The slot of an action that a datablock plays, as its active action or in an NLA strip; None where it has none."""
    data = datablock.animation_data
    if data is None:
        return None
    strips = (strip for track in data.nla_tracks for strip in track.strips)
    playing = (user.action_slot for user in (data, *strips) if user.action == action)
    return next((slot for slot in playing if slot is not None), None)


def curves_of(action: Any, slot: Any = None) -> list[Any]:
    """The curves of any action (of one slot where slots exist) that are not muted."""
    return [curve for curves in _collections(action, slot) for curve in curves if not curve.mute]


def animated_paths(action: Any, slot: Any = None) -> set[tuple[str, int]]:
    """Data paths and indices of all the curves of any action (of one slot where slots exist)."""
    return {(curve.data_path, curve.array_index) for curve in curves_of(action, slot)} if action else set()


def played_paths(user: Any) -> set[tuple[str, int]]:
    """Data paths and indices of what animation data or a strip plays: nothing where it has lost its slot of the action."""
    return set() if slot_is_missing(user) else animated_paths(user.action, active_slot(user))


def curves_in(action: Any, slot: Any = None) -> Any:
    """The collection of curves of any action (of one slot where slots exist); empty where there is none."""
    return () if action is None else next(_collections(action, slot), ())


def _collections(action: Any, slot: Any) -> Iterator[Any]:
    """All collections of curves of an action (of one slot where slots exist)."""
    if not HAS_SLOTS:
        yield action.fcurves
        return
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                if slot is None or bag.slot_handle == slot.handle:
                    yield bag.fcurves


_OF_A_KEY = (
    "co", "handle_left_type", "handle_right_type", "handle_left", "handle_right",
    "interpolation", "easing", "back", "amplitude", "period", "type",
)  # fmt: skip


def copy_curve(curve: Any, curves: CurveSet) -> Any:
    """A curve with the same keys, modifiers and group in another set of curves."""
    copy = curves.new(curve.data_path, curve.array_index, curve.group.name if curve.group is not None else "")
    copy.extrapolation, copy.mute, copy.lock = curve.extrapolation, curve.mute, curve.lock
    copy.keyframe_points.add(len(curve.keyframe_points))
    for key, other in zip(curve.keyframe_points, copy.keyframe_points):
        for name in _OF_A_KEY:
            setattr(other, name, getattr(key, name))
    for modifier in curve.modifiers:
        other = copy.modifiers.new(modifier.type)
        for setting in modifier.bl_rna.properties:
            if not setting.is_readonly and setting.identifier != "type":
                setattr(other, setting.identifier, getattr(modifier, setting.identifier))
    copy.update()
    return copy


def own_curves(actions: Iterable[Any], datablock: Any) -> dict[tuple[str, int], Any]:
    """The curves that actions of this add-on hold for a datablock, by data path and array index."""
    by_path: dict[tuple[str, int], Any] = {}
    for action in actions:
        curves = curve_set(action, datablock)
        if curves is not None:
            by_path.update(curves.by_path())
    return by_path


def active_slot(animation_data: Any) -> Any:
    """The slot of the active action; None before Blender 4.4."""
    return getattr(animation_data, "action_slot", None)


def set_active_action(animation_data: Any, action: Any, slot: Any = None) -> None:
    """Make an action (and its slot) the active one; None takes the active action away."""
    animation_data.action = action
    if HAS_SLOTS and action is not None and slot is not None:
        animation_data.action_slot = slot


def new_nla_strip(track: Any, curves: CurveSet, name: str, start: int, blend: str, hold: bool) -> Any:
    """Put an action on an NLA track so that its keys lie at the scene frames they are written at.

    Args:
        track: the NLA track.
        curves: an action whose first key lies at `start`.
        name: the strip's name.
        start: scene frame.
        blend: "REPLACE" or "COMBINE" with what lies on the tracks below.
        hold: whether the first and last keys hold outside of the strip. Without it Blender shows a property's
            default there, which for shape keys is 1.0 from Blender 5.0 on.
    """
    strip = track.strips.new(name, start, curves.action)
    if HAS_SLOTS:
        strip.action_slot = curves.slot
    strip.blend_type = blend
    strip.extrapolation = "HOLD" if hold else "NOTHING"
    strip.use_auto_blend = False
    return strip


def copy_nla_strip(track: Any, strip: Any) -> Any:
    """A strip like another one, of the same action, on another track that is empty."""
    copy = track.strips.new(strip.name, round(strip.frame_start), strip.action)
    if HAS_SLOTS and strip.action_slot is not None:
        copy.action_slot = strip.action_slot
    copy.use_auto_blend = False
    for name in (
        "action_frame_start",
        "action_frame_end",
        "scale",
        "repeat",
        "frame_end",
        "frame_start",
        "frame_end",
        "blend_type",
        "extrapolation",
        "blend_in",
        "blend_out",
        "mute",
        "use_reverse",
    ):
        setattr(copy, name, getattr(strip, name))
    if strip.use_animated_influence:
        copy.use_animated_influence = True
        copy.influence = strip.influence
        keys, new = strip.fcurves.find("influence"), copy.fcurves.find("influence")
        if keys is not None and new is not None and len(keys.keyframe_points):
            write_keys(new, key_values(keys))
    return copy


def influence_is_nothing(strip: Any) -> bool:
    """Whether a strip's influence is set by hand or keys, and is zero throughout."""
    if not strip.use_animated_influence:
        return False
    curve = strip.fcurves.find("influence")
    if curve is None or not len(curve.keyframe_points):
        return bool(strip.influence < 0.01)
    return bool(key_values(curve)[:, 1].max() < 0.01)


def push_down(track: Any, animation_data: Any) -> Any:
    """A strip on a track for the active action, at the frames where its keys lie."""
    action = animation_data.action
    start, end = action.frame_range
    strip = track.strips.new(action.name, round(start), action)
    slot = active_slot(animation_data)
    if HAS_SLOTS and slot is not None:
        strip.action_slot = slot
    strip.action_frame_start, strip.action_frame_end = start, max(end, start + 1.0)
    strip.frame_end, strip.frame_start = max(end, start + 1.0), start
    strip.use_auto_blend = False
    strip.extrapolation = animation_data.action_extrapolation
    strip.blend_type = animation_data.action_blend_type
    if animation_data.action_influence < 1.0:
        strip.use_animated_influence = True
        strip.influence = animation_data.action_influence
    return strip


def fit_nla_strip(strip: Any) -> None:
    """Let a strip show all of its action again, whose keys have changed; what it was scaled to stays."""
    start, end = strip.action.frame_range
    if abs(strip.action_frame_start - start) > 1e-3 or abs(strip.action_frame_end - end) > 1e-3:
        strip.action_frame_start = start
        strip.action_frame_end = max(end, start + 1.0)


def evaluate_nla_anew(animation_data: Any) -> None:
    """Let Blender build its evaluation of animation data anew.

    From 4.5 on it leaves the animation out while a track without strips plays solo, and does not take it in again when the
    star is switched off, until a track is added or removed.
    """
    animation_data.nla_tracks.remove(animation_data.nla_tracks.new())


def slot_is_missing(user: Any) -> bool:
    """Whether animation data or a strip has an action but none of its slots, so that nothing moves (Blender 4.4 on)."""
    return HAS_SLOTS and user.action is not None and user.action_slot is None


def choose_slot(user: Any, datablock: Any) -> None:
    """Give animation data or a strip the slot of its action that fits a datablock."""
    if slot_is_missing(user):
        curves = curve_set(user.action, datablock)
        if curves is not None:
            user.action_slot = curves.slot


def remove_unused_action(action: Any) -> None:
    """Delete an action that nothing holds: neither a datablock nor the person's fake user (the shield)."""
    if action.users <= 0:
        bpy.data.actions.remove(action)


def write_keys(curve: Any, frames_and_values: Any, interpolation: int = LINEAR, slopes: Any = None) -> None:
    """Replace all the keys of a curve at once.

    Args:
        curve: the F-curve.
        frames_and_values: (N, 2) float32 numpy array, frames ascending.
        interpolation: CONSTANT, LINEAR or BEZIER, for every key.
        slopes: (N,) change of value a frame at each key, for BEZIER; its handles then reach a third of the way to the
            neighbouring keys and are aligned. None for handles on the keys.
    """
    import numpy as np

    points = curve.keyframe_points
    count = len(frames_and_values)
    if len(points) != count:
        points.clear()
        points.add(count)
    pairs = np.ascontiguousarray(frames_and_values, np.float32)
    points.foreach_set("co", pairs.reshape(-1))
    if interpolation == BEZIER:
        reach = np.diff(pairs[:, 0]) / 3
        left = np.concatenate([reach[:1], reach]) if count > 1 else np.ones(count, np.float32)
        right = np.concatenate([reach, reach[-1:]]) if count > 1 else left
        rise = np.zeros(count, np.float32) if slopes is None else np.asarray(slopes, np.float32)
        for name, way in (("handle_left", -left), ("handle_right", right)):
            handles = np.stack([pairs[:, 0] + way, pairs[:, 1] + way * rise], axis=1)
            points.foreach_set(name, np.ascontiguousarray(handles, np.float32).reshape(-1))
        _set_handle_types(points, "ALIGNED")
    points.foreach_set("interpolation", np.full(count, interpolation, np.int32))
    curve.update()


def _set_handle_types(points: Any, kind: str) -> None:
    """Give all keys handles of a type; `foreach_set` does nothing with these before Blender 4."""
    numbers = bpy.types.Keyframe.bl_rna.properties["handle_left_type"].enum_items
    for name in ("handle_left_type", "handle_right_type"):
        points.foreach_set(name, [numbers[kind].value] * len(points))
        if len(points) and getattr(points[0], name) != kind:
            for point in points:
                setattr(point, name, kind)


def key_values(curve: Any) -> Any:
    """The keys of a curve: (N, 2) float32 numpy array of frames and values."""
    import numpy as np

    flat = np.empty(2 * len(curve.keyframe_points), np.float32)
    curve.keyframe_points.foreach_get("co", flat)
    return flat.reshape(-1, 2)
