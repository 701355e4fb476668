# SPDX-License-Identifier: GPL-3.0-or-later
"""Ears, shoulders and a simple knitted jumper."""

from __future__ import annotations

import numpy as np

from .part import Part, grid_faces, join, mix
from .proportions import HEAD_ORIGIN_HEIGHT, gaussian, smoothstep

CLOTH = np.array([0.13, 0.47, 0.49])
CLOTH_SHADE = np.array([0.045, 0.20, 0.25])
CLOTH_LIGHT = np.array([0.28, 0.62, 0.60])
COLLAR_RAISE = 3.2
"""Shortens the neck: how far (cm) shoulders and collar are lifted."""
EAR = np.array([0.95, 0.72, 0.61])
EAR_SHADE = np.array([0.66, 0.33, 0.27])


def build_ears() -> Part:
    """Stylised ears: a dish with a rolled rim and a lobe."""
    rows, columns = 14, 36
    rho = np.linspace(0.0, 1.0, rows) ** 0.85
    psi = 2.0 * np.pi * np.arange(columns) / columns  # 0 to the back, pi/2 up
    width = 1.55 * (1.0 + 0.12 * np.sin(psi)) * np.where(np.cos(psi) < 0, 0.72, 1.0)
    tall = np.where(np.sin(psi) > 0, 2.55, 2.75)
    narrow = 1.0 - 0.42 * np.clip(-np.sin(psi), 0.0, 1.0) ** 1.5
    back = rho[:, None] * width * narrow * np.cos(psi)
    up = rho[:, None] * tall * np.sin(psi)
    r = np.broadcast_to(rho[:, None], back.shape)
    lobe = smoothstep(-0.35, -0.8, np.sin(psi))
    rim = np.exp(-(((r - 0.84) / 0.13) ** 2)) * (1.0 - 0.65 * lobe)
    fold = (
        0.55 * np.exp(-(((r - 0.52) / 0.13) ** 2)) * smoothstep(-0.2, 0.4, np.cos(psi - 0.5)) * (1.0 - lobe)
    )
    bowl = np.exp(-((np.hypot(back + 0.15, 0.75 * (up + 0.35)) / 0.62) ** 2))
    height = 0.34 * rim + 0.26 * fold - 0.42 * bowl - 0.55 * smoothstep(0.9, 1.0, r) + 0.1 * lobe
    # Local frame: the ear leans back and its rear edge stands off the head.
    flare = np.radians(28.0)
    rear = np.array([np.sin(flare), np.cos(flare), 0.10])
    normal = np.array([np.cos(flare), -np.sin(flare), 0.0])
    upward = np.array([0.10, 0.16, 1.0])
    out = back[..., None] * rear + up[..., None] * upward + height[..., None] * normal
    left = out.reshape(-1, 3) + (7.15, 1.9, -1.7)
    shade = np.clip(0.95 * bowl + 0.55 * np.exp(-(((r - 0.68) / 0.08) ** 2)) * (1 - lobe), 0.0, 1.0).ravel()
    colour = mix(mix(EAR, (0.92, 0.55, 0.47), 0.5 * (r * (0.5 + lobe * 0.5)).ravel()), EAR_SHADE, 0.8 * shade)
    faces: list[tuple[int, ...]] = [tuple(reversed(f)) for f in grid_faces(rows, columns, closed=True)]
    flip = [tuple(reversed(f)) for f in faces]
    return join("Tali ears", "skin", [(left, flip, colour), (left * (-1, 1, 1), faces, colour)]).rigid("head")


def _loft(table: list[tuple[float, ...]], columns: int, per_step: int) -> np.ndarray:
    """Rings (rows, columns, 3) through a table of (z, half width, front y, back y, drop at the sides, squareness)."""
    array = np.array(table)
    t = np.arange(len(array))
    fine = np.linspace(0, len(array) - 1, (len(array) - 1) * per_step + 1)
    values = np.stack([_smooth_interp(fine, t, array[:, k]) for k in range(array.shape[1])], axis=1)
    turn = 2.0 * np.pi * np.arange(columns) / columns
    z, half, front, back, drop, square = values.T[:, :, None]
    c, s = np.cos(turn), np.sin(turn)
    x = half * np.sign(s) * np.abs(s) ** (2.0 / square)
    y = 0.5 * (front + back) - 0.5 * (back - front) * np.sign(c) * np.abs(c) ** (2.0 / square)
    height = z - drop * np.abs(s) ** 1.6
    return np.stack([x, y, np.broadcast_to(height, x.shape)], axis=-1)


