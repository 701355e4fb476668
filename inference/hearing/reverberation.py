"""Long echoes: what a church or a stairwell still says of a syllable is turned down under the next one.

Sound fades evenly in a room, so what is left of a moment a little later is known, and is taken out of the power of each
band (Lebart, Boucher and Denbigh 2001, *A new method based on spectral subtraction for speech dereverberation*). A recording that
falls silent quickly anywhere is left as it is, bit for bit: the ear knows rooms of up to a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.curves import ramp
from .loudness import Levels

_GROUPS = 8  # of bands: their falls are looked at
_FALL = 15  # frames of 100 Hz: how far a group falls and rises in them
_LOUD = -15.0  # dB beside the speech level: frames that falls are looked at from
_CLEAR = -20.0  # and groups
_KNOWN = 120  # frames of those: fewer say nothing of a room
_OFTEN, _SELDOM = 90, 98  # percentiles
_SLOW = 11.5, 10.0  # dB that they often fall: a short echo, if any, and a long one
_NEVER_FAST = 19.0, 16.0  # dB that they seldom fall: a vowel ends at once, and all that ends is slow
_FADES = 3.5, 5.0  # dB that they often fall: what lasts, and what fades
_ON = 1.0, 2.0  # dB that they go on falling in as many frames again: to a noise that stays, and in an echo
_SYLLABLES = 8.0, 10.0  # dB that they often rise: what is held or sung, and what is spoken in any room
_QUIET = 5, 25  # percentiles of the level
_FADING = 2.2, 3.2  # dB between them: a noise that stays, and an echo
_LATE = 9  # frames: what comes sooner helps to hear
_LEFT = 0.5  # of the power after so many: a room of 1.8 s; of 1 to 3 s does it as well
_LEAST = 0.05  # of the power that stays


def echoes_lowered(power: np.ndarray, echoing: float) -> np.ndarray:
    """What a recording sounds like without the late part of a long echo.

    Args:
        power: (T, 40) mel power at 100 Hz.
        echoing: 0…1, of `echo` in the whole recording, of which this may be a part.

    Returns:
        (T, 40); ``power`` itself where no long echo is.
    """
    if not echoing:
        return power
    share = _LEFT * echoing
    result = power.copy()
    for band in range(power.shape[1]):  # of an hour all together are too much
        smooth = np.maximum(_smooth(power[:, band, None])[:, 0], np.float32(1e-12))
        result[_LATE:, band] *= np.maximum(1 - share * smooth[:-_LATE] / smooth[_LATE:], _LEAST)
    return result


def echo(power: np.ndarray, levels: Levels) -> float:
    """0…1: whether a recording fades as slowly as in a room that echoes for much more than a second.

    Args:
        power: (T, 40) mel power at 100 Hz.
        levels: of it.
    """
    fall = falls(power, levels)
    if fall is None:
        return 0.0
    told = np.array([-fall.often, -fall.seldom, fall.often, fall.on, fall.rise, fall.quiet])
    down = [(-least, -most) for least, most in (_SLOW, _NEVER_FAST)]
    ends = np.array([*down, _FADES, _ON, _SYLLABLES, _FADING])
    return float(ramp(told, *ends.T).prod())


@dataclass(frozen=True)
class Falls:
    """How a recording fades, dB of groups of bands within 0.15 s.

    Attributes:
        often, seldom: how far they fall.
        on: how far they go on falling in the 0.15 s after it.
        rise: how far they rise.
        quiet: how much the level differs where it is quiet.
    """

    often: float
    seldom: float
    on: float
    rise: float
    quiet: float


def falls(power: np.ndarray, levels: Levels) -> Falls | None:
    """How a recording fades; None in one that is too short to tell.

    Args:
        power, levels: see `echo`.
    """
    loud = np.flatnonzero(levels.relative > _LOUD)
    loud = loud[(loud >= _FALL) & (loud < len(power) - 2 * _FALL)]
    groups = _smooth(power.reshape(len(power), _GROUPS, -1).sum(axis=2))
    decibels = 10 * np.log10(groups + 1e-10)
    here = decibels[loud]
    clear = here - levels.reference[loud, None] > _CLEAR
    if len(loud) < _KNOWN or not clear.any() or not levels.sounding.any():
        return None
    before, once, twice = ((here - decibels[loud + frames])[clear] for frames in (-_FALL, _FALL, 2 * _FALL))
    often, seldom = np.percentile(once, (_OFTEN, _SELDOM))
    on, rise = np.percentile(twice, _OFTEN) - often, np.percentile(before, _OFTEN)
    least, more = np.percentile(levels.relative[levels.sounding], _QUIET)
    return Falls(float(often), float(seldom), float(on), float(rise), float(more - least))


def _smooth(power: np.ndarray) -> np.ndarray:
    """(T, N) the mean over three frames; not by sums along the recording, in whose last digits what is soft is lost."""
    around = np.pad(power, ((1, 1), (0, 0)), mode="edge")
    return np.asarray((around[:-2] + around[1:-1] + around[2:]) / 3)
