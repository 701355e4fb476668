# SPDX-License-Identifier: GPL-3.0-or-later
"""Which actions are the add-on's own, and what they remember of the character before.

An action of ours carries a custom property (`TAG`, JSON) with the character's id, the values that the animated
properties had before, and what the motion was made of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from ..host.blender_versions import animation_data
from . import key_record, property_values

TAG = "talking_animation"
_MOTION = "talking_animation_motion"
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"')
REST = "rest"  # role of an action that only holds a character at rest below a strip that blends in or out


def is_own(action: Any) -> bool:
    """Whether this add-on made the action."""
    return action is not None and TAG in action.keys()  # noqa: SIM118  (an action is no dict)


def own_actions(datablock: Any) -> list[Any]:
    """The add-on's actions on a datablock, active or in NLA strips, without those that only hold the rest."""
    return [action for action in all_own_actions(datablock) if record_of(action).get("role") != REST]


def all_own_actions(datablock: Any) -> list[Any]:
    """All the add-on's actions on a datablock, active or in NLA strips."""
    data = datablock.animation_data
    if data is None:
        return []
    own = [data.action] if is_own(data.action) else []
    for track in data.nla_tracks:
        own += [strip.action for strip in track.strips if is_own(strip.action) and strip.action not in own]
    return own


def record_of(action: Any) -> dict[str, Any]:
    """What an action of ours remembers, without what is damaged of it."""
    return key_record.read(action.get(TAG))


def is_damaged(action: Any) -> bool:
    """Whether an action of ours no longer remembers what was there before it."""
    return key_record.is_damaged(action.get(TAG))


def forgets(action: Any) -> bool:
    """Whether an action of ours was damaged, once, where it keeps what was there before it."""
    return is_own(action) and key_record.forgets(action.get(TAG))


def set_record(action: Any, record: dict[str, Any]) -> None:
    """Let an action of ours remember something else; that it was damaged stays known, whatever is written into it."""
    if forgets(action):
        record = {**record, "forgotten": True}
    text = json.dumps(record, ensure_ascii=False)
    action[TAG] = text.encode(
        "utf-8", "backslashreplace"
    ).decode()  # paths whose names are no UTF-8: JSON's own escapes


def keep_motion(action: Any, packed: bytes) -> None:
    """Let an action of ours carry the motion that its keys were made of, as bytes; none with b""."""
    if packed:
        action[_MOTION] = packed
    elif _MOTION in action.keys():  # noqa: SIM118  (an action is no dict)
        del action[_MOTION]


def kept_motion(action: Any) -> bytes:
    """The motion that an action of ours carries; b"" for none."""
    packed = action.get(_MOTION)
    return packed if isinstance(packed, bytes) else b""


def present_paths(action: Any, datablock: Any) -> dict[tuple[str, int], tuple[str, int]]:
    """Data path and index that an action of ours was written with → those of now, where a shape key or a bone got another name.

    Blender renames a curve with what it moves, but not what we remember of it.
    """
    written = [(str(path), int(index)) for path, index, _ in record_of(action).get("rest", [])]
    curves = animation_data.curve_set(action, datablock)
    now = list(curves.by_path()) if curves is not None else []
    paths = {place: place for place in written}
    known = set(written)
    fresh = _by_kind(
        place for place in now if place not in known and property_values.is_there(datablock, *place)
    )
    if fresh:
        lost = _by_kind(place for place in written if not property_values.is_there(datablock, *place))
        for kind, before in lost.items():
            after = fresh.get(kind, [])
            if len(before) == len(after):  # else some were deleted by hand, and nothing tells which
                paths.update(zip(before, after))
    return paths


def _by_kind(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Data paths and indices by what is left of them without names: another name changes nothing else."""
    kinds: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for path, index in places:
        kinds.setdefault((_NAME.sub('""', path), index), []).append((path, index))
    return kinds


def rest_of(action: Any, datablock: Any) -> dict[tuple[str, int], float]:
    """What an action of ours on a datablock remembers of the values before, by data path and index of now."""
    now = present_paths(action, datablock)
    return {
        now[str(path), int(index)]: float(value) for path, index, value in record_of(action).get("rest", [])
    }


def rest_values(datablock: Any) -> dict[tuple[str, int], float]:
    """What our actions on a datablock remember of the values before."""
    return {
        place: value
        for action in own_actions(datablock)
        for place, value in rest_of(action, datablock).items()
    }


def own_range(datablock: Any, action: Any) -> tuple[float, float]:
    """First and last scene frame of the keys that we wrote in an action of ours, whatever the user added to it."""
    curves = animation_data.curve_set(action, datablock)
    ours = set(present_paths(action, datablock).values())
    by_path = curves.by_path() if curves is not None else {}
    keyed = [curve.range() for at, curve in by_path.items() if at in ours and len(curve.keyframe_points)]
    if not keyed:
        return float(action.frame_range[0]), float(action.frame_range[1])
    return float(min(start for start, _ in keyed)), float(max(end for _, end in keyed))


def users_strips(data: Any) -> list[tuple[Any, Any]]:
    """The user's own NLA strips as (track, strip), lowest first."""
    return [
        (track, strip)
        for track in data.nla_tracks
        for strip in track.strips
        if strip.action is not None and not is_own(strip.action)
    ]


def users_nla_paths(data: Any) -> set[tuple[str, int]]:
    """What the user's own NLA strips animate."""
    paths: set[tuple[str, int]] = set()
    for _, strip in users_strips(data):
        paths |= animation_data.played_paths(strip)
    return paths


class RestReader:
    """Values of properties without the talking animation; each datablock's record is read once."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[tuple[str, int], float]] = {}

    def animated(self, datablock: Any, data_path: str) -> bool:
        """Whether the user's own NLA strips animate a property: its present value is then no rest value."""
        data = datablock.animation_data
        return data is not None and any(path == data_path for path, _ in users_nla_paths(data))

    def __call__(self, datablock: Any, data_path: str, index: int) -> float:
        """A property's value without the talking animation."""
        if datablock not in self._known:
            self._known[datablock] = rest_values(datablock)
        value = self._known[datablock].get((data_path, index))
        return value if value is not None else property_values.read(datablock, data_path, index)
