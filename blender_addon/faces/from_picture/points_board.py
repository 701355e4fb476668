# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture on which a person shows where the face is: four points to be dragged or clicked, for a face that is not found."""

from __future__ import annotations

import math
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Vector

from ...contract import png
from ...errors import TalkingAnimationError
from ...host.kept_values import whole
from . import appearance, stage
from .relief import LONGER_SIDE

PICTURE: Final = "talking_animation_points_of"
"""Custom property of a board: the path of its picture, or the name of its image."""
_ORDER: Final = "talking_animation_point"
POINTS: Final = (
    ("Eye, left in the picture", (0.38, 0.4)),
    ("Eye, right in the picture", (0.62, 0.4)),
    ("Mouth corner, left", (0.42, 0.65)),
    ("Mouth corner, right", (0.58, 0.65)),
)
"""What each point shows, and where it lies to begin with, parts of the picture's width and height."""
_LEAST = 6  # pixels between the eyes
_LEAST_BELOW = 0.05  # of the eyes' distance, from the line through them to the mouth


def make(scene: Any, name: str, pixels: np.ndarray, picture: str) -> Any:
    """Add a board in front of what there is; returns it.

    Args:
        scene: where it goes.
        name: of the picture.
        pixels: (h, w, 4) uint8, from the top row down.
        picture: the path of its file, or the name of its image, to make it talk afterwards.
    """
    height, width = pixels.shape[:2]
    board = bpy.data.objects.new(f"{name} points", None)
    scene.collection.objects.link(board)
    board.empty_display_type, board.empty_display_size = "IMAGE", LONGER_SIDE
    board.data = appearance.packed_image(f"{name} points", png.encoded(png.without_plain_alpha(pixels)))
    board.location = stage.free_place(scene, width / max(width, height) * LONGER_SIDE)
    board.rotation_euler = (math.pi / 2, 0.0, 0.0)
    board.hide_render = True
    board[PICTURE] = picture
    for number, (label, place) in enumerate(POINTS):
        point = bpy.data.objects.new(label, None)
        scene.collection.objects.link(point)
        point.parent = board
        point.empty_display_type, point.empty_display_size = "SPHERE", 0.03 * LONGER_SIDE
        point.show_name = point.show_in_front = True
        point.lock_location = (False, False, True)
        point[_ORDER] = number
        put(board, number, place)
    return board


def board_of(scene: Any) -> Any:
    """The board of a scene; None where there is none."""
    return next((board for board in scene.objects if PICTURE in board and board.type == "EMPTY"), None)


def box_of_board(board: Any) -> np.ndarray:
    """(2, 3) lowest and highest world coordinates of a board's picture."""
    width, height = _size(board)
    half = np.array([width / max(width, height), 0.0, height / max(width, height)]) * LONGER_SIDE / 2
    middle = np.array(board.location)
    return np.stack([middle - half, middle + half])


def _points(board: Any) -> list[Any]:
    """Its points in their order."""
    points = [child for child in board.children if _number_of(child) is not None]
    return sorted(points, key=_number_of)


def _number_of(point: Any) -> Any:
    """Which of `POINTS` a point is; None for another object."""
    return whole(point.get(_ORDER), 0, len(POINTS) - 1)


def _size(board: Any) -> tuple[int, int]:
    width, height = board.data.size if board.data is not None else (0, 0)
    if not (width and height):
        raise TalkingAnimationError("The picture with the points has lost its image: place the points anew.")
    return int(width), int(height)


def put(board: Any, number: int, place: tuple[float, float]) -> None:
    """Put a point to a place, parts of the picture's width and height from its top left corner; a point that is gone, nowhere."""
    width, height = _size(board)
    scale = LONGER_SIDE / max(width, height)
    for point in _points(board):
        if _number_of(point) == number:
            point.location = ((place[0] - 0.5) * width * scale, (0.5 - place[1]) * height * scale, 0.0)


def place_under(board: Any, origin: Any, direction: Any) -> tuple[float, float] | None:
    """Where a ray in the world meets the board, as `put` takes it; None where it misses the picture."""
    inside = board.matrix_world.inverted_safe()
    start, along = inside @ Vector(origin), inside.to_3x3() @ Vector(direction)
    if abs(along.z) < 1e-9:
        return None
    met = start - along * (start.z / along.z)
    width, height = _size(board)
    scale = LONGER_SIDE / max(width, height)
    place = (met.x / (width * scale) + 0.5, 0.5 - met.y / (height * scale))
    return place if all(0 <= part <= 1 for part in place) else None


def pixels_of(board: Any) -> list[float]:
    """The eight numbers of a board's points: x and y in pixels from the picture's top left corner.

    Raises:
        TalkingAnimationError: where a point is gone, or they are no face.
    """
    width, height = _size(board)
    scale = LONGER_SIDE / max(width, height)
    inside = board.matrix_world.inverted_safe()
    points = [inside @ point.matrix_world.translation for point in _points(board)]
    if len(points) != len(POINTS):
        raise TalkingAnimationError("A point of the face was deleted: place the points anew.")
    places = np.array([(point.x / scale + width / 2, height / 2 - point.y / scale) for point in points])
    if (places < 0).any() or (places > (width, height)).any():
        raise TalkingAnimationError("A point lies outside of the picture: drag it onto the face.")
    eyes, corners = places[1] - places[0], places[3] - places[2]
    down = places[2:].mean(0) - places[:2].mean(0)
    below = eyes[0] * down[1] - eyes[1] * down[0]
    # In which order is left to the engine: of a face that lies or is upside down, left and right are not what they seem.
    if np.hypot(*eyes) < _LEAST or np.hypot(*corners) < 2 or abs(below) < _LEAST_BELOW * eyes @ eyes:
        raise TalkingAnimationError(
            "The four points are no face: put two on the eyes and two on the mouth's corners below them, each as its name says."
        )
    return [float(value) for value in places.ravel()]


def remove(board: Any) -> None:
    """Delete a board with its points and its image."""
    image = board.data
    bpy.data.batch_remove([*board.children, board])
    if image is not None and not image.users:
        bpy.data.images.remove(image)
