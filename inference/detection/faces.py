"""The faces in a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .agreement import CERTAIN, agreement
from .crops import Picture, Square
from .detectors import Detection, Seen, detect, overlap
from .mesh import mesh_in, square_of
from .pictures import as_colours, brightened, reduced

MOST_FACES = 8

SAME = 0.4
"""Faces whose boxes share more than this (intersection over union) are one."""

_CLEAR = 0.75  # the score of a find that needs no further looking
_SURE = 0.5  # of the mesh network, that it sees a face
_SMALL = 0.2  # of the picture's longer side: a face below it may have others beside it that the whole picture doesn't show
_WITHIN = 0.6  # a face of whose box more than this lies in another's is the same, its points gone astray
_PARTS = ((256, 2, 0.6), (640, 3, 0.4), (1024, 4, 0.33))
"""From which length of the longer side on a picture is searched in parts, how many a side, and their size beside it."""
_APART = 0.75
"""Times their size how far parts lie apart at most."""
_TURNS = (1, 3, 2)
"""Quarters of a circle by which a picture in which nothing is seen is turned, one after the other."""
_TURNED_SIZES = {1: 2, 3: 2, 2: 1}
"""Quarters of a circle → how many sizes of a turned picture's parts are looked at. Each part costs about as much as the whole
picture, and who sees no face waits for all of them: pictures upside down are rarer than those on their side.
"""
_HINT = 0.25
"""The whole picture's score from which on its parts are looked at that way up: of lying groups it is 0.7, of landscapes 0.2."""
_UPRIGHT = 0.9
"""The score from which on a face is the way up in which it was found: the wrong way up it has up to 0.87."""
_NEAR, _BETTER = 2.2, 0.05
"""Around a face's square what is looked at to tell which way up it is; how much more another way has to score."""


@dataclass(frozen=True, eq=False)
class Face:
    """A face in a picture.

    Attributes:
        points: (478, 3) float32, pixels: x right, y down from the picture's top-left corner, z
            in the same scale, smaller is nearer. MediaPipe's numbering: 468 of the face, then five of each iris (its middle
            first), the iris on the picture's left first.
        confidence: 0 … 1, the score of the detector that found it; of `find_faces` with ``strict``, how surely it was found
            again.
    """

    points: NDArray[np.float32]
    confidence: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the points, pixels; a face at the picture's edge may reach beyond it."""
        (left, top), (right, bottom) = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    def scaled(self, factor: float) -> Face:
        """The same face in a picture that is so many times as large."""
        return Face(self.points * np.float32(factor), self.confidence)


def find_faces(
    picture: NDArray[Any],
    most: int = MOST_FACES,
    *,
    strict: bool = False,
    rounds: int = 2,
    looked: Seen | None = None,
) -> list[Face]:
    """The faces in a picture, the largest first.

    Looks at the whole picture with both detectors; where they see nothing, at the picture on its side and upside down, and at
    parts of it (small faces), any way up. Where the largest face that they see is small, at parts of the picture too, the way up
    that it is. Of a dark picture, at a brightened copy too.

    Args:
        picture: (H, W, 3) RGB or (H, W, 4) RGBA, uint8, of any size; (H, W) grey will do.
        most: no more faces than this, at least 1.
        strict: only faces that are found again as surely, and with the same points, in the mirrored picture and in moved and
            resized parts of it: sockets, wood knots and the like are not.
        rounds: how often the points are looked for, each time where the last ones were. MediaPipe looks once in a single
            picture and again in every further one of a film; more make a turned face surer.
        looked: what an earlier search of the same picture has detected, which is not looked at again; it is added to.

    Raises:
        ValueError: no picture, or ``most`` or ``rounds`` below 1.
        EngineError: the networks' file is missing or damaged (code ``bad_weights``).
    """
    if most < 1 or rounds < 1:
        raise ValueError(f"most and rounds are at least 1, not {most} and {rounds}")
    small, step = reduced(as_colours(picture))
    faces = _searched(small, rounds, strict, looked)
    brighter = brightened(small)
    if brighter is not None:  # a lamp may light one face and leave others in the dark
        faces += [face for face in _searched(brighter, rounds, strict) if not known(face, faces)]
        faces.sort(key=_area, reverse=True)
    return [face.scaled(step) for face in faces[:most]]


