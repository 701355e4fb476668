# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and scripts ask of faces that are drawn in Grease Pencil strokes."""

from __future__ import annotations

from typing import Any

from ..host.blender_versions.grease_pencil import is_drawing
from ..rigs.drawn_parts import PARTS
from ..targets.grease_pencil import finding, starter
from ..targets.grease_pencil.drawing import BY_NAME
from ..targets.grease_pencil.finding import PartLine
from ..targets.grease_pencil.frames import WAYS
from .characters import where_there_is_room

__all__ = [
    "BY_NAME",
    "PARTS",
    "WAYS",
    "PartLine",
    "add_face",
    "find_face",
    "forget_face",
    "is_drawing",
    "part_lines",
    "talking_spans",
]


def add_face(scene: Any) -> Any:
    """Draw a face in Grease Pencil strokes at a scene's 3D cursor, or beside what stands there; returns its object."""
    return where_there_is_room(scene, lambda scene, location: starter.build(scene, int(scene.frame_current)))


def find_face(obj: Any, scene: Any) -> str:
    """Find the parts of a face by where strokes lie, and keep them with the drawing; returns what was found.

    Raises:
        TalkingAnimationError: where there is none to be found.
    """
    return finding.find_face(obj, int(scene.frame_current))


def part_lines(obj: Any, scene: Any) -> list[PartLine]:
    """The strokes that were found, where the scene shows them while nothing moves them."""
    return finding.part_lines(obj, int(scene.frame_current))


def talking_spans(obj: Any) -> list[tuple[float, float]]:
    """First and last scene frame of each talking animation that moves a drawing: between them its strokes are elsewhere."""
    return finding.talking_spans(obj)


def forget_face(obj: Any) -> None:
    """Forget what was found or chosen: names alone tell the parts again."""
    finding.forget(obj)
