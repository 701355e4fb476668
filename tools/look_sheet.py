# SPDX-License-Identifier: MIT
"""Draws portraits in drawn looks on one sheet: each as it is, then in every look at rest, talking and blinking.

python -m tools.look_sheet admiral astronaut FACE.npz … -o SHEET.jpg [--looks drawing cartoon LOOK.npz]

Needs the full engine's Python (Pillow and OpenCV).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.face.names import PORTRAIT_LOOKS
from inference.looks.apply import drawn_as, look_called
from inference.pictures.draw import rest_weights
from inference.portrait.boxes import Box
from inference.portrait.sampling import Sampler
from inference.portrait.sized import sized
from inference.portrait.warp import Pose, WarpRenderer
from tools.picture_figures import face_called

_REACH = 1.75
"""Eye distances from the middle of a face to the sides of what is shown."""
_POSES: tuple[dict[str, float], ...] = (
    {},
    {"jawOpen": 0.5, "mouthFunnel": 0.2},
    {"eyeBlinkLeft": 1, "eyeBlinkRight": 1, "mouthSmileLeft": 0.5, "mouthSmileRight": 0.5, "jawOpen": 0.12},
)


def row_of(face: FacePicture, looks: Sequence[str], side: int) -> NDArray[np.uint8]:
    """(side, n side, 3) a face as it is, then in each look.

    Args:
        face: shown.
        looks: see `look_called`.
        side: pixels of each square.
    """
    middle = face.landmarks[[36, 45, 8], :2].mean(axis=0)
    reach = min(_REACH * face.eye_distance, face.size[0] / 2, face.size[1] / 2)
    scale = side / (2 * reach)
    size = (round(face.size[0] * scale), round(face.size[1] * scale))
    left, top = (
        int(np.clip(place * scale - side / 2, 0, longest - side)) for place, longest in zip(middle, size)
    )
    box = Box(left, top, left + side, top + side)
    fitting = sized(face, size, Sampler())
    shown = [WarpRenderer(fitting, view=box).at_rest[..., :3]]
    for look in looks:
        renderer = WarpRenderer(drawn_as(fitting, look_called(look)), view=box)
        shown += [renderer.draw(_pose(weights))[..., :3] for weights in _POSES]
    return np.hstack(shown)


def _pose(given: dict[str, float]) -> Pose:
    weights = np.zeros(len(SHAPE_NAMES), np.float32) if given else rest_weights()
    for name, value in given.items():
        weights[SHAPE_NAMES.index(name)] = value
    return Pose(weights, np.zeros(3, np.float32), np.zeros(3, np.float32))


def main() -> None:
    """Draw what the command line names."""
    from PIL import Image

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", nargs="+", help="names of pictures that ship, or face pictures (.npz)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--looks", nargs="+", default=PORTRAIT_LOOKS, help="(default: all)")
    parser.add_argument("--side", type=int, default=260, help="pixels of a square (default: %(default)s)")
    arguments = parser.parse_args()
    rows = [row_of(face_called(name), arguments.looks, arguments.side) for name in arguments.pictures]
    Image.fromarray(np.vstack(rows)).save(arguments.output, quality=85)


if __name__ == "__main__":
    main()
