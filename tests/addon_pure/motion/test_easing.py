"""Motion grows out of rest and comes back to it."""

from __future__ import annotations

import numpy as np
import pytest
from blender_addon.contract.easing import eased


@pytest.mark.parametrize("fps", [12.0, 24.0, 25.0, 60.0])
def test_both_ends_are_at_rest_and_what_is_between_is_untouched(fps):
    values = np.ones((round(4 * fps), 2), np.float32)
    result = eased(values, fps, 0.5, 0.5)
    assert len(result) == len(values) + round(0.5 * fps) and result.dtype == np.float32
    assert not result[0].any() and not result[-1].any()
    rise = round(0.5 * fps)
    np.testing.assert_array_equal(result[rise : len(values)], values[rise:])
    assert (np.diff(result[: rise + 1, 0]) > 0).all() and (np.diff(result[len(values) - 1 :, 0]) < 0).all()


def test_a_single_frame():
    assert not eased(np.ones((1, 3)), 24, 0.1, 0.1)[-1].any()
