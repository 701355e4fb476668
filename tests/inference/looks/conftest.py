"""A face that code paints: skin, hair, eyes and lips of flat colours where the face mesh has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from face_points import face_points

from inference.face.face_picture import FacePicture
from inference.looks import sheet
from inference.pictures.build import build_photo
from inference.pictures.filling import inside, pixel_centres
from inference.pictures.indices import FACE_OVAL, LIP_RINGS, LOWER_LIDS, UPPER_LIDS

WIDTH, HEIGHT = 200, 240
SKIN, HAIR, BEHIND, IRIS, LIPS = (205, 160, 135), (70, 45, 30), (120, 150, 190), (60, 80, 110), (170, 85, 85)


def painted(points: np.ndarray) -> np.ndarray:
    """(240, 200, 4) the picture of 478 points."""
    places = pixel_centres(0, 0, WIDTH, HEIGHT)
    picture = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    picture[..., :3], picture[..., 3] = BEHIND, 255
    oval = points[FACE_OVAL, :2]
    middle = oval.mean(axis=0)
    picture[inside((oval - middle) * 1.3 + middle, places), :3] = HAIR
    picture[inside(oval, places), :3] = SKIN
    for eye in range(2):
        opening = inside(
            np.concatenate([points[UPPER_LIDS[eye], :2], points[LOWER_LIDS[eye], :2][-2:0:-1]]), places
        )
        picture[opening, :3] = 235
        iris = points[468 + 5 * eye, :2]
        near = np.linalg.norm(places - iris, axis=-1) < np.linalg.norm(points[469 + 5 * eye, :2] - iris)
        picture[opening & near, :3] = IRIS
    lips = np.concatenate([points[LIP_RINGS[0], :2], points[LIP_RINGS[4], :2][::-1]])
    picture[inside(lips, places), :3] = LIPS
    return picture


@pytest.fixture(scope="session")
def paint() -> Callable[[np.ndarray], np.ndarray]:
    """What paints other faces."""
    return painted


@pytest.fixture(autouse=True, scope="session")
def drawn_small() -> Iterator[None]:
    """It is drawn at the picture's own size: a third of the work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "_UNIT", 60.0)
        yield


@pytest.fixture(scope="session")
def photo() -> FacePicture:
    """A face of 60 pixels between the eyes on 200 × 240, told from what is behind it."""
    points = face_points(60.0, (100, 115))
    places = pixel_centres(0, 0, WIDTH, HEIGHT)
    oval = points[FACE_OVAL, :2]
    middle = oval.mean(axis=0)
    matte = np.where(inside((oval - middle) * 1.3 + middle, places), 255, 0).astype(np.uint8)
    return build_photo(painted(points), points, {"picture": "painted.png"}, matte)
