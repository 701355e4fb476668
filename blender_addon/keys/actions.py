# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's own actions: made, rewritten and taken away, beside whatever the user has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..motion import key_reduction
from ..motion.key_reduction import KeyStyle
from . import nla, property_values
from .channels import Channel
from .ownership import (
    TAG,
    RestReader,
    all_own_actions,
    forgets,
    is_damaged,
    is_own,
    keep_motion,
    kept_motion,
    own_actions,
    own_range,
    present_paths,
    record_of,
    rest_of,
    rest_values,
    set_record,
)

__all__ = [
    "TAG",
    "Placement",
    "RestReader",
    "Timing",
    "is_damaged",
    "is_own",
    "keep_motion",
    "kept_motion",
    "own_actions",
    "record_of",
    "refuse_linked",
    "refuse_tweak_mode",
    "remove",
    "rest_values",
    "rewrite",
    "set_record",
    "write",
]

# Groups of curves that have nothing to do with whether the lips touch.
_NOT_LIPS = frozenset({"Head", "Gaze", "Blinks", "Brows"})


@dataclass(frozen=True)
class Timing:
    """Which keys a motion gets.

    Attributes:
        style: see `KeyStyle`.
        closed: (T,) bool, frames of the motion in which the lips touch; None where no key style asks.
    """

    style: KeyStyle = field(default_factory=KeyStyle)
    closed: np.ndarray | None = None


@dataclass(frozen=True)
class Placement:
    """Where keys go.

    Attributes:
        start: scene frame of the first key.
        use_nla: in an NLA strip, else as the active action.
        name: part of the action's name, "Talking <name>".
        record: what is kept in the action's custom property.
        timing: which keys.
        blend: frames over which the NLA strip fades in and out.
    """

    start: int
    use_nla: bool
    name: str
    record: dict[str, Any]
    timing: Timing = field(default_factory=Timing)
    blend: tuple[float, float] = (0.0, 0.0)


def refuse_tweak_mode(datablocks: Iterable[Any]) -> None:
    """Raise TalkingAnimationError where an NLA strip of one of these is being edited: its actions are not to be touched."""
    for datablock in datablocks:
        data = datablock.animation_data
        if data is not None and data.use_tweak_mode:
            spoken_of = getattr(datablock, "user", None) or datablock  # of shape keys, their mesh
            raise TalkingAnimationError(
                f"An NLA strip of '{spoken_of.name}' is being edited: leave its tweak mode (Tab in the NLA editor) "
                "first."
            )


def refuse_linked(datablocks: Iterable[Any]) -> None:
    """Raise TalkingAnimationError where an action of ours on one of these is another file's: what changes in it is not saved."""
    for datablock in datablocks:
        for action in own_actions(datablock):
            if action.library is not None:
                raise TalkingAnimationError(
                    f"The action '{action.name}' is linked from '{action.library.name}', where changes are not kept: make it "
                    "local, or generate again."
                )


def write(datablock: Any, channels: list[Channel], placement: Placement) -> list[str]:
    """Write channels of one datablock into a new action of ours, which replaces the one before.

    Returns:
        Warnings: sentences about what of the user's would hide the result.

    Raises:
        TalkingAnimationError: where the datablock cannot be animated; it is as it was.
    """
    data = datablock.animation_data
    old = own_actions(datablock)
    # What Remove has to know of the time before the first of our actions.
    earlier = record_of(old[0]) if old else {}
    before = rest_values(datablock)
    created = earlier.get("created", data is None)
    muted = _muted_drivers(old[0], datablock) if old else []
    forgotten = {"forgotten": True} if any(map(forgets, old)) else {}
    curves = animation_data.new_curve_set(f"Talking {placement.name}", datablock)
    users = _users_curves(datablock, channels)
    try:
        _fill(curves, channels, placement)
        before_us = {(channel.data_path, channel.index): channel.rest for channel in channels}
        rest = _in_their_order(curves, before_us)
        record = {**placement.record, "rest": rest, "created": created, "muted_drivers": muted, **forgotten}
        set_record(curves.action, record)
        data = datablock.animation_data_create()
        if data is None:
            raise RuntimeError("no animation data")
        warnings = _place(datablock, data, curves, channels, placement, set(old))
        _keep_users_curves(datablock, users, curves)
    except (RuntimeError, TypeError, AttributeError) as error:
        _detach(datablock, [curves.action])
        if not _is_from_elsewhere(datablock):
            raise
        raise TalkingAnimationError(
            f"'{datablock.name}' cannot be animated in this file: if it comes from another file, make a library "
            f"override that is editable."
        ) from error
    _detach(datablock, old)
    written = {(channel.data_path, channel.index) for channel in channels}
    for (path, index), value in before.items():
        if (path, index) not in written:  # moved by the take before, and not by this one
            _set_value(datablock, path, index, value)
    # The new strip was named while the old one was still there.
    placed = nla.own_strip(datablock)
    curves.action.name = f"Talking {placement.name}"
    if placed is not None:
        placed[1].name = curves.action.name = f"Talking {placement.name}"
    return warnings


