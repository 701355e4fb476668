# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a scene is changed so that lines play to their end and in sync; given back when they are gone.

The scene remembers what was there before and what we set; what the user changed since then is the user's and stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from ..characters.character import describe
from ..contract.errors import Damaged
from ..contract.json_text import json_object
from ..host.kept_values import flag, whole
from ..keys import nla
from . import carried

_IN_SYNC = {"sync_mode": "AUDIO_SYNC", "use_audio_scrub": True}
_END = "frame_end"
_SYNC_MODES = ("NONE", "FRAME_DROP", "AUDIO_SYNC")
_KINDS: Final[dict[str, Callable[[Any], Any]]] = {
    _END: partial(whole, least=0),
    "sync_mode": lambda value: value if value in _SYNC_MODES else None,
    "use_audio_scrub": flag,
}
"""Property → what it may be; None for anything else."""
_NONE = float("-inf")


class Wishes(Protocol):
    """What is asked of a scene; see `jobs.options.GenerateOptions`."""

    @property
    def extend_range(self) -> bool:
        """Whether its end may move."""

    @property
    def play_in_sync(self) -> bool:
        """Whether it shall play in sync."""


def prepare(scene: Any, wishes: Wishes) -> None:
    """After keys were written: let them play as was asked for."""
    if wishes.extend_range:
        extend(scene)
    if wishes.play_in_sync:
        play_in_sync(scene)


def extend(scene: Any) -> None:
    """Move the scene's end so that all its lines play; back again, as far as it was before, where they became shorter."""
    last = _last_frame(scene)
    if last != _NONE:
        _set(scene, _END, max(_users(scene, _END), round(last)))


def play_in_sync(scene: Any) -> None:
    """Let pictures be dropped where the scene plays slower than its sound, and sound be heard where the playhead is dragged."""
    for name, value in _IN_SYNC.items():
        _set(scene, name, value)


def give_back(scene: Any) -> None:
    """After lines were removed: the end moves back, and with the last of them everything is as it was before."""
    changes = _changes(scene)
    last = _last_frame(scene)
    if last == _NONE:
        for name in changes:
            _set(scene, name, _users(scene, name))
    elif _END in changes:
        extend(scene)


def _changes(scene: Any) -> dict[str, list[Any]]:
    """By the property's name: what was there before, and what we set."""
    try:
        changes = json_object(scene.talking_animation.playback or "{}")
    except Damaged:
        return {}
    return {name: pair for name, pair in changes.items() if name in _KINDS and _is_pair(pair, _KINDS[name])}


def _is_pair(pair: Any, check: Callable[[Any], Any]) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(check(value) is not None for value in pair)


def _users(scene: Any, name: str) -> Any:
    """What a property is without us: what it was before, unless the user changed it since."""
    now = getattr(scene, name)
    before, ours = _changes(scene).get(name, (now, now))
    return before if ours == now else now


def _set(scene: Any, name: str, value: Any) -> None:
    users = _users(scene, name)
    changes = _changes(scene)
    if value == users:
        changes.pop(name, None)
    else:
        changes[name] = [users, value]
    if getattr(scene, name) != value:
        setattr(scene, name, value)
    scene.talking_animation.playback = json.dumps(changes) if changes else ""


def _last_frame(scene: Any) -> float:
    """The last scene frame of all talking animations; -inf where there are none."""
    return max((last for obj in scene.objects for last in _last_frames(obj)), default=_NONE)


def _last_frames(obj: Any) -> list[float]:
    """The last scene frames of the talking animation on an object, or of the character whose root it is."""
    lasts = [
        last
        for datablock in (obj, getattr(obj.data, "shape_keys", None))
        if datablock is not None and datablock.animation_data is not None
        for _, last in nla.frames_of(datablock)
    ]
    if lasts or not obj.talking_animation.uid:
        return lasts
    frames = carried.frames_of(describe(obj))  # its keys lie elsewhere, such as on a light or a material
    return [] if frames is None else [frames[1]]
