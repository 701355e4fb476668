# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a scene's strips are, also in a scene that was copied with them."""

from __future__ import annotations

from typing import Any

import bpy

from ..characters.remembered import character_id
from ..keys import sound_strips


def claim(root: Any, scene: Any) -> str:
    """A character's id; strips that were copied with it, into a scene without the one that it is a copy of, become its own."""
    before = str(root.talking_animation.uid)
    uid = character_id(root)
    original_is_here = any(other.talking_animation.uid == before for other in scene.objects)
    if before and uid != before and not original_is_here:
        sound_strips.hand_over(scene, before, uid)
    return uid


def elsewhere(root: Any, scene: Any) -> list[str]:
    """A sentence for each other scene that shows the same character and still plays the sound of a take before."""
    uid = str(root.talking_animation.uid)
    return [
        f"'{root.name}' is in the scene '{other.name}' too, where it now moves as here while the sound is still the one of "
        "before: generate there too, or give that scene a copy of the character."
        for other in bpy.data.scenes
        if other != scene and _shows(other, root) and sound_strips.has_any(other, uid)
    ]


def scenes_with(root: Any, scene: Any) -> list[Any]:
    """A scene, and all others that show the same character."""
    return [scene, *(other for other in bpy.data.scenes if other != scene and _shows(other, root))]


def _shows(scene: Any, root: Any) -> bool:
    return bool(scene.objects.get(root.name) == root)
