# SPDX-License-Identifier: GPL-3.0-or-later
"""Hair: a close cap and sculpted locks that sweep from a side parting, past the ears, into a bob."""

from __future__ import annotations

import numpy as np

from . import sdf
from .part import Part, grid_faces, join, mix
from .proportions import smoothstep

ROOT = np.array([0.235, 0.085, 0.055])
MIDDLE = np.array([0.50, 0.20, 0.11])
TIP = np.array([0.72, 0.36, 0.19])
VOLUME_CENTRE = np.array([0.0, 1.3, 3.0])
VOLUME_RADII = np.array([8.05, 9.65, 9.65])
"""The surface the locks lie on: the cranium and a little air (cm)."""
SEED = 7


def direction(azimuth: np.ndarray | float, elevation: np.ndarray | float) -> np.ndarray:
    """Unit vector; azimuth 0 is the face's direction (-y), growing to the character's left (+x)."""
    az, el = np.broadcast_arrays(np.asarray(azimuth, float), np.asarray(elevation, float))
    return np.stack([np.sin(az) * np.cos(el), -np.cos(az) * np.cos(el), np.sin(el)], axis=-1)


def on_volume(unit: np.ndarray, lift: np.ndarray | float = 0.0) -> np.ndarray:
    """Point of the hair volume in a direction, `lift` cm over it."""
    scale = 1.0 / np.linalg.norm(unit / VOLUME_RADII, axis=-1, keepdims=True)
    return VOLUME_CENTRE + unit * (scale + np.asarray(lift, float)[..., None])


def hairline(azimuth: np.ndarray) -> np.ndarray:
    """Elevation (radians) of the hair's edge around the head."""
    degrees = np.degrees(np.abs((azimuth + np.pi) % (2.0 * np.pi) - np.pi))
    return np.radians(
        np.interp(
            degrees,
            [0, 20, 42, 58, 70, 82, 98, 112, 128, 150, 180],
            [39, 39, 33, 20, 4, -1, 2, -18, -36, -44, -47],
        )
    )


def _cap() -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    rows, columns = 22, 96
    azimuth = 2.0 * np.pi * np.arange(columns) / columns
    s = np.linspace(0.0, 1.0, rows)
    low = hairline(azimuth)
    # The crown of the cap lies at the upper end of the parting.
    elevation = np.pi / 2 * 0.985 * (1.0 - s[:, None]) + low[None, :] * s[:, None]
    unit = direction(np.broadcast_to(azimuth, elevation.shape), elevation).reshape(-1, 3)
    points = VOLUME_CENTRE + unit * 8.0
    for _ in range(40):  # along each ray onto the skull
        points -= unit * (0.8 * sdf.head(points))[:, None]
    thickness = np.repeat(0.42 * (1.0 - smoothstep(0.86, 1.0, s)) - 0.06, columns)
    strands = np.tile(np.sin(azimuth * 60.0) * 0.5 + 0.5, rows)
    vertices = points + unit * (thickness + 0.05 * strands * np.repeat(1.0 - s**6, columns))[:, None]
    faces: list[tuple[int, ...]] = [tuple(reversed(f)) for f in grid_faces(rows, columns, closed=True)]
    faces.append(tuple(range(columns)))
    return vertices, faces, mix(ROOT, MIDDLE, 0.35 * strands)


def _slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    angle = np.arccos(np.clip(a @ b, -1.0, 1.0))
    return (np.sin((1.0 - t) * angle)[:, None] * a + np.sin(t * angle)[:, None] * b) / np.sin(angle)


def lock(
    path: np.ndarray, width: float, thickness: float, tint: float, root_dark: float = 0.25
) -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    """A tapered strand of elliptic section along a path (N, 3); flat side towards the head."""
    n, sides = len(path), 8
    s = np.linspace(0.0, 1.0, n)
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    out = path - (VOLUME_CENTRE + (0.0, 0.0, -3.0)) * (1.0, 1.0, 0.0) - path * (0.0, 0.0, 1.0) * 0.35
    out -= np.sum(out * tangent, axis=1, keepdims=True) * tangent
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    across = np.cross(tangent, out)
    taper = np.clip(s / 0.16, 0.0, 1.0) ** 0.6 * 0.75 + 0.25
    taper = taper * np.clip((1.0 - s) / 0.42, 0.0, 1.0) ** 0.75
    turn = 2.0 * np.pi * np.arange(sides) / sides
    ring = (
        across[:, None] * (np.cos(turn) * 0.5 * width * np.maximum(taper, 0.01)[:, None])[..., None]
        + out[:, None] * (np.sin(turn) * 0.5 * thickness * np.maximum(taper, 0.01)[:, None])[..., None]
    )
    vertices = (path[:, None] + ring).reshape(-1, 3)
    faces: list[tuple[int, ...]] = [tuple(f) for f in grid_faces(n, sides, closed=True)]
    along = np.repeat(s, sides)
    colour = mix(ROOT, MIDDLE, smoothstep(0.0, root_dark + 0.15, along))
    colour = mix(colour, TIP, 0.75 * smoothstep(0.35, 1.0, along))
    # The sides of each lock are darker than its ridge: drawn-in separation that needs no shadow.
    ridge = np.tile(np.sin(turn), n)
    colour = mix(colour, ROOT, np.clip(0.55 - 0.60 * ridge, 0.0, 0.85) * (1.0 - 0.3 * along))
    shine = np.exp(-(((along - 0.33) / 0.10) ** 2)) * np.clip(ridge, 0.0, 1.0)
    colour = mix(colour, (0.93, 0.62, 0.40), 0.35 * shine)
    return vertices, faces, np.clip(colour * tint, 0.0, 1.0)


