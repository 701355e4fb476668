"""Every closure of the lips and every blink of a recording is in the keys, at any frame rate of the scene."""

from __future__ import annotations

import sys

import bpy
import characters
import numpy as np
import pytest
from blender_addon.contract.lids_and_lips import INNER_PAIRS, inner_lip_gap
from blender_addon.contract.resampling import NEARLY, blinks
from blender_addon.contract.runs import runs_of
from blender_addon.contract.shape_effects import TOUCH, lip_gap
from places import ROOT, VOICE
from versions import ends

from blender_addon import api
from blender_addon.contract import ARKIT_INDEX, ARKIT_NAMES
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions

sys.path.insert(0, str(ROOT / "tests" / "golden"))

import golden_file

RATES = ((12, 1.0), (24, 1.001), (24, 1.0), (25, 1.0), (30, 1.0), (60, 1.0))
CLOSURES = {TOUCH: (12, 13), NEARLY: (13, 13)}
"""Gap → closures of the sample voice's weights and landmarks at the engine's own rate."""


def keyed(datablock: bpy.types.ID, paths: list[tuple[str, int]]) -> np.ndarray:
    """(T, N) what the keys of these properties say at every frame that they cover; 0 where there is no curve."""
    (action,) = actions.own_actions(datablock)
    curves = animation_data.curve_set(action, datablock).by_path()
    first, last = (round(frame) for frame in action.frame_range)
    values = np.zeros((last - first + 1, len(paths)), np.float32)
    for column, path in enumerate(paths):
        if path in curves:
            values[:, column] = [curves[path].evaluate(frame) for frame in range(first, last + 1)]
    return values


def count(gap: np.ndarray, most: float) -> int:
    """How many times the lips are shut."""
    return len(runs_of(gap <= most + 1e-6))


def kept(closures: int, gap: np.ndarray, most: float, fps: float) -> None:
    """Every closure is there; between two that are no further apart than a frame, or 50 ms, there may be no open one.

    The lips are on their way within one of the engine's own frames: what lies in that is not wholly open either.

    Args:
        closures: in the keys.
        gap: (T,) at the engine's own rate.
        most: the gap of lips that are shut.
        fps: of the keys.
    """
    runs = runs_of(gap <= most + 1e-6)
    open_seconds = (runs[1:, 0] - runs[:-1, 1]) / golden_file.NATIVE_RATE
    near = int((open_seconds <= max(0.05, 1 / fps + 1 / golden_file.NATIVE_RATE)).sum())
    assert near < 3 and len(runs) - near <= closures <= len(runs)


@pytest.fixture(scope="module")
def native() -> dict[str, np.ndarray]:
    """The take at the engine's own rate."""
    return golden_file.load()[0]["auto 0"].arrays


@ends
@pytest.mark.parametrize(("fps", "base"), RATES)
def test_no_closure_and_no_blink_is_lost(native, fps, base):
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = fps, base
    mesh = characters.face_mesh("Face", list(ARKIT_NAMES))
    api.generate(mesh, VOICE, start_frame=1)
    weights = keyed(mesh.data.shape_keys, [(f'key_blocks["{name}"].value', 0) for name in ARKIT_NAMES])
    for most, (wanted, _) in CLOSURES.items():
        assert count(lip_gap(native["arkit"]), most) == wanted
        kept(count(lip_gap(weights), most), lip_gap(native["arkit"]), most, fps)
    lid = weights[:, ARKIT_INDEX["eyeBlinkLeft"]]
    assert len(blinks(lid)) == len(blinks(native["blink"][:, 0])) == 3
    assert min(lid[first : last + 1].max() for first, last in blinks(lid)) > 0.95


@ends
@pytest.mark.parametrize(("fps", "base"), RATES)
def test_no_closure_of_the_landmarks_is_lost(native, fps, base):
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = fps, base
    points = api.add_points(None, "MESH")
    api.generate(points, VOICE, start_frame=1)
    (mesh,) = [item.data for item in points.children_recursive if item.type == "MESH"]
    lips = sorted({point for pair in INNER_PAIRS for point in pair})
    values = keyed(mesh, [(f"vertices[{point}].co", axis) for point in lips for axis in range(3)])
    landmarks = np.zeros((len(values), 68, 3), np.float32)
    landmarks[:, lips] = values.reshape(len(values), len(lips), 3)
    at_own_rate = native["landmarks"].reshape(-1, 68, 3)
    for most, (_, wanted) in CLOSURES.items():
        assert count(inner_lip_gap(at_own_rate), most) == wanted
        kept(count(inner_lip_gap(landmarks), most), inner_lip_gap(at_own_rate), most, fps)
