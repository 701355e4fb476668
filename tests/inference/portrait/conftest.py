"""A small picture that talks, and its motion."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_face_picture import made_face_picture
from portrait_motion import talking

from inference.face.face_picture import FacePicture


@pytest.fixture(scope="module")
def small() -> FacePicture:
    """96 × 128 pixels; its lips are parted in the picture."""
    return made_face_picture(4.0)


@pytest.fixture
def face_file(small: FacePicture, tmp_path: Path) -> Path:
    """The same as a file."""
    path = tmp_path / "face.npz"
    small.save(path)
    return path


@pytest.fixture
def motion_file(tmp_path: Path) -> Path:
    """12 frames of it."""
    path = tmp_path / "motion.npz"
    talking(12).save(path)
    return path
