# SPDX-License-Identifier: GPL-3.0-or-later
"""A robot of boxes whose lamps talk: emission, colour and scale follow the mouth and the lids, from an empty file.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/robot.py -- --save robot.blend

With Blender as a Python module (`pip install bpy`):
    python examples/robot.py --save robot.blend

`--render FOLDER --frames 1,12,30` also renders frames with Workbench; `-- --help` lists the options.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.api import drawings
from blender_addon.demo_character.flat_shapes import empty, show_flat
from blender_addon.host.blender_versions.materials import empty_node_tree

STEEL, DARK, GLOW = (0.35, 0.40, 0.45), (0.03, 0.04, 0.05), (0.10, 0.95, 0.75)
CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
BARS = (0.5, 0.8, 1.0, 0.8, 0.5)
"""How far each bar of the mouth grows, of the middle one."""


def build(scene: Any) -> Any:
    """The robot, with what its lamps follow."""
    robot = empty(scene, "Robot")
    steel, dark = _painted("Steel", STEEL), _painted("Dark", DARK)
    _box(scene, "Body", robot, (0, 0.2, -1.35), (1.3, 0.6, 0.9), steel)
    _box(scene, "Neck", robot, (0, 0.2, -0.8), (0.4, 0.4, 0.3), dark)
    _box(scene, "Skull", robot, (0, 0, 0), (1.6, 1.0, 1.4), steel)
    _box(scene, "Screen", robot, (0, -0.5, -0.05), (1.35, 0.05, 1.1), dark)
    _box(scene, "Antenna", robot, (0, 0, 0.85), (0.06, 0.06, 0.35), dark)
    bulb = _lamp("Bulb")
    _box(scene, "Bulb", robot, (0, 0, 1.08), (0.18, 0.18, 0.18), bulb)
    _follow(robot, bulb, "jaw", 1.6, 0.15)
    for side, across in (("left", 0.33), ("right", -0.33)):
        light = _lamp(f"Eye lamp {side}")
        eye = _box(scene, f"Eye lamp {side}", robot, (across, -0.55, 0.18), (0.32, 0.05, 0.32), light)
        _follow(robot, light, f"lid.{side}", -0.8, 1.0)
        shut = drawings.Move(f"lid.{side}", gain=-0.29, low=0.03)
        drawings.map_property(robot, eye, "scale", shut, index=2)
    mouth = _lamp("Mouth lamp")
    _follow(robot, mouth, "opening", 0.8, 0.35)
    for number, share in enumerate(BARS):
        bar = _box(
            scene, f"Bar {number + 1}", robot, ((number - 2) * 0.2, -0.55, -0.34), (0.12, 0.05, 0.04), mouth
        )
        drawings.map_property(robot, bar, "scale", drawings.Move("opening", 0.5 * share, high=0.42), index=2)
    show_flat(scene, (0.0, -0.15), 2.9)
    scene.display.shading.light = "STUDIO"
    return robot


def _follow(robot: Any, lamp: Any, channel: str, gain: float, rest: float) -> None:
    """Let a lamp's emission follow a channel, and its colour in solid view with it."""
    strength = 'nodes["Emission"].inputs[1].default_value'
    move = drawings.Move(channel, 10 * gain, 10 * rest, low=0.0)
    drawings.map_property(robot, lamp.node_tree, strength, move)
    for index, part in enumerate(GLOW):
        move = drawings.Move(channel, gain * part, rest * part, low=0.0, high=part)
        drawings.map_property(robot, lamp, "diffuse_color", move, index)


def _painted(name: str, colour: tuple[float, float, float]) -> Any:
    material = bpy.data.materials.new(name)
    material.diffuse_color = (*colour, 1.0)
    return material


def _lamp(name: str) -> Any:
    material = _painted(name, GLOW)
    tree = empty_node_tree(material)
    emission = tree.nodes.new("ShaderNodeEmission")
    emission.name = "Emission"
    emission.inputs[0].default_value = (*GLOW, 1.0)
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(emission.outputs[0], output.inputs[0])
    return material


def _box(
    scene: Any, name: str, parent: Any, at: tuple[float, float, float], size: tuple[float, float, float], material: Any
) -> Any:  # fmt: skip
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(CORNERS.tolist(), [], SIDES)
    mesh.materials.append(material)
    box = bpy.data.objects.new(name, mesh)
    box.parent, box.location, box.scale = parent, at, size
    scene.collection.objects.link(box)
    return box


if __name__ == "__main__":
    drawn_stage.finish(drawn_stage.perform("robot", build))
