"""What the networks are made of, on maps of channels × height × width (float32).

Channels come first, since numpy is quick along the last axis and these maps are wider than they have channels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Options = dict[str, Any]
Weights = dict[str, Array]
Operation = Callable[[list[Array], Options, Weights], Array]


def _border(size: int, kernel: int, options: Options) -> tuple[int, int]:
    """Zeros before and after, so that ceil(size / stride) places remain; none where the window stays inside."""
    if not options["same"]:
        return 0, 0
    stride = options["stride"]
    needed = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return needed // 2, needed - needed // 2


def _padded(values: Array, kernel: tuple[int, ...], options: Options, fill: float = 0.0) -> Array:
    """The values with the border that a window of that size needs."""
    channels, height, width = values.shape
    top, bottom = _border(height, kernel[0], options)
    left, right = _border(width, kernel[1], options)
    if not (top or bottom or left or right):
        return values
    shape = (channels, height + top + bottom, width + left + right)
    out = np.zeros(shape, np.float32) if not fill else np.full(shape, fill, np.float32)
    out[:, top : top + height, left : left + width] = values
    return out


def _windows(values: Array, kernel: tuple[int, ...], stride: int) -> list[Array]:
    """Views of the values, one for each place of the kernel: what it sees there at all its positions."""
    rows = stride * ((values.shape[1] - kernel[0]) // stride) + 1
    columns = stride * ((values.shape[2] - kernel[1]) // stride) + 1
    return [
        values[:, row : row + rows : stride, column : column + columns : stride]
        for row in range(kernel[0])
        for column in range(kernel[1])
    ]


def conv(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """A convolution as one matrix product; its weight is kernel height × width × inputs × outputs."""
    weight = weights["weight"]
    kernel, stride = weight.shape[:2], options["stride"]
    values = _padded(inputs[0], kernel, options)
    if kernel == (1, 1) and stride == 1:
        shape, rows = values.shape[1:], values.reshape(len(values), -1)
    else:
        views = _windows(values, kernel, stride)
        shape = views[0].shape[1:]
        rows = np.concatenate(views).reshape(-1, shape[0] * shape[1])
    out: Array = weight.reshape(len(rows), -1).T @ rows
    out += weights["bias"][:, None]
    return out.reshape(-1, *shape)


def depthwise(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """A convolution of each channel by itself: the shifted values times one weight a channel, added."""
    weight = weights["weight"]
    kernel = weight.shape[:2]
    factors = weight.reshape(-1, weight.shape[2], 1)
    values = _padded(inputs[0], kernel, options)
    channels, height, width = values.shape
    if options["stride"] > 1:
        views = _windows(values, kernel, options["stride"])
        total = _weighted([view.reshape(channels, -1) for view in views], factors)
        return (total + weights["bias"][:, None]).reshape(channels, *views[0].shape[1:])
    # Rows behind one another: a shift in both directions is then one shift along long, unbroken rows. Where a row runs
    # into the next one lies nothing but the border, which is cut off afterwards.
    rows, columns = height - kernel[0] + 1, width - kernel[1] + 1
    flat, length = values.reshape(channels, -1), (rows - 1) * width + columns
    starts = [row * width + column for row in range(kernel[0]) for column in range(kernel[1])]
    total = np.empty((channels, rows * width), np.float32)
    total[:, :length] = _weighted([flat[:, start : start + length] for start in starts], factors)
    return np.asarray(total.reshape(channels, rows, width)[:, :, :columns] + weights["bias"][:, None, None])


def _weighted(views: list[Array], factors: Array) -> Array:
    """(C, N) views, each times its (C, 1) factor, added."""
    out = views[0] * factors[0]
    part = np.empty_like(out)
    for view, factor in zip(views[1:], factors[1:], strict=True):
        np.multiply(view, factor, out=part)
        out += part
    return out


def transposed_conv(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """Every place becomes a block of its own, of the kernel's size."""
    weight = weights["weight"]
    rows, columns, _, channels = weight.shape
    height, width = inputs[0].shape[1:]
    blocks = np.einsum("iyx,rcio->oyrxc", inputs[0], weight, optimize=True)
    return np.asarray(
        blocks.reshape(channels, height * rows, width * columns) + weights["bias"][:, None, None]
    )


