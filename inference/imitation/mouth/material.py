"""What a person's renderer learns from: stretches of film in which one face is seen, and how it moves in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...capture.video import decode_pictures, inspect_video
from ...detection import Follower, find_faces
from ...detection.mesh_points import OUTER_CORNERS
from ...errors import EngineError
from ...face.arrays import Floats
from ...face.face_picture import FacePicture
from ...pictures.filling import Pixels
from ...pictures.make import face_of_frame
from ...portrait.film_of_person import Encoded, decoded, encoded
from ...portrait.following import followed
from ...portrait.likeness import ANOTHER, proportions, unlikeness
from ...portrait.sampling import Sampler
from ...portrait.warp import Pose
from ...progress import Progress
from ..left_out import read_each, telling
from ..personalize import LEAST_SECONDS
from .standing import Standing

_STRETCH, _LEAST_STRETCH = 3.0, 1.0
"""Seconds of a stretch, about, and at least."""
_MOST_SECONDS = 60.0
"""Of film that are learnt from; more is passed over, for it shows the same mouth again."""
_LOOKED_AT = 120.0
"""Seconds from each film's beginning that are looked at."""
_RATE = 30.0
"""Pictures a second that are taken at most."""
_LARGE = 180.0
"""Pixels between the outer eye corners that suffice: a larger film is made smaller."""
_SMALL = 24.0
"""Pixels between the outer eye corners from which on there is a mouth to learn from."""
_CUT = 0.35
"""Eye distances that a face moves between two pictures at most: more is another shot."""
_PROBES = 6
"""Pictures of each film in which a second face is looked for."""
_SECOND = 0.5
"""How large a second face is at least, beside the first, to count as another person."""
_SETTLING = 3
_SURELY = 1.5
"""How much further than `likeness.ANOTHER` films of different people are apart."""


@dataclass(frozen=True)
class Stretch:
    """Pictures of one shot of a film.

    Attributes:
        pictures: every picture as a JPEG file's bytes.
        points: (T, 478, 3) pixels, the face mesh in each.
        fps: of the pictures.
        film: its file's name.
    """

    pictures: Sequence[Encoded]
    points: Floats
    fps: float
    film: str

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.pictures) / self.fps

    def picture(self, row: int) -> Pixels:
        """(H, W, 3) one of its pictures."""
        return decoded(self.pictures[row])


@dataclass(frozen=True)
class Shot:
    """How the face of a stretch's first picture moves in it.

    Attributes:
        stretch: of film.
        face: the face picture of its first picture.
        poses: T of them, the first the picture itself.
    """

    stretch: Stretch
    face: FacePicture
    poses: Sequence[Pose]


@dataclass(frozen=True)
class Material:
    """What there is of a person.

    Attributes:
        shots: in the order of the films.
        seconds: of film, all together.
        proportions: of the face, see `likeness.proportions`.
        left_out: a sentence about each film that is no use, and about parts of the others that are none.
    """

    shots: Sequence[Shot]
    seconds: float
    proportions: Floats
    left_out: tuple[str, ...] = ()


def material_of(clips: Sequence[Path], progress: Progress) -> Material:
    """Read films of one person.

    Args:
        clips: films; `LEAST_SECONDS` or more together.
        progress: told 0 to 1; may raise to stop.

    Raises:
        EngineError: no film can be read, or all show two people, no face in more than half of it or one too small (code
            ``bad_video``); all are too short (``too_short``).
    """
    told: list[str] = []

    def read(number: int, clip: str | Path) -> list[Stretch]:
        progress(0.6 * number / len(clips), "Following the face")
        of_it: list[str] = []
        stretches = stretches_of(Path(clip), of_it)
        told.extend(of_it)
        return stretches

    films, left_out = read_each(clips, read)
    left_out += tuple(told)
    stretches = [stretch for film in films for stretch in film]
    seconds = sum(one.seconds for one in stretches)
    _check_long(seconds, clips, left_out)
    most = int(_MOST_SECONDS / _STRETCH)
    if len(stretches) > most:
        stretches = [stretches[round(place)] for place in np.linspace(0, len(stretches) - 1, most)]
    shots = []
    for number, stretch in enumerate(stretches):
        progress(0.6 + 0.4 * number / len(stretches), "Reading the mouth")
        try:
            face = face_of_frame(stretch.picture(0), stretch.film)
        except EngineError:  # a head that is turned aside just then, or leaves the picture
            seconds -= stretch.seconds
            continue
        shots.append(Shot(stretch, face, followed(face, stretch.points)))
    _check_long(seconds, clips, left_out)
    known = [proportions(shot.face) for shot in shots]
    _check_same([shot.stretch for shot in shots], known)
    return Material(shots, seconds, np.median(known, axis=0), left_out)


def _check_long(seconds: float, clips: Sequence[Path], left_out: Sequence[str]) -> None:
    if seconds < LEAST_SECONDS - 0.2:
        names = ", ".join(clip.name for clip in clips[:3]) + (" …" if len(clips) > 3 else "")
        short = EngineError(
            f"{names}: a face is seen from the front for {seconds:.1f} s, and a personal renderer needs {LEAST_SECONDS:g} s or "
            "more: add clips of the same person.",
            "too_short",
        )
        raise telling(short, left_out)


