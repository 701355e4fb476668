"""The worker's commands around filmed faces: what they answer, and how they refuse."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import cli
from inference.commands import capabilities
from inference.face.animation import FaceAnimation
from inference.face.messages import CaptureState
from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.published import licence
from inference.published.files import PHOTO_RENDERER
from inference.worker import Worker


def answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    replies = io.StringIO()
    Worker(replies).answer(json.dumps({"id": 7, **request}))
    return [json.loads(line) for line in replies.getvalue().splitlines()]


def animation(frames: int, level: float) -> FaceAnimation:
    landmarks = np.full((frames, 68, 3), level, np.float32)
    return FaceAnimation(
        fps=25.0,
        landmarks=landmarks,
        neutral=np.random.RandomState(0).normal(size=(68, 3)).astype(np.float32),
        head_rotation=np.full((frames, 3), level, np.float32),
        head_translation=np.zeros((frames, 3), np.float32),
        eye_rotation=np.zeros((frames, 2), np.float32),
        blink=np.zeros((frames, 2), np.float32),
        arkit=np.full((frames, 52), level, np.float32),
        visemes=np.zeros((frames, 15), np.float32),
    )


def test_lips_and_head_are_mixed(tmp_path: Path) -> None:
    lips, head, output = (tmp_path / f"{name}.npz" for name in ("lips", "head", "output"))
    animation(50, 0.1).save(lips)
    animation(80, 0.2).save(head)
    *progress, result = answers(
        {"command": "mix", "lips": str(lips), "head": str(head), "output": str(output)}
    )
    assert progress[0]["type"] == "progress" and result["type"] == "result" and result["id"] == 7
    mixed = FaceAnimation.load(output)
    assert result["frames"] == len(mixed) == 50
    assert np.allclose(mixed.head_rotation[:30], 0.2) and np.allclose(mixed.arkit[:, 17], 0.1)


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        ({"command": "mix", "lips": "a.npz"}, "bad_request", "names no head"),
        ({"command": "capture", "output": "x.npz"}, "bad_request", "names no video"),
        (
            {"command": "capture", "video": "a.mp4", "output": "x.npz", "fps": "25"},
            "bad_request",
            "frame rate",
        ),
        ({"command": "style", "clip": "nowhere.npz", "output": "x.json"}, "bad_animation", "nowhere.npz"),
        ({"command": "personalize", "clips": [], "output": "x.npz"}, "bad_request", "names no clips"),
        ({"command": "personalize", "clips": "a.mp4", "output": "x.npz"}, "bad_request", "names no clips"),
    ],
)
def test_a_wrong_request_is_one_sentence(request_: dict[str, Any], code: str, words: str) -> None:
    error = answers(request_)[-1]
    assert (error["type"], error["code"]) == ("error", code) and words in error["message"]
    assert "\n" not in error["message"]


def test_without_the_packages_the_capabilities_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "find_spec", lambda name: None)
    state = capabilities.capture_state()
    assert state.available and not state.decodes and state.tracker == "numpy"
    assert "av" in str(state.reason) and "Blender does that" in str(state.reason)
    monkeypatch.setattr(capabilities, "find_spec", lambda name: None if name == "mediapipe" else object())
    assert capabilities.capture_state() == CaptureState(True, None, True, "numpy")
    monkeypatch.setattr(capabilities, "find_spec", lambda name: object())
    assert capabilities.capture_state() == CaptureState(True, None, True, "mediapipe")


def test_accepting_the_licence_is_remembered(tmp_path: Path) -> None:
    asked = {"command": "published", "folder": str(tmp_path)}
    assert answers(asked)[-1]["licence_accepted"] is False
    assert answers({**asked, "accept": True})[-1]["licence_accepted"] is True
    assert answers(asked)[-1]["licence_accepted"] is True
    error = answers({"command": "published", "folder": str(tmp_path / "none"), "accept": True})[-1]
    assert error["type"] == "error" and "cannot be written to" in error["message"]


@pytest.mark.parametrize("wrong", ["absent", "no folder", "unwritable", "accepted for all"])
def test_a_licence_that_a_portrait_cannot_remember_is_said(wrong, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.delenv(licence.VARIABLE, raising=False)
    folder = tmp_path / "published"
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(folder))
    if wrong != "no folder":
        folder.mkdir()
        (folder / "makeittalk-licence-accepted.json").mkdir()
    if wrong in ("unwritable", "accepted for all"):
        (folder / PHOTO_RENDERER.name).write_bytes(b"weights")
    if wrong == "accepted for all":
        monkeypatch.setenv(licence.VARIABLE, licence.MAKEITTALKS.word)
    command = ["portrait", "nobody.png", "-o", str(tmp_path / "o.mp4"), "--animation", "none.npz"]
    assert cli.main([*command, "--renderer", "makeittalk", "--accept-licence"]) == 1
    told = capsys.readouterr().err
    assert ("cannot be remembered" in told) is (wrong == "unwritable")
    assert (f"lacks {PHOTO_RENDERER.name}" in told) is (wrong in ("absent", "no folder"))
    assert "To accept this" not in told
