# SPDX-License-Identifier: GPL-3.0-or-later
"""Simple teeth and a tongue for a mouth with nothing in it: where they lie, and how they move in each shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

TEETH, TONGUE = 0, 1
"""Materials of the faces."""

JAW_SHAPES = ("jawOpen", "jawForward", "jawLeft", "jawRight")

# All in widths of the mouth, from the middle of the slit: x across, y up, z to the viewer.
_FRONT, _DEPTH, _HALF = (
    -0.14,
    0.55,
    0.44,
)  # of an arch: its front, how deep it is, half of its width at the back
_LOWER_BEHIND = 0.035
_TEETH = 14  # an arch
_UPPER, _LOWER = (-0.02, 0.19), (-0.17, -0.035)  # heights of the front teeth; molars are lower
_MOLAR = 0.75  # of the front teeth's height
_THICK, _GAP = 0.07, 0.06  # of a tooth; the gap beside it in shares of its width
_TONGUE_FROM, _TONGUE_TO = -0.75, -0.24  # from its root to its tip
_TONGUE_HALF, _TONGUE_THICK, _TONGUE_AT = 0.24, 0.055, -0.14
_TONGUE_RINGS, _TONGUE_SIDES = 10, 12
_OUT, _OUT_RISE, _OUT_DROP = 0.75, 0.09, -0.10  # how far the tip comes out, over the teeth, and hangs then
_CUBE = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))

Jaw = Callable[[str, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class MouthSet:
    """Teeth and a tongue.

    Attributes:
        points: (N, 3) vertices.
        faces: vertices of each polygon.
        materials: (M,) of each polygon: `TEETH` or `TONGUE`.
        offsets: ARKit name → (N, 3) motion at weight 1.
    """

    points: np.ndarray
    faces: list[tuple[int, ...]]
    materials: np.ndarray
    offsets: dict[str, np.ndarray]


def build(points: np.ndarray, jaw: Jaw) -> MouthSet:
    """Teeth and a tongue behind the lips of a face.

    Args:
        points: (68, 3) its landmarks, face units.
        jaw: shape name and (K, 3) places → (K, 3) what the lower jaw does there.
    """
    slit = points[60:68].mean(axis=0)
    slit[2] = points[[62, 66], 2].min()
    width = float(np.linalg.norm(points[54] - points[48]))
    upper, lower = _arch(*_UPPER, 0.0), _arch(*_LOWER, -_LOWER_BEHIND)
    tongue, tongue_faces, along = _tongue()
    places = np.concatenate([upper, lower, tongue]) * width + slit
    faces = [tuple(8 * tooth + corner for corner in side) for tooth in range(2 * _TEETH) for side in _CUBE]
    materials = np.array([TEETH] * len(faces) + [TONGUE] * len(tongue_faces))
    first = len(upper) + len(lower)
    faces += [tuple(first + index for index in face) for face in tongue_faces]
    offsets = {}
    for name in JAW_SHAPES:
        offsets[name] = jaw(name, places)
        offsets[name][: len(upper)] = 0.0
    offsets["tongueOut"] = np.zeros_like(places)
    rise = _OUT_RISE * np.sin(np.pi * along) + _OUT_DROP * along**3
    offsets["tongueOut"][first:] = width * np.stack([0 * along, rise, _OUT * along**1.5], axis=1)
    return MouthSet(places, faces, materials, offsets)


def _arch(low: float, high: float, back: float) -> np.ndarray:
    """(8 teeth, 3) corners of a row of teeth on a parabola."""
    edge = low if abs(low) < abs(high) else high  # where they bite
    corners = []
    for tooth in range(_TEETH):
        begin, end = ((2 * (tooth + share) / _TEETH - 1) for share in (_GAP, 1 - _GAP))
        molar = abs(begin + end) / 2
        root = edge + ((high + low) - 2 * edge) * (1 - (1 - _MOLAR) * molar)
        for height in sorted((edge, root)):
            for thick in (0.0, _THICK):
                for across in (begin, end):
                    share = across * (1 - 0.5 * thick / _HALF)
                    corners.append([_HALF * share, height, _FRONT + back - thick - _DEPTH * share * share])
    return np.array(corners)


def _tongue() -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    """Vertices of a tongue, its faces, and how far along it each vertex lies: 0 at the root, 1 at the tip."""
    shares = (1 - np.cos(np.linspace(0.12, np.pi - 0.12, _TONGUE_RINGS))) / 2
    round_ = np.linspace(0, 2 * np.pi, _TONGUE_SIDES, endpoint=False)
    rings, along = [], []
    for share in shares:
        size = np.sqrt(max(4 * share * (1 - share), 0.0)) ** 0.7
        x, y = _TONGUE_HALF * size * np.cos(round_), _TONGUE_THICK * size * np.sin(round_)
        y = y + _TONGUE_AT + 0.03 * np.sin(np.pi * share) - 0.02 * (1 - (x / _TONGUE_HALF) ** 2)
        z = np.full_like(x, _TONGUE_FROM + share * (_TONGUE_TO - _TONGUE_FROM))
        rings.append(np.stack([x, y, z], axis=1))
        along.append(np.full(_TONGUE_SIDES, share))
    faces: list[tuple[int, ...]] = []
    for ring in range(_TONGUE_RINGS - 1):
        for side in range(_TONGUE_SIDES):
            following = (side + 1) % _TONGUE_SIDES
            one, two = ring * _TONGUE_SIDES, (ring + 1) * _TONGUE_SIDES
            faces.append((one + side, one + following, two + following, two + side))
    faces.append(tuple(range(_TONGUE_SIDES))[::-1])
    faces.append(tuple((_TONGUE_RINGS - 1) * _TONGUE_SIDES + side for side in range(_TONGUE_SIDES)))
    return np.concatenate(rings), faces, np.concatenate(along)
