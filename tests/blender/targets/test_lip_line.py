"""The lips are followed along their whole line, by bones that go together."""

from __future__ import annotations

import bone_faces
import numpy as np
import pytest
from vendor_bones import RIGS
from versions import ends

from blender_addon.characters import character, registry
from blender_addon.targets.face_rig import study
from blender_addon.targets.face_rig.frame import find_frame
from blender_addon.targets.face_rig.mouth_points import find_mouth

from .test_face_bones import EASED, SAID, SETTINGS, WANTED, pose


def talk(face):
    study.forget()
    found = character.describe(face.rig)
    return found, registry.by_name("face_bones").apply(SAID, found, SETTINGS).channels


def moved(face, channels, names):
    """(T, N, 3) how far bones' own locations move them, in face coordinates."""
    axes = find_frame(character.describe(face.rig), character.describe(face.rig).face_bones).axes
    result = np.zeros((len(channels[0].values), len(names), 3))
    for number, name in enumerate(names):
        turn = np.array(face.rig.data.bones[name].matrix_local.to_3x3())
        for channel in channels:
            if channel.data_path == f'pose.bones["{name}"].location':
                step = turn[:, channel.index] @ axes / face.unit
                result[:, number] += (channel.values - channel.values[-1])[:, None] * step
    return result


@ends
@pytest.mark.parametrize("name", ["rocketbox", "daz_genesis8", "generic", "auto_rig_pro"])
def test_neighbouring_bones_of_a_lip_go_together(name):
    face = bone_faces.build(RIGS[name], rolls=1)
    _, channels = talk(face)
    for role in ("lip_upper", "lip_lower"):
        bones = moved(face, channels, RIGS[name][role])
        largest = np.linalg.norm(bones, axis=2).max()
        difference = np.linalg.norm(np.diff(bones, axis=1), axis=2).max()
        assert largest > 0.01
        assert difference <= 0.2 * largest, role


def test_corners_move_and_the_sides_are_shut_where_the_middle_is():
    face = bone_faces.build(RIGS["rocketbox"], rolls=2)
    _, channels = talk(face)
    corners = moved(face, channels, ["Bip01 RMouthCorner", "Bip01 LMouthCorner"])[EASED][: len(WANTED) - 3]
    wanted = (SAID.landmarks[:, 54, 0] - SAID.landmarks[:, 48, 0])[EASED]
    assert np.abs(corners).max() > 0.02
    assert np.corrcoef(corners[:, 1, 0] - corners[:, 0, 0], wanted)[0, 1] > 0.9
    shut = [row for row in range(3, len(WANTED)) if WANTED[row] < 1e-3]
    points = face.skin.points
    slit = np.flatnonzero((np.abs(points[:, 1] - bone_faces.MOUTH_Y) < 1e-6) & (np.abs(points[:, 0]) < 0.25))
    uppers = [index for index in slit if not face.skin.below[index]]
    lowers = [next(i for i in slit if face.skin.below[i] and points[i, 0] == points[u, 0]) for u in uppers]
    assert len(uppers) > 12
    for row in shut:
        pose(channels, row)
        now = face.now()
        assert np.abs(now[uppers, 1] - now[lowers, 1]).max() < 0.02


def strip(xs, y, z):
    return np.stack([xs, np.full(len(xs), y), z(xs)], axis=1)


def coarse_mouth():
    """Lips of five vertices each and two corners, before teeth of many: vertices, the same opened, edges, names of parts."""

    def front(x):
        return 0.31 - 1.2 * x**2

    lips = np.array([-0.174, -0.094, 0.0, 0.094, 0.174])
    parts = {
        "upper": strip(lips, -0.80, front),
        "lower": strip(lips, -0.81, front),
        "corners": strip(np.array([-0.26, 0.26]), -0.805, front),
        "skin above": strip(lips, -0.70, front),
        "skin below": strip(lips, -0.93, front),
        "upper teeth": strip(np.linspace(-0.28, 0.28, 61), -0.80, lambda x: front(x) - 0.09 - 2 * x**2),
        "lower teeth": strip(np.linspace(-0.28, 0.28, 61), -0.803, lambda x: front(x) - 0.09 - 2 * x**2),
    }
    first, points = {}, []
    for name, part in parts.items():
        first[name] = len(points)
        points += part.tolist()
    edges = []
    for name, part in parts.items():
        if name != "corners":
            edges += [(first[name] + i, first[name] + i + 1) for i in range(len(part) - 1)]
    for name in ("upper", "lower"):
        edges += [(first["corners"], first[name]), (first["corners"] + 1, first[name] + 4)]
    edges += [(first["upper"] + i, first["skin above"] + i) for i in range(5)]
    edges += [(first["lower"] + i, first["skin below"] + i) for i in range(5)]
    rest = np.array(points)
    opened = rest.copy()
    falls = {"lower": 0.2, "skin below": 0.22, "lower teeth": 0.18, "corners": 0.03}
    for name, fall in falls.items():
        opened[first[name] : first[name] + len(parts[name]), 1] -= fall
    opened[[first["lower"], first["lower"] + 4], 1] += 0.06  # the sides of the lower lip fall less
    return rest, opened, np.array(edges), first


def test_lips_of_few_vertices_are_told_from_the_teeth_behind_them():
    rest, opened, edges, first = coarse_mouth()
    points = find_mouth(rest, opened, edges, np.array([0.0, -0.8, 0.3]))
    assert points.seam.tolist() == [[first["upper"] + i, first["lower"] + i] for i in range(5)]
    by_landmark = dict(zip(points.landmarks.tolist(), points.vertices.tolist()))
    assert (by_landmark[60], by_landmark[64]) == (first["corners"], first["corners"] + 1)
    assert points.width == pytest.approx(0.52)
    assert points.along == pytest.approx([-0.67, -0.36, 0, 0.36, 0.67], abs=0.01)


def test_a_skin_without_a_slit_has_no_lips():
    rest, opened, edges, first = coarse_mouth()
    kept = first["upper teeth"]
    shut = [(first["upper"] + i, first["lower"] + i) for i in range(5)]
    joined = np.array([*edges[(edges < kept).all(axis=1)].tolist(), *shut])
    assert find_mouth(rest[:kept], opened[:kept], joined, np.array([0.0, -0.8, 0.3])) is None
    assert find_mouth(rest[:0], opened[:0], edges[:0], np.array([0.0, -0.8, 0.3])) is None
    assert find_mouth(rest, rest, edges, np.array([0.0, -0.8, 0.3])) is None
