"""Dials: how strongly, how smoothly and when each part of a finished animation moves.

What a person sees of a dial (its label, range and description) and which shapes it moves is in ``dials.json``;
`dial_curves` applies them. Needs no numpy, since the add-on reads this in a Blender that may have none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import shown

_TABLE = Path(__file__).with_name("dials.json")


@dataclass(frozen=True)
class Dials:
    """How a finished animation is to be changed; the defaults change nothing.

    Attributes:
        lips: gain of lips and jaw; 0 still, 1 as generated, 2 twice. So are the next four.
        head: gain of the head's rotation and translation (MakeItTalk's ``amp_pos``, for the head alone).
        brows: gain of brows, squints and widened eyes.
        blinks: gain of the lids.
        gaze: gain of the eyes' rotation.
        lips_across: further gain of the lips' motion to the sides (MakeItTalk's ``amp_lip_x``), 0 to 5.
        lips_up_down: further gain of lips and jaw up and down (MakeItTalk's ``amp_lip_y``), 0 to 5.
        mouth_closing: 0 lips that meet only touch, 1 as generated, 2 they press and lips that come near each other close.
        lips_shut: 0 as generated, 1 the lips meet whatever is said: a p, b or m that was not heard, a mouth that keeps shut.
        smoothing: seconds, full width at half maximum of the Gaussian that lips, jaw, brows and head are averaged with.
        offset: seconds by which the animation is delayed, in whole frames; negative: it comes earlier.
        brow: -1 brows drawn down, 0 as generated, 1 brows held up.
        smile: -1 corners of the mouth drawn down, 0 as generated, 1 a smile.
        energy: further gain of head and brows, and of lips and jaw by half as much; 0 to 2.
    """

    lips: float = 1.0
    head: float = 1.0
    brows: float = 1.0
    blinks: float = 1.0
    gaze: float = 1.0
    lips_across: float = 1.0
    lips_up_down: float = 1.0
    mouth_closing: float = 1.0
    lips_shut: float = 0.0
    smoothing: float = 0.0
    offset: float = 0.0
    brow: float = 0.0
    smile: float = 0.0
    energy: float = 1.0

    @property
    def up_down(self) -> float:
        """Whole gain of lips and jaw up and down."""
        return self.lips * self.lips_up_down * (1 + self.energy) / 2

    @property
    def plain(self) -> dict[str, float]:
        """The values by name, as files keep them."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(field.name for field in fields(Dials))


@dataclass(frozen=True)
class KeyedDials(Dials):
    """Dials some of which have another value at each frame; as plain numbers those are their furthest values.

    Attributes:
        tracks: (name, a value for each frame of the result) of those that change. Smoothing and offset never do.
    """

    tracks: tuple[tuple[str, tuple[float, ...]], ...] = ()

    @classmethod
    def of(cls, dials: Dials, tracks: dict[str, tuple[float, ...]]) -> Dials:
        """Dials with a value a frame for those named; the same ones where there is none.

        Args:
            dials: what the others are.
            tracks: by name, in any range: values out of a dial's range are taken as its end, what is no number as usual.
        """
        limits = {row["name"]: (row["minimum"], row["maximum"]) for row in rows()}
        clipped = {
            name: tuple(_within(value, *limits[name], getattr(Dials(), name)) for value in values)
            for name, values in tracks.items()
            if values
        }
        if not clipped:
            return dials
        furthest = {name: _furthest(values, getattr(Dials(), name)) for name, values in clipped.items()}
        return cls(**{**dials.plain, **furthest}, tracks=tuple(sorted(clipped.items())))


def _within(value: float, minimum: float, maximum: float, otherwise: float) -> float:
    """A value as far as a range goes; `otherwise` for what is no number."""
    return otherwise if math.isnan(value) else min(max(value, minimum), maximum)


def _furthest(values: tuple[float, ...], usual: float) -> float:
    """The one of some values that is the furthest from the usual one."""
    return max(values, key=lambda value: abs(value - usual))


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """``dials.json``: ``dials`` (name, label, description, unit, default and range of each), and which shapes they move."""
    contents: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return contents


def rows() -> list[dict[str, Any]]:
    """Name, label, description, unit, default and range of each dial, in the order of `Dials`."""
    described: list[dict[str, Any]] = table()["dials"]
    return described


def out_of_range(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first dial whose value it cannot have, and what it must be; None where all can be.

    Args:
        values: by name; those not named are as usual.
    """
    for row in rows():
        value = values.get(row["name"], row["default"])
        try:
            fits = row["minimum"] <= float(value) <= row["maximum"]
        except (TypeError, ValueError):
            fits = False
        if not fits:
            return row["name"], f"must be {row['minimum']:g} to {row['maximum']:g}, not {shown(value)}"
    return None
