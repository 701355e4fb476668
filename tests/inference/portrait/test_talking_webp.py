"""Pictures that talk side by side are one moving picture of all their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from portrait_motion import talking

from inference.face.face_picture import FacePicture
from inference.portrait.sampling import opencv
from tools.talking_webp import filmed, frames_of, write_sheet, write_webp

image = pytest.importorskip("PIL.Image", reason="Pillow belongs to the full engine")


@pytest.mark.skipif(opencv() is None, reason="OpenCV belongs to the full engine")
def test_all_frames_of_all_pictures(small: FacePicture, tmp_path: Path) -> None:
    said = frames_of(small, talking(20), 48, 0.64, tmp_path)
    assert len(said) == 16 and {frame.shape for frame in said} == {(48, 48, 3)}
    still = [np.full((48, 20, 3), 9, np.uint8)] * 16
    write_webp([said, still], tmp_path / "two.webp")
    with image.open(tmp_path / "two.webp") as moving:
        # WebP shows a frame that is the one before for longer instead.
        assert (moving.size, moving.n_frames > 12) == ((68, 48), True)
        for place, frame in ((0, said[0]), (moving.n_frames - 1, said[-1])):
            moving.seek(place)
            shown = np.asarray(moving.convert("RGB")).astype(int)
            assert np.abs(shown[:, :48] - frame).mean() < 12
            assert np.abs(shown[:, 56:] - 9).max() < 12  # beside it, colours bleed


@pytest.mark.skipif(opencv() is None, reason="OpenCV belongs to the full engine")
def test_a_filmed_face_has_what_is_behind_it(small: FacePicture, tmp_path: Path) -> None:
    pytest.importorskip("av", reason="PyAV belongs to the full engine")
    said = filmed(small, talking(6), 24, 0.2, tmp_path)
    assert len(said) == 5 and {frame.shape for frame in said} == {(24, 24, 3)}
    assert max(int(frame[:2].mean()) for frame in said) < 250  # not cut out on white


def test_every_so_many_frames_on_a_sheet(tmp_path: Path) -> None:
    rows = [[np.full((6, 4, 3), shade + frame, np.uint8) for frame in range(8)] for shade in (10, 100)]
    write_sheet(rows, 3, tmp_path / "sheet.png")
    with image.open(tmp_path / "sheet.png") as drawn:
        shown = np.asarray(drawn)
    assert shown.shape == (12, 12, 3)  # frames 0, 3 and 6 of two pictures
    assert shown[3, ::4, 0].tolist() == [10, 13, 16] and shown[9, ::4, 0].tolist() == [100, 103, 106]
