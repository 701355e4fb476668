# SPDX-License-Identifier: MIT
"""Measures what pictures do that talk, as a table in Markdown: blinks, closed lips, the picture at rest, folds, lips that follow.

    python -m tools.picture_figures [NAME | FACE.npz …]

A name is one of demo/pictures; without any, all of them. Each says the demo voice, with the motion fitted to its own shapes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.detection.mesh_points import MESH_TO_IBUG
from inference.face.animation import FaceAnimation
from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture, Layer
from inference.face.landmarks import LEFT_EYE, RIGHT_EYE
from inference.face.retargeting.own_shapes import fitted
from inference.pictures.colours import commonest, lab
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import flooded, grown
from inference.pictures.own_shapes import own_shapes_of, relief_of, upright
from inference.pictures.raster import rasterise
from inference.pictures.refine import areas
from inference.training.evaluation.picture_bars import rest_difference

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "demo" / "pictures"
VOICE = ROOT / "demo" / "hello.wav"
STILL = np.zeros(3, np.float32)
CLOSED = ("p", "b", "m")
_FINER = 3
"""How many times finer than the picture gaps are measured."""
_EYE_COLOUR = 20.0
"""Distance in Lab from the lid's colour from which on a drawing's pixel belongs to its eye."""

_COLOURS_LEFT = 6
"""Colours of what a blink leaves that are looked at, from the commonest on."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Figures:
    """What was measured of one picture.

    Attributes:
        rest: the largest difference of the picture at rest from the picture, 0 to 255.
        blink: share of the eyes' pixels, of a photo of the lids' opening, that a full blink leaves.
        closed: the largest gap between the lips at p, b and m, shares of the eye distance.
        widest: the largest gap of all, shares of the eye distance.
        follows: correlation of the gap that is drawn with the animation's.
        folds: the largest share of the picture's area that lies in triangles which are turned over, at twice the amplitude.
    """

    rest: int
    blink: float
    closed: float
    widest: float
    follows: float
    folds: float


def figures(face: FacePicture, animation: FaceAnimation, phones: list[list[Any]]) -> Figures:
    """Measure a picture.

    Args:
        face: the picture.
        animation: what it says.
        phones: name, beginning and end of each in seconds.
    """
    arkit = fitted(animation, own_shapes_of(face)).arkit
    weights = np.concatenate([arkit, np.zeros((len(arkit), 1), np.float32)], axis=1)
    relief = relief_of(face)
    gaps = np.array([lip_gap(face, relief, frame) for frame in weights])
    wanted = (animation.landmarks[:, [61, 62, 63], 1] - animation.landmarks[:, [67, 66, 65], 1]).max(axis=1)
    follows = float(np.corrcoef(gaps, wanted)[0, 1]) if gaps.any() else 0.0
    twice = np.clip(2 * weights[::4], 0, 1)
    return Figures(
        rest=rest_difference(face),
        blink=blink_left(face),
        closed=max((float(gaps[frame]) for frame in closures(phones, animation.fps, gaps)), default=0.0),
        widest=float(gaps.max()),
        follows=follows,
        folds=max(folded(face, relief, frame) for frame in twice),
    )


def closures(phones: list[list[Any]], fps: float, gaps: Array) -> list[int]:
    """The frame within each p, b and m at which the lips are nearest to each other."""
    frames = []
    for name, begin, end in phones:
        if name in CLOSED:
            first, last = (
                round(begin * fps),
                min(max(round(end * fps), round(begin * fps) + 1), len(gaps) - 1),
            )
            frames.append(first + int(gaps[first : last + 1].argmin()))
    return frames


def lip_gap(face: FacePicture, relief: Layer, weights: Array) -> float:
    """The largest height, in eye distances, of what the picture leaves free between the lips."""
    points = upright(face, posed(face, relief, weights, STILL))
    lips = points[MESH_TO_IBUG[48:68], :2]
    low, high = lips.min(axis=0) - 2, lips.max(axis=0) + 2
    width, height = (int(size) for size in np.ceil((high - low) * _FINER))
    near = points.copy()
    near[:, :2] = (near[:, :2] - low) * _FINER
    seen = rasterise(near, relief.triangles, (width, height))
    free = np.ones(width * height, bool)
    free[seen.pixels] = False
    return float(free.reshape(height, width).sum(axis=0).max()) / _FINER / face.eye_distance


def folded(face: FacePicture, relief: Layer, weights: Array) -> float:
    """The share of the picture's area whose triangles are turned over."""
    rest = areas(relief.points.astype(np.float64), relief.triangles)
    now = areas(posed(face, relief, weights, STILL).astype(np.float64), relief.triangles)
    over = (np.sign(now) == -np.sign(rest)) & (np.abs(now) > 2e-3)
    return float(np.abs(rest[over]).sum() / np.abs(rest).sum())


def blink_left(face: FacePicture) -> float:
    """What a full blink leaves of both eyes, share of their pixels."""
    shut = rest_weights()
    for side in ("Left", "Right"):
        shut[SHAPE_NAMES.index(f"eyeBlink{side}")] = 1
    measure = _drawn_eye_left if face.kind == "drawing" else _opening_left
    return measure(face, shut)


