"""Figures of faces drawn in Grease Pencil, measured in the Blender that runs this.

    blender -b --factory-startup --python tools/grease_pencil_figures.py [-- --points points.npy]
    python tools/grease_pencil_figures.py                                 (a Python with the bpy wheel)

`--points` keeps the points of some frames, so that two Blenders can be compared: `--compare other.npy`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "helpers"))

import blender_addon

_STROKE = 50
_TRIES = 3
FRAMES, POINTS = 288, 2000  # with the way back to rest 300 drawings


def _motion(frames: int) -> Any:
    from face_animations import face_animation

    from blender_addon.contract import ARKIT_INDEX

    weights = np.zeros((frames, 52), np.float32)
    weights[:, ARKIT_INDEX["jawOpen"]] = np.clip(np.sin(np.arange(frames) / 3), 0, 1) * 0.6
    turn = 0.2 * np.sin(np.arange(frames)[:, None] / [11.0, 17.0, 23.0])
    return face_animation(25.0, weights, head_rotation=turn.astype(np.float32))


def _drawing(points: int) -> Any:
    """The drawn face, with a stroke more that has as many points as are left to that number."""
    from blender_addon.api import grease_pencil as drawn_faces
    from blender_addon.host.blender_versions import grease_pencil

    obj = drawn_faces.add_face(bpy.context.scene)
    there = sum(len(grease_pencil.read(layer, layer.frames[0]).points) for layer in obj.data.layers)
    layer, left = grease_pencil.add_layer(obj, "Freckles"), points - there
    places = np.random.default_rng(0).normal(size=(left // _STROKE, 2)) * 0.4
    turn = np.linspace(0, 6, _STROKE)
    strokes = [
        grease_pencil.NewStroke(
            np.stack([x + 0.02 * np.cos(turn), 0 * turn, z + 0.02 * np.sin(turn)], axis=1), False, 0, 0.01
        )
        for x, z in places
    ]
    grease_pencil.draw(grease_pencil.new_frame(layer, 1), strokes)
    return obj


def _talk(obj: Any, way: str, frames: int) -> float:
    """Write a motion; returns seconds of the processor, of the best of some tries."""
    from blender_addon import api
    from blender_addon.motion.key_reduction import KeyStyle
    from blender_addon.talking.write import Destination, write

    obj.talking_drawing.way = way
    character, motion = api.describe(obj), _motion(frames)
    spent = []
    for _ in range(_TRIES):
        started = time.process_time()
        write(character, motion, api.Dials(), Destination(1, True, {}, KeyStyle(), (0.0, 0.0)))
        spent.append(time.process_time() - started)
    return min(spent)


def _points(obj: Any) -> np.ndarray:
    from blender_addon.host.blender_versions import grease_pencil

    seen = []
    scene: Any = bpy.context.scene
    for frame in (1, 5, 30, 111):
        scene.frame_set(frame)
        shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
        for layer in shown.data.layers:
            seen.append(grease_pencil.read(layer, grease_pencil.frame_at(layer, frame)).points)
    return np.concatenate(seen)


def main() -> int:
    """Measures and prints; returns the exit status."""
    given = [] if bpy.app.binary_path else sys.argv[1:]  # Blender's own options come first
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else given
    parser = argparse.ArgumentParser(prog="grease_pencil_figures.py", description="Figures of drawn faces.")
    parser.add_argument("--points", type=Path, help="file to keep the points of some frames in (.npy)")
    parser.add_argument("--compare", type=Path, help="points that another Blender kept")
    options = parser.parse_args(arguments)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()
    obj = _drawing(POINTS)
    print(f"Blender {bpy.app.version_string}")
    print(f"bones: {_talk(obj, 'BONES', FRAMES):.2f} s for {POINTS} points, {FRAMES} frames")
    by_bones = _points(obj)
    print(
        f"drawings: {_talk(obj, 'DRAWINGS', FRAMES):.2f} s for {len(obj.data.layers[0].frames)} of {POINTS} points"
    )
    drawn = _points(obj)
    print(f"bones and drawings differ by {np.abs(by_bones - drawn).max():.1e} units at most")
    if options.points:
        np.save(options.points, drawn)
    if options.compare:
        print(
            f"the other Blender differs by {np.abs(np.load(options.compare) - drawn).max():.1e} units at most"
        )
    large = _drawing(100_000)
    print(f"bones: {_talk(large, 'BONES', 20):.2f} s for 100000 points, 20 frames")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the wheels of Blender 4 may hang where they end
