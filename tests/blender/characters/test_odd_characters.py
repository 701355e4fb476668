"""Characters that nobody would build on purpose, and yet are sent: each moves, or a sentence says what to do."""

from __future__ import annotations

import warnings

import bpy
import characters
import numpy as np
import pytest
from drawn_characters import say, spoken

from blender_addon import api
from blender_addon.characters import shape_reach
from blender_addon.faces.geometry.surface import from_polygons, sewn

LINE = spoken(fps=24)


@pytest.fixture(autouse=True)
def nothing_known():
    shape_reach.forget()


def moved(face) -> float:
    """How far the mouth's vertex of the evaluated mesh goes while the line is said."""
    heights = []
    for frame in range(1, 43):
        bpy.context.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        heights.append(face.evaluated_get(graph).data.vertices[characters.MOUTH].co.z)
    return float(np.ptp(heights))


def test_a_basis_alone_is_no_shape_key():
    face = characters.face_mesh("Bust", [])
    assert "has no shape keys" in api.describe(face).problem
    face.shape_key_add(name="wobble")
    assert "has a name that is known" in api.describe(face).problem


def test_absolute_shape_keys_are_told_when_they_are_keyed(fake, voice):
    face = characters.face_mesh("Old")
    face.data.shape_keys.use_relative = False
    assert ["absolute" in told for told in api.generate(face, voice).warnings].count(True) == 1
    api.repair(face, code="KEY_ABSOLUTE")
    assert "absolute" not in " ".join(api.generate(face, voice).warnings)


def locked(face):
    for block in face.data.shape_keys.key_blocks:
        if hasattr(block, "lock_shape"):
            block.lock_shape = True


def far_away(face):
    above = bpy.data.objects.new("far", None)
    bpy.context.scene.collection.objects.link(above)
    above.location, face.parent = (1000.0, 2000.0, -500.0), above


def mirrored(face):
    face.scale = (-1.0, 1.0, 1.0)


def oddly_named(face):
    face.name = 'two\nlines "quoted" \\ back'
    face.data.shape_keys.key_blocks["jawOpen"].name = 'Face"x\\y.jawOpen\n'


@pytest.mark.parametrize("change", [locked, far_away, mirrored, oddly_named])
def test_it_moves_all_the_same_and_is_given_back(change):
    face = characters.face_mesh(
        "Face", ["jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight", "mouthPucker"]
    )
    change(face)
    before = [block.value for block in face.data.shape_keys.key_blocks]
    assert not say(face, LINE).warnings
    assert moved(face) > 0.05
    assert api.remove(face)
    assert [block.value for block in face.data.shape_keys.key_blocks] == before


def test_edges_without_faces_talk_and_have_no_landmarks():
    mesh = bpy.data.meshes.new("wire")
    mesh.from_pydata([(0, 0, 0), (0, 0, 1), (1, 0, 0)], [(0, 1), (1, 2)], [])
    face = bpy.data.objects.new("wire", mesh)
    bpy.context.scene.collection.objects.link(face)
    face.shape_key_add(name="Basis")
    face.shape_key_add(name="jawOpen").data[characters.MOUTH].co.z -= 1.0
    say(face, LINE)
    assert moved(face) > 0.05
    with pytest.raises(api.TalkingAnimationError, match="no mesh with faces"):
        api.faces.keep_landmarks(face)


def test_places_that_are_no_numbers_are_no_warning():
    points = np.full((4, 3), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sewn(from_polygons(points, np.arange(4), np.array([0]), np.array([4])))
