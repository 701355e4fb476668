"""The colour of a face's skin, and how like it a colour is."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from ..pictures.colours import lab
from ..pictures.filling import Pixels, sample
from ..pictures.indices import CHEEKS
from .canvas import between

_OF_THE_COVER = 15.0
"""How far in Lab, at least, from what covers the mouth the skin's colour is: a wide mask covers cheeks, too."""


def skin_colour(picture: Pixels, mesh: Floats, cover: Floats | None) -> Floats:
    """(3,) of the cheeks and the forehead, 0 to 255; of what a mask leaves of them.

    Args:
        picture: (H, W, 4).
        mesh: (468, 2) the face mesh as the picture shows it, pixels.
        cover: (3,) colour of what covers the mouth, CIE Lab; None where nothing does.
    """
    seen = sample(picture[..., :3], mesh[list(CHEEKS)])
    if cover is not None:
        away = np.linalg.norm(lab(seen) - cover, axis=1)
        free = seen[away > _OF_THE_COVER]
        seen = free if len(free) else seen
    return np.asarray(np.median(seen, axis=0), np.float32)


def skin_likeness(colours: Floats, skin: Floats, hue: tuple[float, float] = (20.0, 9.0)) -> Floats:
    """(…,) how like the skin's (3,) colours (…, 3) are, 0 to 1: of its hue, and not much darker.

    Args:
        colours: 0 to 255.
        skin: 0 to 255.
        hue: how far away in Lab's plane of colours it is none, and up to which distance wholly.
    """
    own = lab(skin[None].clip(20))[0]  # of a black picture, too, something is brighter
    these = lab(colours)
    off = np.linalg.norm(these[..., 1:] - own[1:], axis=-1)
    return between(off, *hue) * between(these[..., 0], 0.42 * own[0], 0.58 * own[0])
