# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and buttons ask at every redraw, looked up anew only now and then: a scene may be large."""

from __future__ import annotations

import time
from typing import Any

from bpy.types import Object, Scene

from .. import api
from ..api import characters, dial_keys
from ..api.characters import Character

_SECONDS = 0.5
_characters: dict[str, tuple[float, Character]] = {}
_problems: dict[str, tuple[float, list[api.Problem]]] = {}
_records: dict[str, tuple[float, dict[str, Any]]] = {}
_waiting: dict[str, tuple[float, bool]] = {}


def described(item: Object) -> Character:
    """What was found of the character that an object belongs to."""
    now = time.monotonic()
    known = _characters.get(item.name_full)
    if known is None or now - known[0] > _SECONDS or not _is_there(known[1]):
        _characters.clear()
        known = _characters[item.name_full] = (now, api.describe(item))
    return known[1]


def problems(item: Object, scene: Scene) -> list[api.Problem]:
    """What keeps the talking animation of an object's character from showing."""
    now = time.monotonic()
    known = _problems.get(item.name_full)
    if known is None or now - known[0] > _SECONDS:
        _problems.clear()
        known = _problems[item.name_full] = (now, api.check(item, scene))
    return known[1]


def record(item: Object) -> dict[str, Any]:
    """How the talking animation of an object's character was made; {} where it carries none."""
    now = time.monotonic()
    known = _records.get(item.name_full)
    if known is None or now - known[0] > _SECONDS:
        _records.clear()
        known = _records[item.name_full] = (now, characters.record_of(described(item)))
    return known[1]


def keys_of_dials_wait(item: Object) -> bool:
    """Whether keys of dials of an object's character say something else than its talking animation shows."""
    now = time.monotonic()
    known = _waiting.get(item.name_full)
    if known is None or now - known[0] > _SECONDS:
        _waiting.clear()
        made = record(item)
        known = (now, bool(made) and dial_keys.are_waiting(described(item), made))
        _waiting[item.name_full] = known
    return known[1]


def talks(item: Object) -> bool:
    """Whether an object's character carries a talking animation, now."""
    return characters.carries(described(item))


def in_nla(item: Object) -> bool:
    """Whether an object's character carries a talking animation in NLA strips, now."""
    return characters.lies_in_nla(described(item))


def forget() -> None:
    """Drop what was looked up: something was changed, or the objects may be gone."""
    _characters.clear()
    _problems.clear()
    _records.clear()
    _waiting.clear()


def _is_there(character: Character) -> bool:
    """Whether everything found still exists: the user may have deleted it, or undone its making."""
    try:
        return bool(character.root.name) and all(
            mesh.key.name and mesh.object.name for mesh in character.meshes
        )
    except ReferenceError:
        return False
