"""A face drawn in strokes, without Blender: what follows what, how far, and where a face is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.motion import drawn_face, drawn_guess, drawn_motion
from blender_addon.motion.drawn_face import Stroke
from blender_addon.motion.drawn_weights import weights_of
from blender_addon.rigs import drawn_parts


def oval(x: float, y: float, width: float, height: float, part: str = "", count: int = 24) -> Stroke:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + 0.01
    return Stroke(np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1), True, True, part)


def robot() -> list[Stroke]:
    """A face whose mouth is drawn open."""
    return [
        oval(0, -0.4, 1.0, 1.2, "OUTLINE"),
        oval(-0.4, 0, 0.15, 0.1, "EYE"),
        oval(0.4, 0, 0.15, 0.1, "EYE"),
        oval(0, -0.9, 0.3, 0.1, "MOUTH"),
    ]


COLUMNS = drawn_face.LIP_COLUMNS


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Oberlippe", "UPPER_LIP"),
        ("lip_lower", "LOWER_LIP"),
        ("Mund innen", "MOUTH"),
        ("MouthInside", "INSIDE"),
        ("Auge.L", "EYE_L"),
        ("eyeBrow_right", "BROW_R"),
        ("Zähne", "TEETH"),
        ("Pupils", "PUPIL"),
        ("Linkes Augenlid", "LID_L"),
        ("Solid", ""),
        ("Boca", "MOUTH"),
        ("Párpado izq.", "LID_L"),
        ("L'Œil droit", "EYE_R"),
        ("左目", "EYE_L"),
        ("口の中", "INSIDE"),
        ("левая бровь", "BROW_L"),
        ("Lid der Augen", "LID"),
        ("Eyelashes.R", "LASH_R"),
        ("Wimpern", "LASH"),
        ("左まつげ", "LASH_L"),
        ("Lower Lashes", "STILL"),
        ("Lower Eyelashes", "STILL"),
        ("EyelashesBottom.L", "STILL"),
        ("Linke untere Wimpern", "STILL"),
        ("Unterwimpern", "STILL"),
        ("Cils inférieurs", "STILL"),
        ("Pestañas de abajo", "STILL"),
        ("Ciglia inferiori", "STILL"),
        ("下まつげ", "STILL"),
        ("Нижние ресницы", "STILL"),
        ("Upper Lashes", "LASH"),
        ("Lower Lid.L", "STILL"),
        ("Unterlid", "STILL"),
        ("下まぶた", "STILL"),
        ("Oberlid links", "LID_L"),
        ("嘴", "MOUTH"),
        ("左眼睛", "EYE_L"),
        ("右 眉毛", "BROW_R"),
        ("眼皮", "LID"),
        ("下睫毛", "STILL"),
        ("上嘴唇", "UPPER_LIP"),
        ("口腔", "INSIDE"),
        ("頭髮", "STILL"),
        ("臉", "OUTLINE"),
        ("입", "MOUTH"),
        ("왼쪽눈", "EYE_L"),
        ("오른눈썹", "BROW_R"),
        ("속눈썹 왼쪽", "LASH_L"),
        ("아래 속눈썹", "STILL"),
        ("아랫입술", "LOWER_LIP"),
        ("머리카락", "STILL"),
        ("얼굴", "OUTLINE"),
        ("Íris esquerda", "PUPIL_L"),
        ("Радужка правая", "PUPIL_R"),
        ("Lèvre du bas", "LOWER_LIP"),
        ("Slash", ""),
        ("", ""),
        ("Heart", ""),
    ],
)
def test_names(name: str, part: str):
    assert drawn_parts.part_of(name) == part


def test_weights_are_shares():
    strokes = [*robot(), oval(0.1, -0.7, 0.5, 0.3), oval(0, -6.0, 1.0, 2.0)]
    face = drawn_face.fit(strokes)
    weights = weights_of(face, strokes)
    assert weights.min() >= 0 and weights.sum(axis=1).max() <= 1 + 1e-5
    assert weights[-24:].max() == 0  # a body far below the head stays
    mouth = weights[72:96, : 2 * drawn_face.LIP_COLUMNS]
    assert np.allclose(mouth.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("slant", [0.0, 0.004])
def test_a_box_of_four_points_opens_and_shuts_as_a_box(first, slant):
    box = np.array([(-0.3 + slant, -0.95), (0.3, -0.95), (0.3 + slant, -0.8), (-0.3, -0.8)])
    mouth = Stroke(np.roll(box, first, axis=0), True, True, "MOUTH")
    strokes = [*robot()[:-1], mouth]
    face = drawn_face.fit(strokes)
    assert face.opens and face.mouth.is_box
    assert np.allclose(face.mouth.upper, -0.8) and np.allclose(face.mouth.lower, -0.95)
    weights = np.roll(weights_of(face, strokes)[-4:], -first, axis=0)
    upper, lower = (weights[:, part].sum(axis=1) for part in (slice(0, COLUMNS), slice(COLUMNS, 2 * COLUMNS)))
    assert np.allclose(upper, [0, 0, 1, 1]) and np.allclose(lower, [1, 1, 0, 0])
    assert weights[:, [0, COLUMNS - 1, COLUMNS, 2 * COLUMNS - 1]].max() == 0  # both lips meet at the ends
    assert not drawn_face.fit(robot()).mouth.is_box


@pytest.mark.parametrize("along", [1, 3])
@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("sides", [(0, 1, 2, 3), (1, 3), (3,)])
def test_a_box_with_points_along_its_sides_opens_and_shuts_as_a_box(along, direction, sides):
    corners = np.array([(-0.3, -0.95), (0.3, -0.95), (0.3, -0.8), (-0.3, -0.8)])
    rows = []
    for number, (corner, following) in enumerate(zip(corners, np.roll(corners, -1, axis=0))):
        shares = (
            np.linspace(0, 1, along + 1, endpoint=False)[:, None] if number in sides else np.zeros((1, 1))
        )
        rows.append(corner + shares * (following - corner))
    box = np.concatenate(rows)[::direction]
    for first in range(len(box)):
        mouth = Stroke(np.roll(box, first, axis=0), True, True, "MOUTH")
        strokes = [*robot()[:-1], mouth]
        face = drawn_face.fit(strokes)
        assert face.mouth.is_box
        assert np.allclose(face.mouth.upper, -0.8) and np.allclose(face.mouth.lower, -0.95)
        weights = weights_of(face, strokes)[-len(box) :]
        lower = weights[:, COLUMNS : 2 * COLUMNS].sum(axis=1)
        assert np.allclose(lower, (-0.8 - mouth.points[:, 1]) / 0.15, atol=1e-6)
        lips = drawn_motion._lips(face, np.zeros((1, 68, 2)), np.ones(1), np.ones(1, bool))
        moved = np.concatenate(lips, axis=1)[0, :, 1]
        shut = mouth.points[:, 1] + weights[:, : 2 * COLUMNS] @ moved
        assert np.ptp(shut) == pytest.approx(face.slit, abs=1e-5)


@pytest.mark.parametrize(
    "outline",
    [
        [(-0.3, -0.95), (0.0, -0.8), (0.3, -0.95)],
        [(-0.3, -0.8), (0.0, -0.95), (0.3, -0.8)],
        *(
            [(-0.3, -0.95), (0.3 - slant, -0.95), (0.3, -0.8), (slant - 0.3, -0.8)]
            for slant in (0.02, 0.1, 0.3)
        ),
        *([(-0.3, -0.95), (0.3, -0.95), (0.3 - slant, -0.8), (slant - 0.3, -0.8)] for slant in (0.05, 0.2)),
        [(-0.3, -0.95), (0.3, -0.75), (0.3, -0.6), (-0.3, -0.8)],
        [(-0.3, -0.9), (-0.15, -0.97), (0.2, -0.97), (0.3, -0.9), (0.1, -0.8), (-0.1, -0.8)],
        oval(0.0, -0.9, 0.3, 0.08).points[::5],
    ],
)
def test_a_mouth_of_few_points_shuts_but_for_its_slit(outline):
    mouth = Stroke(np.array(outline), True, True, "MOUTH")
    strokes = [*robot()[:-1], mouth]
    face = drawn_face.fit(strokes)
    lips = drawn_motion._lips(face, np.zeros((1, 68, 2)), np.ones(1), np.ones(1, bool))
    weights = weights_of(face, strokes)[-len(mouth.points) :, : 2 * COLUMNS]
    shut = mouth.points + np.stack(
        [np.zeros(len(weights)), weights @ np.concatenate(lips, axis=1)[0, :, 1]], axis=1
    )
    before, after = (np.roll(shut[:, 1], shift) for shift in (1, -1))
    area = abs(np.sum(shut[:, 0] * (after - before))) / 2
    assert area <= 1.05 * face.slit * face.mouth.width


def test_a_mouth_that_opens_as_an_oval_has_round_corners():
    across = np.linspace(0, 1, 5)
    at = np.array([0.05, 0.95])
    for height, corner in ((2 * np.sqrt(across * (1 - across)), 0.4), (4 * across * (1 - across), 0.19)):
        lip = np.stack([0.1 * across, height], axis=1)[None]
        round_ = drawn_motion._roundness(2 * height[None])
        assert np.allclose(drawn_motion._edge(lip, across, round_), lip, atol=1e-9)
        assert drawn_motion._edge(lip, at, round_)[0, :, 1] == pytest.approx([corner, corner], abs=0.06)


@pytest.mark.parametrize("filled", [False, True])
def test_lashes_come_down_with_the_lid_as_they_are(filled):
    lash = oval(-0.36, 0.12, 0.15, 0.02, "LASH")
    strokes = [*robot(), Stroke(lash.points, lash.closed, filled, lash.part)]
    face = drawn_face.fit(strokes)
    columns = [
        number for number, name in enumerate(face.names) if name.startswith("Lid ") and name.endswith(".R")
    ]
    weights = weights_of(face, strokes)[-len(lash.points) :]
    assert np.allclose(weights[:, columns].sum(axis=1), 1, atol=1e-6)
    bare = drawn_face.fit(robot())
    assert np.allclose(face.eyes["R"].travel, bare.eyes["R"].travel)  # they are no lid


def test_what_has_no_name_follows_little_and_the_same_whatever_strokes_it_is_cut_into():
    face = drawn_face.fit(robot())
    points = np.random.default_rng(3).uniform([-1, -1.6], [1, 0.8], size=(300, 2))
    one = weights_of(face, [Stroke(points)])
    cut = [Stroke(points[:7]), oval(0, -0.9, 0.3, 0.1, "MOUTH"), Stroke(points[7:8]), Stroke(points[8:])]
    many = weights_of(face, cut)
    assert np.array_equal(np.concatenate([many[:7], many[31:]]), one)
    assert np.count_nonzero(one) < 7 * len(points) < 300 * len(face.names) / 4
    assert one[:, : 2 * drawn_face.LIP_COLUMNS].sum(axis=1).max() > 0.9


def test_sides_are_the_characters_own():
    face = drawn_face.fit(robot())
    assert face.eyes["L"].opening.left > 0 > face.eyes["R"].opening.right
    assert face.unit == pytest.approx(1.1, abs=0.01)


def test_no_mouth_no_face():
    assert drawn_face.fit(robot()[:3]) is None
    assert drawn_face.fit([]) is None


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_plane_is_where_it_is_flat(axis: int):
    points = np.random.default_rng(1).normal(size=(30, 3))
    points[:, axis] = 0.5
    plane = drawn_face.plane_of(points)
    assert abs(plane.viewer[axis]) == 1
    assert np.allclose(np.cross(plane.right, plane.up), plane.viewer)


def test_a_plane_between_the_views_and_a_tilted_head():
    flat = np.random.default_rng(1).normal(size=(30, 2))
    right, up = np.array([1.0, 0.0, 0.0]), np.array([0.0, -0.6, 0.8])
    plane = drawn_face.plane_of(flat @ np.stack([right, up]) + 3)
    assert np.allclose(plane.right, right) and np.allclose(plane.up, up)
    turn = np.array([[np.cos(0.5), np.sin(0.5)], [-np.sin(0.5), np.cos(0.5)]])
    tilted = [Stroke(stroke.points @ turn, stroke.closed, True, stroke.part) for stroke in robot()]
    assert drawn_face.tilt_of(tilted) == pytest.approx(0.5, abs=0.02)
    assert drawn_face.tilt_of(robot()) == 0.0 == drawn_face.tilt_of(tilted[:3])
    level = drawn_face.turned(drawn_face.plane_of(np.zeros((0, 3))), 0.5)
    back = level.flat(drawn_face.plane_of(np.zeros((0, 3))).deep(tilted[3].points))
    assert np.allclose(back, robot()[3].points)


def line(y: float, dip: float, part: str = "MOUTH") -> Stroke:
    x = np.linspace(-0.3, 0.3, 20)
    return Stroke(np.stack([x, y - dip * (1 - (x / 0.3) ** 2)], axis=1), part=part)


def test_two_open_lines_are_an_upper_and_a_lower_lip_also_in_two_layers():
    lines = [line(-0.9, 0.08), line(-0.9, -0.02)]
    face = drawn_face.fit([*robot()[:3], *lines])
    assert face.opens and face.lines and not drawn_face.fit([*robot()[:3], lines[0]]).opens
    together = weights_of(face, lines)
    apart = np.concatenate([weights_of(face, [stroke]) for stroke in lines])
    lower = slice(drawn_face.LIP_COLUMNS, 2 * drawn_face.LIP_COLUMNS)
    assert np.array_equal(together, apart)
    assert together[5:15, lower].sum(axis=1).min() > 0.9 > 0.1 > together[25:35, lower].sum(axis=1).max()
    assert not drawn_face.fit([*robot()[:3], line(-0.9, 0.08), line(-0.9, 0.08)]).opens


def test_an_opening_within_lips_is_what_opens_and_a_tongue_stays_within():
    opening, tongue = oval(0, -0.9, 0.2, 0.05, "MOUTH"), oval(0, -0.93, 0.06, 0.02, "MOUTH")
    face = drawn_face.fit([*robot(), opening, tongue])
    assert face.mouth.width == pytest.approx(0.4, abs=0.01)
    lips = weights_of(face, [robot()[3], opening, tongue])[:, : drawn_face.LIP_COLUMNS].sum(axis=1)
    assert set(np.round(lips[:24], 1)) <= {0.0, 1.0} and 0.1 < lips[48:].mean() < 0.6


@pytest.mark.parametrize(("half_width", "single"), [(0.04, True), (0.14, True), (0.2, False)])
def test_dimples_beside_a_mouth_are_no_mouths(half_width, single):
    beside = [oval(x, -0.9, half_width, 0.03, "MOUTH") for x in (-0.85, 0.85)]
    face = drawn_face.fit([*robot(), *beside])
    assert face.single is single
    if single:
        assert face.mouth.width == pytest.approx(0.6, abs=0.01)
        columns = weights_of(face, beside)[:, : 2 * COLUMNS].reshape(2, -1, 2, COLUMNS).sum(axis=2)
        assert np.allclose(columns[0, :, 0], 1) and np.allclose(columns[1, :, -1], 1)  # with the corners


def test_eyes_and_a_mouth_alone_are_a_face():
    alone = [oval(-0.4, 0, 0.1, 0.1), oval(0.4, 0, 0.1, 0.1), Stroke(line(-0.6, 0.05).points)]
    assert drawn_guess.guess(alone) == ["EYE_R", "EYE_L", "MOUTH"]


def test_a_face_is_found_by_where_it_lies():
    strokes = [Stroke(stroke.points * 3 + 7, stroke.closed) for stroke in robot()]
    strokes.append(Stroke(oval(-0.4, 0, 0.05, 0.05).points * 3 + 7, True))
    strokes.append(Stroke(oval(0.4, 0, 0.05, 0.05).points * 3 + 7, True))
    assert drawn_guess.guess(strokes) == ["OUTLINE", "EYE_R", "EYE_L", "MOUTH", "PUPIL_R", "PUPIL_L"]
    assert drawn_guess.guess([]) == []
    assert drawn_guess.guess([Stroke(np.zeros((1, 2)))]) == [""]


def test_a_face_is_found_in_a_figure_seen_aslant_and_sketched():
    head = [Stroke(stroke.points * 0.2 + [0, 2], stroke.closed) for stroke in robot()]
    trunk, folds = oval(0, 0, 0.6, 1.5), [Stroke(np.array([[x, -1], [x + 0.1, 0.9]])) for x in (-0.3, 0, 0.3)]
    assert drawn_guess.guess([trunk, *folds, *head]) == [
        "", "", "", "", "OUTLINE", "EYE_R", "EYE_L", "MOUTH",
    ]  # fmt: skip
    aslant = [
        oval(0, -0.4, 1.0, 1.2),
        oval(-0.6, 0, 0.12, 0.14),
        oval(0.15, 0, 0.18, 0.15),
        oval(-0.25, -0.9, 0.25, 0.1),
    ]
    assert drawn_guess.guess(aslant) == ["OUTLINE", "EYE_R", "EYE_L", "MOUTH"]
    told = drawn_guess.guess([*robot()[:3], *sketched()])
    assert told == ["OUTLINE", "EYE_R", "EYE_L", *["MOUTH"] * len(sketched())]


def test_glasses_are_no_eyes_and_freckles_and_folds_hide_none():
    hair, face, left, right, mouth = oval(0, -0.3, 1.3, 1.5), *robot()
    rims = [replace(oval(x, 0, 0.25, 0.2), filled=False) for x in (-0.4, 0.4)]
    pupils = [oval(x, 0, 0.05, 0.05) for x in (-0.4, 0.4)]
    drawn = [Stroke(s.points, s.closed, s.filled) for s in (hair, face, *rims, left, right, *pupils, mouth)]
    assert drawn_guess.guess(drawn) == [
        "OUTLINE", "OUTLINE", "STILL", "STILL", "EYE_R", "EYE_L", "PUPIL_R", "PUPIL_L", "MOUTH",
    ]  # fmt: skip
    places = np.random.default_rng(1).uniform(-0.7, 0.7, size=(120, 2)) - [0, 0.4]
    freckles = [oval(x, y, 0.01, 0.01, count=8) for x, y in places]
    assert drawn_guess.guess([*drawn[1:2], *drawn[4:6], drawn[8], *freckles])[:4] == [
        "OUTLINE", "EYE_R", "EYE_L", "MOUTH",
    ]  # fmt: skip
    folds = [Stroke(np.array([[x, -0.5], [x, -0.7]])) for x in (-0.3, 0.3)]
    assert drawn_guess.guess([*drawn[1:2], *drawn[4:6], drawn[8], *folds])[4:] == ["", ""]


def sketched(wobble: float = 0.004) -> list[Stroke]:
    """The ring of a mouth as lines over each other, none of which is closed."""
    ring = oval(0, -0.9, 0.3, 0.1, count=40).points
    steps = np.random.default_rng(3).normal(size=(8, 2)) * wobble
    return [Stroke(np.roll(ring, -5 * n, axis=0)[:14] + step, part="MOUTH") for n, step in enumerate(steps)]


def test_lines_that_are_one_ring_together_open_and_shut():
    lines = sketched()
    face = drawn_face.fit([*robot()[:3], *lines])
    assert face.sketched and face.opens and face.mouth.width == pytest.approx(0.6, abs=0.03)
    points = np.concatenate([stroke.points for stroke in lines])
    lower = weights_of(face, lines)[:, COLUMNS : 2 * COLUMNS].sum(axis=1)
    assert lower[points[:, 1] > -0.84].max() < 0.2 < 0.8 < lower[points[:, 1] < -0.96].min()
    flat = [line(-0.9 + step, 0.05) for step in (0, 0.002, -0.003)]
    assert not drawn_face.fit([*robot()[:3], *flat]).sketched
    assert not drawn_face.fit([*robot()[:3], line(-0.9, 0.08), line(-0.9, -0.02)]).sketched


def test_what_is_an_area_without_a_line_is_still_seen_when_it_shuts():
    faces = [drawn_face.fit([replace(stroke, lined=lined) for stroke in robot()]) for lined in (True, False)]
    assert [face.slit / face.mouth.width for face in faces] == pytest.approx([0.01, 0.03])
    left = [
        1 + face.eyes["L"].travel[3] / (face.eyes["L"].opening.upper[3] - face.eyes["L"].opening.lower[3])
        for face in faces
    ]
    assert left == pytest.approx([0.03, 0.14])


def test_pressed_lips_never_cross():
    mouth = Stroke(np.array([(-0.3, -0.9), (0, -0.88), (0.3, -0.9), (0, -0.92)]), True, True, "MOUTH")
    face = drawn_face.fit([*robot()[:-1], mouth])
    away = np.zeros((3, 68, 2))
    away[1, [61, 62, 63], 1], away[1, [65, 66, 67], 1] = -0.05, 0.05
    away[2, 62, 1] = 0.3
    away = np.concatenate([away, away[2:], away[2:] / 10])
    upper, lower = drawn_motion._lips(face, away, np.ones(5), np.array([False, False, False, True, True]))
    gaps = face.mouth.upper + upper[:, :, 1] - face.mouth.lower - lower[:, :, 1]
    least = np.minimum(face.slit, face.mouth.upper - face.mouth.lower)
    assert face.slit > 0 and (gaps >= least - 1e-9).all()
    assert np.allclose(gaps[[0, 1, 4]], least)  # lips that may touch and almost do
    assert min(gaps[2].max(), gaps[3].max()) > 0.2
    middle = (upper + lower)[1, :, 1] + face.mouth.upper + face.mouth.lower
    assert np.allclose(middle, (face.mouth.upper + face.mouth.lower))  # each gives way as far as the other
