# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a face mesh around its landmarks: the edges of lips and lids, eyeballs, teeth, and how far the face reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..contract.curves import ramp, smooth_step
from ..contract.landmarks import JAW
from .geometry.raster import front_view
from .geometry.surface import Surface
from .landmark_search.frame import Frame, eyeballs, frame_of_landmarks
from .landmark_search.points import Landmarks

# The mouth's and the eyes' edges as runs of landmarks: upper and lower, both from the same corner.
UPPER_LIP_RUN, LOWER_LIP_RUN = (60, 61, 62, 63, 64), (60, 67, 66, 65, 64)
LID_RUNS = (
    ((42, 43, 44, 45), (42, 47, 46, 45)),
    ((36, 37, 38, 39), (36, 41, 40, 39)),
)  # the character's left, right

FACE_FULL, FACE_END = (
    0.34,
    0.66,
)  # distance from the nearest landmark up to which the face moves fully, and at all
NECK_FULL, NECK_END = 0.12, 0.45  # ... straight below the jaw's outline
_LIPS_APART = 0.25  # how far apart, in the fourth coordinate, touching lips are
_LIPS_FULL = 0.30  # distance along the skin at which lips are wholly apart
_LIPS_REACH = 0.45  # ... and over which their being apart fades
_SAME_EDGE = 0.012  # upper and lower run must be farther apart than this along the skin to be two lips
_INSIDE_MOUTH = 0.55  # how far from the lips teeth and tongue may be
_WORN_FULL, _WORN_WITHIN = (
    0.45,
    0.7,
)  # how far from the slit hair goes wholly, and at all, with the lip it grows on
_ROOTS = 6  # points of the skin that a hair goes with
_MOST_SKIN = 1500  # points of the skin that are asked
_PLACES_AT_ONCE = 2000  # of hair, whose distances to these points are held in memory
_ONE_LIP = 0.75  # of a loose part on one side of the slit: it goes with that lip as one
_MOUTH_PIXELS = 120  # of a view of the skin around the mouth
_OUTSIDE = 0.1  # of a part before the skin, from which on it is not inside the mouth
_STRADDLES = 0.2  # parts that reach that far above and below the slit hold both jaws


