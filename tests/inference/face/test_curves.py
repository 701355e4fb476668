"""Curves that ease something in."""

from __future__ import annotations

import numpy as np

from inference.face.curves import ramp, smooth_step
from inference.face.dial_strengths import strengths
from inference.face.dials import Dials


def test_a_ramp_is_straight_between_its_ends_and_may_fall() -> None:
    values = np.array([-3.0, 1.0, 2.0, 3.0, 9.0])
    np.testing.assert_allclose(ramp(values, 1.0, 3.0), [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(ramp(values, 3.0, 1.0), [1, 1, 0.5, 0, 0])


def test_a_smooth_step_starts_and_ends_flat_and_keeps_its_precision() -> None:
    share = np.linspace(-0.5, 1.5, 2001, dtype=np.float32)
    eased = smooth_step(share)
    assert eased.dtype == np.float32 and eased[0] == 0 and eased[-1] == 1
    slope = np.diff(eased) / np.diff(share)
    assert slope.min() >= 0 and abs(float(slope.max()) - 1.5) < 0.01
    assert slope[[505, 1495]].max() < 0.05 and abs(float(eased[1000]) - 0.5) < 1e-6


def test_what_dials_do_is_made_once_for_all_that_an_animation_asks() -> None:
    assert strengths(Dials(lips=1.3), 40, 2) is strengths(Dials(lips=1.3), 40, 2)
    assert strengths(Dials(lips=1.3), 40, 2) is not strengths(Dials(lips=1.3), 41, 2)
