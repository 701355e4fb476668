# SPDX-License-Identifier: GPL-3.0-or-later
"""Eyeballs that turn, painted iris and pupil, and a fixed catchlight."""

from __future__ import annotations

import numpy as np

from .part import Part, join, mix
from .proportions import EYE_CENTRE, EYE_RADIUS, IRIS_ANGLE, PUPIL_ANGLE, SIDES, smoothstep

LOOK_ANGLES = {
    "Up": np.radians(20.0),
    "Down": np.radians(24.0),
    "In": np.radians(26.0),
    "Out": np.radians(26.0),
}
"""How far an eye turns at weight 1 of its eyeLook key."""

SEGMENTS = 48
SCLERA = np.array([0.955, 0.935, 0.925])
SCLERA_SHADE = np.array([0.72, 0.66, 0.68])
IRIS_OUTER = np.array([0.10, 0.22, 0.20])
IRIS_MIDDLE = np.array([0.20, 0.47, 0.38])
IRIS_INNER = np.array([0.62, 0.58, 0.27])
PUPIL = np.array([0.015, 0.013, 0.02])


def rotation_x(angle: float) -> np.ndarray:
    """Rotation about x; positive lifts what looks along -y ... downward is negative."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def rotation_z(angle: float) -> np.ndarray:
    """Rotation about z, counter-clockwise seen from above."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def look_rotation(direction: str, side: int) -> np.ndarray:
    """Rotation of the eyeball for eyeLook<direction>; side +1 is the character's left eye (x > 0)."""
    angle = LOOK_ANGLES[direction]
    if direction in ("Up", "Down"):
        # An eye that looks along -y looks up when turned by a negative angle about x.
        return rotation_x(-angle if direction == "Up" else angle)
    # Turning counter-clockwise seen from above takes -y towards +x: outward for the left eye.
    return rotation_z(angle * side if direction == "Out" else -angle * side)


def _eyeball(side: int) -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    """A ball whose pole is the pupil; rings lie where the colours change."""
    pupil, iris = float(PUPIL_ANGLE), float(IRIS_ANGLE)
    angles = np.concatenate(
        [
            [0.3 * pupil, 0.7 * pupil, 0.94 * pupil, 1.05 * pupil],
            np.linspace(1.3 * pupil, 0.86 * iris, 5),
            [0.93 * iris, 0.99 * iris, 1.06 * iris, 1.3 * iris],
            np.linspace(1.6 * iris, np.radians(172.0), 9),
        ]
    )
    turn = 2.0 * np.pi * np.arange(SEGMENTS) / SEGMENTS
    radius = np.full(len(angles), EYE_RADIUS)
    # The iris lies a little deeper than the ball's curve: a flat disc there catches light like a cornea does.
    radius -= 0.05 * (1.0 - smoothstep(0.8 * iris, 1.1 * iris, angles))
    ring = np.stack([np.outer(np.sin(angles), np.cos(turn)), np.outer(np.sin(angles), np.sin(turn))], axis=-1)
    depth = np.broadcast_to(-np.cos(angles)[:, None], ring.shape[:2])
    points = np.stack([ring[..., 0], depth, ring[..., 1]], axis=-1) * radius[:, None, None]
    rows = len(angles)
    vertices = np.concatenate([points.reshape(-1, 3), [[0.0, -radius[0], 0.0], [0.0, EYE_RADIUS, 0.0]]])
    faces: list[tuple[int, ...]] = []
    for i in range(rows - 1):
        for j in range(SEGMENTS):
            k = (j + 1) % SEGMENTS
            faces.append((i * SEGMENTS + j, (i + 1) * SEGMENTS + j, (i + 1) * SEGMENTS + k, i * SEGMENTS + k))
    front, back = len(vertices) - 2, len(vertices) - 1
    last = (rows - 1) * SEGMENTS
    for j in range(SEGMENTS):
        k = (j + 1) % SEGMENTS
        faces.append((front, j, k))
        faces.append((back, last + k, last + j))

    polar = np.concatenate([np.repeat(angles, SEGMENTS), [0.0, np.pi]])
    height = vertices[:, 2] / EYE_RADIUS
    across = vertices[:, 0] / EYE_RADIUS
    share = (polar - pupil) / (iris - pupil)
    colour = mix(
        SCLERA,
        SCLERA_SHADE,
        np.clip(smoothstep(0.1, 0.62, height) * 0.85 + 0.8 * smoothstep(0.5, 0.85, np.abs(across)), 0, 1),
    )
    iris_colour = mix(IRIS_INNER, IRIS_MIDDLE, smoothstep(0.0, 0.42, share))
    iris_colour = mix(iris_colour, IRIS_OUTER, smoothstep(0.68, 1.0, share))
    fibres = np.sin(17.0 * np.arctan2(vertices[:, 2], vertices[:, 0])) * 0.5 + 0.5
    iris_colour *= (0.86 + 0.20 * fibres)[:, None]
    # The upper lid shades the iris; light gathers in its lower half.
    iris_colour = (
        iris_colour
        * (1.0 - 0.6 * smoothstep(-0.02, 0.40, height) + 0.5 * smoothstep(-0.05, -0.36, height))[:, None]
    )
    colour = mix(colour, iris_colour, 1.0 - smoothstep(0.985 * iris, 1.05 * iris, polar))
    colour = mix(colour, PUPIL, 1.0 - smoothstep(0.97 * pupil, 1.04 * pupil, polar))
    return vertices + EYE_CENTRE * (side, 1.0, 1.0), faces, np.clip(colour, 0.0, 1.0)


