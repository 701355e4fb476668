# SPDX-License-Identifier: GPL-3.0-or-later
"""A face drawn in Grease Pencil strokes says the sample voice, from an empty file.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/grease_pencil.py -- --save grease_pencil.blend

With Blender as a Python module (`pip install bpy`):
    python examples/grease_pencil.py --save grease_pencil.blend

`--drawings` draws it anew on twos, instead of by bones. `--render FOLDER --frames 1,12,30` renders frames with Workbench, too:
on a machine without a screen Debian's Blender 3.4 needs `xvfb-run` for that. `-- --help` lists the options.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.demo_character.flat_shapes import show_flat


def build(scene: Any) -> Any:
    """The face; its strokes are told by the names of their layers, so nothing is mapped."""
    face = drawn_faces.add_face(scene)
    show_flat(scene, (0.0, -0.35), 2.9)
    return face


def add_options(parser: argparse.ArgumentParser) -> None:
    """How it is moved."""
    parser.add_argument("--drawings", action="store_true", help="draw it anew on twos, instead of by bones")


def obey(face: Any, options: argparse.Namespace) -> None:
    """Let it be moved as the options say."""
    if options.drawings:
        face.talking_drawing.way, face.talking_drawing.hold = "DRAWINGS", 2


if __name__ == "__main__":
    drawn_stage.finish(drawn_stage.perform("grease_pencil", build, add_options, obey))
