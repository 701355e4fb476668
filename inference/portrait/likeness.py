"""Whether two face pictures may show the same person: by the proportions of what does not move in a face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..detection.mesh_points import OUTER_CORNERS
from ..face.arrays import Floats
from ..face.face_picture import FacePicture
from ..pictures.own_shapes import relief_of

_CHIN = 152
_APART = ((48, 278), (133, 362), (234, 454), (172, 397), (1, 2), (127, 356), (61, 291))
"""Points whose distance counts: of nose, inner eyes, cheekbones, jaw, nose tip, temples, mouth."""
_BELOW_EYES = ((2,), (152,), (10,), (61, 291), (105, 334))
"""Points whose height counts: under the nose, chin, forehead, mouth, brows."""
_SPREAD = np.array([0.008, 0.0075, 0.0075, 0.015, 0.004, 0.0085, 0.0185, 0.0045, 0.022, 0.0095, 0.01, 0.0045])
"""How much each differs between films of one person, in eye distances: people of GRID."""
PROPORTIONS = len(_SPREAD)
"""How many there are."""
ANOTHER = 16.0
"""From which `unlikeness` on it is most likely somebody else: of GRID's people four of five pairs are, and
no two films of one person."""


def proportions(face: FacePicture) -> Floats:
    """(12,) lengths of a face, in its outer eye corners' distances."""
    points = relief_of(face).points.astype(np.float64)
    first, second = points[OUTER_CORNERS[0]], points[OUTER_CORNERS[1]]
    middle, unit = (first + second) / 2, float(np.linalg.norm(second - first))
    across = (second - first) / max(unit, 1e-6)
    down = points[_CHIN] - middle
    down -= across * (down @ across)
    down /= max(float(np.linalg.norm(down)), 1e-6)
    apart = [float(np.linalg.norm(points[one] - points[other])) for one, other in _APART]
    below = [float(np.mean((points[list(rows)] - middle) @ down)) for rows in _BELOW_EYES]
    return np.asarray(np.array([*apart, *below]) / max(unit, 1e-6))


def unlikeness(one: Sequence[float] | Floats, other: Sequence[float] | Floats) -> float:
    """How far two faces' `proportions` are apart: about 5 for one person, see `ANOTHER`."""
    return float(np.linalg.norm((np.asarray(one) - np.asarray(other)) / _SPREAD))


def somebody_else(face: FacePicture, known: Mapping[str, Any]) -> tuple[str, ...]:
    """What is to be said where a person's own renderer is to draw somebody else.

    Args:
        face: that is drawn.
        known: what a renderer's file says of its person: ``proportions`` and ``person``, or nothing.
    """
    whose = known.get("proportions")
    if not whose or unlikeness(whose, proportions(face)) < ANOTHER:
        return ()
    return (
        f"The renderer was learnt from films of {known.get('person', 'one person')}, and this picture shows somebody else, as it "
        "seems: the mouth may look foreign.",
    )
