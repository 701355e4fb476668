# SPDX-License-Identifier: GPL-3.0-or-later
"""Places all 68 landmarks: an average face is bent so that its known points meet the features, then laid on the skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...contract.landmarks import INNER_LIP, LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE
from ..geometry.sides import outward, seen_from_within
from ..geometry.surface import Surface
from .features import (
    NO_SLIT,
    SIZE,
    Features,
    Front,
    find_brow_ridges,
    find_eyes,
    find_mouth,
    find_nose,
    find_profile,
    look,
)
from .frame import Eyeball, Frame, eyeballs, frames_of_eyes, frames_of_head
from .points import Landmarks

_LEAST_TRIANGLES = 100
_LEAST_POINTS = 4  # that tell where a face is
_MOST_LACKING = 3  # of a face's features: where so many are not seen there is none
_SMALL = 224  # pixels of a first look
_MISPLACED = 0.25  # face units, from where the rest of the face has a feature
CHIN = "the chin"
_LACK, _LACKS = 0.25, {NO_SLIT: 0.35}  # what a feature that was not found takes off the confidence
FEATURES: dict[str, tuple[int, ...]] = {
    "the right eye's opening": tuple(map(int, RIGHT_EYE)),
    "the left eye's opening": tuple(map(int, LEFT_EYE)),
    "the nose": (30, 33),
    NO_SLIT: tuple(map(int, INNER_LIP)),
    CHIN: (8,),
}
"""What a face has, by what its notes say, and its landmarks."""
_FACE = ((-0.6, 0.6), (-1.0, 0.2))  # face units, sideways and up, where a face shows its skin
_NOSE_TIP = np.array([0.0, -0.40, 0.53])  # of an average face
_BROW_ABOVE_RIDGE = 0.04  # the hair's middle lies a little above the bone's edge


class NoFaceError(ValueError):
    """No face was found on a mesh."""


def warp(source: np.ndarray, target: np.ndarray, points: np.ndarray, stiffness: float = 1e-4) -> np.ndarray:
    """Points moved by the smooth map that takes some places to others.

    A similarity is fitted first; what it leaves over is interpolated by biharmonic splines (kernel |r|, which is the
    one for three dimensions).

    Args:
        source, target: (K, 3) places and where they go, K ≥ 4.
        points: (P, 3) what to move.
        stiffness: how far the map may miss the targets to stay smooth.
    """
    moved, source_moved = _similar(source, target, points), _similar(source, target, source)
    missed = target - source_moved
    kernel = np.linalg.norm(source_moved[:, None] - source_moved[None], axis=2)
    weights = np.linalg.solve(kernel - stiffness * np.eye(len(kernel)), missed)
    return np.asarray(moved + np.linalg.norm(moved[:, None] - source_moved[None], axis=2) @ weights)


def _similar(source: np.ndarray, target: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points moved by the least-squares scaling and shift of source to target; the axes are known and kept."""
    one, two = source.mean(0), target.mean(0)
    factor = ((source - one) * (target - two)).sum() / max(((source - one) ** 2).sum(), 1e-12)
    return np.asarray((points - one) * factor + two)


def place(template: np.ndarray, features: Features) -> np.ndarray:
    """(68, 3) landmarks in face units, not yet on the skin: the template bent to the points that were found."""
    known = dict(features.points)
    if 60 in known and 64 in known:  # the outer corners lie a little outside of where the lips part
        size = (known[64][0] - known[60][0]) / (template[64][0] - template[60][0])
        for outer, inner in ((48, 60), (54, 64)):
            known[outer] = known[inner] + (template[outer] - template[inner]) * size
    numbers = np.array(sorted(known))
    placed = warp(template[numbers], np.array([known[number] for number in numbers]), template)
    for number, point in features.points.items():
        placed[number] = point
    for side, brow in ((0, RIGHT_BROW), (1, LEFT_BROW)):
        if side in features.ridges:
            shift = features.ridges[side] + _BROW_ABOVE_RIDGE - placed[brow[1:4], 1].mean()
            placed[brow, 1] += np.clip(shift, -0.2, 0.2)
    return placed


