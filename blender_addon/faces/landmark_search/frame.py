# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a face is on a mesh, how large it is and which way it looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..geometry.surface import Surface

# Outer eye-corner distance over the distance of the eyes' centres, over a head's width, and over its height
# (anthropometric means: about 90, 63, 150 and 230 mm).
CORNERS_TO_PUPILS = 1.43
CORNERS_TO_HEAD_WIDTH = 0.6
CORNERS_TO_HEAD_HEIGHT = 0.39

_SPHERE_ERROR = 0.12  # of the radius: an eyeball with a cornea's bulge, or the half of one
_SHELL_ERROR = 0.05  # ... of the front of a ball, which must be rounder to be taken for one
_ROUND = 0.75  # its height, of its width: lashes are narrower
_FLATTEST = 0.22  # depth of such a shell, of its width
_EYE_DISTANCE = (1.6, 8.0)  # of the eyes' centres, in radii


@dataclass(frozen=True)
class Frame:
    """A face's own coordinates: x to the character's left, y up, z where it looks.

    Attributes:
        axes: (3, 3), columns x, y, z in the mesh's space.
        origin: (3,) middle between the outer eye corners.
        unit: outer eye-corner distance.
    """

    axes: np.ndarray
    origin: np.ndarray
    unit: float

    def inside(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) points of the mesh's space in face units."""
        return np.asarray((points - self.origin) @ self.axes / self.unit)

    def outside(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) points in face units in the mesh's space."""
        return np.asarray(points @ self.axes.T * self.unit + self.origin)

    def moved(self, shift: np.ndarray, factor: float) -> Frame:
        """The frame whose origin lies at a point of this one (face units) and whose unit is larger by a factor."""
        return Frame(self.axes, self.outside(shift[None])[0], self.unit * factor)


@dataclass(frozen=True)
class Eyeball:
    """A part of a mesh that is a ball.

    Attributes:
        parts: numbers of the parts it is made of.
        centre: (3,).
        radius: of the ball.
    """

    parts: tuple[int, ...]
    centre: np.ndarray
    radius: float


