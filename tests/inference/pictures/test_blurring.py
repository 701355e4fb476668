"""One Gaussian blurs textures, edges and what looks are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from inference.looks import canvas
from inference.pictures.filling import blurred


@pytest.mark.parametrize("sigma", [0.4, 1.7])
def test_a_dot_becomes_a_bell(sigma: float) -> None:
    dot = np.zeros((19, 23), np.float32)
    dot[9, 11] = 1
    spread = blurred(dot, sigma)
    y, x = np.mgrid[0:19, 0:23]
    ends = np.ceil(2.5 * sigma)
    within = (np.abs(y - 9) <= ends) & (np.abs(x - 11) <= ends)
    bell = np.exp(-0.5 * ((y - 9) ** 2 + (x - 11) ** 2) / sigma**2) * within
    assert spread == pytest.approx(bell / bell.sum(), abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 31), (40, 3)])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_channels_are_blurred_each_by_itself_and_edges_go_on(shape: tuple[int, int], kind: type) -> None:
    values = (255 * np.random.RandomState(3).rand(*shape, 4)).astype(kind)
    values[..., 3] = 200
    whole = blurred(values, 2.3)
    assert whole.dtype == np.float32 and whole.shape == values.shape
    assert whole[..., 3] == pytest.approx(200, abs=1e-3)
    for channel in range(4):
        assert np.array_equal(whole[..., channel], blurred(values[..., channel], 2.3))
    assert np.array_equal(blurred(values, 0.0), values.astype(np.float32))


def test_looks_blur_the_same_way_and_wide_ones_shortly() -> None:
    values = np.random.RandomState(5).rand(60, 44).astype(np.float32)
    assert np.array_equal(canvas.blurred(values, 3.0), blurred(values, 3.0, 2.6))
    assert canvas.blurred(values, 0.1) is values
    assert np.abs(canvas.blurred(values, 8.0) - blurred(values, 8.0, 2.6)).mean() < 0.02
