"""Crests that a recording lost where it was too loud: put back before anybody listens.

A microphone that is overdriven cuts every wave off at one level. What is left has flat tops with sharp corners, and the
corners sound in all bands. Where the samples of a moment crowd at its highest level, as no voice's do, each flat top gets a
cubic that goes on as steeply as the wave came and went (Hermite; compare Abel and Smith 1991 and Harvilla and Stern 2014 on
clipped speech), and from there what the sound around it predicts (`prediction.py`). A recording that is not clipped is left
as it is, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..face.runs import runs_of
from .audio import SAMPLE_RATE
from .prediction import REACH, predicted

_BLOCK = SAMPLE_RATE // 4  # samples that are judged together
_PIECE = 64 * _BLOCK  # handled at a time: an hour never stands in memory twice more
_LOUD = 0.25  # of the recording's highest sample: what never comes near it was not too loud
_SHARP = (0.985, 0.9)  # of the highest sample: at it, and near it, where tops are flat
_WAVY = (
    0.92,
    0.7,
)  # the same of the level at which waves were cut off, where another rate or mp3 made tops wavy
_FLAT = 0.7  # of the highest sample: that level is the middle of what lies above
_SUSPECT = (0.8, 0.5)  # of it: where fewer are above the first than between the two, nothing was cut off
_CROWDED = 2.5  # times as many at it as near it: a sine has 0.6 and 1.8, voices have 0.3 and 2.3 at most
_FEWEST = 16  # samples at it: less is one wave's
_CUT = 0.95  # of that level: what lies above is one top, however wavy
_AROUND = 12  # blocks on either side in which the same level holds
_LOUDER = 1.15  # times the level: what is higher was not cut off there
_LONGEST = SAMPLE_RATE // 100  # samples: no voice stays above so long
_RAISED = 4.0  # times the level, at most: 12 dB


def crests_restored(samples: np.ndarray, progress: Callable[[float], None] | None = None) -> np.ndarray:
    """What a clipped recording was like before.

    Args:
        samples: (N,) float32, 16 kHz.
        progress: told 0…1, and may raise to stop: a recording that is clipped throughout takes seconds a minute.

    Returns:
        (N,) float32; ``samples`` itself where nothing is clipped, else up to four times as high as it.
    """
    levels = {sign: _clipping_level(samples, sign) for sign in (1, -1)}
    if not any(np.isfinite(level).any() for level in levels.values()):
        return samples
    result, cut = samples.copy(), np.zeros(len(samples), np.int8)
    for sign, level in levels.items():
        for first in range(0, len(samples), _PIECE):
            here = level[first // _BLOCK : (first + _PIECE) // _BLOCK]
            if np.isfinite(here).any():
                piece = slice(first, first + _PIECE)
                _restore(result[piece], cut[piece], sign, np.repeat(here, _BLOCK)[: len(result[piece])])
    for first in range(0, len(samples), _PIECE):
        if cut[first : first + _PIECE].any():
            before = min(first, REACH)
            piece = slice(first - before, first + _PIECE + REACH)
            restored = _predicted(result[piece], samples[piece], cut[piece])
            result[first : first + _PIECE] = restored[before : before + _PIECE]
        if progress is not None:
            progress(min(1.0, (first + _PIECE) / len(samples)))
    return result


def _clipping_level(samples: np.ndarray, sign: int) -> np.ndarray:
    """(blocks,) float32 at what level the tops of the waves are cut off; infinite where they are not."""
    loud = _LOUD * float(samples.max(initial=0) if sign > 0 else -samples.min(initial=0))
    pieces = [
        _levels(sign * samples[first : first + _PIECE], loud) for first in range(0, len(samples), _PIECE)
    ]
    level, highest = np.concatenate(pieces, axis=1) if pieces else np.zeros((2, 0), np.float32)
    if not np.isfinite(level).any():
        return level
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(level, _AROUND, constant_values=np.inf), 2 * _AROUND + 1
    ).min(axis=1)
    return np.where(np.isfinite(level) | (highest > _LOUDER * around), level, around)


def _levels(samples: np.ndarray, loud: float) -> np.ndarray:
    """(2, blocks) float32: the level where it shows, else infinite; and the highest sample, which has to be so loud."""
    blocks = np.pad(samples, (0, -len(samples) % _BLOCK)).reshape(-1, _BLOCK)
    highest = blocks.max(axis=1)
    level = np.where((highest > loud) & _crowds(blocks, highest, *_SHARP), highest, np.float32(np.inf))
    high, more = ((blocks > share * highest[:, None]).sum(axis=1) for share in _SUSPECT)
    for block in np.flatnonzero((highest > loud) & ~np.isfinite(level) & (2 * high > more)):
        values = blocks[block]
        cut = np.median(values[values > _FLAT * highest[block]])
        if _crowds(values[None], cut[None], *_WAVY)[0]:
            level[block] = cut
    return np.stack([level, highest])


def _crowds(blocks: np.ndarray, level: np.ndarray, at: float, near: float) -> np.ndarray:
    """(blocks,) bool: whether the samples of (blocks, N) crowd at (blocks,) a level, so large shares of it."""
    above, around = ((blocks > share * level[:, None]).sum(axis=1) for share in (at, near))
    return (above >= _FEWEST) & (above > _CROWDED * (around - above))


def _restore(samples: np.ndarray, cut: np.ndarray, sign: int, level: np.ndarray) -> None:
    """Put crests on the flat tops above a (N,) level, in place; (N,) ``cut`` is told their sign there, and stays 0 elsewhere."""
    runs = runs_of(sign * samples > _CUT * level)
    inside = (runs[:, 0] > 1) & (runs[:, 1] < len(samples) - 1)
    first, last = runs[inside & (runs[:, 1] - runs[:, 0] <= _LONGEST)].T
    if not len(first):
        return
    before, after = sign * samples[first - 1], sign * samples[last]
    rise = np.maximum(before - sign * samples[first - 2], 0)
    fall = np.maximum(after - sign * samples[last + 1], 0)
    lengths = last - first
    step = lengths + 1
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.repeat(first, lengths) + offsets
    each = np.repeat(np.arange(len(first)), lengths)
    t = ((offsets + 1) / step[each]).astype(np.float32)
    crest = (
        before[each] * (2 * t**3 - 3 * t**2 + 1)
        + (step * rise)[each] * (t**3 - 2 * t**2 + t)
        + after[each] * (3 * t**2 - 2 * t**3)
        + (step * fall)[each] * (t**2 - t**3)
    )
    crest = np.minimum(crest, _RAISED * level[places])
    samples[places] = sign * np.maximum(crest, sign * samples[places])
    cut[places] = sign


def _predicted(restored: np.ndarray, clipped: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """(N,) samples with crests as what is around them predicts them, from no lower than what was clipped (N,) up."""
    lowest = np.abs(clipped)
    higher = _RAISED * lowest
    return predicted(
        restored, cut != 0, np.where(cut > 0, lowest, -higher), np.where(cut > 0, higher, -lowest)
    )
