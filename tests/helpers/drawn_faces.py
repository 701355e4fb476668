"""A face drawn by code, and things that look a little like one: what a detector is tried on where no photo is."""

from __future__ import annotations

import numpy as np

Colour = tuple[float, float, float]


def disc(
    picture: np.ndarray,
    middle: tuple[float, float],
    radii: tuple[float, float],
    colour: Colour,
    soft: float = 1.5,
) -> None:
    """Paint an ellipse with a soft edge of so many pixels into a float picture; lengths are shares of its width."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    x, y = (columns - middle[0] * width) / radii[0], (rows - middle[1] * width) / radii[1]
    inside = (1 - np.hypot(x, y) / width) * min(radii) * width
    mask = np.clip(inside / soft + 0.5, 0, 1)[..., None]
    picture[:] = picture * (1 - mask) + np.array(colour) * mask


def grainy(picture: np.ndarray, amount: float) -> np.ndarray:
    """The picture as uint8, with a sensor's noise."""
    noise = np.random.RandomState(0).normal(0, amount, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def canvas(size: int, colour: Colour) -> np.ndarray:
    """A float picture of one colour."""
    return np.full((size, size, 3), colour, np.float64)


def face(size: int = 400) -> np.ndarray:
    """(size, size, 3) uint8: a person from the front, about as a painter of signs would do it."""
    out = canvas(size, (150, 170, 185))
    disc(out, (0.5, 1.05), (0.42, 0.27), (60, 70, 110))  # clothes
    disc(out, (0.5, 0.38), (0.25, 0.29), (55, 38, 28), 4)  # hair
    disc(out, (0.5, 0.75), (0.09, 0.14), (190, 140, 115), 3)  # neck
    disc(out, (0.5, 0.46), (0.2, 0.27), (224, 178, 150), 4)
    disc(out, (0.5, 0.2), (0.19, 0.09), (55, 38, 28), 4)
    for side in (-1, 1):
        x = 0.5 + side * 0.085
        disc(out, (x, 0.415), (0.05, 0.035), (200, 150, 125), 6)  # sockets' shade
        disc(out, (x, 0.36), (0.05, 0.011), (70, 48, 35), 3)
        disc(out, (x, 0.42), (0.037, 0.018), (245, 243, 240))
        disc(out, (x, 0.42), (0.016, 0.016), (80, 60, 45))
        disc(out, (x, 0.42), (0.007, 0.007), (12, 10, 10))
        disc(out, (x, 0.405), (0.04, 0.006), (60, 42, 36))  # lashes
        disc(out, (0.5 + side * 0.02, 0.537), (0.011, 0.007), (130, 85, 70), 2)  # nostrils
        disc(out, (0.5 + side * 0.028, 0.53), (0.014, 0.017), (205, 155, 130), 4)
    disc(out, (0.5, 0.5), (0.02, 0.04), (233, 190, 163), 8)
    disc(out, (0.5, 0.62), (0.066, 0.024), (185, 95, 92), 2)
    disc(out, (0.5, 0.614), (0.062, 0.004), (110, 50, 50), 1)
    return grainy(out, 3)


def wall_socket(size: int = 400) -> np.ndarray:
    """A round plug socket with two holes."""
    out = canvas(size, (205, 205, 205))
    out[int(0.15 * size) : int(0.85 * size), int(0.15 * size) : int(0.85 * size)] = 238
    disc(out, (0.5, 0.5), (0.27, 0.27), (225, 225, 225))
    disc(out, (0.5, 0.5), (0.24, 0.24), (212, 212, 214))
    for x in (0.41, 0.59):
        disc(out, (x, 0.5), (0.028, 0.028), (30, 30, 30))
    disc(out, (0.5, 0.62), (0.018, 0.018), (120, 120, 120))
    for x in (0.275, 0.725):
        out[int(0.48 * size) : int(0.52 * size), int((x - 0.025) * size) : int((x + 0.025) * size)] = 150
    return grainy(out, 3)


def surprised_socket(size: int = 400) -> np.ndarray:
    """A plug socket with two slits and a round hole below them."""
    out = canvas(size, (220, 220, 220))
    disc(out, (0.5, 0.5), (0.3, 0.3), (245, 242, 235), 3)
    for x in (0.4, 0.575):
        out[int(0.38 * size) : int(0.485 * size), int(x * size) : int((x + 0.025) * size)] = 40
    disc(out, (0.5, 0.61), (0.045, 0.045), (45, 45, 45))
    return grainy(out, 3)


def cats_eye(size: int = 400) -> np.ndarray:
    """One eye with an upright slit, from near."""
    out = canvas(size, (150, 110, 70))
    disc(out, (0.5, 0.5), (0.42, 0.3), (90, 60, 40), 8)
    disc(out, (0.5, 0.5), (0.36, 0.26), (190, 190, 60), 4)
    disc(out, (0.5, 0.5), (0.05, 0.2), (20, 20, 15), 3)
    disc(out, (0.44, 0.4), (0.03, 0.03), (255, 255, 255))
    return grainy(out, 8)


def garlic(size: int = 400) -> np.ndarray:
    """A pale bulb with furrows and a stalk."""
    out = canvas(size, (60, 50, 45))
    disc(out, (0.5, 0.55), (0.3, 0.3), (228, 218, 205), 6)
    disc(out, (0.5, 0.2), (0.05, 0.14), (215, 200, 180), 6)
    rows, columns = np.mgrid[:size, :size] / size
    for reach in (-0.2, -0.07, 0.07, 0.2):
        middle = 0.5 + reach * np.sin(np.pi * np.clip((rows - 0.2) / 0.65, 0, 1))
        furrow = np.exp(-(((columns - middle) / 0.008) ** 2)) * (np.hypot(columns - 0.5, rows - 0.55) < 0.29)
        out -= furrow[..., None] * np.array([60, 70, 60])
    return grainy(out, 6)


def wood(size: int = 400) -> np.ndarray:
    """A board with two knots and a crack below them."""
    out = canvas(size, (175, 125, 80))
    rows, columns = np.mgrid[:size, :size].astype(float)
    out += (np.sin(columns / 6 + np.sin(rows / 50) * 2) * 12)[..., None]
    for x in (0.37, 0.63):
        disc(out, (x, 0.4), (0.08, 0.08), (140, 95, 55), 10)
        disc(out, (x, 0.4), (0.05, 0.05), (50, 30, 18), 6)
    disc(out, (0.5, 0.68), (0.12, 0.03), (70, 40, 25), 6)
    return grainy(out, 5)


def smiley(size: int = 400) -> np.ndarray:
    """A yellow disc with two dots and a smile."""
    out = canvas(size, (255, 255, 255))
    disc(out, (0.5, 0.5), (0.4, 0.4), (250, 210, 40))
    for x in (0.36, 0.64):
        disc(out, (x, 0.4), (0.05, 0.05), (20, 20, 20))
    disc(out, (0.5, 0.62), (0.2, 0.12), (20, 20, 20))
    disc(out, (0.5, 0.58), (0.22, 0.12), (250, 210, 40))
    return out.astype(np.uint8)


NO_FACES = (wall_socket, surprised_socket, cats_eye, garlic, wood, smiley)
"""What is no face, each by its size in pixels."""


def placed(
    picture: np.ndarray, size: tuple[int, int], corner: tuple[int, int], colour: int = 128
) -> np.ndarray:
    """The picture on a larger ground of (height, width), its top-left corner at (row, column)."""
    out = np.full((*size, 3), colour, np.uint8)
    height, width = picture.shape[:2]
    out[corner[0] : corner[0] + height, corner[1] : corner[1] + width] = picture
    return out
