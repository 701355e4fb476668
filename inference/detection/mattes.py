"""Who stands before the background: MediaPipe's selfie segmentation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crops import Picture
from .networks import load_network
from .pictures import as_colours, reduced


def matte(picture: NDArray[Any], smaller: Picture | None = None) -> NDArray[np.float32]:
    """How much of each pixel belongs to people, 0 … 1.

    Made for one person near the camera. The network sees 256 × 256 pixels, so that hair is no finer than that; of a
    drawing it often loses outlines.

    Args:
        picture: (H, W, 3) RGB or (H, W, 4) RGBA, uint8; (H, W) grey will do.
        smaller: the same as `pictures.reduced` makes it of its colours, where it is there already.

    Returns:
        (H, W) float32. Of a picture with transparency, times its alpha.

    Raises:
        ValueError: no picture.
        EngineError: the network's file is missing or damaged (code ``bad_weights``).
    """
    picture = np.asarray(picture)
    network = load_network("matte")
    small = reduced(as_colours(picture))[0] if smaller is None else smaller
    seen = stretched(small.astype(np.float32), network.size, corners=True) * np.float32(1 / 255)
    mask = stretched(network.run(seen)["matte"].transpose(1, 2, 0), picture.shape[:2])[:, :, 0]
    np.clip(mask, 0, 1, out=mask)
    if picture.ndim == 3 and picture.shape[2] == 4:
        mask *= picture[:, :, 3] * np.float32(1 / 255)
    return mask


def stretched(
    values: NDArray[np.float32], size: tuple[int, ...], *, corners: bool = False
) -> NDArray[np.float32]:
    """(H, W, C) values on another height and width, linear between pixels.

    Args:
        values: the picture.
        size: height and width of the result.
        corners: the first pixels lie upon each other, rather than the borders: how MediaPipe feeds its network.
    """
    for axis, wanted in enumerate(size[:2]):
        length = values.shape[axis]
        places = np.arange(wanted) * length / wanted
        if not corners:
            places = np.clip(places + 0.5 * length / wanted - 0.5, 0, length - 1)
        before = places.astype(np.int64)
        part = (places - before).astype(np.float32)[:, None]
        here = values.take(before, axis)
        there = values.take(np.minimum(before + 1, length - 1), axis)
        there -= here
        there *= part[:, None] if axis == 0 else part
        there += here
        values = there
    return values
