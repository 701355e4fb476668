"""The table of how shapes move the mesh: what a face's anatomy asks of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.detection.mesh_points import MESH_TO_IBUG
from inference.face.names import ARKIT_NAMES
from inference.face.shape_table import load_basis
from inference.pictures.indices import (
    FACE_OVAL,
    LIP_RINGS,
    LOWER_INNER,
    LOWER_LIDS,
    UPPER_INNER,
    UPPER_LIDS,
)
from inference.pictures.template import load_template

MODEL = Path(__file__).resolve().parents[4] / "shared" / "assets" / "ict_face_model.npz"


def swapped(name: str) -> str:
    return name.replace("Left", "*").replace("Right", "Left").replace("*", "Right")


def test_both_sides_are_alike():
    template = load_template()
    flip = np.array([-1, 1, 1])
    assert np.abs(template.points - template.points[template.mirror] * flip).max() < 1e-3
    order = [ARKIT_NAMES.index(swapped(name)) for name in ARKIT_NAMES]
    assert np.abs(template.shapes - template.shapes[order][:, template.mirror] * flip).max() < 2e-3


def test_the_lips_meet_in_the_middle_and_the_jaw_parts_them_as_the_landmarks_say():
    template = load_template()
    gap = template.points[UPPER_INNER, 1] - template.points[LOWER_INNER, 1]
    assert (gap > -1e-3).all() and gap.max() < 0.015
    for name in ("jawOpen", "mouthClose"):
        shape = template.shapes[ARKIT_NAMES.index(name)]
        opening = (shape[UPPER_INNER] - shape[LOWER_INNER])[5, 1]
        landmarks = load_basis().deltas[ARKIT_NAMES.index(name)]
        assert opening == pytest.approx(landmarks[62, 1] - landmarks[66, 1], abs=0.02)


def test_the_rings_of_each_lip_keep_their_order():
    template = load_template()
    heights = template.points[LIP_RINGS, 1]
    assert (np.diff(heights[:4, 1:-1], axis=0) < 0.005).all()
    assert (np.diff(heights[4:, 1:-1], axis=0) > -0.005).all()


def test_the_mesh_is_a_disc_with_three_openings():
    triangles = load_template().triangles
    pairs = np.sort(
        np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1
    )
    edges, counts = np.unique(pairs, axis=0, return_counts=True)
    assert len(triangles) - len(edges) + 468 == -2 and counts.max() == 2
    rim = set(edges[counts == 1].ravel())
    assert rim == {*FACE_OVAL, *UPPER_LIDS.ravel(), *LOWER_LIDS.ravel(), *UPPER_INNER, *LOWER_INNER}


def test_a_blink_shuts_its_own_eye():
    template = load_template()
    for side, name in enumerate(("eyeBlinkRight", "eyeBlinkLeft")):
        moved = template.points + template.shapes[ARKIT_NAMES.index(name)]
        for eye, share in ((side, 0.6), (1 - side, 1.01)):
            before = (template.points[UPPER_LIDS[eye], 1] - template.points[LOWER_LIDS[eye], 1])[4]
            after = (moved[UPPER_LIDS[eye], 1] - moved[LOWER_LIDS[eye], 1])[4]
            assert after < share * before if eye == side else after > 0.98 * before


def test_landmarks_lie_where_the_engine_has_them():
    template, basis = load_template(), load_basis()
    off = np.linalg.norm((template.points[MESH_TO_IBUG] - basis.neutral)[17:, :2], axis=1)
    assert np.median(off) < 0.03 and off.max() < 0.09


@pytest.mark.skipif(not MODEL.is_file(), reason="needs the ICT head, which is not in the repository")
def test_it_is_made_again_by_its_command():
    pytest.importorskip("mediapipe")
    pytest.importorskip("scipy")
    from tools.face_template import measure

    arrays, template = measure(MODEL), load_template()
    assert np.abs(arrays["points"] - template.points).max() < 5e-3
    assert np.abs(arrays["shapes"].astype(np.float32) - template.shapes).max() < 0.02
    assert (arrays["triangles"] == template.triangles).all()
