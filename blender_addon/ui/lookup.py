# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and buttons ask at every redraw, looked up anew only now and then: a scene may be large."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Final, Generic, TypeVar

from bpy.types import Object, Scene

from .. import api
from ..api import characters, dial_keys, drawings, grease_pencil, live
from ..api import heard as heard_of
from ..api.characters import Character

_SECONDS: Final = 0.5
_Answer = TypeVar("_Answer")


class _Kept(Generic[_Answer]):
    """The last answer to one question, for a short while."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, tuple[float, _Answer]] = {}

    def of(
        self, asked: Hashable, find: Callable[[], _Answer], fits: Callable[[_Answer], bool] = lambda _: True
    ) -> _Answer:
        """The answer.

        Args:
            asked: of what.
            find: what answers anew.
            fits: whether a kept answer still holds.
        """
        now = time.monotonic()
        known = self._answers.get(asked)
        if known is None or now - known[0] > _SECONDS or not fits(known[1]):
            known = (now, find())  # before the rest is dropped: finding one thing may ask for another
            self._answers.clear()
            self._answers[asked] = known
        return known[1]

    def clear(self) -> None:
        """Keep nothing."""
        self._answers.clear()


_characters: Final = _Kept[Character]()
_problems: Final = _Kept[list[api.Problem]]()
_records: Final = _Kept[dict[str, Any]]()
_waiting: Final = _Kept[bool]()
_heard: Final = _Kept[heard_of.Heard | None]()
_other_addons: Final = _Kept[str]()
_cues: Final = _Kept[bool]()
_unseen: Final = _Kept[str]()
_spans: Final = _Kept[list[tuple[float, float]]]()
_held: Final = _Kept[bool]()
_ALL: Final = (
    _characters, _problems, _records, _waiting, _heard, _other_addons, _cues, _unseen, _spans, _held,
)  # fmt: skip


def described(obj: Object) -> Character:
    """What was found of the character that an object belongs to."""
    return _characters.of(obj.name_full, lambda: api.describe(obj), _is_there)


def problems(obj: Object, scene: Scene) -> list[api.Problem]:
    """What keeps the talking animation of an object's character from showing."""
    return _problems.of((obj.name_full, scene.name_full), lambda: api.check(obj, scene, at_a_glance=True))


def record(obj: Object) -> dict[str, Any]:
    """How the talking animation of an object's character was made; {} where it carries none."""
    return _records.of(obj.name_full, lambda: characters.record_of(described(obj)))


def keys_of_dials_wait(obj: Object) -> bool:
    """Whether keys of dials of an object's character say something else than its talking animation shows."""

    def waits() -> bool:
        made = record(obj)
        return bool(made) and dial_keys.are_waiting(described(obj), made)

    return _waiting.of(obj.name_full, waits)


def heard(obj: Object, scene: Scene) -> heard_of.Heard | None:
    """What was heard behind the talking animation of an object's character; None where it carries none."""
    if not talks(obj):
        return None
    return _heard.of((obj.name_full, scene.name_full), lambda: heard_of.heard(described(obj), scene))


def has_cues(obj: Object, scene: Scene) -> bool:
    """Whether an object's character has mouth cues of any kind in a scene."""
    return _cues.of((obj.name_full, scene.name_full), lambda: api.has_cues(described(obj), scene))


def other_addon(obj: Object) -> str:
    """The lip-sync add-on that has mapped an object's character; "" for none."""
    return _other_addons.of(obj.name_full, lambda: drawings.other_addon(described(obj)))


def why_not_live(obj: Object) -> str:
    """Why a live preview that leaves no keys is of no use to an object's character, in one sentence; "" where it is."""
    return _unseen.of(obj.name_full, lambda: live.why_not_unrecorded(described(obj)))


def talking_spans(obj: Object) -> list[tuple[float, float]]:
    """First and last scene frame of each talking animation that moves a drawing in strokes."""
    return _spans.of(obj.name_full, lambda: grease_pencil.talking_spans(obj))


def are_lips_held(obj: Object, frame: int) -> bool:
    """Whether keys hold the lips of an object's character shut at a scene frame."""
    return _held.of((obj.name_full, frame), lambda: dial_keys.are_held(described(obj).root, frame))


def talks(obj: Object) -> bool:
    """Whether an object's character carries a talking animation, now."""
    return characters.carries(described(obj))


def in_nla(obj: Object) -> bool:
    """Whether an object's character carries a talking animation in NLA strips, now."""
    return characters.lies_in_nla(described(obj))


def forget() -> None:
    """Drop what was looked up: something was changed, or the objects may be gone."""
    for kept in _ALL:
        kept.clear()


def _is_there(character: Character) -> bool:
    """Whether everything found still exists: the user may have deleted it, or undone its making."""
    try:
        return (
            bool(character.root.name)
            and all(mesh.key.name and mesh.object.name for mesh in character.meshes)
            and all(obj.name for obj in character.objects)
        )
    except ReferenceError:
        return False
