"""ICT FaceKit's head as its file has it (`arkit_basis` says where that comes from), placed in eye distances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inference.face.arrays import Floats, Indices

SEE_THROUGH: Final = (
    "M_EyeBlend",
    "M_EyeOcclusion",
    "M_LacrimalFluid",
    "M_EyeLashes",
    "M_IrisLeft",
    "M_IrisRight",
)


@dataclass(frozen=True)
class IctHead:
    """The head: x to the picture's right, y up, z to the viewer, from the middle of the outer eye corners.

    Attributes:
        points: (V, 3) in eye distances.
        unit: the eye distance in the file's unit.
        triangles: (M, 3), without what is see-through.
        materials: (M,) name of each triangle's material.
        expressions: name in the file → (V, 3) float32 in eye distances.
        landmarks: (68,) vertices.
    """

    points: Floats
    unit: float
    triangles: Indices
    materials: NDArray[np.str_]
    expressions: dict[str, Floats]
    landmarks: Indices


def head_of(data: Mapping[str, NDArray[Any]], precision: type[np.floating[Any]] = np.float64) -> IctHead:
    """The head of a file's arrays, its points worked out in that precision. Raises KeyError for one that is not there."""
    landmarks = data["landmark68"].astype(np.intp)
    points = data["vertices"].astype(precision)
    corners = points[landmarks[[36, 45]]]
    unit = precision(np.linalg.norm(corners[1] - corners[0]))
    names = np.array([str(name) for name in data["material_names"]])
    materials, quads = names[data["face_material"]], data["faces"].astype(np.intp)
    four = quads[:, 3] >= 0
    triangles = np.concatenate([quads[:, :3], quads[four][:, [0, 2, 3]]])
    materials = np.concatenate([materials, materials[four]])
    kept = ~np.isin(materials, SEE_THROUGH)
    expressions = {
        str(name): delta.astype(np.float32) / np.float32(unit)
        for name, delta in zip(data["expression_names"], data["expression_deltas"])
    }
    placed = (points - corners.mean(axis=0)) / unit
    return IctHead(placed, float(unit), triangles[kept], materials[kept], expressions, landmarks)
