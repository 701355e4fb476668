# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be written: curves of properties, with the values that they have at rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np


class Rest(Protocol):
    """Knows how a character is without its talking animation."""

    def __call__(self, datablock: Any, data_path: str, index: int) -> float:
        """A property's value."""

    def animated(self, datablock: Any, data_path: str) -> bool:
        """Whether the user's own NLA strips animate the property."""


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
        held: each value stands until the next, whatever the key style (a drawing, a tick): keys are where it changes.
        begin: of a control, which several may move: the value at which it shows nothing. None for what one alone moves.
    """

    datablock: Any
    data_path: str
    index: int
    group: str
    values: np.ndarray
    rest: float
    over_others: bool = False
    held: bool = False
    begin: float | None = None

    @property
    def place(self) -> tuple[Any, str, int]:
        """The property."""
        return self.datablock, self.data_path, self.index


def each_once(channels: Iterable[Channel]) -> list[Channel]:
    """One curve for each property: the first, but for controls that several move, which go as far as the furthest asks.

    Up and down apart: a control whose two ways are the jaw and a smile shows both.
    """
    by_place: dict[tuple[Any, str, int], Channel] = {}
    for channel in channels:
        known = by_place.setdefault(channel.place, channel)
        if known is not channel and known.begin is not None and channel.begin is not None:
            ways = np.stack([known.values - known.begin, channel.values - channel.begin])
            values = known.begin + ways.max(axis=0).clip(min=0) + ways.min(axis=0).clip(max=0)
            by_place[channel.place] = replace(known, values=values.astype(np.float32))
    return list(by_place.values())


def can_be_animated(datablock: Any) -> bool:
    """Whether a datablock can carry keys: collections, images and texts cannot."""
    return hasattr(datablock, "animation_data")


def drivers_of(datablock: Any) -> Sequence[Any]:
    """A datablock's drivers (FCurves), muted ones too; none where it cannot have any."""
    data = getattr(datablock, "animation_data", None)
    drivers: Sequence[Any] = data.drivers if data is not None else ()
    return drivers


def driven_paths(datablock: Any) -> set[str]:
    """Data paths of a datablock that drivers own; keys on them would have no effect. Muted drivers own nothing."""
    return {driver.data_path for driver in drivers_of(datablock) if not driver.mute}