def _users_curves(datablock: Any, channels: Iterable[Channel] = ()) -> list[Any]:
    """Curves that the user has added to our active action of a datablock, such as those of dials; without those of channels."""
    data = datablock.animation_data
    if data is None or not is_own(data.action):
        return []
    ours = set(present_paths(data.action, datablock).values())
    ours |= {(channel.data_path, channel.index) for channel in channels}
    slot = animation_data.active_slot(data)
    curves = animation_data.curves_in(data.action, slot) if record_of(data.action) else ()
    return [curve for curve in curves if (curve.data_path, curve.array_index) not in ours]


def _keep_users_curves(datablock: Any, users: list[Any], ours: animation_data.CurveSet | None = None) -> None:
    """Copy the user's curves out of an action of ours that is about to go.

    They go to our new one where that is the active action, else to one of the user's own.
    """
    if not users:
        return
    data = datablock.animation_data
    if ours is None or data.action != ours.action:
        ours = animation_data.new_curve_set(f"{datablock.name}Action", datablock)
        animation_data.set_active_action(data, ours.action, ours.slot)
    for curve in users:
        animation_data.copy_curve(curve, ours)


def part_from_users_curves(datablock: Any) -> None:
    """Take our active action off a datablock; curves that the user added to it go to an action of the user's own."""
    users = _users_curves(datablock)
    data = datablock.animation_data
    ours, slot = data.action, animation_data.active_slot(data)
    animation_data.set_active_action(data, None)
    _keep_users_curves(datablock, users)
    curves = animation_data.curves_in(ours, slot)
    for curve in users:
        curves.remove(curve)


def _fill(curves: animation_data.CurveSet, channels: list[Channel], placement: Placement) -> None:
    for channel, keys in zip(channels, _keys(channels, placement.timing)):
        _write_curve(curves.new(channel.data_path, channel.index, channel.group), keys, placement.start)


def _keys(channels: list[Channel], timing: Timing) -> list[key_reduction.Keys]:
    """The keys of each channel."""
    result: list[key_reduction.Keys | None] = [None] * len(channels)
    for number, channel in enumerate(channels):
        if channel.held:
            result[number] = key_reduction.changes(channel.values)
    for count in {len(channel.values) for channel in channels if not channel.held}:
        chosen = [
            number
            for number, channel in enumerate(channels)
            if len(channel.values) == count and not channel.held
        ]
        values = np.stack([channels[number].values for number in chosen], axis=1)
        closed = np.zeros(count, bool)
        if timing.closed is not None:
            closed[: len(timing.closed)] = timing.closed[:count]
        lips = np.array([channels[number].group not in _NOT_LIPS for number in chosen])
        spread = np.maximum(np.ptp(values, axis=0), 1e-6)
        shapes = np.array([channels[number].data_path.startswith("key_blocks[") for number in chosen])
        reduced = key_reduction.keys_of(values, closed, lips, np.where(shapes, 1.0, spread), timing.style)
        for number, keys in zip(chosen, reduced):
            result[number] = keys
    return [keys for keys in result if keys is not None]


def _write_curve(curve: Any, keys: key_reduction.Keys, start: float) -> None:
    pairs = np.empty((len(keys.frames), 2), np.float32)
    pairs[:, 0] = keys.frames + start
    pairs[:, 1] = keys.values
    kind = (
        animation_data.CONSTANT
        if keys.held
        else animation_data.LINEAR
        if keys.slopes is None
        else animation_data.BEZIER
    )
    animation_data.write_keys(curve, pairs, kind, keys.slopes)


def _place(
    datablock: Any,
    data: Any,
    curves: animation_data.CurveSet,
    channels: list[Channel],
    placement: Placement,
    old: set[Any],
) -> list[str]:
    users_action = data.action if data.action is not None and data.action not in old else None
    warnings: list[str] = []
    if not placement.use_nla:
        if users_action is None:
            nla.remove_rest(datablock)
            animation_data.set_active_action(data, curves.action, curves.slot)
            return warnings
        warnings.append(
            f"'{datablock.name}' already has the action '{users_action.name}', which stays: "
            "the talking animation is in an NLA strip below it."
        )
    over_others = all(channel.over_others for channel in channels)
    nla.place(datablock, curves, placement.start, over_others, placement.blend)
    return warnings


def _is_from_elsewhere(datablock: Any) -> bool:
    """Whether a datablock, or the mesh whose shape keys it is, is linked or a library override."""
    owners = (datablock, getattr(datablock, "user", None))
    return any(
        owner is not None and (owner.library or owner.override_library) is not None for owner in owners
    )


