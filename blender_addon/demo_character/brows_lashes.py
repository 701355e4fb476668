# SPDX-License-Identifier: GPL-3.0-or-later
"""Brows, which ride on the skin below them, and lashes, which turn with the lids."""

from __future__ import annotations

import numpy as np

from . import sdf
from .head_mesh import eye_direction, lid_angles
from .landmarks import brow_line
from .part import Part, grid_faces, join, mix
from .proportions import EYE_CENTRE, LID_RADIUS
from .shape_keys import LID_DRAG, LID_SHARES, lid_turn

BROW = np.array([0.30, 0.125, 0.075])
BROW_LIGHT = np.array([0.43, 0.20, 0.12])
LASH = np.array([0.085, 0.045, 0.045])
LASHES_PER_EYE = 12


def ride_on(skin: Part, points: np.ndarray, neighbours: int = 6) -> dict[str, np.ndarray]:
    """The skin's shape offsets at nearby points: inverse-distance means of the nearest vertices."""
    near = np.flatnonzero(
        np.min(np.linalg.norm(skin.vertices[:, None] - points[None, ::7], axis=2), axis=1) < 2.0
    )
    distance = np.linalg.norm(points[:, None] - skin.vertices[near][None], axis=2)
    nearest = np.argpartition(distance, neighbours, axis=1)[:, :neighbours]
    weight = 1.0 / (np.take_along_axis(distance, nearest, axis=1) + 0.05) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    result = {}
    for name, offsets in skin.shapes.items():
        mine = np.einsum("pn,pnk->pk", weight, offsets[near[nearest]])
        if np.abs(mine).max() > 5e-3:
            result[name] = mine
    return result


def build_brows(skin: Part) -> Part:
    """Two tapered, softly raised brows."""
    rows, columns = 26, 7
    s = np.linspace(0.0, 1.0, rows)
    x, z = brow_line(s)
    half_height = 0.40 * np.clip(s / 0.06, 0.0, 1.0) ** 0.5 * (1.0 - s**1.7) ** 0.8 + 0.015
    t = np.linspace(-1.0, 1.0, columns)
    slope = np.gradient(z, x)
    lean = np.stack([-slope, np.ones_like(slope)], axis=1) / np.hypot(slope, 1.0)[:, None]
    px = x[:, None] + lean[:, 0, None] * half_height[:, None] * t
    pz = z[:, None] + lean[:, 1, None] * half_height[:, None] * t
    flat = np.stack([px.ravel(), sdf.front_depth(sdf.head, px.ravel(), pz.ravel()), pz.ravel()], axis=1)
    raise_by = (
        0.17 * np.cos(0.5 * np.pi * t)[None, :] * np.minimum(1.0, half_height / 0.3)[:, None] - 0.035
    ).ravel()
    left = flat + sdf.normals(sdf.head, flat) * raise_by[:, None]
    strands = 0.5 + 0.5 * np.sin(np.repeat(s, columns) * 120.0 + np.tile(t, rows) * 2.2)
    colour = mix(BROW, BROW_LIGHT, 0.55 * strands * np.tile(0.5 + 0.5 * t, rows))
    faces = grid_faces(rows, columns)
    flip = [tuple(reversed(face)) for face in faces]
    part = join("Tali brows", "hair", [(left, faces, colour), (left * (-1.0, 1.0, 1.0), flip, colour)])
    part.shapes = ride_on(skin, part.vertices)
    return part.rigid("head")


def build_lashes() -> Part:
    """A dark band along each upper lid and tapered lashes that fan outward from it."""
    pieces = []
    records: list[tuple[int, np.ndarray, np.ndarray]] = []

    def on_lid(a: np.ndarray, rise: np.ndarray, radius: np.ndarray) -> np.ndarray:
        azimuth, elevation = lid_angles(a, np.ones_like(a))
        return EYE_CENTRE + radius[:, None] * eye_direction(azimuth, elevation + rise)

    def add(points: np.ndarray, faces: list[tuple[int, ...]], a: np.ndarray, follow: np.ndarray) -> None:
        for side in (1, -1):
            flipped = [tuple(reversed(face)) for face in faces]
            pieces.append(
                (points * (side, 1.0, 1.0), faces if side > 0 else flipped, np.tile(LASH, (len(points), 1)))
            )
            records.append((side, a, follow))

    count = 30
    a = np.linspace(0.02, 1.0, count)
    body = np.sin(np.pi * np.clip(a, 0, 1)) ** 0.5
    width = np.radians(0.6 + 2.3 * body * (0.55 + 0.6 * a))
    below = on_lid(a, np.full(count, np.radians(-0.5)), np.full(count, LID_RADIUS + 0.035))
    ridge = on_lid(a, 0.35 * width, LID_RADIUS + 0.05 + 0.14 * body)
    above = on_lid(a, width, np.full(count, LID_RADIUS + 0.02))
    add(
        np.stack([below, ridge, above], axis=1).reshape(-1, 3),
        [tuple(f) for f in grid_faces(count, 3)],
        np.repeat(a, 3),
        np.ones(3 * count),
    )

    for k in range(LASHES_PER_EYE):
        root = 0.30 + 0.62 * k / (LASHES_PER_EYE - 1)
        long = 0.16 + 0.50 * root**1.8
        sections = 5
        t = np.linspace(0.0, 1.0, sections)
        spread = 0.015 * (1.0 - t) ** 0.8
        centre_a = root + 0.15 * (root - 0.22) * t**1.2
        rise = np.radians(1.0) + np.radians(15.0 * long) * t**2.0
        radius = LID_RADIUS + 0.02 + long * np.sin(0.5 * np.pi * t * 0.85) * 1.0
        strip = np.stack(
            [on_lid(centre_a - spread, rise, radius), on_lid(centre_a + spread, rise, radius)], axis=1
        ).reshape(-1, 3)
        # The tips run ahead of the lid, so that closed lashes point down and not at the viewer.
        add(
            strip,
            [tuple(f) for f in grid_faces(sections, 2)],
            np.full(2 * sections, root),
            np.repeat(1.0 + 0.6 * t, 2),
        )

    part = join("Tali lashes", "lash", pieces)
    side = np.concatenate([np.full(len(a), s) for s, a, _ in records])
    position = np.concatenate([a for _, a, _ in records])
    follow = np.concatenate([follow for _, _, follow in records])
    for suffix, sign in (("Left", 1), ("Right", -1)):
        mine = side == sign
        for name, shares in LID_SHARES.items():
            if shares[0] == 0.0:
                continue
            offsets = np.zeros_like(part.vertices)
            ones = np.ones(int(mine.sum()))
            offsets[mine] = lid_turn(
                part.vertices[mine], sign, position[mine], ones, follow[mine], ones > 0, shares
            )
            part.shapes[name + suffix] = offsets
        for direction in ("In", "Out"):
            offsets = np.zeros_like(part.vertices)
            offsets[mine, 0] = (
                LID_DRAG * np.sin(np.pi * position[mine]) * (sign if direction == "Out" else -sign)
            )
            part.shapes[f"eyeLook{direction}{suffix}"] = offsets
    return part.rigid("head")
