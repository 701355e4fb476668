"""The system's clock is set back and forth by decades while characters are made to talk."""

from __future__ import annotations

import os

import characters
import clocks
import pytest
import scenes
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.engine_process import cache
from blender_addon.host import settings
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import animate_scene


def cached():
    return cache.files(cache.folder(settings.fallback.cache_folder))


@ends
def test_progress_goes_on_and_ends(fake, voice, monkeypatch):
    clocks.let_jump(monkeypatch)
    _, mesh = characters.rigged()
    job = api.Job(mesh, voice, start_frame=1)
    shown = []
    while not job.poll():
        shown.append(job.fraction)
    assert shown == sorted(shown) and min(shown) >= 0 and max(shown) <= 1
    assert job.report.frames == 48


@ends
@pytest.mark.parametrize("seconds", [0, 130 * clocks.YEAR, -5 * clocks.YEAR], ids=["1970", "2100", "1965"])
def test_motion_of_any_day_is_used_again_and_stays(fake, voice, monkeypatch, seconds):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    files = cached()
    assert len(files) == 1
    os.utime(files[0], (seconds, seconds))
    clocks.let_jump(monkeypatch)
    fake("mute")  # an engine that cannot be asked
    api.generate(mesh, voice, start_frame=7)
    api.apply_dials(mesh, api.Dials(lips=0.5))
    assert cached() == files and files[0].stat().st_mtime == seconds


@ends
def test_a_whole_scene_takes_no_negative_time(fake, tmp_path, monkeypatch):
    scenes.cast("Alice", "Bob")
    for name in ("one", "two"):
        write_wav(tmp_path / f"{name}.wav", 0.6)
    path = scenes.table(tmp_path / "lines.csv", [("Alice", "one.wav", 11), ("Bob", "two.wav", 40)])
    clocks.let_jump(monkeypatch)
    report = animate_scene(from_table(str(path)), GenerateOptions())
    assert 0 <= report.spent < clocks.YEAR and not report.failed
