"""Which drawing is shown when: closures are never lost, nothing is shorter than its hold, and cues are shown as exported."""

from __future__ import annotations

import numpy as np
import pytest
from blender_addon.contract.names import VISEMES

from blender_addon.motion import drawing_swaps
from blender_addon.motion.drawing_swaps import Holding, Run
from blender_addon.rigs import drawing_charts
from tools.drawing_figures import is_closed


def cues_of(random: np.random.Generator, count: int) -> list[tuple[float, float, str]]:
    """Cues of 0.02 to 0.3 s from and to rest."""
    edges = np.cumsum(np.concatenate([[0.0], random.uniform(0.02, 0.3, count)]))
    shapes = ["X", *random.choice(list("ABCDEFGH"), count - 2), "X"]
    return [(float(a), float(b), str(shape)) for a, b, shape in zip(edges, edges[1:], shapes)]


@pytest.mark.parametrize("fps", [8.0, 12.0, 23.976, 60.0])
@pytest.mark.parametrize(("hold", "lead"), [(1, 0), (2, 1), (5, 3)])
def test_every_closure_is_shown_and_nothing_is_too_short(fps, hold, lead):
    cues = cues_of(np.random.default_rng(int(fps) * 10 + hold), 120)
    frames = int(cues[-1][1] * fps) + 1
    runs = drawing_swaps.cue_runs(cues, fps, frames, Holding(hold, lead))
    assert runs[0].start == 0 and runs[-1].end == frames
    assert all(a.end == b.start and a.shown != b.shown for a, b in zip(runs, runs[1:]))
    assert all(run.end - run.start >= hold for run in runs[1:-1])
    shown = drawing_swaps.per_frame(runs, frames)
    for start, end, cue in cues:
        if cue == "A":
            first, last = int(start * fps) - lead - hold, int(end * fps) - lead + hold + 1
            assert "A" in shown[max(first, 0) : last + 1]


@pytest.mark.parametrize("lead", [0, 1, 3, 6])
@pytest.mark.parametrize("rest", [0.0, 0.03, 0.1])
def test_a_recording_that_begins_with_a_closure_shows_it_whatever_the_lead(lead, rest):
    cues = [(0.0, rest, "X"), (rest, rest + 0.09, "A"), (rest + 0.09, 0.6, "D"), (0.6, 1.0, "X")]
    for fps in (12.0, 24.0, 25.0, 30.0, 60.0):
        runs = drawing_swaps.cue_runs([cue for cue in cues if cue[1] > cue[0]], fps, 61, Holding(2, lead))
        shown = "".join(drawing_swaps.per_frame(runs, 61))
        assert "A" in shown.split("D")[0], (fps, shown)


def test_without_a_hold_each_frame_shows_its_cue():
    cues = [(0.0, 0.2, "X"), (0.2, 0.5, "D"), (0.5, 0.6, "A"), (0.6, 1.0, "X")]
    runs = drawing_swaps.cue_runs(cues, 10.0, 11, Holding(1, 0, False))
    assert "".join(drawing_swaps.per_frame(runs, 11)) == "XXDDDAXXXXX"


def test_flicker_is_left_out_where_wished():
    cues = [(0.0, 0.2, "X"), (0.2, 0.6, "D"), (0.6, 0.8, "C"), (0.8, 1.2, "D"), (1.2, 1.5, "X")]
    steady = drawing_swaps.cue_runs(cues, 10.0, 16, Holding(2, 0, True))
    assert [run.shown for run in steady] == ["X", "D", "X"]
    assert len(drawing_swaps.cue_runs(cues, 10.0, 16, Holding(2, 0, False))) == 5


@pytest.mark.parametrize("hold", [2, 3])
def test_a_last_word_of_one_drawing_is_no_flicker(hold):
    """Between two rests it would be one; but what the last drawing follows is shown."""
    frames = 6 + hold
    shown = [Run(0, 4, "X"), Run(4, 4 + hold, "D"), Run(4 + hold, frames, "X")]
    assert [run.shown for run in drawing_swaps.held(shown, frames, Holding(hold))] == ["X", "D", "X"]
    longer = [*shown, Run(frames, frames + 8, "C")]
    assert [run.shown for run in drawing_swaps.held(longer, frames + 8, Holding(hold))] == ["X", "C"]


def test_a_vowel_between_two_closures_is_no_flicker():
    """As in "papa": closed lips are never one drawing over what opens them."""
    shown = [Run(0, 4, "A", True), Run(4, 6, "D"), Run(6, 8, "A", True), Run(8, 12, "X")]
    assert drawing_swaps.held(shown, 12, Holding(2)) == shown