def max_pool(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The greatest of each window."""
    window = tuple(options["window"])
    views = _windows(_padded(inputs[0], window, options, -np.inf), window, options["stride"])
    out = views[0].copy()
    for view in views[1:]:
        np.maximum(out, view, out=out)
    return out


def average_pool(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The mean of each window; the networks have windows of the whole picture only."""
    assert tuple(options["window"]) == inputs[0].shape[1:]
    return np.asarray(inputs[0].mean(axis=(1, 2), keepdims=True))


def prelu(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """What is below zero is scaled, each channel by its own slope."""
    slope = weights["slope"].reshape(-1, 1)
    values = inputs[0].reshape(len(slope), -1)
    out = values * slope
    out = np.maximum(out, values, out=out) if slope.max() <= 1 else np.where(values > 0, values, out)
    return out.reshape(inputs[0].shape)


def relu(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """What is below zero becomes zero."""
    return np.maximum(inputs[0], np.float32(0))


def logistic(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """1 / (1 + e⁻ˣ)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(inputs[0], -80, 80))))


def hard_swish(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """x · clip(x + 3, 0, 6) / 6."""
    values = inputs[0]
    return np.asarray(values * np.clip(values + np.float32(3), 0, 6) / np.float32(6))


def add(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The sum of two arrays."""
    return inputs[0] + inputs[1]


def mul(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The product of two arrays, or of one and a constant."""
    return inputs[0] * (inputs[1] if len(inputs) > 1 else weights["factor"])


def pad(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """Zeros around the values, or behind their channels."""
    values, (rows, columns, channels) = inputs[0], options["pads"]
    pads = (channels, rows, columns)
    out = np.zeros([size + sum(ends) for size, ends in zip(values.shape, pads, strict=True)], np.float32)
    out[tuple(slice(ends[0], ends[0] + size) for size, ends in zip(values.shape, pads, strict=True))] = values
    return out


def concat(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """Arrays (no maps) behind one another."""
    return np.concatenate(inputs, axis=options["axis"])


def reshape(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The same values, channels last, in another shape that is no map's."""
    values = inputs[0]
    return (values.transpose(1, 2, 0) if values.ndim == 3 else values).reshape(options["shape"])


def depth_to_space(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """Channels become the pixels of a block."""
    block = options["block"]
    channels, height, width = inputs[0].shape
    blocks = inputs[0].reshape(block, block, channels // block**2, height, width)
    return blocks.transpose(2, 3, 0, 4, 1).reshape(-1, height * block, width * block)


def resize_bilinear(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """Another size, linear between neighbours."""
    out = inputs[0]
    for axis, size in enumerate(options["size"], 1):
        out = _resized(out, axis, size, options["half_pixels"])
    return out


def _resized(values: Array, axis: int, size: int, half_pixels: bool) -> Array:
    length = values.shape[axis]
    places = np.arange(size)
    scaled = (places + 0.5) * length / size - 0.5 if half_pixels else places * length / size
    scaled = np.clip(scaled, 0, length - 1)
    before = np.minimum(scaled.astype(int), length - 1)
    part = (
        (scaled - before).astype(np.float32).reshape([-1 if at == axis else 1 for at in range(values.ndim)])
    )
    here, there = values.take(before, axis), values.take(np.minimum(before + 1, length - 1), axis)
    return here + (there - here) * part


def region(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The matrix that puts a crop's pixels on a region of the face.

    Its input is (468, 3) points. The region's box lies level with two of them, holds all that are named, and is widened.

    Returns:
        (4, 4): a crop's x, y, 0, 1 → x, y on the map that the points lie on.
    """
    points = inputs[0][:, :2].astype(np.float64)
    left, right = points[options["level"]]
    angle = np.arctan2(right[1] - left[1], right[0] - left[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    level = points[options["points"]] @ turn  # turned back by the angle
    low, high = level.min(axis=0), level.max(axis=0)
    height, width = options["size"]
    scale = (high - low) * options["scale"] / (width, height)
    out = np.eye(4)
    out[:2, :2] = turn * scale
    out[:2, 3] = turn @ (0.5 * (low + high)) - out[:2, :2] @ (0.5 * width, 0.5 * height)
    return out.astype(np.float32)


def sample(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """The crop of a map that a `region` matrix tells of; zero outside of the map."""
    values, matrix = inputs
    height, width = options["size"]
    rows, columns = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
    x = matrix[0, 0] * columns + matrix[0, 1] * rows + matrix[0, 3] - np.float32(0.5)
    y = matrix[1, 0] * columns + matrix[1, 1] * rows + matrix[1, 3] - np.float32(0.5)
    last_row, last_column = values.shape[1] - 1, values.shape[2] - 1
    inside = (x >= 0) & (x <= last_column) & (y >= 0) & (y <= last_row)
    x, y = np.where(inside, x, 0), np.where(inside, y, 0)
    left, top = x.astype(int), y.astype(int)
    right, below = np.minimum(left + 1, last_column), np.minimum(top + 1, last_row)
    across, down = x - left, y - top
    upper = values[:, top, left] * (1 - across) + values[:, top, right] * across
    lower = values[:, below, left] * (1 - across) + values[:, below, right] * across
    return np.asarray((upper * (1 - down) + lower * down) * inside, np.float32)


def transform_points(inputs: list[Array], options: Options, weights: Weights) -> Array:
    """(N, 2) points of a crop → on the map, by a `region` matrix."""
    points, matrix = inputs
    return points @ matrix[:2, :2].T + matrix[:2, 3]


OPERATIONS: dict[str, Operation] = {
    "add": add,
    "average_pool": average_pool,
    "concat": concat,
    "conv": conv,
    "depth_to_space": depth_to_space,
    "depthwise": depthwise,
    "hard_swish": hard_swish,
    "logistic": logistic,
    "max_pool": max_pool,
    "mul": mul,
    "pad": pad,
    "prelu": prelu,
    "region": region,
    "relu": relu,
    "reshape": reshape,
    "resize_bilinear": resize_bilinear,
    "sample": sample,
    "transform_points": transform_points,
    "transposed_conv": transposed_conv,
}
"""By the name that the weights file gives them."""
