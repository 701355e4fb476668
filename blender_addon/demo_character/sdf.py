# SPDX-License-Identifier: GPL-3.0-or-later
"""The sculpture: head and hair volume as signed distance functions (cm, negative inside).

Masses melt into each other by smooth unions, as clay does; the mesh is then drawn onto this surface. The same functions give
the baked ambient occlusion.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .proportions import EYE_CENTRE, LID_RADIUS, MOUTH_Z

Sdf = Callable[[np.ndarray], np.ndarray]
_ARRIVED = 1e-13
"""cm: a step that moves nothing any more, not even in double precision by much."""


def lengths(vectors: np.ndarray) -> np.ndarray:
    """(N,) of vectors (N, 3): the field is asked a thousand times for a few points, where numpy's norm takes twice as long."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, axis=1)))


def bounded(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """As `numpy.clip`, which takes several times as long for a few values."""
    return np.asarray(np.minimum(np.maximum(values, low), high))


def ellipsoid(
    p: np.ndarray, centre: tuple[float, float, float], radii: tuple[float, float, float]
) -> np.ndarray:
    """Approximate distance to an ellipsoid."""
    q = p - np.asarray(centre)
    r = np.asarray(radii)
    k0 = lengths(q / r)
    k1 = lengths(q / (r * r))
    return k0 * (k0 - 1.0) / np.maximum(k1, 1e-9)


def sphere(p: np.ndarray, centre: tuple[float, float, float], radius: float) -> np.ndarray:
    """Distance to a sphere."""
    return lengths(p - np.asarray(centre)) - radius


def capsule(
    p: np.ndarray,
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    radius_a: float,
    radius_b: float,
) -> np.ndarray:
    """Distance to a round cone from a to b (approximate where the radii differ)."""
    start, axis = np.asarray(a), np.asarray(b) - np.asarray(a)
    h = bounded((p - start) @ axis / (axis @ axis), 0.0, 1.0)
    return lengths(p - start - h[:, None] * axis) - (radius_a + (radius_b - radius_a) * h)


def union(a: np.ndarray, b: np.ndarray, softness: float) -> np.ndarray:
    """Smooth union; `softness` (cm) is the width of the seam."""
    h = bounded(0.5 + 0.5 * (b - a) / softness, 0.0, 1.0)
    return b + (a - b) * h - softness * h * (1.0 - h)


def carve(a: np.ndarray, tool: np.ndarray, softness: float) -> np.ndarray:
    """Smooth subtraction of `tool` from `a`."""
    return -union(-a, tool, softness)


def head(points: np.ndarray) -> np.ndarray:
    """Skull, face and neck without lips (the lips are loops of the mesh). Symmetric in x."""
    p = np.array(points, dtype=np.float64)
    p[:, 0] = np.abs(p[:, 0])
    eye = tuple(EYE_CENTRE)

    d = ellipsoid(p, (0.0, 1.3, 3.4), (7.7, 9.3, 8.9))  # cranium
    d = union(d, ellipsoid(p, (0.0, -1.2, -1.0), (7.15, 6.6, 5.5)), 2.5)  # temples and cheekbones
    d = union(d, ellipsoid(p, (0.0, -2.6, -4.0), (6.05, 5.7, 6.0)), 3.0)  # face
    d = union(d, ellipsoid(p, (0.0, -4.4, -7.6), (3.5, 3.9, 3.0)), 2.4)  # jaw
    d = union(d, sphere(p, (3.3, -4.8, -4.1), 2.5), 2.4)  # cheek
    d = union(d, sphere(p, (0.0, -6.9, -9.25), 1.3), 1.8)  # chin
    d = union(
        d, ellipsoid(p, (0.0, -6.3, MOUTH_Z - 0.1), (2.8, 2.1, 2.1)), 1.8
    )  # mound that carries the lips
    d = union(d, capsule(p, (0.0, 2.0, -8.0), (0.0, 3.0, -24.0), 3.65, 3.95), 2.8)  # neck
    d = union(d, ellipsoid(p, (2.6, -5.6, 2.8), (2.9, 1.6, 1.0)), 2.6)  # brow
    d = carve(d, ellipsoid(p, (3.5, -9.25, -0.6), (2.4, 1.5, 1.8)), 2.2)  # eye socket
    d = union(d, sphere(p, eye, LID_RADIUS - 0.03), 0.7)  # lids
    d = union(d, capsule(p, (0.0, -6.7, 0.9), (0.0, -8.3, -3.0), 0.85, 0.85), 1.9)  # bridge of the nose
    d = union(d, sphere(p, (0.0, -8.95, -3.45), 0.92), 0.9)  # tip
    d = union(d, sphere(p, (1.0, -8.25, -3.75), 0.58), 0.75)  # wing
    d = carve(d, ellipsoid(p, (0.5, -8.9, -4.55), (0.3, 0.45, 0.3)), 0.35)  # nostril
    return carve(d, capsule(p, (0.0, -9.1, -4.7), (0.0, -9.1, -5.7), 0.2, 0.3), 0.5)  # philtrum


def gradient(sdf: Sdf, points: np.ndarray, step: float = 0.02) -> np.ndarray:
    """Gradient by central differences, (N, 3)."""
    result = np.empty_like(points)
    for axis in range(3):
        offset = np.zeros(3)
        offset[axis] = step
        result[:, axis] = (sdf(points + offset) - sdf(points - offset)) / (2.0 * step)
    return result


def normals(sdf: Sdf, points: np.ndarray) -> np.ndarray:
    """Outward unit normals of the field at the points."""
    g = gradient(sdf, points)
    return g / np.maximum(np.linalg.norm(g, axis=1, keepdims=True), 1e-9)


def project(sdf: Sdf, points: np.ndarray, steps: int = 3) -> np.ndarray:
    """Moves points onto the surface along the gradient (Newton steps, at most 1.5 cm each)."""
    p = np.array(points, dtype=np.float64)
    for _ in range(steps):
        g = gradient(sdf, p)
        d = np.clip(sdf(p), -1.5, 1.5)
        p -= (d / np.maximum(np.sum(g * g, axis=1), 0.2))[:, None] * g
    return p


def front_depth(sdf: Sdf, x: np.ndarray, z: np.ndarray, start: float = -13.0) -> np.ndarray:
    """y of the surface seen from the front at (x, z), found by sphere tracing along +y."""
    p = np.stack([x, np.full_like(x, start), z], axis=1)
    for _ in range(60):
        step = 0.8 * sdf(p)
        p[:, 1] += step
        if np.abs(step).max() < _ARRIVED:
            break
    return p[:, 1]


def ambient_occlusion(
    sdf: Sdf, points: np.ndarray, directions: np.ndarray, reach: float, taps: int = 5
) -> np.ndarray:
    """0 (buried) to 1 (open sky), from how fast the distance grows along the normal over `reach` cm."""
    total = np.zeros(len(points))
    weight_sum = 0.0
    for tap in range(1, taps + 1):
        distance = reach * tap / taps
        weight = 0.5 ** (tap - 1)
        total += weight * np.clip(sdf(points + directions * distance) / distance, 0.0, 1.0)
        weight_sum += weight
    return total / weight_sum
