"""The networks' operations against the sums that they stand for, in plain loops."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from inference.detection import networks, operations
from inference.errors import EngineError

RANDOM = np.random.RandomState(5)


def values(*shape: int) -> np.ndarray:
    return RANDOM.normal(0, 1, shape).astype(np.float32)


def border(size: int, kernel: int, stride: int, same: bool) -> tuple[int, int]:
    """Places that remain, and zeros before the first: TensorFlow's rule."""
    if not same:
        return (size - kernel) // stride + 1, 0
    count = -(-size // stride)
    return count, max((count - 1) * stride + kernel - size, 0) // 2


def windows(picture: np.ndarray, kernel: tuple[int, int], stride: int, same: bool):
    """Each place with what the kernel sees there: (row, column, [(kernel row, kernel column, values)])."""
    _, height, width = picture.shape
    (rows, top), (columns, left) = (
        border(size, window, stride, same) for size, window in zip((height, width), kernel)
    )
    for row, column in itertools.product(range(rows), range(columns)):
        seen = []
        for y, x in itertools.product(range(kernel[0]), range(kernel[1])):
            here, there = row * stride + y - top, column * stride + x - left
            if 0 <= here < height and 0 <= there < width:
                seen.append((y, x, picture[:, here, there]))
        yield row, column, seen


SHAPES = [
    pytest.param(kernel, stride, same, id=f"{kernel[0]}x{kernel[1]}-{stride}-{'same' if same else 'valid'}")
    for kernel, stride, same in itertools.product([(1, 1), (3, 3), (5, 5), (2, 3)], [1, 2, 3], [True, False])
]


@pytest.mark.parametrize(("kernel", "stride", "same"), SHAPES)
def test_convolutions(kernel: tuple[int, int], stride: int, same: bool) -> None:
    picture, weight, bias = values(4, 9, 7), values(*kernel, 4, 6), values(6)
    options = {"stride": stride, "same": same}
    out = operations.conv([picture], options, {"weight": weight, "bias": bias})
    for row, column, seen in windows(picture, kernel, stride, same):
        wanted = bias + sum(here @ weight[y, x] for y, x, here in seen)
        np.testing.assert_allclose(out[:, row, column], wanted, atol=1e-4)
    assert out.shape[1:] == (row + 1, column + 1)


@pytest.mark.parametrize(("kernel", "stride", "same"), SHAPES)
def test_depthwise_convolutions(kernel: tuple[int, int], stride: int, same: bool) -> None:
    picture, weight, bias = values(4, 9, 7), values(*kernel, 4), values(4)
    options = {"stride": stride, "same": same}
    out = operations.depthwise([picture], options, {"weight": weight, "bias": bias})
    for row, column, seen in windows(picture, kernel, stride, same):
        wanted = bias + sum(here * weight[y, x] for y, x, here in seen)
        np.testing.assert_allclose(out[:, row, column], wanted, atol=1e-4)
    assert out.shape[1:] == (row + 1, column + 1)


@pytest.mark.parametrize("same", [True, False])
def test_pools(same: bool) -> None:
    picture = values(3, 7, 9) - 5  # all below zero, so that a border of zeros would show
    out = operations.max_pool([picture], {"stride": 2, "same": same, "window": [2, 2]}, {})
    for row, column, seen in windows(picture, (2, 2), 2, same):
        assert np.array_equal(out[:, row, column], np.max([here for _, _, here in seen], axis=0))
    mean = operations.average_pool([picture], {"window": [7, 9]}, {})
    np.testing.assert_allclose(mean[:, 0, 0], picture.mean(axis=(1, 2)), atol=1e-6)


@pytest.mark.parametrize("slopes", [(0.25, 0.0, -0.5), (0.25, 1.5, 3.0)])
def test_a_slope_below_zero_may_be_any_number(slopes: tuple[float, ...]) -> None:
    picture, slope = values(3, 4, 5), np.array(slopes, np.float32)
    wanted = np.where(picture > 0, picture, picture * slope[:, None, None])
    np.testing.assert_array_equal(operations.prelu([picture], {}, {"slope": slope[None, None]}), wanted)


def test_a_transposed_convolution_makes_blocks() -> None:
    picture, weight, bias = values(4, 3, 5), values(2, 2, 4, 2), values(2)
    out = operations.transposed_conv([picture], {}, {"weight": weight, "bias": bias})
    for row, column, y, x in itertools.product(range(3), range(5), range(2), range(2)):
        wanted = picture[:, row, column] @ weight[y, x] + bias
        np.testing.assert_allclose(out[:, 2 * row + y, 2 * column + x], wanted, atol=1e-5)


def test_channels_become_pixels() -> None:
    picture = values(12, 2, 3)
    out = operations.depth_to_space([picture], {"block": 2}, {})
    assert out.shape == (3, 4, 6)
    assert np.array_equal(out[:, 3, 4], picture[6:9, 1, 2])  # the block's second row, first column


def test_a_picture_that_is_resized_keeps_a_slope() -> None:
    slope = np.broadcast_to(np.arange(8, dtype=np.float32), (1, 4, 8))
    whole = operations.resize_bilinear([slope], {"size": [8, 16], "half_pixels": True}, {})
    np.testing.assert_allclose(whole[0, 3, 1:-1], np.arange(16)[1:-1] / 2 - 0.25, atol=1e-6)
    corner = operations.resize_bilinear([slope], {"size": [8, 16], "half_pixels": False}, {})
    np.testing.assert_allclose(corner[0, 3, :-1], np.arange(16)[:-1] / 2, atol=1e-6)


def test_a_region_is_cut_out_upright() -> None:
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    box = np.array([[-4, -2], [4, -2], [4, 2], [-4, 2.0]])
    points = np.zeros((4, 3), np.float32)
    points[:, :2] = box @ turn.T + (24, 20)
    options = {"size": [16, 16], "level": [0, 1], "scale": [1.5, 1.5], "points": [0, 1, 2, 3]}
    matrix = operations.region([points], options, {})
    corners = operations.transform_points([np.array([[0, 0], [16, 16]], np.float32), matrix], {}, {})
    np.testing.assert_allclose(corners, np.array([[-6, -3], [6, 3]]) @ turn.T + (24, 20), atol=1e-4)
    rows, columns = np.mgrid[:40, :48].astype(np.float32)
    seen = operations.sample([np.stack([columns, rows]), matrix], {"size": [16, 16]}, {})
    centre = operations.transform_points([np.array([[5.5, 3.5]], np.float32), matrix], {}, {})[0]
    np.testing.assert_allclose(seen[:, 3, 5], centre - 0.5, atol=1e-3)
    far = matrix + np.array([[0, 0, 0, 100], *3 * [[0] * 4]], np.float32)
    assert not operations.sample([np.ones((2, 40, 48), np.float32), far], {"size": [16, 16]}, {}).any()


def test_hard_swish_and_logistic() -> None:
    line = np.linspace(-200, 200, 41, dtype=np.float32).reshape(1, 1, -1)
    with np.errstate(all="raise"):
        sure = operations.logistic([line], {}, {})
    assert sure.min() >= 0 and sure.max() == 1 and sure[0, 0, 20] == 0.5
    wanted = [0, 0, -0.375, 0, 2, 4]
    got = operations.hard_swish([np.array([[[-9, -3, -1.5, 0, 1.732051, 4]]], np.float32)], {}, {})
    np.testing.assert_allclose(got[0, 0], [*wanted[:4], 1.366025, 4], atol=1e-5)


def test_nothing_is_kept_that_no_later_step_reads() -> None:
    network = networks.load_network("matte")
    released = [number for step in network.steps for number in step.done_with]
    assert len(released) == len(set(released)) and len(released) > 0.9 * len(network.steps)


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "newer", "shapes"])
def test_a_damaged_file_is_one_sentence(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "face.npz"
    with np.load(networks.FACE_WEIGHTS) as data:
        header, weights = json.loads(data["header"].tobytes()), data["weights"]
    if damage == "newer":
        header["format"] = 99
    content = np.frombuffer(json.dumps(header).encode(), np.uint8)
    if damage != "missing":
        np.savez(path, header=content, weights=weights[:-9000] if damage == "shapes" else weights)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100_000])
    if damage == "other":
        np.savez(path, basis=weights)
    with pytest.raises(
        EngineError, match="update the add-on" if damage == "newer" else "install the add-on again"
    ):
        networks.load_network("matte", path)