def _check_same(stretches: Sequence[Stretch], known: Sequence[Floats]) -> None:
    """Raise EngineError (code ``bad_video``) where films show different people, by their faces' proportions."""
    for stretch, one in zip(stretches[1:], known[1:]):
        if unlikeness(one, known[0]) > _SURELY * ANOTHER:
            if stretch.film == stretches[0].film:
                raise EngineError(
                    f"{stretch.film} shows somebody else after a cut, as it seems: give the parts of it that show one person.",
                    "bad_video",
                )
            raise EngineError(
                f"{stretch.film} shows somebody else than {stretches[0].film}, as it seems: give films of one person.",
                "bad_video",
            )


def stretches_of(clip: Path, told: list[str]) -> list[Stretch]:
    """The stretches of a film's first `_LOOKED_AT` seconds in which one face is seen without a cut.

    Args:
        clip: the film.
        told: is told what of it is no use: what is damaged, or stands still.

    Raises:
        EngineError: it cannot be read, shows two people, no face in more than half of its pictures, or too small a one (code
            ``bad_video``); none for long enough (``too_short``).
    """
    pictures, points, fps = _followed_film(clip, told)
    seen = [place for place in points if place is not None]
    if 2 * len(seen) <= len(points):
        raise EngineError(
            f"{clip.name} shows a face in {len(seen)} of {len(points)} pictures: choose a film in which the face is seen.",
            "bad_video",
        )
    distances = [_eye_distance(place) for place in seen]
    if np.median(distances) < _SMALL:
        raise EngineError(
            f"The face in {clip.name} is too small to learn a mouth from ({np.median(distances):.0f} pixels between the eyes' "
            f"corners, {_SMALL:g} are needed): choose a closer or larger film.",
            "bad_video",
        )
    _check_alone(clip, pictures)
    longest, least = round(_STRETCH * fps), round(_LEAST_STRETCH * fps)
    result = []
    for rows in _shots(points):
        whole, rest = divmod(len(rows), longest)
        count = whole + (rest >= least)  # what is left over makes the others longer
        for part in np.array_split(rows, count) if count else ():
            there = np.stack([_there(points[row]) for row in part])
            result.append(Stretch([pictures[row] for row in part], there, fps, clip.name))
    if not result:
        short = EngineError(
            f"{clip.name} shows a face for less than {_LEAST_STRETCH:g} s at a time: choose a longer film, or one without cuts.",
            "too_short",
        )
        raise telling(short, told)
    return result


def _followed_film(clip: Path, told: list[str]) -> tuple[list[Encoded], list[Floats | None], float]:
    """A film's pictures, at the size at which they are learnt from, the face's points in each, and their rate.

    What stands still for longer is left out, and told: at a film's end the warp would draw it without a fault.
    """
    info = inspect_video(clip, 25.0)
    step = max(1, round(info.fps / _RATE))
    follower, standing = Follower(1), Standing()
    pictures: list[Encoded] = []
    points: list[Floats | None] = []
    smaller = 0.0
    for number, (seconds, picture) in enumerate(decode_pictures(clip, info, told)):
        if seconds > _LOOKED_AT:
            break
        if number % step:
            continue
        for _ in range(1 if points else _SETTLING):
            faces = follower.next(picture)
        place = faces[0].points if faces else None
        if place is not None and not smaller:
            smaller = min(1.0, _LARGE / max(_eye_distance(place), 1.0))
        if smaller and smaller < 1:
            size = (round(picture.shape[1] * smaller), round(picture.shape[0] * smaller))
            picture = Sampler().resized(picture, size)
            place = None if place is None else place * np.float32(smaller)
        if not standing.for_longer(seconds, picture, place):
            pictures.append(encoded(picture))
            points.append(place)
    fps = info.fps / step
    if standing.count:
        told.append(
            f"{clip.name} stands still for {standing.count / fps:.1f} s: nothing was learnt from that."
        )
    return pictures, points, fps


def _check_alone(clip: Path, pictures: Sequence[Encoded]) -> None:
    """Raise EngineError (code ``bad_video``) where a second face of some size is seen more than once."""
    probes = [decoded(pictures[round(place)]) for place in np.linspace(0, len(pictures) - 1, _PROBES)]
    sizes = [[_eye_distance(face.points) for face in find_faces(picture, 2)] for picture in probes]
    if sum(len(one) > 1 and min(one) > _SECOND * max(one) for one in sizes) > 1:
        raise EngineError(
            f"{clip.name} shows two people: choose a film of one person, or cut the other off.", "bad_video"
        )


def _shots(points: Sequence[Floats | None]) -> Iterator[list[int]]:
    """Rows that follow each other, in which the face is seen and does not jump."""
    rows: list[int] = []
    for row, place in enumerate(points):
        before = points[row - 1] if rows else None
        if before is not None and (place is None or _jump(before, place) > _CUT):
            yield rows
            rows = []
        if place is not None:
            rows.append(row)
    if rows:
        yield rows


def _jump(before: Floats, place: Floats) -> float:
    away = np.median(np.linalg.norm((place - before)[:, :2], axis=1))
    return float(away / max(_eye_distance(before), 1.0))


def _eye_distance(points: Floats) -> float:
    return float(np.linalg.norm(points[OUTER_CORNERS[1], :2] - points[OUTER_CORNERS[0], :2]))


def _there(points: Floats | None) -> Floats:
    assert points is not None
    return points
