"""Squares that are cut out of a picture, turned and put on the size that a network takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_STEPS = 32  # places between two pixels that are told apart, as OpenCV does, whose crops the networks were tried with


@dataclass(frozen=True)
class Square:
    """A square in a picture.

    Attributes:
        x, y: its middle, pixels from the picture's top-left corner, y down.
        size: length of its sides, pixels.
        angle: radians; positive turns its upright from up to the right, as a head that leans to the picture's right.
    """

    x: float
    y: float
    size: float
    angle: float = 0.0

    @property
    def axes(self) -> NDArray[np.float64]:
        """(2, 2) its own rightward and downward directions, as rows."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, sin], [-sin, cos]])

    def outward(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(…, 2) places in the square, 0 to 1 → pixels in the picture."""
        return np.asarray((points - 0.5) * self.size @ self.axes + (self.x, self.y))

    def mirrored(self, width: int) -> Square:
        """Where the square lies when left and right of the picture, so many pixels wide, are exchanged."""
        return Square(width - self.x, self.y, self.size, -self.angle)


def cut(picture: Picture, square: Square, pixels: int, *, beyond: str = "nearest") -> NDArray[np.float32]:
    """The square as (pixels, pixels, 3) float32, 0 to 255 in whole steps, linear between the picture's pixels.

    Args:
        picture: (H, W, 3).
        square: what to cut out; it may reach beyond the picture.
        pixels: width and height of the result.
        beyond: what lies outside of the picture: the ``nearest`` pixel, or ``black``.
    """
    height, width = picture.shape[:2]
    places = np.arange(pixels) / pixels
    if square.angle == 0:  # rows and columns can be looked up by themselves
        x = square.x + (places - 0.5) * square.size
        y = square.y + (places - 0.5) * square.size
        return _level(picture, x, y, beyond)
    grid = np.stack(np.meshgrid(places, places), axis=-1)
    x, y = np.moveaxis(square.outward(grid), -1, 0)
    (left, across), (top, down) = _parts(x), _parts(y)
    columns = [np.clip(left + step, 0, width - 1) for step in (0, 1)]
    rows = [np.clip(top + step, 0, height - 1) * width for step in (0, 1)]
    flat = picture.reshape(-1, picture.shape[2])
    corners = [[flat.take(row + column, axis=0).astype(np.float32) for column in columns] for row in rows]
    if beyond == "black":
        _blacken(corners, [left, left + 1], [top, top + 1], width, height)
    upper, lower = ((pair[0] + (pair[1] - pair[0]) * across[..., None]) for pair in corners)
    return np.asarray(np.rint(upper + (lower - upper) * down[..., None]))


def _level(
    picture: Picture, x: NDArray[np.float64], y: NDArray[np.float64], beyond: str
) -> NDArray[np.float32]:
    """As `cut`, for a square that is not turned: the picture at all x and y, (len(y), len(x), 3)."""
    height, width = picture.shape[:2]
    (left, across), (top, down) = _parts(x), _parts(y)
    first, last = np.clip([left.min(), left.max() + 1], 0, width - 1)
    part = picture[:, first : last + 1]
    upper, lower = (
        part[np.clip(top + step, 0, height - 1)].astype(np.float32)
        * (1 if beyond == "nearest" else _inside(top + step, height)[:, None, None])
        for step in (0, 1)
    )
    rows = upper + (lower - upper) * down[:, None, None]
    here, there = (
        rows[:, np.clip(left + step, first, last) - first]
        * (1 if beyond == "nearest" else _inside(left + step, width)[None, :, None])
        for step in (0, 1)
    )
    return np.asarray(np.rint(here + (there - here) * across[None, :, None]), np.float32)


def _parts(places: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The pixel before each place, and how far it lies behind that, 0 to 1."""
    steps = np.rint(places * _STEPS).astype(np.int64)
    return steps // _STEPS, ((steps % _STEPS) / _STEPS).astype(np.float32)


def _inside(places: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    return ((places >= 0) & (places < size)).astype(np.float32)


def _blacken(
    corners: list[list[NDArray[np.float32]]],
    columns: list[NDArray[np.int64]],
    rows: list[NDArray[np.int64]],
    width: int,
    height: int,
) -> None:
    for row, pair in zip(rows, corners, strict=True):
        for column, values in zip(columns, pair, strict=True):
            values *= (_inside(row, height) * _inside(column, width))[..., None]
