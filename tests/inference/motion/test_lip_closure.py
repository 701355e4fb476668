"""Lips that must meet do meet; lips never cross; neighbours keep their motion."""

from __future__ import annotations

import numpy as np
import pytest

from inference.face import lids_and_lips
from inference.face.landmarks import NEUTRAL_FACE, mouth_opening
from inference.motion.lips import lip_closure
from inference.motion.lips.content import PHONES
from inference.motion.lips.lip_closure import closure_strength

LOWER, UPPER = [55, 56, 57, 58, 59, 65, 66, 67], [49, 50, 51, 52, 53, 61, 62, 63]


def spoken(*phones: str) -> np.ndarray:
    """(T, P) certain posteriors, one phone a frame."""
    rows = np.zeros((len(phones), len(PHONES)), np.float32)
    rows[np.arange(len(phones)), [PHONES.index(phone) for phone in phones]] = 1
    return rows


def opened(frames: int, amount: float) -> np.ndarray:
    motion = np.zeros((frames, 68, 3), np.float32)
    motion[:, LOWER, 1] = -amount
    return motion


def close_lips(
    motion: np.ndarray, neutral: np.ndarray, phones: np.ndarray, names: tuple[str, ...]
) -> np.ndarray:
    """A closed copy, the original kept to compare with."""
    closed = motion.copy()
    lip_closure.close_lips(closed, neutral, phones, names)
    return closed


def test_p_b_m_shut_the_lips_entirely() -> None:
    phones = ["AA"] * 8 + ["M"] * 4 + ["AA"] * 8
    closed = close_lips(opened(20, 0.12), NEUTRAL_FACE, spoken(*phones), PHONES) + NEUTRAL_FACE
    opening = mouth_opening(closed)
    assert opening[8:12].max() < 1e-6
    assert opening[[0, 5, 14, 19]].min() > 0.119  # the vowels around it stay as they were


def test_outer_lips_go_with_the_inner_ones() -> None:
    motion = opened(5, 0.12)
    closed = close_lips(motion, NEUTRAL_FACE, spoken(*["B"] * 5), PHONES)
    np.testing.assert_allclose(closed[2, 57] - motion[2, 57], closed[2, 66] - motion[2, 66])
    np.testing.assert_allclose(closed[2, 51] - motion[2, 51], closed[2, 62] - motion[2, 62])


def test_lips_that_all_but_touch_are_shut() -> None:
    motion = opened(3, 0.12)
    lids_and_lips.shut_lips(motion, NEUTRAL_FACE, np.array([0.0, 0.99, 0.9999], np.float32))
    opening = mouth_opening(motion + NEUTRAL_FACE)
    assert opening[0] > 0.119 and 1e-3 < opening[1] < 2e-3 and opening[2] < 1e-6


def test_lips_never_cross() -> None:
    motion = np.zeros((5, 68, 3), np.float32)
    motion[:, UPPER, 1] = -0.04
    motion[:, LOWER, 1] = 0.04
    closed = close_lips(motion, NEUTRAL_FACE, spoken(*["AA"] * 5), PHONES) + NEUTRAL_FACE
    assert (closed[:, 62, 1] >= closed[:, 66, 1] - 1e-6).all()


def test_lips_meet_in_depth_too() -> None:
    motion = opened(20, 0.12)
    motion[:, LOWER, 2] = -0.03
    phones = ["AA"] * 8 + ["M"] * 4 + ["AA"] * 8
    closed = close_lips(motion, NEUTRAL_FACE, spoken(*phones), PHONES) + NEUTRAL_FACE
    gap = closed[:, 62] - closed[:, 66]
    assert np.abs(gap[8:12]).max() < 1e-6
    assert np.allclose(gap[0], (motion[0, 62] - motion[0, 66]) + NEUTRAL_FACE[62] - NEUTRAL_FACE[66])


def test_the_ends_of_a_closure_leave_the_lips_to_the_motion() -> None:
    phones = spoken(*["AA"] * 21)
    heard = np.interp(np.arange(21), [4, 9, 11, 16], [0, 1, 1, 0])
    phones[:, PHONES.index("P")], phones[:, PHONES.index("AA")] = heard, 1 - heard
    strength = closure_strength(phones, PHONES)
    assert (strength[9:12] == 1).all()
    doubtful, likely = lip_closure._DOUBTFUL, lip_closure._LIKELY
    assert heard[strength > 0.99].min() > 0.9 * likely
    assert strength[heard < doubtful + lip_closure._HEART * (likely - doubtful)].max() == 0


def test_only_lips_move() -> None:
    motion = opened(5, 0.12)
    changed = (
        np.abs(close_lips(motion, NEUTRAL_FACE, spoken(*["P"] * 5), PHONES) - motion).max(axis=(0, 2)) > 0
    )
    assert set(np.flatnonzero(changed)) <= {*UPPER, *LOWER}


def test_a_closure_of_20_ms_is_seen_at_24_frames_a_second() -> None:
    phones = ["AA"] * 20 + ["P"] + ["AA"] * 20
    strength = closure_strength(spoken(*phones), PHONES)
    assert (strength > 0.99).sum() == 3
    film = np.interp(np.arange(0, 0.8, 1 / 24), np.arange(41) / 50, strength)
    assert film.max() > 0.9


@pytest.mark.parametrize(
    ("phone", "frames", "shut"), [("P", 6, 5), ("B", 4, 3), ("P", 3, 3), ("B", 2, 2), ("M", 6, 6)]
)
def test_lips_part_for_the_burst_of_p_and_b(phone: str, frames: int, shut: int) -> None:
    phones = ["AA"] * 8 + [phone] * frames + ["AA"] * 8
    closed = close_lips(opened(len(phones), 0.12), NEUTRAL_FACE, spoken(*phones), PHONES) + NEUTRAL_FACE
    touching = np.flatnonzero(mouth_opening(closed) < 1e-6)
    np.testing.assert_array_equal(touching, np.arange(8, 8 + shut))


def test_a_closure_at_the_very_end_is_kept() -> None:
    strength = closure_strength(spoken(*["AA"] * 8, *["P"] * 6), PHONES)
    assert (strength[8:13] == 1).all()


def test_doubtful_sounds_close_partly_or_not() -> None:
    phones = np.full((3, len(PHONES)), 1 / len(PHONES), np.float32)
    assert closure_strength(phones, PHONES).max() == 0


def test_a_likely_closure_needs_lips_that_are_closing() -> None:
    likely = np.zeros((60, len(PHONES)), np.float32)
    likely[:, PHONES.index("AA")] = 0.4
    likely[:, PHONES.index("B")] = 0.6
    gap = np.full(60, 0.12)
    gap[20:30] = 0.03
    strength = closure_strength(likely, PHONES, gap)
    assert strength[21:29].min() == 1
    assert strength[40:].max() < 0.3


def test_a_closure_that_is_likely_enough_is_whole() -> None:
    heard = np.zeros((40, len(PHONES)), np.float32)
    bilabial = PHONES.index("M")
    heard[8:13, bilabial] = (0.2, 0.4, 0.6, 0.4, 0.2)
    heard[28:33, bilabial] = (0.03, 0.07, 0.11, 0.07, 0.03)
    heard[:, PHONES.index("N")] = 1 - heard[:, bilabial]
    gap = np.full(40, 0.12)
    gap[7:14] = gap[27:34] = 0.02
    strength = closure_strength(heard, PHONES, gap)
    assert strength[10] == 1
    assert strength[30] < 0.2
    assert strength[[5, 15, 20, 35]].max() == 0
