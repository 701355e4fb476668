# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender for `build.py bench`: saves a scene of several characters with their lines in the sequencer.

The add-on is installed as a user would, so that the command that is measured finds it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
import inside

FPS = 25


def main() -> int:
    """Build and save the scene."""
    parser = argparse.ArgumentParser(prog="measure_scene.py")
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--voices", type=Path, required=True, help="folder of NAME_number.wav")
    parser.add_argument("--seconds", type=float, required=True, help="length of each voice")
    parser.add_argument("--save", type=Path, required=True)
    options = inside.arguments(parser)
    addon = inside.install(options.zip)
    demo_character, sequencer = (
        importlib.import_module(f"{addon.__name__}.{name}")
        for name in ("demo_character", "host.blender_versions.sequencer")
    )
    scene = inside.empty_scene()
    scene.render.fps, scene.render.fps_base = FPS, 1.0
    files = sorted(options.voices.glob("*.wav"), key=lambda path: int(path.stem.rpartition("_")[2]))
    names = sorted({path.stem.rpartition("_")[0] for path in files})
    for place, name in enumerate(names):
        demo_character.build(scene, location=(3.0 * place, 0.0, 0.0)).name = name
    for number, path in enumerate(files):
        start = 1 + round(number * options.seconds * FPS)
        channel = 1 + names.index(path.stem.rpartition("_")[0])
        sequencer.add_sound_strip(scene, path.stem, str(path), channel, start)
    bpy.ops.wm.save_as_mainfile(filepath=str(options.save))
    return 0


if __name__ == "__main__":
    inside.finish(main)
