"""Draws what a face picture does, many looks on one sheet: for looking, and for the documentation.

python -m inference picture PHOTO.png -o face.npz
python -m tools.picture_sheet face.npz -o sheet.png

Of pictures that ship their names will do, and --short draws the most telling looks, a row for each picture:

python -m tools.picture_sheet fox teapot face.npz --short -o sheet.png
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face import png
from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.draw import draw, rest_weights
from tools.picture_figures import face_called

Look = tuple[bool, dict[str, float], tuple[float, float, float]]

_SIDES = ("Left", "Right")


def _both(**weights: float) -> dict[str, float]:
    return {name + side: weight for name, weight in weights.items() for side in _SIDES}


LOOKS: dict[str, Look] = {
    "the picture": (True, {}, (0, 0, 0)),
    "neutral": (False, {}, (0, 0, 0)),
    "aa": (False, {"jawOpen": 0.7, **_both(mouthLowerDown=0.2, mouthUpperUp=0.2)}, (0, 0, 0)),
    "e": (
        False,
        {"jawOpen": 0.25, **_both(mouthStretch=0.4, mouthLowerDown=0.3, mouthUpperUp=0.3)},
        (0, 0, 0),
    ),
    "o": (False, {"jawOpen": 0.35, "mouthFunnel": 0.7, "mouthPucker": 0.3}, (0, 0, 0)),
    "u": (False, {"jawOpen": 0.1, "mouthPucker": 0.8}, (0, 0, 0)),
    "m": (False, {"mouthRollLower": 0.3, "mouthRollUpper": 0.3, **_both(mouthPress=0.4)}, (0, 0, 0)),
    "smile": (False, _both(mouthSmile=0.8, cheekSquint=0.4), (0, 0, 0)),
    "half a blink": (True, _both(eyeBlink=0.5), (0, 0, 0)),
    "a blink": (True, _both(eyeBlink=1.0), (0, 0, 0)),
    "looking aside": (True, {"eyeLookOutLeft": 1, "eyeLookInRight": 1}, (0, 0, 0)),
    "brows up": (True, {"browInnerUp": 0.8, **_both(browOuterUp=0.6, eyeWide=0.5)}, (0, 0, 0)),
    "turned": (False, {"jawOpen": 0.3}, (0, 10, 0)),
    "turned back": (False, {"jawOpen": 0.1}, (0, -10, 0)),
    "nodding": (False, {"jawOpen": 0.2}, (10, 0, 0)),
    "tilted": (False, {"jawOpen": 0.3}, (-6, 0, 8)),
}
"""Name → whether the picture's own mouth is kept, weights of shapes, and the head's turn in degrees."""
SHORT = ("the picture", "m", "aa", "o", "smile", "a blink", "looking aside")
"""The looks that tell the most, for a row: as it is, lips shut, an open and a round vowel, a smile, a blink, a gaze."""


def sheet(
    face: FacePicture, columns: int = 4, cell: int = 180, looks: Sequence[str] = tuple(LOOKS)
) -> NDArray[np.uint8]:
    """(H, W, 3) some of `LOOKS` around the face, so many a row, so many pixels wide."""
    cells = []
    for at_rest, weights, degrees in (LOOKS[name] for name in looks):
        given = rest_weights() if at_rest else np.zeros(len(SHAPE_NAMES), np.float32)
        for name, value in weights.items():
            given[SHAPE_NAMES.index(name)] = value
        cells.append(_cropped(face, draw(face, given, np.radians(np.array(degrees))), cell))
    rows = [np.concatenate(cells[start : start + columns], axis=1) for start in range(0, len(cells), columns)]
    return np.concatenate(rows)


def _cropped(face: FacePicture, picture: NDArray[np.uint8], cell: int) -> NDArray[np.uint8]:
    """The face in a square of so many pixels, over white; each pixel the mean of those that it stands for."""
    from inference.pictures.filling import sample

    middle = face.landmarks[[36, 45, 8], :2].mean(axis=0)
    half = 1.35 * face.eye_distance
    fine = max(1, round(2 * half / cell))
    steps = (np.arange(cell * fine) + 0.5) / (cell * fine) * 2 * half - half
    places = np.stack(np.meshgrid(middle[0] + steps, middle[1] + steps), axis=-1)
    colours = sample(picture, places)
    beyond = ((places < 0) | (places >= picture.shape[1::-1])).any(axis=-1)  # nor is the border drawn out
    share = np.where(beyond, 0, colours[..., 3])[..., None] / 255
    flat = (colours[..., :3] * share + 255 * (1 - share)).reshape(cell, fine, cell, fine, 3).mean(axis=(1, 3))
    return np.round(flat).astype(np.uint8)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("faces", nargs="+", help="face pictures (.npz), or names of pictures that ship")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the PNG to write")
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}")
    parser.add_argument("--cell", type=int, default=180, help="pixels of each look (default: %(default)s)")
    options = parser.parse_args()
    looks = SHORT if options.short else tuple(LOOKS)
    columns = len(looks) if options.short else 4
    rows = [sheet(face_called(name), columns, options.cell, looks) for name in options.faces]
    options.output.write_bytes(png.encoded(np.concatenate(rows), 9))
    print(f"{options.output}: {', '.join(looks)}")


if __name__ == "__main__":
    main()
