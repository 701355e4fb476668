# SPDX-License-Identifier: GPL-3.0-or-later
"""Outer and inner side of a surface: a mask that is seen from within has eyes and a mouth too, but no face.

Faces that run the wrong way round all over are as good as any; what counts is which way most of a part bulges.
"""

from __future__ import annotations

import numpy as np

from .raster import View
from .surface import Surface

_SURE = 0.25  # of the volume that a part's triangles span: below, they run in both directions
_FLAT = 1e-9  # of the cube of the surface's size: a part without depth is seen as its triangles run
_LEAST_HOLLOW = 0.03  # of the view's width, by which the rim is nearer to the viewer than what it surrounds


def outward(surface: Surface) -> np.ndarray:
    """Which way the triangles of each connected part run.

    Every part is closed by triangles from its border to the border's middle; the sign of the volume tells.

    Returns:
        (M,) int64 of the triangles: 1 counter-clockwise seen from outside, or on a flat part; -1 clockwise; 0 where a part
        has both.
    """
    triangles, vertices = surface.triangles, surface.vertices
    if not len(triangles):
        return np.zeros(0, np.int64)
    part = surface.parts[triangles[:, 0]]
    apex = _middles(surface)[part]
    a, b, c = (vertices[triangles[:, corner]] - apex for corner in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c))
    whole, spanned = np.bincount(part, volume), np.bincount(part, np.abs(volume))
    sign = np.where(np.abs(whole) > _SURE * spanned, np.sign(whole), 0.0)
    flat = spanned <= _FLAT * float(np.ptp(vertices, axis=0).max()) ** 3
    return np.asarray(np.where(flat, 1.0, sign)[part], np.int64)


def _middles(surface: Surface) -> np.ndarray:
    """(P, 3) the middle of each part's border, or of the part where it has none."""
    border = np.bincount(surface.border.ravel(), minlength=len(surface))
    count = int(surface.parts.max()) + 1
    open_parts = np.bincount(surface.parts, border, count) > 0
    weights = np.where(open_parts[surface.parts], border, 1.0)
    total = np.maximum(np.bincount(surface.parts, weights, count), 1e-12)
    sums = [np.bincount(surface.parts, weights * surface.vertices[:, axis], count) for axis in range(3)]
    return np.asarray(np.stack(sums, axis=1) / total[:, None])


def seen_from_within(
    surface: Surface, view: View, towards: np.ndarray, looked_at: np.ndarray | None = None
) -> bool:
    """Whether a view shows the inner side of a surface rather than its outer one.

    Args:
        surface: what was drawn; `view.triangle` are its triangles.
        view: from where.
        towards: (3,) direction to the viewer, in the surface's space.
        looked_at: (H, W) the pixels that count; all by default.
    """
    pixels = view.triangle >= 0 if looked_at is None else looked_at & (view.triangle >= 0)
    if not pixels.any():
        return False
    seen, times = np.unique(view.triangle[pixels], return_counts=True)
    a, b, c = (surface.vertices[surface.triangles[seen, corner]] for corner in range(3))
    side = np.sign(np.cross(b - a, c - a) @ towards) * outward(surface)[seen]
    fronts, backs = times[side > 0].sum(), times[side < 0].sum()
    if 2 * (fronts + backs) > times.sum():
        return bool(backs > fronts)
    return _hollow(view, pixels)


def _hollow(view: View, pixels: np.ndarray) -> bool:
    """Whether the left and right rim of what is seen is nearer to the viewer than what lies between."""
    differences = []
    for depth, row in zip(view.depth, pixels):
        columns = np.flatnonzero(row)
        if len(columns) > 8:
            differences.append(depth[columns[[0, -1]]].mean() - np.median(depth[columns]))
    width = view.pixel * len(view.depth)
    return bool(differences) and float(np.median(differences)) > _LEAST_HOLLOW * width
