"""Where there is room beside what stands in a scene."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.characters.free_place import step_aside

BUST = np.array([[-0.25, -0.15, 0.0], [0.25, 0.15, 0.57]])
CUBE = np.array([[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0]])
FLOOR = np.array([[-5.0, -5.0, 0.0], [5.0, 5.0, 0.0]])
SUNKEN_FLOOR = FLOOR - [[0.0, 0.0, 0.3], [0.0, 0.0, -0.005]]
SKY = np.array([[-500.0] * 3, [500.0] * 3])
SMALL = np.array([[-0.02, -0.02, 0.2], [0.02, 0.02, 0.3]])


def test_nothing_in_the_way() -> None:
    assert (
        step_aside(BUST, []) == step_aside(BUST, [np.zeros((0, 3))]) == step_aside(BUST, [CUBE + 7.0]) == 0.0
    )


@pytest.mark.parametrize("floor", [FLOOR, SUNKEN_FLOOR])
def test_a_floor_is_stood_on(floor: np.ndarray) -> None:
    assert step_aside(BUST, [floor]) == 0.0
    assert 1.2 < step_aside(BUST, [floor, CUBE]) < 1.4


@pytest.mark.parametrize("obstacle", [CUBE, SMALL])
def test_clear_of_what_is_there(obstacle: np.ndarray) -> None:
    aside = step_aside(BUST, [obstacle])
    assert BUST[0, 0] + aside > obstacle[1, 0]


def test_a_row_of_characters_stands_side_by_side() -> None:
    row = [BUST]
    for _ in range(4):
        row.append(BUST + [step_aside(BUST, row), 0.0, 0.0])
    starts = [box[0, 0] for box in row]
    assert np.diff(starts).min() > 0.5


def test_who_stands_in_a_room_stays_in_it() -> None:
    assert step_aside(BUST, [SKY]) == 0.0
    assert 1.2 < step_aside(BUST, [SKY, CUBE]) < 1.4


@pytest.mark.parametrize("depth", [0.0, 0.008])
def test_a_drawing_on_a_plane_steps_aside(depth: float) -> None:
    drawing = np.array([[-1.1, -depth, -1.1], [1.1, 0.0, 1.1]])
    aside = step_aside(drawing, [CUBE])
    assert drawing[0, 0] + aside > 1.0
    assert step_aside(BUST, [BUST.mean(axis=0) + drawing]) > 0.0
    assert step_aside(drawing, [drawing + [0.0, 2.0, 0.0]]) == 0.0
