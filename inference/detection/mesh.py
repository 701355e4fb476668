"""The 478 points of a face in a square of a picture.

Kartynnik et al. 2019, arXiv 1907.06724; Grishchenko et al. 2020, *Attention Mesh*, arXiv 2006.10962.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .crops import Picture, Square, cut
from .mesh_points import OUTER_CORNERS
from .networks import load_network

SKIN = 468
"""Points on the face; the ten of the irises come after them."""

POINTS = 478

_WIDER = 1.5  # a face's square beside the box of its points
_CONTOUR = 16  # the first points of an eye's region are its lids' edges


def mesh_in(picture: Picture, square: Square) -> tuple[NDArray[np.float32], float]:
    """The face that a square shows.

    Returns:
        (478, 3) points in the picture's pixels, x right, y down, z away from the viewer in the same scale with its zero
        near the middle of the head; and how sure it is that this is a face, 0 … 1.
    """
    network = load_network("mesh")
    size = network.size[0]
    results = network.run(cut(picture, square, size) * np.float32(1 / 255))
    points = np.zeros((POINTS, 3))
    points[:SKIN] = results["mesh"].reshape(SKIN, 3)
    for name, indices in network.points.items():
        points[indices, :2] = results[name].reshape(-1, 2)
    for name, first in (("left", SKIN), ("right", SKIN + 5)):
        contour = network.points[f"{name}_eye"][:_CONTOUR]
        points[first : first + 5, :2] = results[f"{name}_iris"].reshape(-1, 2)
        points[first : first + 5, 2] = points[contour, 2].mean()
    points /= size
    flag = float(np.clip(results["face"].reshape(()), -80, 80))
    out = np.concatenate([square.outward(points[:, :2]), points[:, 2:] * square.size], axis=1)
    return out.astype(np.float32), 1 / (1 + float(np.exp(-flag)))


def square_of(points: NDArray[np.float32]) -> Square:
    """The square to look for a face's points in again, in this picture or the next one."""
    flat = points[:, :2].astype(np.float64)
    low, high = flat.min(axis=0), flat.max(axis=0)
    line = flat[OUTER_CORNERS[1]] - flat[OUTER_CORNERS[0]]
    x, y = 0.5 * (low + high)
    return Square(float(x), float(y), _WIDER * float((high - low).max()), float(np.arctan2(line[1], line[0])))
