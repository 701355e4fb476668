"""Large pictures are read by another, hidden Blender: the same pixels, the same sentences, and nothing runs on when stopped."""

from __future__ import annotations

import struct
import time
import zlib
from dataclasses import replace

import bpy
import numpy as np
import picture_files
import pytest

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import pictures, pictures_aside
from blender_addon.inputs.pictures_aside import Reading
from blender_addon.jobs.picture import PictureJob

PIXELS = np.random.RandomState(3).randint(90, 256, (40, 30, 4)).astype(np.uint8)


@pytest.fixture
def aside(monkeypatch):
    """Every file is large."""
    monkeypatch.setattr(pictures_aside, "MOST_HERE", 10)


@pytest.fixture
def path(tmp_path):
    return picture_files.write(tmp_path / "große 1.png", picture_files.png(PIXELS))


def waited(reading):
    while (read := reading.poll()) is None:
        time.sleep(0.01)
    return read


def test_the_same_is_read(aside, path, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "it.blend"))
    for given in (str(path), "//große 1.png"):
        here, there = tmp_path / "here", tmp_path / f"there{len(given)}"
        here.mkdir(exist_ok=True)
        there.mkdir()
        wanted = pictures_aside.for_engine(given, here)
        read = waited(Reading(given, there))
        assert replace(read, pixels="") == replace(wanted, pixels="")
        assert np.array_equal(np.load(read.pixels), PIXELS)


def test_what_is_wrong_is_told_in_the_same_sentence(aside, tmp_path):
    broken = picture_files.write(tmp_path / "cut.png", picture_files.png(PIXELS)[:60])
    with pytest.raises(TalkingAnimationError) as here:
        pictures.read(broken)
    with pytest.raises(TalkingAnimationError) as there:
        waited(Reading(broken, tmp_path))
    assert str(here.value) == str(there.value)


def test_a_blender_that_dies_is_a_sentence(aside, path, tmp_path, monkeypatch):
    script = tmp_path / "dies.py"
    script.write_text("import os; os._exit(3)")
    monkeypatch.setattr(pictures_aside, "_SCRIPT", script)
    with pytest.raises(
        TalkingAnimationError, match=r"'große 1\.png' could not be read, perhaps for lack of memory"
    ):
        waited(Reading(path, tmp_path))


def test_a_job_goes_on_meanwhile_and_can_be_stopped(fake, aside, path):
    job = PictureJob(path)
    assert job.picture is None and not job.poll()
    running = job._reading._process
    job.cancel()
    assert running.poll() is not None and not bpy.data.objects
    assert api.make_picture_talk(path).roots


def test_which_are_large(tmp_path, monkeypatch):
    def claiming(width, height):
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I4s", 13, b"IHDR") + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
        name = tmp_path / f"{width}.png"
        return picture_files.write(name, b"\x89PNG\r\n\x1a\n" + chunk)

    assert pictures_aside.is_large(claiming(8192, 8192)) and not pictures_aside.is_large(claiming(800, 800))
    unknown = picture_files.write(tmp_path / "a.psd", bytes(100))
    assert not pictures_aside.is_large(unknown) and not pictures_aside.is_large(tmp_path / "gone.png")
    monkeypatch.setattr(pictures_aside, "_MOST_BYTES_HERE", 50)
    assert pictures_aside.is_large(unknown)
    with pytest.raises(
        TalkingAnimationError, match="60000 × 60000 pixels"
    ):  # before memory is taken for them
        pictures.read(claiming(60000, 60000))
