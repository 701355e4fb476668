"""Films of high dynamic range look as other films do."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from inference.capture.video import decode_pictures, inspect_video
from inference.capture.wide_range import in_ordinary_range
from inference.face.srgb import encoded, linear

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


def shown_exactly(values: np.ndarray, transfer: int, wide: bool) -> np.ndarray:
    """The formula by which `in_ordinary_range` shows values, without tables."""
    value = values / 255
    if transfer == 16:
        root = value ** (1 / 78.84375)
        light = (
            ((root - 0.8359375).clip(0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
            * 10_000
            / 203
        )
    else:
        upper = (np.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
        light = np.where(value <= 0.5, value**2 / 3, upper) / 0.26496
    if wide:
        rows = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
        light = (light @ np.array(rows).T).clip(0)
    if transfer == 18:
        light = light * (light @ np.array([0.2126, 0.7152, 0.0722]))[..., None] ** 0.2
    pressed = 1 - 0.2 * np.exp(-(light - 0.8).clip(0) / 0.2)
    return np.asarray(255 * encoded(np.where(light > 0.8, pressed, light)))


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("primaries", [1, 9])
def test_every_colour_is_within_a_level_of_the_formula(transfer: int, primaries: int) -> None:
    steps = np.array([*range(0, 64, 3), *range(64, 256, 10), 255], np.uint8)
    values = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, len(steps), 3)
    frame = SimpleNamespace(color_trc=transfer, color_primaries=primaries)
    exact = shown_exactly(values, transfer, primaries == 9)
    assert np.abs(in_ordinary_range(frame, values) - exact).max() <= 1


@pytest.mark.parametrize("shape", [(2160, 3840, 3), (8, 400_000, 3), (1, 1, 3)])
def test_a_large_picture_takes_little_more_than_itself(shape: tuple[int, ...]) -> None:
    frame = SimpleNamespace(color_trc=18, color_primaries=9)
    picture = np.full(shape, 128, np.uint8)
    tracemalloc.start()
    try:
        seen = in_ordinary_range(frame, picture)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen.shape == shape and (seen == seen[0, 0]).all()
    assert most < picture.nbytes + 24_000_000


def test_a_film_that_says_so_is_read_so(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    shown = np.zeros((64, 64, 3), np.uint8)
    shown[:, :32], shown[:, 32:] = (200, 150, 120), (128, 128, 128)
    values = np.round(255 * pq(linear(shown / 255))).astype(np.uint8)
    path = tmp_path / "phone.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx265", rate=25, options={"x265-params": "log-level=none:lossless=1"}
        )
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p10le"
        stream.codec_context.color_trc, stream.codec_context.color_primaries = 16, 1
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(values, format="rgb24")))
        container.mux(stream.encode())
    pictures = [picture for _, picture in decode_pictures(path, inspect_video(path, 25.0))]
    assert len(pictures) == 2
    for picture in pictures:
        for half, colour in ((picture[8:-8, 8:24], shown[0, 0]), (picture[8:-8, 40:-8], shown[0, -1])):
            assert half.reshape(-1, 3).mean(axis=0) == pytest.approx(colour.astype(float), abs=8)
