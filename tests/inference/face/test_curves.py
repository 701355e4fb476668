"""Curves that ease something in."""

from __future__ import annotations

import numpy as np

from inference.face import srgb
from inference.face.curves import catmull_rom, ramp, smooth_step
from inference.face.dial_strengths import strengths
from inference.face.dials import Dials
from inference.face.smoothing import rolling


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


def test_a_curve_goes_through_its_knots_without_corners() -> None:
    knots = np.array([0.0, 1.0, -2.0, 5.0, 3.0])
    share = np.linspace(0, 1, 1001)
    first, second = (catmull_rom(knots[start : start + 4], share) for start in (0, 1))
    assert (first[0], first[-1], second[0], second[-1]) == (1.0, -2.0, -2.0, 5.0)
    assert abs((first[-1] - first[-2]) - (second[1] - second[0])) < 1e-4
    np.testing.assert_allclose(catmull_rom(np.arange(4.0), share), 1 + share)


def test_windows_along_time_hold_the_ends() -> None:
    values = np.array([9.0, 1.0, 5.0, 2.0, 0.0])
    np.testing.assert_array_equal(rolling(values, 1, np.median), [9, 5, 2, 2, 0])
    np.testing.assert_array_equal(rolling(values, 9, np.max), [9] * 5)
    np.testing.assert_array_equal(rolling(values, 0, np.min), values)


def test_srgb_and_light_are_each_others_inverse() -> None:
    colours = np.linspace(0, 1, 256)
    np.testing.assert_allclose(srgb.encoded(srgb.linear(colours)), colours, atol=1e-7)
    np.testing.assert_allclose(srgb.linear([0.5, 0.04045]), [0.2140411, 0.0031308], atol=1e-6)
    np.testing.assert_allclose(srgb.encoded([-1.0, 7.0]), [0, 1], atol=1e-12)


def test_what_dials_do_is_made_once_for_all_that_an_animation_asks() -> None:
    assert strengths(Dials(lips=1.3), 40, 2) is strengths(Dials(lips=1.3), 40, 2)
    assert strengths(Dials(lips=1.3), 40, 2) is not strengths(Dials(lips=1.3), 41, 2)
