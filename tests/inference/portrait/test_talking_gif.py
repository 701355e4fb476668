"""Pictures that talk side by side are one moving picture of all their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from portrait_motion import talking

from inference.face.face_picture import FacePicture
from inference.portrait.sampling import opencv
from tools.talking_gif import frames_of, write_gif

image = pytest.importorskip("PIL.Image", reason="Pillow belongs to the full engine")


@pytest.mark.skipif(opencv() is None, reason="OpenCV belongs to the full engine")
def test_all_frames_of_all_pictures(small: FacePicture, tmp_path: Path) -> None:
    said = frames_of(small, talking(20), 48, 0.64, tmp_path)
    assert len(said) == 8 and {frame.shape for frame in said} == {(48, 48, 3)}
    still = [np.full((48, 20, 3), 9, np.uint8)] * 8
    write_gif([said, still], tmp_path / "two.gif")
    with image.open(tmp_path / "two.gif") as moving:
        assert (moving.n_frames, moving.size) == (8, (68, 48))
        moving.seek(4)
        shown = np.asarray(moving.convert("RGB")).astype(int)
    assert np.abs(shown[:, :48] - said[4]).mean() < 12 and np.abs(shown[:, 48:] - 9).max() < 12
