"""The engine's process: chosen, cancelled, crashed, silent, and never left behind."""

from __future__ import annotations

import sys
from pathlib import Path

import bpy
import characters
import pytest
from programs import gone
from waiting import eventually

import blender_addon
from blender_addon import api
from blender_addon.engine_process import process, shared
from blender_addon.errors import TalkingAnimationError
from blender_addon.jobs.job import wait


def test_cancel(fake, voice):
    fake("slow")
    rig, mesh = characters.rigged()
    job = api.Job(mesh, voice)
    assert eventually(lambda: job.poll() or job.stage == "Listening") and job.report is None
    assert 0.2 < job.fraction < 0.4
    pid = shared.running().pid
    folder = job._folder
    job.cancel()
    assert gone(pid) and not folder.exists()
    assert not bpy.data.actions and not api.has_animation(mesh)
    with pytest.raises(TalkingAnimationError, match="Cancelled"):
        job.poll()
    fake("normal")
    assert api.generate(mesh, voice).curves


def test_cancel_before_the_engine_is_up(fake, voice):
    fake("slow")
    job = api.Job(characters.face_mesh(), voice)
    pid = shared.running().pid
    job.cancel()
    assert gone(pid)


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("crash", "The engine stopped unexpectedly"),
        ("error", "'line.wav' holds no sound: record it again."),
        ("mute", "The engine could not be started"),
    ],
)
def test_failures_are_one_sentence(fake, voice, mode, says):
    fake(mode)
    mesh = characters.face_mesh()
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, voice)
    assert says in str(error.value) and "\n" not in str(error.value)
    assert not bpy.data.actions
    if mode == "crash":
        assert eventually(lambda: "Segmentation fault, as it were" in api.diagnostics())
    fake("normal")
    assert api.generate(mesh, voice).curves


def test_an_engine_that_takes_long_to_start_is_waited_for_by_generating_again(
    fake, voice, monkeypatch, tmp_path
):
    gate = tmp_path / "may start"
    monkeypatch.setenv("FAKE_ENGINE_STARTS", str(gate))
    fake("late")
    mesh = characters.face_mesh()
    with monkeypatch.context() as hasty:
        hasty.setattr(process, "START_TIMEOUT", 0.05)
        with pytest.raises(TalkingAnimationError, match="it goes on starting, so try again"):
            api.generate(mesh, voice)
    pid = shared.running().pid
    assert not bpy.data.actions and pid is not None
    gate.touch()
    assert api.generate(mesh, voice).curves and shared.running().pid == pid


def test_the_character_is_gone_when_the_engine_is_done(fake, voice):
    mesh = characters.face_mesh()
    job = api.Job(mesh, voice)
    bpy.data.objects.remove(mesh)
    with pytest.raises(TalkingAnimationError, match="was removed or renamed meanwhile"):
        wait(job)


def test_switching_the_add_on_off_ends_the_engine(fake, voice):
    fake("slow")
    job = api.Job(characters.face_mesh(), voice)
    job.poll()
    pid = shared.running().pid
    blender_addon.unregister()
    try:
        assert gone(pid)
        assert not hasattr(bpy.types.Scene, "talking_animation")
    finally:
        blender_addon.register()


def test_a_damaged_cache_file(fake, voice, tmp_path):
    mesh = characters.face_mesh()
    api.generate(mesh, voice, keep_motion=False)
    (path,) = (tmp_path / "cache").glob("*.npz")
    for content in (b"", b"PK\x03\x04 nonsense", path.read_bytes()[:500]):
        Path(path).write_bytes(content)
        with pytest.raises(TalkingAnimationError, match="is damaged"):
            api.apply_dials(mesh)


def test_sys_executable_here():
    assert sys.executable is None or "blender" not in Path(sys.executable).name


def test_what_the_engine_would_not_take_is_one_sentence(fake, voice):
    for wrong in ({"seed": 0.5}, {"published": {"closure": 2}}):
        with pytest.raises(TalkingAnimationError, match=r"The (seed|closure) must be"):
            api.generate(characters.face_mesh(), voice, **wrong)


def test_an_answer_of_another_protocol_stops_the_job_and_the_next_one_works(fake, voice):
    fake("foreign")
    mesh = characters.face_mesh()
    with pytest.raises(TalkingAnimationError, match="do not fit together"):
        api.generate(mesh, voice)
    fake("normal")
    assert api.generate(mesh, voice).curves
