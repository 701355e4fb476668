"""Other voices and music behind somebody: turned down where nothing louder sounds, as a noise gate does.

The ear is made to hear what is said softly, and so hears each word of a crowd in the speaker's pauses. What is always there,
never goes silent and stays well below the speech is behind it. A clean recording has nothing there, and is left as it is, bit for
bit; so is one in steady noise, which the ear knows. A vowel that fades while it is held is no background: it stays the same
sound, which no crowd does.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from ..face.curves import ramp
from ..face.smoothing import moving_average, rolling
from .features import FEATURE_RATE
from .loudness import Levels
from .steadiness import stands_still

_SMOOTH = 5  # frames of 100 Hz
_SYLLABLE = 15  # frames on either side: the loudest within them is how loud something is there
_POOL = 10  # frames that are looked at as one
_REACH = 30  # pools: what is there all the time is what is there within 3 s
_LEAST = 5  # percentile of the level that is always there
_CLEAN, _NOISY = -36.0, -28.0  # dB beside the speech level: nothing behind, and something that counts
_STEADY, _LIVELY = 2.0, 4.0  # dB that its loudest rises above its least: noise, and what is livelier
_BEHIND, _BEFORE = 4.0, 12.0  # dB above the softest third of a second: still behind, and not
_SPOKEN = -12.0, -8.0  # dB beside the speech level: above, it is speech in any company
_HELD = 30  # frames that are judged together: a crowd stands still for a moment too
_STILL = 0.5, 0.9  # share of them that does: nothing, and a held vowel
_LOWERED = 25.0  # dB
_BLOCK = 4096  # frames handled at a time
_EDGE = 15  # frames in which it goes up and down


def background_lowered(power: np.ndarray, levels: Levels) -> np.ndarray:
    """What a recording sounds like without what is behind the speech.

    Args:
        power: (T, 40) mel power at 100 Hz.
        levels: of it.

    Returns:
        (T, 40); ``power`` itself where nothing is behind.
    """
    level = levels.relative
    pools = moving_average(level, _POOL)[::_POOL]
    always = _frames(rolling(pools, _REACH, partial(np.percentile, q=_LEAST)), len(level))
    there = ramp(always, _CLEAN, _NOISY)
    if not there.any():
        return power
    loudest = rolling(moving_average(level, _SMOOTH), _SYLLABLE, np.max)
    softest = _frames(rolling(loudest[::_POOL], _REACH, np.min), len(level))
    there = there * ramp(softest - always, _STEADY, _LIVELY)
    speech = np.maximum(ramp(loudest - softest, _BEHIND, _BEFORE), ramp(loudest, *_SPOKEN))
    still = stands_still(power, levels.reference, FEATURE_RATE).astype(np.float32)
    speech = np.maximum(speech, ramp(moving_average(still, _HELD), *_STILL))
    behind = moving_average(there * (1 - speech), _EDGE)
    if not behind.any():
        return power
    lowered = np.empty_like(power)  # each product of an hour is 120 MB before it is rounded
    for first in range(0, len(power), _BLOCK):
        part = slice(first, first + _BLOCK)
        lowered[part] = power[part] * 10 ** (-_LOWERED / 10 * behind[part])[:, None]
    return lowered


def _frames(pools: np.ndarray, length: int) -> np.ndarray:
    return np.repeat(pools, _POOL)[:length]
