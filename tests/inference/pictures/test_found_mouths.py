"""Of a face that is found in a drawing, the mouth is as wide as it is drawn, wherever the network saw its corners."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import published_puppets
import pytest

from inference.errors import EngineError
from inference.pictures.found_mouths import on_the_drawn_mouth
from inference.pictures.given_points import mesh_of
from inference.pictures.indices import UPPER_INNER

pytest.importorskip("PIL", reason="drawings are drawn with it")
from tools.found_mouths import given

EYES = (120.0, 130.0, 200.0, 130.0)
CORNERS = UPPER_INNER[[0, -1]]
UNIT = 130.0
SKIN, INK = (250, 214, 180), (30, 24, 28)


def drawn(what: str, left: float = 118, right: float = 202) -> np.ndarray:
    """(320, 320, 4) a mouth from one corner to the other, 222 pixels down."""
    picture = np.empty((320, 320, 4), np.uint8)
    picture[...] = (*SKIN, 255)
    y, x = np.mgrid[0:320, 0:320] + 0.5
    share = ((x - left) / (right - left)).clip(0, 1)
    between = (x >= left) & (x <= right)
    sag = 222 + 14 * 4 * share * (1 - share)
    if what == "line":
        picture[between & (np.abs(y - sag) < 3), :3] = INK
    elif what == "open":
        picture[between & (y > 219) & (y < 222 + 36 * 4 * share * (1 - share)), :3] = (120, 20, 40)
    elif what == "white on black":
        picture[..., :3] = 12
        picture[between & (np.abs(y - sag) < 3), :3] = 240
    elif what == "moustache":
        picture[between & (np.abs(y - sag) < 3), :3] = INK
        picture[(np.abs(x - 160) < 90) & (y > 180) & (y < 204), :3] = (70, 45, 25)
    return picture


def found(middle: float = 160, half: float = 30, row: float = 226) -> np.ndarray:
    return mesh_of((*EYES, middle - half, row, middle + half, row), (320, 320))


def off(points: np.ndarray, left: float = 118, right: float = 202) -> float:
    wanted = np.array([(left, 222), (right, 222)])
    return float(np.linalg.norm(points[CORNERS, :2] - wanted, axis=1).max()) / UNIT


@pytest.mark.parametrize("what", ["line", "open", "white on black", "moustache"])
@pytest.mark.parametrize("given", [{}, {"half": 55}, {"middle": 170, "row": 216}])
def test_its_corners_are_where_they_are_drawn(what, given):
    before = found(**given)
    after = on_the_drawn_mouth(drawn(what), before)
    assert off(before) > 0.07 and off(after) < 0.04
    assert after[[33, 263]] == pytest.approx(before[[33, 263]], abs=0.5)  # the eyes stay


@pytest.mark.parametrize(
    "given", [{"what": "nothing"}, {"left": 154, "right": 166}, {"left": 20, "right": 300}]
)
def test_where_no_such_mouth_is_drawn_it_stays(given):
    before = found()
    assert on_the_drawn_mouth(drawn(**{"what": "line", **given}), before) is before


@pytest.mark.parametrize("teeth", [True, False])
def test_of_one_that_is_wide_open_too(teeth):
    """Whose teeth a network takes for all of it."""
    picture = drawn("nothing")
    y, x = np.mgrid[0:320, 0:320] + 0.5
    inside = ((x - 160) / 48) ** 2 + ((y - 238) / 50) ** 2 < 1
    picture[inside, :3] = INK
    picture[((x - 160) / 45) ** 2 + ((y - 238) / 47) ** 2 < 1, :3] = (120, 20, 40)
    if teeth:
        picture[inside & (y < 214) & (y > 196), :3] = 255
    before = found(half=30, row=214)
    after = on_the_drawn_mouth(picture, before)[CORNERS, :2]
    assert np.abs(after - [(112, 238), (208, 238)]).max() < 4


@pytest.mark.parametrize("mouth", [True, False])
def test_a_mouth_that_was_found_on_the_chin_is_the_small_one_above_it(mouth):
    """As networks see faces of children with huge eyes."""
    picture = drawn("line", 148, 172) if mouth else drawn("nothing")
    y, x = np.mgrid[0:320, 0:320] + 0.5
    chin = 262 - 0.004 * (x - 160) ** 2
    picture[y > chin, :3] = (120, 70, 160)
    picture[np.abs(y - chin) < 3, :3] = INK
    before = found(half=42, row=260)
    after = on_the_drawn_mouth(picture, before)
    assert off(after, 148, 172) < 0.04 if mouth else after is before


def test_a_tilted_one_too():
    turn = np.array([[0.9, 0.436], [-0.436, 0.9]])
    y, x = np.mgrid[0:320, 0:320] + 0.5
    back = np.floor((np.stack([x, y], -1) - 160) @ turn.T + 160).astype(int).clip(0, 319)
    tilted = drawn("line")[back[..., 1], back[..., 0]]
    before = found()
    before[:, :2] = (before[:, :2] - 160) @ turn + 160
    after = on_the_drawn_mouth(tilted, before).copy()
    after[:, :2] = (after[:, :2] - 160) @ turn.T + 160
    assert off(after) < 0.04


def test_a_face_of_a_few_pixels_stays():
    before = found()
    before[:, :2] *= 0.01
    assert on_the_drawn_mouth(drawn("line"), before) is before


def test_of_a_face_without_a_nose_too():
    """Whose nose a network sees where the mouth is."""
    before = found()
    before[2, 1] = 232
    assert off(on_the_drawn_mouth(drawn("line"), before)) < 0.04


def test_a_puppets_own_points_are_what_is_found_again(tmp_path: Path) -> None:
    folder = published_puppets.write(tmp_path / "wilk", outer_lips=False, border_points=8, size=240, gap=0.0)
    name, picture, points = given(folder)
    face = published_puppets.landmarks_of(240, 0.0)
    assert name == "wilk" and picture.shape == (240, 240, 4)
    np.testing.assert_allclose(points[:2], [face[36:42].mean(axis=0), face[42:48].mean(axis=0)], atol=1e-4)
    np.testing.assert_allclose(points[2:], face[[60, 64]], atol=1e-4)


def test_a_folder_without_a_puppet_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="holds no puppet"):
        given(tmp_path)
