"""A video → the face mesh of one person, picture by picture.

MediaPipe's face mesh with attention (Kartynnik et al. 2019, arXiv 1907.06724; Grishchenko et al. 2020, arXiv 2006.10962).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..detection.faces import quarters_astray
from ..detection.mesh_points import OUTER_CORNERS
from ..detection.second_opinion import apart, second_opinion
from .finders import AUTO, finding
from .video import Picture

MESH_COUNT = 478
_ASKED_EVERY = 25  # pictures, of which one is shown to the second network
_WAYS_ASKED = 3  # pictures of a person that are looked at the other ways up
_WAYS_EVERY = 12  # pictures between two of those
_SAME_FACE = 1.0  # a face may move by this many of its own widths between two pictures


@dataclass
class Track:
    """One face through a clip.

    Attributes:
        points: (T, 478, 3) float64, pixels from the picture's middle: x right, y up, z to the viewer. NaN where not found.
        times: (T,) float64 seconds since the first picture.
        size: width and height of the pictures, pixels.
        faces: how many people were seen for at least a quarter as long as this one.
        apart: eyes' distances between its points and a second network's landmarks, the median of some pictures; None where
            there is no second network, and infinite where that sees no face.
        astray: by how many quarters to the left the pictures would have to be turned beyond what its points say: what is
            upside down is now and then taken for an upright face.
    """

    points: NDArray[np.float64]
    times: NDArray[np.float64]
    size: tuple[int, int]
    faces: int = 1
    apart: float | None = None
    astray: int = 0

    @property
    def tracked(self) -> NDArray[np.bool_]:
        """(T,) where the face was found."""
        return np.isfinite(self.points[:, 0, 0])

    def quarters_off(self) -> int:
        """By how many quarters to the left the pictures would have to be turned for the face to stand upright, 0 to 3."""
        if not self.tracked.any():
            return 0
        line = np.median(
            (self.points[:, OUTER_CORNERS[1]] - self.points[:, OUTER_CORNERS[0]])[self.tracked, :2], axis=0
        )
        return int(self.astray - np.round(np.arctan2(line[1], line[0]) / (np.pi / 2))) % 4


@dataclass
class _Person:
    """Faces of consecutive pictures that belong together."""

    frames: list[int] = field(default_factory=list)
    faces: list[NDArray[np.float64]] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)

    def astray(self) -> int:
        """By how many quarters its points are wrong about which way up it is, where most pictures agree."""
        way, count = Counter(self.ways).most_common(1)[0]
        return way if 2 * count > len(self.ways) else 0

    def weight(self) -> float:
        """Area in pixels summed over the pictures: large and constant wins."""
        return float(sum(np.prod(np.ptp(face[:, :2], axis=0)) for face in self.faces))

    def distance(self, face: NDArray[np.float64]) -> float:
        """How far a face is from this person's last one, in face widths."""
        last = self.faces[-1]
        width = max(float(np.ptp(last[:, 0])), 1.0)
        return float(
            np.linalg.norm((face - last)[:, :2].mean(axis=0)) / width
            + abs(np.log(max(np.ptp(face[:, 0]), 1.0) / width))
        )


def track(
    pictures: Iterable[tuple[float, Picture]],
    seen: Callable[[int], None] | None = None,
    tracker: str = AUTO,
) -> Track:
    """Follow the largest, most constant face of a clip.

    Args:
        pictures: (seconds, (H, W, 3) RGB) in order.
        seen: told the number of pictures that are done.
        tracker: which of `finders` finds the faces.

    Raises:
        EngineError: MediaPipe is asked for and not installed (code ``full_engine_needed``).
    """
    people: list[_Person] = []
    times: list[float] = []
    size = (0, 0)
    opinion = second_opinion()
    with finding(tracker) as faces_in:
        for index, (when, picture) in enumerate(pictures):
            times.append(when)
            height, width = picture.shape[:2]
            size = size if index else (width, height)
            middle, towards = (width / 2, height / 2, 0), (1, -1, -1)
            faces = faces_in(picture)
            whose = _assign(people, index, [(points - middle) * towards for points in faces])
            if opinion is not None and index % _ASKED_EVERY == 0:
                for person, points in zip(whose, faces):
                    person.apart.append(apart(opinion, picture, points))
            for person, points in zip(whose, faces):
                if len(person.ways) < _WAYS_ASKED and (len(person.frames) - 1) % _WAYS_EVERY == 0:
                    person.ways.append(quarters_astray(picture, points))
            if seen is not None:
                seen(index + 1)
    points = np.full((len(times), MESH_COUNT, 3), np.nan)
    if not people:
        return Track(points, np.array(times), size, 0)
    chosen = max(people, key=_Person.weight)
    points[chosen.frames] = chosen.faces
    others = sum(len(person.frames) >= len(chosen.frames) / 4 for person in people)
    off = float(np.median(chosen.apart)) if chosen.apart else None
    return Track(points, np.array(times), size, others, off, chosen.astray())


def _assign(people: list[_Person], index: int, faces: list[NDArray[np.float64]]) -> list[_Person]:
    """Give each face of a picture to the person nearest to it, or to a new one; returns whose they are."""
    free = list(people)
    whose = []
    for face in faces:
        nearest = min(free, key=lambda person: person.distance(face), default=None)
        if nearest is None or nearest.distance(face) > _SAME_FACE:
            nearest = _Person()
            people.append(nearest)
        else:
            free.remove(nearest)
        nearest.frames.append(index)
        nearest.faces.append(face)
        whose.append(nearest)
    return whose
