"""Points of a face as a detector finds them, made from the template: no detector and no photo needed."""

from __future__ import annotations

import numpy as np

from inference.face.landmarks import rotation_matrix
from inference.face.names import ARKIT_NAMES
from inference.pictures.indices import IRISES, LOWER_LIDS, UPPER_LIDS
from inference.pictures.template import load_template

IRIS_RADIUS = 0.065


def face_points(
    unit: float,
    middle: tuple[float, float],
    rotation: tuple[float, float, float] = (0, 0, 0),
    weights: dict[str, float] | None = None,
) -> np.ndarray:
    """(478, 3) float32 pixels: x right, y down, z smaller is nearer.

    Args:
        unit: pixels between the outer eye corners.
        middle: where the middle between them lies.
        rotation: radians, XYZ Euler of the engine.
        weights: of ARKit's shapes, what the face does.
    """
    template = load_template()
    points = template.points.astype(np.float64)
    for name, weight in (weights or {}).items():
        points = points + weight * template.shapes[ARKIT_NAMES.index(name)]
    irises = np.zeros((10, 3))
    for eye in range(2):
        centre = template.points[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]])].mean(axis=0)
        around = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)]
        for place, (x, y) in zip(IRISES[eye], around):
            irises[place - 468] = centre + [x * IRIS_RADIUS, y * IRIS_RADIUS, 0]
    space = np.concatenate([points, irises]) @ rotation_matrix(np.array(rotation)).T
    return (space * [unit, -unit, -unit] + [*middle, 0]).astype(np.float32)


def noise_picture(width: int, height: int, seed: int = 5) -> np.ndarray:
    """(height, width, 4) uint8 in which no pixel is like its neighbours, around the colour of skin; opaque."""
    random = np.random.RandomState(seed)
    picture = random.randint(90, 230, (height, width, 4)).astype(np.uint8)
    picture[..., 3] = 255
    return picture