@pytest.mark.parametrize(
    ("closed", "frames", "hold", "expected"),
    [
        ((5, 6), 12, 3, (5, 8)),  # of what follows
        (
            (9, 10),
            12,
            4,
            (7, 11),
        ),  # near the end of what comes before, too: the last frame is the drawing of rest
        ((10, 12), 12, 4, (8, 12)),  # nothing follows
        ((5, 6), 8, 10, (0, 7)),  # there are not so many frames
        ((0, 1), 12, 4, (0, 4)),
        ((3, 6), 12, 3, (3, 6)),  # it is long enough
    ],
)
def test_a_short_closure_takes_frames_from_its_neighbours(closed, frames, hold, expected):
    start, end = closed
    runs = [Run(0, start, "D"), Run(start, end, "A", True), Run(end, frames, "X")]
    held = drawing_swaps.held([run for run in runs if run.end > run.start], frames, Holding(hold))
    assert [(run.start, run.end) for run in held if run.shown == "A"] == [expected]
    assert held[-1].end == frames and held[-1].shown == ("X" if expected[1] < frames else "A")


def test_no_frames_no_drawings():
    assert drawing_swaps.cue_runs([], 24.0, 0, Holding()) == []
    assert drawing_swaps.held([], 0, Holding()) == []
    assert drawing_swaps.per_frame([], 0) == []


def test_short_motion_and_none():
    assert [run.shown for run in drawing_swaps.cue_runs([], 24.0, 5, Holding())] == ["X"]
    runs = drawing_swaps.cue_runs([(0.0, 0.04, "A")], 24.0, 1, Holding(12, 6))
    assert runs[-1].end == 1


def test_visemes_stay_within_their_cue():
    visemes = np.zeros((10, 15), np.float32)
    visemes[:, VISEMES.index("aa")] = 0.9
    visemes[:, VISEMES.index("CH")] = 0.2
    runs = drawing_swaps.viseme_runs([Run(0, 4, "A", True), Run(4, 8, "F"), Run(8, 10, "X")], visemes)
    assert [run.shown for run in runs] == ["PP", "CH", "sil"]


def test_every_blink_shuts_the_eye():
    shut = np.zeros(60, np.float32)
    shut[10], shut[30:33], shut[50] = 0.55, (0.4, 1.0, 0.4), 0.45
    runs = drawing_swaps.lid_runs(shut, ("open", "half", "shut"), Holding(2))
    assert sum(run.shown == "shut" for run in runs) == 2
    runs = drawing_swaps.lid_runs(shut, ("open", "shut"), Holding(3))
    assert [run.shown for run in runs] == ["open", "shut", "open", "shut", "open"]


def test_what_was_not_drawn_has_a_stand_in():
    assert drawing_swaps.stand_ins({"X": "rest", "D": "wide"}, "ABCDEFGHX") == {
        "A": "rest", "B": "rest", "C": "wide", "D": "wide", "E": "wide", "F": "rest", "G": "rest", "H": "wide", "X": "rest",
    }  # fmt: skip
    assert "A" not in drawing_swaps.stand_ins({"D": "wide"}, "A")


