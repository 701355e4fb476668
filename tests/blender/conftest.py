"""Tests that run inside Blender: the bpy wheels of 4.2, 4.5 and 5.0, and Debian's application 3.4.

Each test starts from an empty file with the add-on registered, a cache folder of its own, and a fake engine.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

bpy = pytest.importorskip("bpy", reason="these tests run inside Blender")

import characters
import no_connection
from programs import FAKE, PYTHON
from tones import write_wav

import blender_addon
from blender_addon import api
from blender_addon.engine_process import process
from blender_addon.host import log, settings


@pytest.fixture(scope="session", autouse=True)
def _registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    blender_addon.register()
    os.environ["FAKE_ENGINE_MADE"] = str(tmp_path_factory.mktemp("made-by-fake-engine"))
    folder = tmp_path_factory.mktemp("no-connection")
    os.environ[no_connection.ASKED] = str(folder / "asked.txt")
    guard, usual = str(no_connection.guard(folder)), process.child_environment
    process.child_environment = lambda root, extra_path=(): usual(root, (*extra_path, guard))
    no_connection.refuse()
    yield
    process.child_environment = usual
    blender_addon.unregister()
    assert not no_connection.asked(folder / "asked.txt")


def preferences_now() -> dict[str, Any]:
    """All of Blender's preferences that a test may have changed: plain values and which add-ons are on."""
    preferences = bpy.context.preferences
    values: dict[str, Any] = {"addons": sorted(addon.module for addon in preferences.addons)}
    for name in ("edit", "experimental", "filepaths", "inputs", "keymap", "system", "view"):
        section = getattr(preferences, name)
        for known in section.bl_rna.properties:
            if known.type not in {"POINTER", "COLLECTION"} and not known.is_readonly:
                value = getattr(section, known.identifier)
                values[f"{name}.{known.identifier}"] = tuple(value) if hasattr(value, "__len__") else value
    return values


@pytest.fixture(scope="session")
def factory_preferences() -> dict[str, Any]:
    """As Blender comes."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return preferences_now()


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, factory_preferences: dict[str, Any]) -> Iterator[None]:
    """An empty file, Blender's own preferences and an empty cache."""
    if preferences_now() == factory_preferences:
        # The same but for the preferences and the add-ons that ship, whose reset takes five times as long.
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    else:
        bpy.ops.wm.read_factory_settings(use_empty=True)
    settings.fallback.cache_folder = str(tmp_path / "cache")
    settings.fallback.engine_python = ""
    yield
    api.close_engine()


@pytest.fixture(autouse=True)
def faults() -> Iterator[list[str]]:
    """Faults of the add-on's own, which are told in a sentence: no test ends with one that it did not take out of this list."""
    kept: list[str] = []

    def note(record: logging.LogRecord) -> bool:
        if record.exc_info and record.levelno >= logging.ERROR:
            kept.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
        return True

    log.logger.addFilter(note)
    yield kept
    log.logger.removeFilter(note)
    assert not kept


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


@pytest.fixture
def talker(fake: FakeEngine, voice: Path) -> tuple[Any, Any]:
    """A rig and its face, which talk from frame 10 on and are shown without a problem."""
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10, extend_range=True)
    assert api.check(mesh) == []
    return rig, mesh


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
