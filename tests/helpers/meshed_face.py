"""A photo that talks, made of the template's own mesh without any search: eyes, lips and jaw are where a face mesh has them."""

from __future__ import annotations

import numpy as np

from inference.detection.mesh_points import MESH_TO_IBUG
from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture, Layer
from inference.pictures.indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from inference.pictures.template import POINTS, load_template


def meshed_face(
    size: tuple[int, int] = (120, 150), unit: float = 52.0, middle: tuple[float, float] = (60.0, 58.0)
) -> FacePicture:
    """A face picture with the mesh of 468 points and a row of teeth.

    Args:
        size: width and height.
        unit: pixels between the outer eye corners.
        middle: of these corners.
    """
    template = load_template()
    scale = np.array([unit, -unit, unit], np.float32)
    points = template.points * scale + np.array([*middle, 0], np.float32)
    shapes = np.zeros((len(SHAPE_NAMES), POINTS, 3), np.float16)
    shapes[: len(template.shapes)] = template.shapes * scale
    picture = _picture(size, points)
    relief = Layer(
        "relief", PICTURE, points, points[:, :2].copy(), template.triangles.astype(np.int32), shapes,
        np.ones(POINTS, np.float32),
    )  # fmt: skip
    outline = np.concatenate([points[UPPER_INNER], points[LOWER_INNER]])
    left, right = outline[:, 0].min(), outline[:, 0].max()
    seam = float(outline[:, 1].mean())
    layers = []
    for name, top, bottom in (("lower_teeth", 0.04, 0.16), ("upper_teeth", -0.06, 0.05)):
        corners = [(left, seam + top * unit), (left, seam + bottom * unit), (right, seam + bottom * unit),
                   (right, seam + top * unit)]  # fmt: skip
        flat = np.array([(0, 0), (0, 8), (16, 8), (16, 0)], np.float32)
        depth = np.full((4, 1), points[LIP_RINGS, 2].min() - 0.2 * unit)
        moved = np.zeros((len(SHAPE_NAMES), 4, 3), np.float16)
        if name == "lower_teeth":
            moved[SHAPE_NAMES.index("jawOpen"), :, 1] = 0.3 * unit
        layers.append(
            Layer(
                name,
                "teeth",
                np.concatenate([np.array(corners), depth], axis=1).astype(np.float32),
                flat,
                np.array([(0, 1, 2), (0, 2, 3)], np.int32),
                moved,
                np.ones(4, np.float32),
            )
        )
    textures = {PICTURE: picture, "teeth": np.full((8, 16, 4), 255, np.uint8)}
    pivot = np.array([middle[0], middle[1] + unit, -0.7 * unit], np.float32)
    return FacePicture([*layers, relief], textures, points[MESH_TO_IBUG].copy(), pivot, unit)


def _picture(size: tuple[int, int], points: np.ndarray) -> np.ndarray:
    """Skin with a slope of light, eyes and lips; every pixel differs from its neighbours."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    picture = np.stack([150 + x // 2, 110 + y // 3, 90 + (x + 3 * y) % 17, np.full_like(x, 255)], -1)
    for rows, colour in ((LIP_RINGS.ravel(), (170, 70, 80)), (np.array([33, 133]), (40, 40, 40))):
        low, high = points[rows, :2].min(axis=0).astype(int), points[rows, :2].max(axis=0).astype(int) + 1
        picture[low[1] : high[1], low[0] : high[0], :3] = colour
    return picture.clip(0, 255).astype(np.uint8)
