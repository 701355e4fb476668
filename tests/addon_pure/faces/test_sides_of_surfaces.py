"""Which side of a surface is its outer one, however its triangles run, and which side a view shows."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.faces.geometry.raster import front_view
from blender_addon.faces.geometry.sides import outward, seen_from_within
from blender_addon.faces.geometry.surface import Surface, from_polygons, joined

AHEAD, BEHIND = np.eye(3), np.diag([-1.0, 1.0, -1.0])


def bowl(depth: float = 1.0, cells: int = 24, hole: bool = False) -> Surface:
    """A shell over a disc that bulges towards +z, counter-clockwise seen from there; with a hole as a mouth."""
    grid = np.linspace(-1, 1, cells)
    x, y = np.meshgrid(grid, grid)
    points = np.stack([x, y, depth * np.sqrt(np.maximum(0.0, 1 - x**2 - y**2))], axis=2).reshape(-1, 3)
    first = (np.arange(cells - 1)[:, None] * cells + np.arange(cells - 1)).reshape(-1, 1)
    quads = first + [0, 1, cells + 1, cells]
    middle = points[quads].mean(axis=1)
    kept = np.hypot(middle[:, 0], middle[:, 1]) < 0.95
    if hole:
        kept &= (np.abs(middle[:, 0]) > 0.3) | (np.abs(middle[:, 1] + 0.4) > 0.1)
    quads = quads[kept]
    starts = 4 * np.arange(len(quads))
    whole = from_polygons(points, quads.reshape(-1), starts, np.full(len(quads), 4))
    return whole.submesh(np.isin(np.arange(len(points)), quads))[0]


def reversed_where(surface: Surface, chosen: np.ndarray) -> Surface:
    triangles = np.where(chosen[:, None], surface.triangles[:, ::-1], surface.triangles)
    return Surface(surface.vertices, triangles, surface.edges)


def within(surface: Surface, turn: np.ndarray) -> bool:
    turned = surface.moved(surface.vertices @ turn.T)
    view = front_view(turned.vertices, turned.triangles, (0.0, 0.0), 1.5, 48)
    return seen_from_within(turned, view, np.array([0.0, 0.0, 1.0]))


@pytest.mark.parametrize("hole", [False, True])
@pytest.mark.parametrize("wrong", ["none", "all", "half", "every other"])
def test_a_shell_is_seen_from_within_from_behind_alone(hole: bool, wrong: str) -> None:
    shell = bowl(hole=hole)
    right = shell.vertices[shell.triangles].mean(axis=1)[:, 0] > 0
    number = np.arange(len(shell.triangles))
    chosen = {"none": number < 0, "all": number >= 0, "half": right, "every other": number % 2 == 0}[wrong]
    shell = reversed_where(shell, chosen)
    assert set(outward(shell).tolist()) == {{"none": 1, "all": -1}.get(wrong, 0)}
    assert not within(shell, AHEAD) and within(shell, BEHIND)


def test_parts_are_judged_each_by_itself_and_a_closed_one_is_never_seen_from_within() -> None:
    one = bowl()
    back = one.moved(one.vertices * [1, 1, -1])
    closed = joined([one, reversed_where(back, np.ones(len(back.triangles), bool))])
    inside_out = reversed_where(one.moved(one.vertices * 0.5), np.ones(len(one.triangles), bool))
    signs = outward(joined([one, inside_out]))
    assert signs[0] == 1 and signs[-1] == -1
    assert not within(closed, AHEAD) and not within(closed, BEHIND)


def test_a_flat_sheet_is_seen_as_it_runs_and_nothing_is_no_inner_side() -> None:
    sheet = bowl(depth=0.0)
    assert (outward(sheet) == 1).all() and not within(sheet, AHEAD)
    empty = Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros((0, 2), np.int64))
    assert len(outward(empty)) == 0
    assert not within(sheet.moved(sheet.vertices + [9.0, 0.0, 0.0]), AHEAD)
