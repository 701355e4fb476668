"""A film's first picture is made to talk and driven by the film's own face; what is drawn is compared with the film.

A peak signal-to-noise ratio by itself rewards blur, so it never stands without the sharpness beside it: the energy of the
Laplacian, drawn by filmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.capture.video import decode_pictures, inspect_video
from inference.errors import EngineError
from inference.face.arrays import Flags, Floats
from inference.face.face_picture import FacePicture
from inference.pictures.draw import draw
from inference.pictures.filling import grown, inside, luminance, pixel_centres
from inference.pictures.indices import INNER_LIPS, OUTER_LIPS
from inference.pictures.make import face_of_frame
from inference.portrait.following import followed, points_in
from inference.portrait.warp import Pose

Picture = NDArray[np.uint8]

_RIM = 0.03
"""Eye units around the outer edge of the lips that are lips too."""
_LEAST_FRAMES = 10


@dataclass(frozen=True)
class FilmFigures:
    """What one clip measures; each error is the mean of squares of what was drawn against what was filmed, 0 to 255².

    Attributes:
        frames: pictures that were compared.
        outside, frozen_outside: errors outside of the lips: drawn, and of the clip's first picture held still.
        lips, frozen_lips: the same within the lips' outer edge.
        opening: error between the lips, where they are open; nan where they never are.
        sharpness: Laplacian energy of the lips, drawn by filmed.
    """

    frames: int
    outside: float
    frozen_outside: float
    lips: float
    frozen_lips: float
    opening: float
    sharpness: float


@dataclass(frozen=True)
class FilmedFace:
    """A film of one face.

    Attributes:
        face: the face picture of its first picture.
        pictures: T of (H, W, 3).
        points: (T, 478, 3) pixels, the face mesh in each.
    """

    face: FacePicture
    pictures: list[Picture]
    points: Floats


def decibels(error: float) -> float:
    """Peak signal-to-noise ratio of a mean squared error of values from 0 to 255."""
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def measure_film(path: Path, every: int = 3) -> FilmFigures:
    """Measure one clip.

    Args:
        path: a film with one face.
        every: which of its pictures are compared; all are followed.

    Raises:
        EngineError: the film cannot be read, or its face is not seen all the time (code ``bad_video``).
    """
    film = read_film(path)
    chosen = range(every, len(film.pictures), every)
    poses = followed(film.face, film.points)
    return compared(
        film.face,
        [poses[number] for number in chosen],
        [film.pictures[number] for number in chosen],
        film.points[list(chosen)],
    )


def pictures_and_points(path: Path) -> tuple[list[Picture], Floats]:
    """T pictures (H, W, 3) of a film of one face, and (T, 478, 3) pixels, the face mesh in each.

    Raises:
        EngineError: the film cannot be read, is too short, or its face is not seen all the time (code ``bad_video``).
    """
    pictures = [picture for _, picture in decode_pictures(path, inspect_video(path, 25.0))]
    if len(pictures) < _LEAST_FRAMES:
        raise EngineError(f"{path} is too short: choose another clip.", "bad_video")
    points = points_in(pictures)
    if points is None:
        raise EngineError(f"{path} shows no face in some of its pictures: choose another clip.", "bad_video")
    return pictures, points


def read_film(path: Path) -> FilmedFace:
    """A film of one face, and the face picture of its first picture.

    Raises:
        EngineError: the film cannot be read, or its face is not seen all the time (code ``bad_video``).
    """
    pictures, points = pictures_and_points(path)
    return FilmedFace(face_of_frame(pictures[0], path.name), pictures, points)


def compared(
    face: FacePicture, poses: Sequence[Pose], pictures: Sequence[Picture], points: Floats
) -> FilmFigures:
    """What is drawn of a face picture in these poses against filmed pictures (H, W, 3), whose (T, 478, 3) points are known."""
    drawn = (draw(face, pose.weights, pose.rotation, head_shift=pose.shift)[..., :3] for pose in poses)
    return compared_pictures(face, drawn, pictures, points)


def compared_pictures(
    face: FacePicture, drawn_pictures: Iterable[Picture], pictures: Sequence[Picture], points: Floats
) -> FilmFigures:
    """As `compared`, of pictures (H, W, 3) that were drawn already, in the order of those that were filmed."""
    frozen = face.textures["picture"][..., :3]
    width, height = face.size
    places = pixel_centres(0, 0, width, height)
    sums: dict[str, list[float]] = {
        name: [] for name in ("outside", "frozen_outside", "lips", "frozen_lips", "opening")
    }
    energy = np.zeros(2)
    for drawn, filmed, mesh in zip(drawn_pictures, pictures, points):
        lips, opening = lips_of(mesh, places, face.eye_distance)
        errors = ((drawn.astype(np.float32) - filmed) ** 2).mean(axis=-1)
        still = ((frozen.astype(np.float32) - filmed) ** 2).mean(axis=-1)
        sums["outside"].append(float(errors[~lips].mean()))
        sums["frozen_outside"].append(float(still[~lips].mean()))
        sums["lips"].append(float(errors[lips].mean()))
        sums["frozen_lips"].append(float(still[lips].mean()))
        if opening.sum() > 8:
            sums["opening"].append(float(errors[opening].mean()))
        energy += [laplacian_energy(drawn, lips), laplacian_energy(filmed, lips)]
    means = {name: float(np.mean(values)) if values else float("nan") for name, values in sums.items()}
    return FilmFigures(len(pictures), **means, sharpness=float(energy[0] / max(energy[1], 1e-9)))


def lips_of(mesh: Floats, places: Floats, unit: float) -> tuple[Flags, Flags]:
    """What lies within the lips' outer edge, and what between them.

    Args:
        mesh: (478, 3) pixels.
        places: (H, W, 2) the pixels' centres.
        unit: the eye distance, pixels.
    """
    outer, inner = mesh[OUTER_LIPS, :2], mesh[INNER_LIPS, :2]
    return grown(inside(outer, places), max(1, round(_RIM * unit))), inside(inner, places)


def laplacian_energy(picture: NDArray[np.uint8], mask: Flags) -> float:
    """Mean square of the brightness's Laplacian where a (H, W) mask says, its border left out."""
    core = mask.copy()
    core[[0, -1]] = core[:, [0, -1]] = False
    return float((laplacian(picture)[core] ** 2).mean()) if core.any() else 0.0


def laplacian(picture: NDArray[np.uint8]) -> Floats:
    """(H, W) of a picture's brightness; 0 along its border."""
    bright = luminance(picture)
    result = np.zeros_like(bright)
    result[1:-1, 1:-1] = (
        4 * bright[1:-1, 1:-1] - bright[:-2, 1:-1] - bright[2:, 1:-1] - bright[1:-1, :-2] - bright[1:-1, 2:]
    )
    return result
