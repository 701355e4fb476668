# SPDX-License-Identifier: GPL-3.0-or-later
"""What the examples of drawn and built characters share: options, the sample voice, saving and rendering."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import blender_addon
from blender_addon import api

FPS = 24


def perform(
    name: str,
    build: Callable[[Any], Any],
    add_options: Callable[[argparse.ArgumentParser], object] = lambda parser: None,
    obey: Callable[[Any, argparse.Namespace], object] = lambda character, options: None,
) -> int:
    """Build a character in an empty file and let it say the sample voice; returns the exit code.

    Args:
        name: of the example, for its help and its files.
        build: adds the character to a scene and returns its object.
        add_options: adds options of the example's own.
        obey: does with the character what these say.
    """
    parser = argparse.ArgumentParser(prog=f"{name}.py", description=f"Build the {name} and let it talk.")
    parser.add_argument("--audio", type=Path, help="recording to say (the sample voice)")
    parser.add_argument("--save", type=Path, default=Path(f"{name}.blend"), help=".blend file to write")
    parser.add_argument("--render", type=Path, help="folder for PNG files of the frames that --frames lists")
    parser.add_argument("--frames", default="", help="frames to render, such as 1,12,30; none: each")
    parser.add_argument("--size", type=int, help="pixels of the sides of these files (as the scene says)")
    add_options(parser)
    given = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    options = parser.parse_args(given if bpy.app.binary_path or "--" in sys.argv else sys.argv[1:])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()  # of this checkout
    scene = bpy.context.scene
    scene.render.fps = FPS
    character = build(scene)
    obey(character, options)
    try:
        report = api.generate(character, str(options.audio or api.sample_voice()), start_frame=1)
    except api.TalkingAnimationError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    finally:
        api.close_engine()
    print(report.message, *report.warnings, sep="\n")
    scene.frame_start, scene.frame_end = 1, report.end
    scene.frame_set(1)
    bpy.ops.wm.save_as_mainfile(filepath=str(options.save.resolve()), compress=True)
    print(f"saved {options.save}")
    if options.render is not None:
        if options.size:
            scene.render.resolution_x = scene.render.resolution_y = options.size
        frames = [int(frame) for frame in options.frames.split(",") if frame.strip()]
        _render(scene, options.render, frames or list(range(1, report.end + 1)))
    return 0


def sheet_options(parser: argparse.ArgumentParser) -> None:
    """Options of an example with sprite sheets."""
    parser.add_argument("--sheets", type=Path, help="folder for the sprite sheets as PNG files")


def save_sheets(character: Any, options: argparse.Namespace) -> None:
    """Save the images of a character's planes, where that is asked for."""
    if options.sheets is None:
        return
    options.sheets.mkdir(parents=True, exist_ok=True)
    for plane in character.children:
        image = plane.data.materials[0].node_tree.nodes.active.image
        image.filepath_raw = str((options.sheets / f"{plane.name}.png").resolve())
        image.file_format = "PNG"
        image.save()
        print(f"saved {image.filepath_raw}")


def _render(scene: Any, folder: Path, frames: list[int]) -> None:
    scene.render.use_sequencer = False
    for frame in frames:
        scene.frame_set(frame)
        scene.render.filepath = str((folder / f"{frame:04d}.png").resolve())
        bpy.ops.render.render(write_still=True)


def finish(code: int) -> None:
    """End the process with an exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if bpy.app.binary_path:
        sys.exit(code)
    os._exit(code)  # as a module, Blender 4 crashes while the interpreter shuts down
