"""Many lines of one character as one motion, and the names and tables that say whose lines they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from blender_addon.contract.runs import runs_of
from fake_engine import synthetic
from places import ROOT

from blender_addon.contract import FaceAnimation, shape_effects
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs.scene_script import line_matching, line_table
from blender_addon.motion import dialogue, stored_motion
from blender_addon.motion.dialogue import Part, merged

FPS = 25.0
JAW, CLOSE, BLINK = 17, 18, [0, 7]


def motion(seconds: float, seed: int = 0, closures: tuple[int, ...] = ()) -> FaceAnimation:
    """A line in which the mouth moves all the time, and the lips touch at these frames."""
    fields = synthetic(seconds, FPS)
    time = np.arange(len(fields["arkit"])) / FPS
    arkit = fields["arkit"]
    arkit[:] = 0
    arkit[:, JAW] = 0.4 + 0.1 * np.sin(2 * np.pi * (2 + seed) * time)
    for frame in closures:
        arkit[frame, JAW] = 0
    return FaceAnimation(
        fps=FPS,
        arkit=arkit,
        head_rotation=np.full((len(arkit), 3), 0.1 * (seed + 1), np.float32),
        head_translation=np.zeros((len(arkit), 3), np.float32),
        eye_rotation=np.full((len(arkit), 2), 0.05, np.float32),
        landmarks=np.full((len(arkit), 68, 3), 0.01 * (seed + 1), np.float32),
        neutral=np.zeros((68, 3), np.float32),
        visemes=np.eye(15, dtype=np.float32)[np.full(len(arkit), 10)],
        blink=np.zeros((len(arkit), 2), np.float32),
        cues=((0.0, 0.2, "B"), (0.2, seconds, "D")),
    )


def listening(seconds: float = 8.0) -> FaceAnimation:
    """Idle motion: a slow sway, a blink every second, and a mouth that must not be taken over."""
    count = round(seconds * FPS)
    time = np.arange(count) / FPS
    idle = motion(seconds)
    blink = np.exp(-((((time % 1.0) - 0.5) / 0.05) ** 2)).astype(np.float32)
    idle.arkit[:, BLINK] = blink[:, None]
    idle.blink[:] = blink[:, None]
    idle.head_rotation[:] = 0.02 * np.sin(2 * np.pi * time / seconds)[:, None]
    return idle


def test_each_line_is_untouched_at_its_place():
    first, second = motion(2.0, 0, (10, 11, 30)), motion(1.0, 1, (5,))
    found = merged([Part(second, 200), Part(first, 101)], FPS, (101, 300))
    assert found.first == 101 and not found.cut
    for part, start in ((first, 101), (second, 200)):
        rows = slice(start - found.first, start - found.first + len(part))
        for name in ("arkit", "head_rotation", "eye_rotation", "landmarks", "visemes", "blink"):
            np.testing.assert_array_equal(getattr(found.motion, name)[rows], getattr(part, name), name)
    between = slice(151 - found.first + 20, 200 - found.first - 20)
    assert not found.motion.arkit[between].any() and not found.motion.head_rotation[between].any()
    assert (found.motion.visemes[between, 0] == 1).all()
    gaps = shape_effects.lip_gap(found.motion.arkit)
    for frame in (101 + 10, 101 + 30, 205):
        assert gaps[frame - found.first] <= shape_effects.TOUCH
    # The mouth is on its way before the sound begins, and nothing jumps.
    jaw = found.motion.arkit[:, JAW]
    assert 0 < jaw[199 - found.first] < 0.4 and np.abs(np.diff(found.motion.head_rotation[:, 0])).max() < 0.03


def test_a_line_that_interrupts_another_has_the_face():
    long, short = motion(4.0, 0), motion(1.0, 1)
    found = merged([Part(long, 1), Part(short, 51)], FPS, (1, 101))
    assert found.cut == ((0, 1, 50),)
    rows = slice(50, 75)
    np.testing.assert_array_equal(found.motion.arkit[rows], short.arkit)
    np.testing.assert_array_equal(found.motion.arkit[: 50 - 2], long.arkit[: 50 - 2])
    assert not found.motion.arkit[90:].any(), "what was interrupted does not go on"
    assert [cue[2] for cue in found.motion.cues] == ["B", "D", "B", "D", "X"]
    again = merged([Part(long, 1), Part(short, 1)], FPS, (1, 101))
    assert again.cut == ((0, 1, 100),) and (again.motion.arkit[:25] == short.arkit).all()


def test_cues_follow_each_other_without_gaps():
    found = merged([Part(motion(2.0), 101), Part(motion(1.0), 200)], FPS, (1, 300))
    cues = found.motion.cues
    assert [cue[2] for cue in cues] == ["X", "B", "D", "X", "B", "D", "X"]
    assert cues[0][0] == 0 and all(a[1] == pytest.approx(b[0]) for a, b in zip(cues, cues[1:]))
    assert cues[1][0] * FPS + found.first == pytest.approx(101)
    assert cues[-1][1] == pytest.approx(len(found.motion) / FPS)


def test_listening():
    idle = listening()
    parts = [Part(motion(2.0), 301), Part(motion(1.0, 1), 600)]
    found = merged(parts, FPS, (1, 1001), idle)
    assert found.first == 1 and len(found.motion) == 1000
    np.testing.assert_array_equal(found.motion.arkit[300:350], parts[0].motion.arkit)
    quiet = np.r_[0:280, 380:580, 660:1000]
    assert not found.motion.arkit[quiet, JAW].any(), "the mouth rests"
    blinks = found.motion.blink[:, 0] > 0.5
    assert blinks[0:280].any() and blinks[400:560].any() and blinks[700:].any()
    # It repeats itself without a jump, and no blink is cut in half by a line.
    assert np.abs(np.diff(found.motion.head_rotation[:280, 0])).max() < 0.002
    assert np.abs(np.diff(found.motion.head_rotation[700:, 0])).max() < 0.002
    for first, last in (runs_of(found.motion.blink[:, 0] > 0.01) - (0, 1)).tolist():
        assert found.motion.blink[first : last + 1].max() > 0.8
    np.testing.assert_array_equal(found.motion.blink[:, 0], found.motion.arkit[:, 0])


def test_faster_and_slower():
    line = motion(2.0, closures=(20,))
    fast = dialogue.at_speed(line, 2.0).resampled(FPS)
    assert len(fast) == 25 and fast.cues[-1][1] == pytest.approx(1.0)
    assert fast.arkit[10, JAW] == line.arkit[20, JAW] == 0
    assert dialogue.at_speed(line, 1.0) is line


def test_silence():
    line = motion(1.0)
    assert not dialogue.is_silent(line)
    line.arkit[:, 14:] = 0
    assert not dialogue.is_silent(line), "its cues speak"
    cues = replace(line, cues=[(0.0, 1.0, "X")])
    assert dialogue.is_silent(cues)


def test_a_performance_is_kept_as_the_engine_keeps_its_own(tmp_path):
    found = merged([Part(motion(2.0), 101), Part(motion(1.0), 200)], FPS, (1, 300)).motion
    stored_motion.save(found, tmp_path / "all.npz")
    again = stored_motion.load(str(tmp_path / "all.npz"))
    for name in (
        "arkit",
        "head_rotation",
        "head_translation",
        "eye_rotation",
        "landmarks",
        "visemes",
        "blink",
    ):
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))
    assert [cue[2] for cue in again.cues] == [cue[2] for cue in found.cues] and again.source == {"lines": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["all.npz"]
    with pytest.raises(TalkingAnimationError, match="cannot be written"):
        stored_motion.save(found, tmp_path / "missing" / "all.npz")


CAST = {
    "Alice_rig": ("Alice_rig", "Armature", "Alice_face"),
    "CH-Bob": ("CH-Bob", "Bob"),
    "Ann": ("Ann", "Ann mesh"),
    "Ann Lee": ("Ann Lee",),
    "Señora Ñandú": ("Señora Ñandú",),
    "アリス": ("アリス",),
    "Rig": ("Rig", "Armature.001"),
    "Clone.001": ("Clone.001",),
    "Clone": ("Clone",),
}


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Alice_01", ["Alice_rig"]),
        ("sc03_ALICE-take2.wav", ["Alice_rig"]),
        ("aliceline3", ["Alice_rig"]),
        ("BobHello", ["CH-Bob"]),
        ("bobbin", []),
        ("Bob_to_Alice", ["Alice_rig", "CH-Bob"]),
        ("ann_lee_04", ["Ann Lee"]),
        ("Ann_04", ["Ann"]),
        ("anna_04", []),
        ("planning", []),
        ("senora nandu 3", ["Señora Ñandú"]),
        ("台詞アリス02", ["アリス"]),
        ("music", []),
        ("rig_test", []),
        ("Clone_3", ["Clone"]),
        ("Clone.001_3", ["Clone.001"]),
    ],
)
def test_names(text, owners):
    assert sorted(line_matching.best_in(text, CAST)) == owners


def test_the_first_place_that_tells_decides():
    said = [("strip", "line 7"), ("channel", "Bob"), ("file", "alice_7"), ("folder", "Alice")]
    assert line_matching.owner_of(said, CAST) == line_matching.Match("CH-Bob", "channel")
    both = [("strip", "Bob_Alice_7"), ("channel", ""), ("file", "x"), ("folder", "Alice")]
    assert line_matching.owner_of(both, CAST) == line_matching.Match("Alice_rig", "folder")
    assert line_matching.owner_of(both[:3], CAST) == line_matching.Match(rivals=("Alice_rig", "CH-Bob"))
    assert line_matching.owner_of([("strip", "door slam")], CAST) == line_matching.Match()


@pytest.mark.parametrize(
    ("text", "fps", "frame"),
    [
        ("120", 24, 120),
        ("-5", 24, -5),
        ("120.0", 24, 120),
        ("00:00:05:12", 24, 132),
        ("01:00:00:00", 25, 90000),
        ("00:00:10:00", 29.97, 300),
        ("5.5s", 24, 132),
        ("5,5 s", 24, 132),
        ("00:00:05.500", 24, 132),
        ("1:30.5", 10, 905),
    ],
)
def test_starts(text, fps, frame):
    assert line_table.frame_of(text, fps) == pytest.approx(frame)


@pytest.mark.parametrize("text", ["", "soon", "1:2", "00:00:05:24", "00:61:00:00", "12.5", "5m"])
def test_starts_that_are_none(text):
    with pytest.raises(ValueError, match="start"):
        line_table.frame_of(text, 24)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_as_spreadsheets_write_them(tmp_path, encoding, delimiter):
    path = tmp_path / "lines.csv"
    rows = [
        ["Note", "Start", "AUDIO ", "Character", "seed", "style", "speed"],
        ["", "1", '"a, b; c.wav"', "Zoë", "", "", ""],
        [],
        ["# left out for now", "5", "x.wav", "Zoë", "", "", ""],
        ["x", "00:00:02:00", "d.wav", '"Bob ""B"" Jones"', "7", "calm", "1.25"],
        ["", "later", "e.wav", "Zoë", "", "", ""],
        ["", "9", "", "Zoë", "", "", ""],
        ["", "9", "f.wav", "Zoë", "-1", "", "9"],
    ]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    found = line_table.read(str(path), 24.0)
    assert [row.number for row in found] == [2, 5, 6, 7, 8]
    assert (found[0].character, found[0].audio, found[0].start) == ("Zoë", "a, b; c.wav", 1)
    assert found[1] == line_table.Row(5, 'Bob "B" Jones', "d.wav", 48, "calm", 7, 1.25)
    assert [bool(row.problem) for row in found] == [False, False, True, True, True]
    assert (
        "'later'" in found[2].problem
        and "no recording" in found[3].problem
        and "seed '-1'" in found[4].problem
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"# nothing\n\n", "is empty"),
        (b"character,audio\nA,b.wav\n", "no column start"),
        (b"character,audio,start\n", "no lines below"),
        (b"character,audio,start,audio\nA,b.wav,1,c\n", "audio twice"),
        (b"PK\x03\x04\0\0\0\0", "is no text"),
        (b"Alice,a.wav,1\n", "no column character"),
    ],
)
def test_tables_that_are_none(tmp_path, content, says):
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    with pytest.raises(TalkingAnimationError, match=says):
        line_table.read(str(path), 24.0)
    with pytest.raises(TalkingAnimationError, match="does not exist"):
        line_table.read(str(tmp_path / "other.csv"), 24.0)


def test_the_example_table():
    path = ROOT / "examples" / "scene_lines.csv"
    rows = line_table.read(str(path), 24.0)
    assert [(row.character, row.start, row.problem) for row in rows] == [
        ("Alice", 12, ""),
        ("Bob", 108, ""),
        ("Alice", 228, ""),
    ]
    assert (rows[2].style, rows[2].seed, rows[2].speed) == ("lively", 3, 1.1)
