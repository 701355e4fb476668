# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the demo character and saves it, from nothing but code.

    blender -b --factory-startup --python examples/build_demo_character.py -- --output demo_character.blend
    python examples/build_demo_character.py -- --output demo_character.blend      (a Python with the bpy wheel)

`--picture face.png` also renders a still with Workbench.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from blender_addon import demo_character


def main() -> int:
    """Builds, saves, returns the exit status."""
    arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(prog="build_demo_character.py", description="Build the demo character.")
    parser.add_argument(
        "--output", type=Path, default=Path("demo_character.blend"), help=".blend file to write"
    )
    parser.add_argument("--picture", type=Path, help="also render a still to this PNG")
    options = parser.parse_args(arguments)

    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    started = time.perf_counter()
    character = demo_character.build(scene)
    demo_character.build_stage(scene, character)
    demo_character.configure_workbench(scene)
    print(f"built {character.name} in {time.perf_counter() - started:.1f} s")
    options.output.resolve().parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(options.output.resolve()), compress=True)
    print(f"saved {options.output}")
    if options.picture is not None:
        scene.render.filepath = str(options.picture.resolve())
        bpy.ops.render.render(write_still=True)
        print(f"rendered {options.picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
