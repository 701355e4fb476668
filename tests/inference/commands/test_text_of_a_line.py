"""``animate --text``: what is said makes lips surer, and whatever it is takes nothing away."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference import cli, pipeline
from inference.commands.animate import answer
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.line_texts import LONGEST, given_line_text, read_line_text
from inference.face.messages import AnimateRequest
from inference.face.names import MODELS
from inference.motion.lips.content import ContentMotion, motion_of
from inference.pipeline import Settings, animate

WOMAN = SAMPLE_VOICE.parent / "voices" / "woman.wav"
SAID = "Hello! Press the button, and watch my lips move."


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> FaceAnimation:
    return _kept(animate(WOMAN, Settings()).animation, tmp_path_factory.mktemp("untold"))


def _kept(made: FaceAnimation, folder: Path) -> FaceAnimation:
    """As it is in a file."""
    made.save(folder / "made.npz")
    return FaceAnimation.load(folder / "made.npz")


def _same(one: FaceAnimation, other: FaceAnimation) -> bool:
    return one.cues == other.cues and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("landmarks", "arkit", "visemes", "head_rotation", "eye_rotation", "blink")
    )


def test_the_text_is_used_and_kept_with_the_motion(untold: FaceAnimation, tmp_path: Path) -> None:
    assert cli.main(["animate", str(WOMAN), "-o", str(tmp_path / "told.npz"), "--text", SAID]) == 0
    told = FaceAnimation.load(tmp_path / "told.npz")
    assert told.source["text"] == SAID and told.source["text_used"] is True and not told.source["warnings"]
    assert not _same(told, untold)
    assert sum(shape == "A" for *_, shape in told.cues) >= 5  # press, button, my, lips, move
    assert np.array_equal(told.head_rotation, untold.head_rotation)  # the rest of the face goes on as it did


def test_without_a_text_nothing_changes(untold: FaceAnimation, tmp_path: Path) -> None:
    for text in ("", "  \n"):
        made = _kept(animate(WOMAN, Settings(text=text)).animation, tmp_path)
        assert _same(made, untold) and made.source == untold.source
    assert "text" not in untold.source


def test_another_text_changes_nothing_and_is_told(
    untold: FaceAnimation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "other.txt"
    text.write_text("Good morning. Maybe we should begin with a few words.", encoding="utf-8")
    assert cli.main(["animate", str(WOMAN), "-o", str(tmp_path / "other.npz"), "--text-file", str(text)]) == 0
    made = FaceAnimation.load(tmp_path / "other.npz")
    assert _same(made, untold) and made.source["text_used"] is False
    assert "The text does not fit what is heard in woman.wav: it was left out." in made.source["warnings"][-1]
    assert "does not fit" in capsys.readouterr().err


def test_where_the_text_does_not_fit_is_told_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def motion(*arguments: Any, **options: Any) -> ContentMotion:
        return replace(motion_of(*arguments, **options), text_unfit=[(0.52, 1.0)])

    monkeypatch.setattr(pipeline, "motion_of", motion)
    assert cli.main(["animate", str(WOMAN), "-o", str(tmp_path / "a.npz"), "--text", SAID]) == 0
    made = FaceAnimation.load(tmp_path / "a.npz")
    assert made.source["text_used"] is True and made.source["text_unfit"] == [[0.52, 1.0]]
    assert "From 0:00.5 to 0:01.0 the text does not fit what is heard in woman.wav" in capsys.readouterr().err


def test_subtitles_are_a_text_too(untold: FaceAnimation, tmp_path: Path) -> None:
    subtitles = tmp_path / "line.srt"
    lines = "1\r\n00:00:00,000 --> 00:00:01,000\r\nHello!\r\n\r\n2\r\n00:00:01,000 --> 00:00:03,000\r\n<i>{}</i>\r\n"
    subtitles.write_bytes(b"\xef\xbb\xbf" + lines.format(SAID.removeprefix("Hello! ")).encode())
    told = animate(WOMAN, Settings(text=read_line_text(subtitles))).animation
    assert told.source["text_used"] is True and told.source["warnings"] == []
    assert told.cues == animate(WOMAN, Settings(text=SAID)).animation.cues != untold.cues


def test_text_files_as_people_save_them(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    for data in (b"\xef\xbb\xbfCaf\xc3\xa9", "Café".encode(), "Café".encode("utf-16")):
        path.write_bytes(data)
        assert read_line_text(path) == "Café"
    for data, told in ((b"Caf\xe9", "UTF-8"), (b"RIFF\0\0", "no text"), (b"a" * (LONGEST + 1), "too long")):
        path.write_bytes(data)
        with pytest.raises(EngineError, match=told):
            read_line_text(path)
    for data in (b"", b" \r\n", b"\xef\xbb\xbf"):
        path.write_bytes(data)
        assert not read_line_text(path).strip()
        with pytest.raises(EngineError, match=r"line\.txt.* is empty"):
            given_line_text(path)
    for missing, told in ((tmp_path / "none.txt", "does not exist"), (tmp_path, "cannot be read")):
        with pytest.raises(EngineError, match=told):
            read_line_text(missing)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_a_pipe_is_no_text(tmp_path: Path) -> None:
    """It was waited for until somebody would write to it."""
    pipe = tmp_path / "line.txt"
    os.mkfifo(pipe)
    with pytest.raises(EngineError, match=r"line\.txt.* cannot be read"):
        read_line_text(pipe)


def test_what_text_cannot_be_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["animate", str(WOMAN), "-o", str(tmp_path / "a.npz"), "--text", "Hi"]
    with pytest.raises(SystemExit):
        cli.main([*asked, "--text-file", "line.txt"])
    assert cli.main([*asked, "--model", "makeittalk"]) == 1
    assert "--text is nothing to --model makeittalk" in capsys.readouterr().err
    for model in MODELS[1:]:
        request = AnimateRequest(str(WOMAN), str(tmp_path / "a.npz"), Settings(text="Hi", model=model))
        with pytest.raises(EngineError, match=f"{model} cannot use the text of a recording"):
            answer(request, lambda fraction, stage: None)
