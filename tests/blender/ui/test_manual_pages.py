"""The manual opens from the panel and from every button, on pages that this computer has."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import bpy
import pytest

from blender_addon import registration
from blender_addon.host import manual as places
from blender_addon.ui import manual
from tools import manual as maker


def path_of(address: str) -> Path:
    parsed = urlparse(address)
    assert parsed.scheme == "file" and not parsed.netloc
    return Path(url2pathname(unquote(parsed.path)))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """As the zip installs it, in a folder with a name that addresses have to spell out."""
    folder = tmp_path / "ä b #1" / "talking_animation"
    for name, content in maker.files().items():
        target = folder / "manual" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    monkeypatch.setattr(places, "_ADDON", folder)
    return folder


def found(name: str) -> str:
    """The address that Blender opens for a button or a field."""
    start, pages = manual.pages_of_buttons()
    return next(start + page for pattern, page in pages if fnmatchcase(name.lower(), pattern))


def test_every_button_and_field_has_a_page(installed):
    for cls in registration.CLASSES:
        if issubclass(cls, bpy.types.Operator):
            names = [f"bpy.ops.{cls.bl_idname}"]
        elif issubclass(cls, bpy.types.PropertyGroup):
            names = [f"bpy.types.{cls.__name__}.{name}" for name in cls.__annotations__]
        else:
            continue
        for name in names:
            address = found(name)
            assert path_of(address).is_file(), name
            part = urlparse(address).fragment
            assert not part or f'id="{part}"' in path_of(address).read_text(encoding="utf-8"), address


def test_pages_that_speak_of_it(installed):
    assert found("bpy.ops.talking_animation.generate").endswith("/manual/user-guide.html")
    assert found("bpy.types.TalkingAnimationCharacter.smile").endswith("user-guide.html#dials")
    assert found("bpy.ops.talking_animation.animate_scene").endswith("#a-whole-scene")


def test_a_copy_of_the_repository_has_its_texts():
    assert path_of(places.page()).name == "user-guide.md"
    assert places.page("nowhere") == ""


def test_a_copy_without_a_manual_has_no_button(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "_ADDON", tmp_path)
    assert places.page() == "" and manual.pages_of_buttons() == ("/", ())
