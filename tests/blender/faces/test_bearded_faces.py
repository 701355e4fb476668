"""Beards and moustaches: the mouth is found where it would be without them, and they go with the lip they grow on."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
import pytest
import real_characters
from places import ASSETS
from versions import ends

from blender_addon.faces import landmarks
from blender_addon.faces.geometry.surface import Surface
from blender_addon.faces.landmark_search import fit, picture
from blender_addon.faces.landmark_search.features import Features
from blender_addon.faces.steps import run
from blender_addon.faces.talk_ready.cut_lips import cutting
from blender_addon.faces.talk_ready.generate import generate
from tools import found_heads

pytestmark = ends

BEARDED = "bearded"


@pytest.fixture(scope="module")
def bearded(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, np.ndarray]:
    """A file with a head in a beard whose lips were cut, and how far from the truth each landmark was found, % of the eyes."""
    real_characters.require(real_characters.ICT_HEAD)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    item, truth = found_heads.HEADS[BEARDED].make(ASSETS)
    assert truth is not None
    owner, found = landmarks.find_landmarks(item)
    surface = landmarks.surface_of(owner)
    assert set(surface.parts[found.vertices[48:].reshape(-1)].tolist()) == {0}  # on the skin, not on the hair
    off = np.linalg.norm(found.of(surface.vertices) - truth, axis=1)
    landmarks.store(owner, found)
    run(cutting(owner))
    path = str(tmp_path_factory.mktemp("bearded") / "bearded.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    return path, 100 * off / np.linalg.norm(truth[45] - truth[36])


def test_the_mouth_lies_where_it_would_without_a_beard(bearded: tuple[str, np.ndarray]) -> None:
    assert bearded[1][48:].mean() < 6  # 9 with it


def test_points_that_geometry_does_not_show_stay_where_they_were_seen() -> None:
    """Painted eyes far larger than a real face's pull no mouth down to the chin."""
    face = landmarks.template()[0]
    eyes = {number: face[number] * [1.3, 1.3, 1.0] for number in range(36, 48)}
    bent = picture._bent(face, Features(eyes, notes=list(fit.FEATURES)[2:]))
    assert np.abs(bent[48:68] - face[48:68]).max() < 0.1
    assert np.allclose(bent[36], eyes[36], atol=0.02)


def plate(low: Any, high: Any, depth: float, cells: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """A flat piece between two corners."""
    x, y = np.meshgrid(np.linspace(low[0], high[0], cells), np.linspace(low[1], high[1], cells))
    number = (np.arange(cells - 1)[:, None] * cells + np.arange(cells - 1)).reshape(-1, 1)
    quads = number + [0, 1, cells + 1, cells]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return np.stack([x, y, np.full_like(x, depth)], axis=2).reshape(-1, 3), triangles


@pytest.mark.parametrize(
    ("covers", "hidden"),
    [
        (((-0.7, -1.6), (0.7, -0.7)), True),
        (((-0.3, -1.0), (0.3, -0.75)), False),  # lips that are a plate of their own
        (((-0.7, 0.3), (0.7, 1.0)), False),  # a fringe
    ],
)
def test_what_hides_mouth_and_chin_is_a_beard(covers: Any, hidden: bool) -> None:
    skin, beard = plate((-1, -1.6), (1, 1), 0.0), plate(*covers, 0.2)
    vertices = np.concatenate([skin[0], beard[0]])
    triangles = np.concatenate([skin[1], beard[1] + len(skin[0])])
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    turned = vertices[:, [0, 2, 1]] * [1, -1, 1]  # z up, looking along -y
    hint = fit.Frame(np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]), np.zeros(3), 1.0)
    drawn = picture.draw_views(Surface(turned, triangles, edges), np.array([0, 0, 1.0]), True, hint)
    view = drawn.views[0]
    seen = landmarks.template()[0] - [*picture._CENTRE, 0.0]
    told = picture.beard_of(drawn, seen[None] / view.pixel, np.array([0.9]))
    assert (told is not None) == hidden
    if told is not None:
        assert told[0].tolist() == [False] * len(skin[0]) + [True] * len(beard[0])
    assert picture.beard_of(drawn, np.full((1, 68, 3), np.nan), np.zeros(1)) is None


def test_a_moustache_goes_with_the_upper_lip_and_a_beard_with_the_lower(
    bearded: tuple[str, np.ndarray],
) -> None:
    bpy.ops.wm.open_mainfile(filepath=bearded[0])
    item = bpy.data.objects["Head"]
    kept = landmarks.load(item)
    assert kept is not None
    surface = landmarks.surface_of(item)
    neutral, deltas = landmarks.template()
    shapes = generate(surface, kept, deltas, neutral)
    face, jaw = shapes.anatomy, shapes.offsets["jawOpen"] / shapes.anatomy.frame.unit
    hair = np.flatnonzero(np.isin(surface.parts, hair_parts(item, surface)))
    assert np.isnan(face.jaw[hair]).all()  # not taken for teeth
    assert set(face.worn.vertices.tolist()) <= set(hair.tolist())
    height = face.surface.vertices[face.worn.vertices, 1] - face.points[[62, 66], 1].mean()
    moustache, beard = face.worn.vertices[height > -0.05], face.worn.vertices[height < -0.3]
    assert len(moustache) > 50 and len(beard) > 50
    assert (face.lip_side[moustache] > 0).all() and (face.lip_side[beard] < 0).all()
    assert np.linalg.norm(jaw[beard], axis=1).max() > 0.2 > np.linalg.norm(jaw[moustache], axis=1).max()
    funnel = shapes.offsets["mouthPucker"] / face.frame.unit
    hanging = moustache[np.argmin(np.abs(face.surface.vertices[moustache, 0]))]
    assert funnel[hanging] @ face.frame.axes[:, 2] > 0.02  # forward with the lip, which else came through it


def hair_parts(item: Any, surface: Surface) -> np.ndarray:
    """The parts of a mesh that wear the material Hair."""
    slot = item.data.materials.find("Hair")
    corner = [polygon.vertices[0] for polygon in item.data.polygons if polygon.material_index == slot]
    return np.unique(surface.parts[corner])
