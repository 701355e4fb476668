"""Dials: how strongly, how smoothly and when each part of a finished animation moves.

What a person sees of a dial (its label, range and description) and which shapes it moves is in ``dials.json``;
`dial_curves` applies them. Needs no numpy, since the add-on reads this in a Blender that may have none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

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
        smoothing: seconds, full width at half maximum of the Gaussian that lips, jaw, brows and head are averaged with.
        offset: seconds by which the animation is delayed, in whole frames; negative: it comes earlier.
    """

    lips: float = 1.0
    head: float = 1.0
    brows: float = 1.0
    blinks: float = 1.0
    gaze: float = 1.0
    lips_across: float = 1.0
    lips_up_down: float = 1.0
    mouth_closing: float = 1.0
    smoothing: float = 0.0
    offset: float = 0.0

    @property
    def across(self) -> float:
        """Whole gain of the lips to the sides."""
        return self.lips * self.lips_across

    @property
    def up_down(self) -> float:
        """Whole gain of lips and jaw up and down."""
        return self.lips * self.lips_up_down

    @property
    def shapes_lips(self) -> bool:
        """Whether the dials change the lips at all, other than when they move."""
        return (self.across, self.up_down, self.mouth_closing, self.smoothing) != (1.0, 1.0, 1.0, 0.0)


NAMES = tuple(field.name for field in fields(Dials))


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """``dials.json``: ``dials`` (name, label, description, unit, default and range of each), and which shapes they move."""
    contents: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return contents


def rows() -> list[dict[str, Any]]:
    """Name, label, description, unit, default and range of each dial, in the order of `Dials`."""
    described: list[dict[str, Any]] = table()["dials"]
    return described


def checked(**values: float) -> Dials:
    """Dials of these values; those not named keep their default.

    Raises:
        ValueError: for a value out of its range; the text names it.
    """
    for row in rows():
        value = values.get(row["name"], row["default"])
        if not row["minimum"] <= value <= row["maximum"]:
            raise ValueError(f"{row['name']} must be {row['minimum']:g} to {row['maximum']:g}, not {value:g}")
    return Dials(**values)
