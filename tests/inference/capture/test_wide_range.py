"""Films of high dynamic range look as other films do."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from inference.capture.wide_range import in_ordinary_range
from inference.face.srgb import linear

SHOWN = np.array([[[200, 150, 120], [60, 45, 30], [128, 128, 128], [0, 0, 0]]], np.uint8)
TO_WIDE = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def pq(light: np.ndarray) -> np.ndarray:
    """Values of SMPTE ST 2084 for light beside paper of 203 candelas."""
    power = (light * 203 / 10_000).clip(0) ** 0.1593017578125
    return np.asarray(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def hlg(light: np.ndarray) -> np.ndarray:
    """Values of HLG for light beside paper, as a screen shows it."""
    bright = light @ np.array([0.2126, 0.7152, 0.0722])
    scene = light * bright.clip(1e-9)[..., None] ** (1 / 1.2 - 1) * 0.26496
    upper = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), upper))


@pytest.mark.parametrize(("transfer", "written"), [(16, pq), (18, hlg)])
def test_what_was_filmed_is_seen(transfer: int, written: object) -> None:
    assert callable(written)
    light = linear(SHOWN / 255)
    narrow = np.round(255 * written(light)).astype(np.uint8)
    wide = np.round(255 * written(light @ TO_WIDE.T)).astype(np.uint8)
    for values, primaries in ((narrow, 1), (wide, 9)):
        frame = SimpleNamespace(color_trc=transfer, color_primaries=primaries)
        assert in_ordinary_range(frame, values) == pytest.approx(SHOWN.astype(float), abs=7)


def test_what_is_brighter_than_paper_stays_in_order() -> None:
    lamps = np.round(255 * pq(np.array([1.0, 2.0, 8.0, 49.0]))).astype(np.uint8)
    frame = SimpleNamespace(color_trc=16, color_primaries=1)
    seen = in_ordinary_range(frame, np.repeat(lamps[None, :, None], 3, axis=2))[0, :, 0].astype(int)
    assert 225 < seen[0] < seen[1] <= seen[2] <= seen[3] <= 255


@pytest.mark.parametrize(
    "frame", [SimpleNamespace(), SimpleNamespace(color_trc=1), SimpleNamespace(color_trc=None)]
)
def test_other_films_stay_as_they_are(frame: SimpleNamespace) -> None:
    assert in_ordinary_range(frame, SHOWN) is SHOWN
