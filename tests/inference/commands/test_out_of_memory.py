"""Where memory does not suffice, the sentence speaks of what was given: a recording, a video, a picture."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from inference import cli, worker
from inference.face import messages
from inference.worker import Worker

SPEAKS_OF = {
    "animate": "recording",
    "capture": "video",
    "style": "video",
    "personalize": "video",
    "picture": "picture",
    "landmarks": "picture",
    "portrait": "picture",
    "mix": "motion",
    "retarget": "motion",
}
GIVEN = {
    "audio": "a.wav", "video": "a.mp4", "clips": ["a.mp4"], "clip": "a.mp4", "picture": "a.png", "lips": "a.npz",
    "head": "b.npz", "animation": "a.npz", "shapes": "s.npz", "output": "o.npz", "landmarks": "l.npz",
}  # fmt: skip


def exhausted(*_: object) -> messages.Answer:
    raise MemoryError


@pytest.mark.parametrize("command", SPEAKS_OF)
def test_the_worker_speaks_of_what_was_given(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = messages.REQUESTS[command]
    monkeypatch.setitem(worker.HANDLERS, kind, exhausted)
    replies = io.StringIO()
    Worker(replies).answer(json.dumps({"id": 1, "command": command, **GIVEN}))
    told = json.loads(replies.getvalue())
    assert told["code"] == "out_of_memory", told
    assert SPEAKS_OF[command] in told["message"] and told["message"].count(": ") == 1
    others = {word for word in SPEAKS_OF.values() if word != SPEAKS_OF[command]}
    assert not any(word in told["message"] for word in others)


def test_the_command_line_has_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "a.npy", np.zeros((9, 9, 3), np.uint8))
    monkeypatch.setattr("inference.pictures.make.make_faces", exhausted)
    given = ["picture", str(tmp_path / "a.npy"), "-o", str(tmp_path / "o.npz")]
    assert cli.main(given) == 1
    told = capsys.readouterr().err
    assert "picture this large" in told and "Traceback" not in told
    assert cli.main([*given, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "out_of_memory"
