"""Where the engine lies, and what is read there without it."""

from __future__ import annotations

import os

import pytest

import inference
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import engine_folder


def test_root_of_an_installed_add_on(tmp_path):
    addon = tmp_path / "talking_animation"
    worker = addon / "engine" / "inference" / "worker.py"
    worker.parent.mkdir(parents=True)
    worker.write_text("")
    assert engine_folder.find_root(addon) == addon / "engine"
    with pytest.raises(TalkingAnimationError, match="install the add-on's zip again"):
        engine_folder.find_root(tmp_path / "nowhere" / "at all")


def test_the_version_is_read_without_the_engine(tmp_path):
    assert engine_folder.version(engine_folder.find_root()) == inference.__version__
    assert engine_folder.version(tmp_path) == ""


def test_styles_are_read_without_the_engine(tmp_path):
    assert engine_folder.shipped_styles(tmp_path)[0][0] == "natural"
    assert "natural" in [name for name, _, _ in engine_folder.shipped_styles(engine_folder.find_root())]


def test_whatever_decides_the_motion_is_in_the_fingerprint(tmp_path, monkeypatch):
    told = [engine_folder.fingerprint(tmp_path)]
    read = []
    monkeypatch.setattr(
        engine_folder.Path, "read_bytes", lambda path: read.append(path) or path.read_text().encode()
    )
    files = ["inference/worker.py", "inference/a/b.py", "inference/a-b.json", "checkpoints/content.npz"]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
        told.append(engine_folder.fingerprint(tmp_path))
    for name in files:
        (tmp_path / name).write_text("other")
        told.append(engine_folder.fingerprint(tmp_path))
    (tmp_path / files[1]).rename(tmp_path / "inference/a/c.py")
    told.append(engine_folder.fingerprint(tmp_path))
    assert len(set(told)) == len(told) == 2 + 2 * len(files)
    count = len(read)
    (tmp_path / "inference" / "training").mkdir()
    (tmp_path / "checkpoints" / "published").mkdir()
    nothing = ("inference/training/recipe.py", "inference/notes.txt", "elsewhere.py")
    for name in (*nothing, "checkpoints/published/accepted.json"):
        (tmp_path / name).write_text("nothing that decides")
    assert engine_folder.fingerprint(tmp_path) == told[-1] and len(read) == count, "nothing is read again"


def test_a_file_of_the_same_size_and_time_is_another(tmp_path):
    place = tmp_path / "inference" / "worker.py"
    place.parent.mkdir()
    told = set()
    for text in ("one", "two"):
        other = tmp_path / "other"
        other.write_text(text)
        os.utime(other, (1, 1))
        other.replace(place)
        told.add(engine_folder.fingerprint(tmp_path))
    assert len(told) == 2
