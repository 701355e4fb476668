"""What of a picture lies around the face: rings of vertices from its outline to the border, which follow it less and less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats, Indices
from ..face.curves import smooth_step
from .frame import FaceFrame
from .indices import FACE_OVAL

_RINGS = 9
_REACH = 0.8
"""Eye units beyond which the surroundings stay at rest: over twice what any shape moves the outline by, so nothing folds."""
_APRON = 0.7
"""Eye units by which the picture is continued beyond its border, for when the head draws it inwards."""
_NECK = 0.35
"""Eye units from the jaw over which the neck comes to rest while the head turns."""
_BORDER = 0.6
"""Eye units from the border up to which a head's surroundings are held back."""
_FALL = 0.3
"""Eye units by which the depth falls off outside of the face."""


@dataclass(frozen=True)
class Surroundings:
    """Vertices around a face; their numbers go on after those of the face mesh.

    Attributes:
        points: (K, 3) pixels.
        uv: (K, 2) the place in the picture; beyond the border that of the border.
        triangles: (M, 3), numbers of face mesh and surroundings; of either orientation.
        share: (K, 36) how far each follows each point of the outline.
        outward: (K, 2) -1, 0 or 1: which way a vertex may go over the border; 0 inside of the picture.
        free: (K,) 0 to 1: how far it may move at all, 1 but near the border.
    """

    points: Floats
    uv: Floats
    triangles: Indices
    share: Floats
    outward: Floats
    free: Floats

    def follow(self, outline: Floats) -> Floats:
        """(S, K, 3) how the vertices move where the outline moves by (S, 36, 3) pixels."""
        moved = np.einsum("ko,soc->skc", self.share, outline)
        held = moved * self.free[:, None]
        for axis in range(2):
            side = self.outward[:, axis]
            held[..., axis] = np.where(side * moved[..., axis] > 0, moved[..., axis], held[..., axis])
        return np.asarray(held, np.float32)


def around(points: Floats, frame: FaceFrame, size: tuple[int, int], first: int) -> Surroundings:
    """The rings around the outline of (468, 3) mesh points.

    Args:
        points: pixels, y down, z to the viewer.
        frame: of the face.
        size: width and height of the picture.
        first: the number of the first new vertex.
    """
    outline = points[FACE_OVAL]
    margin = 0.25 * frame.unit
    low = np.minimum(0, outline[:, :2].min(axis=0) - margin)
    high = np.maximum(size, outline[:, :2].max(axis=0) + margin)
    middle = (outline[:, :2].min(axis=0) + outline[:, :2].max(axis=0)) / 2
    rings = _rings(outline[:, :2] - middle, middle, low, high)
    border, corners = _with_corners(rings[-1], low, high)
    flat = np.concatenate([*rings[:-1], border])
    centre = (low + high) / 2
    apron = (
        border + np.sign(np.round(border - centre, 3)) * _on_sides(border, low, high) * _APRON * frame.unit
    )
    flat = np.concatenate([flat, apron])
    sector = np.concatenate([np.tile(np.arange(36), _RINGS - 1), corners, corners])
    off = np.linalg.norm(flat - outline[sector, :2], axis=1) / frame.unit
    depth = outline[sector, 2] - _FALL * frame.unit * (1 - np.exp(-off / 0.6))
    sides = _on_sides(flat, low, high) * np.sign(flat - centre)
    inside = np.minimum(flat - low, high - flat).min(axis=1) / frame.unit
    return Surroundings(
        points=np.concatenate([flat, depth[:, None]], axis=1).astype(np.float32),
        uv=flat.clip(low, high).astype(np.float32),
        triangles=_stitched(first, len(border), corners),
        share=_shares(sector, off),
        outward=_towards(flat, low, high, sides),
        free=np.clip(inside / 0.5, 0, 1).astype(np.float32),
    )


def _rings(ways: Floats, middle: Floats, low: Floats, high: Floats) -> list[Floats]:
    """(36, 2) each: from the outline outwards, the last on the border.

    Args:
        ways: (36, 2) from the middle to the outline.
        middle: of the face.
        low, high: corners of the picture.
    """
    angle = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    # Where a face looks aside its outline runs back upon itself; around the border its points are in order.
    steady = (np.maximum.accumulate(angle) + np.minimum.accumulate(angle[::-1])[::-1]) / 2
    steady = np.linspace(0, 1e-3, 36) + steady
    last = np.stack([np.cos(steady), np.sin(steady)], axis=1)
    far = _to_border(last, middle, low, high)
    near = np.linalg.norm(ways, axis=1)
    rings = []
    for share in np.arange(1, _RINGS + 1) / _RINGS:
        turned = (1 - share) * angle + share * steady
        radius = near ** (1 - share) * far**share
        rings.append(middle + np.stack([np.cos(turned), np.sin(turned)], axis=1) * radius[:, None])
    return rings


def _to_border(ways: Floats, middle: Floats, low: Floats, high: Floats) -> Floats:
    """(36,) how many times as far the border of a rectangle is as the ends of ways from a middle."""
    with np.errstate(divide="ignore"):
        reach = np.where(ways > 0, (high - middle) / ways, np.where(ways < 0, (low - middle) / ways, np.inf))
    return np.asarray(reach.min(axis=1))