def _detach(datablock: Any, old: Iterable[Any]) -> None:
    """Take actions of ours off a datablock and delete those that nothing uses any more."""
    old = list(old)
    data = datablock.animation_data
    if data is not None:
        if data.action in old:
            animation_data.set_active_action(data, None)
        for track in list(data.nla_tracks):
            ours = [strip for strip in track.strips if strip.action in old]
            for strip in ours:
                track.strips.remove(strip)
            if (ours or track.name == nla.TRACK_NAME) and not len(track.strips):
                data.nla_tracks.remove(track)
    for action in old:
        animation_data.remove_unused_action(action)


def rewrite(datablock: Any, channels: list[Channel], timing: Timing) -> int:
    """Give our action on a datablock new keys, from the frame on where its first keys are; returns how many curves.

    What moves for the first time gets a curve, and what no longer does loses it and is at rest. A curve of ours that the user has
    deleted stays away.
    """
    count = 0
    for action in own_actions(datablock):
        curves = animation_data.curve_set(action, datablock)
        if curves is None:
            continue
        _add_and_remove(datablock, curves, channels)
        by_path = curves.by_path()
        chosen = [channel for channel in channels if (channel.data_path, channel.index) in by_path]
        for channel, keys in zip(chosen, _keys(chosen, timing)):
            curve = by_path[channel.data_path, channel.index]
            if not len(curve.keyframe_points):
                continue
            _write_curve(curve, keys, curve.keyframe_points[0].co[0])
            count += 1
        action.update_tag()
        placed = nla.own_strip(datablock)
        if placed is not None and placed[1].action == action:
            animation_data.fit_nla_strip(placed[1])
    return count


def _add_and_remove(datablock: Any, curves: animation_data.CurveSet, channels: list[Channel]) -> None:
    """Let an action of ours have the curves of these channels, but for those that the user has deleted."""
    before, by_path = rest_of(curves.action, datablock), curves.by_path()
    wanted = {(channel.data_path, channel.index): channel for channel in channels}
    new, gone = [at for at in wanted if at not in before], [at for at in before if at not in wanted]
    if not new and not gone:
        return
    start = own_range(datablock, curves.action)[0]
    muted = _muted_drivers(curves.action, datablock)
    for at in new:
        if at not in by_path:
            curve = curves.new(*at, wanted[at].group)
            animation_data.write_keys(curve, np.array([[start, wanted[at].rest]], np.float32))
            before[at] = wanted[at].rest
    for at in gone:
        if at in by_path:
            curves.fcurves.remove(by_path[at])
        _set_value(datablock, *at, float(before.pop(at)))
    set_record(
        curves.action,
        {**record_of(curves.action), "rest": _in_their_order(curves, before), "muted_drivers": muted},
    )


def _in_their_order(curves: animation_data.CurveSet, before: dict[tuple[str, int], float]) -> list[list[Any]]:
    """What is remembered of the values before, in the order of the curves: `present_paths` goes by it."""
    keyed = [place for place in curves.by_path() if place in before]
    return [[*place, before[place]] for place in dict.fromkeys([*keyed, *before])]


def _muted_drivers(action: Any, datablock: Any) -> list[list[Any]]:
    """[data path, index] of the user's drivers that are muted as long as an action of ours is there."""
    now = present_paths(action, datablock)
    recorded = [(str(path), int(index)) for path, index in record_of(action).get("muted_drivers", [])]
    return [list(now.get(place, place)) for place in recorded]


def remove(datablock: Any) -> bool:
    """Take our actions off a datablock and give its properties back the values they had before.

    Returns:
        Whether there was anything of ours.
    """
    old = own_actions(datablock)
    if not old:
        return False
    rest = rest_values(datablock)
    record = record_of(old[0])
    muted = _muted_drivers(old[0], datablock)
    # They are at hand as long as the action is: it goes with the others.
    going = all_own_actions(datablock)
    _keep_users_curves(datablock, _users_curves(datablock))
    _detach(datablock, going)
    data = datablock.animation_data
    created = record.get("created", True)
    if data is not None:
        for driver in data.drivers:
            if [driver.data_path, driver.array_index] in muted:
                driver.mute = False
    if (
        created
        and data is not None
        and data.action is None
        and not len(data.nla_tracks)
        and not len(data.drivers)
    ):
        datablock.animation_data_clear()
    for (path, index), value in rest.items():
        _set_value(datablock, path, index, value)
    datablock.update_tag()
    return True


def _set_value(datablock: Any, path: str, index: int, value: float) -> None:
    with contextlib.suppress(ValueError):  # a shape key, a bone or an object that the user has deleted since
        property_values.assign(datablock, path, index, value)