@dataclass(frozen=True)
class Edge:
    """A line over the mesh, such as the upper lip's edge.

    Attributes:
        vertices: (K,) in order.
        at: (K,) place along the run: 0, 1, 2, … at its landmarks.
        knots: its landmarks.
    """

    vertices: np.ndarray
    at: np.ndarray
    knots: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Worn:
    """Loose parts that move with the skin they grow on.

    Attributes:
        vertices: (K,) of them.
        roots: (K, R) vertices of the skin that each goes with.
        shares: (K, R) of their motion; what they lack of 1 in a row is the share of the motion around.
    """

    vertices: np.ndarray
    roots: np.ndarray
    shares: np.ndarray


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A face in face units.

    Attributes:
        surface: the mesh in face units.
        frame: how face units lie in the mesh's space.
        points: (68, 3) the landmarks.
        skin: (N,) which vertices belong to the face's own part.
        upper_lip, lower_lip: the edges that meet when the mouth shuts.
        lids: (upper, lower) of the character's left and right eye.
        lip_side: (N,) fourth coordinate: positive on the upper lip, negative on the lower.
        reach: (N,) 1 in the face, 0 outside, smooth between.
        jaw: (N,) how much of a loose part moves with the lower jaw, NaN for vertices that are not inside the mouth.
        eyes: for the character's left and right eye: its vertices, centre and radius; empty where there are none.
        worn: moustache and beard.
    """

    surface: Surface
    frame: Frame
    points: np.ndarray
    skin: np.ndarray
    upper_lip: Edge
    lower_lip: Edge
    lids: tuple[tuple[Edge, Edge], tuple[Edge, Edge]]
    lip_side: np.ndarray
    reach: np.ndarray
    jaw: np.ndarray
    eyes: tuple[tuple[np.ndarray, np.ndarray, float], ...]
    worn: Worn

    @property
    def empty_mouth(self) -> bool:
        """Whether there are neither teeth nor a tongue."""
        return bool(np.isnan(self.jaw).all())


class UnreadableFaceError(ValueError):
    """A mesh around landmarks that is no face; its text says what is wrong, to be told in brackets."""


class FusedLipsError(UnreadableFaceError):
    """The lips are one skin."""


def read(
    surface: Surface, landmarks: Landmarks, template: np.ndarray, named: np.ndarray | None = None
) -> Anatomy:
    """Read a mesh.

    Args:
        surface: the character's meshes as one, in any space.
        landmarks: on that surface.
        template: (68, 3) an average face in face units.
        named: (N,) which vertices are teeth, gums or tongue by a name; where they lie tells it for the others.

    Raises:
        FusedLipsError: where upper and lower lip are connected without an opening.
        UnreadableFaceError: where the mesh cannot hold the shapes.
    """
    frame = frame_of_landmarks(landmarks.of(surface.vertices), template)
    if not frame.unit > 1e-9 * float(np.ptp(surface.vertices)):
        raise UnreadableFaceError("its eye corners lie in one place")
    surface = surface.moved(frame.inside(surface.vertices))
    points = landmarks.of(surface.vertices)
    part = int(np.bincount(surface.parts[landmarks.nearest]).argmax())
    skin = surface.parts == part
    nearest = _skin_vertices(surface, skin, landmarks, points)
    upper, lower = (_edge(surface, run, nearest) for run in (UPPER_LIP_RUN, LOWER_LIP_RUN))
    left, right = (
        (_edge(surface, above, nearest), _edge(surface, below, nearest)) for above, below in LID_RUNS
    )
    lids = (left, right)
    lip_side = _lip_sides(surface, upper, lower)
    eyes = _eyes(surface, points)
    in_eye = np.zeros(len(surface), bool)
    for vertices, _, _ in eyes:
        in_eye[vertices] = True
    jaw = _jaw_parts(surface, points, skin, skin | in_eye, named)
    worn = _hair_on_lips(surface, points, skin, ~skin & ~in_eye & np.isnan(jaw), lip_side)
    return Anatomy(
        surface, frame, points, skin, upper, lower, lids, lip_side,
        _reach(surface.vertices, points), jaw, eyes, worn,
    )  # fmt: skip


def _skin_vertices(
    surface: Surface, skin: np.ndarray, landmarks: Landmarks, points: np.ndarray
) -> np.ndarray:
    """(68,) the skin's vertex that stands for each landmark; upper and lower lip get different ones where they can."""
    chosen = landmarks.nearest.copy()
    index = np.flatnonzero(skin)
    for number in np.flatnonzero(~skin[chosen]):
        chosen[number] = index[np.argmin(((surface.vertices[index] - points[number]) ** 2).sum(1))]
    return chosen


def _edge(surface: Surface, run: tuple[int, ...], nearest: np.ndarray) -> Edge:
    """The line over the mesh through a run of landmarks, which all go from one side to the other."""
    line = np.array(surface.path([int(nearest[number]) for number in run]))
    across = surface.vertices[nearest[list(run)], 0]
    knots = np.maximum.accumulate(across + np.arange(len(run)) * 1e-9)
    return Edge(line, np.interp(surface.vertices[line, 0], knots, np.arange(len(run))), run)


def _nearest_distance(vertices: np.ndarray, points: np.ndarray) -> np.ndarray:
    best = np.full(len(vertices), np.inf)
    for point in points:
        best = np.minimum(best, ((vertices - point) ** 2).sum(1))
    return np.asarray(np.sqrt(best))


