"""Lines as a pen would draw them: dark ridges of a picture, joined along the way that its edges run.

Kang, Lee, Chui, *Flow-Based Image Abstraction*, TVCG 2009; Winnemöller, Kyprianidis, Olsen, *XDoG*, Computers & Graphics 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats
from .canvas import blurred, read

_WIDER = 1.6
"""How many times as wide as a line what it is compared with."""


@dataclass(frozen=True)
class Flow:
    """Which way a picture's edges run.

    Attributes:
        x, y: (H, W) of unit vectors along the edges.
    """

    x: Floats
    y: Floats


def edge_flow(grey: Floats, sigma: float) -> Flow:
    """The way along the edges of a picture (H, W), smoothed over so many pixels; strong edges count more."""
    soft = blurred(grey, 0.25 * sigma)
    down, across = np.gradient(soft)
    xx, xy, yy = (blurred(one, sigma) for one in (across * across, across * down, down * down))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return Flow(np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32))


def sharpened(grey: Floats, flow: Flow, width: float, strength: float, along: float) -> Floats:
    """(H, W) a picture in which what is darker or brighter than beside it, across its edges, stands out; smooth along them.

    Args:
        grey: (H, W).
        flow: of it.
        width: pixels, half of a line.
        strength: how much the difference counts; 0 leaves the picture.
        along: pixels along the edges that are taken together.
    """
    fine, wide = _across(grey, flow, width), _across(grey, flow, _WIDER * width)
    return _along_flow(fine + strength * (fine - wide), flow, along)


def _across(grey: Floats, flow: Flow, sigma: float) -> Floats:
    """A picture blurred across its edges only."""
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    reach = max(1, int(np.ceil(2.2 * sigma)))
    summed, total = grey.copy(), 1.0
    for step in range(1, reach + 1):
        share = float(np.exp(-0.5 * (step / sigma) ** 2))
        for way in (step, -step):
            summed += share * read(grey, x - way * flow.y, y + way * flow.x)
            total += share
    return summed / np.float32(total)


def _along_flow(values: Floats, flow: Flow, sigma: float) -> Floats:
    """Values blurred along the flow, whose curves are followed."""
    rows, columns = values.shape
    start_y, start_x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    reach, stride = max(1, int(np.ceil(2 * sigma))), 1.5
    summed, total = values.copy(), 1.0
    for sign in (1.0, -1.0):
        x, y = start_x, start_y
        way_x, way_y = sign * flow.x, sign * flow.y
        for step in range(1, int(reach / stride) + 1):
            x, y = x + stride * way_x, y + stride * way_y
            share = float(np.exp(-0.5 * (step * stride / sigma) ** 2))
            summed += share * read(values, x, y)
            total += share
            row, column = (y + 0.5).astype(np.int32), (x + 0.5).astype(np.int32)
            place = row.clip(0, rows - 1) * columns + column.clip(0, columns - 1)
            next_x, next_y = flow.x.ravel().take(place), flow.y.ravel().take(place)
            turn = np.where(next_x * way_x + next_y * way_y < 0, np.float32(-1), np.float32(1))
            way_x, way_y = turn * next_x, turn * next_y
    return summed / np.float32(total)
