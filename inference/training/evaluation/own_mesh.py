"""A film's own face mesh in place of what 52 shapes make of it, so that a renderer is judged by itself, not by the shapes.

A mesh that is found anew in each picture has points that pass each other at the lips' edges. Where a triangle would fold by it,
what it adds to the shapes becomes smoother there: folds draw dots, which count as sharpness and are no detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from inference.face.arrays import Floats
from inference.face.face_picture import FacePicture, Layer
from inference.pictures.own_shapes import relief_of
from inference.pictures.template import POINTS
from inference.portrait.following import calm_mesh
from inference.portrait.warp import Pose

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_LEAST = 0.1
"""Share that a triangle keeps at least of its area as the shapes place it."""
_FLAT = 0.2
"""Share of its area at rest up to which shapes themselves have flattened or folded a triangle: those are left as they are."""
_SMOOTHED, _STEPS = (2, 4, 8), 4
"""How often what folds is averaged with what is around it, each time beside the one before, and in how many steps each."""


def led_by_mesh(face: FacePicture, poses: Sequence[Pose], points: Floats) -> list[Pose]:
    """Poses whose skin and lips lie where a film's mesh has them, without folds; teeth and tongue go with the shapes as before.

    Args:
        face: made of the film's first picture.
        poses: T of them, see `following.followed`; the first is the picture itself and stays so.
        points: (T, 478, 3) pixels, the mesh in each picture.
    """
    relief, calm = relief_of(face), calm_mesh(points)[:, :POINTS, :2]
    edges = _tied(relief)
    follow, smooth = _follow(relief, edges), _smoothing(edges)
    led = [poses[0]]
    for pose, mesh in zip(poses[1:], calm[1:]):
        placed = pose.of(face, relief).copy()
        placed[:, :2] += follow @ (mesh - placed[:POINTS, :2])
        led.append(pose.with_relief(face, unfolded(placed, pose.of(face, relief), relief, smooth)))
    return led


def unfolded(placed: Floats, shaped: Floats, relief: Layer, smooth: csr_array) -> Floats:
    """(N, 3) points, of which few are moved so that no triangle folds but those that shapes flatten or fold as well.

    What a mesh adds to the shapes becomes smoother at the points of folded triangles, step by step, and at last is nothing.

    Args:
        placed: (N, 3) a relief's points.
        shaped: (N, 3) where shapes have them.
        relief: whose triangles.
        smooth: see `_smoothing`.
    """
    even = twice_areas(shaped, relief)
    seen = even / twice_areas(relief.at_rest, relief) > _FLAT
    added = (placed - shaped)[:, :2]
    ways = [added]
    for times in _SMOOTHED:
        ways.append(ways[-1])
        for _ in range(times):
            ways[-1] = smooth @ ways[-1]
    added = np.stack([*ways, np.zeros_like(added)])
    how, rows, result = np.zeros(len(placed), np.int64), np.arange(len(placed)), placed.copy()
    while True:
        folded = seen & (twice_areas(result, relief) / np.where(seen, even, 1) < _LEAST)
        of_folded = np.unique(relief.triangles[folded])
        if not (how[of_folded] < _STEPS * (len(added) - 1)).any():
            return result
        how[of_folded] = (how[of_folded] + 1).clip(0, _STEPS * (len(added) - 1))
        way = np.minimum(how // _STEPS, len(added) - 2)
        share = ((how - _STEPS * way) / np.float32(_STEPS))[:, None]
        result[:, :2] = shaped[:, :2] + (1 - share) * added[way, rows] + share * added[way + 1, rows]


def twice_areas(points: Floats, layer: Layer) -> Floats:
    """(M,) twice the area of each of a layer's triangles, its points at (N, 2) or (N, 3); of the other sign where folded."""
    first, second, third = (points[layer.triangles[:, corner], :2] for corner in range(3))
    one, other = second - first, third - first
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _tied(relief: Layer) -> csr_array:
    """(N, N) how near points are to each other to which an edge leads; no lip's lead to the other's."""
    from scipy.sparse import coo_array

    count = len(relief.points)
    sides = np.concatenate([relief.triangles[:, [one, other]] for one, other in ((0, 1), (1, 2), (2, 0))])
    one, other = np.unique(np.sort(sides, axis=1), axis=0).T
    near = 1 / np.linalg.norm(relief.uv[one] - relief.uv[other], axis=1).clip(1e-3)
    places = np.concatenate([one, other]), np.concatenate([other, one])
    return coo_array((np.tile(near, 2), places), shape=(count, count)).tocsr()


def _smoothing(edges: csr_array) -> csr_array:
    """(N, N) the mean of a point and those around it, see `_tied`."""
    from scipy.sparse import diags_array, eye_array

    return (diags_array(0.5 / (edges.sum(axis=1) + 1e-9)) @ edges + 0.5 * eye_array(edges.shape[0])).tocsr()


def _follow(relief: Layer, edges: csr_array) -> Floats:
    """(N, `POINTS`) float32 how far each of the relief's points goes with the mesh's: evenly between them, see `_tied`, and not
    at all where the head does not reach.
    """
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import splu

    count = len(relief.points)
    system = (diags_array(edges.sum(axis=1) + 1e-9) - edges).tocsr()
    free = np.flatnonzero((relief.head > 0) & (np.arange(count) >= POINTS))
    follow = np.zeros((count, POINTS), np.float32)
    follow[:POINTS] = np.eye(POINTS)
    if len(free):
        of_mesh = system[free][:, :POINTS].toarray()
        follow[free] = splu(system[free][:, free].tocsc()).solve(-of_mesh)
    return follow