def _reach(vertices: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(N,) how much each vertex moves with the face, which ends sooner below the jaw: there neck and bust begin."""
    best, below = np.full(len(vertices), np.inf), np.zeros(len(vertices))
    for number, point in enumerate(points):
        squared = ((vertices - point) ** 2).sum(1)
        nearer = squared < best
        best[nearer] = squared[nearer]
        drop = point[1] - vertices[nearer, 1] if number in JAW else np.zeros(int(nearer.sum()))
        below[nearer] = np.clip(drop / np.sqrt(np.maximum(squared[nearer], 1e-12)), 0, 1)
    distance = np.sqrt(best)
    full, end = (far + below * (near - far) for far, near in ((FACE_FULL, NECK_FULL), (FACE_END, NECK_END)))
    return np.asarray(1 - smooth_step((distance - full) / (end - full)))


def _lip_sides(surface: Surface, upper: Edge, lower: Edge) -> np.ndarray:
    """The coordinate that keeps touching lips apart: from distances along the skin, which the slit interrupts."""
    far = 4 * _LIPS_REACH
    to_upper = np.minimum(surface.distances(upper.vertices, limit=far), far)
    to_lower = np.minimum(surface.distances(lower.vertices, limit=far), far)
    middle = upper.vertices[len(upper.vertices) // 4 : -len(upper.vertices) // 4 or None]
    apart = to_lower[middle]
    if len(apart) == 0 or np.median(apart) < _SAME_EDGE:
        raise FusedLipsError("upper and lower lip have the same vertices")
    straight = _nearest_distance(surface.vertices[middle], surface.vertices[lower.vertices])
    if np.median(apart) < 1.6 * np.median(straight) + 0.02:
        raise FusedLipsError("upper and lower lip are one skin")
    side = (to_lower - to_upper) / np.maximum(to_lower + to_upper, _LIPS_FULL)
    fade = np.exp(-((np.minimum(to_upper, to_lower) / _LIPS_REACH) ** 2))
    return np.asarray(_LIPS_APART * side * fade)


def _hair_on_lips(
    surface: Surface, points: np.ndarray, skin: np.ndarray, loose: np.ndarray, lip_side: np.ndarray
) -> Worn:
    """What grows around the mouth: a moustache goes with the upper lip, a beard with the lower one (changes `lip_side`).

    A part that lies on one side of the slit goes with that lip as one, also where it hangs over the other.
    """
    slit = points[[60, 62, 64, 66]]
    distance = np.linalg.norm(surface.vertices - slit.mean(axis=0), axis=1)
    near = loose & (distance < _WORN_WITHIN)
    telling = np.flatnonzero(skin & (np.abs(lip_side) > 0.02 * _LIPS_APART))
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for part in np.unique(surface.parts[near]):
        member = np.flatnonzero(near & (surface.parts == part))
        places = surface.vertices[member]
        across = np.interp(places[:, 0], slit[:3, 0], slit[:3, 1])
        above = float((places[:, 1] > across).mean())
        roots = telling
        if above >= _ONE_LIP or above <= 1 - _ONE_LIP:
            roots = telling[(lip_side[telling] > 0) == (above >= _ONE_LIP)]
        if len(roots) < _ROOTS:
            continue
        roots = roots[:: len(roots) // _MOST_SKIN + 1]
        nearest, shares = _nearest_roots(places, surface.vertices[roots])
        nearest = roots[nearest]
        lip_side[member] = (shares * lip_side[nearest]).sum(axis=1)
        rows.append(
            (member, nearest, shares * smooth_step(ramp(distance[member], _WORN_WITHIN, _WORN_FULL))[:, None])
        )
    if not rows:
        return Worn(np.zeros(0, np.int64), np.zeros((0, _ROOTS), np.int64), np.zeros((0, _ROOTS)))
    return Worn(*(np.concatenate(column) for column in zip(*rows)))


def _nearest_roots(places: np.ndarray, roots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K, R) the nearest of some points to each place, and their shares: more for nearer ones."""
    nearest = np.empty((len(places), _ROOTS), np.int64)
    weights = np.empty((len(places), _ROOTS))
    lengths = (roots**2).sum(1)
    for begin in range(0, len(places), _PLACES_AT_ONCE):  # a strand of hair may have a hundred thousand
        part = slice(begin, begin + _PLACES_AT_ONCE)
        squared = (places[part] ** 2).sum(1)[:, None] - 2 * places[part] @ roots.T + lengths
        nearest[part] = np.argpartition(squared, _ROOTS - 1, axis=1)[:, :_ROOTS]
        weights[part] = 1 / np.maximum(np.take_along_axis(squared, nearest[part], axis=1), 1e-6)
    return nearest, weights / weights.sum(axis=1, keepdims=True)


def _eyes(surface: Surface, points: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray, float], ...]:
    balls = eyeballs(surface)
    if balls is None:
        return ()
    left, right = sorted(balls, key=lambda ball: -ball.centre[0])
    result = []
    for ball, corners in ((left, (42, 45)), (right, (36, 39))):
        if np.linalg.norm(ball.centre[:2] - points[list(corners), :2].mean(0)) > 0.2:
            return ()
        vertices = np.flatnonzero(np.isin(surface.parts, ball.parts))
        result.append((vertices, ball.centre, ball.radius))
    return tuple(result)


