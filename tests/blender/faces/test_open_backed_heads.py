"""Heads without the back of the skull: what is seen from within has eyes and a mouth, and yet is no face."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
import pytest
import real_characters
from places import ASSETS
from versions import ends

from blender_addon.faces import landmarks
from tools import found_heads
from tools.found_heads import Head

pytestmark = ends


def turned_and_inside_out(head: Head) -> Head:
    """The head looking the other way, all of its faces the wrong way round."""
    assert head.truth is not None
    half = np.array([-1.0, -1.0, 1.0])
    faces = [face[::-1] for face in head.faces]
    return Head(head.points * half, faces, head.truth * half, head.parts)


@pytest.mark.parametrize("change", [lambda head: head, found_heads.half_reversed, turned_and_inside_out])
def test_the_face_is_on_the_outer_side(change: Callable[[Head], Head]) -> None:
    real_characters.require(real_characters.ICT_HEAD)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    head = change(found_heads.without_back(found_heads.ict(ASSETS)))
    assert head.truth is not None
    item = found_heads.add("Head", head)
    owner, found = landmarks.find_landmarks(item, use_engine=False)
    points = found.of(landmarks.surface_of(owner).vertices)
    off = 100 * np.linalg.norm(points - head.truth, axis=1) / np.linalg.norm(head.truth[45] - head.truth[36])
    assert off[27:].mean() < 4 and off[48:].mean() < 3  # 70 where the inner side was taken for the face
    assert found.confidence > 0.9