def on_skin(surface: Surface, triangles: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay points on the nearest of some triangles that do not look away.

    Args:
        surface: in face units.
        triangles: (K,) which of its triangles may carry a landmark.
        points: (68, 3) face units.

    Returns:
        (68, 3) vertices and (68, 3) barycentric weights.

    Raises:
        NoFaceError: where all triangles look away.
    """
    a, b, c = (surface.vertices[surface.triangles[triangles, k]] for k in range(3))
    normals = np.cross(b - a, c - a)
    runs = outward(surface)[triangles]  # where that cannot be said, no triangle is left out
    facing = runs * normals[:, 2] >= -0.25 * np.linalg.norm(normals, axis=1)
    usable, middles = triangles[facing], ((a + b + c) / 3)[facing]
    if not len(usable):
        raise NoFaceError
    vertices = np.zeros((len(points), 3), np.int64)
    weights = np.zeros((len(points), 3))
    for number, point in enumerate(points):
        near = usable[np.argsort(((middles - point) ** 2).sum(1))[:40]]
        closest, inner = closest_on_triangles(surface.vertices[surface.triangles[near]], point)
        best = int(np.argmin(((closest - point) ** 2).sum(1)))
        vertices[number] = surface.triangles[near[best]]
        weights[number] = inner[best]
    return vertices, weights


def closest_on_triangles(corners: np.ndarray, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest point of each of some triangles.

    Source of the cases: Ericson, *Real-Time Collision Detection*, 2004, 5.1.5; here as the best of the face and its
    three edges.

    Args:
        corners: (K, 3, 3).
        point: (3,).

    Returns:
        (K, 3) points and (K, 3) barycentric coordinates.
    """
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    ab, ac, ap = b - a, c - a, point - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    denominator = np.where(np.abs(d00 * d11 - d01 * d01) < 1e-30, 1e-30, d00 * d11 - d01 * d01)
    v = (d11 * d20 - d01 * d21) / denominator
    w = (d00 * d21 - d01 * d20) / denominator
    face = np.stack([1 - v - w, v, w], axis=1)
    inside = (face >= 0).all(1)
    best = np.where(inside[:, None], face, 0.0)
    distance = np.where(inside, (((best[:, :, None] * corners).sum(1) - point) ** 2).sum(1), np.inf)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        along = corners[:, j] - corners[:, i]
        share = ((point - corners[:, i]) * along).sum(1) / np.maximum((along**2).sum(1), 1e-30)
        share = np.clip(share, 0, 1)
        edge = np.zeros_like(face)
        edge[:, i], edge[:, j] = 1 - share, share
        far = (((edge[:, :, None] * corners).sum(1) - point) ** 2).sum(1)
        closer = far < distance
        best[closer], distance[closer] = edge[closer], far[closer]
    return (best[:, :, None] * corners).sum(1), best


def landmarks_of(surface: Surface, seen: Seen, template: np.ndarray, source: str) -> Landmarks:
    """The landmarks that features tell, laid on the skin.

    Raises:
        NoFaceError: where there is no skin that faces the viewer.
    """
    inside = surface.moved(seen.frame.inside(surface.vertices))
    placed = place(template, seen.features)
    usable = np.flatnonzero(seen.skin[surface.triangles].all(1))
    vertices, weights = on_skin(inside, usable, placed)
    return Landmarks(vertices, weights, confidence_of(seen.features), source, tuple(seen.features.notes))


def confidence_of(features: Features) -> float:
    """How sure geometry is: by what of a face it has found, each in the place where faces have it."""
    return max(0.05, 1.0 - sum(_LACKS.get(note, _LACK) for note in features.notes))


@dataclass(frozen=True, eq=False)
class Seen:
    """A face as it is seen from the front.

    Attributes:
        frame: where it is.
        features: what was found, in that frame.
        skin: (N,) which vertices of the surface are skin.
    """

    frame: Frame
    features: Features
    skin: np.ndarray

    def refined(self) -> Seen:
        """The same in the frame that the eyes' outer corners tell."""
        points = self.features.points
        if not (36 in points and 45 in points):
            return self
        one, two = points[36], points[45]
        frame = self.frame.moved((one + two) / 2, float(np.linalg.norm(two - one)))

        def turned(places: np.ndarray) -> np.ndarray:
            return frame.inside(self.frame.outside(places))

        old = self.features
        features = Features(
            {number: turned(point[None])[0] for number, point in points.items()},
            None if old.slit is None else turned(old.slit.reshape(-1, 3)).reshape(old.slit.shape),
            old.fused,
            {
                side: float(turned(np.array([[0.0, height, 0.0]]))[0, 1])
                for side, height in old.ridges.items()
            },
            old.notes,
        )
        return Seen(frame, features, self.skin)


def detect(
    surface: Surface,
    up: np.ndarray,
    template: np.ndarray,
    hint: Frame | None = None,
    parting: np.ndarray | None = None,
    whole: bool = False,
    scan: bool = True,
) -> Seen:
    """Find a face by geometry, and by what shape keys tell where there are any.

    Args:
        surface: the character's meshes: skin, eyeballs, teeth, in one space.
        up: (3,) upward direction in that space.
        template: (68, 3) an average face in face units.
        hint: where the face is, where that is known better (from what shape keys move, or by a face detector).
        parting: (N,) how far each vertex moves when the jaw opens, in the surface's unit.
        whole: whether the surface is a head and nothing else.
        scan: whether to look on all sides where neither a hint nor eyeballs tell where the face is.

    Raises:
        NoFaceError: where no face is found.
    """
    if len(surface.triangles) < _LEAST_TRIANGLES:
        raise NoFaceError
    balls = eyeballs(surface)
    looks: list[Seen] = []
    for frame in frames_of_eyes(surface, balls, up) if balls is not None else ():
        if not _complete(looks):
            looks += _seen(surface, frame, balls, parting)
    if hint is not None and not _complete(looks):
        looks += _seen(surface, hint, _eyes_near(balls, hint), parting)
    if hint is None and scan and not _complete(looks):
        for frame in _likeliest(surface, frames_of_head(surface, up, whole), parting):
            looks += _seen(surface, frame, None, parting)
    for seen in looks:
        drop_what_does_not_fit(seen.features, template)
    looks = [
        seen for seen in looks if 30 in seen.features.points and len(seen.features.points) >= _LEAST_POINTS
    ]
    if not looks:
        raise NoFaceError
    return max(looks, key=lambda seen: confidence_of(seen.features)).refined()


def _complete(looks: list[Seen]) -> bool:
    return any(not seen.features.notes for seen in looks)


def _eyes_near(balls: tuple[Eyeball, Eyeball] | None, frame: Frame) -> tuple[Eyeball, Eyeball] | None:
    """Two balls where they lie where a frame has its eyes; buttons and beads do not."""
    if balls is None:
        return None
    places = frame.inside(np.array([ball.centre for ball in balls]))
    fit = (np.abs(places[:, 1:]) < 0.4).all() and 0.3 < abs(places[0, 0] - places[1, 0]) < 1.2
    return balls if fit else None


def _seen(
    surface: Surface,
    frame: Frame,
    balls: tuple[Eyeball, Eyeball] | None,
    parting: np.ndarray | None,
    size: int = SIZE,
) -> list[Seen]:
    """What is seen from the front of a frame, in a list; empty where nothing is."""
    is_eye = np.isin(surface.parts, [part for ball in balls for part in ball.parts]) if balls else None
    try:
        features, skin = _look_at(surface, frame, balls, is_eye, parting, size)
        if balls is None and 30 in features.points:  # a second look, with the nose where it belongs
            frame = frame.moved(features.points[30] - _NOSE_TIP, 1.0)
            features, skin = _look_at(surface, frame, balls, is_eye, parting, size)
    except NoFaceError:
        return []
    return [Seen(frame, features, skin)]


def _likeliest(surface: Surface, frames: list[Frame], parting: np.ndarray | None) -> list[Frame]:
    """The frame that shows most of a face in small pictures, in a list; empty where none does."""
    best, least = [], _MOST_LACKING
    for frame in frames:
        for seen in _seen(surface, frame, None, parting, _SMALL):
            if len(seen.features.notes) < least:
                best, least = [frame], len(seen.features.notes)
        if not least:
            break
    return best


def drop_what_does_not_fit(features: Features, template: np.ndarray) -> None:
    """Take away what lies where no face has it, judged by all the rest, and note it (changes the features)."""
    for title, numbers in FEATURES.items():
        own = [number for number in numbers if number in features.points]
        others = [number for number in features.points if number not in own]
        if not own or len(others) < _LEAST_POINTS:
            continue
        places = np.array([features.points[number] for number in others])
        expected = _similar(template[others], places, template[own])
        off = np.array([features.points[number] for number in own]) - expected
        if np.abs(off.mean(0))[:2].max() > _MISPLACED:
            for number in own:
                del features.points[number]
            if title == NO_SLIT:
                features.slit = None
            if title not in features.notes:
                features.notes.append(title)


def _look_at(
    surface: Surface,
    frame: Frame,
    balls: tuple[Eyeball, Eyeball] | None,
    is_eye: np.ndarray | None,
    parting: np.ndarray | None,
    size: int,
) -> tuple[Features, np.ndarray]:
    """What is seen from the front of one frame."""
    inside = surface.moved(frame.inside(surface.vertices))
    skin = _skin(inside, is_eye)
    keep = skin if is_eye is None else skin | is_eye
    shown, index = inside.submesh(keep)
    front = look(shown, np.zeros(len(shown), bool) if is_eye is None else is_eye[index], size)
    if _from_within(front):
        raise NoFaceError
    features = Features()
    if balls is not None:
        centres = sorted((frame.inside(ball.centre[None])[0] for ball in balls), key=lambda centre: centre[0])
        radius = (balls[0].radius + balls[1].radius) / 2 / frame.unit
    else:
        centres, radius = [np.array([-0.34, 0.0, 0.0]), np.array([0.34, 0.0, 0.0])], 0.18
    find_eyes(front, centres, radius, features)
    find_nose(front, features)
    find_mouth(front, features, None if parting is None else parting[index] / frame.unit)
    find_profile(front, features)
    find_brow_ridges(front, features)
    return features, skin


def _from_within(front: Front) -> bool:
    """Whether the skin where a face should be shows its inner side, as that of a mask does from behind."""
    x, y = front.places[..., 0], front.places[..., 1]
    (left, right), (bottom, top) = _FACE
    face = (x > left) & (x < right) & (y > bottom) & (y < top) & ~front.eye
    return seen_from_within(front.surface, front.view, np.array([0.0, 0.0, 1.0]), face)


def _skin(inside: Surface, is_eye: np.ndarray | None) -> np.ndarray:
    """(N,) the part of the mesh that is seen most around the nose."""
    near = np.linalg.norm(inside.vertices - np.array([0.0, -0.45, 0.3]), axis=1) < 0.9
    if is_eye is not None:
        near &= ~is_eye
    parts = inside.parts[near]
    if not len(parts):
        raise NoFaceError
    spread = {
        int(part): float(np.prod(np.ptp(inside.vertices[near & (inside.parts == part)], axis=0)))
        for part in np.unique(parts)
    }
    return np.asarray(inside.parts == max(spread, key=spread.__getitem__))