def _catchlight(
    side: int, towards: tuple[float, float], size: float
) -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    """A small white disc just over the eyeball; `towards` = (right in the picture, up) in radians."""
    count = 16
    turn = 2.0 * np.pi * np.arange(count) / count
    az = towards[0] + size * np.cos(turn)
    el = towards[1] + size * np.sin(turn)
    directions = np.stack([np.sin(az) * np.cos(el), -np.cos(az) * np.cos(el), np.sin(el)], axis=-1)
    middle = np.array(
        [
            [
                np.sin(towards[0]) * np.cos(towards[1]),
                -np.cos(towards[0]) * np.cos(towards[1]),
                np.sin(towards[1]),
            ]
        ]
    )
    vertices = EYE_CENTRE * (side, 1.0, 1.0) + EYE_RADIUS * 1.012 * np.concatenate([directions, middle])
    faces: list[tuple[int, ...]] = [(count, j, (j + 1) % count) for j in range(count)]
    return vertices, faces, np.ones((count + 1, 3))


def build_eyes() -> Part:
    """Both eyeballs with their catchlights; eyeLook keys turn each eye about its own centre."""
    pieces = []
    kinds: list[tuple[int, float]] = []
    for side in (1, -1):
        for piece, share in (
            (_eyeball(side), 1.0),
            # Reflections stay where the light is while the eye turns, and may not leave the iris: they follow a little.
            (_catchlight(side, (-0.15, 0.19), 0.085), 0.6),
            (_catchlight(side, (0.17, -0.21), 0.042), 0.6),
        ):
            pieces.append(piece)
            kinds += [(side, share)] * len(piece[0])
    part = join("Tali eyes", "eye", pieces)
    sides = np.array([side for side, _ in kinds])
    shares = np.array([share for _, share in kinds])
    arms = part.vertices - EYE_CENTRE * np.stack([sides, np.ones_like(sides), np.ones_like(sides)], axis=1)
    polar = np.arccos(np.clip(-arms[:, 1] / np.linalg.norm(arms, axis=1), -1.0, 1.0))
    ball = shares == 1.0
    part.regions = {"iris": ball & (polar < 1.01 * IRIS_ANGLE), "pupil": ball & (polar < PUPIL_ANGLE)}
    for direction in ("Down", "In", "Out", "Up"):
        for suffix, side in SIDES:
            centre = EYE_CENTRE * (side, 1.0, 1.0)
            arm = part.vertices - centre
            turned = arm @ look_rotation(direction, side).T
            offsets = (turned - arm) * (shares * (sides == side))[:, None]
            part.shapes[f"eyeLook{direction}{suffix}"] = offsets
    return part.rigid("head")
