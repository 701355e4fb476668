"""A live preview through the engine's door: sessions, their ends, and what is kept of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.commands import live
from inference.face.live_frames import floats, packed, packed_samples, unpacked
from inference.face.messages import LiveRequest
from inference.hearing.audio import read_recording
from inference.live import session
from inference.worker import Worker


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    yield
    live._present = None


def ask(**fields: Any) -> dict[str, Any]:
    """A line's answer."""
    output = io.StringIO()
    line = {"id": 7, "command": "live", "session": "a", **fields}
    Worker(output).answer(json.dumps(line))
    return dict(json.loads(output.getvalue().splitlines()[-1]))


def rows(answer: dict[str, Any]) -> np.ndarray:
    return unpacked(answer["frames"], answer["fps"]).landmarks


def test_a_recording_from_its_first_block_to_its_last(word: Path):
    answers = [ask(audio=str(word))]
    while not answers[-1]["ended"]:
        answers.append(ask())
    counts = [len(rows(answer)) for answer in answers]
    assert [answer["first"] for answer in answers] == list(np.cumsum([0, *counts[:-1]]))
    assert sum(counts) == 0.8 * 50 and answers[-1]["heard"] == pytest.approx(0.8)
    assert "has ended" in ask()["message"]


def test_what_is_odd_is_told_once(write_wav: Callable[..., Path]):
    quiet = write_wav(np.zeros(16000, np.float32))
    told = [ask(audio=str(quiet), block=0.1)["warnings"], *(ask()["warnings"] for _ in range(3))]
    assert ["silent" in " ".join(warnings) for warnings in told] == [True, False, False, False]


def test_begins_where_the_playhead_is(word: Path):
    answers = [ask(audio=str(word), begin=0.5)]
    while not answers[-1]["ended"]:
        answers.append(ask())
    assert answers[-1]["heard"] == pytest.approx(0.3, abs=0.001)


def test_sound_that_is_given_is_kept(tmp_path: Path):
    samples = read_recording(SAMPLE_VOICE).samples[:9000]
    output = tmp_path / "heard.wav"
    ask(source="samples", samples=packed_samples(samples[:4800]))
    answer = ask(samples=packed_samples(samples[4800:]), last=True, output=str(output))
    assert answer["ended"] and answer["output"] == str(output)
    assert output.read_bytes()[:44] == (
        b"RIFF"
        + (36 + 18000).to_bytes(4, "little")
        + b"WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0"
        b"data" + (18000).to_bytes(4, "little")
    )
    kept = read_recording(output)
    assert np.abs(kept.samples - samples).max() < 1e-4
    assert kept.duration == answer["heard"] and not answer["warnings"]


def test_what_is_too_long_to_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "_MOST_KEPT", 16000)
    block = packed_samples(np.full(24000, 0.2, np.float32))
    ask(source="samples", samples=block)
    answer = ask(samples=block, last=True, output=str(tmp_path / "heard.wav"))
    assert answer["heard"] == 3.0 and read_recording(tmp_path / "heard.wav").duration == 1.5
    assert "the first 0.0 are kept" in answer["warnings"][0]


def test_what_was_heard_can_be_kept_after_a_failure(tmp_path: Path):
    ask(source="samples", samples=packed_samples(np.full(4800, 0.2, np.float32)))
    assert ask(samples="no base64!")["code"] == "bad_answer"
    answer = ask(last=True, output=str(tmp_path / "heard.wav"))
    assert answer["ended"] and read_recording(tmp_path / "heard.wav").duration == pytest.approx(0.3)


def test_another_name_begins_anew():
    ask(source="samples", samples=packed_samples(np.zeros(8000, np.float32)))
    answer = ask(session="b", source="samples", samples=packed_samples(np.zeros(8000, np.float32)))
    assert answer["first"] == 0 and answer["heard"] == 0.5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"audio": "/nowhere/voice.wav"}, "does not exist"),
        ({"source": "recording"}, "no audio"),
        ({"source": "radio"}, "recording, microphone, samples"),
        ({"source": "samples", "style": "grumpiest"}, "grumpiest"),
        ({"source": "samples", "block": 0}, "block"),
        ({"source": "samples", "samples": "AAAA"}, "damaged"),
    ],
)
def test_what_cannot_be_is_one_sentence(fields: dict[str, Any], words: str):
    answer = ask(**fields)
    assert answer["type"] == "error" and words in answer["message"]


def test_an_output_is_not_what_is_read(word: Path):
    answer = ask(audio=str(word), last=True, output=str(word))
    assert answer["code"] == "output_is_input"


def test_frames_travel_as_text():
    request = LiveRequest("a", "samples", samples=packed_samples(np.zeros(16000, np.float32)))
    frames = unpacked(live.answer(request, lambda fraction, stage: None).frames, 50.0)
    again = unpacked(packed(frames), 50.0)
    assert len(again) == len(frames) > 30
    assert np.array_equal(again.landmarks, frames.landmarks)
    assert len(unpacked("", 50.0)) == 0
    assert np.array_equal(floats(packed_samples(np.array([np.nan, np.inf, 0.5]))), [0, 0, 0.5])
