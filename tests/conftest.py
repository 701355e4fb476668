"""What every test may use. Also read inside Blender, so it imports only the standard library and pytest."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# Tests in tests/blender run inside Blender; from outside, test_in_blenders.py collects and runs them there.
if importlib.util.find_spec("bpy") is None:
    collect_ignore = ["blender"]


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Let test_in_blenders.py present the tests that run inside each Blender."""
    if module_path.name != "test_in_blenders.py":
        return None
    specification = importlib.util.spec_from_file_location("test_in_blenders", module_path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    collector: pytest.Collector = module.Blenders.from_parent(parent, path=module_path)
    return collector


BLENDERS = pytest.StashKey[set[pytest.Collector]]()


def blenders_of(items: list[pytest.Item]) -> set[pytest.Collector]:
    """What of tests is run in Blenders by test_in_blenders.py."""
    return {node for item in items for node in item.listchain() if type(node).__name__ == "Blenders"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The Blenders are waited for last."""
    files = blenders_of(items)
    items.sort(key=lambda item: not files.isdisjoint(item.listchain()))


def pytest_collection_finish(session: pytest.Session) -> None:
    """The Blenders begin at once, with what was selected."""
    if not session.config.option.collectonly:
        session.config.stash[BLENDERS] = blenders_of(session.items)
        for file in session.config.stash[BLENDERS]:
            file.start(session.items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tells in which tests a Blender ended once, though they passed in the next."""
    for file in config.stash.get(BLENDERS, ()):
        for test, said in file.ends.items():
            terminalreporter.section(f"Blender ended once while this ran: {test}")
            terminalreporter.write_line(said)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def sample_voice() -> Path:
    """The recording that ships: speech with a pause; `hello.json` beside it says where the phones are."""
    return ROOT / "demo" / "hello.wav"
