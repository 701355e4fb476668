# SPDX-License-Identifier: GPL-3.0-or-later
"""Least-bending spread of values over the head's cage, as a sheet of skin would take them."""

from __future__ import annotations

import numpy as np

from .head_mesh import Cage, edges_of


class Sheet:
    """Spreads values given at some vertices over the cage with least bending."""

    def __init__(self, cage: Cage, given: np.ndarray) -> None:
        """`given`: boolean mask of the vertices whose values will be known (handles and fixed ones)."""
        count = len(cage.vertices)
        edges = edges_of(cage.faces)
        degree = np.bincount(edges.reshape(-1), minlength=count)
        self._known, self._free = np.flatnonzero(given), np.flatnonzero(~given)
        # Rows of the umbrella operator that touch a free vertex are enough.
        touched = ~given
        touched[edges[:, 0]] |= ~given[edges[:, 1]]
        touched[edges[:, 1]] |= ~given[edges[:, 0]]
        rows = np.flatnonzero(touched)
        row_of = np.full(count, -1)
        row_of[rows] = np.arange(len(rows))
        umbrella = np.zeros((len(rows), count))
        umbrella[np.arange(len(rows)), rows] = 1.0
        for a, b in ((edges[:, 0], edges[:, 1]), (edges[:, 1], edges[:, 0])):
            has_row = row_of[a] >= 0
            umbrella[row_of[a[has_row]], b[has_row]] = -1.0 / degree[a[has_row]]
        free_part, known_part = umbrella[:, self._free], umbrella[:, self._known]
        self._matrix = free_part.T @ free_part
        self._coupling = free_part.T @ known_part

    def spread(self, values: np.ndarray) -> np.ndarray:
        """(V, D) values, read at the given vertices -> values everyrow_of."""
        everywhere = np.array(values, dtype=np.float64)
        everywhere[self._free] = np.linalg.solve(self._matrix, -self._coupling @ values[self._known])
        return everywhere
