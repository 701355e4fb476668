"""What bounds a drawn mouth: each bound finds what it is there for, on squares whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the full engine draws with OpenCV")

from inference.training.mouth_pictures.pairs import Pairs
from tools import mouth_limits

SIDE = 128


def squares(count: int, seed: int) -> np.ndarray:
    """Pictures with soft blobs, 40 to 215."""
    random = np.random.RandomState(seed)
    small = random.randint(40, 216, (count, 17, 17, 3)).astype(np.float32)
    places = np.linspace(0, 15.99, SIDE)
    low, share = places.astype(int), (places % 1).astype(np.float32)
    rows = small[:, low] * (1 - share)[:, None, None] + small[:, low + 1] * share[:, None, None]
    return rows[:, :, low] * (1 - share)[:, None] + rows[:, :, low + 1] * share[:, None]


def pairs_of(drawn: np.ndarray, truth: np.ndarray) -> Pairs:
    maps = np.zeros((len(drawn), SIDE, SIDE, 4), np.uint8)
    maps[:, 48:80, 40:90, 0] = 255
    as_bytes = [np.rint(values).clip(0, 255).astype(np.uint8) for values in (drawn, truth)]
    return Pairs(as_bytes[0][0], as_bytes[0], as_bytes[1], maps)


def mean(pairs: Pairs, learnt: np.ndarray) -> dict[str, float]:
    return {name: float(np.mean(values)) for name, values in mouth_limits.errors_of(pairs, learnt).items()}


def test_each_bound_finds_its_own_fault() -> None:
    film = squares(1, 1).repeat(8, axis=0)
    darker = pairs_of(film * [0.9, 0.8, 0.85], film)
    found = mean(darker, squares(3, 2))
    assert (
        found["warp"] > 200
        and found["coloured"] < 1
        and found["neighbours"] < 1e-6
        and found["nearest"] > 200
    )
    moved = pairs_of(np.roll(film, 2, axis=2), film)
    found = mean(moved, np.roll(film[:1], (2, -4), axis=(1, 2)) * 0.8)
    assert found["placed"] < found["warp"] / 4
    assert found["nearest"] < 2  # shifted by (2, -4) and darker, and found all the same


def test_pictures_without_a_mouth_are_passed_over() -> None:
    film = squares(8, 1)
    pairs = pairs_of(film, film)
    pairs.maps[:] = 0
    assert mouth_limits.errors_of(pairs, film) == {name: [] for name in mouth_limits.NAMES}
