"""The 68 landmarks of one picture of a face, such as the front view of a character that the add-on draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..detection.detectors import detect
from ..detection.faces import face_in
from ..detection.mesh_points import MESH_TO_IBUG
from .tracker import track

_NETWORKS = ("short_range", "full_range")


def landmarks_of(picture: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """(68, 3) landmarks: pixels from the picture's middle, x right, y up, z to the viewer; None where no face is seen.

    Args:
        picture: (H, W, 3) RGB.

    Raises:
        EngineError: the networks' file is damaged (code ``bad_weights``).
    """
    seen = track([(0.0, picture)])
    return seen.points[0, MESH_TO_IBUG] if seen.tracked.any() else None


def landmarks_of_views(
    views: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Landmarks in each of some views of one thing, such as a head drawn from four sides: a quick look, upright faces only.

    Args:
        views: (V, H, W, 3) RGB.

    Returns:
        (V, 68, 3) landmarks as `landmarks_of` gives them, NaN where no face is seen, and (V,) how surely one is, 0 to 1.

    Raises:
        EngineError: the networks' file is damaged (code ``bad_weights``).
    """
    middle = np.array([views.shape[2] / 2, views.shape[1] / 2, 0.0])
    points = np.full((len(views), len(MESH_TO_IBUG), 3), np.nan)
    sure = np.zeros(len(views))
    for index, view in enumerate(views):
        picture = np.ascontiguousarray(view)
        finds = [one for network in _NETWORKS for one in detect(picture, network)]
        for detection in sorted(finds, key=lambda one: -one.score)[:2]:
            face = face_in(picture, detection.square(), detection.score, rounds=2)
            if face is not None:
                points[index] = (face.points[MESH_TO_IBUG] - middle) * [1, -1, -1]
                sure[index] = detection.score
                break
    return points, sure
