"""Flat shapes as pixels: a pixel is inside where a line to its left crosses the outline an odd number of times."""

from __future__ import annotations

import numpy as np
from versions import ends

from blender_addon.demo_character.flat_pixels import drawn
from blender_addon.demo_character.flat_shapes import Patch

BOX = (-1.0, -0.5, 1.0, 1.0)
SIZE = (24, 18)
RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def star(across: float, up: float, radius: float) -> np.ndarray:
    """Five corners, whose lines cross one another: the middle is outside."""
    turn = np.arange(5) * 4 * np.pi / 5 + 0.1
    return np.stack([across + radius * np.cos(turn), up + radius * np.sin(turn)], axis=1)


def share(outline: np.ndarray) -> np.ndarray:
    """(H, W): how much of each pixel is inside, a point at a time."""
    finer = 4
    result = np.zeros((SIZE[1], SIZE[0]))
    for row in range(SIZE[1] * finer):
        y = BOX[3] - (row + 0.5) * (BOX[3] - BOX[1]) / (SIZE[1] * finer)
        for column in range(SIZE[0] * finer):
            x = BOX[0] + (column + 0.5) * (BOX[2] - BOX[0]) / (SIZE[0] * finer)
            crossed = 0
            for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0)):
                if min(y0, y1) < y <= max(y0, y1):
                    crossed += x > x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            result[row // finer, column // finer] += (crossed % 2) / finer**2
    return result


@ends
def test_a_star_has_a_hole_and_may_lie_beyond_the_edge():
    for outline in (star(0.1, 0.2, 0.6), star(-0.9, 0.9, 0.5), star(0.0, 0.0, 3.0)):
        pixels = drawn([Patch(outline, RED)], BOX, SIZE)
        assert (pixels[..., 3] == np.rint(share(outline) * 255)).all()
        assert (pixels[pixels[..., 3] > 0][:, :3] == (255, 0, 0)).all()


def test_what_is_out_of_sight_or_flat_shows_nothing():
    gone = [star(5.0, 0.0, 0.5), star(0.0, -4.0, 0.5), np.array([[-1.0, 0.0], [1.0, 0.0], [0.5, 0.0]])]
    assert not drawn([Patch(outline, RED) for outline in gone], BOX, SIZE).any()
    assert not drawn([], BOX, SIZE).any()


def test_the_last_lies_in_front():
    square = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.0, 0.5]])
    wide = np.array([[-2.0, -1.0], [2.0, -1.0], [2.0, 2.0], [-2.0, 2.0]])
    pixels = drawn([Patch(wide, RED), Patch(square, BLUE)], BOX, SIZE)
    assert (pixels[8, 14, :3] == (0, 0, 255)).all() and (pixels[2, 2, :3] == (255, 0, 0)).all()
    assert (pixels[..., 3] == 255).all()
