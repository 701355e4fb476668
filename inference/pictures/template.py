"""How ARKit's 52 shapes move the points of a face mesh: the table that was measured on a head, and what lies in its mouth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..face.arrays import Floats, Indices
from ..face.names import ARKIT_NAMES
from ..paths import CHECKPOINTS

SHIPPED = CHECKPOINTS / "face_template.npz"
POINTS = 468
"""Of the face mesh, without the irises."""


@dataclass(frozen=True)
class Template:
    """A neutral face, and how it moves. Eye units: outer eye-corner distances, x to the picture's right, y up, z to the viewer.

    Attributes:
        points: (468, 3) float32, from the middle of the outer eye corners; the lips touch.
        shapes: (52, 468, 3) float32, how far each of `ARKIT_NAMES` moves the points at weight 1.
        triangles: (852, 3), counter-clockwise as the viewer sees them; mouth and eyes are open.
        mirror: (468,) the point on the other side of the face.
        jaw: (52, 3, 4) float32, by which linear map of a place and 1 each shape moves what is fixed to the lower jaw.
        mouth_box: left, top, right, bottom of the two drawings.
        upper, lower: (h, w, 3) uint8, the teeth of each jaw from the front: brightness; 255 for flesh, 0 for teeth; 255 where
            anything is.
        upper_depth, lower_depth: (h, w) float32, z there.
    """

    points: Floats
    shapes: Floats
    triangles: Indices
    mirror: Indices
    jaw: Floats
    mouth_box: tuple[float, float, float, float]
    upper: np.ndarray[Any, np.dtype[np.uint8]]
    lower: np.ndarray[Any, np.dtype[np.uint8]]
    upper_depth: Floats
    lower_depth: Floats


@lru_cache(maxsize=1)
def load_template(path: Path = SHIPPED) -> Template:
    """The table that ships. Raises OSError, KeyError or ValueError where the file is missing, or is none."""
    with np.load(path, allow_pickle=False) as data:
        order = [[str(name) for name in data["shape_names"]].index(name) for name in ARKIT_NAMES]
        left, top, right, bottom = (float(side) for side in data["mouth_box"])
        return Template(
            points=data["points"].astype(np.float32),
            shapes=data["shapes"][order].astype(np.float32),
            triangles=data["triangles"].astype(np.intp),
            mirror=data["mirror"].astype(np.intp),
            jaw=data["jaw"][order].astype(np.float32),
            mouth_box=(left, top, right, bottom),
            upper=data["mouth_upper"],
            lower=data["mouth_lower"],
            upper_depth=data["mouth_upper_depth"].astype(np.float32),
            lower_depth=data["mouth_lower_depth"].astype(np.float32),
        )
