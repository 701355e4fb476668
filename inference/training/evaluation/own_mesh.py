"""A film's own face mesh in place of what 52 shapes make of it, so that a renderer is judged by itself, not by the shapes.

What is between the mesh's points may fold at the lips' edges, where dots are then drawn: decibels lose little by them, and
sharpness is too high.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.face.arrays import Floats
from inference.face.face_picture import FacePicture, Layer
from inference.pictures.own_shapes import relief_of
from inference.pictures.template import POINTS
from inference.portrait.following import calm_mesh
from inference.portrait.warp import Pose


def led_by_mesh(face: FacePicture, poses: Sequence[Pose], points: Floats) -> list[Pose]:
    """Poses whose skin and lips lie where a film's mesh has them; teeth and tongue go with the shapes as before.

    Args:
        face: made of the film's first picture.
        poses: T of them, see `following.followed`; the first is the picture itself and stays so.
        points: (T, 478, 3) pixels, the mesh in each picture.
    """
    relief, calm = relief_of(face), calm_mesh(points)[:, :POINTS, :2]
    follow = _follow(relief)
    led = [poses[0]]
    for pose, mesh in zip(poses[1:], calm[1:]):
        placed = pose.of(face, relief).copy()
        placed[:, :2] += follow @ (mesh - placed[:POINTS, :2])
        led.append(pose.with_points(relief, placed))
    return led


def _follow(relief: Layer) -> Floats:
    """(N, `POINTS`) float32 how far each of the relief's points goes with the mesh's: evenly between them along its edges, which
    no lip's cross to the other's, and not at all where the head does not reach.
    """
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.linalg import splu

    count = len(relief.points)
    sides = np.concatenate([relief.triangles[:, [one, other]] for one, other in ((0, 1), (1, 2), (2, 0))])
    one, other = np.unique(np.sort(sides, axis=1), axis=0).T
    near = 1 / np.linalg.norm(relief.uv[one] - relief.uv[other], axis=1).clip(1e-3)
    places = np.concatenate([one, other]), np.concatenate([other, one])
    edges = coo_array((np.tile(near, 2), places), shape=(count, count)).tocsr()
    system = (diags_array(edges.sum(axis=1) + 1e-9) - edges).tocsr()
    free = np.flatnonzero((relief.head > 0) & (np.arange(count) >= POINTS))
    follow = np.zeros((count, POINTS), np.float32)
    follow[:POINTS] = np.eye(POINTS)
    if len(free):
        of_mesh = system[free][:, :POINTS].toarray()
        follow[free] = splu(system[free][:, free].tocsc()).solve(-of_mesh)
    return follow
