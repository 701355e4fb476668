"""Who has the zip has no build.py, so the engine's sentences name it to those alone who work in a clone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import inference
from inference import packages
from inference.commands import capabilities
from inference.errors import EngineError
from inference.hearing import backends
from inference.published import state

ROOT = Path(inference.__file__).parent
NO_PACKAGE = lambda *_: None  # noqa: E731


def _sentences(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for module in (capabilities, state):
        monkeypatch.setattr(module, "find_spec", NO_PACKAGE)
    monkeypatch.setattr(backends, "available_backends", lambda: ("numpy",))
    monkeypatch.setattr(backends, "available_devices", lambda: ("cpu",))
    told = [capabilities.capture_state().reason or ""]
    for call in (
        state.check_engine,
        lambda: packages.load_package("no_such_package", "This", "do without"),
        lambda: backends.load_backend("torch", "cpu"),
        lambda: backends.load_backend("auto", "cuda"),
    ):
        with pytest.raises(EngineError) as caught:
            call()
        told.append(str(caught.value))
    return told


def test_in_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _sentences(monkeypatch)
    assert len(told) == 5 and all("python build.py setup --full" in sentence for sentence in told)


def test_in_the_zip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packages, "_CLONE", tmp_path / "build.py")
    for sentence in _sentences(monkeypatch):
        assert "build.py" not in sentence and "the add-on's preferences" in sentence and sentence[-1] == "."


def test_nothing_else_of_the_engine_names_it() -> None:
    """Docstrings aside, and training, which is not in the zip."""
    named = []
    for path in sorted(ROOT.rglob("*.py")):
        if path.name == "packages.py" or "training" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        named += [
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in documents and "build.py" in str(node.value)
        ]
    assert named == []
