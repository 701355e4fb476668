# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawn head with a mouth chart: nine mouths (A to H, X), eyes in three drawings and brows in three, as flat objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from .flat_shapes import Outline, Patch, between, ellipse, empty, flat

SKIN, HAIR, LINE = (0.87, 0.55, 0.36), (0.11, 0.05, 0.03), (0.06, 0.03, 0.03)
LIP, INSIDE, TEETH, TONGUE = (0.62, 0.16, 0.15), (0.14, 0.02, 0.03), (0.93, 0.91, 0.85), (0.73, 0.25, 0.25)
WHITE, IRIS, CHEEK, SHIRT = (0.95, 0.95, 0.93), (0.08, 0.28, 0.36), (0.87, 0.42, 0.30), (0.06, 0.25, 0.30)


@dataclass(frozen=True)
class Mouth:
    """One drawing of a mouth.

    Attributes:
        width: of its inside, metres.
        top, bottom: how far its inside goes above and below its middle.
        teeth: how much of the height above the middle the upper teeth fill, from 0 to 1; above 1 they show whole.
        tongue: how far up from the bottom the tongue reaches, of the whole height.
        smile: how far the corners stand above the middle.
    """

    width: float
    top: float
    bottom: float
    teeth: float = 0.0
    tongue: float = 0.0
    smile: float = 0.0


MOUTHS: Final[Mapping[str, Mouth]] = {
    "A": Mouth(0.40, 0.006, 0.006, smile=0.0),
    "B": Mouth(0.46, 0.045, 0.045, teeth=2.0, smile=0.01),
    "C": Mouth(0.46, 0.07, 0.12, teeth=0.6, tongue=0.3, smile=0.01),
    "D": Mouth(0.44, 0.10, 0.26, teeth=0.6, tongue=0.35),
    "E": Mouth(0.32, 0.09, 0.13, teeth=0.35, tongue=0.25),
    "F": Mouth(0.15, 0.06, 0.07),
    "G": Mouth(0.40, 0.05, 0.015, teeth=2.0),
    "H": Mouth(0.42, 0.08, 0.14, teeth=0.5, tongue=0.72, smile=0.01),
    "X": Mouth(0.44, 0.007, 0.007, smile=0.035),
}
"""Mouth cue → its drawing."""


