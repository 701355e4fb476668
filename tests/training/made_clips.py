"""Clips of a prepared corpus, made on the spot: faces that move and a sound, as if they had been filmed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inference.face.landmarks import REFERENCE_FACE
from inference.training.filmed_corpora.corpus import save_clip


def save_faces(path: Path, faces: np.ndarray, sound: np.ndarray) -> None:
    """Write (T, 68, 3) faces in face units and (N,) samples at 16 kHz as a clip of 25 pictures a second."""
    points = (faces * 70 + np.array([128, -140, 0])).astype(np.float32)
    irises, tracked = np.zeros((len(faces), 10, 3), np.float32), np.ones(len(faces), bool)
    save_clip(path, points, irises, tracked, 25.0, sound.astype(np.float32), "made")


def made_clip(path: Path, frames: int = 75, sound: np.ndarray | None = None) -> np.ndarray:
    """A face whose mouth opens four times in three seconds, by default to noise; returns the opening in face units."""
    opening = 0.1 * np.maximum(np.sin(np.arange(frames) / 75 * 8 * np.pi), 0)
    faces = np.repeat(REFERENCE_FACE[None], frames, axis=0)
    for point in (65, 66, 67, 55, 56, 57, 58, 59, 6, 7, 8, 9, 10):
        faces[:, point, 1] -= opening
    faces[:, [48, 60], 0] += opening[:, None] / 4
    faces[:, [54, 64], 0] -= opening[:, None] / 4
    if sound is None:
        sound = np.random.default_rng(0).normal(0, 0.1, frames * 640).astype(np.float32)
        sound *= np.repeat(opening * 10, 640).astype(np.float32)
    save_faces(path, faces, sound)
    return opening
