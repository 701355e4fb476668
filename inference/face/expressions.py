"""Emotion that is laid over speech: brows held up or down, a smile or its opposite, as ARKit weights."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .arrays import Floats
from .dial_strengths import Strengths
from .dials import table
from .names import ARKIT_INDEX, ARKIT_NAMES

_ROUNDED = 0.6  # so much of a smile gives way where the lips are rounded
_LIDS = ("eyeWide", "eyeSquint")  # what shut lids do not show


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[Floats, Floats]]:
    """(52,) weights of each expression at 1 and at -1."""
    rows = {}
    for name, ways in table()["expressions"].items():
        both = np.zeros((2, len(ARKIT_NAMES)), np.float32)
        for row, way in zip(both, ("up", "down")):
            for shape, weight in ways[way].items():
                row[ARKIT_INDEX[shape]] = weight
        rows[name] = (both[0], both[1])
    return rows


def expressed(arkit: Floats, by: Strengths) -> Floats:
    """ARKit weights with brow and smile laid over them.

    What is there goes on within what is left of each shape's range, and shapes of the opposite expression give way. Rounded lips
    smile less, and lids that are shut are neither widened nor squeezed.

    Args:
        arkit: (T, 52) weights in 0…1.
        by: their brow and smile.

    Returns:
        (T, 52) float32 in 0…1; the same array where nothing is expressed.
    """
    result = arkit
    if not (by.brow.any() or by.smile.any()):
        return result
    shown = _open(arkit)  # no expression moves the blinks that it depends on
    for name, amount in (("brow", by.brow), ("smile", by.smile)):
        if not amount.any():
            continue
        up, down = _rows()[name]
        if name == "smile":
            rounded = np.max(result[:, [ARKIT_INDEX["mouthPucker"], ARKIT_INDEX["mouthFunnel"]]], axis=1)
            amount = amount * (1 - np.float32(_ROUNDED) * rounded[:, None])
        rises, falls = np.maximum(amount, 0), np.maximum(-amount, 0)
        yielding = (rises * (down > up) + falls * (up > down)) * shown
        added = (rises * up + falls * down) * shown
        result = np.clip(result * (1 - yielding) + added * (1 - result), 0, 1).astype(np.float32)
    return result


def _open(arkit: Floats) -> Floats:
    """(T, 52) 1, but for what the lids do: less the further they are shut."""
    shown = np.ones_like(arkit)
    for side in ("Left", "Right"):
        for shape in _LIDS:
            shown[:, ARKIT_INDEX[shape + side]] = 1 - np.clip(arkit[:, ARKIT_INDEX["eyeBlink" + side]], 0, 1)
    return shown