def _opening_left(face: FacePicture, shut: Array) -> float:
    """Of a photo: pixels around the lids that its skin leaves free, shut and as it is."""
    relief, size = relief_of(face), face.size
    counts = []
    for weights in (rest_weights(), shut):
        free = np.ones(size[0] * size[1], bool)
        free[rasterise(posed(face, relief, weights, STILL), relief.triangles, size).pixels] = False
        free = free.reshape(size[1], size[0])
        total = 0
        for rows in (RIGHT_EYE, LEFT_EYE):
            middle = face.landmarks[rows, :2].mean(axis=0)
            reach = 0.3 * face.eye_distance
            low, high = np.floor(middle - reach).astype(int).clip(0), np.ceil(middle + reach).astype(int)
            total += int(free[low[1] : high[1], low[0] : high[0]].sum())
        counts.append(total)
    return counts[1] / max(counts[0], 1)


def _drawn_eye_left(face: FacePicture, shut: Array) -> float:
    """Of a drawing: what in and around the lids hangs together with them, is unlike their colour, and is seen all the same."""
    before, after = face.textures[PICTURE], draw(face, shut, STILL)
    eyes = left = 0
    for lid in (layer for layer in face.layers if layer.name.startswith("lid_")):
        places = posed(face, lid, shut, STILL)
        rim = 0.03 * face.eye_distance
        rolled = posed(face, lid, rest_weights(), STILL)
        box = np.concatenate([places, rolled])[:, :2]
        low = np.floor(box.min(axis=0) - rim).astype(int).clip(0)
        high = np.ceil(box.max(axis=0) + rim).astype(int)
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        skin = face.textures[lid.texture][0, 0, :3]
        unlike = np.linalg.norm(lab(before[window][..., :3]) - lab(skin), axis=-1) > _EYE_COLOUR
        covered = np.zeros(face.size[0] * face.size[1], bool)
        covered[rasterise(places, lid.triangles, face.size).pixels] = True
        cover = covered.reshape(face.size[1], face.size[0])[window]
        same = (before[window] == after[window]).all(axis=-1) & ~cover
        # Not in the corners of that window: hatching and hair lead away from an eye.
        eye = _touching(unlike & cover, unlike & grown(cover, round(rim)))
        eye &= ~(same & _leading_away(eye & same, before, window))
        eyes += int(eye.sum())
        left += int((eye & same).sum())
    return left / max(eyes, 1)


def _leading_away(left: Array, picture: Array, window: tuple[slice, slice]) -> Array:
    """(h, w) what of a part of a window is one with an area of its colour that leads farther than the eye is large.

    A muzzle that an eye stands on is no part of it, nor are the joints between tiles.
    """
    height, width = left.shape
    reach = max(height, width)
    top, first = max(window[0].start - reach, 0), max(window[1].start - reach, 0)
    around = lab(picture[top : window[0].stop + reach, first : window[1].stop + reach, :3])
    inner = (
        slice(window[0].start - top, window[0].start - top + height),
        slice(window[1].start - first, window[1].start - first + width),
    )
    away, remaining = np.zeros_like(left), left.copy()
    for _ in range(_COLOURS_LEFT):
        if not remaining.any():
            break
        colour, alike = commonest(around[inner][remaining])
        start = np.zeros(around.shape[:2], bool)
        start[inner][remaining] = alike
        area = flooded(start, np.linalg.norm(around - colour, axis=-1) <= _EYE_COLOUR)
        if area[[0, -1]].any() or area[:, [0, -1]].any():
            away |= remaining & area[inner]
        remaining &= ~start[inner]
    return away


def _touching(start: Array, mask: Array) -> Array:
    while True:
        padded = np.pad(start, 1)
        larger = (
            padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
        )
        larger &= mask
        if (larger == start).all():
            return start
        start = larger


def shipped() -> list[dict[str, str]]:
    """The rows of demo/pictures/pictures.json."""
    return list(json.loads((SHIPPED / "pictures.json").read_text(encoding="utf-8"))["pictures"])


def face_of(row: dict[str, str]) -> FacePicture:
    """The face of a row of the table."""
    from inference.pictures.given_points import read_points
    from inference.pictures.image_files import read_picture
    from inference.pictures.make import Wanted, make_faces

    points = read_points(SHIPPED / row["points"]) if "points" in row else ()
    picture = read_picture(SHIPPED / row["file"])
    return make_faces(picture, Wanted(row["name"], points, kind=row["kind"]), {}, lambda *_: None).faces[0]


def face_called(name: str) -> FacePicture:
    """The face of a picture that ships, by its name, or the one in a file (.npz).

    Raises:
        SystemExit: there is neither.
    """
    rows = {row["name"]: row for row in shipped()}
    if name in rows:
        return face_of(rows[name])
    if not Path(name).is_file():
        raise SystemExit(f"There is no picture {name}: choose {', '.join(rows)}, or a face picture (.npz).")
    return FacePicture.load(name)


def table(measured: dict[str, Figures]) -> str:
    """Markdown of what was measured."""
    lines = [
        "| picture | rest: largest difference | a blink leaves | lips at p, b, m | widest | follows, r | folds at twice |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row.rest} | {row.blink:.1%} | {row.closed:.1%} | {row.widest:.0%} | {row.follows:.3f} | {row.folds:.2%} |"
        for name, row in measured.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    from inference.pipeline import Settings, animate

    rows = [row["name"] for row in shipped()]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("faces", nargs="*", default=rows, help=f"{', '.join(rows)}; or face pictures (.npz)")
    options = parser.parse_args()
    animation = animate(str(VOICE), Settings()).animation
    phones = json.loads(VOICE.with_suffix(".json").read_text(encoding="utf-8"))["phones"]
    measured = {}
    for name in options.faces:
        measured[Path(name).stem] = figures(face_called(name), animation, phones)
    print(table(measured))


if __name__ == "__main__":
    main()
