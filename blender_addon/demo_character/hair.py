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
    table = [
        (0, 37), (20, 37), (38, 31), (50, 19), (58, 4), (66, -12), (74, -24), (82, -24), (88, -10), (98, -6), (108, -16),
        (118, -32), (135, -42), (150, -45), (180, -47),
    ]  # fmt: skip
    return np.radians(np.interp(degrees, [row[0] for row in table], [row[1] for row in table]))


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
    # Dark where it shows between the locks of the parting, warm where it shows at the temples.
    colour = mix(ROOT, MIDDLE, (0.35 + 0.4 * strands) * smoothstep(0.45, 0.8, np.repeat(s, columns)))
    return vertices, faces, colour


def lock(
    path: np.ndarray, width: float, thickness: float, tint: float, root_dark: float = 0.25
) -> tuple[np.ndarray, list[tuple[int, ...]], np.ndarray]:
    """A tapered strand of elliptic section along a path (N, 3); flat side towards the head."""
    n, sides = len(path), 6
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


Place = tuple[float, float]
"""Azimuth and elevation on the hair volume, degrees."""


def _sweep(
    start: Place,
    via: Place | None,
    end: Place,
    lift: tuple[float, float],
    hem: float,
    curl: float,
    turn: float,
) -> np.ndarray:
    """Path of a lock: from the parting past `via` to `end` on the volume, then hanging down to the height z = `hem`.

    `lift` raises its middle and its end over the volume, `curl` draws the tip inward, `turn` sideways (cm).
    """
    a, b = direction(*np.radians(start)), direction(*np.radians(end))
    middle = a + b
    c = middle / np.linalg.norm(middle) if via is None else direction(*np.radians(via))
    t = np.linspace(0.0, 1.0, 14)[:, None]
    unit = (1.0 - t) ** 2 * a + 2.0 * t * (1.0 - t) * c + t**2 * b
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    over = on_volume(unit, (lift[0] * np.sin(np.pi * t) ** 0.8 + lift[1] * t)[:, 0])
    fall_by = over[-1, 2] - hem
    if fall_by < 0.5:
        return over
    s = np.linspace(0.0, 1.0, 8)[1:]
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


class _Haircut:
    """Collects the cap and the locks; every lock differs a little, from one stream of random numbers.

    The order of the calls is part of the haircut: another order would hand the locks other numbers.
    """

    def __init__(self) -> None:
        self._random = np.random.default_rng(SEED)
        self.pieces = [_cap()]

    def jitter(self, size: float) -> float:
        """A random number between -size and size."""
        return float(self._random.uniform(-size, size))

    def add(self, path: np.ndarray, width: float, thickness: float) -> None:
        """One lock along a path (N, 3), width and thickness in cm."""
        self.pieces.append(lock(path, width, thickness, 1.0 + self.jitter(0.13)))

    def add_from_parting(self, layer: int, count: int) -> None:
        """A layer of `count` pairs of locks that fall from the parting to both sides; layer 1 lies over layer 0."""
        for k in range(count):
            q = k / (count - 1)
            az, el = _parting(q)
            hem = -9.2 + self.jitter(0.9) + 0.7 * layer
            rise = 0.15 + 0.6 * layer
            # The character's left: a short way down, tucked behind the ear.
            end = (106.0 + 70.0 * q + self.jitter(3.0), 2.0 - 14.0 * q + self.jitter(3.0))
            via = (72.0 + 60.0 * q, 30.0 + 26.0 * q) if q < 0.5 else None
            path = _sweep((az + 2.0, el), via, end, (0.3 + 0.4 * layer, rise), hem, 1.7, self.jitter(0.7))
            self.add(path, 2.4 - 0.35 * layer + self.jitter(0.3), 0.95)
            # The right: a long sweep over the head, falling in front of the ear and round the back.
            end = (-80.0 - 98.0 * q + self.jitter(3.0), 2.0 - 12.0 * q + self.jitter(3.0))
            lift = (0.8 + 0.5 * layer - 0.3 * q, rise)
            path = _sweep((az - 2.5, el), None, end, lift, hem, 1.7, self.jitter(0.7))
            self.add(path, 2.6 - 0.35 * layer + self.jitter(0.3), 1.0)

    def add_nape(self) -> None:
        """The hair at the back of the neck, from below the crown straight down."""
        for k in range(13):
            az = 180.0 + 70.0 * (k / 6.0 - 1.0)
            end = (az + self.jitter(3.0), -16.0)
            hem = -9.4 + self.jitter(0.8)
            self.add(_sweep((az, 40.0), None, end, (0.1, 0.0), hem, 1.4, self.jitter(0.6)), 2.6, 1.0)

    def add_fringe(self) -> None:
        """The fringe swoops low over the forehead and falls beside the right cheek."""
        for k in range(7):
            f = k / 6.0
            path = _sweep(
                (25.0 - 7.0 * f, 38.0 + 12.0 * f),
                (-22.0 - 12.0 * f, 15.0 + 23.0 * f),
                (-63.0 - 15.0 * f, 1.0 + 5.0 * f + self.jitter(1.5)),
                (0.55 + 0.75 * f, 0.1 + 0.3 * f),
                -6.6 - 2.6 * f,
                1.3,
                0.5,
            )
            self.add(path, 1.7 + 0.8 * f, 0.8)

    def add_left_temple(self) -> None:
        """On the left the hair is drawn past the temple to behind the ear."""
        for k in range(6):
            f = k / 5.0
            path = _sweep(
                (26.0 + 4.0 * f, 38.5 + 14.0 * f),
                (58.0 + 8.0 * f, 13.0 + 22.0 * f),
                (104.0 + 5.0 * f, -9.0 + 7.0 * f),
                (0.3 + 0.4 * f, 0.05 + 0.25 * f),
                -8.4 - 0.5 * f,
                1.0,
                0.3,
            )
            self.add(path, 1.6 + 0.7 * f, 0.75)

    def add_loose_strands(self) -> None:
        """A thin strand on either side of the face."""
        self.add(_sweep((25.0, 39.0), (56.0, 22.0), (68.0, -4.0), (0.9, 0.2), -6.2, 0.9, 0.3), 0.75, 0.5)
        self.add(_sweep((22.0, 39.5), (-8.0, 26.0), (-50.0, 6.0), (0.6, 0.1), -4.5, 0.9, 0.3), 0.7, 0.5)


def _parting(q: float) -> Place:
    """The parting, from the hairline above the left eye (q = 0) to the crown (1)."""
    return 24.0 + 40.0 * q**2, 39.0 + 45.0 * q**0.8


def build_hair() -> Part:
    """Cap and locks."""
    cut = _Haircut()
    cut.add_from_parting(layer=0, count=13)
    cut.add_from_parting(layer=1, count=12)
    cut.add_nape()
    cut.add_fringe()
    cut.add_left_temple()
    cut.add_loose_strands()
    return join("Tali hair", "hair", cut.pieces).rigid("head")
