"""How far it is, on one line: also while Blender renders, whose own lines are held back and told where it fails."""

from __future__ import annotations

import io
import os

import bpy
import pytest

from blender_addon.command_line import recording, terminal


class Watched(io.StringIO):
    """A terminal that somebody watches."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(terminal, "_shown", ("", -1))
    monkeypatch.setattr(terminal, "_open_line", 0)


def told(monkeypatch, stream):
    monkeypatch.setattr("sys.stdout", stream)
    for number in range(101):
        terminal.show_progress(number / 100, "Listening to a voice")
    terminal.show_progress(-3.0, "Keys")
    terminal.say("Done.")
    terminal.say("And more.")
    return stream.getvalue()


def test_a_terminal_shows_it_on_one_line(monkeypatch):
    text = told(monkeypatch, Watched())
    first, *rest = text.split("\n")
    assert first.count("\r") == 102 and first.endswith("Keys   0 %".ljust(len("Listening to a voice 100 %")))
    assert rest == ["Done.", "And more.", ""]


def test_a_log_gets_a_line_for_every_tenth(monkeypatch):
    lines = told(monkeypatch, io.StringIO()).splitlines()
    assert len(lines) == 11 + 1 + 2 and "\r" not in "".join(lines)
    assert lines[1] == "Listening to a voice  10 %"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932", "utf-8"])
def test_a_console_of_any_code_page_gets_every_name(monkeypatch, encoding):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding, newline="")
    monkeypatch.setattr("sys.stdout", stream)
    terminal.show_progress(0.5, "Höre „日本\udcff“ ✓")
    terminal.say("'Größe_日本_\udcff_✓.wav' does not exist.")
    told = written.getvalue().decode(encoding)
    assert told.endswith(
        "_✓.wav' does not exist.\n" if encoding == "utf-8" else "_\\u2713.wav' does not exist.\n"
    )
    assert ("Größe" in told) is (encoding in ("cp1252", "utf-8")) and "\\udcff" in told


def test_rendering_shows_each_picture_and_holds_blenders_lines_back(capfd):
    with terminal.rendering((5, 8)):
        os.write(1, b"Fra:5 Mem:12.00M\n")
        for handler in list(bpy.app.handlers.render_write)[-1:] * 2:
            handler(bpy.context.scene, None)
    out, err = capfd.readouterr()
    assert "Fra:5" not in out + err and "Rendering  50 %" in out
    print("after", flush=True)
    assert capfd.readouterr().out == "after\n"
    assert not [known for known in bpy.app.handlers.render_write if known.__module__ == terminal.__name__]


def test_what_blender_said_is_told_where_rendering_fails(capfd):
    with pytest.raises(RuntimeError), terminal.rendering((1, 2)):
        os.write(1, b"Fra:1 Mem:12.00M\nError: no room on the disk\n")
        raise RuntimeError
    assert capfd.readouterr().err == "Error: no room on the disk\n"


def test_an_output_without_a_number_is_left_alone(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    with terminal.rendering((1, 0)):
        pass
    assert stream.getvalue() == "Rendering   0 %\n"


def test_take_is_the_word_and_seed_is_still_known():
    parsed = recording.parser().parse_args(["--audio", "a.wav", "--seed", "4"])
    assert parsed.take == 4 == recording.parser().parse_args(["--audio", "a.wav", "--take=4"]).take
