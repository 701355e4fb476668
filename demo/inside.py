# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts that run inside Blender share: their arguments, the add-on's installation, the lips' distance."""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import math
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

ADDON = "talking_animation"


def arguments(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Parse what the command line holds after `--`."""
    return parser.parse_args(sys.argv[sys.argv.index("--") + 1 :])


def finish(main: Callable[[], int]) -> None:
    """Run a script's main function and end the process with its exit code, whatever happens.

    A bpy wheel may crash or hang in a regular exit, hence `os._exit`.
    """
    faulthandler.enable()
    try:
        status = main()
    except SystemExit as problem:
        status = problem.code if isinstance(problem.code, int) else 1
        if isinstance(problem.code, str):
            print(problem.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def install(zipped: Path) -> ModuleType:
    """Install the zip as a user does, as an extension where there are such, and return the add-on's package."""
    if bpy.app.version >= (4, 2, 0):
        name = f"bl_ext.user_default.{ADDON}"
        bpy.ops.extensions.package_install_files(
            filepath=str(zipped), repo="user_default", enable_on_install=True
        )
    else:
        name = ADDON
        bpy.ops.preferences.addon_install(filepath=str(zipped), overwrite=True)
        bpy.ops.preferences.addon_enable(module=name)
    if name not in bpy.context.preferences.addons:
        raise SystemExit(f"Blender {bpy.app.version_string} did not install and enable {zipped}.")
    module = importlib.import_module(name)
    if Path(str(module.__file__)).is_relative_to(Path(__file__).resolve().parent.parent / "blender_addon"):
        raise SystemExit("The add-on was loaded from the repository, not from the zip.")
    return module


def empty_scene() -> Any:
    """The factory scene without its cube, lamp and camera."""
    bpy.data.batch_remove(list(bpy.data.objects))
    for collection in list(bpy.data.collections):
        bpy.data.collections.remove(collection)
    for kind in (bpy.data.meshes, bpy.data.lights, bpy.data.cameras, bpy.data.materials):
        bpy.data.batch_remove([data for data in kind if data.users == 0])
    return bpy.context.scene


def lip_pair(ob: Any) -> tuple[int, int]:
    """The two vertices where the middles of upper and lower lip meet, found from the `jawOpen` shape.

    Of the middle of what the jaw moves, the closest pair of one vertex that the jaw carries and one that it leaves, the front
    one where several touch.
    """
    keys = ob.data.shape_keys.key_blocks
    count = len(ob.data.vertices)
    rest, opened = np.empty(count * 3, np.float32), np.empty(count * 3, np.float32)
    keys[0].data.foreach_get("co", rest)
    keys["jawOpen"].data.foreach_get("co", opened)
    rest, opened = rest.reshape(-1, 3), opened.reshape(-1, 3)
    drop = rest[:, 2] - opened[:, 2]
    width = np.ptp(rest[:, 0])
    centre = float((rest[:, 0] * drop.clip(0)).sum() / drop.clip(0).sum())
    middle = np.flatnonzero(np.abs(rest[:, 0] - centre) < 0.01 * width)
    upper = middle[drop[middle] < 0.3 * drop.max()]
    lower = middle[drop[middle] > 0.6 * drop.max()]
    distance = np.linalg.norm(rest[upper][:, None] - rest[lower][None], axis=2)
    near = np.argwhere(distance < max(2.0 * distance.min(), 0.002 * width))
    front = min(near, key=lambda pair: rest[upper[pair[0]], 1] + rest[lower[pair[1]], 1])
    return int(upper[front[0]]), int(lower[front[1]])


def lip_distance(ob: Any, pair: tuple[int, int]) -> float:
    """The distance of these two vertices now, with all shape keys, bones and modifiers, in the mesh's own unit."""
    evaluated = ob.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    if len(mesh.vertices) != len(ob.data.vertices):
        raise SystemExit(f"A modifier changes the number of vertices of {ob.name}.")
    length = (mesh.vertices[pair[0]].co - mesh.vertices[pair[1]].co).length
    evaluated.to_mesh_clear()
    return float(length)


def face_of(root: Any) -> Any:
    """The mesh below an object that has the `jawOpen` shape and the most vertices."""
    meshes = [
        ob
        for ob in [root, *root.children_recursive]
        if ob.type == "MESH" and ob.data.shape_keys and "jawOpen" in ob.data.shape_keys.key_blocks
    ]
    return max(meshes, key=lambda ob: len(ob.data.vertices))


def head_angles(armature: Any) -> tuple[float, float]:
    """Turn and nod of the head in degrees: where the direction that it looks to at rest (-Y) points now."""
    bone = next(bone for bone in armature.pose.bones if bone.name.casefold() == "head")
    turned = bone.matrix.to_3x3() @ bone.bone.matrix_local.to_3x3().inverted()
    looks = turned @ Vector((0.0, -1.0, 0.0))
    return math.degrees(math.atan2(looks.x, -looks.y)), math.degrees(math.asin(max(-1.0, min(1.0, looks.z))))