def _before_skin(surface: Surface, points: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """(N,) which vertices are seen before the skin around the mouth: hair, not teeth, which show between the lips at most."""
    middle = points[[60, 62, 64, 66]].mean(axis=0)
    inside = points[60:68, :2]
    view = front_view(
        surface.vertices,
        surface.triangles[skin[surface.triangles].all(axis=1)],
        (float(middle[0]), float(middle[1])),
        _INSIDE_MOUTH + _WORN_WITHIN,
        _MOUTH_PIXELS,
    )
    row, column = (np.rint(edge).astype(int) for edge in view.pixel_of(*surface.vertices[:, :2].T))
    shown = np.flatnonzero((np.minimum(row, column) >= 0) & (np.maximum(row, column) < _MOUTH_PIXELS))
    depth = view.depth[row[shown], column[shown]]
    places = surface.vertices[shown]
    between_lips = ((places[:, :2] > inside.min(0)) & (places[:, :2] < inside.max(0))).all(axis=1)
    result = np.zeros(len(surface), bool)
    result[shown] = np.isfinite(depth) & (places[:, 2] > depth) & ~between_lips
    return result


def _jaw_parts(
    surface: Surface,
    points: np.ndarray,
    skin: np.ndarray,
    not_inside: np.ndarray,
    named: np.ndarray | None,
) -> np.ndarray:
    """How much teeth, gums and tongue follow the jaw: all of a part below the slit, nothing of one above it."""
    follows = np.full(len(surface), np.nan)
    slit = points[[62, 66]].mean(0)
    straddling = []
    before = _before_skin(surface, points, skin)
    for part in np.unique(surface.parts[~not_inside]):
        member = (surface.parts == part) & ~not_inside
        where = surface.vertices[member]
        middle = (where.min(0) + where.max(0)) / 2
        inside = (
            np.linalg.norm(middle[:2] - slit[:2]) < _INSIDE_MOUTH
            and where[:, 2].max() < slit[2] + 0.12
            and where[:, 1].max() < points[[40, 41, 46, 47], 1].mean() - 0.1
            and np.abs(where[:, 0]).max() < 0.8
            and before[member].mean() < _OUTSIDE
        ) or (named is not None and named[member].mean() > 0.5)
        if not inside:
            continue
        height = where[:, 1] - slit[1]
        if height.max() > _STRADDLES and height.min() < -_STRADDLES:
            straddling.append(member)
        else:
            follows[member] = float(middle[1] < slit[1] + 0.05)
    upper, lower = surface.vertices[follows == 0.0], surface.vertices[follows == 1.0]
    for member in straddling:  # gums of both jaws and the tongue in one
        where = surface.vertices[member]
        by_height = smooth_step(ramp(where[:, 1] - slit[1], 0.27, 0.17))
        if len(upper) and len(lower):  # gums go with the teeth they hold
            to_upper, to_lower = (
                _nearest_distance(where, teeth[:: len(teeth) // 300 + 1]) for teeth in (upper, lower)
            )
            by_teeth = smooth_step(ramp(to_upper / np.maximum(to_upper + to_lower, 1e-9), 0.38, 0.55))
            free = smooth_step(ramp(np.minimum(to_upper, to_lower), 0.06, 0.13))
            follows[member] = free * by_height + (1 - free) * by_teeth
        else:
            follows[member] = by_height
    return follows
