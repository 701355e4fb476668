"""Where the mouth's inside begins or a lid comes down: an edge that no lens drew, softened as the picture's own edges are."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats, Indices
from ..face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from .filling import Pixels, blurred
from .indices import SIDES
from .mouth import LEAST_SOFTNESS, MADE_LAYERS, OF_THE_SOFTNESS, OWN_MOUTH

SOFTNESS = "softness"
"""What a face picture's `source` says of the edges of its lips: sigma of the Gaussian that softens them, eye distances."""
_A_PIXEL = 0.35
"""Sigma in pixels of an edge that ends within one."""
_PICTURED = SHAPE_NAMES.index(PICTURED)
_BLINKS = {
    side.lower(): [SHAPE_NAMES.index(f"eye{what}{side}") for what in ("Blink", "Squint")] for side in SIDES
}
_SHUTTING = 0.02
"""Weight of a blink from which on the edge of a lid is no longer the picture's own."""
_LEAST, _MOST = 0.5, 4.0
"""Sigma in pixels by which an edge is softened at least and at most."""


def sigma_of(face: FacePicture, scale: float = 1.0) -> float:
    """Pixels, sigma of a Gaussian, that the edges of what is made between the lips are softened by.

    Args:
        face: the face picture.
        scale: pixels of what is drawn for one of the picture's.
    """
    told = face.source.get(SOFTNESS)
    own = float(told) if isinstance(told, (int, float)) and np.isfinite(told) else 0.0
    soft = max(OF_THE_SOFTNESS * own, LEAST_SOFTNESS) * face.eye_distance * scale
    return float(np.clip(np.sqrt(max(soft**2 - _A_PIXEL**2, 0.0)), _LEAST, _MOST))


def reach_of(sigma: float) -> int:
    """Pixels around an edge that softening it looks at."""
    return int(np.ceil(2.5 * sigma)) + 1


def numbers_of(face: FacePicture, weights: Floats) -> dict[str, int]:
    """Layer → its number, by which edges are found: 0 for what shows the picture as it is, for each other layer its own.

    Others are those that are made, the mouth that a picture shows once its lips move over it, and eyes behind lids that shut.

    Args:
        face: the face picture.
        weights: (53,) of `SHAPE_NAMES`.
    """
    made = {layer.name for layer in face.layers if layer.name in MADE_LAYERS and layer.texture != PICTURE}
    if weights[_PICTURED] < 1:
        made.add(OWN_MOUTH)
    for side, blinks in _BLINKS.items():
        if max(weights[blinks]) > _SHUTTING:
            made |= {f"lid_{side}", f"eye_{side}", f"lashes_{side}"}
    return {layer.name: number if layer.name in made else 0 for number, layer in enumerate(face.layers, 1)}


def soften(colours: Pixels, numbers: Indices, sigma: float) -> None:
    """Soften the edges between what is made and everything else (in place); nothing where nothing made is seen.

    Args:
        colours: (H, W, C).
        numbers: (H, W) of `numbers_of`, which layer is seen.
        sigma: pixels, see `sigma_of`.
    """
    edges = np.zeros(numbers.shape, np.float32)
    across, down = numbers[:, 1:] != numbers[:, :-1], numbers[1:] != numbers[:-1]
    for part, differ in (
        (edges[:, 1:], across),
        (edges[:, :-1], across),
        (edges[1:], down),
        (edges[:-1], down),
    ):
        part[differ] = 1
    rows, columns = np.flatnonzero(edges.any(axis=1)), np.flatnonzero(edges.any(axis=0))
    if not rows.size:
        return
    reach = reach_of(sigma)
    window = (
        slice(max(rows[0] - reach, 0), rows[-1] + reach + 1),
        slice(max(columns[0] - reach, 0), columns[-1] + reach + 1),
    )
    own = colours[window].astype(np.float32)
    near = blurred(edges[window][..., None], sigma)
    share = (near * max(1.25 * sigma, 1.0)).clip(0, 1)
    colours[window] = np.round(own + share * (blurred(own, sigma) - own)).astype(np.uint8)
