# SPDX-License-Identifier: GPL-3.0-or-later
"""Mouth charts to begin with: made from a picture or a drawing, and drawn by code."""

from __future__ import annotations

from typing import Any

from ..characters.character import Character
from ..errors import TalkingAnimationError
from ..host.blender_versions.grease_pencil import is_drawing
from .characters import where_there_is_room

__all__ = ["add_sprite_chart", "chart_from", "chart_obstacle"]


def chart_obstacle(item: Any, known: Character | None = None) -> str:
    """Why no chart can be made from an object's character, without full stop; "" where one can.

    Args:
        item: an object of it; None for none.
        known: the character, where it was described already.
    """
    from ..faces.from_picture import chart

    if item is not None and (is_drawing(item) or chart.is_possible(item, known)):
        return ""
    return "Pick a picture that talks, or a face drawn in Grease Pencil"


def chart_from(item: Any, scene: Any) -> Any:
    """Make a mouth chart from a picture that talks or a Grease Pencil face, by moving it into each mouth; it stays as it is.

    Args:
        item: any object of the picture's character, or the drawing.
        scene: where the chart goes.

    Returns:
        The chart's object, a character whose drawings are swapped.

    Raises:
        TalkingAnimationError: where it is neither, or has no mouth that moves; one sentence.
    """
    told = chart_obstacle(item)
    if told:
        raise TalkingAnimationError(f"{told}.")
    if is_drawing(item):
        from ..targets.grease_pencil import chart as drawn

        return drawn.chart_of(item, int(scene.frame_current))
    from ..faces.from_picture import chart

    return chart.chart_of(item, scene)


def add_sprite_chart(scene: Any) -> Any:
    """Add a cat whose mouths and eyes are cells of sprite sheets, at a scene's 3D cursor or beside what stands there.

    Args:
        scene: where it stands.

    Returns:
        The empty that carries it.
    """
    from ..faces.sprite_sheets import build_cat

    return where_there_is_room(scene, build_cat)
