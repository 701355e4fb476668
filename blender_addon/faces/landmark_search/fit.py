# SPDX-License-Identifier: GPL-3.0-or-later
"""Places all 68 landmarks: an average face is bent so that its known points meet the features, then laid on the skin."""

from __future__ import annotations

import numpy as np

from ...contract.landmarks import LEFT_BROW, RIGHT_BROW
from ..geometry.surface import Surface
from .features import (
    Features,
    find_brow_ridges,
    find_eyes,
    find_mouth,
    find_nose,
    find_profile,
    look,
)
from .frame import Eyeball, Frame, eyeballs, frame_of_eyes, frames_of_head
from .points import Landmarks

_NOSE_TIP = np.array([0.0, -0.40, 0.53])  # of an average face
_BROW_ABOVE_RIDGE = 0.04  # the hair's middle lies a little above the bone's edge


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
    """
    a, b, c = (surface.vertices[surface.triangles[triangles, k]] for k in range(3))
    normals = np.cross(b - a, c - a)
    facing = normals[:, 2] > -0.25 * np.linalg.norm(normals, axis=1)
    usable, middles = triangles[facing], ((a + b + c) / 3)[facing]
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


def search(
    surface: Surface,
    up: np.ndarray,
    template: np.ndarray,
    hint: Frame | None = None,
    parting: np.ndarray | None = None,
) -> Landmarks:
    """Find the landmarks by geometry, and by what shape keys tell where there are any.

    Args:
        surface: the character's meshes: skin, eyeballs, teeth, in one space.
        up: (3,) upward direction in that space.
        template: (68, 3) an average face in face units.
        hint: where the face is, where that is known better (from what shape keys move).
        parting: (N,) how far each vertex moves when the jaw opens, in the surface's unit.

    Raises:
        ValueError: where no face is found; its text is a sentence.
    """
    frame, features, skin = detect(surface, up, hint, parting)
    surface = surface.moved(frame.inside(surface.vertices))
    placed = place(template, features)
    usable = np.flatnonzero(skin[surface.triangles].all(1))
    vertices, weights = on_skin(surface, usable, placed)
    confidence = max(0.05, 1.0 - 0.25 * len(features.notes))
    source = "geometry" if parting is None and hint is None else "shape keys"
    return Landmarks(vertices, weights, confidence, source, tuple(features.notes))


def detect(
    surface: Surface, up: np.ndarray, hint: Frame | None = None, parting: np.ndarray | None = None
) -> tuple[Frame, Features, np.ndarray]:
    """The face's frame, its features in that frame and (N,) which vertices are skin; see `search`."""
    if len(surface.triangles) < 200:
        raise ValueError("the mesh has too few faces for a face")
    balls = eyeballs(surface)
    if balls is not None:
        guesses = [frame_of_eyes(surface, balls, up)]
    else:
        guesses = [hint] if hint is not None else frames_of_head(surface, up)
    is_eye = np.isin(surface.parts, [part for ball in balls for part in ball.parts]) if balls else None
    best: tuple[Frame, Features, np.ndarray] | None = None
    for guess in guesses:
        frame = guess
        try:
            features, skin = _look_at(surface, frame, balls, is_eye, parting)
            if balls is None and 30 in features.points:  # a second look, with the nose where it belongs
                frame = frame.moved(features.points[30] - _NOSE_TIP, 1.0)
                features, skin = _look_at(surface, frame, balls, is_eye, parting)
        except ValueError:
            continue
        if best is None or len(features.notes) < len(best[1].notes):
            best = frame, features, skin
        if not features.notes:
            break
    if best is None or 30 not in best[1].points:
        raise ValueError("no face was found on the mesh")
    frame, features, skin = best
    if 36 in features.points and 45 in features.points:
        one, two = features.points[36], features.points[45]
        refined = frame.moved((one + two) / 2, float(np.linalg.norm(two - one)))
        features.points = {
            number: refined.inside(frame.outside(point[None]))[0] for number, point in features.points.items()
        }
        if features.slit is not None:
            features.slit = refined.inside(frame.outside(features.slit.reshape(-1, 3))).reshape(
                features.slit.shape
            )
        features.ridges = {
            side: float(refined.inside(frame.outside(np.array([[0.0, height, 0.0]])))[0, 1])
            for side, height in features.ridges.items()
        }
        frame = refined
    return frame, features, skin


def _look_at(
    surface: Surface,
    frame: Frame,
    balls: tuple[Eyeball, Eyeball] | None,
    is_eye: np.ndarray | None,
    parting: np.ndarray | None,
) -> tuple[Features, np.ndarray]:
    """What is seen from the front of one frame."""
    inside = surface.moved(frame.inside(surface.vertices))
    skin = _skin(inside, is_eye)
    keep = skin if is_eye is None else skin | is_eye
    shown, index = inside.submesh(keep)
    front = look(shown, np.zeros(len(shown), bool) if is_eye is None else is_eye[index])
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


def _skin(inside: Surface, is_eye: np.ndarray | None) -> np.ndarray:
    """(N,) the part of the mesh that is seen most around the nose."""
    near = np.linalg.norm(inside.vertices - np.array([0.0, -0.45, 0.3]), axis=1) < 0.9
    if is_eye is not None:
        near &= ~is_eye
    parts = inside.parts[near]
    if not len(parts):
        raise ValueError("no face was found in front of the eyes")
    spread = {
        int(part): float(np.prod(np.ptp(inside.vertices[near & (inside.parts == part)], axis=0)))
        for part in np.unique(parts)
    }
    return np.asarray(inside.parts == max(spread, key=spread.__getitem__))
