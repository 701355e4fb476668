"""The table of heads says what is in the motion: of sine waves and noise, everything is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.motion.prosody import analyse
from inference.training.evaluation.head_table import BANDS, band_power, half_life, head_figures, head_table
from inference.training.evaluation.heads import evaluate_clips

RATE = 25.0


def head(degrees: np.ndarray, blinks: tuple[int, ...] = ()) -> FaceAnimation:
    frames = len(degrees)
    zeros = np.zeros
    blink = zeros((frames, 2), np.float32)
    for first in blinks:
        blink[first : first + 4] = 1
    return FaceAnimation(
        fps=RATE,
        landmarks=zeros((frames, 68, 3), np.float32),
        neutral=zeros((68, 3), np.float32),
        head_rotation=np.radians(degrees).astype(np.float32),
        head_translation=zeros((frames, 3), np.float32),
        eye_rotation=zeros((frames, 2), np.float32),
        blink=blink,
        arkit=zeros((frames, 52), np.float32),
        visemes=zeros((frames, 15), np.float32),
    )


def waves(seconds: float, *parts: tuple[float, float]) -> np.ndarray:
    """(T, 3) degrees; each axis a sine of (amplitude, Hz)."""
    time = np.arange(int(seconds * RATE)) / RATE
    return np.stack([size * np.sin(2 * np.pi * hertz * time) for size, hertz in parts], axis=1)


def test_sines_measure_as_sines() -> None:
    figures = head_figures(head(waves(60, (3, 0.3), (2, 1.5), (1, 3.0)), blinks=(100, 400, 900)))
    for name, size, hertz in (("nod", 3, 0.3), ("turn", 2, 1.5), ("tilt", 1, 3.0)):
        assert figures.values[f"{name} std"] == pytest.approx(size / np.sqrt(2), rel=0.02)
        assert figures.values[f"{name} speed"] == pytest.approx(4 * size * hertz, rel=0.08)
        # a cosine has fallen to one half after a sixth of its period
        assert figures.values[f"{name} half-life"] == pytest.approx(1 / hertz / 6, abs=0.05)
    assert figures.values["blinks a minute"] == pytest.approx(3)
    inside = [
        next(n for n, (low, high) in enumerate(BANDS) if low <= hertz < high) for hertz in (0.3, 1.5, 3.0)
    ]
    for axis, (band, size) in enumerate(zip(inside, (3, 2, 1))):
        assert figures.bands[band, axis] == pytest.approx(
            size**2 / 2, rel=0.2
        )  # the window spreads a line over its neighbours
        assert np.delete(figures.bands[:, axis], band).max() < 0.25 * figures.bands[band, axis]


def test_power_adds_up_to_the_variance() -> None:
    noise = np.random.RandomState(0).standard_normal((4000, 3))
    # white noise to 12.5 Hz: the bands hold 0.1 to 8 of them
    np.testing.assert_allclose(band_power(noise).sum(axis=0), 7.9 / 12.5, rtol=0.1)


@pytest.mark.parametrize("curve", [np.zeros(200), np.full(200, 3.0)])
def test_what_stands_still_has_no_half_life(curve: np.ndarray) -> None:
    assert half_life(curve) == 0


def test_short_clips_are_refused() -> None:
    with pytest.raises(ValueError, match="4 s"):
        head_figures(head(waves(3, (1, 1), (1, 1), (1, 1))))


def test_speech_and_pauses_are_told_apart() -> None:
    time = np.arange(int(60 * RATE)) / RATE
    speaking = (time % 10) < 6
    moved = waves(60, (1, 1.0), (1, 1.0), (1, 1.0)) * np.where(speaking, 2.0, 1.0)[:, None]
    prosody = analyse(speaking.astype(np.float32), np.where(speaking, 100.0, 0.0), RATE)
    assert head_figures(head(moved), prosody).values["speed in speech / pauses"] == pytest.approx(2, rel=0.2)


def test_the_table_has_a_column_for_each_and_quartiles() -> None:
    rows = [head_figures(head(waves(10, (size, 1), (1, 1), (1, 1)))) for size in (1, 2, 3)]
    lines = head_table({"people": rows, "made": rows[:1]})
    nod = next(line for line in lines if line.startswith("nod std"))
    assert "1.41 (1.06 to 1.77)" in nod
    assert "0.71 (0.71 to 0.71)" in nod
    assert "people (3)" in lines[0]


def test_a_folder_of_captured_clips(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    head(waves(10, (2, 0.5), (1, 1), (1, 1))).save(tmp_path / "ada" / "one.npz")
    head(waves(2.5, (2, 0.5), (1, 1), (1, 1))).save(tmp_path / "short.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK")
    (tmp_path / "notes.txt").write_text("not a clip")
    told: list[str] = []
    columns = evaluate_clips(tmp_path, report=told.append)
    assert [len(rows) for rows in columns.values()] == [1]
    assert len(told) == 2
    assert any("broken.npz" in line for line in told)
    assert any("shorter than 4 s" in line for line in told)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no clip of 4 s"):
        evaluate_clips(tmp_path)
