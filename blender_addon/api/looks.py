# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels and scripts ask of the look of a picture's character."""

from __future__ import annotations

from typing import Any

from ..characters.character import Character
from ..characters.pictures import origin_of
from ..characters.related import related_objects
from ..faces.from_picture.looks import LOOK
from ..jobs.look import LOOKS, LookJob, LookReport, draw_look

__all__ = ["LOOKS", "LookJob", "LookReport", "draw_look", "look_of", "picture_root"]


def picture_root(part: Any, known: Character | None = None) -> Any:
    """The armature of the picture that an object belongs to; None where it is no picture.

    Args:
        part: the object.
        known: its character, where it was described already: looking for what belongs to it walks the whole file.
    """
    parts = known.objects if known is not None else related_objects(part)
    pictures = (other for other in parts if other.type == "ARMATURE" and origin_of(other) is not None)
    return next(pictures, None)


def look_of(part: Any, known: Character | None = None) -> str:
    """The name of the look that a picture's character has. Arguments as `picture_root`'s."""
    root = picture_root(part, known)
    return str(root.get(LOOK, LOOKS[0])) if root is not None else LOOKS[0]
