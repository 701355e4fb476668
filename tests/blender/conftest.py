"""Tests that run inside Blender: the bpy wheels of 4.2, 4.5 and 5.0, and Debian's application 3.4.

Each test starts from an empty file with the add-on registered, a cache folder of its own, and a fake engine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

bpy = pytest.importorskip("bpy", reason="these tests run inside Blender")

ROOT = Path(__file__).resolve().parents[2]
for folder in (str(ROOT), str(ROOT / "tests" / "blender")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

import numpy as np  # noqa: E402

import blender_addon  # noqa: E402
from blender_addon import api  # noqa: E402
from blender_addon.engine_process import process  # noqa: E402
from blender_addon.host import settings  # noqa: E402

FAKE = Path(__file__).with_name("fake_engine.py")


def _python_with_numpy() -> str:
    """A Python for the fake engine: inside Debian's Blender, sys.executable is any Python on PATH."""
    for program in (sys.executable, "/usr/bin/python3"):
        if program and "blender" not in Path(program).name.lower():
            probe = [program, "-c", "import numpy"]
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                return program
    pytest.exit("no Python with numpy was found for the fake engine", returncode=3)


PYTHON = _python_with_numpy()


@pytest.fixture(scope="session", autouse=True)
def _registered() -> Iterator[None]:
    blender_addon.register()
    yield
    blender_addon.unregister()


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path) -> Iterator[None]:
    """An empty file and an empty cache."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    settings.fallback.cache_folder = str(tmp_path / "cache")
    settings.fallback.engine_python = ""
    yield
    api.close_engine()


FakeEngine = Callable[[str], Any]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Make the add-on use the fake engine in a mode."""

    def use(mode: str = "normal") -> None:
        api.close_engine()
        way = process.Candidate([PYTHON, str(FAKE), mode], f"fake engine ({mode})")
        monkeypatch.setattr(process, "candidates", lambda *_, **__: [way])

    use()
    return use


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Two seconds of a tone, 16 kHz, 16 bit, mono."""
    return write_wav(tmp_path / "line.wav", 2.0)


def write_wav(path: Path, seconds: float, rate: int = 16000, channels: int = 1) -> Path:
    """A WAV file that holds a tone whose level grows with time."""
    moments = np.arange(int(seconds * rate)) / rate
    samples = (0.3 * np.sin(2 * np.pi * 150 * moments) * np.minimum(1, moments / max(seconds, 1e-9))) * 32767
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(channels)
        stream.setsampwidth(2)
        stream.setframerate(rate)
        stream.writeframes(np.repeat(samples.astype("<i2")[:, None], channels, 1).tobytes())
    return path


def pytest_unconfigure(config: pytest.Config) -> None:
    """End without the interpreter's shutdown, in which the wheels of Blender 4 crash or hang."""
    if bpy.app.binary_path:
        return
    status = getattr(config, "_talking_status", 1)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember the exit status for `pytest_unconfigure`."""
    session.config._talking_status = int(exitstatus)  # type: ignore[attr-defined]
