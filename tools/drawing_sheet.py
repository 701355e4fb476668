# SPDX-License-Identifier: MIT
"""The drawn and built characters of `examples/` on one sheet, a row each: at rest, at p, a, o and f, and blinking.

python -m tools.drawing_sheet -o docs/images/drawings.png
python -m tools.drawing_sheet grease_pencil -o docs/images/grease-pencil.png
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from inference.face import png
from inference.pictures.image_files import read_picture
from tools import blenders
from tools.environments import ROOT
from tools.terminal import BuildError

EXAMPLES = ("mouth_chart", "cut_out", "robot", "sprite_sheet", "chart_from_picture")
FRAMES = (1, 28, 50, 93, 199, 119)
"""Frames at which the sample voice is at rest, at p, a, o and f, and blinks."""
CELL = 190  # pixels


def row_of(name: str, blender: blenders.Blender, cell: int) -> np.ndarray:
    """(cell, n cell, 3) uint8: what an example shows in these frames."""
    with tempfile.TemporaryDirectory() as folder:
        frames = ",".join(map(str, FRAMES))
        given = ("--save", f"{folder}/{name}.blend", "--render", folder, "--frames", frames, "--size", cell)
        done = subprocess.run(
            blender.command(ROOT / "examples" / f"{name}.py", *map(str, given)),
            env={**blender.environment(Path(folder) / "user"), "TMPDIR": os.environ.get("TMPDIR", "/tmp")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=False,
        )
        pictures = [Path(folder) / f"{frame:04d}.png" for frame in FRAMES]
        if not all(picture.is_file() for picture in pictures):
            raise BuildError(f"{name} was not rendered in {blender.name}:\n{done.stdout[-2000:]}")
        return np.concatenate([read_picture(picture)[..., :3] for picture in pictures], axis=1)


def main() -> None:
    """Draw the sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "examples", nargs="*", default=EXAMPLES, help="names of examples (default: all but Grease Pencil's)"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the PNG to write")
    parser.add_argument(
        "--cell", type=int, default=CELL, help="pixels of each picture (default: %(default)s)"
    )
    parser.add_argument("--blender", help="path to a Blender (default: the wheel of 4.5)")
    options = parser.parse_args()
    blender = blenders.for_demo(options.blender) if options.blender else blenders.wheel((4, 5))
    if blender is None:
        raise BuildError("The wheel of Blender 4.5 needs Python 3.11: give another with --blender.")
    rows = [row_of(name, blender, options.cell) for name in options.examples]
    options.output.write_bytes(png.encoded(np.concatenate(rows, axis=0), 9))
    print(f"{options.output} is written.")


if __name__ == "__main__":
    main()
