"""Smooth maps of the plane that take points to given places: a radial kernel and an affine part (Duchon 1977, Bookstein 1989)."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats


def spline_weights(kernel: Floats, points: Floats, wanted: Floats) -> Floats:
    """(N + 3, D) weights with which `spline_values` has values at points.

    Args:
        kernel: (N, N) of the points' distances from each other; what is added on its diagonal lets them be missed a little.
        points: (N, 2).
        wanted: (N, D).
    """
    count = len(points)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel
    system[:count, count:] = _affine(points)
    system[count:, :count] = system[:count, count:].T
    return np.asarray(np.linalg.solve(system, np.concatenate([wanted, np.zeros((3, wanted.shape[1]))])))


def spline_values(kernel: Floats, places: Floats, weights: Floats) -> Floats:
    """(M, D) values at places.

    Args:
        kernel: (M, N) of the places' distances from the points.
        places: (M, 2).
        weights: of `spline_weights`.
    """
    return np.asarray(kernel @ weights[:-3] + _affine(places) @ weights[-3:])


def _affine(places: Floats) -> Floats:
    return np.column_stack([np.ones(len(places)), places])
