# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of pictures that talk."""

from __future__ import annotations

from typing import Any

from ..characters.character import related_objects
from ..characters.pictures import PictureOrigin, origin_of
from ..faces.from_picture import stage
from ..inputs.pictures import SUFFIXES
from ..jobs.picture import FACES, NO_FACE, PictureJob, PictureReport

__all__ = ["FACES", "NO_FACE", "SUFFIXES", "PictureJob", "PictureReport", "origin", "render_as_picture"]


def origin(part: Any) -> PictureOrigin | None:
    """What picture the character of an object was made of; None where it was made of none."""
    return next((known for other in related_objects(part) if (known := origin_of(other))), None)


def render_as_picture(part: Any, scene: Any, even: bool = False) -> bool:
    """Let a scene render a picture's character as the picture is: its camera, its size, its colours.

    Args:
        part: any object of the character.
        scene: whose settings change.
        even: for a video, whose width and height must be even: a pixel less where they are not.

    Returns:
        Whether that could be done: it has a camera of its own as long as nobody deletes it.
    """
    if not stage.frame(scene, part, even):
        return False
    stage.as_it_is(scene)
    return True
