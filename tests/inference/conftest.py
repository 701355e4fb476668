"""What several tests of the engine need: recordings of every kind, made on the spot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import no_connection
import numpy as np
import pytest
from recordings import SAMPLE_VOICE, beginning, wav_bytes


@pytest.fixture(scope="session", autouse=True)
def _no_connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing here, nor any process that is started here, connects to another machine; nor does what runs later in this session.

    Python's hooks stay, and so does this for the session's rest: no test needs another machine.
    """
    folder = tmp_path_factory.mktemp("no-connection")
    guard, asked = str(no_connection.guard(folder)), folder / "asked.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(no_connection.ASKED, str(asked))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [guard, os.environ.get("PYTHONPATH", "")])))
        patch.syspath_prepend(guard)
        no_connection.refuse()
        yield
    assert not no_connection.asked(asked)


@pytest.fixture
def voice() -> Path:
    """The sample voice that ships."""
    return SAMPLE_VOICE


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """The beginning of the sample voice, cut off after 0.8 s."""
    return beginning(tmp_path / "word.wav", 0.8)


@pytest.fixture
def write_wav(tmp_path: Path) -> Callable[..., Path]:
    """Write samples as a WAV file and return its path."""

    def write(samples: np.ndarray, rate: int = 16000, name: str = "line.wav", **options: bool | int) -> Path:
        path = tmp_path / name
        path.write_bytes(wav_bytes(samples, rate, **options))  # type: ignore[arg-type]
        return path

    return write
