# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of pictures that talk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import bpy

from ..characters.character import Character
from ..characters.pictures import PictureOrigin
from ..faces.from_picture import points_board, stage
from ..faces.from_picture.points_board import POINTS, board_of, box_of_board, pixels_of, place_under
from ..faces.from_picture.points_board import put as put_point
from ..faces.from_picture.points_board import remove as remove_board
from ..host.blender_versions import materials
from ..inputs import pictures
from ..inputs.pictures import FILMS, SUFFIXES
from ..inputs.shipped_pictures import shipped_pictures
from ..jobs.picture import FACES, PictureJob, PictureReport
from ..jobs.portrait.pictured import origin_among

__all__ = [
    "FACES",
    "FILMS",
    "POINTS",
    "SUFFIXES",
    "PictureJob",
    "PictureReport",
    "board_of",
    "box_of_board",
    "job_of_board",
    "make_board",
    "origin",
    "pixels_of",
    "place_under",
    "put_point",
    "remove_board",
    "render_as_picture",
    "shipped_pictures",
    "shows_images",
]


def origin(part: Any, known: Character | None = None) -> PictureOrigin | None:
    """What picture the character of an object was made of; None where it was made of none.

    Args:
        part: any object of it.
        known: the character, where it was described already.
    """
    return origin_among(part, known)


def shows_images(parts: Iterable[Any]) -> bool:
    """Whether any of these objects shows an image, as pictures and sprite sheets do."""
    shown = (part.data.materials for part in parts if part.type == "MESH")
    return any(
        material is not None and materials.shows_image(material) for each in shown for material in each
    )


def render_as_picture(part: Any, scene: Any, even: bool = False, smooth: bool = False) -> bool:
    """Let a scene render a picture's character as the picture is: its camera, its size, its colours.

    Args:
        part: any object of the character.
        scene: whose settings change.
        even: for a video, whose width and height must be even: a pixel less where they are not.
        smooth: smooth the edges of lips and teeth; at rest it is no longer pixel for pixel the picture then.

    Returns:
        Whether that could be done: it has a camera of its own as long as nobody deletes it.
    """
    if not stage.frame(scene, part, even):
        return False
    stage.as_it_is(scene, smooth)
    return True


def make_board(picture: Any, scene: Any) -> Any:
    """Add a picture with four points that a person puts on its face; returns the object that shows it.

    Args:
        picture: a path, or an image of the .blend file.
        scene: where it goes; a board that it has already goes.

    Raises:
        TalkingAnimationError: where the picture cannot be read.
    """
    read = pictures.read(picture)
    before = board_of(scene)
    if before is not None:
        remove_board(before)
    of = picture.name if isinstance(picture, bpy.types.Image) else read.path
    return points_board.make(scene, read.name, read.pixels, of)


def job_of_board(board: Any, scene: Any, points: Sequence[float] | None = None) -> PictureJob:
    """Begin to make a board's picture talk by its points.

    Raises:
        TalkingAnimationError: where they are no face, or the picture is gone.
    """
    of = str(board[points_board.PICTURE])
    image = bpy.data.images.get(of)
    return PictureJob(image or of, scene=scene, points=pixels_of(board) if points is None else points)
