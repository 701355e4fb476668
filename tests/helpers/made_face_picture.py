"""A face picture made by code, small and whole: a relief with a slit for a mouth over two layers, no detector needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture, Layer

WIDTH, HEIGHT = 96, 128
_COLUMNS, _ROWS = 13, 17
_MOUTH_ROW = 11
"""The row of the grid that is the line between the lips; it stands there twice, for the upper and for the lower lip."""


def _picture() -> np.ndarray:
    """A gradient with a dark bar for each eye and a red one for the mouth: every pixel differs from its neighbours."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    picture = np.stack([x * 2 + 20, y + 60, (x + y) % 97 + 100, np.full_like(x, 255)], -1).astype(np.uint8)
    picture[44:52, 24:40, :3] = picture[44:52, 56:72, :3] = 30
    picture[84:92, 32:64, :3] = (180, 40, 50)
    return picture


def _relief() -> Layer:
    upper_rows = np.linspace(0, HEIGHT, _ROWS)
    rows = np.concatenate([upper_rows[: _MOUTH_ROW + 1], upper_rows[_MOUTH_ROW:]])
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(0, WIDTH, _COLUMNS), rows))
    centre = np.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT)
    points = np.stack([x, y, 30 * np.clip(0.5 - centre, 0, None)], -1).astype(np.float32)
    triangles = []
    for row in range(len(rows) - 1):
        if row == _MOUTH_ROW:
            continue  # the slit between the lips
        for column in range(_COLUMNS - 1):
            a = row * _COLUMNS + column
            b, c, d = a + 1, a + _COLUMNS, a + _COLUMNS + 1
            triangles += [(a, c, b), (b, c, d)]
    shapes = np.zeros((len(SHAPE_NAMES), len(points), 3), np.float16)
    below = np.arange(len(points)) >= (_MOUTH_ROW + 1) * _COLUMNS
    across = np.clip(1 - np.abs(x - WIDTH / 2) / 20, 0, None)
    shapes[: SHAPE_NAMES.index(PICTURED), below, 2] = 0.5  # each moves something, though nobody sees it
    shapes[SHAPE_NAMES.index("jawOpen"), below, 2] = 0
    shapes[SHAPE_NAMES.index("jawOpen"), below, 1] = 8 * (across * np.clip((HEIGHT - y) / 40, 0, 1))[below]
    return Layer(
        "relief",
        PICTURE,
        points,
        points[:, :2].copy(),
        np.array(triangles, np.int32),
        shapes,
        (1 - centre).clip(0, 1).astype(np.float32),
    )


def _inside(shows: str) -> Layer:
    points = np.array([[20, 80, -8], [76, 80, -8], [76, 104, -8], [20, 104, -8]], np.float32)
    flat = np.array([[0, 0], [8, 0], [8, 8], [0, 8]], np.float32)
    uv = points[:, :2].copy() if shows == PICTURE else flat
    shapes = np.zeros((len(SHAPE_NAMES), 4, 3), np.float16)
    return Layer(
        "mouth",
        shows,
        points,
        uv,
        np.array([[0, 3, 1], [1, 3, 2]], np.int32),
        shapes,
        np.ones(4, np.float32),
    )


def made_face_picture(pictured: float = 0.0) -> FacePicture:
    """A face picture of 96 × 128 pixels with jawOpen and nothing else.

    Args:
        pictured: how far the lips are apart in the picture itself, in pixels; 0 for a shut mouth. Between parted lips
            the picture's own pixels show.
    """
    relief = _relief()
    shapes = relief.shapes.copy()
    shapes[SHAPE_NAMES.index(PICTURED)] = shapes[SHAPE_NAMES.index("jawOpen")] * np.float16(pictured / 8)
    relief = replace(relief, shapes=shapes)
    relief = replace(relief, uv=relief.at_rest[:, :2].copy())  # at rest it shows the picture
    mouth = np.full((8, 8, 4), (70, 20, 25, 255), np.uint8)
    landmarks = np.zeros((68, 3), np.float32)
    landmarks[:, :2] = (WIDTH / 2, HEIGHT / 2)
    landmarks[36, :2], landmarks[45, :2] = (24, 48), (72, 48)
    return FacePicture(
        layers=[_inside(PICTURE if pictured else "mouth"), relief],
        textures={PICTURE: _picture(), "mouth": mouth},
        landmarks=landmarks,
        pivot=np.array([48, 120, -20], np.float32),
        eye_distance=48.0,
        source={"picture": "made.png", "warnings": []},
    )


def made_of(pixels: np.ndarray, pictured: float = 0.0) -> FacePicture:
    """The same face on a picture of one's own, stretched to its size.

    Args:
        pixels: (h, w, 4) uint8.
        pictured: see `made_face_picture`.
    """
    made = made_face_picture(pictured)
    height, width = pixels.shape[:2]
    scale = np.array([width / WIDTH, height / HEIGHT, width / WIDTH], np.float32)
    layers = [
        replace(
            layer,
            points=layer.points * scale,
            uv=layer.uv * scale[:2] if layer.texture == PICTURE else layer.uv,
            shapes=(layer.shapes * scale.astype(np.float16)),
        )
        for layer in made.layers
    ]
    return replace(
        made,
        layers=layers,
        textures={**made.textures, PICTURE: pixels},
        landmarks=made.landmarks * scale,
        pivot=made.pivot * scale,
        eye_distance=float(made.eye_distance * scale[0]),
    )
