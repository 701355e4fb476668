# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of a live preview as they come, and which instant of them is shown: numbers only, no clock of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np

from ..contract import FaceAnimation

CONTEXT_SECONDS: Final = 0.6
"""Of motion before new frames that curves are made of as well: longer than a head takes to grow out of rest."""

_SPARE: Final = 0.02  # s that frames are there before they are shown
_BLOCKS: Final = 12  # that say how late blocks come
_IN_TIME: Final = 0.8  # of them
_PER_FRAME: Final = (
    "landmarks", "head_rotation", "head_translation", "eye_rotation", "blink", "arkit", "visemes",
)  # fmt: skip


class Pace:
    """When frames are shown that come in blocks, some sooner and some later: when most of the last blocks would be in time.

    A block that takes much longer holds the picture for that moment, and delays nothing after it.
    """

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=_BLOCKS)
        self._began = float("inf")

    @property
    def delay(self) -> float:
        """Seconds from a sound to the frame that shows it, without what the microphone itself takes; 0 before any block."""
        return self._lateness() - self._began if self._late else 0.0

    def arrived(self, clock: float, first: float, heard: float) -> None:
        """A block is there.

        Args:
            clock: seconds from anywhere on.
            first: instant of its first frame, seconds since the sound began.
            heard: how much sound the engine has heard, seconds.
        """
        self._late.append(clock - first)
        self._began = min(self._began, clock - heard)

    def shown(self, clock: float) -> float:
        """The instant that is to be shown, seconds since the sound began; below 0 before the first frame."""
        return clock - self._lateness() if self._late else -1.0

    def _lateness(self) -> float:
        """When the instant 0 is shown, by the clock."""
        return sorted(self._late)[int(_IN_TIME * (len(self._late) - 1))] + _SPARE


def joined(before: FaceAnimation | None, after: FaceAnimation) -> tuple[FaceAnimation, int]:
    """New frames with as much of what was before as their curves need.

    Args:
        before: what was returned for the frames before; None for the first ones, which are then held before they begin: curves
            grow out of rest of themselves, and that would be seen.
        after: the new frames, at least one.

    Returns:
        The motion, and how many frames of it were there before.
    """
    count = round(CONTEXT_SECONDS * after.fps)
    if before is None:
        held = {name: np.repeat(getattr(after, name)[:1], count, axis=0) for name in _PER_FRAME}
    else:
        held = {name: getattr(before, name)[max(len(before) - count, 0) :] for name in _PER_FRAME}
    parts = {name: np.concatenate([held[name], getattr(after, name)]) for name in _PER_FRAME}
    motion = replace(after, **parts)
    return motion, len(motion) - len(after)
