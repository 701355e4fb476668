"""Other programs' formats: what is written is what their importers expect."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from waiting import HUNG

from inference.cli import main
from inference.errors import EngineError
from inference.face.animation import FRAME_SHAPES, FaceAnimation
from inference.face.easing import rested
from inference.face.export import (
    choose,
    export,
    live_link_table,
    rhubarb_json,
    rhubarb_tsv,
    timecodes,
)
from inference.face.messages import AnimateOptions
from inference.face.names import ARKIT_INDEX, ARKIT_NAMES, FORMAT_CONTENTS, FORMATS, VISEMES
from inference.face.result_files import write_whole
from inference.hearing.audio import read_recording
from inference.pipeline import animate

ROOT = Path(__file__).resolve().parents[3]

# The header of takes that were recorded with Live Link Face 1.x.
LIVE_LINK_HEADER = (
    "Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,"
    "EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,EyeWideRight,"
    "JawForward,JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,MouthSmileLeft,"
    "MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,MouthStretchLeft,MouthStretchRight,"
    "MouthRollLower,MouthRollUpper,MouthShrugLower,MouthShrugUpper,MouthPressLeft,MouthPressRight,MouthLowerDownLeft,"
    "MouthLowerDownRight,MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,BrowOuterUpLeft,"
    "BrowOuterUpRight,CheekPuff,CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,TongueOut,HeadYaw,HeadPitch,"
    "HeadRoll,LeftEyeYaw,LeftEyePitch,LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"
)


@pytest.fixture
def animation() -> FaceAnimation:
    """Two seconds at 25 fps, every value its own."""
    random = np.random.RandomState(1)
    arrays = {
        name: random.uniform(size=(51, *shape)).astype(np.float32) for name, shape in FRAME_SHAPES.items()
    }
    arrays["head_rotation"] = random.uniform(-0.4, 0.4, (51, 3)).astype(np.float32)
    cues = [(0.0, 0.4, "X"), (0.4, 1.004, "D"), (1.004, 2.0, "B")]
    return FaceAnimation(fps=25.0, neutral=np.zeros((68, 3), np.float32), cues=cues, **arrays)


def still(**fields: list[float]) -> FaceAnimation:
    """One frame of a face at rest, but for the fields."""
    arrays = {name: np.zeros((1, *shape), np.float32) for name, shape in FRAME_SHAPES.items()}
    arrays.update({name: np.float32([value]) for name, value in fields.items()})
    return FaceAnimation(fps=25.0, neutral=np.zeros((68, 3), np.float32), **arrays)


def written(animation: FaceAnimation, folder: Path, chosen: str, content: str | None = None) -> str:
    path = folder / f"out – 声.{chosen}"
    export(animation, path, Path("voice 声.wav"), 2.0, *choose(path, chosen, content))
    return path.read_bytes().decode("utf-8")


# Rhubarb


def test_rhubarb_json(animation: FaceAnimation, tmp_path: Path) -> None:
    text = written(animation, tmp_path, "json")
    assert json.loads(text) == {
        "metadata": {"soundFile": str(Path("voice 声.wav").resolve()), "duration": 2.0},
        "mouthCues": [
            {"start": 0.0, "end": 0.4, "value": "X"},
            {"start": 0.4, "end": 1.0, "value": "D"},
            {"start": 1.0, "end": 2.0, "value": "B"},
            {"start": 2.0, "end": 2.48, "value": "X"},
        ],
    }
    assert '    { "start": 0.40, "end": 1.00, "value": "D" },\n' in text


def test_rhubarb_tsv(animation: FaceAnimation, tmp_path: Path) -> None:
    assert written(animation, tmp_path, "tsv") == "0.00\tX\n0.40\tD\n1.00\tB\n2.00\tX\n2.48\tX\n"


@pytest.mark.parametrize("duration", [0.001, 0.25, 1.994, 1.996, 2.0])
def test_rounded_cues_have_no_gaps_no_overlaps_and_none_is_empty(duration: float) -> None:
    edges = [0.0, 0.004, 0.0049, 0.2, 0.995, 1.9949, 1.9951, duration]
    edges = [edge for edge in edges if edge < duration] + [duration]
    cues = [(a, b, "XABCDEFGH"[i]) for i, (a, b) in enumerate(zip(edges, edges[1:]))]
    data = json.loads(rhubarb_json(cues, Path("a.wav"), duration))
    rows = data["mouthCues"]
    assert rows[0]["start"] == 0
    assert rows[-1]["end"] == max(data["metadata"]["duration"], 0.01)
    for before, after in zip(rows, rows[1:]):
        assert before["end"] == after["start"]
        assert before["value"] != after["value"]
    for row in rows:
        assert row["end"] > row["start"]
    lines = [line.split("\t") for line in rhubarb_tsv(cues, duration).splitlines()]
    assert [float(start) for start, _ in lines] == [*(row["start"] for row in rows), rows[-1]["end"]]
    assert lines[-1][1] == "X"


def test_no_cues_are_one_rest() -> None:
    assert rhubarb_tsv([], 1.0) == "0.00\tX\n1.00\tX\n"


# Live Link Face


def test_live_link_csv_has_the_columns_of_a_recorded_take(animation: FaceAnimation, tmp_path: Path) -> None:
    text = written(animation, tmp_path, "csv")
    lines = text.splitlines()
    assert lines[0] == LIVE_LINK_HEADER
    shown = rested(animation)
    assert len(lines) == 1 + len(shown)
    assert re.fullmatch(r"00:00:00:01\.000,61(,-?\d\.\d{10}){61}", lines[2])
    for frame, row in enumerate(csv.DictReader(io.StringIO(text))):
        assert row["BlendShapeCount"] == "61"
        for name in ARKIT_NAMES:
            column = name[0].upper() + name[1:]
            assert float(row[column]) == pytest.approx(shown.arkit[frame, ARKIT_INDEX[name]], abs=1e-9)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"head_rotation": [0, 0.2, 0]}, {0: -0.2}),  # to the picture's right: the character's left
        ({"head_rotation": [0.2, 0, 0]}, {1: -0.2}),  # down
        ({"head_rotation": [0, 0, 0.2]}, {2: 0.2}),  # counter-clockwise in the picture
        ({"eye_rotation": [0.2, 0]}, {3: -0.2, 6: -0.2}),  # to the picture's right
        ({"eye_rotation": [0, 0.2]}, {4: -0.2, 7: -0.2}),  # up: the eyes' pitch is positive down
    ],
)
def test_live_link_angles(fields: dict[str, list[float]], expected: dict[int, float]) -> None:
    angles = live_link_table(still(**fields))[0, 52:]
    wanted = np.zeros(9)
    for column, value in expected.items():
        wanted[column] = value
    np.testing.assert_allclose(angles, wanted, atol=1e-6)


def axis_rotation(axis: int, angle: float) -> np.ndarray:
    """(3, 3), right-handed."""
    a, b = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[[a, b], [a, b]] = np.cos(angle)
    matrix[a, b], matrix[b, a] = -np.sin(angle), np.sin(angle)
    return matrix


def test_the_head_is_turned_the_same_when_angles_combine(animation: FaceAnimation) -> None:
    for angles, row in zip(animation.head_rotation.astype(float), live_link_table(animation)):
        ours = axis_rotation(2, angles[2]) @ axis_rotation(1, angles[1]) @ axis_rotation(0, angles[0])
        yaw, pitch, roll = row[52:55]
        theirs = axis_rotation(1, -yaw) @ axis_rotation(0, -pitch) @ axis_rotation(2, roll)
        np.testing.assert_allclose(theirs, ours, atol=1e-9)


@pytest.mark.parametrize(
    ("fps", "base"),
    [
        (24.0, 24),
        (25.0, 25),
        (30.0, 30),
        (60.0, 60),
        (29.97, 30),
        (30000 / 1001, 30),
        (23.976, 24),
        (12.5, 13),
    ],
)
def test_timecodes_keep_time_with_the_sound(fps: float, base: int) -> None:
    frames = int(fps * 3700)  # past the hour
    codes = list(timecodes(frames, fps))
    assert codes[0] == "00:00:00:00.000"
    assert len({code.split(".")[0] for code in codes}) == frames  # also without the parts of a frame
    parts = np.array([[float(part) for part in code.split(":")] for code in codes])
    assert parts[:, 3].max() < base
    seconds = parts @ (3600, 60, 1, 1 / base)
    np.testing.assert_allclose(seconds, np.arange(frames) / fps, atol=0.0006 / base)
    if fps == base:
        assert codes[base * 3661 + 7] == "01:01:01:07.000"


def test_timecodes_at_2997() -> None:
    assert list(timecodes(32, 29.97))[28:] == [
        "00:00:00:28.028",
        "00:00:00:29.029",
        "00:00:01:00.030",
        "00:00:01:01.031",
    ]


# Visemes, and every frame in JSON


def test_viseme_csv(animation: FaceAnimation, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(written(animation, tmp_path, "csv", "visemes"))))
    assert rows[0] == ["time", *VISEMES]
    table = np.array(rows[1:], float)
    np.testing.assert_allclose(table[:, 0], np.arange(51 + 12) / 25, atol=1e-6)
    np.testing.assert_allclose(table[:, 1:], rested(animation).visemes, atol=1e-6)
    np.testing.assert_allclose(table[3:51, 1:], animation.visemes[3:], atol=1e-6)


@pytest.mark.parametrize("content", ["arkit", "visemes"])
def test_json_of_every_frame(animation: FaceAnimation, tmp_path: Path, content: str) -> None:
    data = json.loads(written(animation, tmp_path, "json", content))
    assert data["metadata"] == {
        "soundFile": str(Path("voice 声.wav").resolve()),
        "duration": 2.0,
        "fps": 25.0,
    }
    shown = rested(animation)
    assert len(data["frames"]) == len(shown)
    frame = data["frames"][7]
    assert frame["time"] == 0.28
    if content == "visemes":
        assert list(frame)[1:] == list(VISEMES)
        assert frame["aa"] == pytest.approx(shown.visemes[7, VISEMES.index("aa")], abs=1e-6)
    else:
        assert len(frame) == 1 + 52 + 9
        assert frame["jawLeft"] == pytest.approx(shown.arkit[7, ARKIT_INDEX["jawLeft"]], abs=1e-6)
        assert frame["headYaw"] == pytest.approx(live_link_table(shown)[7, 52], abs=1e-6)


# All of them begin and end at rest, and agree


def tables(
    animation: FaceAnimation, folder: Path, seconds: float
) -> tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, float]], list[dict[str, float]]]:
    """Rows of the ARKit and viseme tables, as CSV and as JSON."""
    for chosen, content in product(("csv", "json"), ("arkit", "visemes")):
        export(animation, folder / f"{content}.{chosen}", Path("v.wav"), seconds, chosen, content)
    arkit, visemes = (
        list(csv.DictReader((folder / f"{content}.csv").open(encoding="utf-8")))
        for content in ("arkit", "visemes")
    )
    frames = [
        json.loads((folder / f"{content}.json").read_text(encoding="utf-8"))["frames"]
        for content in ("arkit", "visemes")
    ]
    return arkit, visemes, frames[0], frames[1]


@pytest.mark.parametrize("fps", [10.0, 24000 / 1001, 25.0, 1000.0])
@pytest.mark.parametrize(("start", "seconds"), [(0.62, 0.9), (0.62, 0.06), (1.1, 0.25)])
def test_every_format_is_at_rest_at_both_ends_and_agrees(
    voice: Path, write_wav: Callable[..., Path], tmp_path: Path, fps: float, start: float, seconds: float
) -> None:
    spoken = read_recording(voice).samples[round(start * 16000) :][: round(seconds * 16000)]
    made = animate(write_wav(spoken), AnimateOptions(fps=fps))
    arkit, visemes, arkit_json, visemes_json = tables(made.animation, tmp_path, made.duration)
    assert len(arkit) == len(visemes) == len(arkit_json) == len(visemes_json) > made.duration * fps
    end = (len(arkit) - 1) / fps
    assert float(visemes[0]["time"]) == arkit_json[0]["time"] == visemes_json[0]["time"] == 0
    for row in (visemes[-1], arkit_json[-1], visemes_json[-1]):
        assert float(row["time"]) == pytest.approx(end, abs=1e-6)
    for row, other in zip(arkit, arkit_json):
        for name in (*ARKIT_NAMES, "headYaw", "leftEyePitch"):
            assert float(row[name[0].upper() + name[1:]]) == pytest.approx(other[name], abs=1e-6)
    for row, other in zip(visemes, visemes_json):
        assert [float(row[name]) for name in VISEMES] == pytest.approx([other[name] for name in VISEMES])
    for frame in (0, -1):
        assert not any(value for name, value in arkit_json[frame].items() if name != "time")
        assert {name for name in VISEMES if visemes_json[frame][name]} == {"sil"}
        assert visemes_json[frame]["sil"] == 1

    cues = json.loads(written(made.animation, tmp_path, "json"))["mouthCues"]
    assert cues[0]["start"] == 0 and cues[-1]["end"] == pytest.approx(end, abs=0.006)
    assert cues[0]["value"] == cues[-1]["value"] == "X"
    assert all(one["end"] == following["start"] for one, following in zip(cues, cues[1:]))
    assert all(cue["end"] - cue["start"] > 0.07 for cue in cues)
    tsv = [line.split("\t") for line in written(made.animation, tmp_path, "tsv").splitlines()]
    assert [(float(at), shape) for at, shape in tsv[:-1]] == [(cue["start"], cue["value"]) for cue in cues]
    assert tsv[-1] == [f"{cues[-1]['end']:.2f}", "X"]


def test_a_word_cut_at_both_ends_speaks_in_between(voice: Path, write_wav: Callable[..., Path]) -> None:
    spoken = read_recording(voice).samples[round(0.62 * 16000) :][: round(0.9 * 16000)]
    made = animate(write_wav(spoken), AnimateOptions())
    raw, shown = made.animation, rested(made.animation, made.duration)
    jaw = ARKIT_INDEX["jawOpen"]
    assert raw.arkit[-1].max() > 0.02, "the recording ends within a word"
    np.testing.assert_array_equal(shown.arkit[3 : len(raw)], raw.arkit[3:])
    np.testing.assert_array_equal(shown.landmarks[3 : len(raw), 60:], raw.landmarks[3:, 60:])
    np.testing.assert_array_equal(shown.landmarks[[0, -1]], raw.neutral[None].repeat(2, axis=0))
    assert len({shape for *_, shape in shown.cues}) >= 3
    assert shown.arkit[:, jaw].max() == raw.arkit[:, jaw].max()
    assert not shown.head_rotation[[0, -1]].any() and not shown.blink[[0, -1]].any()


@pytest.mark.parametrize(
    ("cues", "seconds", "expected"),
    [
        ([], 1.0, [(0, 1.5, "X")]),
        ([(0, 1, "D")], 1.0, [(0, 1 / 12, "X"), (1 / 12, 1, "D"), (1, 1.5, "X")]),
        # what is left of the first and the last one is too short to be drawn
        ([(0, 0.1, "D"), (0.1, 0.95, "B"), (0.95, 1.2, "C")], 1.0, [(0, 0.1, "X"), (0.1, 0.95, "B"), (0.95, 1.5, "X")]),
        ([(0, 0.06, "E")], 0.06, [(0, 1.5, "X")]),
        ([(0, 0.5, "X"), (0.5, 2, "D")], 9.0, [(0, 0.5, "X"), (0.5, 1.5 - 1 / 12, "D"), (1.5 - 1 / 12, 1.5, "X")]),
    ],
)  # fmt: skip
def test_cues_rest_at_both_ends(
    cues: list[tuple[float, float, str]], seconds: float, expected: list[tuple[float, float, str]]
) -> None:
    arrays = {name: np.zeros((27, *shape), np.float32) for name, shape in FRAME_SHAPES.items()}
    face = FaceAnimation(
        fps=26.0, neutral=np.zeros((68, 3), np.float32), cues=cues, **arrays
    )  # 1.5 s with the end
    found = rested(face, seconds).cues
    assert [shape for *_, shape in found] == [shape for *_, shape in expected]
    for cue, wanted in zip(found, expected):
        assert cue[:2] == pytest.approx(wanted[:2])


def test_dials_and_animate_write_the_same_table(voice: Path, tmp_path: Path) -> None:
    assert run_cli("animate", voice, "-o", tmp_path / "a.npz").returncode == 0
    for ending in ("csv", "tsv"):
        assert run_cli("animate", voice, "-o", tmp_path / f"a.{ending}").returncode == 0
        assert run_cli("dials", tmp_path / "a.npz", "-o", tmp_path / f"b.{ending}").returncode == 0
        assert (tmp_path / f"a.{ending}").read_text() == (tmp_path / f"b.{ending}").read_text()


def test_mix_writes_the_same_formats(voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["animate", str(voice), "-o", str(tmp_path / "a.npz")]) == 0
    both = [str(tmp_path / "a.npz"), str(tmp_path / "a.npz")]
    for ending in ("npz", "csv", "tsv", "json"):
        assert main(["mix", *both, "-o", str(tmp_path / f"m.{ending}")]) == 0
        assert main(["dials", both[0], "-o", str(tmp_path / f"d.{ending}")]) == 0
        if ending != "npz":
            assert (tmp_path / f"m.{ending}").read_text() == (tmp_path / f"d.{ending}").read_text()
    assert (
        len(FaceAnimation.load(tmp_path / "m.npz")) < len((tmp_path / "m.csv").read_text().splitlines()) - 1
    )
    capsys.readouterr()
    for command in (["mix", *both], ["capture", "film.mp4"]):
        assert main([*command, "-o", str(tmp_path / "m.abc")]) == 1
        assert "no known format" in capsys.readouterr().err


# Which file gets what


@pytest.mark.parametrize(
    ("name", "wanted", "content", "expected"),
    [
        ("a.npz", None, None, ("npz", None)),
        ("a", None, None, ("npz", None)),
        ("a.JSON", None, None, ("json", "cues")),
        ("a.tsv", None, None, ("tsv", "cues")),
        ("a.csv", None, None, ("csv", "arkit")),
        ("a.csv", "csv", "visemes", ("csv", "visemes")),
        ("a.json", None, "arkit", ("json", "arkit")),
        ("a.txt", "tsv", None, ("tsv", "cues")),
    ],
)
def test_format_and_content(
    name: str, wanted: str | None, content: str | None, expected: tuple[str, str | None]
) -> None:
    assert choose(Path(name), wanted, content) == expected


@pytest.mark.parametrize(
    ("name", "wanted", "content", "words"),
    [
        ("a.fbx", None, None, ("a.fbx", ".npz, .json, .tsv or .csv")),
        ("a.json", "csv", None, ("a.json", "leave out --format")),
        ("a.csv", None, "cues", ("cannot hold cues", ".json or .tsv")),
        ("a.tsv", None, "visemes", ("cannot hold visemes", ".json or .csv")),
        ("a.npz", None, "arkit", ("everything", "leave out --content")),
        (".csv", None, None, (".csv has no name before .csv: give it one, such as animation.csv.",)),
        ("takes/.JSON", "csv", None, ("takes/.JSON has no name before .JSON", "such as animation.json")),
    ],
)
def test_what_makes_no_sense_is_refused(
    name: str, wanted: str | None, content: str | None, words: tuple[str, ...]
) -> None:
    with pytest.raises(EngineError) as told:
        choose(Path(name), wanted, content)
    assert told.value.code == "bad_format"
    for word in words:
        assert word in told.value.message


def test_a_file_is_replaced_only_once_all_is_written(animation: FaceAnimation, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    broken = replace(animation)
    object.__setattr__(broken, "visemes", np.full((51, 15), "x"))  # fails in the middle of the table
    with pytest.raises(TypeError):
        export(broken, path, Path("a.wav"), 2.0, "csv", "visemes")
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(EngineError, match="choose a folder"):
        export(animation, tmp_path / "nowhere" / "a.csv", Path("a.wav"), 2.0, "csv", "arkit")


# The command line


def run_cli(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "inference", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HUNG, check=False)


@pytest.mark.parametrize(
    ("ending", "options"), [("json", []), ("tsv", []), ("csv", []), ("csv", ["--content", "visemes"])]
)
def test_the_command_line_writes_the_format(
    voice: Path, tmp_path: Path, ending: str, options: list[str]
) -> None:
    output = tmp_path / f"line.{ending}"
    done = run_cli("animate", voice, "-o", output, "--fps", 24, "--json", *options)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["output"] == str(output)
    text = output.read_text(encoding="utf-8")
    if ending == "csv":
        assert len(text.splitlines()) == 1 + report["frames"]
        assert text.startswith("time,sil,PP" if options else "Timecode,BlendShapeCount,EyeBlinkLeft")
    elif ending == "tsv":
        assert text.splitlines()[-1] == f"{(report['frames'] - 1) / 24:.2f}\tX"
    else:
        data = json.loads(text)
        assert data["metadata"] == {"soundFile": str(voice), "duration": round(report["duration"], 2)}
        assert {cue["value"] for cue in data["mouthCues"]} <= set("ABCDEFGHX")
        lengths = [round(24 * cue["end"]) - round(24 * cue["start"]) for cue in data["mouthCues"]]
        assert min(lengths) >= 2


@pytest.mark.parametrize("options", [["-o", "OUT.fbx"], ["-o", "OUT.csv", "--content", "cues"]])
def test_a_wrong_format_is_one_sentence_and_writes_nothing(
    voice: Path, tmp_path: Path, options: list[str]
) -> None:
    done = run_cli("animate", voice, *[option.replace("OUT", str(tmp_path / "o")) for option in options])
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_choices_of_the_command_line_are_the_module_s() -> None:
    usage = run_cli("animate", "--help").stdout
    assert "{" + ",".join(FORMATS) + "}" in usage
    assert "{" + ",".join(FORMAT_CONTENTS) + "}" in usage


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_no_result_takes_the_place_of_a_device_or_pipe(tmp_path: Path) -> None:
    """Whoever ran it as root had a file instead of /dev/null afterwards."""
    pipe = tmp_path / "pipe.npz"
    os.mkfifo(pipe)
    with pytest.raises(EngineError, match="is a device or a pipe") as told:
        write_whole(pipe, lambda stream: stream.write(b"x"))
    assert told.value.code == "output_unwritable"
    assert stat.S_ISFIFO(pipe.stat().st_mode) and list(tmp_path.iterdir()) == [pipe]