@pytest.mark.parametrize(
    ("names", "chart", "count"),
    [
        ("ABCDEFGHX", "LETTERS", 9),
        (
            [f"Mund-{name}.00{n}" for n, name in enumerate(("MBP", "AI", "FV", "O", "E", "U"))],
            "PRESTON_BLAIR",
            6,
        ),
        ([f"viseme_{name}" for name in VISEMES], "VISEMES", 15),
        (["口 あ", "口 い", "口 う", "口 え", "口 お", "口 ん"], "VOWELS", 6),
        (
            ["Neutral", "Ah", "D", "Ee", "F", "L", "M", "Oh", "R", "S", "Uh", "W-Oo", "Smile", "Surprised"],
            "CHARACTER_ANIMATOR",
            14,
        ),
        (
            [f"mouth_{name}" for name in ("m", "ah", "oh", "w-oo", "ee", "f", "l", "rest")],
            "CHARACTER_ANIMATOR",
            8,
        ),
        ([f"mouth_{name}" for name in (*"aeioumflsrd", "neutral")], "SOUNDS", 12),
        (
            [f"mouth_{name}.png.001" for name in ("AI", "E", "O", "U", "etc", "L", "WQ", "MBP", "FV")],
            "PRESTON_BLAIR",
            9,
        ),
        (["A and I", "E", "O", "U", "C D G K N R S Th Y Z", "F/V", "M B P", "Rest"], "PRESTON_BLAIR", 8),
        ([f"lisa-{letter}" for letter in "ABCDEFGHX"], "LETTERS", 9),
        ([f"my hero {letter}" for letter in "ABCDEFX"], "LETTERS", 7),
        ([f"chair {letter}" for letter in "ABCDEFGH"], "", 0),
        (
            [
                "None",
                "Ah",
                "Oh",
                "Er",
                "Ee",
                "Oo",
                "Ch_J",
                "B_M_P",
                "F_V",
                "T_L_D_N",
                "Th",
                "K_G_H_NG",
                "S_Z",
            ],
            "SOUNDS",
            13,
        ),
        ([f"mouth_{name}" for name in ("aei", "o", "ee", "bmp", "uq", "r", "l", "th", "fv")], "SOUNDS", 9),
        (["mouth closed", "mouth half open", "mouth open", "mouth round"], "OPENNESS", 4),
        (["mouth closed", "mouth open", "mouth wide open", "mouth round"], "OPENNESS", 4),
        (["closed", "small", "open", "wide open", "round"], "OPENNESS", 5),
        ([f"hand_{name}" for name in (*"ABCDEF", "rest")], "", 0),
        ([f"pose_{name}" for name in (*"ABCDE", "neutral")], "", 0),
        ([f"Bob Arm {name}" for name in (*"ABCDEF", "rest")], "", 0),
        ([f"mano_{name}" for name in (*"ABCDEF", "X")], "", 0),
        (
            [*(f"hand_{name}" for name in (*"ABCDEF", "rest")), *(f"Bob_{name}" for name in "ABCDEX")],
            "LETTERS",
            6,
        ),
        (["mouth closed", "mouth half open", "mouth open", "mouth wide open"], "OPENNESS", 4),
        (["mouth shut", "mouth small", "mouth mid", "mouth large"], "OPENNESS", 4),
        (["door closed", "door half open", "door open"], "", 0),
        ([f"mouth {name}" for name in ("closed", *"EOU")], "VOWELS", 4),
        ([*"ABCD", "closed"], "", 0),
        ((*"ABCDEFGHXLMRS", "Oh"), "LETTERS", 9),
        (["Body", "Hair", "A", "B", "Camera"], "", 0),
    ],
)
def test_charts_are_told_by_names(names, chart, count):
    found = {known.chart: len(known.names) for known in drawing_charts.recognise(names)}
    assert found == ({chart: count} if chart else {})


@pytest.mark.parametrize(
    ("names", "feature", "shown"),
    [
        (["嘴 A", "嘴 I", "嘴 U", "嘴巴闭上"], "mouth", {"A", "I", "U", "closed"}),
        (["입 아", "입 이", "입 우", "입 닫힘"], "mouth", {"A", "I", "U", "closed"}),
        (["眼睛睁开", "眼睛闭"], "eyes", {"open", "shut"}),
        (["눈 뜸", "눈 반", "눈 감음"], "eyes", {"open", "half", "shut"}),
        (["olho aberto", "olho fechado"], "eyes", {"open", "shut"}),
        (["брови вверх", "брови покой", "брови вниз"], "brows", {"up", "down"}),
    ],
)
def test_charts_of_other_languages(names: list[str], feature: str, shown: set[str]):
    (known,) = drawing_charts.recognise(names)
    assert known.feature == feature and set(known.names) == shown


def test_charts_of_sounds_name_drawings_of_their_own():
    for chart in drawing_charts.CHARTS.values():
        assert set(chart.words.values()) <= set(chart.drawings), chart.name
        assert set(chart.visemes) <= set(VISEMES), chart.name
        assert {name for names in chart.visemes.values() for name in names} <= set(chart.drawings), chart.name
        assert "A" in "".join(chart.drawings.values()) and "D" in "".join(chart.drawings.values())


@pytest.mark.parametrize("chart", ["LETTERS", "VISEMES", "PRESTON_BLAIR", "CHARACTER_ANIMATOR"])
@pytest.mark.parametrize("word", ["", "mouth "])
def test_a_shut_mouth_rests_only_where_no_drawing_does(chart, word):
    resting = drawing_charts.CHARTS[chart].resting
    others = [word + name for name in drawing_charts.CHARTS[chart].drawings if name != resting]
    shut = word + "closed"
    for names, rests in (([shut, *others], shut), ([*others, shut, word + resting], word + resting)):
        (known,) = drawing_charts.recognise(names)
        assert known.chart == chart and known.names[resting] == rests
        assert len(known.names) == len(others) + 1
    (known,) = drawing_charts.recognise(others)
    assert known.chart == chart and resting not in known.names


