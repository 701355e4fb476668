"""Drawings in other hands: eyes that touch, white ones of a light face, shut ones, lines on black, mouths drawn open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from inference.face.arrays import Floats
from inference.face.face_picture import PICTURED, SHAPE_NAMES
from inference.pictures import drawn_eye_twins
from inference.pictures.build import build_drawing
from inference.pictures.colours import palette_of
from inference.pictures.drawn_eye_areas import DrawnEye, drawn_eyes
from inference.pictures.drawn_eye_twins import twins
from inference.pictures.drawn_eyes import drawn_eye_layers
from inference.pictures.drawn_mouth import drawn_mouth, on_the_line
from inference.pictures.drawn_opening import is_skin_between, on_an_unshown_opening
from inference.pictures.filling import blurred
from inference.pictures.frame import FaceFrame, face_frame
from inference.pictures.given_points import mesh_of
from inference.pictures.indices import LOWER_INNER, UPPER_INNER
from inference.pictures.own_shapes import own_shapes_of, relief_of
from inference.pictures.template import POINTS
from tools.picture_figures import lip_gap

SIZE = 320
INK, WHITE, TONGUE, HOLLOW, BLACK = (
    (30, 24, 28),
    (255, 255, 255),
    (235, 110, 120),
    (110, 20, 40),
    (12, 12, 14),
)
Y, X = np.mgrid[0:SIZE, 0:SIZE] + 0.5
EYES, MOUTH = ((125.0, 140.0), (195.0, 140.0)), ((115.0, 205.0), (205.0, 205.0))
CLICKS = tuple(value for place in (*EYES, *MOUTH) for value in place)
Colour = tuple[int, int, int]


class Drawing:
    """A round face of one colour, drawn on."""

    def __init__(self, skin: Colour, ground: Colour = (150, 190, 220), outline: Colour = INK) -> None:
        self.skin = skin
        self.picture = np.full((SIZE, SIZE, 4), (*ground, 255), np.uint8)
        self.oval(160, 165, 98, 115, outline)
        self.oval(160, 165, 95, 112, skin)

    def paint(self, mask: np.ndarray, colour: Colour) -> None:
        self.picture[mask, :3] = colour

    def oval(self, x: float, y: float, across: float, up: float, colour: Colour) -> None:
        self.paint(((X - x) / across) ** 2 + ((Y - y) / up) ** 2 < 1, colour)

    def eyes(self, across: float, up: float, iris: float, line: float, ink: Colour = INK) -> None:
        for x, y in EYES:
            if line:
                self.oval(x, y, across, up, ink)
            self.oval(x, y, across - line, up - line, WHITE)
            self.oval(x, y, iris, iris, INK)

    def seen_eyes(self) -> tuple[DrawnEye, ...]:
        mesh, frame = self.face()
        return drawn_eyes(self.picture, mesh, mesh[:POINTS], frame, np.array(self.skin, np.float32))

    def face(self, clicks: Sequence[float] = CLICKS) -> tuple[Floats, FaceFrame]:
        mesh = mesh_of(clicks, (SIZE, SIZE)) * np.array([1, 1, -1], np.float32)
        return mesh, face_frame(mesh)


def covers(eye: DrawnEye, wanted: np.ndarray) -> float:
    """Overlap of what was found with what was drawn: intersection over union."""
    found = np.zeros((SIZE, SIZE), bool)
    height, width = eye.eye.shape
    found[eye.top : eye.top + height, eye.left : eye.left + width] = eye.eye
    return float((found & wanted).sum() / (found | wanted).sum())


def within(eye: int, across: float, up: float) -> np.ndarray:
    x, y = EYES[eye]
    return np.asarray(((X - x) / across) ** 2 + ((Y - y) / up) ** 2 < 1)


LIGHT, YELLOW = (255, 228, 212), (255, 216, 60)


def large_whites_without_a_line() -> tuple[Drawing, float, float]:
    drawing = Drawing(LIGHT)
    drawing.eyes(29, 28, 14, 0)
    return drawing, 29, 28


def eyes_that_touch() -> tuple[Drawing, float, float]:
    drawing = Drawing(YELLOW)
    drawing.eyes(34.5, 34.5, 5, 3)
    return drawing, 34.5, 34.5


def lines_on_black() -> tuple[Drawing, float, float]:
    drawing = Drawing(BLACK, BLACK, WHITE)
    for x, y in EYES:
        drawing.oval(x, y, 20, 15, WHITE)
        drawing.oval(x, y, 17, 12, BLACK)
        drawing.oval(x, y, 6, 6, WHITE)
    return drawing, 20, 15


def a_brow_that_touches() -> tuple[Drawing, float, float]:
    drawing = Drawing((180, 210, 120))
    drawing.paint((np.abs(Y - 121 - 0.25 * np.abs(X - 160)) < 5) & (np.abs(np.abs(X - 160) - 45) < 25), INK)
    drawing.eyes(20, 17, 6, 3)
    return drawing, 20, 17


def very_thick_lines() -> tuple[Drawing, float, float]:
    drawing = Drawing(WHITE)
    for x, y in EYES:
        for half, colour in ((31.5, INK), (20, (120, 220, 255)), (8, INK)):
            drawing.oval(x, y, half, half, colour)
    return drawing, 31.5, 31.5


@pytest.mark.parametrize(
    "style",
    [large_whites_without_a_line, eyes_that_touch, lines_on_black, a_brow_that_touches, very_thick_lines],
)
def test_all_of_an_eye_and_nothing_else_is_the_eye(style):
    drawing, across, up = style()
    for number, eye in enumerate(drawing.seen_eyes()):
        assert covers(eye, within(number, across, up)) > 0.85
        assert np.abs(eye.skin - drawing.skin).max() < 6 and not eye.shut


def test_hair_beside_an_eye_does_not_colour_its_lid():
    drawing = Drawing(LIGHT)
    drawing.paint(Y < 140, (200, 140, 60))
    drawing.eyes(20, 14, 8, 3)
    for eye in drawing.seen_eyes():
        assert np.abs(eye.skin - LIGHT).max() < 6


@pytest.mark.parametrize("bend", [-0.02, 0.0, 0.02])
def test_eyes_drawn_shut_stay_shut(bend):
    drawing = Drawing((250, 214, 180))
    for x, y in EYES:
        drawing.paint((np.abs(Y - y - bend * ((X - x) ** 2 - 150)) < 2.5) & (np.abs(X - x) < 18), INK)
    eyes = drawing.seen_eyes()
    assert all(eye.shut for eye in eyes)
    mesh, frame = drawing.face()
    layers, textures = drawn_eye_layers(eyes, mesh, mesh[:POINTS], frame, palette_of(drawing.picture))
    assert not layers and not textures


@pytest.mark.parametrize(("across", "up"), [(8, 11), (3, 12), (7, 7)])
def test_dots_are_open_eyes(across, up):
    drawing = Drawing((250, 214, 180))
    for x, y in EYES:
        drawing.oval(x, y, across, up, INK)
    assert not any(eye.shut for eye in drawing.seen_eyes())


def test_a_shut_lid_has_a_line_that_is_seen_on_black():
    drawing, *_ = lines_on_black()
    mesh, frame = drawing.face()
    _, textures = drawn_eye_layers(
        drawing.seen_eyes(), mesh, mesh[:POINTS], frame, palette_of(drawing.picture)
    )
    for name in ("lid_left", "lid_right"):
        assert textures[name][0, 0, 0] < 30 and textures[name][-1, 0, 0] > 220


def test_a_line_of_crayon_encloses_an_eye_though_paper_shows_in_it():
    drawing = Drawing(WHITE)
    grain = np.random.RandomState(3).rand(SIZE // 2, SIZE // 2).repeat(2, 0).repeat(2, 1) > 0.25
    rings = []
    for x, y in EYES:
        off = np.hypot((X - x) / 22, (Y - y) / 24)
        rings.append(off < 1)
        drawing.paint(grain & (((off > 0.72) & (off < 1)) | (np.hypot(X - x, Y - y) < 6)), (40, 60, 150))
    for eye, ring in zip(drawing.seen_eyes(), rings):
        assert covers(eye, ring) > 0.85


def test_an_iris_as_brown_as_an_ear_is_the_eyes_with_its_line_and_lid():
    drawing = Drawing((200, 150, 90))
    for x, y in EYES:
        drawing.oval(x + (30 if x > 160 else -30), y, 12, 60, (120, 80, 40))  # ears
        for half, colour in ((15, INK), (12, (90, 55, 25)), (6.5, INK)):
            drawing.oval(x, y, half, half, colour)
        drawing.oval(x - 4, y - 4, 3.5, 3.5, WHITE)
    for eye, seen in enumerate(drawing.seen_eyes()):
        assert covers(seen, within(eye, 15, 15)) > 0.9
        assert np.abs(seen.skin - drawing.skin).max() < 8


@pytest.mark.parametrize(("half", "light"), [(9.0, 0.3), (7.5, 0.5)])
def test_an_iris_in_grains_is_no_eye_by_itself(half, light):
    drawing = Drawing((240, 238, 232))
    drawing.eyes(22, 13, half, 2)
    grain = np.random.default_rng(3).random((SIZE, SIZE)) < light
    for x, y in EYES:
        drawing.oval(x, y, 20, 11, drawing.skin)  # paper in it
        drawing.oval(x, y, half, half, INK)
        drawing.paint((((X - x) / half) ** 2 + ((Y - y) / half) ** 2 < 1) & grain, (215, 213, 210))
    for eye, seen in enumerate(drawing.seen_eyes()):
        assert covers(seen, within(eye, 22, 13)) > 0.9


def test_an_eye_that_hatching_cuts_short_is_as_large_as_the_other():
    drawing = Drawing((246, 245, 240))
    drawing.eyes(24, 13, 7, 2)
    mesh, _ = drawing.face()
    left, right = drawing.seen_eyes()
    cut = replace(right, eye=right.eye & (right.places[..., 0] < EYES[1][0] + 14))
    assert covers(cut, within(1, 24, 13)) < 0.9
    made = twins((left, cut), mesh)
    assert covers(made[1], within(1, 24, 13)) > 0.95
    assert made[0] is left


@pytest.mark.parametrize(
    ("size", "line", "shift"), [(90, 3, (4, -6)), (420, 3, (-17, 21)), (900, 24, (36, 40))]
)
def test_of_a_large_drawing_as_many_shifts_of_an_eye_are_tried_as_of_a_small_one(
    size, line, shift, monkeypatch
):
    """And the one that is found is the very best of all."""
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    away = np.hypot(x, 1.7 * y + 0.3 * x * x)
    lines = np.abs(away - 0.33) * size < line / 2
    lines |= (np.abs(away - 0.42) * size < line / 2) & (y < 0)
    lines |= (np.hypot(x - 0.03, y) < 0.09) & (np.hypot(x - 0.06, y + 0.03) > 0.02)
    own = np.roll(lines, (-shift[1], -shift[0]), (0, 1)) & (x < 0.2)  # hair hides the rest of it
    pixels = np.argwhere(own)[:, ::-1]
    tried: list[int] = []
    at = drawn_eye_twins._at
    monkeypatch.setattr(
        drawn_eye_twins, "_at", lambda mask, places: tried.append(len(places)) or at(mask, places)
    )
    reach = round(0.08 * size)
    assert drawn_eye_twins._best_shift(lines, pixels, reach).tolist() == list(shift)
    assert at(lines, pixels + shift).sum() == own.sum()
    assert len(tried) <= 19**2 + 4 * 25 and sum(tried) <= 300 * len(pixels)


def test_a_narrower_eye_of_a_face_that_looks_aside_stays_narrow():
    drawing = Drawing((246, 245, 240))
    for (x, y), across in zip(EYES, (24, 15)):
        drawing.oval(x, y, across, 13, INK)
        drawing.oval(x, y, across - 2, 11, WHITE)
        drawing.oval(x, y, 7, 7, INK)
    mesh, _ = drawing.face()
    seen = drawing.seen_eyes()
    assert twins(seen, mesh) is seen


def test_the_lid_of_an_eye_in_a_line_has_the_faces_colour_beside_scenery():
    skin = (255, 217, 50)
    drawing = Drawing(skin)
    for x, y in EYES:
        drawing.oval(x, y, 35.5, 35.5, INK)
        drawing.oval(x, y, 30.5, 30.5, WHITE)
        drawing.oval(x + 3, y, 4, 4, INK)
    drawing.paint(X - EYES[1][0] > 33, INK)
    drawing.paint(X - EYES[1][0] > 41, (140, 200, 240))
    for eye in drawing.seen_eyes():
        assert np.abs(eye.skin - skin).max() < 3


def grin(drawing: Drawing, teeth: Colour, hollow: Colour, ink: Colour = INK) -> np.ndarray:
    """A mouth drawn open, its corners where the clicks are; returns where its inside is."""
    top = 205 + 8 * (1 - ((X - 160) / 45).clip(-1, 1) ** 2)
    bottom = 205 + 45 * (1 - ((X - 160) / 45).clip(-1, 1) ** 2)
    drawing.paint((top - 3 < Y) & (bottom + 3 > Y) & (np.abs(X - 160) < 47), ink)
    inside = (top < Y) & (bottom > Y) & (np.abs(X - 160) < 45)
    drawing.paint(inside, hollow)
    drawing.paint(inside & (top + 12 > Y), teeth)
    return inside


@pytest.mark.parametrize(
    ("teeth", "hollow"), [(WHITE, HOLLOW), (WHITE, WHITE), (HOLLOW, HOLLOW), (WHITE, TONGUE)]
)
def test_four_clicks_find_a_mouth_that_is_drawn_open(teeth, hollow):
    drawing = Drawing((240, 180, 140))
    inside = grin(drawing, teeth, hollow)
    mesh, frame = drawing.face()
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    columns = moved[UPPER_INNER[3:8], 0].round().astype(int)
    rows = [np.flatnonzero(inside[:, column])[[0, -1]] for column in columns]
    found = np.stack([moved[UPPER_INNER[3:8], 1], moved[LOWER_INNER[3:8], 1]], axis=1)
    assert np.abs(found - rows).max() < 0.035 * frame.unit


@pytest.mark.parametrize("half", [15, 18, 24])
def test_four_clicks_find_a_mouth_that_is_a_tall_o(half):
    """It reaches farther up and down, in widths of itself, than any other mouth; the corners are its sides."""
    drawing = Drawing((240, 180, 140))
    drawing.oval(160, 205, half + 3, 31, INK)
    drawing.oval(160, 205, half, 28, HOLLOW)
    drawing.oval(160, 225, half - 4, 8, TONGUE)
    mesh, frame = drawing.face([*CLICKS[:4], 160 - half, 205, 160 + half, 205])
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    middle = moved[[UPPER_INNER[5], LOWER_INNER[5]], 1]
    assert np.abs(middle - [177, 233]).max() < 6


def test_teeth_that_hide_the_line_above_leave_the_line_below_to_the_lip():
    drawing = Drawing((240, 180, 140))
    inside = grin(drawing, WHITE, HOLLOW)
    top = 205 + 8 * (1 - ((X - 160) / 45) ** 2)
    drawing.paint((np.abs(X - 160) < 28) & (top - 4 < Y) & (top + 12 > Y), WHITE)
    mesh, frame = drawing.face()
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    for vertex in LOWER_INNER[4:7]:
        column = int(moved[vertex, 0])
        assert moved[vertex, 1] == pytest.approx(np.flatnonzero(inside[:, column])[-1] + 1, abs=1.1)


def test_an_opening_may_be_as_dark_as_the_scenery():
    """A mask on a black curtain: what lies beyond the face is nothing that the mouth lies in."""
    drawing = Drawing((235, 225, 205), ground=(24, 10, 14))
    drawing.paint(np.abs(X - 160) > 74, (24, 10, 14))
    grin(drawing, BLACK, BLACK, ink=BLACK)
    mesh, frame = drawing.face()
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    assert np.ptp(moved[[UPPER_INNER[5], LOWER_INNER[5]], 1]) > 0.2 * frame.unit


def test_a_mouth_is_open_on_skin_that_is_shaded():
    drawing = Drawing((255, 224, 138))
    shade = (np.hypot(X - 160, Y - 130) / 130).clip(0, 1)[..., None]
    shaded = np.array(drawing.skin) * (1 - shade) + np.array([255, 200, 40]) * shade
    skin = (drawing.picture[..., :3] == drawing.skin).all(axis=-1)
    drawing.picture[skin, :3] = shaded[skin]
    inside = grin(drawing, WHITE, HOLLOW, ink=HOLLOW)
    mesh, frame = drawing.face()
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    rows = np.flatnonzero(inside[:, 160])[[0, -1]]
    assert np.abs(moved[[UPPER_INNER[5], LOWER_INNER[5]], 1] - rows).max() < 0.06 * frame.unit


def test_a_mouth_that_is_wide_open_has_a_chin_below_it():
    drawing = Drawing((240, 180, 140))
    mouth = (np.abs(X - 160) < 62) & (Y > 185) & (((X - 160) / 62) ** 2 + ((Y - 185) / 72) ** 2 < 1)
    drawing.paint(mouth, HOLLOW)
    drawing.paint(mouth & (Y < 203), WHITE)
    mesh, frame = drawing.face([*CLICKS[:4], 98, 187, 222, 187])
    assert mesh[152, 1] < 257  # where a chin usually is there is mouth
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    assert abs(moved[LOWER_INNER[5], 1] - 257) < 4 and moved[152, 1] > 262


def test_painted_lips_around_an_opening_are_lips():
    drawing = Drawing((255, 222, 205))
    drawing.oval(160, 212, 46, 26, (210, 40, 70))
    drawing.oval(160, 212, 36, 13, HOLLOW)
    drawing.paint((((X - 160) / 36) ** 2 + ((Y - 212) / 13) ** 2 < 1) & (Y < 208), WHITE)
    drawing.picture = np.rint(blurred(drawing.picture, 0.6)).astype(np.uint8)
    mesh, frame = drawing.face()
    moved = on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame)
    assert moved is not None
    middle = moved[[UPPER_INNER[5], LOWER_INNER[5]], 1]
    assert np.abs(middle - [199, 225]).max() < 4


def test_a_mouth_drawn_open_as_a_box_shuts_wholly_also_at_its_sides():
    drawing = Drawing((175, 185, 195))
    drawing.eyes(24, 16, 9, 3)
    for x in range(115, 205, 10):  # teeth
        drawing.paint((np.abs(X - x - 5) < 5) & (np.abs(Y - 205) < 14), WHITE if x % 20 else HOLLOW)
    face = build_drawing(drawing.picture, mesh_of(CLICKS, (SIZE, SIZE)), {})
    relief = relief_of(face)
    assert np.abs(relief.shapes[SHAPE_NAMES.index(PICTURED)]).max() > 10  # the mouth was seen to be open
    assert lip_gap(face, relief, np.zeros(len(SHAPE_NAMES), np.float32)) < 0.005


def a_line(drawing: Drawing) -> None:
    drawing.paint((np.abs(Y - 205 - 10 * (1 - ((X - 160) / 45) ** 2)) < 3) & (np.abs(X - 160) < 45), INK)


def test_a_line_of_chalk_goes_on_where_there_is_a_hole_in_it():
    drawing = Drawing((38, 58, 50), ground=(38, 58, 50), outline=(228, 230, 222))
    depth = 28 * (1 - ((X - 160) / 45) ** 2)
    drawing.paint((np.abs(Y - 205 - depth) < 4) & (np.abs(X - 160) < 45), (228, 230, 222))
    drawing.paint((np.abs(Y - 205 - depth) < 8) & (np.abs(X - 160) < 2), (38, 58, 50))
    mesh, frame = drawing.face()
    moved = on_the_line(drawing.picture, mesh[:POINTS], frame)
    assert np.abs(moved[UPPER_INNER[4:7], 1] - [230, 233, 230]).max() < 4


def painted_lips(drawing: Drawing) -> None:
    drawing.oval(160, 205, 45, 15, (215, 50, 80))
    drawing.paint((np.abs(Y - 205) < 1.5) & (np.abs(X - 160) < 43), (110, 10, 40))


def a_thick_bar(drawing: Drawing) -> None:
    drawing.paint((np.abs(Y - 205) < 8) & (np.abs(X - 160) < 45), INK)


def a_moustache(drawing: Drawing) -> None:
    drawing.oval(160, 190, 75, 14, (70, 45, 25))
    a_line(drawing)


@pytest.mark.parametrize("mouth", [a_line, painted_lips, a_thick_bar, a_moustache])
def test_a_shut_mouth_is_no_opening(mouth):
    drawing = Drawing((240, 180, 140))
    mouth(drawing)
    mesh, frame = drawing.face()
    assert on_an_unshown_opening(drawing.picture, mesh[:POINTS], frame) is None


def test_lips_lie_on_a_light_line():
    drawing = Drawing(BLACK, BLACK, WHITE)
    drawing.paint((np.abs(Y - 209 - 6 * (1 - ((X - 160) / 45) ** 2)) < 2) & (np.abs(X - 160) < 45), WHITE)
    mesh, frame = drawing.face()
    moved = on_the_line(drawing.picture, mesh[:POINTS], frame)
    assert abs(float(moved[UPPER_INNER[5], 1]) - 215) < 1.5
    drawn = drawn_mouth(
        drawing.picture, moved, frame, palette_of(drawing.picture), np.array(BLACK, np.float32)
    )
    assert drawn.line * frame.unit == pytest.approx(4, abs=1.5) and drawn.ink.min() > 200


@pytest.mark.parametrize("deep", [-14.0, 8.0, 20.0, 34.0, 50.0])
def test_lips_lie_on_a_line_however_it_is_bowed(deep):
    drawing = Drawing((240, 180, 140))
    bow = 205 + deep * (1 - ((X - 160) / 45) ** 2)
    drawing.paint((np.abs(Y - bow) < 2.5) & (np.abs(X - 160) < 45), INK)
    mesh, frame = drawing.face()
    moved = on_the_line(drawing.picture, mesh[:POINTS], frame)
    for place in (2, 5, 7):
        across, down = moved[UPPER_INNER[place], :2]
        assert abs(down - 205 - deep * (1 - ((across - 160) / 45) ** 2)) < 3


def test_lips_lie_on_their_line_and_not_on_the_moustache_above():
    drawing = Drawing((240, 180, 140))
    drawing.oval(160, 186, 75, 14, (70, 45, 25))
    drawing.paint((np.abs(Y - 209) < 2) & (np.abs(X - 160) < 45), (120, 50, 45))
    mesh, frame = drawing.face()
    moved = on_the_line(drawing.picture, mesh[:POINTS], frame)
    assert np.abs(moved[UPPER_INNER[2:9], 1] - 209).max() < 2


def test_between_two_fine_lines_nothing_is_open_though_a_network_sees_lips_there():
    drawing = Drawing((255, 255, 255))
    drawing.eyes(20, 11, 6, 1)
    drawing.paint((np.abs(X - 160) < 45) & (np.abs(Y - 205) < 1), INK)
    drawing.paint((np.abs(X - 160) < 25) & (np.abs(Y - 231) < 1), INK)
    seen = mesh_of(CLICKS, (SIZE, SIZE))
    seen[LOWER_INNER[1:-1], 1] += 18
    for source, moves in (({"points": "found"}, False), ({"points": "shown"}, True)):
        relief = relief_of(build_drawing(drawing.picture, seen, source))
        lips = relief.shapes[SHAPE_NAMES.index(PICTURED), LOWER_INNER[3:8]].astype(float)
        assert (np.abs(lips).max() > 3) == moves
    drawing.paint((np.abs(X - 160) < 44) & (np.abs(Y - 214) < 9), HOLLOW)
    assert not is_skin_between(drawing.picture, seen[:POINTS])


def test_a_face_upside_down_opens_its_mouth_downwards_for_itself():
    drawing = Drawing(LIGHT)
    drawing.eyes(20, 12, 7, 2)
    drawing.paint((np.abs(X - 160) < 45) & (np.abs(Y - 205) < 2), INK)
    face = build_drawing(drawing.picture, mesh_of(CLICKS, (SIZE, SIZE)), {})
    relief, turned = relief_of(face), np.array([-1, -1, 1])
    points = (relief.points * turned + [SIZE, SIZE, 0]).astype(np.float32)
    lying = replace(relief, points=points, shapes=(relief.shapes * turned).astype(np.float16))
    layers = [lying if layer is relief else layer for layer in face.layers]
    shapes = [own_shapes_of(one) for one in (face, replace(face, layers=layers))]
    jaw = SHAPE_NAMES.index("jawOpen")
    first, second = (one.deltas[jaw, 57] for one in shapes)  # the lower lip
    assert first[1] < -0.05 and np.abs(first - second).max() < 0.01
    assert np.abs(shapes[0].neutral - shapes[1].neutral).max() < 0.1


def test_teeth_are_white_whatever_is_lightest():
    drawing = Drawing((250, 214, 180), ground=(225, 240, 200))
    a_line(drawing)
    mesh, frame = drawing.face()
    drawn = drawn_mouth(
        drawing.picture, mesh[:POINTS], frame, palette_of(drawing.picture), np.array(drawing.skin, np.float32)
    )
    assert np.ptp(drawn.teeth) < 8 and drawn.teeth.min() > 230
