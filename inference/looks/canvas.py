"""What looks ask of fields of numbers: blurred, resized, read between pixels. Numpy only, so that Blender's Python does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Floats
from ..face.curves import smooth_step
from ..pictures import filling

_REACH = 2.6
"""Sigmas after which a Gaussian ends."""


def blurred(values: Floats, sigma: float) -> Floats:
    """(H, W) or (H, W, C) blurred by a Gaussian of so many pixels; the edges are continued.

    A wide one is a blurred smaller picture, which nobody can tell from it.
    """
    if sigma < 0.2:
        return values
    height, width = values.shape[:2]
    if sigma > 6 and min(height, width) > 16:
        times = int(sigma // 3)
        size = max(4, width // times), max(4, height // times)
        small = blurred(resized(values, size), sigma * size[0] / width)
        return resized(small, (width, height))
    return filling.blurred(np.asarray(values, np.float32), sigma, _REACH)


def means(values: Floats, radius: int) -> Floats:
    """(H, W) or (H, W, C) the mean of the square of 2 radius + 1 pixels around each pixel; the edges are continued."""
    result = np.asarray(values, np.float64)
    side = 2 * radius + 1
    for axis in (0, 1):
        rows = np.moveaxis(result, axis, 0)
        summed = np.empty([count + side * (one == axis) for one, count in enumerate(result.shape)])
        line = np.moveaxis(summed, axis, 0)
        line[: radius + 1], line[radius + 1 : len(rows) + radius + 1] = rows[0], rows
        line[len(rows) + radius + 1 :] = rows[-1]
        if axis == 0:  # whole rows at once: numpy would add up column by column, which takes twice as long
            for one in range(1, len(line)):
                line[one] += line[one - 1]
        else:
            np.cumsum(summed, axis=axis, out=summed)
        result = np.moveaxis(line[side:] - line[:-side], 0, axis)
        result /= side
    return result.astype(np.float32)


def guided(guide: Floats, values: Floats, radius: int, least: float) -> Floats:
    """(H, W) or (H, W, C) values smoothed where a guide (H, W) is smooth, and not across its edges.

    He, Sun, Tang, *Guided Image Filtering*, ECCV 2010.

    Args:
        guide: what has the edges.
        values: what is smoothed.
        radius: pixels.
        least: variance of the guide below which all is smoothed.
    """
    many = values if values.ndim == 3 else values[..., None]
    mean, middle = means(guide, radius)[..., None], means(many, radius)
    variance = means(guide**2, radius)[..., None] - mean**2
    shared = means(guide[..., None] * many, radius) - mean * middle
    slope = shared / (variance + least)
    slope, offset = means(slope, radius), means(middle - slope * mean, radius)
    result = slope * guide[..., None] + offset
    return np.asarray(result if values.ndim == 3 else result[..., 0], np.float32)


def read(field: Floats, x: Floats, y: Floats) -> Floats:
    """(…,) what a field (H, W) holds at places in pixels from the middle of its first one, linearly; beyond it its edge."""
    height, width = field.shape
    x = np.asarray(x, np.float32).clip(0, np.float32(width - 1.001))
    y = np.asarray(y, np.float32).clip(0, np.float32(height - 1.001))
    left, top = x.astype(np.int32), y.astype(np.int32)
    across, down = x - left.astype(np.float32), y - top.astype(np.float32)
    place = top * width + left
    right, below = (1 if width > 1 else 0), (width if height > 1 else 0)
    flat = field.ravel()
    upper = flat.take(place) * (1 - across) + flat.take(place + right) * across
    lower = flat.take(place + below) * (1 - across) + flat.take(place + below + right) * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def resized(values: NDArray[Any], size: tuple[int, int]) -> Floats:
    """(h, w) or (h, w, C) float32 at another size, width and height: made smaller, the mean of what each pixel stands for."""
    result = np.asarray(values, np.float32)
    for axis, wanted in ((1, size[0]), (0, size[1])):
        result = _along(result, axis, wanted)
    return result


def _along(values: Floats, axis: int, wanted: int) -> Floats:
    """Values with another number of pixels along an axis; larger ones by Catmull and Rom's cubic."""
    count = values.shape[axis]
    if count == wanted:
        return values
    if wanted < count:
        edges = np.linspace(0, count, wanted + 1)
        padding = [(0, 0)] * values.ndim
        padding[axis] = (1, 0)
        summed = np.pad(np.cumsum(values, axis=axis, dtype=np.float64), padding)
        whole = np.minimum(edges.astype(int), count - 1)
        share = (edges - whole).reshape([-1 if one == axis else 1 for one in range(values.ndim)])
        at_edges = summed.take(whole, axis) + share * values.take(whole, axis)
        return (np.diff(at_edges, axis=axis) * (wanted / count)).astype(np.float32)
    places = (np.arange(wanted) + 0.5) * count / wanted - 0.5
    first = np.floor(places).astype(int)
    t = (places - first).astype(np.float32)
    weights = (
        -0.5 * t**3 + t**2 - 0.5 * t,
        1.5 * t**3 - 2.5 * t**2 + 1,
        -1.5 * t**3 + 2 * t**2 + 0.5 * t,
        0.5 * t**3 - 0.5 * t**2,
    )
    shape = [-1 if one == axis else 1 for one in range(values.ndim)]
    result = np.zeros(1, np.float32)
    for step, weight in zip(range(-1, 3), weights):
        result = result + values.take((first + step).clip(0, count - 1), axis) * weight.reshape(shape)
    return np.asarray(result, np.float32)


def between(values: Floats, low: float, high: float) -> Floats:
    """0 where values are at or below low, 1 where they are at or above high, and a smooth way between; low may be the larger."""
    return np.asarray(smooth_step((values - low) / (high - low)), np.float32)
