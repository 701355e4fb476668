"""Where a text is what is heard, and where it is not: whole stretches, as a script has lines that were changed."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

FITS: Final = -0.35
"""`Aligned.agreement`, by frame of speech, of a text that is what is said. Chosen on flite's awb and kal16 (Harvard sentences and
sentences rich in p, b, m), on GRID's s1 and on speechocean762's part train, each with its own text and with others':
docs/lip-sync.md."""
_TURN: Final = 22.0
"""What it costs that a text begins to fit, or ends: others' texts fit by chance with 15 at most, over a second or two. Chosen on
the same recordings."""
_PAUSE: Final = -math.log(0.5)
"""Added to the agreement of a frame that is rather a pause, and never speaks for a text: written as one, it tells nothing against
it, however long it lasts."""


def fitting(agreement: np.ndarray, speech: np.ndarray) -> np.ndarray:
    """(T,) bool: the frames in which a text is what is said.

    Each frame speaks for the text or against it; of all ways to part a recording in stretches that fit and stretches that do not
    the one is taken for which most speaks, where each change costs.

    Args:
        agreement: (T,), see `Aligned`.
        speech: (T,) bool, frames in which somebody speaks.
    """
    gains = np.where(speech, agreement - FITS, np.minimum(agreement + _PAUSE, 0)).tolist()
    without = within = 0.0
    came_in, went_out = np.zeros(len(gains), bool), np.zeros(len(gains), bool)
    for frame, gain in enumerate(gains):
        came_in[frame], went_out[frame] = without - _TURN > within, within - _TURN > without
        without, within = max(without, within - _TURN), max(within, without - _TURN) + gain
    fits = np.zeros(len(gains), bool)
    inside = within >= without
    for frame in range(len(gains) - 1, -1, -1):
        fits[frame] = inside
        inside = not came_in[frame] if inside else bool(went_out[frame])
    return fits
