"""Shapes are unfolded in meshes with triangles that are nearly lines, such as faces have in the corners of shut lips and eyes."""

from __future__ import annotations

import numpy as np
import pytest

from inference.face.arrays import Floats, Indices
from inference.pictures.refine import areas, refine, unfold
from inference.pictures.template import POINTS, load_template

PUSH = 0.3


def _mesh(thin: float) -> tuple[Floats, Indices]:
    """A grid a unit wide and tall, one of whose rows is as thin as is asked."""
    rows, columns = 9, 12
    x, y = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    y[4] = y[3] + thin
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (
        part.ravel() for part in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:])
    )
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
    return np.stack([x, y, 0 * x], -1).reshape(-1, 3).astype(np.float32), triangles


@pytest.mark.parametrize("faithful", [1.0, 0.01])
@pytest.mark.parametrize("thin", [1e-3, 1e-5])
def test_slivers_throw_nothing_about(thin: float, faithful: float) -> None:
    base, triangles = _mesh(thin)
    shapes = np.zeros((2, len(base), 3), np.float32)
    shapes[0, :, 1] = PUSH * np.exp(-((base[:, 0] - 0.5) ** 2 + (base[:, 1] - 0.4) ** 2) / 0.02)
    shapes[1, :, 0] = -PUSH * np.exp(-((base[:, 0] - 0.6) ** 2 + (base[:, 1] - 0.35) ** 2) / 0.01)
    start, before = areas(base, triangles), areas(base + 2 * shapes, triangles)
    assert (before * np.sign(start) < 0).any()
    unfolded = unfold(base, shapes, triangles, np.full(len(base), faithful, np.float32))
    assert 0.5 * PUSH < np.abs(unfolded).max() <= PUSH
    after = areas(base + 2 * unfolded, triangles)
    assert (after * np.sign(start) < 0).sum() < (before * np.sign(start) < 0).sum()


def test_edges_are_made_straight_where_lips_have_no_part_in_it() -> None:
    fine = refine(load_template().triangles, POINTS, POINTS)
    curled = np.flatnonzero((fine.weights < 0).any(axis=1))
    off_the_lips = np.array([vertex for vertex in curled.tolist() if vertex not in fine.partners][:4])
    straight = fine.without_curves(fine.with_partners(off_the_lips))
    assert (np.sort(straight.weights[off_the_lips], axis=1) == [0, 0, 0.5, 0.5]).all()
    upper = next(vertex for vertex in curled.tolist() if vertex in fine.partners)
    assert fine.with_partners(np.array([upper])).tolist() == sorted([upper, fine.partners[upper]])