def build_mouth_chart(scene: Any, location: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Any:
    """Add the drawn head to a scene; its names tell what each drawing is, so it talks without mapping.

    Args:
        scene: where it is added.
        location: of the middle of its face, metres; it faces -y and is 2.3 m tall.

    Returns:
        The empty that carries it.
    """
    root = empty(scene, "Drawn Head", None, location)
    flat(scene, "Drawn shoulders", [Patch(ellipse(0, -1.45, 1.7, 1.3), SHIRT)], root, layer=-4)
    flat(scene, "Drawn neck", [Patch(ellipse(0, -0.9, 0.5, 0.7), _dark(SKIN))], root, layer=-3)
    head = flat(scene, "Head", _face(), root)
    flat(scene, "Drawn hair", [Patch(ellipse(0, 0.25, 1.75, 1.75), HAIR)], head, layer=-2)
    ears = [Patch(ellipse(side * 0.76, -0.05, 0.28, 0.36), _dark(SKIN)) for side in (-1, 1)]
    flat(scene, "Drawn ears", ears, head, layer=-1)
    for letter, mouth in MOUTHS.items():
        _hidden(flat(scene, f"mouth {letter}", _mouth(mouth), head, (0.0, -0.48), 2), letter != "X")
    for state, open_share in (("open", 1.0), ("half", 0.5), ("shut", 0.0)):
        _hidden(flat(scene, f"eyes {state}", _eyes(open_share), head, (0.0, 0.06), 2), state != "open")
    for state, up, slope in (("neutral", 0.0, 0.0), ("up", 0.09, 0.02), ("down", -0.05, -0.06)):
        _hidden(flat(scene, f"brows {state}", _brows(up, slope), head, (0.0, 0.32), 3), state != "neutral")
    return root


def _hidden(drawing: Any, hide: bool) -> None:
    drawing.hide_viewport = drawing.hide_render = hide


def _dark(colour: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = colour
    return (red * 0.75, green * 0.7, blue * 0.7)


def _face() -> list[Patch]:
    across = np.linspace(-0.72, 0.72, 41)
    top = 0.8 - 0.5 * across**2
    fringe = between(across, top, np.minimum(top, 0.42 + 0.12 * np.cos(across * 9) - 0.1 * across))
    nose = np.array([(-0.03, 0.0), (0.07, -0.2), (0.02, -0.24), (-0.07, -0.22), (-0.06, -0.2), (0.01, -0.19)])
    return [
        Patch(ellipse(0, -0.12, 1.5, 1.7), SKIN),
        *(Patch(ellipse(side * 0.47, -0.33, 0.3, 0.2), CHEEK) for side in (-1, 1)),
        Patch(nose, _dark(SKIN)),
        Patch(fringe, HAIR),
    ]


def _mouth(mouth: Mouth) -> list[Patch]:
    across = np.linspace(-1.0, 1.0, 33)
    bow = np.sqrt(np.clip(1 - across**2, 0, 1))
    corners = mouth.smile * (2 * across**2 - 1)
    upper, lower = mouth.top * bow + corners, -mouth.bottom * bow + corners
    inside = across * mouth.width / 2
    patches = [
        Patch(_lips(mouth, across, bow, corners), LIP),
        Patch(between(inside, upper, lower), INSIDE),
    ]
    if mouth.tongue:
        reach = -mouth.bottom + mouth.tongue * (mouth.top + mouth.bottom)
        tip = reach - 0.5 * (inside / 0.3) ** 2 * (mouth.top + mouth.bottom)
        patches.append(Patch(between(inside, np.clip(tip, lower, upper), lower), TONGUE))
    if mouth.teeth:
        edge = mouth.top * (1 - mouth.teeth)
        patches.append(Patch(between(inside, upper, np.clip(edge, lower, upper)), TEETH))
    return patches


def _lips(mouth: Mouth, across: np.ndarray, bow: np.ndarray, corners: np.ndarray) -> Outline:
    thick = 0.03 + 0.02 * bow
    wide = across * (mouth.width / 2 + 0.03)
    return between(
        wide, mouth.top * bow + corners + thick * bow, -mouth.bottom * bow + corners - 1.3 * thick * bow
    )


def _eyes(open_share: float) -> list[Patch]:
    patches = []
    for side in (-0.31, 0.31):
        across = np.linspace(-0.16, 0.16, 25)
        bow = np.sqrt(np.clip(1 - (across / 0.16) ** 2, 0, 1))
        lower = -0.11 * bow
        upper = lower + 0.22 * bow * open_share
        where = across + side
        if open_share:
            patches.append(Patch(between(where, upper, lower), WHITE))
            for radius, colour in ((0.085, IRIS), (0.04, LINE)):
                patches.append(Patch(_disc(side, radius, lower.min() + 0.22 * open_share), colour))
        patches.append(Patch(between(where, upper + 0.03 * bow + 0.012, upper), LINE))
    return patches


def _disc(side: float, radius: float, ceiling: float) -> Outline:
    """An iris or a pupil, as far as the lid leaves it to be seen."""
    turn = np.linspace(-np.pi, 0, 25)
    across, height = radius * np.cos(turn), -radius * np.sin(turn)
    return between(across + side, np.minimum(height, max(ceiling - 0.012, -radius)), -height)


def _brows(up: float, slope: float) -> list[Patch]:
    across = np.linspace(-0.19, 0.19, 21)
    patches = []
    for side in (-1, 1):
        middle = up - slope * across * side / 0.19 - 0.9 * across**2
        thick = 0.03 * np.sqrt(np.clip(1.05 - (across / 0.19) ** 2, 0, 1))
        patches.append(Patch(between(across + side * 0.31, middle + thick, middle - thick), HAIR))
    return patches
