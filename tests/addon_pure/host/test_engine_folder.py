"""Where the engine lies, and what is read there without it."""

from __future__ import annotations

import pytest

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


def test_styles_are_read_without_the_engine(tmp_path):
    assert engine_folder.shipped_styles(tmp_path)[0][0] == "natural"
    assert "natural" in [name for name, _, _ in engine_folder.shipped_styles(engine_folder.find_root())]
