"""Registration takes the head's motion out, and gives it back."""

from __future__ import annotations

import numpy as np
import pytest

from inference.face import landmarks as lm


@pytest.fixture
def talking() -> np.ndarray:
    """60 frames of the reference face whose lower lip and chin go up and down."""
    faces = np.repeat(lm.REFERENCE_FACE[None], 60, axis=0)
    opening = 0.1 * (1 - np.cos(np.arange(60) / 4))
    for point in (65, 66, 67, 55, 56, 57, 58, 59, 7, 8, 9):
        faces[:, point, 1] -= opening
    return faces


def test_reference_is_in_the_engines_coordinates() -> None:
    face = lm.REFERENCE_FACE
    assert np.isclose(np.linalg.norm(face[45] - face[36]), 1, atol=1e-3)
    assert np.allclose(face[[36, 45]].mean(axis=0), 0, atol=1e-3)
    assert face[45, 0] > 0 > face[8, 1] and face[30, 2] > face[0, 2]
    assert np.allclose(lm.mirrored(face), face, atol=2e-4)
    assert lm.mouth_opening(face) < 1e-6


def test_mirror_is_its_own_inverse() -> None:
    assert (lm.MIRROR[lm.MIRROR] == np.arange(lm.COUNT)).all()


def test_rotation_directions() -> None:
    nose = np.array([0.0, 0.0, 1.0])
    up = np.array([0.0, 1.0, 0.0])
    assert (lm.rotation_matrix([0.3, 0, 0]) @ nose)[1] < 0  # looks down
    assert (lm.rotation_matrix([0, 0.3, 0]) @ nose)[0] > 0  # to the picture's right
    assert (lm.rotation_matrix([0, 0, 0.3]) @ up)[0] < 0  # counter-clockwise


def test_euler_angles_invert_rotation_matrix() -> None:
    angles = np.random.default_rng(0).uniform(-1.2, 1.2, (50, 3))
    assert np.allclose(lm.euler_angles(lm.rotation_matrix(angles)), angles)


def test_registration_recovers_motion_and_head(talking: np.ndarray) -> None:
    angles = 0.2 * np.sin(np.arange(60)[:, None] / np.array([9.0, 13.0, 17.0]))
    turned = np.einsum("tij,tnj->tni", lm.rotation_matrix(angles), talking) * 83.0
    turned[..., 0] += 40 + np.arange(60)[:, None] * 0.5
    face = lm.register(turned)
    assert np.abs(face.landmarks - talking).max() < 2e-3
    assert np.abs(face.head_rotation - angles).max() < 1e-4
    assert np.allclose(np.diff(face.head_translation[:, 0]), 0.5 / 83, atol=1e-3)


def test_registration_refuses_nonsense(talking: np.ndarray) -> None:
    with pytest.raises(ValueError):
        lm.register(talking[:, :60])
    talking[3, 4, 0] = np.nan
    with pytest.raises(ValueError):
        lm.register(talking)
    assert lm.register(np.zeros((0, 68, 3))).landmarks.shape == (0, 68, 3)


def test_measures() -> None:
    face = lm.REFERENCE_FACE.copy()
    face[66, 1] -= 0.2
    face[67, 1] -= 0.15
    face[65, 1] -= 0.15
    assert np.isclose(lm.mouth_opening(face), 0.2, atol=1e-6)
    assert lm.mouth_area(face) > 0.02 > abs(lm.mouth_area(lm.REFERENCE_FACE))
    assert (lm.eye_opening(face) > 0.15).all() and lm.eye_opening(face).shape == (2,)
    face[[43, 44, 46, 47], 1] = 0
    assert lm.eye_opening(face)[0] < 0.1 < lm.eye_opening(face)[1]  # left first


def test_the_opening_of_a_displaced_face_is_that_of_its_landmarks() -> None:
    displacement = np.sin(np.arange(5 * 68 * 3)).reshape(5, 68, 3).astype(np.float32) / 10
    opening = lm.displaced_opening(lm.REFERENCE_FACE, displacement)
    assert opening.shape == (5,)
    assert np.allclose(opening, lm.mouth_opening(lm.REFERENCE_FACE + displacement), atol=1e-6)
