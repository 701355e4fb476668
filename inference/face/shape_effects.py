"""What each ARKit shape does to the lips, by the measured table, and when weights let the lips touch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .arrays import Flags, Floats
from .dials import table
from .landmarks import LIPS
from .lids_and_lips import INNER_PAIRS
from .names import ARKIT_INDEX, ARKIT_NAMES
from .shape_table import load_basis

TOUCH = 0.008
"""Gap between the inner lips, in outer eye-corner distances (about 0.7 mm), up to which they count as touching."""
_UPPER, _LOWER = INNER_PAIRS[1]


@dataclass(frozen=True)
class Shapes:
    """What each of the 52 ARKit shapes does, and which dial it belongs to.

    Attributes:
        groups: (52,) name of the dial of each.
        across: (52,) float32, share of each shape's lip motion that goes to the sides, 0 to 1.
        opening: (52,) float32, how far each opens the gap between the inner lips at weight 1, negative for closing;
            outer eye-corner distances. 0 for all shapes that are not the lips' own.
        pressing: (52,) bool, lips pressed or rolled in.
        jaw, close: columns of ``jawOpen`` and ``mouthClose``.
    """

    groups: tuple[str, ...]
    across: Floats
    opening: Floats
    pressing: Floats
    jaw: int
    close: int


@lru_cache(maxsize=1)
def shapes() -> Shapes:
    """The shapes in Apple's order, by the measured table that ships."""
    deltas = load_basis().deltas
    rows = table()
    groups = tuple(
        next(row["dial"] for row in rows["groups"] if name.startswith(tuple(row["prefixes"])))
        for name in ARKIT_NAMES
    )
    energy = (deltas[:, LIPS, :2] ** 2).sum(axis=1)
    across = energy[:, 0] / np.maximum(energy.sum(axis=1), 1e-9)
    lips = np.array([group == "lips" for group in groups])
    opening = (deltas[:, _UPPER, 1] - deltas[:, _LOWER, 1]) * lips
    return Shapes(
        groups=groups,
        across=across.astype(np.float32),
        opening=opening.astype(np.float32),
        pressing=np.array([name.startswith(tuple(rows["pressing"])) for name in ARKIT_NAMES]),
        jaw=ARKIT_INDEX["jawOpen"],
        close=ARKIT_INDEX["mouthClose"],
    )


def lip_gap(arkit: Floats) -> Floats:
    """(T,) gap between the inner lips that (T, 52) weights make, outer eye-corner distances; negative: pressed."""
    return np.asarray(arkit @ shapes().opening)


def closed_frames(arkit: Floats) -> Flags:
    """(T,) bool: frames whose (T, 52) weights let the lips touch."""
    return lip_gap(arkit) <= TOUCH