def test_only_what_says_so_is_a_mouth_without_the_word():
    for name in ("closed", "zu.001", "Sil", "rest", "mouth R", "Mund Normal", "lips L", "口 閉じ"):
        assert drawing_charts.names_mouth(name), name
    for name in (
        *"LRDnA",
        "Normal",
        "Default",
        "neutral",
        "S",
        "MBP",
        "eye closed",
        "Braue zu",
        "arm rest",
        "",
    ):
        assert not drawing_charts.names_mouth(name), name


def test_the_widest_mouth_is_the_open_one_and_one_beside_it_is_half_open():
    (known,) = drawing_charts.recognise(["closed", "open", "small", "big", "round"])
    assert (known.names["open"], known.names["medium"]) == ("big", "open")
    (known,) = drawing_charts.recognise(["closed", "open", "small", "round"])
    assert known.names["open"] == "open" and "medium" not in known.names


@pytest.mark.parametrize(
    ("used", "others", "told"),
    [
        (["closed", "half", "small", "open"], ["ajar", "Head", "small hat", "neutral"], ["ajar"]),
        (["closed", "half", "wide open", "round"], ["open", "arm.L"], ["open"]),
        (["closed", "half", "open", "wide open", "round"], ["small"], ["small"]),
        ([*"AEIOUMTS"], ["P", "B", "L", "R"], ["P", "B"]),
        ([f"Bob_{name}" for name in "ABCDEX"], ["Bob_B_001", "Bob_Hat", "Ann_B"], ["Bob_B_001"]),
        ([f"mouth {name}" for name in "ABCDEX"], ["Mouth.L", "Mouth.R", "mouth Corner L", "B", "mouth B2"], ["mouth B2"]),
        ([f"mouth {name}" for name in "ABCDEX"], ["mouth closed.L", "head"], ["mouth closed.L"]),
        (["mouth A", "mouth E", "mouth L", "mouth O", "mouth rest"], ["mouth R"], ["mouth R"]),
    ],
)  # fmt: skip
def test_what_is_called_as_a_drawing_beside_a_chart_is_told_and_no_part_of_another_side(used, others, told):
    (known,) = drawing_charts.recognise(used)
    assert drawing_charts.left_over([*used, *others], used, known.chart) == told


def test_each_eye_has_a_chart_where_drawings_have_sides():
    names = [f"eye {state}.{side}" for side in "LR" for state in ("open", "shut")]
    charts = {known.feature: dict(known.names) for known in drawing_charts.recognise(names)}
    assert charts == {
        "eye.left": {"open": "eye open.L", "shut": "eye shut.L"},
        "eye.right": {"open": "eye open.R", "shut": "eye shut.R"},
    }
    assert {known.feature for known in drawing_charts.recognise(["左目 開き", "左目 閉じ"])} == {"eye.left"}


def test_each_brow_has_a_chart_where_drawings_have_sides():
    names = ["brow_up.L", "brow_normal.L", "brow_up.R", "brow_normal.R", "Braue links tief"]
    charts = {known.feature: dict(known.names) for known in drawing_charts.recognise(names)}
    assert charts == {
        "brow.left": {"up": "brow_up.L", "neutral": "brow_normal.L", "down": "Braue links tief"},
        "brow.right": {"up": "brow_up.R", "neutral": "brow_normal.R"},
    }
    japanese = drawing_charts.recognise(["右眉 上", "右眉 通常"])
    assert {known.feature: dict(known.names) for known in japanese} == {
        "brow.right": {"up": "右眉 上", "neutral": "右眉 通常"}
    }


def test_eyes_and_brows_need_a_word_that_says_so():
    names = ["Auge auf", "Auge zu", "Braue hoch", "Braue normal", "open", "shut", "up"]
    assert {known.feature: dict(known.names) for known in drawing_charts.recognise(names)} == {
        "eyes": {"open": "Auge auf", "shut": "Auge zu"},
        "brows": {"up": "Braue hoch", "neutral": "Braue normal"},
    }


@pytest.mark.parametrize("hold", [1, 2, 3, 4])
def test_figures_count_a_closure_as_far_before_its_sound_as_lead_and_hold_put_it(hold):
    """With a lead of one frame; so much before it is another sound's."""
    for early in range(7):
        shown = ["B"] * 20
        shown[10 - early] = "A"
        assert is_closed(shown, (10.5, 12.0), hold) == (early <= hold)
    assert not is_closed(["A", "B", "B", "B", "B", "B"], (hold + 1.0, hold + 1.5), hold)
