# SPDX-License-Identifier: MIT
"""Where the errors of `evaluate-portrait` come from: drawing, finding, or encoding, as a table in Markdown.

    python -m tools.found_gaps ../shared/data --people s1 s4 [--pictures PICTURE …] [--voice RECORDING]

All figures are shares of the distance between the outer eye corners, and of the gap between the lips' middles:

* error: what is found in the video against the animation, as `evaluate-portrait` has it;
* drawn: what the drawn mesh does against the animation;
* found: what a face mesh finds in the drawn pictures against the mesh that was drawn, and its share: how much of an opening it
  finds, by least squares;
* encoded: how much what is found differs between the video and the drawn pictures;
* shifted: the same between the drawn pictures and those moved by half a pixel across and down, as sizes that are rounded would;
* still: how restless what is found is in a video of the picture itself, which does not move: its standard deviation.

Needs the full engine's Python (OpenCV, PyAV).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import cv2
import numpy as np

from inference.face.animation import FaceAnimation
from inference.face.arrays import Floats
from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from inference.face.messages import AnimateOptions
from inference.pictures.filling import Pixels
from inference.pictures.own_shapes import relief_of
from inference.pipeline import animate
from inference.portrait.boxes import Box
from inference.portrait.film import Film, write_film
from inference.portrait.following import points_in
from inference.portrait.motion import portrait_motion
from inference.portrait.sampling import Sampler
from inference.portrait.sized import sized
from inference.portrait.warp import WarpRenderer
from inference.training.evaluation.picture_bars import wanted_gaps
from inference.training.evaluation.portrait_bars import decoded, lip_gaps
from inference.training.evaluation.portrait_table import first_pictures, portrait

_STILL_FRAMES = 50
_HALF = np.array([[1, 0, 0.5], [0, 1, 0.5]], np.float32)


@dataclass(frozen=True)
class Parts:
    """What a picture's error is made of; shares of the eye distance but for `share`."""

    error: float
    drawn: float
    found: float
    share: float
    encoded: float
    shifted: float
    still: float


def parts_of(face: FacePicture, animation: FaceAnimation) -> Parts:
    """The parts of one picture's error while it says something."""
    sampler = Sampler()
    whole = sized(face, face.size, sampler)
    warp = WarpRenderer(whole, False, Box(0, 0, *face.size), sampler)
    motion = portrait_motion(face, animation, animation.fps, len(animation))
    poses = [motion.pose(row, 1.0) for row in range(len(motion))]
    pictures = [np.ascontiguousarray(warp.draw(pose)[..., :3]) for pose in poses]
    relief = relief_of(whole)
    meshes = np.stack([pose.of(whole, relief)[:468] for pose in poses])
    talks = motion.weights[:, SHAPE_NAMES.index(PICTURED)] == 0
    wanted = wanted_gaps(face, animation)[talks].clip(0)
    drawn = lip_gaps(meshes)[talks].clip(0)
    seen, shifted = (_gaps(some)[talks] for some in (pictures, [_moved(one) for one in pictures]))
    baked = _gaps(_played(pictures))[talks]
    still = np.ascontiguousarray(face.textures[PICTURE][..., :3])

    def apart(one: Floats, other: Floats) -> float:
        return float(np.abs(one - other).mean())

    return Parts(
        apart(baked, wanted),
        apart(drawn, wanted),
        apart(seen, drawn),
        float(seen @ drawn / max(float(drawn @ drawn), 1e-9)),
        apart(baked, seen),
        apart(shifted, seen),
        float(_gaps(_played([still] * _STILL_FRAMES)).std()),
    )


def _moved(picture: Pixels) -> Pixels:
    """A picture, moved by half a pixel across and down."""
    moved = cv2.warpAffine(picture, _HALF, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def _gaps(pictures: Sequence[Pixels]) -> Floats:
    points = points_in(pictures)
    return np.full(len(pictures), np.nan) if points is None else lip_gaps(points).clip(0)


def _played(pictures: Sequence[Pixels]) -> list[Pixels]:
    """What a player shows of pictures; odd sides lose their last row."""
    height, width = (side - side % 2 for side in pictures[0].shape[:2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "played.mp4")
        write_film(
            path,
            Film(25.0, (width, height), len(pictures), None, {}),
            (one[:height, :width] for one in pictures),
        )
        return decoded(path)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", help="folder with grid/<speaker>/*.mp4")
    parser.add_argument("--people", nargs="+", default=[], help="speakers whose first picture talks")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help="other pictures that talk")
    parser.add_argument("--voice", type=Path, default=Path("demo/hello.wav"), help="what they say")
    given = parser.parse_args()
    faces = {path.stem: portrait(path) for path in given.pictures}
    if given.people:
        faces |= first_pictures(given.data, given.people)
    animation = animate(given.voice, AnimateOptions()).animation
    print("| picture | error | drawn | found | share found | encoded | shifted | still |")
    print("|---|---|---|---|---|---|---|---|")
    for name, face in faces.items():
        error, drawn, seen, share, *others = astuple(parts_of(face, animation))
        cells = [f"{100 * value:.1f} %" for value in (error, drawn, seen)] + [f"{share:.2f}"]
        print(
            f"| {name} | " + " | ".join([*cells, *(f"{100 * value:.2f} %" for value in others)]) + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
