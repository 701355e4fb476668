# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a face in Grease Pencil strokes, lets it say something, and saves the file.

blender -b --factory-startup --python examples/grease_pencil.py -- --audio line.wav --save drawn_face.blend
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import blender_addon
from blender_addon import api
from blender_addon.api import grease_pencil as drawn_faces


def main() -> int:
    """Draws, generates, saves; returns the exit status."""
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(prog="grease_pencil.py", description="Make a drawn face talk.")
    parser.add_argument("--audio", type=Path, help="recording; the sample voice by default")
    parser.add_argument("--save", type=Path, default=Path("drawn_face.blend"), help=".blend file to write")
    parser.add_argument("--drawings", action="store_true", help="draw it anew on twos, instead of by bones")
    options = parser.parse_args(arguments)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()
    face = drawn_faces.add_face(bpy.context.scene)
    if options.drawings:
        face.talking_drawing.way, face.talking_drawing.hold = "DRAWINGS", 2
    report = api.generate(face, options.audio or api.sample_voice(), start_frame=1)
    print(report.message, *report.warnings, sep="\n")
    bpy.ops.wm.save_as_mainfile(filepath=str(options.save.resolve()), compress=True)
    print(f"saved {options.save}")
    api.close_engine()
    return 0


if __name__ == "__main__":
    sys.exit(main())
