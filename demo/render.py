# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender: render some frames of a .blend as JPEG files, each complete the moment it has its name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
import inside


def main() -> int:
    """Render the frames that the arguments after `--` ask for."""
    parser = argparse.ArgumentParser(prog="render.py")
    parser.add_argument("--blend", type=Path, required=True)
    parser.add_argument("--frames", required=True, help="frame numbers, separated by commas")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument(
        "--size", type=int, nargs=2, metavar=("WIDTH", "HEIGHT"), help="instead of the scene's own"
    )
    options = inside.arguments(parser)

    bpy.ops.wm.open_mainfile(filepath=str(options.blend), load_ui=False)
    scene = bpy.context.scene
    if options.size:
        scene.render.resolution_x, scene.render.resolution_y = options.size
        scene.render.resolution_percentage = 100
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "JPEG"
    settings.color_mode = "RGB"
    settings.quality = 98
    scene.render.use_file_extension = True
    scene.render.use_sequencer = False
    # Twice the size without Workbench's smoothing looks like 5 samples a pixel when scaled down, at two thirds of the cost.
    scene.render.resolution_percentage *= 2
    scene.display.render_aa = "OFF"
    for frame in map(int, options.frames.split(",")):
        scene.frame_set(frame)
        unfinished = options.folder / f"part-{frame:04d}.jpg"
        scene.render.filepath = str(unfinished)
        bpy.ops.render.render(write_still=True)
        unfinished.replace(options.folder / f"{frame:04d}.jpg")
        print(f"frame {frame}", flush=True)
    return 0


if __name__ == "__main__":
    inside.finish(main)
