"""The veil that haze, fading or a pale scan lays over all of a picture: colours without it, and under it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Floats
from ..face.curves import smooth_step
from .filling import Pixels, luminance

_CLEAR, _VEILED = 0.6, 0.5
"""By how much of it what is dark in a picture is darker than what is bright: from here on there is no veil, and down to here all
of the darkest is veil. Photos, also dark, overexposed or old ones, have 0.7 and more.
"""
_OUTLIERS, _LOOKED_AT = 0.2, 256
"""Percent of what is dark and of what is bright that do not count; pixels across that are looked at."""
_WHITE = 255.0
_THICKEST = 0.95
"""Of the brightness of a face's lips that a veil has at most: they are not black themselves, however pale all else is."""
_MOST_COLOURED = 1.5
"""How many times as bright as its weakest a veil's channels are at most: the only colour of a picture is no haze."""


@dataclass(frozen=True)
class Haze:
    """A veil over a picture.

    Attributes:
        veil: (3,) sRGB 0 to 255, what black looks like under it; zeros where there is none. White stays white.
    """

    veil: Floats

    def without(self, colours: NDArray[Any]) -> Floats:
        """(…, 3) colours of the picture, 0 to 255, as they would be without it."""
        share = 1 - self.veil / _WHITE
        return np.asarray(((colours - self.veil) / share).clip(0, _WHITE), np.float32)

    def over(self, colours: NDArray[Any]) -> Floats:
        """(…, 3) colours that know nothing of it, as the picture would show them."""
        return np.asarray(self.veil + colours * (1 - self.veil / _WHITE), np.float32)


NO_HAZE = Haze(np.zeros(3, np.float32))


def haze_of(picture: Pixels, lips: Floats) -> Haze:
    """The veil over a picture: the colour of its darkest places, as far as these are too pale to be dark.

    Args:
        picture: (H, W, 3 or 4).
        lips: (3,) the colour of the lips in it, 0 to 255.
    """
    step = max(1, min(picture.shape[:2]) // _LOOKED_AT)
    colours = picture[::step, ::step, :3].reshape(-1, 3)
    bright = luminance(colours)
    dark, light = np.percentile(bright, (_OUTLIERS, 100 - _OUTLIERS))
    contrast = 1 - float(dark) / max(float(light), 1.0)
    amount = float(smooth_step(np.array((_CLEAR - contrast) / (_CLEAR - _VEILED))))
    if amount <= 0:
        return NO_HAZE
    veil = amount * np.median(colours[bright <= dark], axis=0)
    veil = np.minimum(veil, _MOST_COLOURED * veil.min())
    thinner = min(1.0, _THICKEST * float(luminance(lips)) / max(float(luminance(veil)), 1.0))
    return Haze(np.asarray((thinner * veil).clip(0, _WHITE - 5), np.float32))