def _sweep(
    start: tuple[float, float],
    end: tuple[float, float],
    lift: tuple[float, float],
    hem: float,
    curl: float,
    turn: float,
) -> np.ndarray:
    """Path from the parting over the volume to `end` (azimuth, elevation; degrees), then hanging down to z = `hem`."""
    a = direction(*np.radians(start))
    b = direction(*np.radians(end))
    t = np.linspace(0.0, 1.0, 16)
    height = lift[0] * np.sin(np.pi * np.clip(t * 1.0, 0, 1)) ** 0.8 + lift[1] * t
    over = on_volume(_slerp(a, b, t), height)
    fall_by = over[-1, 2] - hem
    if fall_by < 0.5:
        return over
    s = np.linspace(0.0, 1.0, 11)[1:]
    outward = (over[-1] - VOLUME_CENTRE) * (1.0, 1.0, 0.0)
    outward /= np.linalg.norm(outward)
    side = np.array([-outward[1], outward[0], 0.0])
    direction_in = over[-1] - over[-2]
    slide = direction_in / np.linalg.norm(direction_in)
    drop = over[-1] + s[:, None] * (0.0, 0.0, -fall_by)
    drop += outward * (0.9 * np.sin(np.pi * s * 0.9) * 0.6 - curl * s**2.2)[:, None]
    drop += side * (turn * s**2)[:, None]
    drop += (slide * (1.0, 1.0, 0.0)) * (0.9 * (1.0 - np.exp(-3.0 * s)))[:, None]
    path = np.concatenate([over, drop])
    for _ in range(4):
        path[1:-1] += 0.5 * (0.5 * (path[:-2] + path[2:]) - path[1:-1])
    return path


def build_hair() -> Part:
    """Cap and locks."""
    random = np.random.default_rng(SEED)
    pieces = [_cap()]

    def jitter(size: float) -> float:
        return float(random.uniform(-size, size))

    def add(path: np.ndarray, width: float, thickness: float) -> None:
        pieces.append(lock(path, width, thickness, 1.0 + jitter(0.13)))

    # The parting runs from the hairline above the left eye to the crown; q = 0 in front, 1 at the crown.
    def parting(q: float) -> tuple[float, float]:
        return 24.0 + 40.0 * q**2, 40.0 + 44.0 * q**0.8

    for layer, count in ((0, 15), (1, 13)):
        for k in range(count):
            q = k / (count - 1)
            az, el = parting(q)
            # The character's left: a short way down behind the ear.
            end = (104.0 + 72.0 * q + jitter(3.0), 4.0 - 16.0 * q + jitter(4.0))
            add(
                _sweep((az + 5.0, el), end, (0.35 + 0.25 * layer, 0.15 + 0.4 * layer), -9.6 + jitter(1.0) + 0.8 * layer, 1.6, jitter(0.7)),
                2.3 - 0.35 * layer + jitter(0.3), 0.95,
            )  # fmt: skip
            # The right: the long sweep over the forehead and round the back.
            end = (-104.0 - 76.0 * q + jitter(3.0), 3.0 - 15.0 * q + jitter(4.0))
            add(
                _sweep((az - 5.0, el), end, (0.75 + 0.45 * layer - 0.3 * q, 0.15 + 0.4 * layer), -9.6 + jitter(1.0) + 0.8 * layer, 1.6, jitter(0.7)),
                2.5 - 0.35 * layer + jitter(0.3), 1.0,
            )  # fmt: skip
    # Nape: fill behind the neck.
    for k in range(13):
        az = -150.0 + 300.0 * k / 12.0
        az = 180.0 + (az * 0.47)
        add(
            _sweep((az, 40.0), (az + jitter(3.0), -16.0), (0.1, 0.0), -9.8 + jitter(0.8), 1.4, jitter(0.6)),
            2.6,
            1.0,
        )
    # Fringe: the swoop in front, lifted off the forehead.
    for k, (low, width) in enumerate(((24.0, 1.5), (29.0, 1.9), (34.0, 2.1), (38.0, 2.2))):
        add(
            _sweep((25.0 - 2.0 * k, 39.0 + 3.5 * k), (-88.0 - 6.0 * k, low - 22.0 + jitter(2.0)), (1.0 + 0.3 * k, 0.35), -3.0 - 1.5 * k, 0.4, 0.2),
            width, 0.9,
        )  # fmt: skip
    return join("Tali hair", "hair", pieces).rigid("head")
