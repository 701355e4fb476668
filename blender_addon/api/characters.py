# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of characters, and the demo character."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..characters.character import Character
from ..characters.free_place import box_of, step_aside
from ..characters.related import is_editable, related_objects
from ..characters.remembered import frame_rate, is_quiet, quietly
from ..host.blender_versions import interface
from ..talking.carried import carries, forgot, frames_of, lies_in_nla, record_as_found, record_of

__all__ = [
    "Character",
    "add_demo_character",
    "add_mouth_chart",
    "box_of",
    "carries",
    "forgot",
    "frame_rate",
    "frames_of",
    "is_editable",
    "is_quiet",
    "lies_in_nla",
    "quietly",
    "record_as_found",
    "record_of",
    "related_objects",
    "where_there_is_room",
]


def add_demo_character(scene: Any, with_stage: bool = False) -> Any:
    """Build the demo character at a scene's 3D cursor, or beside what stands there; returns its armature.

    Args:
        scene: where it stands.
        with_stage: whether lights and a camera come with it, and the render is set up.
    """
    from .. import demo_character  # it takes a while to load, and most people never ask for it

    with interface.counting() as tell:
        rig = where_there_is_room(scene, partial(demo_character.build, tell=tell))
    if with_stage:
        demo_character.build_stage(scene, rig)
    return rig


def add_mouth_chart(scene: Any) -> Any:
    """Build the drawn head with its chart of nine mouths at a scene's 3D cursor, or beside what stands there; returns its empty.

    Args:
        scene: where it stands.
    """
    from ..demo_character.mouth_chart import build_mouth_chart

    return where_there_is_room(scene, build_mouth_chart)


def where_there_is_room(scene: Any, build: Callable[..., Any]) -> Any:
    """Build something at a scene's 3D cursor, or beside what stands there; returns what carries it.

    Args:
        scene: where it stands.
        build: takes the scene and `location`, returns what carries it.
    """
    layer = scene.view_layers[0]  # of another scene than the window's nothing is visible elsewhere
    there = [box_of([obj]) for obj in scene.objects if obj.visible_get(view_layer=layer)]
    root = build(scene, location=tuple(scene.cursor.location))
    _update(scene)
    # Blender does not place what is hidden, such as the drawings of a chart.
    shown = [part for part in (root, *root.children_recursive) if part.visible_get(view_layer=layer)]
    root.location.x += step_aside(box_of(shown), there)
    _update(scene)
    return root


def _update(scene: Any) -> None:
    """Let world matrices follow what was just set."""
    for layer in scene.view_layers:
        layer.update()
