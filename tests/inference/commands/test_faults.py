"""What a person meets where the engine itself has a fault: one sentence, a file for the report, an exit code; no traceback."""

from __future__ import annotations

import errno
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from inference.cli import main
from inference.face import fault_reports
from inference.worker import Worker

PLACES = {
    "as it reads": ("inference.pipeline.read_recording", ["animate", "{voice}", "-o", "{out}.npz"]),
    "in the middle": ("inference.pipeline.act", ["animate", "{voice}", "-o", "{out}.npz"]),
    "as it writes": (
        "inference.face.animation.FaceAnimation.save",
        ["animate", "{voice}", "-o", "{out}.npz"],
    ),
    "in a picture": (
        "inference.pictures.image_files.read_picture",
        ["picture", "{voice}", "-o", "{out}.npz"],
    ),
    "in a list": ("inference.motion.manner.styles.shipped_styles", ["styles"]),
}
"""Where a fault lies → the function that breaks, and a command that calls it."""


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError("in the middle of Zürich\udce9")


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which reports are kept."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_is_a_sentence(
    place: str, word: Path, tmp_path: Path, reports: Path, monkeypatch: Any, capsys: Any
) -> None:
    broken, words = PLACES[place]
    monkeypatch.setattr(broken, breaks)
    assert main([text.format(voice=word, out=tmp_path / "out") for text in words]) == 1
    printed, told = capsys.readouterr()
    (report,) = reports.iterdir()
    assert told == (
        f"inference: '{words[0]}' failed of a fault in the engine: what happened is in '{report}', so read it, and report it "
        "where you got the engine.\n"
    )
    assert not printed and not list(tmp_path.glob("out*"))
    kept = report.read_text(encoding="utf-8")
    assert (
        "RuntimeError: in the middle of Zürich\\udce9" in kept and "in breaks" in kept and "Python 3" in kept
    )


def test_programs_are_told_so_too(reports: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(PLACES["in a list"][0], breaks)
    assert main(["styles", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["code"] == "internal" and str(next(reports.iterdir())) in answer["message"]


def test_without_room_for_a_report_it_stands_on_the_terminal(
    reports: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(reports / "missing"))
    monkeypatch.setattr(PLACES["in a list"][0], breaks)
    assert main(["styles"]) == 1
    told = capsys.readouterr().err
    assert "RuntimeError: in the middle" in told and told.endswith(
        "inference: 'styles' failed of a fault in the engine: copy what stands above, and report it where you got the engine.\n"
    )


REFUSED = pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/mnt/styles"),
            "No room is left on the disk of '/mnt/styles': make some.",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "No room is left on the disk: make some."),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "/mnt/styles"),
            "'/mnt/styles' was not found: check the path, and that its disk is there.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/mnt/styles"),
            "'/mnt/styles' cannot be used (Permission denied): see its disk and its permissions.",
        ),
        (
            OSError(errno.EIO, "Input/output error", "a\nb.npz"),
            "'a b.npz' cannot be used (Input/output error): see its disk and its permissions.",
        ),
    ],
)
"""What a system refuses, and what is said of it."""


@REFUSED
def test_what_the_system_refused_is_no_fault(
    error: OSError, told: str, reports: Path, monkeypatch: Any, capsys: Any
) -> None:
    def refuses() -> None:
        raise error

    monkeypatch.setattr(PLACES["in a list"][0], refuses)
    assert main(["styles"]) == 1
    assert capsys.readouterr().err == f"inference: {told}\n" and not list(reports.iterdir())
    assert main(["styles", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["message"] == told


@REFUSED
def test_programs_are_told_what_the_system_refused(
    error: OSError, told: str, word: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(PLACES["in the middle"][0], refuses)
    replies = io.StringIO()
    asked = {"id": 7, "command": "animate", "audio": str(word), "output": str(tmp_path / "out.npz")}
    Worker(replies).answer(json.dumps(asked))
    answer = json.loads(replies.getvalue().splitlines()[-1])
    assert answer["type"] == "error" and answer["code"] != "internal" and answer["message"] == told


@pytest.mark.parametrize("place", PLACES)
def test_the_worker_goes_on_after_a_fault(place: str, word: Path, tmp_path: Path, monkeypatch: Any) -> None:
    broken, words = PLACES[place]
    if words[0] == "styles":
        pytest.skip("no request asks for them")
    replies = io.StringIO()
    worker = Worker(replies)
    file = "audio" if words[0] == "animate" else "picture"
    asked = {"id": 7, "command": words[0], file: str(word), "output": str(tmp_path / "out.npz")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broken, breaks)
        worker.answer(json.dumps(asked))
    answer = json.loads(replies.getvalue().splitlines()[-1])
    assert answer["type"] == "error" and answer["code"] == "internal" and answer["id"] == 7
    assert (
        answer["message"].startswith("The engine failed of a fault of its own")
        and "Zürich" not in answer["message"]
    )
    assert not list(tmp_path.glob("out*"))
    worker.answer(json.dumps({"id": 8, "command": "capabilities"}))
    assert json.loads(replies.getvalue().splitlines()[-1])["id"] == 8


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_only_this_user_reads_a_report(reports: Path) -> None:
    kept = fault_reports.keep("what happened")
    assert kept is not None and Path(kept).stat().st_mode & 0o077 == 0 and Path(kept).parent == reports
