# SPDX-License-Identifier: GPL-3.0-or-later
"""Teeth and tongue. The upper teeth belong to the skull; lower teeth and tongue ride on the jaw."""

from __future__ import annotations

import numpy as np

from . import sdf
from .jaw import jaw_motion
from .part import Part, grid_faces, mix
from .proportions import MOUTH_Z, smoothstep

JAW_SHAPES = ("jawForward", "jawLeft", "jawOpen", "jawRight")
ENAMEL = np.array([0.97, 0.945, 0.90])
ENAMEL_SHADE = np.array([0.70, 0.60, 0.54])
GUM = np.array([0.70, 0.32, 0.33])
TONGUE = np.array([0.80, 0.36, 0.37])
TONGUE_DARK = np.array([0.40, 0.11, 0.13])
TOOTH_WIDTHS = np.array([0.50, 0.42, 0.42, 0.40, 0.42, 0.5])
"""Relative widths from the middle tooth to the back."""


def _lip_front() -> float:
    """y (cm) of the face where the lips meet."""
    return float(sdf.front_depth(sdf.head, np.array([0.0]), np.array([MOUTH_Z]))[0])


def _teeth(name: str, upper: bool) -> Part:
    """An arch of teeth as one sheet: a profile swept along the arch, grooved between the teeth."""
    front = _lip_front() + (1.1 if upper else 1.32)
    half_width = 2.12 if upper else 1.96
    sign = 1.0 if upper else -1.0
    edge = MOUTH_Z + (-0.34 if upper else -0.40)
    # Outward bulge and height over the cutting edge, from the gum in front over the edge to the gum behind (cm).
    profile = np.array(
        [
            [-0.10, 1.45],
            [0.02, 1.15],
            [0.10, 0.95],
            [0.15, 0.7],
            [0.16, 0.4],
            [0.12, 0.12],
            [0.05, 0.0],
            [-0.08, 0.0],
            [-0.2, 0.2],
            [-0.34, 0.9],
        ]
    )
    per_tooth = 5
    starts = np.concatenate([[0.0], np.cumsum(TOOTH_WIDTHS)]) / TOOTH_WIDTHS.sum()
    inside = (np.arange(per_tooth) + 0.5) / per_tooth
    along = np.concatenate(
        [starts[k] + (starts[k + 1] - starts[k]) * inside for k in range(len(TOOTH_WIDTHS))]
    )
    within = np.tile(inside, len(TOOTH_WIDTHS))
    along = np.concatenate([-along[::-1], along])
    within = np.concatenate([within[::-1], within])
    angle = np.radians(78.0) * along
    groove = np.clip(np.abs(2.0 * within - 1.0), 0.0, 1.0) ** 4
    x = half_width * np.sin(angle)
    y = front + 3.0 * (1.0 - np.cos(angle))
    outward = np.stack([np.sin(angle) / half_width, -np.cos(angle) / 3.0], axis=1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    bulge = profile[:, 0][None, :] - 0.10 * groove[:, None]
    height = profile[:, 1][None, :] + 0.10 * groove[:, None] * (profile[:, 1] < 0.3)
    # Teeth grow a little shorter towards the back.
    height = height * (1.0 - 0.22 * np.abs(along))[:, None] + 0.10 * (np.abs(along) ** 2)[:, None]
    vertices = np.stack(
        [
            x[:, None] + outward[:, 0, None] * bulge,
            y[:, None] + outward[:, 1, None] * bulge,
            edge + sign * height,
        ],
        axis=-1,
    ).reshape(-1, 3)
    rows, columns = len(along), len(profile)
    faces = grid_faces(rows, columns)
    if not upper:
        faces = [tuple(reversed(face)) for face in faces]  # type: ignore[misc]
    h = np.tile(profile[:, 1], rows)
    g, back = np.repeat(groove, columns), np.repeat(np.abs(along), columns)
    colour = mix(ENAMEL, ENAMEL_SHADE, np.clip(0.42 * g + 0.22 * smoothstep(0.5, 0.9, h), 0.0, 1.0))
    # The lips shade the upper part of the teeth.
    colour = mix(colour, (0.55, 0.40, 0.37), 0.38 * smoothstep(0.2, 0.85, h))
    colour = mix(colour, (0.40, 0.20, 0.19), 0.88 * smoothstep(0.2, 0.85, back) + (0.0 if upper else 0.12))
    colour = mix(colour, GUM * (0.8 if upper else 0.7), smoothstep(0.88, 1.0, h + 0.14 * g))
    return Part(name, vertices, faces, colour, "teeth").rigid("head")


def _tongue() -> Part:
    rows, columns = 18, 20
    s = np.linspace(0.0, 1.0, rows)
    turn = 2.0 * np.pi * np.arange(columns) / columns
    round_tip = np.sqrt(np.clip(1.0 - ((s - 0.55) / 0.45).clip(0.0, 1.0) ** 2.6, 0.0, 1.0))
    half_width = np.maximum((1.25 + 0.25 * np.sin(np.pi * s)) * round_tip, 0.02)
    thickness = np.maximum(0.52 * (1.0 - 0.35 * s) * round_tip, 0.01)
    y = _lip_front() + 1.75 + 4.6 * (1.0 - s)
    z = MOUTH_Z - 1.05 + 0.45 * np.sin(np.pi * (1.0 - s) ** 0.8) - 0.9 * (1.0 - s) ** 3
    across = half_width[:, None] * np.cos(turn)
    up = thickness[:, None] * np.sin(turn)
    top = np.sin(turn) > 0
    up = up - 0.16 * np.exp(-((across / 0.28) ** 2)) * top * round_tip[:, None]
    vertices = np.stack(
        [across, np.broadcast_to(y[:, None], across.shape), z[:, None] + up], axis=-1
    ).reshape(-1, 3)
    faces: list[tuple[int, ...]] = [tuple(reversed(face)) for face in grid_faces(rows, columns, closed=True)]
    faces.append(tuple((rows - 1) * columns + j for j in range(columns))[::-1])
    along = np.repeat(s, columns)
    colour = mix(TONGUE_DARK, TONGUE, smoothstep(0.1, 0.95, along))
    colour = mix(colour, TONGUE_DARK, 0.5 * np.exp(-((vertices[:, 0] / 0.22) ** 2)) * np.tile(top, rows))
    colour = mix(colour, TONGUE_DARK, 0.6 * np.tile(np.sin(turn) < -0.2, rows))
    part = Part("Tali tongue", vertices, faces, colour, "tongue")
    reach = smoothstep(0.15, 1.0, along) ** 1.2
    part.shapes["tongueOut"] = np.stack(
        [-0.12 * vertices[:, 0] * reach, -4.2 * reach, 0.75 * reach * (1.0 - reach) - 0.25 * reach**3], axis=1
    )
    return part.rigid("head")


def build_mouth_interior() -> list[Part]:
    """Upper teeth, lower teeth, tongue."""
    upper, lower, tongue = _teeth("Tali upper teeth", True), _teeth("Tali lower teeth", False), _tongue()
    for part in (lower, tongue):
        part.shapes |= {name: jaw_motion(part.vertices, name) for name in JAW_SHAPES}
    return [upper, lower, tongue]
