# SPDX-License-Identifier: GPL-3.0-or-later
"""Mouth charts to begin with: made from a picture or a drawing, and drawn by code."""

from __future__ import annotations

from typing import Any

from ..characters.character import Character
from ..errors import TalkingAnimationError
from ..host.blender_versions.grease_pencil import is_drawing
from .characters import where_there_is_room

__all__ = ["add_sprite_chart", "chart_from", "chart_obstacle"]


def chart_obstacle(obj: Any, known: Character | None = None) -> str:
    """Why no chart can be made from an object's character, without full stop; "" where one can.

    Args:
        obj: an object of it; None for none.
        known: the character, where it was described already.
    """
    from ..faces.from_picture import chart

    if obj is not None and (is_drawing(obj) or chart.is_possible(obj, known)):
        return ""
    return "Pick a picture that talks, or a face drawn in Grease Pencil"


def chart_from(obj: Any, scene: Any) -> Any:
    """Make a mouth chart from a picture that talks or a Grease Pencil face, by moving it into each mouth; it stays as it is.

    Args:
        obj: any object of the picture's character, or the drawing.
        scene: where the chart goes.

    Returns:
        The chart's object, a character whose drawings are swapped.

    Raises:
        TalkingAnimationError: where it is neither, or has no mouth that moves; one sentence.
    """
    told = chart_obstacle(obj)
    if told:
        raise TalkingAnimationError(f"{told}.")
    if is_drawing(obj):
        from ..targets.grease_pencil import chart as drawn

        return drawn.chart_of(obj, int(scene.frame_current))
    from ..faces.from_picture import chart

    return chart.chart_of(obj, scene)


def add_sprite_chart(scene: Any) -> Any:
    """Add a cat whose mouths and eyes are cells of sprite sheets, at a scene's 3D cursor or beside what stands there.

    Args:
        scene: where it stands.

    Returns:
        The empty that carries it.
    """
    from ..faces.sprite_sheets import build_cat

    return where_there_is_room(scene, build_cat)
