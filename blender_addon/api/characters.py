# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of characters, and the demo character."""

from __future__ import annotations

from typing import Any

from ..characters.character import Character, is_editable, related_objects
from ..characters.free_place import box_of, step_aside
from ..characters.remembered import frame_rate, is_quiet, quietly
from ..talking.carried import carries, frames_of, lies_in_nla, record_of

__all__ = [
    "Character",
    "add_demo_character",
    "box_of",
    "carries",
    "frame_rate",
    "frames_of",
    "is_editable",
    "is_quiet",
    "lies_in_nla",
    "quietly",
    "record_of",
    "related_objects",
]


def add_demo_character(scene: Any, with_stage: bool = False) -> Any:
    """Build the demo character at a scene's 3D cursor, or beside what stands there; returns its armature.

    Args:
        scene: where it stands.
        with_stage: whether lights and a camera come with it, and the render is set up.
    """
    from .. import demo_character  # it takes a while to load, and most people never ask for it

    there = [box_of([item]) for item in scene.objects if item.visible_get()]
    rig = demo_character.build(scene, location=tuple(scene.cursor.location))
    _update(scene)
    rig.location.x += step_aside(box_of(rig.children_recursive), there)
    _update(scene)
    if with_stage:
        demo_character.build_stage(scene, rig)
    return rig


def _update(scene: Any) -> None:
    """Let world matrices follow what was just set."""
    for layer in scene.view_layers:
        layer.update()
