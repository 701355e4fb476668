"""Faces in drawings, which the networks see better in a small and smooth copy with paper around it.

The networks take a pixel here and there of a picture: of ink lines and the edges of flat areas that leaves crumbs. And they were
taught on photos, in which a face seldom fills the picture as that of a drawn character does.
"""

from __future__ import annotations

import numpy as np

from ..detection import Face
from ..detection.agreement import CERTAIN, agreement
from ..detection.crops import Picture, Square
from ..detection.detectors import Detection, detect
from ..detection.faces import face_in, known
from ..detection.mesh_points import OUTER_CORNERS
from ..detection.pictures import reduced
from ..face.arrays import Floats
from .colours import commonest, is_drawing, lab
from .filling import blurred, sample
from .indices import LIP_RINGS

_LENGTH = 192
"""Pixels of the copy's longer side, at least half and at most all of it."""
_SMOOTH = 0.009
"""Of its longer side: the sigma that it is smoothed with, about the distance of the places that a network looks at."""
_PAPER = (1.0, 1.4, 2.0)
"""Times the copy's longer side what is looked at is long."""
_LEAST = 0.6
"""Score from which on a find is looked at again."""
_TRIED, _MOST = 4, 2
"""Finds that are looked at again, and faces, at most."""
_ENOUGH = 1.2
"""Score and agreement together from which on a flat drawing has a face, if it has a mouth: those of people have 1.2 to 1.7, of
houses and boards up to 1.15; of a socket, whose holes are eyes, 1.35, and no mouth."""
_MOUTH, _MOUTH_SHARE = 8.0, 0.03
"""Distance in Lab from the commonest colour there, and share of the place of the mouth from which on something is drawn in it."""
_AROUND = 0.25
"""How far around the lips, which are not quite where they are drawn, that place reaches, beside its size."""
_TILTED = 30.0
"""Degrees: a face that is tilted by more is none unless it is surely found again; hair that is taken for an eye tilts one so."""
_ENOUGH_BY_ITSELF = 0.7
"""Agreement from which on what is not drawn in flat areas is one: a board with two knots has up to 0.63."""


def faces_of_drawing(picture: Picture) -> list[Face]:
    """The faces in a drawing, or in what looks much like one, the surest first.

    Args:
        picture: (H, W, 3), no larger than `detection.pictures.LARGEST`.

    Returns:
        Their confidence is how surely they were found again (`agreement`), which for drawings is less than for photos.
    """
    copy, step = reduced(picture, _LENGTH)
    copy = np.asarray(np.rint(blurred(copy, _SMOOTH * max(copy.shape[:2]))), np.uint8)
    faces: list[Face] = []
    for detection in sorted(_finds(copy), key=lambda one: -one.score)[:_TRIED]:
        face = face_in(copy, detection.square(), detection.score, rounds=2)
        if face is None or known(face, faces):
            continue
        again = agreement(copy, face.points)
        flat = is_drawing(picture, face.points[:, :2] * step)
        enough = detection.score + again >= _ENOUGH if flat else again >= _ENOUGH_BY_ITSELF
        enough &= again >= CERTAIN or _tilt(face) <= _TILTED
        if enough and has_mouth(picture, face.points[:, :2] * step):
            faces.append(Face(face.points, again))
        if len(faces) == _MOST:
            break
    return [face.scaled(step) for face in faces]


def _tilt(face: Face) -> float:
    """Degrees that the line between a face's eyes is turned by, 0 to 180."""
    across = face.points[OUTER_CORNERS[1], :2] - face.points[OUTER_CORNERS[0], :2]
    return float(np.degrees(abs(np.arctan2(across[1], across[0]))))


def has_mouth(picture: Picture, points: Floats) -> bool:
    """Whether anything is drawn where the mouth of (478, 2) points is, pixels."""
    lips = points[np.unique(LIP_RINGS)]
    low, high = lips.min(axis=0), lips.max(axis=0)
    low, high = low - _AROUND * (high - low), high + _AROUND * (high - low)
    places = np.stack(np.meshgrid(*(np.linspace(low[axis], high[axis], 48) for axis in range(2))), axis=-1)
    colours = lab(sample(picture, places)).reshape(-1, 3)
    common, _ = commonest(colours)
    return bool((np.linalg.norm(colours - common, axis=-1) > _MOUTH).mean() >= _MOUTH_SHARE)


def _finds(picture: Picture) -> list[Detection]:
    height, width = picture.shape[:2]
    finds: list[Detection] = []
    for paper in _PAPER:
        square = Square(width / 2, height / 2, paper * max(width, height))
        for network in ("short_range", "full_range"):
            finds += detect(picture, network, square, least=_LEAST)
    return finds
