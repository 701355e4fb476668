# SPDX-License-Identifier: GPL-3.0-or-later
"""Brows, which ride on the skin below them, and lashes, which turn with the lids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import sdf
from .head_mesh import eye_direction, lid_angles
from .landmarks import brow_line
from .lids import LID_DRAG, LID_SHARES, lid_turn
from .part import Part, grid_faces, join, mix
from .proportions import EYE_CENTRE, LID_RADIUS, SIDES

BROW = np.array([0.30, 0.125, 0.075])
BROW_LIGHT = np.array([0.43, 0.20, 0.12])
LASH = np.array([0.085, 0.045, 0.045])
LASHES_PER_EYE = 12


def ride_on(skin: Part, points: np.ndarray, neighbours: int = 6) -> dict[str, np.ndarray]:
    """The skin's shape offsets at nearby points: inverse-distance means of the nearest vertices.

    Args:
        skin: the part with the shapes.
        points: (P, 3), cm; so close together that every seventh tells which skin is near them.
        neighbours: vertices of the skin that each point follows.

    Returns:
        Name of a shape -> (P, 3) offsets, cm; shapes that hardly move the points are left out.
    """
    near = np.flatnonzero(
        np.min(np.linalg.norm(skin.vertices[:, None] - points[None, ::7], axis=2), axis=1) < 2.0
    )
    distance = np.linalg.norm(points[:, None] - skin.vertices[near][None], axis=2)
    nearest = np.argpartition(distance, neighbours, axis=1)[:, :neighbours]
    weight = 1.0 / (np.take_along_axis(distance, nearest, axis=1) + 0.05) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    shapes = {}
    for name, offsets in skin.shapes.items():
        ridden = np.einsum("pn,pnk->pk", weight, offsets[near[nearest]])
        if np.abs(ridden).max() > 5e-3:
            shapes[name] = ridden
    return shapes


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


@dataclass(frozen=True)
class _LidStrip:
    """A piece of lash on the left upper lid, and how it turns with the lid."""

    points: np.ndarray
    """(N, 3), cm."""
    faces: list[tuple[int, ...]]
    position: np.ndarray
    """(N,) where each point is rooted: 0 inner ... 1 outer corner of the eye."""
    follow: np.ndarray
    """(N,) share of the lid's turn each point makes."""


def _on_lid(position: np.ndarray, rise: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Points (N, 3) over the left upper lid's margin: `rise` radians above it, `radius` cm from the eye's centre."""
    azimuth, elevation = lid_angles(position, np.ones_like(position))
    return EYE_CENTRE + radius[:, None] * eye_direction(azimuth, elevation + rise)


def _lash_line() -> _LidStrip:
    """The dark band along the lid, with a ridge in its middle."""
    count = 30
    a = np.linspace(0.02, 1.0, count)
    body = np.sin(np.pi * np.clip(a, 0, 1)) ** 0.5
    width = np.radians(0.6 + 2.3 * body * (0.55 + 0.6 * a))
    below = _on_lid(a, np.full(count, np.radians(-0.5)), np.full(count, LID_RADIUS + 0.035))
    ridge = _on_lid(a, 0.35 * width, LID_RADIUS + 0.05 + 0.14 * body)
    above = _on_lid(a, width, np.full(count, LID_RADIUS + 0.02))
    points = np.stack([below, ridge, above], axis=1).reshape(-1, 3)
    return _LidStrip(points, [tuple(f) for f in grid_faces(count, 3)], np.repeat(a, 3), np.ones(3 * count))


def _single_lash(root: float) -> _LidStrip:
    """A tapered lash rooted at `root` (0 inner ... 1 outer corner); the outer ones are longer and fan further out."""
    long = 0.16 + 0.50 * root**1.8
    sections = 5
    t = np.linspace(0.0, 1.0, sections)
    spread = 0.015 * (1.0 - t) ** 0.8
    centre = root + 0.15 * (root - 0.22) * t**1.2
    rise = np.radians(1.0) + np.radians(15.0 * long) * t**2.0
    radius = LID_RADIUS + 0.02 + long * np.sin(0.5 * np.pi * t * 0.85) * 1.0
    edges = [_on_lid(centre - spread, rise, radius), _on_lid(centre + spread, rise, radius)]
    return _LidStrip(
        np.stack(edges, axis=1).reshape(-1, 3),
        [tuple(f) for f in grid_faces(sections, 2)],
        np.full(2 * sections, root),
        # The tips run ahead of the lid, so that closed lashes point down and not at the viewer.
        np.repeat(1.0 + 0.6 * t, 2),
    )


def _lash_shapes(
    points: np.ndarray, side: np.ndarray, position: np.ndarray, follow: np.ndarray
) -> dict[str, np.ndarray]:
    """The lids' motions at the lashes of both eyes.

    Args:
        points: (V, 3), cm.
        side: (V,) +1 for the character's left eye, -1 for the right one.
        position: (V,) as in `_LidStrip`.
        follow: (V,) as in `_LidStrip`.

    Returns:
        Name of a shape -> (V, 3) offsets, cm; zero at the other eye.
    """
    shapes: dict[str, np.ndarray] = {}
    for suffix, sign in SIDES:
        at_eye = side == sign
        for name, shares in LID_SHARES.items():
            if shares[0] == 0.0:  # moves the lower lid only
                continue
            offsets = np.zeros_like(points)
            ones = np.ones(int(at_eye.sum()))
            offsets[at_eye] = lid_turn(
                points[at_eye], sign, position[at_eye], ones, follow[at_eye], ones > 0, shares
            )
            shapes[name + suffix] = offsets
        for direction in ("In", "Out"):
            offsets = np.zeros_like(points)
            towards = sign if direction == "Out" else -sign
            offsets[at_eye, 0] = LID_DRAG * np.sin(np.pi * position[at_eye]) * towards
            shapes[f"eyeLook{direction}{suffix}"] = offsets
    return shapes


def build_lashes() -> Part:
    """A dark band along each upper lid and tapered lashes that fan outward from it."""
    roots = [0.30 + 0.62 * k / (LASHES_PER_EYE - 1) for k in range(LASHES_PER_EYE)]
    strips = [_lash_line(), *(_single_lash(root) for root in roots)]
    pieces = []
    for strip in strips:
        colours = np.tile(LASH, (len(strip.points), 1))
        flipped = [tuple(reversed(face)) for face in strip.faces]
        pieces.append((strip.points * (1, 1.0, 1.0), strip.faces, colours))
        pieces.append((strip.points * (-1, 1.0, 1.0), flipped, colours))
    part = join("Tali lashes", "lash", pieces)
    # Each strip stands there twice: on the left, then on the right.
    side = np.concatenate([np.repeat([1, -1], len(strip.points)) for strip in strips])
    position = np.concatenate([np.tile(strip.position, 2) for strip in strips])
    follow = np.concatenate([np.tile(strip.follow, 2) for strip in strips])
    part.shapes = _lash_shapes(part.vertices, side, position, follow)
    return part.rigid("head")
