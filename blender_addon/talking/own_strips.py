# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a scene's strips are, also in a scene that was copied with them."""

from __future__ import annotations

from typing import Any, Final

import bpy

from ..characters.character import Character, describe
from ..characters.remembered import character_id, frame_rate
from ..keys import actions, sound_strips
from .carriers import datablocks

_SAME_RATE: Final = 1e-3  # frames per second


def claim(character: Character, scene: Any) -> str:
    """A character's id. What strips of others become its own: those that were copied with it, into a scene without the one that
    it is a copy of; and those of the one that carried its talking animation before, where nobody else talks under that name: an
    armature that was deleted or exchanged, an object that was joined into another.
    """
    root = character.root
    before = str(root.talking_animation.uid)
    uid = character_id(root)
    original_is_here = any(other.talking_animation.uid == before for other in scene.objects)
    if before and uid != before and not original_is_here:
        sound_strips.hand_over(scene, before, uid)
    for former in _former_ids(character) - {uid, before}:
        if not any(_talks_as(other, former) for other in bpy.data.objects):
            sound_strips.hand_over(scene, former, uid)
    return uid


def _former_ids(character: Character) -> set[str]:
    """The ids under which what a character carries was made."""
    made_for = (
        actions.record_of(action).get("character")
        for datablock in datablocks(character)
        for action in actions.own_actions(datablock)
    )
    return {str(uid) for uid in made_for if uid}


def _talks_as(obj: Any, uid: str) -> bool:
    """Whether an object is the root of a character with that id, and one that can talk."""
    return obj.talking_animation.uid == uid and not describe(obj).problem


def elsewhere(root: Any, scene: Any) -> list[str]:
    """A sentence for each other scene that shows the same character, and plays it at another rate or with the sound of a take
    before.
    """
    uid = str(root.talking_animation.uid)
    told = []
    for other in bpy.data.scenes:
        if other == scene or not _shows(other, root):
            continue
        if abs(frame_rate(other) - frame_rate(scene)) > _SAME_RATE:
            told.append(
                f"'{root.name}' is in the scene '{other.name}' too, which plays {frame_rate(other):g} frames per second, not "
                f"{frame_rate(scene):g}, so there it moves at another pace than its sound: give that scene a copy of the "
                "character, or the same rate."
            )
        elif sound_strips.has_any(other, uid):
            told.append(
                f"'{root.name}' is in the scene '{other.name}' too, where it now moves as here while the sound is still the one "
                "of before: generate there too, or give that scene a copy of the character."
            )
    return told


def scenes_with(root: Any, scene: Any) -> list[Any]:
    """A scene, and all others that show the same character."""
    return [scene, *(other for other in bpy.data.scenes if other != scene and _shows(other, root))]


def _shows(scene: Any, root: Any) -> bool:
    return bool(scene.objects.get(root.name) == root)
