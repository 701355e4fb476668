# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of characters, and the demo character."""

from __future__ import annotations

from typing import Any

from ..characters.character import Character, is_editable, related_objects
from ..characters.remembered import frame_rate, is_quiet, quietly
from ..talking.carried import carries, lies_in_nla

__all__ = [
    "Character",
    "add_demo_character",
    "carries",
    "frame_rate",
    "is_editable",
    "is_quiet",
    "lies_in_nla",
    "quietly",
    "related_objects",
]


def add_demo_character(scene: Any, with_stage: bool = False) -> Any:
    """Build the demo character at a scene's 3D cursor; returns its armature.

    Args:
        scene: where it stands.
        with_stage: whether lights and a camera come with it, and the render is set up.
    """
    from .. import demo_character  # it takes a while to load, and most people never ask for it

    rig = demo_character.build(scene, location=tuple(scene.cursor.location))
    if with_stage:
        demo_character.build_stage(scene, rig)
    return rig