def fit_sphere(points: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Centre, radius and root mean square error of the sphere through points (linear least squares)."""
    middle = points.mean(0)
    local = points - middle
    system = np.concatenate([2 * local, np.ones((len(local), 1))], axis=1)
    solution = np.linalg.lstsq(system, (local**2).sum(1), rcond=None)[0]
    radius = float(np.sqrt(max(solution[3] + (solution[:3] ** 2).sum(), 0.0)))
    error = np.linalg.norm(local - solution[:3], axis=1) - radius
    return middle + solution[:3], radius, float(np.sqrt((error**2).mean()))


def _one_eye(ball: Eyeball, centre: np.ndarray, radius: float) -> bool:
    """Whether another ball is part of the same eye, as an iris or a cornea is."""
    alike = 0.6 < radius / ball.radius < 1.6
    return alike and bool(np.linalg.norm(ball.centre - centre) < 0.4 * ball.radius)


def eyeballs(surface: Surface) -> tuple[Eyeball, Eyeball] | None:
    """The two balls that are most likely the eyes, in no order; None where there are none.

    Fronts of balls count where there are no whole ones: lashes and brows may look like them.
    """
    whole: list[Eyeball] = []
    shells: list[Eyeball] = []
    for part in range(1, min(int(surface.parts.max(initial=0)) + 1, 400)):
        points = surface.vertices[surface.parts == part]
        extent = np.ptp(points, axis=0)
        if len(points) < 14 or extent.min() < _FLATTEST * extent.max():
            continue
        centre, radius, error = fit_sphere(points)
        if not 0.35 * extent.max() < radius < 0.8 * extent.max():
            continue
        shell = extent.min() < 0.6 * extent.max()
        if shell and np.median(extent) < _ROUND * extent.max():
            continue
        if error < (_SHELL_ERROR if shell else _SPHERE_ERROR) * radius:
            _add_ball(shells if shell else whole, Eyeball((part,), centre, radius))
    return _pair(whole) or _pair(shells)


def _add_ball(balls: list[Eyeball], ball: Eyeball) -> None:
    """Put a ball to the others; iris and white, or a cornea around the ball, are one (changes the list)."""
    same = next((other for other in balls if _one_eye(other, ball.centre, ball.radius)), None)
    if same is None:
        balls.append(ball)
    else:
        bigger = same if same.radius >= ball.radius else ball
        balls[balls.index(same)] = Eyeball((*same.parts, *ball.parts), bigger.centre, bigger.radius)


def _pair(balls: list[Eyeball]) -> tuple[Eyeball, Eyeball] | None:
    """Of all balls the largest two that are alike and as far from each other as eyes are."""
    best, result = 0.0, None
    for index, one in enumerate(balls):
        for other in balls[index + 1 :]:
            radius = (one.radius + other.radius) / 2
            apart = float(np.linalg.norm(one.centre - other.centre)) / radius
            alike = abs(one.radius - other.radius) / radius
            if alike > 0.1 or not _EYE_DISTANCE[0] < apart < _EYE_DISTANCE[1]:
                continue
            size = radius * (1 - alike)
            if size > best:
                best, result = size, (one, other)
    return result


def frames_of_eyes(surface: Surface, eyes: tuple[Eyeball, Eyeball], up: np.ndarray) -> list[Frame]:
    """The two frames that two eyeballs and an upward direction tell, the likelier first: eyes lie in the front of most heads.

    Where the back of a head is missing they lie behind its middle.
    """
    one, other = eyes[0].centre, eyes[1].centre
    apart = float(np.linalg.norm(other - one))
    x = (other - one) / apart
    if abs(x @ up) > 0.9:  # the head lies on its side: any direction across the eyes may be up
        up = np.eye(3)[np.argmin(np.abs(x))]
    y = up - (up @ x) * x
    y /= np.linalg.norm(y)
    z = np.cross(x, y)
    middle = (one + other) / 2
    around = np.linalg.norm(surface.vertices - middle, axis=1) < 2.2 * apart
    head = np.bincount(surface.parts[around]).argmax()  # not hair, hats or a world around it
    near = surface.vertices[around & (surface.parts == head)]
    box_middle = (near.min(0) + near.max(0)) / 2
    if (middle - box_middle) @ z < 0:
        x, z = -x, -z
    return [
        Frame(
            np.stack([sign * x, y, sign * z], axis=1),
            middle + sign * z * eyes[0].radius * 0.6,
            apart * CORNERS_TO_PUPILS,
        )
        for sign in (1.0, -1.0)
    ]


def frame_of_landmarks(points: np.ndarray, template: np.ndarray) -> Frame:
    """The face's frame from its landmarks: turned as the template fits best (Kabsch), unit from the eye corners."""
    one, two = template - template.mean(0), points - points.mean(0)
    u, _, vt = np.linalg.svd(two.T @ one)
    turn = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt
    corners = points[[36, 45]]
    return Frame(turn, corners.mean(0), float(np.linalg.norm(corners[1] - corners[0])))


def frames_of_head(surface: Surface, up: np.ndarray, whole: bool = False) -> list[Frame]:
    """First guesses where nothing is known, the likeliest first.

    Where the surface is not the head alone, the head is what lies above the narrowest place under the top. Of the four level
    directions the front is the one in which the vertices are densest, since faces have more detail than the backs of heads.
    """
    y = up / np.linalg.norm(up)
    one = np.eye(3)[np.argmin(np.abs(y))]
    one = one - (one @ y) * y
    one /= np.linalg.norm(one)
    level = np.stack([one, np.cross(y, one)], axis=1)
    heights = surface.vertices @ y
    head = surface.vertices
    if not whole:
        head = head[heights >= _chin_height(surface.vertices, heights, level)]
    flat = head @ level
    middle = (flat.min(0) + flat.max(0)) / 2
    lean = (flat.mean(0) - middle) / np.maximum(np.ptp(flat, axis=0), 1e-9)
    size, top = float(np.ptp(head @ y)), float(heights.max())
    centre = level @ middle
    directions = [(axis, sign) for axis in (0, 1) for sign in (1.0, -1.0)]
    directions.sort(key=lambda direction: -direction[1] * lean[direction[0]])
    guesses = []
    for factor in (1.0, 0.8, 1.25):
        for axis, sign in directions:
            z = level[:, axis] * sign
            x = np.cross(y, z)
            unit = factor * min(
                CORNERS_TO_HEAD_WIDTH * float(np.ptp(head @ x)), CORNERS_TO_HEAD_HEIGHT * size
            )
            front = float(((head - centre) @ z).max())
            level_centre = centre - (centre @ y) * y
            origin = level_centre + y * (top - 0.5 * size) + z * (front - 0.55 * unit)
            guesses.append(Frame(np.stack([x, y, z], axis=1), origin, unit))
    return guesses


def _chin_height(vertices: np.ndarray, heights: np.ndarray, level: np.ndarray) -> float:
    """Height of the chin of a head that may have a body under it: just above the neck's narrowest slice."""
    low, high = float(heights.min()), float(heights.max())
    steps = 160
    which = np.clip(((heights - low) / max(high - low, 1e-9) * steps).astype(int), 0, steps - 1)
    flat = vertices @ level
    area = np.full(steps, np.nan)
    for step in range(steps):
        points = flat[np.abs(which - step) <= 2]
        if len(points) >= 6:
            area[step] = np.prod(np.ptp(points, axis=0))
    known = np.flatnonzero(~np.isnan(area))
    if not len(known):
        return low
    area = np.interp(np.arange(steps), known, area[known])[::-1]  # from the top down
    widest = neck = 0
    for step in range(1, steps):
        if area[step] > area[widest] and neck == widest:
            widest = neck = step
        elif area[step] < area[neck]:
            neck = step
        elif area[neck] < 0.72 * area[widest] and area[step] > 1.15 * area[neck]:
            return high - (neck - 0.25 * (neck - widest)) * (high - low) / steps
        elif area[step] > area[widest]:
            widest = neck = step
    return low
