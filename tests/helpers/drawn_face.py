"""A cartoon face drawn by code in flat colours with ink lines: no detector need know it."""

from __future__ import annotations

import numpy as np

SKIN, INK, WHITE, IRIS, HAIR, PAPER = (
    (244, 200, 160),
    (40, 28, 36),
    (250, 250, 246),
    (60, 120, 90),
    (120, 60, 40),
    (150, 190, 220),
)


def drawn_face(size: int = 480, line: float = 0.012, whites: bool = True) -> tuple[np.ndarray, list[float]]:
    """(size, size, 4) uint8, and the four clicks: middles of the eyes, corners of the mouth.

    Args:
        size: pixels.
        line: width of the ink lines as a share of the size.
        whites: eyes with whites and irises; otherwise they are dots of ink.
    """
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size
    picture = np.zeros((size, size, 4), np.uint8)
    picture[...] = (*PAPER, 255)

    def paint(mask: np.ndarray, colour: tuple[int, int, int]) -> None:
        picture[mask, :3] = colour

    def oval(cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
        return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1

    paint(oval(0.5, 0.42, 0.33, 0.36), HAIR)
    paint(oval(0.5, 0.5, 0.28 + line, 0.36 + line), INK)
    paint(oval(0.5, 0.5, 0.28, 0.36), SKIN)
    for cx in (0.39, 0.61):
        if whites:
            paint(oval(cx, 0.45, 0.065, 0.045), INK)
            white = oval(cx, 0.45, 0.065 - line, 0.045 - line * 0.7)
            paint(white, WHITE)
            paint(white & oval(cx, 0.45, 0.028, 0.028), IRIS)
            paint(white & oval(cx, 0.45, 0.013, 0.013), INK)
        else:
            paint(oval(cx, 0.45, 0.022, 0.032), INK)
        paint((np.abs(y - 0.365 - 1.5 * (x - cx) ** 2) < line / 2) & (np.abs(x - cx) < 0.06), INK)
    paint((np.abs(x - 0.5 - (y - 0.5) * 0.2) < line / 3) & (np.abs(y - 0.53) < 0.045), INK)
    mouth = 0.69 - 1.2 * (x - 0.5) ** 2
    paint((np.abs(y - mouth) < line / 2) & (np.abs(x - 0.5) < 0.1), INK)
    corner = 0.69 - 1.2 * 0.01
    clicks = np.array([0.39, 0.45, 0.61, 0.45, 0.4, corner, 0.6, corner]) * size
    return picture, [float(number) for number in clicks]
