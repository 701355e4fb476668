"""Where the sound of a live preview comes from: blocks of a recording, and of a microphone that a fake one stands for."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from inference.errors import EngineError
from inference.live import sources
from inference.live.sources import Microphone, Recorded


class FakeStream:
    """A microphone whose sound a test gives."""

    def __init__(self, **options: Any) -> None:
        self.options, self.events = options, list[str]()

    def start(self) -> None:
        self.events.append("start")

    def stop(self) -> None:
        self.events.append("stop")

    def close(self) -> None:
        self.events.append("close")

    def say(self, samples: np.ndarray, overflow: bool = False) -> None:
        status = SimpleNamespace(input_overflow=overflow)
        self.options["callback"](samples.reshape(-1, 1), len(samples), None, status)


def microphone() -> tuple[Microphone, FakeStream]:
    opened: list[FakeStream] = []

    def opens(**options: Any) -> FakeStream:
        opened.append(FakeStream(**options))
        return opened[0]

    return Microphone(0.3, opens), opened[0]


def test_a_recording_comes_whole_and_in_order():
    samples = np.arange(1001, dtype=np.float32)
    blocks = list(Recorded(samples, 0.01).blocks())
    assert [len(block) for block in blocks] == [160] * 6 + [41]
    assert np.array_equal(np.concatenate(blocks), samples)


def test_a_microphone_gives_its_blocks_in_order_and_is_let_go_of():
    heard, stream = microphone()
    assert (stream.options["samplerate"], stream.options["blocksize"]) == (16000, 4800)
    spoken = [np.full(4800, value, np.float32) for value in (0.1, 0.2, 0.3)]
    blocks = heard.blocks()
    stream.say(spoken[0])
    assert np.array_equal(next(blocks), spoken[0])
    for block in spoken[1:]:
        stream.say(block)
    assert np.array_equal(next(blocks), np.concatenate(spoken[1:]))  # it catches up
    heard.close()
    assert stream.events == ["start", "stop", "close"] and heard.lost == 0


def test_a_block_belongs_to_the_preview_once_it_is_there():
    heard, stream = microphone()
    buffer = np.full(4800, 0.5, np.float32)
    stream.say(buffer)
    buffer[:] = 0  # PortAudio uses its memory again
    assert next(heard.blocks())[0] == 0.5


def test_lost_blocks_are_counted():
    heard, stream = microphone()
    stream.say(np.zeros(4800, np.float32), overflow=True)
    for _ in range(25):
        stream.say(np.zeros(4800, np.float32))
    assert heard.lost == 1 + 6


def test_a_microphone_that_falls_silent_is_told_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "_SILENT_SECONDS", 0.01)
    heard, _ = microphone()
    with pytest.raises(EngineError, match="plugged in") as error:
        next(heard.blocks())
    assert error.value.code == "no_microphone"


def test_no_microphone_is_one_sentence():
    def opens(**options: Any) -> FakeStream:
        raise RuntimeError("Error querying device -1\nmore of it")

    with pytest.raises(EngineError) as error:
        Microphone(0.3, opens)
    assert error.value.message.count(".") == 1 and "\n" not in error.value.message
    assert "querying device -1" in error.value.message and "plug one in" in error.value.message


@pytest.mark.parametrize(("raises", "remedy"), [(ImportError, "full engine"), (OSError, "libportaudio2")])
def test_a_system_that_cannot_record(raises: type[Exception], remedy: str, monkeypatch: pytest.MonkeyPatch):
    class Finder:
        @staticmethod
        def find_spec(name: str, path: Any = None, target: Any = None) -> None:
            if name == "sounddevice":
                raise raises("PortAudio library not found")

    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(EngineError, match=remedy) as error:
        Microphone(0.3)
    assert error.value.code == "no_microphone"
