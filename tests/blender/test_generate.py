"""From a recording to keys, with the fake engine."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest

from blender_addon import actions, api, versions
from blender_addon.errors import TalkingAnimationError

NO_SOUND = "This Blender cannot play sound, so the recording was not added to the sequencer."


def curves_of(datablock):
    (action,) = actions.own_actions(datablock)
    return versions.curve_set(action, datablock).by_path()


def path_of(name):
    return (f'key_blocks["{name}"].value', 0)


def test_a_recording_becomes_keys(fake, voice):
    rig, mesh = characters.rigged()
    report = api.generate(mesh, voice, start_frame=10)
    assert report.frames == 48  # 50 frames at 25 a second, of which the last is at 1.96 s, at 24 a second
    assert report.meshes == 1 and report.start == 10 and report.warnings in ([], [NO_SOUND])
    curves = curves_of(mesh.data.shape_keys)
    assert len(curves) == 51  # all but tongueOut, which never moves
    keys = versions.key_values(curves[path_of("jawOpen")])
    assert keys[0, 0] == 10 and keys[0, 1] == 0
    assert keys[20, 1] == pytest.approx(0.4) and keys[-1, 1] == 0
    scene = bpy.context.scene
    scene.frame_set(30)
    assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-5)
    for frame in (1, 200):  # at rest before and after
        scene.frame_set(frame)
        assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.0, abs=1e-6)
        assert tuple(rig.pose.bones["head"].rotation_quaternion) == pytest.approx((1, 0, 0, 0), abs=1e-6)
    assert "says line.wav" in report.message
