"""Films of high dynamic range, as phones make them, shown as any other film: their values would look grey and dark else."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Floats
from ..face.srgb import encoded

_PQ, _HLG, _WIDE = 16, 18, 9
"""Numbers of transfer functions, and of BT.2020's primaries, in ITU-T H.273."""
_TO_ORDINARY = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)
"""Linear BT.2020 to BT.709 (ITU-R BT.2407)."""
_WHITE = 203.0
"""Candelas of paper in such films (ITU-R BT.2408)."""
_HLG_WHITE, _SYSTEM = 0.75, 1.2
"""What paper is there in HLG, and how much steeper a screen shows light than it was (ITU-R BT.2100)."""
_BRIGHTNESS = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""How bright linear BT.709 is."""
_KNEE = 0.8
"""From which light on, paper being 1, what is brighter is pressed together."""
_STEPS, _BRIGHTEST = 1 << 14, 2
"""Steps of the tables for light of 1: a fifth of a level of sRGB in the dark; light from which on all is white."""
_TOGETHER = 1 << 16
"""Pixels handled at a time: what a core's cache holds."""


def in_ordinary_range(frame: Any, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3) a decoded picture in sRGB; one that is not of high dynamic range stays as it is.

    Args:
        frame: PyAV's, which says how its values are meant.
        picture: (H, W, 3) its values, 0 to 255.
    """
    transfer = int(getattr(frame, "color_trc", 0) or 0)
    if transfer not in (_PQ, _HLG):
        return picture
    wide = int(getattr(frame, "color_primaries", 0) or 0) == _WIDE
    mix = _TO_ORDINARY if wide else np.eye(3, dtype=np.float32)
    shown = np.empty(picture.shape, np.uint8)
    rows = max(1, _TOGETHER // picture.shape[1])
    for first in range(0, len(picture), rows):
        shown[first : first + rows] = _shown(picture[first : first + rows], transfer, mix)
    return shown


def _shown(values: NDArray[np.uint8], transfer: int, mix: Floats) -> NDArray[np.uint8]:
    """(h, W, 3) some rows in sRGB.

    Args:
        values: (h, W, 3) as the film has them.
        transfer: `_PQ` or `_HLG`.
        mix: (3, 3) from their light to BT.709's.
    """
    light = np.take(_light(transfer), values, mode="clip").reshape(-1, 3)  # "clip" is the fastest
    channels = np.maximum((_STEPS * mix) @ light.T, 0)
    if transfer == _HLG:
        channels *= (_BRIGHTNESS @ channels / _STEPS) ** (_SYSTEM - 1)
    return np.take(_pressed(), channels.astype(np.intp), mode="clip").T.reshape(values.shape)


@cache
def _pressed() -> NDArray[np.uint8]:
    """(`_STEPS` · `_BRIGHTEST`,) the sRGB value of light, 0 to 255: what is brighter than paper pressed together."""
    light = (np.arange(_STEPS * _BRIGHTEST) + 0.5) / _STEPS
    over = (light - _KNEE).clip(0)
    light = np.minimum(light, _KNEE) + (1 - _KNEE) * (1 - np.exp(-over / (1 - _KNEE)))
    return np.asarray(np.round(255 * encoded(light)), np.uint8)


@cache
def _light(transfer: int) -> Floats:
    """(256,) how much light a value stands for, paper being 1 (SMPTE ST 2084 and ITU-R BT.2100)."""
    value = np.arange(256) / 255
    if transfer == _PQ:
        root = value ** (1 / 78.84375)
        light = ((root - 0.8359375).clip(0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
        return np.asarray(light * 10_000 / _WHITE, np.float32)
    return np.asarray(_scene(value) / _scene(np.array(_HLG_WHITE)), np.float32)


def _scene(value: Floats) -> Floats:
    """(…) the light before the camera that a value of HLG stands for, 0 to 1."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    return np.asarray(np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12))
