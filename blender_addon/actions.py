# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's own actions: made, found again, rewritten and taken away, beside whatever the user has.

An action of ours carries a custom property (`TAG`, JSON) with the character's id, the values that the animated
properties had before, and what the motion was made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from . import versions
from .errors import TalkingAnimationError
from .targets import Channel

TAG = "talking_animation"
TRACK_NAME = "Talking animation"


@dataclass(frozen=True)
class Placement:
    """Where keys go.

    Attributes:
        start: scene frame of the first key.
        use_nla: in an NLA strip, else as the active action.
        name: part of the action's name, "Talking <name>".
        record: what is kept in the action's custom property.
    """

    start: int
    use_nla: bool
    name: str
    record: dict[str, Any]


def is_own(action: Any) -> bool:
    """Whether this add-on made the action."""
    return action is not None and TAG in action.keys()  # noqa: SIM118  (an action is no dict)


def own_actions(datablock: Any) -> list[Any]:
    """The add-on's actions on a datablock, active or in NLA strips."""
    data = datablock.animation_data
    if data is None:
        return []
    found = [data.action] if is_own(data.action) else []
    for track in data.nla_tracks:
        found += [
            strip.action for strip in track.strips if is_own(strip.action) and strip.action not in found
        ]
    return found


def record_of(action: Any) -> dict[str, Any]:
    """What an action of ours remembers; {} where it is damaged."""
    try:
        record = json.loads(action[TAG])
    except (KeyError, TypeError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def rest_values(datablock: Any) -> dict[tuple[str, int], float]:
    """What our actions on a datablock remember of the values before."""
    return {
        (str(path), int(index)): float(value)
        for action in own_actions(datablock)
        for path, index, value in record_of(action).get("rest", [])
    }


def rest_value(datablock: Any, data_path: str, index: int) -> float:
    """A property's value without the talking animation."""
    found = rest_values(datablock).get((data_path, index))
    if found is not None:
        return found
    value = datablock.path_resolve(data_path)
    return float(value if isinstance(value, (int, float)) else value[index])


def _users_nla_paths(data: Any) -> set[tuple[str, int]]:
    """What the user's own NLA strips animate."""
    paths: set[tuple[str, int]] = set()
    for track in data.nla_tracks:
        for strip in track.strips:
            if strip.action is not None and not is_own(strip.action):
                paths |= versions.animated_paths(strip.action, getattr(strip, "action_slot", None))
    return paths


class RestReader:
    """`rest_value` for many properties, reading each datablock's record once."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[tuple[str, int], float]] = {}

    def animated(self, datablock: Any, data_path: str) -> bool:
        """Whether the user's own NLA strips animate a property: its present value is then no rest value."""
        data = datablock.animation_data
        return data is not None and any(path == data_path for path, _ in _users_nla_paths(data))

    def __call__(self, datablock: Any, data_path: str, index: int) -> float:
        """A property's value without the talking animation."""
        if datablock not in self._known:
            self._known[datablock] = rest_values(datablock)
        found = self._known[datablock].get((data_path, index))
        return found if found is not None else rest_value(datablock, data_path, index)


def write(datablock: Any, channels: list[Channel], placement: Placement) -> list[str]:
    """Write channels of one datablock into a new action of ours, which replaces the one before.

    Returns:
        Warnings: sentences about what of the user's would hide the result.

    Raises:
        TalkingAnimationError: where the datablock cannot be animated; it is as it was.
    """
    data = datablock.animation_data
    if data is not None and data.use_tweak_mode:
        raise TalkingAnimationError(
            f"An NLA strip of '{datablock.name}' is being edited: leave its tweak mode (Tab in the NLA editor) first."
        )
    curves = versions.new_curve_set(f"Talking {placement.name}", datablock)
    try:
        _fill(curves, channels, placement.start)
        rest = [[channel.data_path, channel.index, channel.rest] for channel in channels]
        curves.action[TAG] = json.dumps({**placement.record, "rest": rest}, ensure_ascii=False)
        data = datablock.animation_data_create()
        if data is None:
            raise RuntimeError("no animation data")
        old = [action for action in own_actions(datablock) if action != curves.action]
        warnings = _place(datablock, data, curves, channels, placement, set(old))
    except (RuntimeError, TypeError, AttributeError) as error:
        _detach(datablock, [curves.action])
        raise TalkingAnimationError(
            f"'{datablock.name}' cannot be animated in this file: if it comes from another file, make a library "
            f"override that is editable."
        ) from error
    _detach(datablock, old)
    # The new strip was named while the old one was still there.
    for track in data.nla_tracks:
        for strip in track.strips:
            if strip.action == curves.action:
                strip.name = curves.action.name = f"Talking {placement.name}"
    return warnings


def _fill(curves: versions.CurveSet, channels: list[Channel], start: int) -> None:
    frames: dict[int, np.ndarray] = {}
    for channel in channels:
        count = len(channel.values)
        if count not in frames:
            frames[count] = np.empty((count, 2), np.float32)
            frames[count][:, 0] = np.arange(start, start + count)
        keys = frames[count]
        keys[:, 1] = channel.values
        versions.write_keys(curves.new(channel.data_path, channel.index, channel.group), keys)


def _place(
    datablock: Any,
    data: Any,
    curves: versions.CurveSet,
    channels: list[Channel],
    placement: Placement,
    old: set[Any],
) -> list[str]:
    warnings: list[str] = []
    paths = {(channel.data_path, channel.index) for channel in channels}
    users_action = data.action if data.action is not None and data.action not in old else None
    if not placement.use_nla:
        if users_action is None:
            versions.set_active_action(data, curves.action, curves.slot)
            return warnings
        warnings.append(
            f"'{datablock.name}' already has the action '{users_action.name}', which stays: "
            "the talking animation is in an NLA strip below it."
        )
    if users_action is not None:
        hidden = paths & versions.animated_paths(users_action, versions.active_slot(data))
        if hidden:
            warnings.append(
                f"The active action '{users_action.name}' of '{datablock.name}' hides {len(hidden)} of "
                f"{len(paths)} curves: press Push Down in the NLA editor and generate again."
            )
    users_paths = _users_nla_paths(data)
    for track in data.nla_tracks:
        if track.is_solo:
            warnings.append(
                f"The NLA track '{track.name}' of '{datablock.name}' plays solo and hides the talking animation: "
                "switch its star off."
            )
    if not data.use_nla:
        warnings.append(
            f"The NLA of '{datablock.name}' is switched off: switch it on to see the talking animation."
        )
    shared = bool(paths & users_paths)
    combine = shared and all(channel.over_others for channel in channels)
    track = data.nla_tracks.new()
    track.name = TRACK_NAME
    versions.new_nla_strip(
        track,
        curves,
        curves.action.name,
        placement.start,
        blend="COMBINE" if combine else "REPLACE",
        hold=combine or not shared,
    )
    return warnings


def _detach(datablock: Any, old: Iterable[Any]) -> None:
    """Take actions of ours off a datablock and delete those that nothing uses any more."""
    old = list(old)
    data = datablock.animation_data
    if data is None:
        _delete_unused(old)
        return
    if data.action in old:
        versions.set_active_action(data, None)
    for track in list(data.nla_tracks):
        ours = [strip for strip in track.strips if strip.action in old]
        for strip in ours:
            track.strips.remove(strip)
        if (ours or track.name == TRACK_NAME) and not len(track.strips):
            data.nla_tracks.remove(track)
    _delete_unused(old)


def _delete_unused(old: Iterable[Any]) -> None:
    for action in old:
        if action.users - int(action.use_fake_user) <= 0:
            bpy.data.actions.remove(action)


def rewrite(datablock: Any, channels: list[Channel]) -> int:
    """Give the keys of our action on a datablock new values, where they are; returns how many curves."""
    count = 0
    for action in own_actions(datablock):
        curves = versions.curve_set(action, datablock)
        if curves is None:
            continue
        by_path = curves.by_path()
        for channel in channels:
            curve = by_path.get((channel.data_path, channel.index))
            if curve is None or len(curve.keyframe_points) != len(channel.values):
                continue
            keys = versions.key_values(curve)
            keys[:, 1] = channel.values
            versions.write_keys(curve, keys)
            count += 1
        action.update_tag()
    return count


def remove(datablock: Any) -> bool:
    """Take our actions off a datablock and give its properties back the values they had before.

    Returns:
        Whether there was anything of ours.
    """
    old = own_actions(datablock)
    if not old:
        return False
    rest = rest_values(datablock)
    _detach(datablock, old)
    data = datablock.animation_data
    if data is not None and data.action is None and not len(data.nla_tracks) and not len(data.drivers):
        datablock.animation_data_clear()
    for (path, index), value in rest.items():
        _set_value(datablock, path, index, value)
    datablock.update_tag()
    return True


def _set_value(datablock: Any, path: str, index: int, value: float) -> None:
    owner_path, _, name = path.rpartition(".")
    try:
        owner = datablock.path_resolve(owner_path) if owner_path else datablock
        current = getattr(owner, name)
        if isinstance(current, (int, float)):
            setattr(owner, name, value)
        else:
            current[index] = value
    except (ValueError, AttributeError, TypeError, IndexError):
        return  # a shape key or bone that the user has deleted since
