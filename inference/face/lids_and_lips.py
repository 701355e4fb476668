"""Lids and lips as geometry: landmarks that are moved until an eye is shut or the lips meet, and lips that never cross."""

from __future__ import annotations

import numpy as np

from .arrays import Floats
from .curves import smooth_step

INNER_PAIRS = ((61, 67), (62, 66), (63, 65))
"""Inner lip points that meet: (upper, lower)."""

_SHUT_SECONDS = 0.050  # a frame of 24 fps always falls within it
_CLOSING_SHARE = 0.37  # of the rest of a blink: lids fall faster than they rise
_LID_PAIRS = (((43, 47), (44, 46)), ((37, 41), (38, 40)))  # (upper, lower) of the left and of the right eye
# The outer points that ride on each inner one.
_UPPER_OUTER = {61: (49, 50), 62: (51,), 63: (52, 53)}
_LOWER_OUTER = {67: (59, 58), 66: (57,), 65: (56, 55)}
_TOUCHING = (
    1e-4  # of the eyes' distance: a gap that nobody sees is none, however much the mouth is scaled later
)
_BESIDE_MIDDLE = 0.6
_SOFTNESS = 0.25  # of the least gap: over how much of it lips slow down
_UPPER_SHARE = 0.35  # the lower lip goes most of the way


def blinking(times: Floats, frames: int, fps: float, seconds: float, random: np.random.RandomState) -> Floats:
    """(T, 2) float32, 0 open to 1 shut, left and right eye: quick down, a moment shut, slower up.

    Args:
        times: seconds at which the lids are shut.
        frames, fps: length and rate of the animation.
        seconds: how long a blink lasts.
        random: no two blinks are alike.
    """
    moving = max(seconds - _SHUT_SECONDS, 0.05)
    closing, opening = moving * _CLOSING_SHARE, moving * (1 - _CLOSING_SHARE)
    result = np.zeros((frames, 2), np.float32)
    moment = np.arange(frames) / fps
    for time in times:
        speed = random.uniform(0.85, 1.25)
        lag = random.normal(0, 0.004)  # the lids of a person are never exactly together
        for eye, centre in enumerate((time, time + lag)):
            begin = centre - _SHUT_SECONDS / 2 - closing * speed
            end = centre + _SHUT_SECONDS / 2 + opening * speed
            first, last = np.searchsorted(moment, (begin, end))
            away = moment[first:last] - centre
            down = (away + _SHUT_SECONDS / 2 + closing * speed) / (closing * speed)
            up = (_SHUT_SECONDS / 2 + opening * speed - away) / (opening * speed)
            shape = np.minimum(smooth_step(down), smooth_step(up))
            result[first:last, eye] = np.maximum(result[first:last, eye], shape)
    return result


def shut_lids(landmarks: Floats, blink: Floats, neutral: Floats) -> None:
    """Move the lid points of (T, 68, 3) landmarks, in place, as far as (T, 2) blink values say.

    The upper lid does nearly all of the way; the lower one rises by a tenth.
    """
    for eye, pairs in enumerate(_LID_PAIRS):
        for upper, lower in pairs:
            gap = neutral[upper] - neutral[lower]
            landmarks[:, upper] -= 0.9 * blink[:, eye, None] * gap
            landmarks[:, lower] += 0.1 * blink[:, eye, None] * gap


def inner_lip_gap(landmarks: Floats) -> Floats:
    """(T,) height of the widest of the three gaps between inner lip points of (T, 68, 3) landmarks; negative: they cross."""
    gaps = [landmarks[:, upper, 1] - landmarks[:, lower, 1] for upper, lower in INNER_PAIRS]
    return np.asarray(np.max(gaps, axis=0))


def shut_lips(displacement: Floats, neutral: Floats, strength: Floats) -> None:
    """Take so much of the gap between the lips away, and all of a crossing or of a gap that nobody sees, in place.

    Args:
        displacement: (T, 68, 3) from the neutral face.
        neutral: (68, 3).
        strength: (T,) 0…1, 1 for lips that meet; or (T, 3), one for each of `INNER_PAIRS`.
    """
    for (upper, lower), share in zip(INNER_PAIRS, strength.T if strength.ndim == 2 else (strength,) * 3):
        gap = (neutral[upper] - neutral[lower] + displacement[:, upper] - displacement[:, lower])[:, 1]
        take = np.where((1 - share) * gap < _TOUCHING, gap, share * gap)
        for point in (upper, *_UPPER_OUTER[upper]):
            displacement[:, point, 1] -= _UPPER_SHARE * take
        for point in (lower, *_LOWER_OUTER[lower]):
            displacement[:, point, 1] += (1 - _UPPER_SHARE) * take


def part_lips(displacement: Floats, neutral: Floats, least: Floats) -> None:
    """Open lips that are nearly together to a least gap, softly, in place; wide ones stay as they are.

    Args:
        displacement: (T, 68, 3) from the neutral face.
        neutral: (68, 3).
        least: (T,) height of the gap between the middles of the lips; the pairs beside it have `_BESIDE_MIDDLE` of it.
    """
    for upper, lower in INNER_PAIRS:
        wanted = least * (1.0 if upper == INNER_PAIRS[1][0] else _BESIDE_MIDDLE)
        gap = (neutral[upper] - neutral[lower] + displacement[:, upper] - displacement[:, lower])[:, 1]
        soft = np.maximum(_SOFTNESS * wanted, 1e-6)
        parted = wanted + soft * np.logaddexp(0, (gap - wanted) / soft)
        more = np.where(wanted > 0, parted - gap, 0)
        for point in (upper, *_UPPER_OUTER[upper]):
            displacement[:, point, 1] += _UPPER_SHARE * more
        for point in (lower, *_LOWER_OUTER[lower]):
            displacement[:, point, 1] -= (1 - _UPPER_SHARE) * more


def level_lips(displacement: Floats, neutral: Floats) -> None:
    """Bring lips that nearly meet to one depth, in place: neither is further before the other than their gap is high.

    Args:
        displacement: (T, 68, 3) from the neutral face, lips that do not cross.
        neutral: (68, 3).
    """
    for upper, lower in INNER_PAIRS:
        apart = neutral[upper] - neutral[lower] + displacement[:, upper] - displacement[:, lower]
        gap, depth = np.maximum(apart[:, 1], 0), apart[:, 2]
        excess = depth - np.clip(depth, -gap, gap)
        displacement[:, upper, 2] -= 0.5 * excess
        displacement[:, lower, 2] += 0.5 * excess
