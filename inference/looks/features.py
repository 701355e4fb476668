"""Where the lines of a face are that an illustrator never leaves out: lids, irises, lips; places in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats
from ..face.face_picture import PICTURE, RELIEF, FacePicture, Layer
from ..face.names import ARKIT_INDEX
from ..pictures.covered import Hidden, cover_colour, hidden_in
from ..pictures.filling import inside, luminance, sample
from ..pictures.indices import LID_RINGS, LIP_RINGS, LOWER_LIDS, SIDES, UPPER_LIDS
from ..pictures.template import POINTS
from .skin import skin_colour

_RADII = np.linspace(0.05, 0.095, 19)
"""Eye units: how large an iris can be."""
_SEEKING = 0.03
"""Eye units around where the gaze turns in which its middle is looked for."""


@dataclass(frozen=True)
class Eye:
    """An eye of a photo.

    Attributes:
        layer: the face picture's.
        upper, lower: (9, 2) edges of the lids, from the picture's left to its right; pixels.
        fold: (7, 2) the fold above the upper lid.
        iris: (2,) its middle.
        radius: of the iris, pixels.
        outward: 1 where the eye's outer corner is at the picture's right, else -1.
    """

    layer: Layer
    upper: Floats
    lower: Floats
    fold: Floats
    iris: Floats
    radius: float
    outward: float

    @property
    def outline(self) -> Floats:
        """(16, 2) of what is seen between the lids."""
        return np.concatenate([self.upper, self.lower[-2:0:-1]])


@dataclass(frozen=True)
class Features:
    """A face's own lines.

    Attributes:
        unit: distance between the outer eye corners, pixels.
        mesh: (468, 2) the face mesh as the picture shows it, pixels.
        eyes: of a photo, the right one first; () where they are not seen.
        skin: (3,) colour of the cheeks and the forehead, 0 to 255.
        hidden: what of the face is covered, and so not drawn.
        cover: (3,) colour of what covers the mouth, CIE Lab; None where nothing does.
    """

    unit: float
    mesh: Floats
    eyes: tuple[Eye, ...]
    skin: Floats
    hidden: Hidden
    cover: Floats | None

    @property
    def upper_lip(self) -> Floats:
        """(4, 11, 2) from its outer edge to where the lips meet."""
        return np.asarray(self.mesh[LIP_RINGS[:4]])

    @property
    def lower_lip(self) -> Floats:
        """(4, 11, 2) from its outer edge to where the lips meet."""
        return np.asarray(self.mesh[LIP_RINGS[4:]])

    @property
    def mouth(self) -> Floats:
        """(22, 2) outline of what is open between the lips."""
        return np.concatenate([self.upper_lip[3], self.lower_lip[3][::-1]])


def features_of(face: FacePicture) -> Features:
    """The lines of a face picture's face.

    Raises:
        EngineError: it has no face mesh, since it was not made here (code ``bad_face_picture``).
    """
    relief = next((layer for layer in face.layers if layer.name == RELIEF), None)
    if relief is None or len(relief.uv) < POINTS:
        raise EngineError(
            "This face picture has no face mesh, which a drawn look needs: make it anew from its picture.",
            "bad_face_picture",
        )
    mesh = np.asarray(relief.uv[:POINTS], np.float32)
    picture = face.textures[PICTURE]
    layers = {layer.name: layer for layer in face.layers}
    eyes = []
    for number, side in enumerate(SIDES):
        layer = layers.get(f"eye_{side.lower()}")
        if face.kind == "photo" and layer is not None:
            eyes.append(_eye(face, layer, number, mesh))
    hidden = hidden_in(face, mesh)
    cover = cover_colour(picture, mesh) if hidden.mouth else None
    return Features(face.eye_distance, mesh, tuple(eyes), skin_colour(picture, mesh, cover), hidden, cover)


def _eye(face: FacePicture, layer: Layer, number: int, mesh: Floats) -> Eye:
    side = SIDES[number]
    looking = np.linalg.norm(layer.shapes[ARKIT_INDEX[f"eyeLookUp{side}"]].astype(np.float32), axis=1)
    places = layer.at_rest[:, :2]
    start = (
        places[looking >= 0.98 * looking.max()].mean(axis=0)
        if looking.max() > 0
        else mesh[UPPER_LIDS[number]].mean(axis=0)
    )
    upper, lower = mesh[UPPER_LIDS[number]], mesh[LOWER_LIDS[number]]
    iris, radius = _iris(face, start, np.concatenate([upper, lower[-2:0:-1]]))
    fold = mesh[LID_RINGS[number, 0]]
    return Eye(layer, upper, lower, fold[np.argsort(fold[:, 0])], iris, radius, 1.0 if number else -1.0)


def _iris(face: FacePicture, start: Floats, outline: Floats) -> tuple[Floats, float]:
    """Middle and radius of the iris: the circle whose edge is darkest inside and brightest outside, where it is seen.

    Daugman, *How Iris Recognition Works*, TCSVT 2004.
    """
    unit = face.eye_distance
    picture = face.textures[PICTURE]
    angles = np.concatenate([np.linspace(-0.35, 0.6, 9) * np.pi, np.linspace(0.4, 1.35, 9) * np.pi])
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    best, circle = -np.inf, (np.asarray(start, np.float32), 0.07 * unit)
    offsets = np.linspace(-_SEEKING, _SEEKING, 7) * unit
    for x in offsets:
        for y in offsets[1:-1]:
            middle = start + np.array([x, y])
            for radius in _RADII * unit:
                rim = middle + radius * ways
                seen = inside(outline, rim)
                if seen.sum() < 6:
                    continue
                steps = middle + ways[seen, None] * (radius * np.array([0.85, 1.18]))[:, None]
                bright = luminance(sample(picture[..., :3], steps))
                score = float((bright[:, 1] - bright[:, 0]).mean()) - 30 * float(np.hypot(x, y)) / unit
                if score > best:
                    best, circle = score, (np.asarray(middle, np.float32), float(radius))
    return circle