def _searched(picture: Picture, rounds: int, strict: bool, looked: Seen | None = None) -> list[Face]:
    """The faces in a picture, the largest first. One way of looking after the other, until something was found for sure: what
    is upside down is often taken for an upright face, but with a low score. Small faces seldom come alone, and the whole
    picture shows the networks only some of a group: then the parts are looked at too, as long as they show more.
    """
    look = _Look(picture, {} if looked is None else looked)
    search = _Search(picture, rounds, strict)
    for finds in (_whole, _on_its_side):
        search.examine(finds(look))
        if search.is_clear():
            break
    turned = _other_way_up(look, search)
    if turned:
        other = _Search(picture, rounds, strict)
        other.examine(_whole(look, turned))
        if other.faces:
            other.adopt(search)
            search = other
    coarser = float(max(picture.shape[:2]))
    for size, count in _part_sizes(picture):
        if search.is_clear() and search.largest() >= _SMALL * coarser:
            break
        detections = list(_in_parts(look, size, count, search.turned()))
        search.examine(detections)
        coarser = size
        if detections and not search.is_clear() and search.largest() >= _SMALL * coarser:
            break
    for quarters, sizes in _TURNED_SIZES.items():  # a group that lies on its side
        if not search.faces and _may_lie(look, quarters):
            for size, count in list(_part_sizes(picture))[:sizes]:
                search.examine(list(_in_parts(look, size, count, quarters * np.pi / 2)))
    return sorted(search.faces, key=_area, reverse=True)


class _Look:
    """The detectors' looks at a picture, each taken once."""

    def __init__(self, picture: Picture, seen: Seen) -> None:
        self.picture, self._seen = picture, seen

    def __call__(self, network: str, square: Square, least: float | None = None) -> list[Detection]:
        return detect(self.picture, network, square, least=least, seen=self._seen)


class _Search:
    """What was found in a picture so far.

    Attributes:
        faces: each once, the surest first.
    """

    def __init__(self, picture: Picture, rounds: int, strict: bool) -> None:
        self.faces: list[Face] = []
        self._picture, self._rounds, self._strict = picture, rounds, strict
        self._seen: list[tuple[Detection, Face | None]] = []

    def examine(self, finds: Iterable[Detection]) -> None:
        """Look closer at what was detected."""
        for detection in sorted(finds, key=lambda one: -one.score):
            if not _settled(detection, self._seen):
                self._seen.append(
                    (detection, _examined(self._picture, detection, self._rounds, self._strict))
                )
        self.faces = []
        for _, face in sorted(self._seen, key=lambda one: -one[0].score):
            if face is not None and not known(face, self.faces):
                self.faces.append(face)

    def adopt(self, other: _Search) -> None:
        """Take over the faces that another search has found where this one has none."""
        self._seen += [
            (detection, face) for detection, face in other._seen if face and not known(face, self.faces)
        ]
        self.examine(())

    def is_clear(self) -> bool:
        """Whether a face was found for sure."""
        return any(face.confidence > _CLEAR for face in self.faces)

    def turned(self) -> float:
        """Which way up the surest face is, radians in quarters of a circle; 0 where there is none."""
        if not self.faces:
            return 0.0
        return float(np.round(square_of(self.faces[0].points).angle / (np.pi / 2)) * (np.pi / 2))

    def largest(self) -> float:
        """The longer side of the largest face, pixels; infinite where there is none."""
        sides = [
            max(right - left, bottom - top) for left, top, right, bottom in (one.box for one in self.faces)
        ]
        return max(sides, default=np.inf)


def _examined(picture: Picture, detection: Detection, rounds: int, strict: bool) -> Face | None:
    """The face that was detected, None where it is none at a second look."""
    face = face_in(picture, detection.square(), detection.score, rounds)
    if face is None or not strict:
        return face
    face = Face(face.points, agreement(picture, face.points))
    return face if face.confidence >= CERTAIN else None


def _settled(detection: Detection, seen: list[tuple[Detection, Face | None]]) -> bool:
    """Whether the same was found before, the same way up, and was no face, or a face at least as sure."""
    for other, face in seen:
        upright = float(np.cos(detection.square().angle - other.square().angle)) > 0.7
        if (
            upright
            and (face is None or other.score >= min(detection.score, _CLEAR))
            and overlap(detection.box, other.box[None])[0] > SAME
        ):
            return True
    return False


def _whole(look: _Look, angle: float = 0.0) -> Iterator[Detection]:
    for network in ("short_range", "full_range"):
        yield from look(network, _all_of(look.picture, angle))


