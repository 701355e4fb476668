"""What is told to people can be shown anywhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

from blender_addon.contract import messages, portable_names
from blender_addon.engine_process import process
from blender_addon.errors import TalkingAnimationError, legible
from blender_addon.host import file_names, log, unforeseen


def test_a_name_is_legible() -> None:
    name = os.fsdecode(b"caf\xe9\nau\tlait\r\xf0\x9f\x8e\xa4 \xc3\xa9")
    assert legible(name) == "caf\ufffd au lait \U0001f3a4 é"
    assert str(TalkingAnimationError(f"'{name}' is empty.")) == f"'{legible(name)}' is empty."
    assert TalkingAnimationError("a\ud800b").message == "a\ufffdb"


def test_a_request_carries_any_path() -> None:
    class Pipe:
        written = b""

        def write(self, data: bytes) -> None:
            self.written += data

        def flush(self) -> None:
            pass

    class Popen:
        stdin = Pipe()

    path = os.fsdecode(b"/tmp/caf\xe9 \xc3\xbc.wav")
    engine = process.Engine(Path(), [])
    engine._process = process._Process(None, Popen(), None)  # type: ignore[arg-type]
    engine._request = messages.AnimateRequest(path, "/tmp/o.npz")
    engine._send()
    assert json.loads(Popen.stdin.written)["audio"] == path


def test_another_name_for_what_blender_would_refuse(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp3")
    Path(odd).write_bytes(b"sound")
    with file_names.usual(odd) as other:
        assert other.endswith(".mp3") and file_names.is_usual(other) and not file_names.is_usual(odd)
        assert Path(other).read_bytes() == b"sound"
    assert not Path(other).parent.exists() and Path(odd).read_bytes() == b"sound"
    plain = str(tmp_path / "Ünïcode.mp3")
    with file_names.usual(plain) as same:
        assert same == plain


def test_a_name_becomes_one_that_every_file_system_takes() -> None:
    stems = {
        name: portable_names.stem(name, "video")
        for name in ("Ärger/2:1?", " .hidden. ", "?", "...", "aux", "Con.air")
    }
    assert list(stems.values()) == ["Ärger_2_1_", "hidden", "_", "video", "_aux", "_Con.air"]
    assert (
        portable_names.stem("consul", "video") == "consul"
        and portable_names.stem("é" * 300, "video") == "é" * 60
    )


def test_what_nobody_foresaw_is_told_without_its_text() -> None:
    """The sentence says what was tried and where the report is; the log has the traceback."""
    log.start("ERROR")
    try:
        raise KeyError("bpy_prop_collection[key]: key 'Küche' not found")
    except KeyError as error:
        told = unforeseen.sentence("'Find Landmarks'", error)
    kept = "\n".join(log.recent())
    assert told.startswith("'Find Landmarks' failed") and "clipboard" in told and told.count(". ") == 0
    assert "KeyError" not in told and "bpy_prop" not in told
    assert "Traceback" in kept and "Küche" in kept


def test_no_sentence_names_the_kind_of_an_exception() -> None:
    """Whatever raises errors for people, in the add-on and in the engine, never writes an exception's class into them."""
    root = Path(__file__).resolve().parents[2]
    named = [
        path.name
        for folder in ("blender_addon", "inference")
        for path in (root / folder).rglob("*.py")
        if "training" not in path.parts and "type(error).__name__" in path.read_text(encoding="utf-8")
    ]
    assert not named
