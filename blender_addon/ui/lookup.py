# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and buttons ask at every redraw, looked up anew only now and then: a scene may be large."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Final, Generic, TypeVar

import bpy
from bpy.types import Object, Scene

from .. import api
from ..api import characters, dial_keys, drawings, faces, grease_pencil, live, mapping, pictures, portraits
from ..api import heard as heard_of
from ..api.characters import Character

_SECONDS: Final = 0.5
_TIMES: Final = 10.0
"""What takes long to find is kept for as many times as long: looking takes a tenth of Blender's time at most."""
_LONGEST: Final = 5.0  # seconds
_Answer = TypeVar("_Answer")


class _Kept(Generic[_Answer]):
    """The last answer to one question, for a short while: until it is `_SECONDS` old, or more where it took long to find; until
    something else is asked, the answer no longer fits, or `forget` is called, as our buttons do and each undo and file.
    """

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
        if known is None or now > known[0] or not fits(known[1]):
            answer = find()  # before the rest is dropped: finding one thing may ask for another
            answered = time.monotonic()
            known = (answered + min(max(_SECONDS, _TIMES * (answered - now)), _LONGEST), answer)
            self._answers.clear()
            self._answers[asked] = known
        return known[1]

    def clear(self) -> None:
        """Keep nothing."""
        self._answers.clear()


_characters: Final = _Kept[Character]()
_obstacles: Final = _Kept[tuple[Character, str]]()
_problems: Final = _Kept[list[api.Problem]]()
_records: Final = _Kept[dict[str, Any]]()
_waiting: Final = _Kept[bool]()
_heard: Final = _Kept[heard_of.Heard | None]()
_other_addons: Final = _Kept[str]()
_cues: Final = _Kept[bool]()
_unseen: Final = _Kept[str]()
_spans: Final = _Kept[list[tuple[float, float]]]()
_held: Final = _Kept[bool]()
_talking: Final = _Kept[bool]()
_guides: Final = _Kept[Object | None]()
_boards: Final = _Kept[Object | None]()
_pictures: Final = _Kept[bool]()
_points: Final = _Kept[bool]()
_tables: Final = _Kept[bool]()
_ALL: Final = (
    _characters, _obstacles, _problems, _records, _waiting, _heard, _other_addons, _cues, _unseen, _spans, _held, _talking,
    _guides, _boards, _pictures, _points, _tables,
)  # fmt: skip


def described(obj: Object) -> Character:
    """What was found of the character that an object belongs to."""
    return _characters.of(obj.name_full, lambda: api.describe(obj), _is_there)


def obstacle(obj: Object) -> str:
    """Why nothing can be generated for an object's character, in one sentence; "" where all is well."""
    character = described(obj)
    known = _obstacles.of(
        obj.name_full, lambda: (character, character.problem), lambda answer: answer[0] is character
    )
    return known[1]


def problems(obj: Object, scene: Scene) -> list[api.Problem]:
    """What keeps the talking animation of an object's character from showing."""
    return _problems.of(
        (obj.name_full, scene.name_full), lambda: api.check(described(obj), scene, at_a_glance=True)
    )


def record(obj: Object) -> dict[str, Any]:
    """How the talking animation of an object's character was made; {} where it carries none."""
    return _records.of(obj.name_full, lambda: characters.record_as_found(described(obj)))


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


def has_points(obj: Object) -> bool:
    """Whether an object's character has landmark points; what comes or goes is seen at once, as a guide is."""
    return _points.of((obj.name_full, len(bpy.data.objects)), lambda: api.has_points(described(obj)))


def has_table(obj: Object) -> bool:
    """Whether there is anything to choose in the mapping table of an object's character: that asks its drivers and nodes."""
    return _tables.of(obj.name_full, lambda: mapping.has_table(described(obj)))


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
    """Whether an object's character carries a talking animation, now.

    That it does is soon seen. That it does not is kept, but for files to which an action comes, as it does with each of ours.
    """
    asked = obj.name_full, len(bpy.data.actions)
    return _talking.of(asked, lambda: characters.carries(described(obj)), lambda carries: not carries)


def in_nla(obj: Object) -> bool:
    """Whether an object's character carries a talking animation in NLA strips, now."""
    return characters.lies_in_nla(described(obj))


def guide_of(obj: Object) -> Object | None:
    """The landmark guide that is being edited for an object's character; None where there is none.

    One that is made or deleted changes how many objects there are, so that it is seen at once.
    """
    return _guides.of((obj.name_full, len(bpy.data.objects)), lambda: faces.guide_of(obj), _is_still)


def board_of(scene: Scene) -> Object | None:
    """The board of a scene whose points are being placed; None where there is none. It is seen at once, as a guide is."""
    return _boards.of((scene.name_full, len(scene.objects)), lambda: pictures.board_of(scene), _is_still)


def has_several_pictures(scene: Scene) -> bool:
    """Whether a scene has several pictures that were made to talk."""

    def several() -> bool:
        armatures = (obj for obj in scene.objects if obj.type == "ARMATURE")
        return sum(map(portraits.is_picture, armatures)) > 1

    return _pictures.of((scene.name_full, len(scene.objects)), several)


def forget() -> None:
    """Drop what was looked up: something was changed, or the objects may be gone."""
    for kept in _ALL:
        kept.clear()


def _is_still(obj: Object | None) -> bool:
    """Whether an object that was found still exists; nothing, where nothing was."""
    try:
        return obj is None or bool(obj.name)
    except ReferenceError:
        return False


def _is_there(character: Character) -> bool:
    """Whether everything found still exists: the user may have deleted it, or undone its making."""
    try:
        return (
            bool(character.root.name)
            and all(mesh.key.name and mesh.object.name for mesh in character.meshes)
            and all(obj.name for obj in (*character.objects, *character.named.datablocks))
        )
    except ReferenceError:
        return False
