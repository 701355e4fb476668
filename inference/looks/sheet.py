"""The picture as it lies before whoever draws it: at a size at which a pen's lines are a few pixels wide, on empty paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import PICTURE, FacePicture
from ..pictures.filling import luminance
from .canvas import between, blurred, guided, resized
from .features import Features, features_of

_UNIT = 170.0
"""Pixels between the outer eye corners at which is drawn."""
_LARGEST, _SMALLEST, _MOST_PIXELS = 3.0, 0.1, 900_000
_BLANK, _DULL = (8.0, 14.0), (110.0, 90.0)
"""From which distances of its brightest from its darkest on, 0 to 255, a picture shows something, and below which it has little
contrast: from where on it is given more, and from where on all of it.
"""
_DARK, _CLEAR, _MOST_TIMES = 15.0, 200.0, 5.0
"""How bright its darkest becomes, how far its brightest is from that then, and how many times as far as before at most."""
_BEHIND = 1.7
"""How bright, with the skin's brightness 1, the empty paper behind a person is: brighter than anybody, for an outline."""


@dataclass(frozen=True)
class Sheet:
    """What is drawn after.

    Attributes:
        size: width and height of the picture that is to be drawn.
        scale: pixels here for one of those.
        colours: (h, w, 3) 0 to 255.
        person: (h, w) 1 where the person is, 0 behind; 1 everywhere where that is not known.
        grey: (h, w) how bright it is without its grain, by the skin's brightness; behind the person it is bright.
        outline: (h, w) 1 along the person's outline, 0 elsewhere.
        features: of the face, in the picture's own pixels.
        clear: what makes colours (…, 3) of the picture, or of what is cut out of it, as clear as these here, 0 to 255.
    """

    size: tuple[int, int]
    scale: float
    colours: Floats
    person: Floats
    grey: Floats
    outline: Floats
    features: Features
    clear: Callable[[Floats], Floats]

    @property
    def unit(self) -> float:
        """Distance between the outer eye corners, pixels here."""
        return self.features.unit * self.scale

    def at_size(self, values: Floats) -> Floats:
        """A field of here at the picture's size."""
        return resized(values, self.size)


def sheet_of(face: FacePicture) -> Sheet:
    """A face picture's picture, to be drawn after."""
    features = features_of(face)
    width, height = face.size
    scale = min(_LARGEST, _UNIT / features.unit, float(np.sqrt(_MOST_PIXELS / (width * height))))
    size = max(8, round(width * max(scale, _SMALLEST))), max(8, round(height * max(scale, _SMALLEST)))
    picture = face.textures[PICTURE]
    colours = resized(picture[..., :3], size).clip(0, 255)
    clear = _clearer(colours)
    colours, features = clear(colours), replace(features, skin=clear(features.skin))
    grey = luminance(colours) / max(float(luminance(features.skin)), 40.0)
    unit = features.unit * size[0] / width
    grey = guided(grey, grey, max(1, round(0.012 * unit)), 0.0012)
    shown = picture[..., 3].astype(np.float32) / 255
    if face.matte.size:
        shown = np.minimum(shown, face.matte.astype(np.float32) / 255)
    person = resized(shown, size)
    if face.matte.size and person.min() < 0.5:
        sharp = guided(grey, person, max(2, round(0.06 * unit)), 0.002)
        person = between(blurred(sharp, 0.018 * unit), 0.35, 0.65)
    grey = person * np.minimum(grey, 1.4) + (1 - person) * _BEHIND
    line = edge_line(person, unit)
    return Sheet((width, height), size[0] / width, colours, person, grey, line, features, clear)


def _clearer(colours: Floats) -> Callable[[Floats], Floats]:
    """What makes a picture (h, w, 3) of little contrast, as fog and old prints have it, as clear as others; others stay."""
    dark, bright = (float(value) for value in np.percentile(luminance(colours), (1, 99)))
    contrast = np.array(bright - dark)
    share = float(between(contrast, *_BLANK) * between(contrast, *_DULL))
    if not share:
        return lambda values: values
    times = min(_CLEAR / (bright - dark), _MOST_TIMES)

    def clear(values: Floats) -> Floats:
        most = (_DARK + times * (values - dark)).clip(0, 255)
        return np.asarray(values + share * (most - values), np.float32)

    return clear


def edge_line(where: Floats, unit: float) -> Floats:
    """(h, w) a line along the edge of what (h, w) is 1 there and 0 elsewhere; the unit is the eyes' distance, pixels."""
    width = max(0.9, 0.006 * unit)
    down, across = np.gradient(blurred(where, width))
    return between(np.hypot(down, across) * width, 0.1, 0.3)
