"""The 68 landmarks of one picture of a face, such as the front view of a character that the add-on draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..detection.mesh_points import MESH_TO_IBUG
from .tracker import track


def landmarks_of(picture: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """(68, 3) landmarks: pixels from the picture's middle, x right, y up, z to the viewer; None where no face is seen.

    Args:
        picture: (H, W, 3) RGB.

    Raises:
        EngineError: the networks' file is damaged (code ``bad_weights``).
    """
    seen = track([(0.0, picture)])
    return seen.points[0, MESH_TO_IBUG] if seen.tracked.any() else None
