"""Faces through the pictures of a film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crops import Picture
from .detectors import detect, overlap
from .faces import MOST_FACES, SAME, Face, face_in, known
from .mesh import square_of
from .pictures import as_colours, reduced

_SEARCH_EVERY = 6  # pictures, for further faces; at once where none is seen
_SEARCHED_FULLY = 0.25  # of the searches in vain, the share that looks for small faces too


class Follower:
    """Takes a film's pictures one after the other; each face is looked for where it was last.

    Holds nothing of the pictures, so that a film may be of any length.
    """

    def __init__(self, most: int = MOST_FACES) -> None:
        """Follow at most so many faces at once."""
        self._most = most
        self._faces: list[Face] = []
        self._searched = 0
        self._until_search = 0

    def next(self, picture: NDArray[Any]) -> list[Face]:
        """The faces in the next picture; those that were seen before keep their order.

        Args:
            picture: as `faces.find_faces` takes it.

        Raises:
            ValueError: no picture.
            EngineError: the networks' file is missing or damaged (code ``bad_weights``).
        """
        small, step = reduced(as_colours(picture))
        faces: list[Face] = []
        for last in self._faces:
            face = face_in(small, square_of(last.points), last.confidence)
            if face is not None and not known(face, faces):
                faces.append(face)
        lost = len(faces) < len(self._faces)
        self._until_search -= 1
        if not faces or lost or (len(faces) < self._most and self._until_search <= 0):
            self._search(small, faces)
            self._until_search = _SEARCH_EVERY
        self._faces = faces
        return [face.scaled(step) for face in faces]

    def _search(self, picture: Picture, faces: list[Face]) -> None:
        """Add the faces that are not among these yet."""
        finds = detect(picture)
        if not finds and not faces:
            self._searched += 1
            if self._searched % round(1 / _SEARCHED_FULLY) == 1:
                finds = detect(picture, "full_range")
        for detection in finds:
            if len(faces) >= self._most:
                return
            if faces and (overlap(detection.box, np.array([face.box for face in faces])) > SAME).any():
                continue
            face = face_in(picture, detection.square(), detection.score)
            if face is not None and not known(face, faces):
                faces.append(face)


def track(pictures: Iterable[NDArray[Any]], most: int = MOST_FACES) -> Iterator[list[Face]]:
    """The faces of each picture of a film, see `Follower`."""
    follower = Follower(most)
    for picture in pictures:
        yield follower.next(picture)
