"""Tells pictures of a film that show the one before again: nothing more is learned from a film that stands still."""

from __future__ import annotations

import numpy as np

from ...face.arrays import Floats
from ...pictures.filling import Pixels
from ...portrait.boxes import Box

_SAME = 0.05
"""Levels of 255 by which a picture that is shown again differs once it is encoded; a face that keeps still differs by 0.16."""
_LONG = 0.25
"""Seconds from which on a picture is shown again: films at other rates show some twice, drawn ones each."""


class Standing:
    """Is shown a film's pictures one after the other.

    Attributes:
        count: how many have shown what had been shown for longer.
    """

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self.count = 0
        self._since = 0.0
        self._before: Pixels | None = None

    def for_longer(self, seconds: float, picture: Pixels, points: Floats | None) -> bool:
        """Whether a picture shows the same face as all before it for a quarter of a second.

        Args:
            seconds: since the film's beginning.
            picture: (H, W, 3).
            points: (N, 3) pixels, the face in it; None where none is seen, of which nothing is told.
        """
        if points is None or self._before is None or not _same(picture, self._before, points):
            self._since, self._before = seconds, None if points is None else picture
            return False
        longer = seconds - self._since > _LONG
        self.count += longer
        return longer


def _same(picture: Pixels, before: Pixels, points: Floats) -> bool:
    """Whether two pictures show the same around a face's points."""
    height, width = picture.shape[:2]
    box = Box.around(points).within(Box(0, 0, width, height))
    if picture.shape != before.shape or box.is_empty:
        return False
    now, then = (some[box.slices].astype(np.int16) for some in (picture, before))
    return float(np.abs(now - then).mean()) < _SAME
