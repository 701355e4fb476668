# SPDX-License-Identifier: GPL-3.0-or-later
"""What can move: each target's `apply(animation, character, settings)` says which keys make it move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..contract import Dials

if TYPE_CHECKING:
    import numpy as np


class Rest(Protocol):
    """Knows how a character is without its talking animation."""

    def __call__(self, datablock: Any, data_path: str, index: int) -> float:
        """A property's value."""

    def animated(self, datablock: Any, data_path: str) -> bool:
        """Whether the user's own NLA strips animate the property."""


@dataclass(frozen=True)
class TargetSettings:
    """What targets need to know.

    Attributes:
        dials: how strongly each part moves.
        rest: how the character is without its talking animation.
    """

    dials: Dials
    rest: Rest


@dataclass
class Channel:
    """One curve to write.

    Attributes:
        datablock: what it animates: an object or a Key.
        data_path, index: the property.
        group: title of its group in the animation editors.
        values: (N,) one value a frame from the start frame on, float32.
        rest: the property's value without the talking animation.
        over_others: may add to the user's own NLA strips below (rotations), instead of replacing them.
    """

    datablock: Any
    data_path: str
    index: int
    group: str
    values: np.ndarray
    rest: float
    over_others: bool = False


@dataclass
class Outcome:
    """What a target wants written, and what the user should know."""

    channels: list[Channel] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def driven_paths(datablock: Any) -> set[str]:
    """Data paths of a datablock that drivers own; keys on them would have no effect. Muted drivers own nothing."""
    data = datablock.animation_data
    return {driver.data_path for driver in data.drivers if not driver.mute} if data is not None else set()


# Seconds over which motion grows out of rest at the start frame, and returns to it after the recording's end.
FACE_EASE = (0.1, 0.3)
HEAD_EASE = (0.5, 0.5)
