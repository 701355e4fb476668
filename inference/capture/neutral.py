"""The face of a filmed person at rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..face.landmarks import CHIN, LIPS, mouth_width
from ..face.lids_and_lips import shut_lips

REST_GAP = 0.012
"""Between the inner lips, outer eye-corner distances: below this they touch (the tracker's own noise is 0.003)."""

_FEWEST = 0.08  # of the clip: so many frames with the mouth most shut count as rest
_OPEN_EYES = 0.15  # blink weight below which the lids are where they usually are


def lip_gap(landmarks: NDArray[np.floating]) -> NDArray[np.float64]:
    """(T, 68, 3) → (T,) mean height of the opening between the inner lips, negative where they cross."""
    upper, lower = landmarks[..., [61, 62, 63], 1], landmarks[..., [67, 66, 65], 1]
    return np.asarray((upper - lower).mean(axis=-1), np.float64)


def neutral_face(landmarks: NDArray[np.floating], blink: NDArray[np.floating]) -> NDArray[np.float32]:
    """The face that a person's motion is relative to: mouth shut and not pursed, eyes open, brows where they usually are.

    Args:
        landmarks: (T, 68, 3) head-stabilised.
        blink: (T, 2) 0 open … 1 shut.

    Returns:
        (68, 3) in the same unit, with the inner lips together.
    """
    seeing = blink.max(axis=1) < _OPEN_EYES
    face = np.median(landmarks[seeing] if seeing.any() else landmarks, axis=0)
    gap = lip_gap(landmarks)
    limit = max(REST_GAP, float(np.quantile(gap, _FEWEST)))
    shut = landmarks[gap <= limit]
    # Of the frames with the mouth shut, the middle half by width: pressed and pursed lips are no rest.
    width = mouth_width(shut)
    low, high = np.quantile(width, (0.25, 0.75))
    resting = shut[(width >= low) & (width <= high)]
    for part in (LIPS, CHIN):
        face[part] = np.median(resting[:, part], axis=0)
    moved = np.zeros((1, *face.shape))
    shut_lips(moved, face, np.ones(1))
    return (face + moved[0]).astype(np.float32)
