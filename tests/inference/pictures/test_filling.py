"""What hangs together in a mask, and what it encloses."""

from __future__ import annotations

import numpy as np
import pytest

from inference.pictures.filling import flooded, labelled, without_holes

SHAPES = """
##..#.
.#.##.
.#....
.###.#
...###
"""


def mask_of(drawn: str) -> np.ndarray:
    return np.array([[letter != "." for letter in line] for line in drawn.split()])


def test_parts_are_numbered_as_they_are_read() -> None:
    expected = [
        [1, 1, 0, 0, 2, 0],
        [0, 1, 0, 2, 2, 0],
        [0, 1, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 1],
        [0, 0, 0, 1, 1, 1],
    ]
    assert labelled(mask_of(SHAPES)).tolist() == expected


def test_corners_alone_do_not_join() -> None:
    assert labelled(np.eye(3, dtype=bool)).max() == 3


@pytest.mark.parametrize("filled", [False, True])
def test_nothing_and_all(filled: bool) -> None:
    mask = np.full((4, 3), filled)
    assert (labelled(mask) == filled).all()
    assert (flooded(np.ones((4, 3), bool), mask) == mask).all()


def test_a_spiral_is_one_part() -> None:
    y, x = np.mgrid[-60:61, -60:61]
    spiral = (np.hypot(x, y) + np.arctan2(y, x) * 20 / (2 * np.pi)) % 20 < 9
    inner = np.zeros_like(spiral)
    inner[60, 62] = True
    outer = spiral & (np.hypot(x, y) > 55)
    assert spiral[60, 62] and (flooded(inner, spiral) & outer).any()
    cut = spiral & ~((np.abs(y) < 3) & (x < 0))
    assert not (flooded(inner, cut) & outer).any()


def test_places_outside_a_mask_begin_nothing() -> None:
    mask = mask_of(SHAPES)
    start = np.zeros_like(mask)
    start[0, 2] = start[1, 4] = True
    assert (flooded(start, mask) == (labelled(mask) == 2)).all()


def test_what_a_ring_encloses_is_filled() -> None:
    ring = mask_of("##### #...# #.#.# #...# #####")
    assert without_holes(ring).all()
    ring[4, 2] = False
    assert without_holes(ring).sum() == ring.sum()
