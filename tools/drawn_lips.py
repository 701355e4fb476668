"""How far the lips of a drawn face are, in the render, from where a motion's landmarks want them, and whether they shut.

    python -m inference capture grid/s26/pbbg5p.mp4 -o pbbg5p.npz
    blender -b --factory-startup --python tools/drawn_lips.py -- pbbg5p.npz …
    python tools/drawn_lips.py pbbg5p.npz …                              (a Python with the bpy wheel)

The face of *Add Grease Pencil Face* says each motion with its head still, and Workbench renders its mouth. Debian's Blender 3.4
needs `xvfb-run` for that. The edges of the lips in the picture are held against the drawn mouth plus what the eight inner
points of the lips moved by. Frames in which the landmarks let the lips touch may show no pixel of the inside of the mouth.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from blender_addon.contract.easing import FACE_EASE

import blender_addon
from blender_addon import api
from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.contract import FaceAnimation
from blender_addon.demo_character.flat_shapes import show_flat
from blender_addon.host.blender_versions import grease_pencil
from blender_addon.motion.drawn_face import DrawnFace
from blender_addon.motion.key_reduction import KeyStyle
from blender_addon.talking.write import Destination, write
from blender_addon.targets.grease_pencil import drawing

PIXELS = 640
"""Of a picture's sides."""
SEEN = 1.6
"""Of a picture's sides, in eye distances."""
_UPPER, _LOWER = (60, 61, 62, 63, 64), (60, 67, 66, 65, 64)
_MOUTH = ("Mouth Inside", "Tongue", "Mouth")
_HALF_LINE = 1.4 * 0.022 / 2  # of the width of the mouth's line, units
_BELOW = 0.15  # the middle of a picture lies so far below the middle of the lips, eye distances
_NEUTRAL_INNER = 0.484  # width of the neutral face's inner lips


def still(motion: FaceAnimation) -> FaceAnimation:
    """The same motion with the head and the eyes at rest."""
    return replace(
        motion,
        head_rotation=np.zeros_like(motion.head_rotation),
        head_translation=np.zeros_like(motion.head_translation),
        eye_rotation=np.zeros_like(motion.eye_rotation),
    )


def stage(face: DrawnFace, obj: Any) -> None:
    """Show the mouth alone, its inside red, on white."""
    scene: Any = bpy.context.scene
    middle = float(np.mean(face.mouth.upper + face.mouth.lower)) / 2
    show_flat(scene, (float(face.centre[0]), middle - _BELOW * face.unit), SEEN * face.unit)
    scene.world.color = (1, 1, 1)
    scene.render.resolution_x = scene.render.resolution_y = PIXELS
    scene.display.render_aa = "OFF"
    scene.grease_pencil_settings.antialias_threshold = 0.0
    for layer in obj.data.layers:
        layer.hide = grease_pencil.layer_name(layer) not in _MOUTH
    red: Any
    for red in (bpy.data.materials["Drawn Dark"], bpy.data.materials["Drawn Red"]):
        red.grease_pencil.fill_color = (1, 0, 0, 1)
    for material in obj.data.materials:
        material.grease_pencil.color = (0, 0, 0, 1)


