"""How loud somebody speaks, moment by moment: what is said softly after something loud is as much speech as the loud.

One reference for a whole recording makes a single line in ten minutes of silence, a word alone or a whisper after a shout
nothing. Here each stretch of sound has the level of its own loudest syllables for reference, up to `KEPT` dB louder where
its neighbours are: so the quiet and the loud of one sentence stay different.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np

from ..face.runs import runs_of
from ..face.smoothing import moving_average, rolling

NOTHING = -70.0  # dB of mel power: about -110 dBFS
RANGE = (-60.0, 20.0)  # dB beside the speech level that are told apart
SILENT = -58.0  # dB beside the speech level: nothing that a room or a breath makes
KEPT = 5.0  # dB that a stretch may lie below its neighbours

_TINY = 1e-10
_POOL = 10  # frames of 100 Hz that are looked at as one
_SMOOTH = 5  # frames that a click is spread over
_FLOOR_REACH = 100  # pools: the quietest within 10 s is the room
_ABOVE_FLOOR = 10.0  # dB
_PAUSE = 25  # frames: less is a stop consonant
_BRIEF = 10  # frames: a knock has no speech level
_SYLLABLES_REACH = 20  # pools: the loudest syllables within 2 s
_NEIGHBOURS_REACH = 40  # pools
_LOUDEST = 92  # percentile of a stretch's frames
_LOUD_SYLLABLES = 85  # and of its tenths of a second

_Of = Callable[..., Any]


class Levels:
    """How loud a recording is, frame by frame, found once for all who ask.

    Args:
        power: (T, 40) mel power at 100 Hz, as `features.mel_power` gives it.

    Attributes:
        level: (T,) float64 dB of each frame.
    """

    def __init__(self, power: np.ndarray) -> None:
        self.level = 10 * np.log10(power.sum(axis=1, dtype=np.float64) + _TINY)

    @cached_property
    def stretches(self) -> list[tuple[int, int]]:
        """See `sounding_stretches`."""
        return sounding_stretches(self.level)

    @cached_property
    def own(self) -> np.ndarray:
        """(T,) dB of the loudest syllables of each stretch; −inf where nothing stands out."""
        return _own_level(self.level, self.stretches)

    @cached_property
    def reference(self) -> np.ndarray:
        """(T,) see `speech_level`."""
        return _reference(self.level, self.own)

    @cached_property
    def relative(self) -> np.ndarray:
        """(T,) dB beside the speech level there, −60…20."""
        return np.clip(self.level - self.reference, *RANGE)

    @property
    def loudness(self) -> np.ndarray:
        """(T,) float32, 0 silent to 1 at the speech level nearby; linear in dB over 40 dB."""
        return np.clip(1 + self.relative / 40, 0, 1.2).astype(np.float32)

    @property
    def sounding(self) -> np.ndarray:
        """(T,) bool: not digitally silent, absolutely and beside the speech nearby."""
        return (self.relative > SILENT) & (self.relative + self.reference > NOTHING)

    @property
    def standing_out(self) -> np.ndarray:
        """(T,) bool: in a stretch of sound that stands out of the room; where none ever does, all that is no silence."""
        return np.isfinite(self.own) if self.stretches else self.level > NOTHING

    @property
    def effort(self) -> np.ndarray:
        """(T,) by how many dB what is said there is louder than most of what is said in the recording.

        0 where the recording has one loudness, and where nothing stands out.
        """
        told = self.standing_out
        if not self.stretches:
            return np.zeros(len(told))
        return np.interp(
            np.arange(len(told)), np.flatnonzero(told), self.own[told] - np.median(self.own[told])
        )


def speech_level(level: np.ndarray) -> np.ndarray:
    """The level that speech has around each frame.

    Args:
        level: (T,) dB at 100 Hz.

    Returns:
        (T,) dB. Where nothing stands out of the room it goes from one neighbour's to the other's; in a recording where nothing
        ever does, it is the level of the loudest twelfth.
    """
    return _reference(level, _own_level(level, sounding_stretches(level)))


def _own_level(level: np.ndarray, stretches: list[tuple[int, int]]) -> np.ndarray:
    own = np.full(len(level), -np.inf)
    for first, last in stretches:
        own[first:last] = _loudest_syllables(level[first:last])
    return own


def _reference(level: np.ndarray, own: np.ndarray) -> np.ndarray:
    told = np.isfinite(own)
    if not told.any():
        return np.full(len(level), np.percentile(level, _LOUDEST))
    around = _unpooled(rolling(_pooled(own, np.max), _NEIGHBOURS_REACH, np.max), len(level))
    reference = np.maximum(own[told], np.minimum(around[told], own[told] + KEPT))
    return np.interp(np.arange(len(level)), np.flatnonzero(told), reference)


def sounding_stretches(level: np.ndarray) -> list[tuple[int, int]]:
    """(first, last) frames of each stretch of sound that stands out of the room, with short gaps bridged.

    Args:
        level: (T,) dB at 100 Hz.
    """
    # Not by sums along the recording: a whisper after an hour of shouts is lost in their last digits.
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(10 ** (level / 10), _SMOOTH // 2, mode="edge"), _SMOOTH
    )
    smooth = 10 * np.log10(around.mean(axis=-1) + _TINY)
    floor = _unpooled(rolling(_pooled(smooth, np.min), _FLOOR_REACH, np.min), len(level))
    sounds = smooth > np.maximum(floor + _ABOVE_FLOOR, NOTHING)
    merged: list[list[int]] = []
    for first, last in runs_of(sounds).tolist():
        if merged and first - merged[-1][1] < _PAUSE:
            merged[-1][1] = last
        else:
            merged.append([first, last])
    return [(first, last) for first, last in merged if last - first >= _BRIEF]


def _loudest_syllables(level: np.ndarray) -> np.ndarray:
    """(T,) of one stretch → (T,) the level of its loudest syllables nearby."""
    if len(level) <= 2 * _SYLLABLES_REACH * _POOL:
        return np.full(len(level), np.percentile(level, _LOUDEST))
    pooled = _pooled(level, partial(np.percentile, q=_LOUDEST))
    high = rolling(pooled, _SYLLABLES_REACH, partial(np.percentile, q=_LOUD_SYLLABLES))
    return moving_average(_unpooled(high, len(level)), _SYLLABLES_REACH * _POOL)


def _pooled(values: np.ndarray, of: _Of) -> np.ndarray:
    missing = -len(values) % _POOL
    return np.asarray(of(np.pad(values, (0, missing), mode="edge").reshape(-1, _POOL), axis=1))


def _unpooled(values: np.ndarray, length: int) -> np.ndarray:
    return np.repeat(values, _POOL)[:length]
