"""The engine's process: chosen, cancelled, crashed, silent, and never left behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import bpy
import characters
import pytest
from conftest import FAKE, PYTHON

import blender_addon
from blender_addon import api
from blender_addon.contract import messages
from blender_addon.engine_process import process, question, shared
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import engine_folder
from blender_addon.jobs.job import wait
from blender_addon.talking import carried


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def animate(voice, output):
    return messages.AnimateRequest(str(voice), str(output))


def run(found, request, seconds=120):
    """The answers to a request, of which the last is its end."""
    found.submit(request)
    answers = []
    for _ in range(int(seconds * 100)):
        answers += found.poll()
        if answers and not isinstance(answers[-1], messages.Progress):
            return answers
        time.sleep(0.01)
    raise AssertionError("no answer")


def eventually(condition, seconds=60):
    """Whether something comes true in time: what an engine prints is read by a thread of its own."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def ways(*modes):
    return [process.Candidate([PYTHON, str(FAKE), mode], mode) for mode in modes]


def test_one_process_answers_several_requests(voice, tmp_path):
    with process.Engine(tmp_path, ways("chatty")) as found:
        pids = set()
        for number in range(3):
            output = tmp_path / f"{number}.npz"
            progress, result = run(found, animate(voice, output))
            assert progress == messages.Progress(0.25, "Listening")
            assert isinstance(result, messages.AnimationResult) and result.output == str(output)
            assert output.is_file()
            pids.add(found.pid)
        assert len(pids) == 1
    assert all(gone(pid) for pid in pids)


def test_the_next_way_is_tried(voice, tmp_path):
    missing = process.Candidate([str(tmp_path / "no such python")], "missing")
    with process.Engine(tmp_path, [missing, *ways("mute", "normal")]) as found:
        result = run(found, animate(voice, tmp_path / "x.npz"))[-1]
        assert isinstance(result, messages.AnimationResult)
        assert found.title == "normal"
        assert eventually(lambda: any("no such model" in line for line in list(found.log)))


def test_a_chosen_python_that_cannot(tmp_path):
    chosen = process.candidates(tmp_path, chosen_python=str(tmp_path / "python"))
    with (
        process.Engine(tmp_path, chosen) as found,
        pytest.raises(TalkingAnimationError, match="choose another Python"),
    ):
        found.submit(messages.CapabilitiesRequest())


def test_what_a_newer_engine_adds_is_passed_over(voice, tmp_path):
    with process.Engine(tmp_path, ways("newer")) as found:
        (result,) = run(found, animate(voice, tmp_path / "x.npz"))
        assert result == messages.AnimationResult("motion.npz", 1, 25.0, 0.04)
        assert found.capabilities.engine == "fake" and not found.capabilities.capture.available


@pytest.mark.parametrize("mode", ["lacking", "foreign"])
def test_an_answer_of_another_protocol_is_one_sentence(fake, voice, tmp_path, mode):
    fake(mode)
    with pytest.raises(TalkingAnimationError, match="do not fit together: install the zip again"):
        api.generate(characters.face_mesh(), voice)
    assert not shared.running().alive
    fake("normal")
    assert isinstance(question.ask(animate(voice, tmp_path / "x.npz")), messages.AnimationResult)


def test_an_engine_of_another_protocol_is_one_sentence(voice, tmp_path):
    foreign = f'print(\'{{"type": "capabilities", "protocol": {messages.PROTOCOL + 1}}}\', flush=True)'
    alone = process.Candidate([PYTHON, "-c", foreign], "foreign")
    with (
        process.Engine(tmp_path, [alone]) as found,
        pytest.raises(TalkingAnimationError, match="do not fit together: install the zip again"),
    ):
        run(found, animate(voice, tmp_path / "x.npz"))


def test_no_progress_is_more_than_all(voice, tmp_path):
    with process.Engine(tmp_path, ways("beyond")) as found:
        *progress, _ = run(found, animate(voice, tmp_path / "x.npz"))
        assert [answer.fraction for answer in progress] == [0.0, 1.0, 1.0]


def test_what_the_engine_would_not_take_is_one_sentence(fake, voice):
    for wrong in ({"seed": 0.5}, {"published": {"closure": 2}}):
        with pytest.raises(TalkingAnimationError, match=r"The (seed|closure) must be"):
            api.generate(characters.face_mesh(), voice, **wrong)


def test_blender_itself_is_never_taken_for_a_python(tmp_path):
    assert (
        process.candidates(tmp_path, "/opt/blender/blender", "", "/opt/blender/blender")[0].command[1] == "-b"
    )
    assert process.candidates(tmp_path, "", "", "/opt/Blender.app/Blender") == []
    assert [
        item.command[0] for item in process.candidates(tmp_path, "/x/blender", "", "/usr/bin/python3")
    ] == [
        "/usr/bin/python3",
        "/x/blender",
    ]


def test_environment_of_the_child(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    env = process.child_environment(tmp_path, ("/numpy here",))
    assert env["PYTHONPATH"] == os.pathsep.join([str(tmp_path), "/numpy here"])
    assert "PYTHONHOME" not in env and env["PYTHONUTF8"] == "1"


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
    api.generate(mesh, voice)
    (path,) = (tmp_path / "cache").glob("*.npz")
    for content in (b"", b"PK\x03\x04 nonsense", path.read_bytes()[:500]):
        Path(path).write_bytes(content)
        carried.forget_motion()
        with pytest.raises(TalkingAnimationError, match="is damaged"):
            api.apply_dials(mesh)


def test_sys_executable_here():
    assert sys.executable is None or "blender" not in Path(sys.executable).name
