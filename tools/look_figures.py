# SPDX-License-Identifier: MIT
"""Measures how steady drawn looks are: how much strokes change that should only move, as a table in Markdown.

    python -m tools.look_figures [NAME | FACE.npz …] [--looks drawing cartoon LOOK.npz] [--frames 8] [--size 512]

A name is one of demo/pictures; without any, its photos. Each says the demo voice. Every place of the face is followed through the
frames by the mesh that moves it, and its brightness compared with that of the frame before (0 to 255): in the look as it is drawn
and moved, and with the same look drawn anew of every frame of the moving photo, whose points are known to it exactly. That photo
has the grain of a film (--grain, 0 for none). What is read at a place is the mean around it under a Gaussian of a pixel, as an
eye sees frames at their size.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inference.face.animation import FaceAnimation
from inference.face.arrays import Flags, Floats
from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from inference.face.messages import AnimateOptions
from inference.face.names import PORTRAIT_LOOKS
from inference.looks.apply import Look, drawn_as, look_called
from inference.pictures.filling import Pixels, luminance
from inference.pictures.own_shapes import relief_of
from inference.pictures.raster import rasterise
from inference.pictures.refine import areas
from inference.pipeline import animate
from inference.portrait.motion import portrait_motion
from inference.portrait.sampling import Sampler
from inference.portrait.sized import sized
from inference.portrait.warp import Pose, WarpRenderer

_VOICE = Path(__file__).resolve().parent.parent / "demo" / "hello.wav"
_PHOTOS = ("admiral", "astronaut")
_SEEN = 1.0
"""Pixels, sigma of the Gaussian that reads a place: a stroke between two pixels is as dark to an eye as one on a pixel."""
_REACH = 4
"""Pixels around a place that are read."""
_FIRST = 44
"""The first frame that is compared: the picture has grown into its motion, and within the next eight it blinks."""
_PICTURED = SHAPE_NAMES.index(PICTURED)
_WITH_THE_HEAD = 0.6
_FLATTEST = 0.4
"""Share of its area that a triangle must keep to be compared: what folds away under a lid is not seen."""


@dataclass(frozen=True)
class Steadiness:
    """Mean change from frame to frame of what is followed, 0 to 255.

    Attributes:
        once: of the look that is drawn once and moved.
        anew: of the same look drawn of every frame.
    """

    once: float
    anew: float

    @property
    def ratio(self) -> float:
        """How many times steadier it is to draw once."""
        return self.anew / max(self.once, 1e-6)


def measure(face: FacePicture, poses: Sequence[Pose], look: Look, grain: float = 0.0) -> Steadiness:
    """How steady a look is over frames that follow each other.

    Args:
        face: the photo.
        poses: at least two.
        look: measured.
        grain: standard deviation of the noise in each frame of the photo, 0 to 255.

    Raises:
        EngineError: see `drawn_as`.
    """
    photo, drawn = WarpRenderer(face), WarpRenderer(drawn_as(face, look))
    followed = _Followed(face)
    once = [followed.read(drawn.draw(pose), pose) for pose in poses]
    random = np.random.RandomState(0)
    anew = []
    for pose in poses:
        frame = photo.draw(pose)[..., :3].astype(np.float32)
        filmed = np.round(frame + grain * random.randn(*frame.shape)).clip(0, 255).astype(np.uint8)
        anew.append(followed.read(_drawn_anew(face, filmed, pose, look), pose))
    return Steadiness(_change(once), _change(anew))


def _drawn_anew(face: FacePicture, frame: Pixels, pose: Pose, look: Look) -> Pixels:
    """(H, W, 3) one frame of the photo in a look, as if it were a picture of its own, whose points are known."""
    layers = []
    for layer in face.layers:
        points = pose.of(face, layer)
        moved = replace(layer, points=points - layer.shapes[_PICTURED].astype(np.float32))
        layers.append(replace(moved, uv=points[:, :2].copy()) if layer.texture == PICTURE else moved)
    opaque = np.full((*frame.shape[:2], 1), 255, np.uint8)
    textures = {**face.textures, PICTURE: np.concatenate([frame[..., :3], opaque], axis=-1)}
    return drawn_as(replace(face, layers=layers, textures=textures), look).textures[PICTURE][..., :3]


class _Followed:
    """Places of a face that are found again in every frame."""

    def __init__(self, face: FacePicture) -> None:
        self._face, self._relief = face, relief_of(face)
        rest = np.column_stack([self._relief.uv, np.zeros(len(self._relief.uv), np.float32)])
        self._area = areas(rest, self._relief.triangles)
        seen = rasterise(rest, self._relief.triangles, face.size)
        head = seen.of(self._relief.head, self._relief.triangles) > _WITH_THE_HEAD
        if face.matte.size:
            head &= face.matte.ravel()[seen.pixels] > 127
        self._seen = replace(
            seen,
            pixels=seen.pixels[head],
            triangles=seen.triangles[head],
            weights=seen.weights[head],
            depth=seen.depth[head],
        )

    def read(self, frame: Pixels, pose: Pose) -> tuple[Floats, Flags]:
        """(N,) how bright each place is, and whether it is seen."""
        points = pose.of(self._face, self._relief)
        places = self._seen.of(points[:, :2], self._relief.triangles).astype(np.float32)
        kept = areas(points, self._relief.triangles) / np.where(self._area == 0, 1, self._area)
        return read_softly(luminance(frame), places), kept[self._seen.triangles] > _FLATTEST


def read_softly(field: Floats, places: Floats) -> Floats:
    """(N,) the mean of a field (H, W) around places (N, 2), under a Gaussian whose middle is the place itself.

    To blur first and to read linearly between pixels then would take more away between pixels than on them, and so show what
    only moves as a change.
    """
    height, width = field.shape
    flat = np.asarray(field, np.float32).ravel()
    indices = places - np.float32(0.5)
    nearest = np.round(indices).astype(int)
    steps = np.arange(-_REACH, _REACH + 1)
    shares = np.exp(-0.5 * ((steps - (indices - nearest)[..., None]) / _SEEN) ** 2)
    shares = (shares / shares.sum(axis=-1, keepdims=True)).astype(np.float32)
    result = np.zeros(len(places), np.float32)
    for row, down in enumerate(steps):
        start = (nearest[:, 1] + down).clip(0, height - 1) * width
        for column, across in enumerate(steps):
            share = shares[:, 1, row] * shares[:, 0, column]
            result += share * flat[start + (nearest[:, 0] + across).clip(0, width - 1)]
    return result


def _change(frames: Sequence[tuple[Floats, Flags]]) -> float:
    changes = [
        float(np.abs(one - other)[seen & also].mean())
        for (one, seen), (other, also) in zip(frames, frames[1:])
    ]
    return float(np.mean(changes))


def spoken(face: FacePicture, animation: FaceAnimation, frames: int) -> list[Pose]:
    """What a face picture does in so many frames of an animation."""
    motion = portrait_motion(face, animation, animation.fps, len(animation))
    rows = range(_FIRST, min(_FIRST + frames, len(animation)))
    return [motion.pose(row, 1.0) for row in rows]


def fitted_to(face: FacePicture, size: int) -> FacePicture:
    """A face picture whose longer side has so many pixels."""
    scale = size / max(face.size)
    return sized(face, (round(face.size[0] * scale), round(face.size[1] * scale)), Sampler())


def lines(names: Sequence[str], looks: Sequence[str], frames: int, size: int, grain: float) -> Iterator[str]:
    """The table, line by line."""
    from tools.picture_figures import face_called

    animation = animate(_VOICE, AnimateOptions(fps=25.0)).animation
    yield "| picture | look | drawn once, moved | drawn anew each frame | ratio (≥ 3) |"
    yield "|---|---|---|---|---|"
    for name in names:
        face = fitted_to(face_called(name), size)
        poses = spoken(face, animation, frames)
        for look in looks:
            figures = measure(face, poses, look_called(look), grain)
            short = "" if figures.ratio >= 3 else "!"
            yield (
                f"| {Path(name).stem} | {Path(look).stem} | {figures.once:.2f} | {figures.anew:.2f} | "
                f"{figures.ratio:.1f}{short} |"
            )


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", nargs="*", default=_PHOTOS, help="names of pictures that ship, or files")
    parser.add_argument("--looks", nargs="+", default=PORTRAIT_LOOKS, help="(default: all)")
    parser.add_argument("--frames", type=int, default=8, help="at least 2 (default: %(default)s)")
    parser.add_argument(
        "--size", type=int, default=512, help="pixels of the longer side (default: %(default)s)"
    )
    parser.add_argument(
        "--grain", type=float, default=2.0, help="of 255, in the moving photo (default: %(default)s)"
    )
    arguments = parser.parse_args()
    chosen = arguments.pictures, arguments.looks, max(2, arguments.frames), arguments.size, arguments.grain
    for line in lines(*chosen):
        print(line, flush=True)


if __name__ == "__main__":
    main()