def _with_corners(border: Floats, low: Floats, high: Floats) -> tuple[Floats, Indices]:
    """The outermost ring with the rectangle's corners in between, and the sector of each of its points."""
    corners = np.array([[high[0], low[1]], [high[0], high[1]], [low[0], high[1]], [low[0], low[1]]])
    middle = (low + high) / 2
    scale = (high - low) / 2

    def turn(places: Floats) -> Floats:
        """How far round the rectangle, clockwise from its top's middle: 0 to 8."""
        x, y = ((places - middle) / scale).T
        top, right, bottom = y <= -1 + 1e-6, x >= 1 - 1e-6, y >= 1 - 1e-6
        way = np.where(top, x, np.where(right, 2 + y, np.where(bottom, 4 - x, 6 - y)))
        return np.asarray(way % 8)

    every = np.concatenate([border, corners])
    start = turn(border[:1])[0]
    order = np.argsort((turn(every) - start + 1e-9) % 8, kind="stable")
    sector, current = np.zeros(len(every), np.intp), 0
    for place in order:
        current = place if place < len(border) else current
        sector[place] = current
    return every[order], sector[order]


def _on_sides(places: Floats, low: Floats, high: Floats) -> Floats:
    """(N, 2) 1 where a point lies on or beyond the rectangle's sides across and up and down."""
    return np.asarray((places <= low + 1e-3) | (places >= high - 1e-3), np.float32)


def _towards(places: Floats, low: Floats, high: Floats, sides: Floats) -> Floats:
    """(N, 2) the side of the picture that is near, within which nothing may be drawn inwards."""
    span = 0.5 * (high - low)
    near = np.abs(places - (low + high) / 2) > 0.6 * span
    return np.asarray(np.where(near | (sides != 0), np.sign(places - (low + high) / 2), 0), np.float32)


def _shares(sector: Indices, off: Floats) -> Floats:
    """(K, 36) the farther away, the less, and the more like the mean of its neighbours."""
    around_it = np.arange(36)
    apart = np.abs(around_it[None] - sector[:, None])
    apart = np.minimum(apart, 36 - apart)
    spread = 0.35 + 3.0 * np.clip(off, 0, 1.5)
    share = np.exp(-0.5 * (apart / spread[:, None]) ** 2)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share * np.clip(1 - off / _REACH, 0, 1)[:, None] ** 1.2, np.float32)


def _stitched(first: int, border: int, corners: Indices) -> Indices:
    """(M, 3) triangles between outline, rings, border and apron."""
    rows = [FACE_OVAL, *(first + 36 * ring + np.arange(36) for ring in range(_RINGS - 1))]
    triangles = []
    for inner, outer in zip(rows, rows[1:]):
        triangles += _band(inner, outer)
    last, start = rows[-1], first + 36 * (_RINGS - 1)
    edge = start + np.arange(border)
    for place in range(border):
        after = (place + 1) % border
        inner, following = last[corners[place]], last[corners[after]]
        triangles.append((inner, edge[place], edge[after]))
        if inner != following:
            triangles.append((inner, edge[after], following))
    triangles += _band(edge, edge + border)
    return np.array(triangles)


def _band(inner: Indices, outer: Indices) -> list[tuple[int, int, int]]:
    """Triangles between two closed rows of as many vertices."""
    triangles = []
    for place in range(len(inner)):
        after = (place + 1) % len(inner)
        triangles.append((int(inner[place]), int(outer[place]), int(outer[after])))
        triangles.append((int(inner[place]), int(outer[after]), int(inner[after])))
    return triangles


def head_weights(points: Floats, frame: FaceFrame, outline: Floats, size: tuple[int, int]) -> Floats:
    """(N,) how far points around a face go with its head: wholly on head and hair, not below the neck nor far beside, nor at the
    picture's border, as far as there is room between it and the face.

    Args:
        points: (N, 3) pixels.
        frame: of the face.
        outline: (36, 3) of the face, pixels.
        size: width and height of the picture.
    """
    flat = np.array([[np.cos(np.radians(frame.roll)), -np.sin(np.radians(frame.roll))],
                     [np.sin(np.radians(frame.roll)), np.cos(np.radians(frame.roll))]])  # fmt: skip
    upright, rim = points[:, :2] @ flat.T, outline[:, :2] @ flat.T
    height = float(np.ptp(rim[:, 1]))
    beside = np.maximum(rim[:, 0].min() - upright[:, 0], upright[:, 0] - rim[:, 0].max()).clip(0)
    above = (rim[:, 1].min() - upright[:, 1]).clip(0)
    away = np.hypot(beside / (0.75 * height), above / (1.1 * height))
    # Below and beside the jaw it is the neck, the shoulders or long hair that are seen: they hardly turn with the head.
    off = np.linalg.norm(upright[:, None] - rim[None], axis=-1)
    jaw = smooth_step((rim[off.argmin(axis=1), 1] - rim[:, 1].mean()) / (0.35 * height))
    neck = np.maximum(
        jaw * smooth_step(off.min(axis=1) / (_NECK * frame.unit)),
        smooth_step((upright[:, 1] - rim[:, 1].max()) / (_NECK * frame.unit)),
    )
    weights = (1 - smooth_step((away - 0.3) / 0.7)) * (1 - neck)
    return np.asarray(weights * _off_the_border(points[:, :2], outline[:, :2], size, frame.unit), np.float32)


def _off_the_border(points: Floats, outline: Floats, size: tuple[int, int], unit: float) -> Floats:
    """(N,) 1 but near the border, where it is 0 as far as there is room: else what is not in the picture would show."""
    result = np.ones(len(points))
    for axis, length in enumerate(size):
        for sign, side in ((1, 0), (-1, length)):
            room = float((sign * (outline[:, axis] - side)).min()) / unit
            off = sign * (points[:, axis] - side) / unit
            fade = np.clip(0.8 * room, 0.05, _BORDER)
            result *= 1 - smooth_step(np.asarray((room - 0.2) / 0.4)) * (1 - smooth_step(off / fade))
    return result
