"""A vowel that is held goes on being a voice for as long as it stays the same sound.

What tells a voice from a machine is how it moves. A vowel that lasts hardly does, and after a second it is as still as a
machine's tone; but it began as a voice, and nothing else has begun since.
"""

from __future__ import annotations

import numpy as np

from ...face.smoothing import moving_average
from ...hearing.steadiness import stands_still

_RATE = 50  # frames a second
_LOUD = -20.0  # dB beside the speech level: what lies below is the end of it
_BEGUN = 10  # frames in which a voice has to be sure
_SURE = 0.6  # how likely it has to be then
_FADES = np.exp(-1 / (_RATE * 10.0))  # each frame, so that nothing is taken for a voice for ever


def same_sound(power: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Where what sounds goes on as the same sound.

    Args:
        power: (T, 40) mel power at 50 Hz.
        reference: (T,) dB, the speech level there.

    Returns:
        (T,) bool.
    """
    loud = 10 * np.log10(power.sum(axis=1) + 1e-10) - reference > _LOUD
    return stands_still(power, reference, _RATE) & loud


def still_a_voice(likely: np.ndarray, lasts: np.ndarray) -> np.ndarray:
    """How likely a voice is heard, where what began as one lasts.

    Args:
        likely: (T,) 0…1 at 50 Hz, as the network tells it.
        lasts: (T,) bool, of `same_sound`.

    Returns:
        (T,) 0…1, nowhere less than ``likely``.
    """
    begun = moving_average(likely, _BEGUN)
    known, carried = 0.0, np.zeros(len(likely))
    for frame, (goes_on, now) in enumerate(zip(lasts.tolist(), begun.tolist())):
        known = max(now, known * _FADES) if goes_on else now
        carried[frame] = known
    return np.maximum(likely, np.where(carried > _SURE, carried, 0))
