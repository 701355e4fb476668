"""Tables of lines, as people and spreadsheets write them."""

from __future__ import annotations

import pytest
from places import ROOT

from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs.scene_script import line_table


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1:2",
        "00:00:05:24",
        "00:61:00:00",
        "12.5",
        "5m",
        "999999999",
        "-2000000",
        "999999999s",
        "1,000",
        "120.000",
    ],
)
def test_starts_that_are_none(text):
    with pytest.raises(ValueError, match="start"):
        line_table.frame_of(text, 24)


@pytest.mark.parametrize(
    "cells",
    ["{},,,,", "0,{},,,", "0,,{},,", "0,,,{},", "0,,,,{}"],
    ids=["start", "seed", "speed", "bake", "glasses"],
)
def test_a_sentence_is_no_longer_than_one_bears(tmp_path, cells):
    path = tmp_path / "lines.csv"
    path.write_text(
        "character,audio,start,seed,speed,bake,glasses\nAda,a.wav," + cells.format("9x" * 5000) + "\n"
    )
    (row,) = line_table.read(str(path), 24.0)
    assert "'9x9x" in row.problem and "…'" in row.problem and len(row.problem) < 300


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
        and "take '-1'" in found[4].problem
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        ("sep=;", ";"),
        ("SEP=,", ","),
        ("sep=\t", "\t"),
        ("sep=|", "|"),
        ('"sep=;"', ";"),
        ("sep=;;;;", ";"),
        ("# sep=,", ";"),
        (None, ";"),
    ],
)
def test_what_excel_writes(tmp_path, encoding, ending, first, delimiter):
    rows = [
        *([[first]] if first else []),
        ["character", "audio", "start", '"note,\nif any"', "", ""],
        ["Zoë", "a.wav", "1", '"two\nlines, one ""cell"""', "", ""],
        ["", "", "", "", "", ""],
        ["Bob", "b.wav", "2,0", "", "", ""],
        ["", "", "", "", "", ""],
        [],
        [],
    ]
    if delimiter == ",":
        rows[-4][2] = '"2,0"'
    text = "\n".join(delimiter.join(row) for row in rows).replace("\n", ending)
    path = tmp_path / "lines.csv"
    path.write_bytes(text.encode(encoding))
    found = line_table.read(str(path), 24.0)
    above = 1 if first else 0
    assert [(row.number, row.character, row.audio, row.start) for row in found] == [
        (above + 3, "Zoë", "a.wav", 1),
        (above + 6, "Bob", "b.wav", 2),
    ]
    assert not any(row.problem for row in found)


def test_what_is_heard_of_a_recording(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(
        "character,audio,start,Voice_in_File,channel\nA,a.wav,1,2.0,Mix\nB,a.wav,1,,3\nC,a.wav,1\n",
        encoding="utf-8",
    )
    found = line_table.read(str(path), 24.0)
    assert [(row.voice_in_file, row.channel) for row in found] == [("2", "mix"), ("", "3"), ("", "")]


def test_what_is_said_in_a_recording(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(
        'character,audio,start,Dialogue\nA,a.wav,1,"Hello, ""Bob""!"\nB,b.wav,1,\nC,c.wav,1,- no\n',
        encoding="utf-8",
    )
    assert [row.text for row in line_table.read(str(path), 24.0)] == ['Hello, "Bob"!', "", "- no"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"# nothing\n\n", "is empty"),
        (b"sep=;\r\n", "is empty"),
        (b"sep=;\r\ncharacter;audio\r\n", "no column start"),
        (b"sep=;\r\ncharacter;audio;start\r\n", "no lines below"),
        (b"character,audio\nA,b.wav\n", "no column start"),
        (b"character,audio,start\n", "no lines below"),
        (b"character,audio,start,audio\nA,b.wav,1,c\n", "audio twice"),
        (b"character,audio,start,stlye\nA,b.wav,1,calm\n", "has a column stlye, .*: call it style"),
        (b"character,audio,start,chanel\nA,b.wav,1,2\n", "has a column chanel, .*: call it channel"),
        (b"character,audio,start,styles\nA,b.wav,1,calm\n", "has a column styles, .*: call it style"),
        (b"character,audio,start,takes\nA,b.wav,1,2\n", "has a column takes, .*: call it take"),
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


def test_further_columns_are_nobodys_business(tmp_path):
    path = tmp_path / "lines.csv"
    others = "row,classes,taken,smiley,state,review"
    path.write_text(f"scene,character,audio,start,text,notes,styles,style,{others}\n1,A,b.wav,2,hi,,,calm\n")
    assert line_table.read(str(path), 24.0)[0].style == "calm"


def test_the_example_table():
    path = ROOT / "examples" / "scene_lines.csv"
    rows = line_table.read(str(path), 24.0)
    assert [(row.character, row.start, row.problem) for row in rows] == [
        ("Alice", 12, ""),
        ("Bob", 108, ""),
        ("Alice", 228, ""),
    ]
    assert (rows[2].style, rows[2].seed, rows[2].speed) == ("lively", 3, 1.1)


def test_brow_smile_and_energy_are_columns_that_may_be_empty(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(
        "character;audio;start;Smile;energy;brow\n"
        "Ann;a.wav;1;0,5;;\nBob;b.wav;2;;2;-1\nCleo;c.wav;3;;;\nDan;d.wav;4;1.5;;\nEve;e.wav;5;;wild;\n",
        encoding="utf-8",
    )
    rows = line_table.read(str(path), 24.0)
    assert (rows[0].dials.smile, rows[0].dials.energy, rows[0].dials.brow) == (0.5, 1.0, 0.0)
    assert (rows[1].dials.smile, rows[1].dials.energy, rows[1].dials.brow) == (0.0, 2.0, -1.0)
    assert rows[2].dials == type(rows[2].dials)() and not rows[2].problem
    assert "the smile '1.5', which is no number from -1 to 1" in rows[3].problem
    assert "the energy 'wild'" in rows[4].problem


def test_whether_a_photo_shows_glasses(tmp_path):
    path = tmp_path / "lines.csv"
    rows = "a.jpg,x.wav,1,YES\nb.jpg,x.wav,2,\nc.jpg,x.wav,3,perhaps\nd.jpg,x.wav,4,auto\n"
    path.write_text("character,audio,start,Glasses\n" + rows, encoding="utf-8")
    found = line_table.read(str(path), 24.0)
    assert [row.glasses for row in found] == ["yes", "", "", "auto"]
    assert "says 'perhaps' for glasses" in found[2].problem and not found[3].problem


def test_what_draws_a_lines_video(tmp_path):
    path = tmp_path / "lines.csv"
    cells = ("", "Engine", "ada.NPZ", "warp")
    path.write_text("character,audio,start,renderer\n" + "".join(f"a,a.wav,1,{cell}\n" for cell in cells))
    found = line_table.read(str(path), 24.0)
    assert [row.renderer for row in found] == ["", "Engine", "ada.NPZ", ""]
    assert (
        "'warp', which is neither automatic, blender, engine, drawing, cartoon, refined nor a file .npz"
        in found[3].problem
    )