def _smooth_interp(x: np.ndarray, xp: np.ndarray, fp: np.ndarray) -> np.ndarray:
    """Catmull-Rom through (xp, fp), xp = 0, 1, 2, ..."""
    k = np.clip(x.astype(int), 0, len(xp) - 2)
    u = x - k
    p0, p1 = fp[np.maximum(k - 1, 0)], fp[k]
    p2, p3 = fp[k + 1], fp[np.minimum(k + 2, len(fp) - 1)]
    return 0.5 * (
        2 * p1 + (p2 - p0) * u + (2 * p0 - 5 * p1 + 4 * p2 - p3) * u**2 + (3 * p1 - p0 - 3 * p2 + p3) * u**3
    )


def build_body() -> Part:
    """The jumper: rolled collar, sloping shoulders, chest."""
    columns = 72
    bottom = -HEAD_ORIGIN_HEIGHT
    rings = _loft(
        [
            # z, half width, front, back, side drop, squareness
            (-19.3, 4.5, -1.9, 7.0, 0.0, 2.0),
            (-18.1, 4.9, -2.5, 7.4, 0.0, 2.0),
            (-17.7, 5.4, -3.1, 7.9, 0.0, 2.0),
            (-18.4, 5.8, -3.6, 8.3, 0.0, 2.0),
            (-19.6, 5.9, -3.9, 8.5, 0.0, 2.0),
            (-20.4, 6.4, -4.4, 9.0, 0.3, 2.0),
            (-21.4, 9.5, -5.6, 10.2, 1.0, 2.1),
            (-22.8, 13.6, -7.2, 11.4, 2.2, 2.2),
            (-25.4, 17.6, -8.8, 12.2, 3.0, 2.3),
            (-29.5, 19.8, -10.0, 12.4, 3.0, 2.4),
            (-36.0, 20.4, -10.8, 12.2, 2.0, 2.4),
            (bottom, 19.6, -10.4, 11.8, 0.0, 2.4),
        ],
        columns,
        4,
    )
    rings[..., 2] += COLLAR_RAISE * smoothstep(bottom, -30.0, rings[..., 2])
    rows = len(rings)
    vertices = rings.reshape(-1, 3)
    faces: list[tuple[int, ...]] = [tuple(f) for f in grid_faces(rows, columns, closed=True)]
    faces.append(tuple(range((rows - 1) * columns, rows * columns)))
    row = np.repeat(np.arange(rows), columns)
    turn = np.tile(2.0 * np.pi * np.arange(columns) / columns, rows)
    collar = 1.0 - smoothstep(15.0, 19.0, row)
    ribs = (0.5 + 0.5 * np.cos(turn * columns / 2.0)) * collar
    colour = mix(
        CLOTH, CLOTH_SHADE, np.clip(0.30 * ribs + 0.85 * (1.0 - smoothstep(1.0, 7.0, row)), 0.0, 1.0)
    )
    crease = np.exp(-(((row - 19.5) / 2.2) ** 2))
    colour = mix(colour, CLOTH_SHADE, 0.6 * crease)
    colour = mix(
        colour, CLOTH_LIGHT, 0.35 * smoothstep(22.0, 27.0, row) * (1.0 - smoothstep(28.0, 36.0, row))
    )
    under_chin = gaussian(vertices, (0.0, -5.0, -20.5), (6.5, 6.0, 4.0))
    colour = mix(colour, CLOTH_SHADE, 0.30 * under_chin)
    part = Part("Tali jumper", vertices, faces, colour, "cloth")
    neck = 0.3 * smoothstep(-20.5, -17.8, vertices[:, 2] - COLLAR_RAISE)
    part.weights = {"spine": 1.0 - neck, "neck": neck}
    return part
