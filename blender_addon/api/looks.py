# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and scripts ask of the look of a picture's character."""

from __future__ import annotations

from typing import Any

from ..characters.character import related_objects
from ..characters.pictures import origin_of
from ..faces.from_picture.looks import LOOK
from ..jobs.look import LOOKS, LookJob, LookReport, draw_look

__all__ = ["LOOKS", "LookJob", "LookReport", "draw_look", "look_of", "picture_root"]


def picture_root(part: Any) -> Any:
    """The armature of the picture that an object belongs to; None where it is no picture."""
    return next(
        (
            other
            for other in related_objects(part)
            if other.type == "ARMATURE" and origin_of(other) is not None
        ),
        None,
    )


def look_of(part: Any) -> str:
    """The name of the look that a picture's character has."""
    root = picture_root(part)
    return str(root.get(LOOK, LOOKS[0])) if root is not None else LOOKS[0]
