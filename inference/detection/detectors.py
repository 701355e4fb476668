"""Where faces are: MediaPipe's two detectors, one for faces that fill much of a picture, one for smaller ones.

Bazarevsky et al. 2019, *BlazeFace*, arXiv 1907.05047.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .crops import Picture, Square, cut
from .networks import load_network

CERTAIN = {"short_range": 0.5, "full_range": 0.6}
"""Score from which on each detector's finds count, as in MediaPipe."""

_GRIDS = {"short_range": ((8, 2), (16, 6)), "full_range": ((4, 1),)}  # pixels between places, boxes at each
_SAME = 0.3  # boxes that share more than this (intersection over union) are one face
_WIDER = 1.5  # a face's square beside the box that was found
_MOST_CERTAIN = 100.0  # logits are cut here


@dataclass(frozen=True)
class Detection:
    """A face that a detector found.

    Attributes:
        score: 0 … 1.
        box: (4,) left, top, right, bottom, pixels.
        keys: (6, 2) the character's right and left eye, nose tip, mouth, right and left ear, pixels.
    """

    score: float
    box: NDArray[np.float64]
    keys: NDArray[np.float64]

    def square(self) -> Square:
        """The square that the mesh is looked for in: upright on the line through the eyes."""
        left, top, right, bottom = self.box
        line = self.keys[1] - self.keys[0]
        size = _WIDER * max(right - left, bottom - top)
        return Square((left + right) / 2, (top + bottom) / 2, size, float(np.arctan2(line[1], line[0])))


Seen = dict[tuple[str, Square], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Network and square → scores (N,) and places (N, 8, 2) that the network told of a picture."""


def detect(
    picture: Picture,
    network: str = "short_range",
    square: Square | None = None,
    *,
    least: float | None = None,
    seen: Seen | None = None,
) -> list[Detection]:
    """The faces in a picture or a square of it, the surest first.

    Args:
        picture: (H, W, 3).
        network: ``short_range`` or ``full_range``.
        square: where to look; by default the whole picture.
        least: score from which on a find counts; by default `CERTAIN`.
        seen: what the networks have told of this picture before, which they are not asked again; it is added to.
    """
    height, width = picture.shape[:2]
    square = square or Square(width / 2, height / 2, max(width, height))
    seen = {} if seen is None else seen
    if (network, square) not in seen:
        seen[network, square] = _asked(picture, network, square)
    scores, corners = seen[network, square]
    chosen = np.flatnonzero(scores >= (CERTAIN[network] if least is None else least))
    return [
        Detection(score, _around(square, points[:2]), square.outward(points[2:]))
        for score, points in _merged(scores[chosen], corners[chosen])
    ]


def _asked(picture: Picture, network: str, square: Square) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(N,) scores of all a network's boxes in a square, and (N, 8, 2) their corners and key points, 0 to 1."""
    model = load_network(network)
    results = model.run(
        cut(picture, square, model.size[0], beyond="black") * np.float32(2 / 255) - np.float32(1)
    )
    logits = np.clip(results["scores"][:, 0], -_MOST_CERTAIN, _MOST_CERTAIN)
    scores = 1 / (1 + np.exp(-logits.astype(np.float64)))
    values = results["boxes"].astype(np.float64).reshape(-1, 8, 2) / model.size[0]
    values[:, 1] *= 0.5  # half a width and height
    places = _anchors(network, model.size[0])
    middle = values[:, 0] + places
    corners = np.concatenate(
        [np.stack([middle - values[:, 1], middle + values[:, 1]], axis=1), values[:, 2:] + places[:, None]],
        axis=1,
    )
    return scores, corners


def overlap(box: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of one box with (N, 4) others, 0 … 1."""
    size = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(size, 0), axis=1)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    union = float(np.prod(np.maximum(box[2:] - box[:2], 0))) + areas - shared
    return np.asarray(shared / np.maximum(union, 1e-12))


def _around(square: Square, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """The box of a square's (2, 2) corners, in the picture; it keeps its size where the square is turned."""
    middle = square.outward(corners.mean(axis=0))
    half = 0.5 * (corners[1] - corners[0]) * square.size
    return np.concatenate([middle - half, middle + half])


@lru_cache(maxsize=4)
def _anchors(network: str, size: int) -> NDArray[np.float64]:
    """(N, 2) the places that a detector's boxes are told from, 0 to 1."""
    parts = []
    for pixels, count in _GRIDS[network]:
        middles = (np.arange(size // pixels) + 0.5) * pixels / size
        grid = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        parts.append(np.repeat(grid, count, axis=0))
    return np.concatenate(parts)


def _merged(
    scores: NDArray[np.float64], points: NDArray[np.float64]
) -> list[tuple[float, NDArray[np.float64]]]:
    """One find for each face: the mean of those that share a place, weighted by their scores.

    Args:
        scores: (N,).
        points: (N, P, 2), of which the first two are the box's corners.
    """
    out = []
    order = np.argsort(-scores, kind="stable")
    while len(order):
        boxes = points[order, :2].reshape(-1, 4)
        alike = overlap(boxes[0], boxes) > _SAME
        alike[0] = True
        group = order[alike]
        weights = scores[group] / scores[group].sum()
        out.append((float(scores[order[0]]), np.asarray(np.tensordot(weights, points[group], 1))))
        order = order[~alike]
    return out
