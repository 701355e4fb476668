"""A film of a person who is made to say something else: their own body and background, and a new mouth in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..capture.video import VIDEO_SUFFIXES, decode_pictures, inspect_video
from ..detection import Follower
from ..errors import EngineError
from ..face.arrays import Floats, Indices
from ..face.face_picture import FacePicture
from ..pictures.filling import Pixels
from ..pictures.indices import LOWER_INNER, UPPER_INNER
from ..pictures.make import face_of_frame
from ..progress import Progress
from .following import followed
from .packages import load_package
from .warp import Pose

Encoded = NDArray[np.uint8]
"""(N,) the bytes of a picture's file."""
_RATE = 30.0
"""Pictures a second that are kept at most."""
_MOST = 1200
"""Pictures of the film that are kept; what comes later is not shown."""
_LEAST_SECONDS = 1.0
_SETTLING = 3
_QUALITY = 96
"""Of the JPEG pictures that the film is kept as."""
_TURN, _SHIFT, _STAY = 0.04, 0.02, 0.15
"""Radians and eye distances that cost as much as a step, and what it costs that the film stands still."""


@dataclass(frozen=True)
class PersonFilm:
    """A film, and how the face of one of its pictures would have to move to look as it does.

    Attributes:
        face: made of the picture whose lips are shut most.
        pictures: every picture as a JPEG file's bytes.
        poses: K of them, in the pixels of `face`.
        fps: of the pictures.
        told: sentences that the user should read.
    """

    face: FacePicture
    pictures: Sequence[Encoded]
    poses: Sequence[Pose]
    fps: float
    told: tuple[str, ...] = ()

    def picture(self, row: int) -> Pixels:
        """(H, W, 3) one of its pictures."""
        return decoded(self.pictures[row])

    def replayed(self, frames: int, fps: float) -> Indices:
        """(T,) the picture that is seen in each frame: the film runs to its end and back."""
        count = len(self.pictures)
        place = np.round(np.arange(frames) * self.fps / fps).astype(np.int64)
        if count == 1:
            return np.zeros(frames, np.int64)
        place %= 2 * (count - 1)
        return np.minimum(place, 2 * (count - 1) - place)

    def matched(self, rotation: Floats, shift: Floats, fps: float) -> Indices:
        """(T,) the pictures whose heads are nearest to (T, 3) turns and shifts, running on, back or standing still."""
        turns = np.stack([pose.rotation for pose in self.poses]) / _TURN
        shifts = np.stack([pose.shift for pose in self.poses]) / (_SHIFT * self.face.eye_distance)
        known = np.concatenate([turns, shifts[:, :2]], axis=1)
        wanted = np.concatenate([rotation / _TURN, shift[:, :2] / (_SHIFT * self.face.eye_distance)], axis=1)
        return _path(wanted, known, max(1, round(self.fps / fps)))


def _path(wanted: Floats, known: Floats, step: int) -> Indices:
    """(T,) rows of (K, D) near to (T, D), each the one before or `step` to either side of it."""
    frames, count = len(wanted), len(known)
    came = np.zeros((frames, count), np.int8)
    costs = ((known - wanted[0]) ** 2).sum(axis=1)
    for frame in range(1, frames):
        choices = np.full((3, count), np.inf)
        choices[0] = costs + _STAY
        choices[1, step:], choices[2, :-step] = costs[:-step], costs[step:]
        came[frame] = choices.argmin(axis=0)
        costs = choices.min(axis=0) + ((known - wanted[frame]) ** 2).sum(axis=1)
    rows = np.zeros(frames, np.int64)
    rows[-1] = int(costs.argmin())
    for frame in range(frames - 1, 0, -1):
        rows[frame - 1] = rows[frame] + (0, -step, step)[came[frame, rows[frame]]]
    return rows


def encoded(picture: Pixels) -> Encoded:
    """A picture (H, W, 3) of a film as the bytes of a JPEG file: a minute of film does not fit into memory as it is.

    Raises:
        EngineError: OpenCV is missing (code ``full_engine_needed``).
    """
    cv = load_package("cv2")
    return np.asarray(
        cv.imencode(".jpg", picture[..., ::-1], [cv.IMWRITE_JPEG_QUALITY, _QUALITY])[1], np.uint8
    )


def decoded(kept: Encoded) -> Pixels:
    """(H, W, 3) the picture that `encoded` has kept.

    Raises:
        EngineError: OpenCV is missing (code ``full_engine_needed``).
    """
    cv = load_package("cv2")
    return np.asarray(cv.imdecode(kept, cv.IMREAD_COLOR)[..., ::-1], np.uint8)


def is_film(path: Path) -> bool:
    """Whether a file is a film by its name."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def read_person_film(path: Path, progress: Progress) -> PersonFilm:
    """Read a film of one person.

    Args:
        path: the film; of a long one the first pictures are taken.
        progress: told 0 to 1; may raise to stop.

    Raises:
        EngineError: it cannot be read, or its face is not seen for a second (code ``bad_video``); the full engine is missing
            (``full_engine_needed``).
    """
    load_package("cv2")
    info = inspect_video(path, 25.0)
    step = max(1, round(info.fps / _RATE))
    expected = min(_MOST, info.frames / step or _MOST)
    follower = Follower(1)
    kept: list[Encoded] = []
    points: list[Floats] = []
    told: tuple[str, ...] = ()
    for number, (_, picture) in enumerate(decode_pictures(path, info)):
        if number % step:
            continue
        progress(min(0.9, 0.9 * len(kept) / expected), "Following the face")
        for _ in range(1 if kept else _SETTLING):
            faces = follower.next(picture)
        if len(kept) >= _MOST or (kept and not faces):
            where = number / info.fps
            told = (f"Of {path.name} the first {where:.0f} s are shown, to and fro.",)
            break
        if faces:
            kept.append(encoded(picture))
            points.append(faces[0].points)
    fps = info.fps / step
    if len(kept) < _LEAST_SECONDS * fps:
        raise EngineError(
            f"{path.name} shows a face for {len(kept) / fps:.1f} s at its beginning, and {_LEAST_SECONDS:g} s are needed: "
            "choose a film of one person who is seen all the time, or a picture of them.",
            "bad_video",
        )
    return _person_film(path, kept, np.stack(points), fps, told)


def _person_film(
    path: Path, kept: Sequence[Encoded], points: Floats, fps: float, told: tuple[str, ...]
) -> PersonFilm:
    """The film with the poses of its calmest picture."""
    gaps = np.linalg.norm((points[:, LOWER_INNER] - points[:, UPPER_INNER])[..., :2], axis=-1).mean(axis=1)
    still = int(gaps.argmin())
    face = face_of_frame(decoded(kept[still]), path.name)
    poses = followed(face, np.concatenate([points[[still]], points]))[1:]
    return PersonFilm(face, kept, poses, fps, told)
