# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard behind a talking animation, frame by frame: how loud it is, its mouth cues, shut lips and pauses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import bpy
import numpy as np

from ..characters.character import Character
from ..characters.remembered import frame_rate
from ..contract import file_digests
from ..contract.runs import runs_of
from ..errors import TalkingAnimationError
from ..inputs import loudness
from . import dial_keys
from .carried import record_of, shown_motion

_REST: Final = "X"
_PAUSE: Final = 0.25  # seconds of rest from which on it is called a pause


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard. Frames are scene frames, with fractions; an end is the first frame after.

    Attributes:
        start: frame of the first value of `loud`.
        pace: frames from one value to the next.
        loud: (T,) 0 to 1; zeros where the recording cannot be decoded.
        cues: (first, end, shape A to H or X).
        shut: (first, end) where the lips meet while something is said.
        pauses: (first, end) where nothing is said.
    """

    start: float
    pace: float
    loud: Any
    cues: tuple[tuple[float, float, str], ...] = ()
    shut: tuple[tuple[float, float], ...] = ()
    pauses: tuple[tuple[float, float], ...] = ()


def heard(character: Character, scene: Any) -> Heard | None:
    """What was heard behind a character's talking animation, its dials applied; None where it has none, or its motion is gone."""
    try:
        motion = shown_motion(character, scene)
    except TalkingAnimationError:
        return None
    fps, count = frame_rate(scene), len(motion)
    start, pace = dial_keys.place_of(character)

    def at(frames: float) -> float:
        return start + pace * frames

    cues = tuple((at(begin * fps), at(end * fps), shape) for begin, end, shape in motion.cues)
    pauses = tuple(
        (first, end) for first, end, shape in cues if shape == _REST and end - first >= _PAUSE * fps * pace
    )
    shut = tuple(
        (at(first), at(end))
        for first, end in runs_of(motion.closed)
        if not _within(at(first), at(end), pauses)
    )
    loud = _loud(record_of(character), count, fps)
    return Heard(start, pace, loud, cues, shut, pauses)


def _within(first: float, end: float, ranges: tuple[tuple[float, float], ...]) -> bool:
    """Whether a range of frames has its middle in one of others."""
    return any(begin <= (first + end) / 2 < stop for begin, stop in ranges)


def _loud(record: dict[str, Any], count: int, fps: float) -> Any:
    """(count,) how loud the recording, or the lines of a scene, are at each frame of a motion."""
    if not record.get("lines"):
        return _peaks(*_part(record), count, fps)
    result = np.zeros(count, np.float32)
    begins = float(record.get("start", 1))
    for line in record["lines"]:
        first = max(round(float(line.get("start", begins)) - begins), 0)
        left = count - first
        if left > 0:
            pace = fps / max(float(line.get("speed", 1.0)), 1e-3)
            np.maximum(result[first:], _peaks(*_part(line), left, pace), out=result[first:])
    return result


def _part(record: dict[str, Any]) -> tuple[str, file_digests.Stamp, float, float | None, float]:
    """Path, stamp, begin, seconds and lead of what a record says was listened to."""
    path = str(record.get("recording", ""))
    seconds = record.get("seconds")
    return (
        path,
        _stamp(path),
        float(record.get("begin") or 0.0),
        float(seconds) if seconds is not None else None,
        float(record.get("lead") or 0.0),
    )


def _stamp(path: str) -> file_digests.Stamp:
    try:
        return file_digests.stamp(bpy.path.abspath(path))
    except (OSError, ValueError):
        return ()


@lru_cache(maxsize=32)
def _peaks(
    path: str,
    stamp: file_digests.Stamp,
    begin: float,
    seconds: float | None,
    lead: float,
    count: int,
    fps: float,
) -> Any:
    """`loudness.peaks` of a part of a recording; kept, since decoding takes a while."""
    result = loudness.peaks(path, begin, lead, count, fps)
    if seconds is not None:
        result[round((seconds + lead) * fps) :] = 0.0
    return result
