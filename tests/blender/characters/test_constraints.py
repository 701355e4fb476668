"""What holds a bone is the same for who looks for the head, who keys face bones and who says what hides an animation."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest

from blender_addon import api
from blender_addon.characters.constraints import replaces
from blender_addon.targets.face_rig.controls import FreedomFinder


def handle():
    made = bpy.data.objects.new("Handle", None)
    bpy.context.scene.collection.objects.link(made)
    return made


@pytest.mark.parametrize(
    ("kind", "settings", "held"),
    [
        ("COPY_ROTATION", {}, True),
        ("COPY_TRANSFORMS", {}, True),
        ("DAMPED_TRACK", {}, True),
        ("IK", {}, True),
        ("COPY_ROTATION", {"influence": 0.992}, True),
        ("COPY_ROTATION", {"influence": 0.98}, False),
        ("COPY_ROTATION", {"mute": True}, False),
        ("COPY_ROTATION", {"mix_mode": "ADD"}, False),
        ("COPY_ROTATION", {"use_z": False}, False),
        ("COPY_ROTATION", {"target": None}, False),
        ("COPY_LOCATION", {}, False),
        ("CHILD_OF", {}, False),
    ],
)
def test_all_agree_on_what_holds_a_bone(kind, settings, held):
    rig, mesh = characters.rigged(
        bones={**characters.SPINE, "c_head.x": ((0, 0.1, -1.2), (0, 0.1, 1.0), "neck")}
    )
    constraint = rig.pose.bones["head"].constraints.new(kind)
    constraint.target = handle()
    for name, value in settings.items():
        setattr(constraint, name, value)
    assert replaces(constraint, "rotation") == held
    assert api.describe(mesh).head == ("c_head.x" if held else "head")
    finder = FreedomFinder(rig)
    assert (finder.rotation("head", np.array([1.0, 0.0, 0.0]), -1.0, 1.0) is None) == held
    assert finder.skipped == ({"head": "is held by a constraint"} if held else {})


def test_what_moves_along_an_axis_that_is_not_taken_is_not_held():
    rig, _ = characters.rigged()
    constraint = rig.pose.bones["head"].constraints.new("COPY_LOCATION")
    constraint.target, constraint.use_y = handle(), False
    assert replaces(constraint, "location", np.array([1.0, 0.1, 0.0]))
    assert not replaces(constraint, "location", np.array([0.1, 1.0, 0.0]))
