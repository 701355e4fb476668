# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a picture takes in Blender until it talks, with the embedded engine, and how long Workbench draws each frame.

    blender -b --factory-startup --python tools/picture_speed.py -- [PICTURE] [--voice RECORDING] [--size 1024] [--frames 20]

The picture is a name of one that ships, or a file; it is made a square of that many pixels. The first turn starts the engine, the
second finds it running. Frames are drawn as `api.render_as_picture` sets it up, once with the file (PNG) and once without it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import blender_addon
from blender_addon import api

ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print a table in Markdown; 0 when both turns are done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", nargs="?", type=Path, default=ROOT / "demo" / "pictures" / "astronaut.jpg")
    parser.add_argument("--voice", type=Path, default=ROOT / "demo" / "hello.wav")
    parser.add_argument("--size", type=int, default=1024, help="pixels")
    parser.add_argument("--frames", type=int, default=20)
    options = parser.parse_args(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else [])
    blender_addon.register()
    print("| turn | character built | keys | a frame | with its file |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        picture = _square(options.picture, options.size, Path(folder) / "picture.png")
        for turn in (1, 2):
            bpy.ops.wm.read_factory_settings(use_empty=True)
            print(
                f"| {turn} | {' | '.join(f'{seconds:.2f} s' for seconds in _measured(picture, options, folder))} |"
            )
    return 0


def _square(picture: Path, size: int, target: Path) -> Path:
    """A picture as a square PNG."""
    image: Any = bpy.data.images.load(str(picture.resolve()))
    image.scale(size, size)
    image.filepath_raw, image.file_format = str(target), "PNG"
    image.save()
    return target


def _measured(picture: Path, options: argparse.Namespace, folder: str) -> tuple[float, float, float, float]:
    """Seconds until the character is built and until it has keys, of a frame and of one that is written."""
    begin = time.perf_counter()
    (root,) = api.make_picture_talk(picture, set_up=True).roots
    built = time.perf_counter()
    api.generate(root, options.voice)
    keyed = time.perf_counter()
    scene: Any = bpy.context.scene
    api.render_as_picture(root, scene)
    frames = range(10, 10 + options.frames)
    for frame in frames:
        scene.frame_set(frame)
        bpy.ops.render.render()
    drawn = time.perf_counter()
    for frame in frames:
        scene.frame_set(frame)
        scene.render.filepath = str(Path(folder) / f"{frame}.png")
        bpy.ops.render.render(write_still=True)
    written = time.perf_counter()
    return built - begin, keyed - built, (drawn - keyed) / len(frames), (written - drawn) / len(frames)


if __name__ == "__main__":
    sys.exit(main())
