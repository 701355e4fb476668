"""Pictures that are continued where nothing is known of them, and what else is asked of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Flags, Floats

Pixels = NDArray[np.uint8]


def pixel_centres(left: int, top: int, width: int, height: int) -> Floats:
    """(height, width, 2) the middles of pixels of a rectangle, x and y."""
    y, x = np.mgrid[top : top + height, left : left + width]
    return np.stack([x + 0.5, y + 0.5], axis=-1).astype(np.float32)


def inside(outline: Floats, places: Floats) -> Flags:
    """(…,) whether places (…, 2) lie inside a closed outline (N, 2)."""
    x, y = places[..., 0], places[..., 1]
    within = np.zeros(places.shape[:-1], bool)
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0)):
        if ay != by:
            within ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return np.asarray(within)


def grown(mask: Flags, pixels: int) -> Flags:
    """A mask and what lies within so many pixels of it, by steps across and down; of a negative number what is left inside."""
    if pixels < 0:
        return ~grown(~mask, -pixels)
    for _ in range(pixels):
        padded = np.pad(mask, 1)
        mask = (
            padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
        )
    return mask


def without_holes(mask: Flags) -> Flags:
    """A mask and whatever it encloses."""
    border = np.zeros_like(mask)
    border[0], border[-1], border[:, 0], border[:, -1] = True, True, True, True
    return ~flooded(border & ~mask, ~mask)


def flooded(start: Flags, mask: Flags) -> Flags:
    """What of a mask hangs together with some of its places, by steps across and down."""
    parts = labelled(mask)
    reached = np.zeros(int(parts.max(initial=0)) + 1, bool)
    reached[parts[start & mask]] = True
    reached[0] = False
    return np.asarray(reached[parts])


def labelled(mask: Flags) -> NDArray[np.int32]:
    """(h, w) the parts of a mask that hang together by steps across and down, from 1 on; 0 outside.

    By its runs along rows: those that touch are joined, each time to the first that is known of theirs, until nothing changes.
    """
    rows, firsts = np.nonzero(mask & ~np.pad(mask, ((0, 0), (1, 0)))[:, :-1])
    lasts = np.nonzero(mask & ~np.pad(mask, ((0, 0), (0, 1)))[:, 1:])[1]
    row = mask.shape[1] + 1
    # Runs of the row below that begin before a run's end and end after its beginning.
    low = np.searchsorted(rows * row + lasts, (rows + 1) * row + firsts)
    high = np.searchsorted(rows * row + firsts, (rows + 1) * row + lasts, side="right")
    touching = high - low
    above = np.repeat(np.arange(len(rows)), touching)
    below = np.arange(len(above)) - np.repeat(np.cumsum(touching) - touching - low, touching)
    part = np.arange(len(rows))
    while True:
        known = part.copy()
        joined = np.minimum(part[above], part[below])
        np.minimum.at(part, known[above], joined)
        np.minimum.at(part, known[below], joined)
        part = part[part]
        if (part == known).all():
            break
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(np.unique(part, return_inverse=True)[1] + 1, lasts - firsts + 1)
    return labels


def fill(colours: Floats, known: Flags) -> Floats:
    """(h, w, C) colours, continued smoothly from where they are known; pyramids of means, Gortler et al. 1996."""
    if not known.any():
        return np.zeros_like(colours)
    if known.all() or min(known.shape) < 2:
        means = (colours * known[..., None]).sum(axis=(0, 1)) / known.sum()
        return np.where(known[..., None], colours, means)
    height, width = known.shape
    even = ((0, height % 2), (0, width % 2))
    weight = np.pad(known.astype(np.float32), even)
    summed = np.pad(colours * known[..., None], (*even, (0, 0)))
    rows, columns = weight.shape
    small_weight = weight.reshape(rows // 2, 2, columns // 2, 2).sum(axis=(1, 3))
    small = summed.reshape(rows // 2, 2, columns // 2, 2, -1).sum(axis=(1, 3))
    small = fill(small / np.maximum(small_weight, 1)[..., None], small_weight > 0)
    y, x = np.mgrid[0:height, 0:width]
    coarse = sample(small, np.stack([(x + 0.5) / 2, (y + 0.5) / 2], axis=-1))
    return np.where(known[..., None], colours, coarse)


def sample(texture: NDArray[Any], places: Floats) -> Floats:
    """(…, C) float32 colours of a texture (h, w, C) at (…, 2) pixels, between pixel centres by their distance.

    Beyond the edge the edge's own. At a pixel's centre it is that pixel exactly.
    """
    height, width = texture.shape[:2]
    near = np.round(places * 64 - 32) / 64  # a hundredth of a pixel off is that pixel
    x, y = near[..., 0].clip(0, width - 1), near[..., 1].clip(0, height - 1)
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    across, down = (x - left)[..., None].astype(np.float32), (y - top)[..., None].astype(np.float32)
    flat = texture.reshape(height * width, -1)
    upper = flat[top * width + left] * (1 - across) + flat[top * width + right] * across
    lower = flat[bottom * width + left] * (1 - across) + flat[bottom * width + right] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def luminance(colours: NDArray[Any]) -> Floats:
    """(…,) how bright sRGB colours (…, 3 or more) look, 0 to 255."""
    return np.asarray(colours[..., :3] @ np.array([0.299, 0.587, 0.114]), np.float32)


def blurred(values: NDArray[Any], sigma: float, reach: float = 2.5) -> Floats:
    """(h, w) or (h, w, C) blurred by a Gaussian; its edges are continued.

    Args:
        values: blurred.
        sigma: of the Gaussian, pixels; 0 for none.
        reach: sigmas after which it ends.
    """
    ends = int(np.ceil(reach * sigma))
    kernel = np.exp(-0.5 * (np.arange(-ends, ends + 1) / max(sigma, 1e-6)) ** 2)
    shares = (kernel / kernel.sum()).astype(np.float32)
    for axis in range(2):
        padding = [(0, 0)] * values.ndim
        padding[axis] = (ends, ends)
        padded, size = np.pad(values, padding, mode="edge"), values.shape[axis]
        values = np.zeros(values.shape, np.result_type(values, np.float32))
        for start, share in enumerate(shares):
            values += share * padded[(slice(None),) * axis + (slice(start, start + size),)]
    return np.asarray(values, np.float32)


def opaque(colours: Floats) -> Pixels:
    """(h, w, 4) of colours (h, w, 3), 0 to 255."""
    full = np.full((*colours.shape[:-1], 1), 255.0)
    return np.concatenate([np.round(colours), full], axis=-1).clip(0, 255).astype(np.uint8)