def _on_its_side(look: _Look) -> Iterator[Detection]:
    """Faces that lie on their side or are upside down."""
    for network in ("short_range", "full_range"):
        for quarters in _TURNS:
            yield from look(network, _all_of(look.picture, quarters * np.pi / 2))


def _all_of(picture: Picture, angle: float) -> Square:
    height, width = picture.shape[:2]
    return Square(width / 2, height / 2, max(width, height), angle)


def _other_way_up(look: _Look, search: _Search) -> float:
    """Radians in quarters of a circle by which the picture is turned, where the surest face was not surely found the way up
    that it is: from near another way may show it better. 0 else.
    """
    if not search.faces or search.faces[0].confidence >= _UPRIGHT:
        return 0.0
    place = square_of(search.faces[0].points)
    return float(np.round(place.angle / (np.pi / 2) + _way_up(look, place)) % 4 * (np.pi / 2))


def _way_up(look: Callable[[str, Square], list[Detection]], place: Square) -> int:
    """Quarters of a circle by which a face that was found in a square is seen better, 0 to 3."""
    scores: list[float] = []
    for quarters in range(4):
        near = Square(place.x, place.y, place.size * _NEAR, place.angle + quarters * np.pi / 2)
        scores.append(max((detection.score for detection in look("short_range", near)), default=0.0))
        if scores[0] >= _UPRIGHT:
            return 0
    best = int(np.argmax(scores))
    return best if scores[best] >= scores[0] + _BETTER else 0


def quarters_astray(picture: Picture, points: NDArray[np.floating[Any]]) -> int:
    """By how many quarters of a circle a face lies otherwise than its points say, 0 to 3: upside down it may pass for upright.

    Args:
        picture: (H, W, 3).
        points: (478, 3) of a face in it, pixels from its upper left corner.
    """
    return _way_up(partial(detect, picture), square_of(np.asarray(points, np.float32)))


def _may_lie(look: _Look, quarters: int) -> bool:
    """Whether anything in the whole picture looks a little like a face when it is turned by so many quarters."""
    square = _all_of(look.picture, quarters * np.pi / 2)
    return any(look(network, square, _HINT) for network in ("short_range", "full_range"))


def _part_sizes(picture: Picture) -> Iterator[tuple[float, int]]:
    """Pixels of the parts that a picture is searched in, and how many a side, the largest first."""
    longer = max(picture.shape[:2])
    for least, count, share in _PARTS:
        if longer >= least:
            yield share * longer, count


def _in_parts(look: _Look, size: float, count: int, angle: float) -> Iterator[Detection]:
    """Faces too small to be seen in the whole, which are turned by so many radians."""
    height, width = look.picture.shape[:2]
    for y in _middles(height, size, count):
        for x in _middles(width, size, count):
            yield from look("full_range", Square(x, y, size, angle))


def _middles(length: float, size: float, most: int) -> list[float]:
    """Where squares of a size lie so that they cover a length, each by a quarter over the next, as far as so many do."""
    if length <= size:
        return [length / 2]
    count = min(most, int(np.ceil((length - size) / (_APART * size))) + 1)
    return np.linspace(size / 2, length - size / 2, count).tolist()


def face_in(picture: Picture, square: Square, confidence: float, rounds: int = 1) -> Face | None:
    """The face in a square of a picture; None where there is none.

    Args:
        picture: (H, W, 3).
        square: where to look.
        confidence: how sure it is that there is one.
        rounds: how often, each time where the last points were.
    """
    for _ in range(rounds):
        points, sure = mesh_in(picture, square)
        square = square_of(points)
        if sure < _SURE or not square.size > 1:
            return None
    return Face(points, confidence)


def known(face: Face, faces: list[Face]) -> bool:
    """Whether a face is among these."""
    if not faces:
        return False
    box, boxes = np.array(face.box), np.array([one.box for one in faces])
    shared = overlap(box, boxes)
    areas = np.array([_area(one) for one in faces])
    # Shared area = union · shared, and both areas = union · (1 + shared).
    inner = shared / (1 + shared) * (_area(face) + areas) / np.maximum(np.minimum(_area(face), areas), 1e-12)
    return bool(((shared > SAME) | (inner > _WITHIN)).any())


def _area(face: Face) -> float:
    left, top, right, bottom = face.box
    return (right - left) * (bottom - top)
