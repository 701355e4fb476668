"""Tables of lines: what each line asks for, and what is wrong with it."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from inference.batch.blender_lines import Blender
from inference.batch.done import Done
from inference.batch.lines import Line, read_lines
from inference.batch.processes import Outcome
from inference.batch.run import run
from inference.errors import EngineError
from inference.face.messages import AnimateRequest, PortraitRequest
from inference.face.spreadsheet import as_spelled, read_table


def _lines(folder: Path, text: str, rows: range | None = None) -> list[Line]:
    table = folder / "lines.csv"
    table.write_text(text, encoding="utf-8")
    return read_lines(table, folder / "out", Blender("blender-4.5"), rows)


def test_an_output_that_is_an_ending_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(b"")
    for ending in (".npz", ".MP4", "deep/.blend"):
        (line,) = _lines(tmp_path, f"voice,output\nvoice.wav,{ending}\n")
        assert (
            f"has no name before {ending.rpartition('/')[2]}: give it one" in line.problem
            and not line.request
        )


def test_each_line_asks_for_what_its_output_is(tmp_path):
    (tmp_path / "face.png").write_bytes(b"")
    (tmp_path / "voice.wav").write_bytes(b"")
    motion, video, shipped, keys, render = _lines(
        tmp_path,
        "Audio;Image;Blend;Character;Seed;FPS;Size;Still;Style;Output\n"
        "voice.wav;;;;2.0;24000/1001;;;calm:0.3,lively:0.7;motion.NPZ\n"
        "voice.wav;face.png;;;;;512;yes;;deep/er/video.mp4\n"
        "voice.wav;fox;;;;;;;;pictures\n"
        "voice.wav;;head.blend;Tali;7;;;;lively;talking.blend\n"
        "voice.wav;;head.blend;;;;;;;talking.mp4\n",
    )
    assert isinstance(motion.request, AnimateRequest)
    assert motion.request.audio == str(tmp_path / "voice.wav")
    assert motion.request.options.seed == 2
    assert motion.request.options.fps == pytest.approx(23.976, abs=1e-3)
    assert motion.request.options.style == "calm:0.3,lively:0.7"
    assert motion.output == tmp_path / "out" / "motion.NPZ"
    assert isinstance(video.request, PortraitRequest)
    assert video.request.picture == str(tmp_path / "face.png")
    assert (video.request.size, video.request.still) == (512, True)
    assert set(video.inputs) == {tmp_path / "face.png", tmp_path / "voice.wav"}
    assert isinstance(shipped.request, PortraitRequest)
    assert shipped.request.picture == "fox"
    assert shipped.inputs == (tmp_path / "voice.wav",)
    assert keys.command[:2] == ("blender-4.5", "-b")
    assert {"--save", "--character", "Tali", "--take", "7", str(tmp_path / "head.blend")} <= set(keys.command)
    assert render.command[-2:] == ("--render", str(tmp_path / "out" / "talking.mp4"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems find them by themselves")
def test_names_as_another_system_spells_them(tmp_path):
    """macOS takes letters and their marks apart, Windows does not mind capitals."""
    names = [f"{unicodedata.normalize('NFC', 'Künstlerin é')}.wav", "A.WAV", "b.wav", "B.wav", "noise.wav"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    apart = unicodedata.normalize("NFD", names[0])
    there = [
        as_spelled(str(tmp_path / name)) for name in (apart, "a.wav", "b.wav", "B.WAV", "calm", "none.wav")
    ]
    assert [Path(path).name for path in there] == [names[0], "A.WAV", "b.wav", "B.WAV", "calm", "none.wav"]
    (line,) = _lines(tmp_path, f"voice,output\n{apart},out.npz\n")
    assert isinstance(line.request, AnimateRequest) and line.request.audio == str(tmp_path / names[0])
    folder = tmp_path / unicodedata.normalize("NFD", "Büro")
    folder.mkdir()
    (folder / "a.wav").write_bytes(b"")
    assert as_spelled(str(tmp_path / "Büro" / "A.wav")) == str(folder / "a.wav")
    assert as_spelled(str(tmp_path / "none" / "a.wav")) == str(tmp_path / "none" / "a.wav")


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("shift-jis", "台詞"), ("gbk", "你好"), ("cp1251", "голос"), ("koi8-r", "голос"), ("mac-roman", "Mädchen"),
        ("cp1250", "Řeč"), ("cp1252", "Mädchen"), ("utf-32", "台詞"), ("utf-16", "台詞"),
    ],
)  # fmt: skip
def test_a_table_in_an_old_encoding_names_the_files_that_are_there(tmp_path, encoding, name):
    (tmp_path / f"{name}.wav").write_bytes(b"")
    table = tmp_path / "lines.csv"
    table.write_bytes(f"voice;output\n{name}.wav;{name}.npz\nnone.wav;n.npz\n".encode(encoding))
    (line, _) = read_lines(table, tmp_path, Blender())
    assert line.inputs == (tmp_path / f"{name}.wav",) and line.output == tmp_path / f"{name}.npz"


def test_a_table_of_windows_and_its_decimals(tmp_path):
    (line,) = _lines(tmp_path, "voice;output;fps;take\nsub\\a.wav;made\\x.npz;29,97;2,0\n")
    assert isinstance(line.request, AnimateRequest)
    assert line.request.options.fps == 29.97 and line.request.options.seed == 2
    if sys.platform != "win32":
        assert Path(line.request.audio) == tmp_path / "sub" / "a.wav"
        assert line.output.parent.name == "made" and line.output.name == "x.npz"


@pytest.mark.skipif(sys.platform == "win32", reason="there it is what it says")
def test_drives_and_shares_of_windows_lie_beside_the_table(tmp_path):
    """A share had become an absolute path, to which a result would have been written."""
    share, drive = _lines(tmp_path, "voice,output\n\\\\host\\a.wav,\\\\host\\x.npz\nC:\\a.wav,C:\\x.npz\n")
    assert (
        share.inputs == (tmp_path / r"\\host\a.wav",) and share.output == tmp_path / "out" / r"\\host\x.npz"
    )
    assert drive.inputs == (tmp_path / "C:" / "a.wav",) and drive.output == tmp_path / "out" / "C:" / "x.npz"


def test_a_row_whose_name_is_a_failed_formula_is_no_comment(tmp_path):
    table = tmp_path / "lines.csv"
    table.write_text("voice,output\n#N/A,a.npz\n# old\n#NAME?,b.npz\n#1 take,c.npz\n#WERT!,d.npz\n", "utf-8")
    rows = read_table(table, ("voice", "output"), ("voice",), "voice,output")
    assert [(number, cells["voice"]) for number, cells in rows] == [(2, "#N/A"), (4, "#NAME?"), (6, "#WERT!")]


def test_whether_glasses_are_worn(tmp_path):
    lines = _lines(
        tmp_path,
        "Image;Voice;Glasses;Output\nfox;voice.wav;No;a.mp4\nfox;voice.wav;maybe;b.mp4\nfox;voice.wav;;c.mp4\n",
    )
    assert [line.request and line.request.glasses for line in lines] == ["no", None, "auto"]
    assert "glasses: write yes, no or auto" in lines[1].problem


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        ("2.0;3,00", ("2", "3")),
        ("MIX;All", ("mix", "all")),
        ("Auto;", ("auto", "all")),
        ("12;1", ("12", "1")),
    ],
)
def test_channels_and_voices_as_spreadsheets_write_them(tmp_path, cells, meant):
    rows = [f"v.wav;{cells};{more}" for more in (";;a.npz", "head.blend;;b.blend", ";fox;c.mp4")]
    header = "voice;channel;voice_in_file;blend;picture;output"
    motion, keys, video = _lines(tmp_path, "\n".join([header, *rows]) + "\n")
    assert not motion.problem
    assert isinstance(motion.request, AnimateRequest)
    assert (motion.request.options.channel, motion.request.options.voice_in_file) == meant
    assert isinstance(video.request, PortraitRequest)
    assert (video.request.channel, video.request.voice_in_file) == meant
    assert keys.command[keys.command.index("--channel") + 1] == meant[0]


def test_what_is_said_reaches_whoever_makes_the_line(tmp_path):
    cells = "- Hello; Bob!"
    rows = [f'v.wav;"{cells}";{more}' for more in (";;a.npz", "head.blend;;b.blend", ";fox;c.mp4")]
    motion, keys, video = _lines(tmp_path, "\n".join(["voice;transcript;blend;picture;output", *rows]) + "\n")
    assert motion.request.options.text == video.request.text == cells
    assert f"--text={cells}" in keys.command


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("voice.wav,,,,,", "names no output"),
        (",,,,,a.npz", "no recording"),
        ("voice.wav,,,,,a.mp4", "no picture"),
        ("voice.wav,fox,,soon,,a.mp4", "take 'soon'"),
        ("voice.wav,fox,,-1,,a.mp4", "take '-1'"),
        ("voice.wav,fox,,1e999,,a.mp4", "take '1e999'"),
        ('voice.wav,fox,,"1,000",,a.mp4', "take '1,000'"),
        ("voice.wav,fox,,12.000,,a.mp4", "take '12.000'"),
        ("voice.wav,fox,,,7,a.mp4", "size must be 32 to"),
        ("voice.wav,,a.blend,,512,b.blend", "size, which means nothing"),
        ("a.npz,,,,,../a.npz", "would replace"),
    ],
)
def test_what_is_wrong_with_a_line_is_its_own(tmp_path, cells, told):
    (tmp_path / "a.npz").write_bytes(b"")
    bad, good = _lines(
        tmp_path, f"voice,picture,blend,take,size,output\n{cells}\nvoice.wav,fox,,,,good.mp4\n"
    )
    assert told in bad.problem
    assert "\n" not in bad.problem
    assert not good.problem


def test_only_some_rows(tmp_path):
    text = "voice,output\n" + "".join(f"v.wav,{number}.npz\n" for number in range(1, 8))
    assert [line.output.stem for line in _lines(tmp_path, text, range(3, 6))] == ["3", "4", "5"]
    assert _lines(tmp_path, text, range(8, 10)) == []


def test_two_lines_never_write_one_file(tmp_path):
    with pytest.raises(EngineError, match=r"a.npz in line 2 and in line 4"):
        _lines(tmp_path, "voice,output\nv.wav,a.npz\nv.wav,b.npz\nv.wav,sub/../a.npz\n")


def test_no_line_reads_what_another_makes(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.npz").write_bytes(b"")
    with pytest.raises(EngineError, match=r"reads a\.npz in line 3, which line 2 makes"):
        _lines(tmp_path, "voice,picture,animation,output\nv.wav,,,a.npz\n,fox,out/a.npz,b.mp4\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "is empty"), ("voice\nv.wav\n", "no column output"), ("output,output\na,b\n", "output twice")],
)
def test_what_is_no_table(tmp_path, text, told):
    with pytest.raises(EngineError, match=told) as error:
        _lines(tmp_path, text)
    assert error.value.code == "bad_table"


def test_links_that_lead_round_in_a_circle_cost_their_own_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("loop.wav", "out/loop.npz", "out/folder"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(Path(name).name)
    (tmp_path / "voice.wav").write_bytes(b"")
    lines = _lines(
        tmp_path,
        "voice,output\nloop.wav,a.npz\nvoice.wav,folder/b.npz\nvoice.wav,loop.npz\nvoice.wav,c.npz\n",
    )
    assert [line.output.name for line in lines] == ["a.npz", "b.npz", "loop.npz", "c.npz"]
    assert not any(line.problem for line in lines)

    class Nobody:
        def outcomes(self, left: Sequence[Line]) -> Iterator[Outcome]:
            return (Outcome(line, "made") for line in left)

    told = run(lines, Done(tmp_path / "done"), Nobody(), lambda _fraction, _stage: None)[0]
    problems = {outcome.line.output.name: outcome.problem for outcome in told}
    assert "folder, where it was to go, is no folder" in problems["b.npz"] and problems["c.npz"] == "made"


def test_what_excel_saves_on_a_german_machine_is_a_table(tmp_path):
    (tmp_path / "Grüße.wav").write_bytes(b"")
    table = tmp_path / "lines.csv"
    table.write_bytes("\ufeffvoice;style;output\r\nGrüße.wav;calm;ä1.npz\r\n;;\r\n".encode())
    (line,) = read_lines(table, tmp_path / "out", Blender())
    assert not line.problem and line.output.name == "ä1.npz" and line.inputs[0].name == "Grüße.wav"


def test_a_folder_is_looked_through_once(tmp_path, monkeypatch):
    (tmp_path / "A.wav").touch()
    looked = []
    usual = type(tmp_path).iterdir
    monkeypatch.setattr(type(tmp_path), "iterdir", lambda path: looked.append(path) or usual(path))
    for number in range(50):
        assert as_spelled(str(tmp_path / "none" / f"{number}.wav")).endswith(f"{number}.wav")
        assert as_spelled(str(tmp_path / "a.wav")) == str(tmp_path / "A.wav")
    assert looked == [tmp_path]
