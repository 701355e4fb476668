# SPDX-License-Identifier: GPL-3.0-or-later
"""A front view for a face detector, and what it saw laid back onto the mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..geometry.raster import View, front_view, shaded
from ..geometry.surface import Surface
from .features import Features
from .fit import detect, on_skin, place
from .frame import Frame
from .points import Landmarks

SIZE = 720
_HALF, _CENTRE = 1.6, (0.0, -0.30)  # the whole head, as detectors want it
_SEEN_CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture of a character, and what is needed to lay points of it back.

    Attributes:
        picture: (H, W, 3) uint8.
        view: what each pixel shows.
        surface: the mesh in face units.
        skin: (N,) which vertices are skin.
        frame: of the face.
        features: what geometry found, in the same frame.
    """

    picture: np.ndarray
    view: View
    surface: Surface
    skin: np.ndarray
    frame: Frame
    features: Features


def portrait(surface: Surface, up: np.ndarray, hint: Frame | None = None) -> Portrait:
    """Draw a character from the front, eyes white with dark pupils so that a detector knows them.

    Raises:
        ValueError: where no face is found.
    """
    frame, features, skin = detect(surface, up, hint)
    inside = surface.moved(frame.inside(surface.vertices))
    view = front_view(inside.vertices, inside.triangles, _CENTRE, _HALF, SIZE)
    tint = np.full((len(inside), 3), (0.86, 0.70, 0.61))
    tint[~skin] = 0.95
    for corners, lids in (((36, 39), (37, 38, 40, 41)), ((42, 45), (43, 44, 46, 47))):
        if all(number in features.points for number in (*corners, *lids)):
            middle = np.mean([features.points[number] for number in lids], axis=0)
            radius = 0.22 * np.linalg.norm(features.points[corners[1]] - features.points[corners[0]])
            tint[~skin & (np.linalg.norm(inside.vertices[:, :2] - middle[:2], axis=1) < radius)] = 0.12
    return Portrait(
        shaded(view, inside.vertices, inside.triangles, tint), view, inside, skin, frame, features
    )


def lay_back(seen: Portrait, pixels: np.ndarray) -> Landmarks:
    """Landmarks on the mesh from the detector's.

    What geometry knows better, the edges of lips and lids, is kept: the detector's face is bent to it.

    Args:
        seen: the portrait.
        pixels: (68, 3) from the picture's middle, x right, y up, z to the viewer.
    """
    pixel = seen.view.pixel
    flat = pixels[:, :2] * pixel + np.array(_CENTRE)
    depth = _depths(seen, flat)
    known = np.isfinite(depth)
    offset = np.median(depth[known] - pixels[known, 2] * pixel) if known.any() else 0.0
    depth[~known] = pixels[~known, 2] * pixel + offset
    face = np.concatenate([flat, depth[:, None]], axis=1)
    placed = (
        place(face, Features(points=dict(seen.features.points))) if len(seen.features.points) >= 4 else face
    )
    usable = np.flatnonzero(seen.skin[seen.surface.triangles].all(1))
    vertices, weights = on_skin(seen.surface, usable, placed)
    return Landmarks(vertices, weights, _SEEN_CONFIDENCE, "picture", tuple(seen.features.notes))


def _depths(seen: Portrait, flat: np.ndarray) -> np.ndarray:
    """(68,) depth of the skin seen at places; NaN off the head."""
    row, column = seen.view.pixel_of(flat[:, 0], flat[:, 1])
    rows, columns = np.rint(row).astype(int), np.rint(column).astype(int)
    inside = (rows >= 0) & (rows < SIZE) & (columns >= 0) & (columns < SIZE)
    result = np.full(len(flat), np.nan)
    result[inside] = seen.view.depth[rows[inside], columns[inside]]
    result[~np.isfinite(result)] = np.nan
    return result
