"""The map by which a picture's relief is drawn: triangles that are pressed together."""

from __future__ import annotations

import numpy as np
import pytest

from inference.portrait.boxes import Box
from inference.portrait.relief_map import ReliefMap
from inference.portrait.sampling import Sampler
from inference.portrait.shown_picture import ShownPicture

pytest.importorskip("cv2")
SIDE, FOLD, WIDE = 40, 20.1, 12


def bands(columns, rows):
    """(M, 3) the triangles of a grid of so many columns and rows of points."""
    low = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).reshape(-1, 1)
    return np.concatenate([low + (0, 1, columns), low + (1, columns + 1, columns)])


@pytest.mark.parametrize("thin", [1e-3, 0.02, 0.3, 1.0])
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_pressed_together_shows_nothing_far_away(thin, turned):
    """A sheet with a fold of 12 pixels across it, which is seen from the side; its neighbours show what is beside it."""
    shown = [0, FOLD, FOLD + thin, SIDE]
    if turned:
        shown[1:3] = shown[2:0:-1]
    rows = np.linspace(0, SIDE, 9)
    points = np.array(
        [(x, y, x in shown[1:3]) for y in rows for x in shown], np.float32
    )  # nearest at the fold
    places = np.array([(x, y) for y in rows for x in (0, FOLD, FOLD + WIDE, SIDE + WIDE)], np.float32)
    ramp = np.broadcast_to(np.arange(SIDE + WIDE, dtype=np.uint8)[:, None], (SIDE, SIDE + WIDE, 3))
    picture = ShownPicture(np.ascontiguousarray(ramp), np.zeros(2, np.float32))
    triangles = bands(4, len(rows))
    relief = ReliefMap(triangles, places, Sampler())
    seen = relief.colours(picture, points, np.arange(len(triangles)), Box(0, 0, SIDE, SIDE))[..., 0].astype(
        int
    )
    across = np.arange(SIDE)
    assert np.abs(seen[:, :18] - across[:18]).max() <= 1
    assert np.abs(seen[:, 24:] - (across[24:] + WIDE)).max() <= 2
    # In between it goes from one side to the other, and nowhere beyond.
    assert seen[:, 18:24].min() >= 17 and seen[:, 18:24].max() <= 24 + WIDE