def picture(frame: int, folder: Path) -> np.ndarray:
    """(H, W, 3) 0 to 1, its first row below."""
    scene: Any = bpy.context.scene
    scene.frame_set(frame)
    scene.render.filepath = str(folder / "mouth.png")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    pixels = np.empty(PIXELS * PIXELS * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(PIXELS, PIXELS, 4)[:, :, :3]


def expected(face: DrawnFace, motion: FaceAnimation, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """(5, 2) each: where the inner points of the upper and of the lower lip belong in the drawing."""
    scale = face.mouth.width / _NEUTRAL_INNER
    away = (motion.landmarks[frame] - motion.neutral)[:, :2]
    shares = np.linspace(0, 1, 5)
    lips = []
    for points, edge in ((_UPPER, face.mouth.upper), (_LOWER, face.mouth.lower)):
        rest = np.stack(
            [face.mouth.left + shares * face.mouth.width, np.interp(shares, face.mouth.grid, edge)], axis=1
        )
        lips.append(rest + scale * away[list(points)])
    return lips[0], lips[1]


def errors_of(seen: np.ndarray, lips: tuple[np.ndarray, np.ndarray], face: DrawnFace) -> list[float]:
    """How far the lips are from where they belong at the three inner pairs and at both corners, in eye distances."""
    size = SEEN * face.unit / PIXELS
    left = face.centre[0] - SEEN * face.unit / 2
    bottom = float(np.mean(face.mouth.upper + face.mouth.lower)) / 2 - (_BELOW + SEEN / 2) * face.unit
    drawn = seen.min(axis=2) < 0.5
    rows, columns = np.nonzero(drawn)
    told = []
    for points, sign in zip(lips, (1, -1)):
        for x, y in points[1:-1]:
            column = int((x - left) / size)
            there = rows[columns == column]
            edge = (there.max() + 1 if sign > 0 else there.min()) * size + bottom - sign * _HALF_LINE
            told.append(abs(edge - y))
    corners = (columns.min() * size + left + _HALF_LINE, (columns.max() + 1) * size + left - _HALF_LINE)
    told += [abs(corner - x) for corner, x in zip(corners, (lips[0][0, 0], lips[0][-1, 0]))]
    return [float(error / face.unit) for error in told]


def measure(path: Path, way: str, every: int, keep: Path | None) -> tuple[np.ndarray, int, int]:
    """Let the face say a motion; returns errors in eye distances, the number of closed frames, and the most inner pixels of any.

    Every few frames are rendered, and all closed ones.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    motion = still(FaceAnimation.load(path))
    obj = drawn_faces.add_face(scene)
    obj.talking_drawing.way = way
    face = drawing.read(obj, 1).face
    assert face is not None
    write(api.describe(obj), motion, api.Dials(), Destination(1, True, {}, KeyStyle(), (0.0, 0.0)))
    stage(face, obj)
    first = round(FACE_EASE[0] * motion.fps) + 1
    errors, closed, worst = [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for frame in range(first, len(motion)):
            if frame % every and not motion.closed[frame]:
                continue
            seen = picture(1 + frame, folder)
            errors += errors_of(seen, expected(face, motion, frame), face)
            if motion.closed[frame]:
                closed += 1
                worst = max(worst, int(((seen[:, :, 0] > 0.5) & (seen[:, :, 1] < 0.5)).sum()))
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (folder / "mouth.png").replace(keep / f"{path.stem}-{frame:03d}.png")
    return np.array(errors), closed, worst


def main() -> int:
    """Measures and prints; returns the exit status."""
    given = [] if bpy.app.binary_path else sys.argv[1:]  # Blender's own options come first
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else given
    parser = argparse.ArgumentParser(prog="drawn_lips.py", description="Lips of drawn faces, in the render.")
    parser.add_argument("motions", type=Path, nargs="+", help="animations (.npz)")
    parser.add_argument(
        "--way", choices=("BONES", "DRAWINGS"), default="BONES", help="what moves the drawing"
    )
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    parser.add_argument(
        "--every", type=int, default=1, help="render every so many frames, and all closed ones"
    )
    options = parser.parse_args(arguments)
    blender_addon.register()
    print(f"Blender {bpy.app.version_string}, {options.way.lower()}")
    errors_of_all = []
    for path in options.motions:
        errors, closed, worst = measure(path, options.way, max(options.every, 1), options.keep)
        errors_of_all.append(errors)
        print(
            f"{path.stem}: lips {100 * errors.mean():.2f} % of the eye distance off, {100 * errors.max():.2f} % at most; "
            f"{closed} closed frames, {worst} inner pixels at most",
            flush=True,
        )
    together = np.concatenate(errors_of_all)
    print(
        f"all: {100 * together.mean():.2f} %, {100 * together.max():.2f} % at most, of {len(together)} places"
    )
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # the wheels of Blender 4 may hang where they end
