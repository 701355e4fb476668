"""Teeth and tongues by name, as vendors and artists call them, and simple ones where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.faces.talk_ready.mouth_names import is_in_mouth
from blender_addon.faces.talk_ready.mouth_set import TONGUE, build


@pytest.mark.parametrize(
    "name",
    [
        "Upper_Teeth", "CC_Base_Tongue", "lowerTeeth.001", "Zunge", "Zähne", "TEETH", "m_gum", "Tooth2", "舌", "HG_TeethUpper",
    ],
)  # fmt: skip
def test_names_of_what_lies_in_mouths(name: str) -> None:
    assert is_in_mouth(name)


@pytest.mark.parametrize(
    "name", ["Head", "Chewinggummachine", "Legumes", "Toothless", "", "Mouth", "Prudent"]
)
def test_names_of_other_things(name: str) -> None:
    assert not is_in_mouth(name)


def face(width: float) -> np.ndarray:
    """The lips of a face, 68 points."""
    points = np.zeros((68, 3))
    angles = np.linspace(np.pi, -np.pi, 13)[:-1]
    points[48:60, :2] = np.stack([width / 2 * np.cos(angles), 0.2 * width * np.sin(angles)], axis=1)
    points[60:68, 0] = width * np.array([-0.4, -0.2, 0, 0.2, 0.4, 0.2, 0, -0.2])
    return points + [0.1, -0.6, 0.2]


@pytest.mark.parametrize("width", [0.05, 0.6, 40.0])
def test_teeth_and_tongue_fit_the_mouth(width: float) -> None:
    points = face(width)
    made = build(points, lambda name, places: np.full_like(places, 0.5 * (name == "jawOpen")))
    around = (made.points - [0.1, -0.6, 0.2]) / width
    assert np.abs(around[:, 0]).max() < 0.5 and around[:, 2].max() < -0.05
    tongue = np.unique(
        [index for face, kind in zip(made.faces, made.materials) if kind == TONGUE for index in face]
    )
    teeth = np.setdiff1d(np.arange(len(made.points)), tongue)
    upper = teeth[: len(teeth) // 2]
    jaw = made.offsets["jawOpen"]
    assert not jaw[upper].any() and (jaw[teeth[len(upper) :]] == 0.5).all() and (jaw[tongue] == 0.5).all()
    out = made.offsets["tongueOut"] / width
    assert not out[teeth].any() and out[tongue, 2].max() > 0.5 and (around + out)[tongue, 2].max() > 0.2
    root = tongue[np.argmin(around[tongue, 2])]
    assert np.abs(out[root]).max() < 0.05
    areas = [len(set(face)) == len(face) for face in made.faces]
    assert all(areas)
