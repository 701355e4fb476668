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
from inference.detection import track
from inference.errors import EngineError
from inference.face.arrays import Flags, Floats
from inference.face.face_picture import PICTURED, SHAPE_NAMES, FacePicture
from inference.face.names import ARKIT_NAMES
from inference.pictures.draw import draw, rest_weights
from inference.pictures.filling import grown, inside, luminance, pixel_centres
from inference.pictures.indices import IRISES, LIP_RINGS, LOWER_INNER, UPPER_INNER
from inference.pictures.make import Wanted, make_faces
from inference.pictures.own_shapes import relief_of
from inference.pictures.template import POINTS

Picture = NDArray[np.uint8]

_PICTURED = SHAPE_NAMES.index(PICTURED)
_DOWN = np.array([1.0, -1.0, 1.0])
_MOST = 1.2
"""Weight that a shape has at most."""
_CALM = 0.03
"""Eye units that a weight of 1 costs, so that shapes which undo each other stay away."""
_LIPS_COUNT = 2.0
_RIM = 0.03
"""Eye units around the outer edge of the lips that are lips too."""
_LEAST_FRAMES = 10
_SETTLING = 4
"""How often the first picture is looked at until its points no longer move."""
_TURN_COST = 2.0
"""Eye units that a radian of the head's turning costs: what its shift explains as well is no turn."""
_HEAD_SMOOTH, _SHAPE_SMOOTH = np.array([1, 4, 6, 4, 1]) / 16, np.array([1, 2, 1]) / 4
"""Over neighbouring pictures: a mesh that is found anew in each trembles, and a head does not."""


@dataclass(frozen=True)
class Pose:
    """What a face picture does in one picture of a film.

    Attributes:
        weights: (53,) of `SHAPE_NAMES`.
        rotation: (3,) radians of the head.
        shift: (3,) pixels of the head.
    """

    weights: Floats
    rotation: Floats
    shift: Floats


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


def read_film(path: Path) -> FilmedFace:
    """A film of one face, and the face picture of its first picture.

    Raises:
        EngineError: the film cannot be read, or its face is not seen all the time (code ``bad_video``).
    """
    pictures = [picture for _, picture in decode_pictures(path, inspect_video(path, 25.0))]
    points = points_in(pictures)
    if len(pictures) < _LEAST_FRAMES or points is None:
        raise EngineError(f"{path} shows no face in some of its pictures: choose another clip.", "bad_video")
    first = np.dstack([pictures[0], np.full(pictures[0].shape[:2], 255, np.uint8)])
    face = make_faces(first, Wanted(path.name, kind="photo"), {}, lambda *_: None).faces[0]
    return FilmedFace(face, pictures, points)


def points_in(pictures: Sequence[Picture]) -> Floats | None:
    """(T, 478, 3) the face mesh in a film's pictures, pixels; None where one of them shows no face."""
    faces = list(track([*pictures[:1]] * _SETTLING + [*pictures], most=1))[_SETTLING:]
    return np.stack([seen[0].points for seen in faces]) if faces and all(faces) else None


def followed(face: FacePicture, points: Floats) -> list[Pose]:
    """The poses in which a face picture is nearest to what a face mesh does from its first picture on.

    The shape `pictured` stays at 0, as it does wherever a picture talks: parted lips are opened from shut ones.

    Args:
        face: made of the first picture.
        points: (T, 478, 3) pixels, as `detection.track` has them.

    Returns:
        T poses; the first is the picture itself.
    """
    from scipy.optimize import lsq_linear

    columns, importance = _columns(face)
    count = len(ARKIT_NAMES)
    parted = relief_of(face).shapes[_PICTURED, :POINTS, :2].astype(np.float64)
    costs = [*np.full(count, _CALM * np.sqrt(count)), *np.full(3, _TURN_COST), 0.0, 0.0]
    system = np.concatenate([importance[:, None] * columns, np.diag(costs) * face.eye_distance])
    least = np.array([*np.zeros(count), *np.full(5, -np.inf)])
    most = np.array([*np.full(count, _MOST), *np.full(5, np.inf)])
    left, triangle = np.linalg.qr(system)
    solved = np.zeros((len(points), count + 5))
    for number, moved in enumerate(points[1:] - points[0], 1):
        wanted = np.concatenate(
            [moved[:POINTS, :2] + parted, moved[[rows[0] for rows in IRISES], :2]]
        ).ravel()
        target = left[: len(wanted)].T @ (importance * wanted)
        solved[number] = lsq_linear(triangle, target, (least, most), method="bvls").x
    solved[0] = solved[1]  # so that the picture itself, which shuts no lips, is no neighbour
    shapes, head = _smoothed(solved[:, :count], _SHAPE_SMOOTH), _smoothed(solved[:, count:], _HEAD_SMOOTH)
    weights = np.concatenate([shapes, np.zeros((len(shapes), 1))], axis=1).astype(np.float32)
    poses = [
        Pose(row, turn, np.append(shift, 0.0)) for row, turn, shift in zip(weights, head[:, :3], head[:, 3:])
    ]
    return [Pose(rest_weights(), np.zeros(3), np.zeros(3)), *poses[1:]]


def _smoothed(values: Floats, kernel: Floats) -> Floats:
    half = len(kernel) // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    return np.asarray(sum(share * padded[start : start + len(values)] for start, share in enumerate(kernel)))


def _columns(face: FacePicture) -> tuple[Floats, Floats]:
    """(2 × 470, 57) how shapes, the head's turns and its shift move the mesh's points and the irises; and how much each
    row counts, (2 × 470,).
    """
    relief = relief_of(face)
    points = relief.at_rest[:POINTS].astype(np.float64)
    shapes = relief.shapes[:, :POINTS].astype(np.float64)
    for name in ("eye_right", "eye_left"):
        eye = next((layer for layer in face.layers if layer.name == name), None)
        place, moved = points[:1], np.zeros((len(SHAPE_NAMES), 1, 3))
        if eye is not None:
            strongest = int(np.abs(eye.shapes.astype(np.float32)).sum(axis=(0, 2)).argmax())
            place, moved = eye.points[strongest][None], eye.shapes[:, strongest][:, None].astype(np.float64)
        points, shapes = np.concatenate([points, place]), np.concatenate([shapes, moved], axis=1)
    lever = (points - face.pivot) * _DOWN
    turns = [np.cross(axis, lever) * _DOWN for axis in np.eye(3)]
    shifts = [np.broadcast_to(axis, points.shape) for axis in np.eye(3)[:2]]
    every = np.stack([*shapes[:_PICTURED], *turns, *shifts])[..., :2]
    every = every.reshape(len(every), -1).T
    importance = np.ones(len(points))
    importance[np.unique(LIP_RINGS)] = _LIPS_COUNT
    return np.asarray(every), np.repeat(importance, 2)


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
    outer = np.concatenate([mesh[LIP_RINGS[0]], mesh[LIP_RINGS[4]][-2:0:-1]])[:, :2]
    inner = np.concatenate([mesh[UPPER_INNER], mesh[LOWER_INNER][-2:0:-1]])[:, :2]
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
