"""Whether what was taken for a face is one: what isn't is found less surely, or elsewhere, when the picture changes a little.

A face of a photo is found again with a score of 0.9 and its points within 0.02 of the eyes' distance; sockets, wood knots and
cats' eyes with scores of 0.3 to 0.7, or with points that jump.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .crops import Picture, Square
from .detectors import detect
from .mesh import mesh_in, square_of
from .mesh_points import OUTER_CORNERS

CERTAIN = 0.66
"""Agreement from which on a face is taken for one."""

_LOOKS = (
    (0.0, 0.0, 1.0, True),
    (0.12, -0.08, 1.0, False),
    (-0.1, 0.1, 1.15, True),
    (0.05, 0.12, 0.85, False),
)
"""By how much of a face the picture's part that is looked at is moved to the right, down, and resized; whether mirrored."""

_AROUND = 2.2  # that part beside the face's square
_LEAST_SCORE = 0.1
_DISTANCE_COUNTS = 4.0

# Points with a partner on the other side of the face: brows, eyes, nose, mouth, cheeks.
_LEFT = np.array([105, 33, 133, 159, 145, 98, 61, 234, 93, 132])
_RIGHT = np.array([334, 263, 362, 386, 374, 327, 291, 454, 323, 361])
_MIDDLE = np.array([1, 4, 0, 17, 152, 10])
_POINTS = np.concatenate([_LEFT, _RIGHT, _MIDDLE])
_PARTNERS = np.concatenate([_RIGHT, _LEFT, _MIDDLE])


def agreement(picture: Picture, points: NDArray[np.float32]) -> float:
    """How surely a face is found again in its moved, resized and mirrored surroundings, 0 … 1: the detector's score, less
    four times how far its points then lie from where they were, in eyes' distances; the second lowest of four looks.

    Args:
        picture: (H, W, 3).
        points: (478, 3) the face that was found in it.
    """
    seen = points[_POINTS, :2]
    eyes = max(float(np.linalg.norm(points[OUTER_CORNERS[0], :2] - points[OUTER_CORNERS[1], :2])), 1e-6)
    best = 0.0
    for network in ("short_range", "full_range"):
        values: list[float] = []
        for score, again in _looks(picture, square_of(points), network):
            moved = np.inf if again is None else float(np.median(np.linalg.norm(again - seen, axis=1)))
            values.append(max(score - _DISTANCE_COUNTS * moved / eyes, 0.0))
            if sum(value < CERTAIN for value in values) > 1:
                break
        best = max(best, sorted(values)[1])
        if best >= CERTAIN:
            break
    return best


def _looks(
    picture: Picture, face: Square, network: str
) -> Iterator[tuple[float, NDArray[np.float64] | None]]:
    """The face looked for afresh: its score, and its points in the given picture's pixels; 0 and None where it isn't seen."""
    width = picture.shape[1]
    reversed_picture = np.ascontiguousarray(picture[:, ::-1])
    for x, y, size, mirrored in _LOOKS:
        shift = np.array([x, y]) * face.size @ face.axes
        part = Square(face.x + shift[0], face.y + shift[1], face.size * _AROUND * size, face.angle)
        if not mirrored:
            score, points = _face_in_part(picture, part, face, network)
            yield score, None if points is None else points[_POINTS]
            continue
        score, points = _face_in_part(reversed_picture, part.mirrored(width), face.mirrored(width), network)
        if points is not None:
            points = points[_PARTNERS] * (-1, 1) + (width, 0)
        yield score, points


def _face_in_part(
    picture: Picture, part: Square, face: Square, network: str
) -> tuple[float, NDArray[np.float64] | None]:
    """Score and (478, 2) points of the face that is detected in a part of the picture, if it is the one that is meant."""
    for detection in detect(picture, network, part, least=_LEAST_SCORE):
        square = detection.square()
        near = np.hypot(square.x - face.x, square.y - face.y) < 0.25 * face.size
        if near and 0.5 < square.size / face.size < 2:
            points, _ = mesh_in(picture, square)
            return detection.score, points[:, :2].astype(np.float64)
    return 0.0, None
