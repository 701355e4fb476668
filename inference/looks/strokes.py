"""Strokes of a pen along given ways: thin where they begin and end, thick in their middle."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats

_EVERY = 0.5
"""Pixels between the places at which a stroke is dabbed."""


def curve(points: Floats, count: int) -> Floats:
    """(count, 2) places at even distances on a smooth curve through points (N, 2), N at least 2."""
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(ends[:-3], ends[1:-2], ends[2:-1], ends[3:]):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    dense = np.concatenate([*parts, points[-1:]])
    far = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))])
    wanted = np.linspace(0, far[-1], count)
    return np.stack([np.interp(wanted, far, dense[:, axis]) for axis in range(2)], axis=-1)


def stroke(ink: Floats, points: Floats, widths: Floats, strength: float = 1.0) -> None:
    """Draw a stroke into ink (H, W), 0 to 1, which becomes no lighter.

    Args:
        ink: drawn into.
        points: (N, 2) pixels, x and y from the top left corner, of the curve's way.
        widths: (M,) how thick it is, spread evenly along it; pixels.
        strength: how dark, 0 to 1.
    """
    length = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
    count = max(2, int(length / _EVERY))
    places = curve(points, count)
    half = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(widths)), widths) / 2
    height, width = ink.shape
    for (x, y), radius in zip(places, half):
        reach = radius + 1.5
        left, right = max(0, int(x - reach)), min(width, int(x + reach) + 2)
        top, bottom = max(0, int(y - reach)), min(height, int(y + reach) + 2)
        if left >= right or top >= bottom or radius <= 0.02:
            continue
        across = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x)
        down = np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - y)
        away = np.sqrt(across[None] ** 2 + down[:, None] ** 2)
        # A stroke thinner than a pixel is lighter instead.
        dab = (max(radius, 0.5) + 0.5 - away).clip(0, 1) * (strength * min(1.0, radius / 0.5))
        part = ink[top:bottom, left:right]
        np.maximum(part, dab, out=part)


def tapered(thick: float, start: float = 0.15, end: float = 0.15) -> Floats:
    """(9,) widths of a stroke that is so thick in its middle; its ends are that share of it."""
    t = np.linspace(-1, 1, 9)
    bulge = 1 - np.abs(t) ** 2.2
    edge = np.where(t < 0, start, end)
    return np.asarray(thick * (edge + (1 - edge) * bulge))
