"""The engine's process: chosen, asked, and never left behind."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from programs import FAKE, PYTHON, gone
from tones import write_wav
from waiting import HUNG, eventually

from blender_addon.contract import messages
from blender_addon.engine_process import process
from blender_addon.errors import TalkingAnimationError


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Two seconds of a tone."""
    return write_wav(tmp_path / "line.wav", 2.0)


def animate(voice, output):
    return messages.AnimateRequest(str(voice), str(output))


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """The file without which engines that are late do not start."""
    path = tmp_path / "may start"
    monkeypatch.setenv("FAKE_ENGINE_STARTS", str(path))
    return path


def run(engine, request):
    """The answers to a request, of which the last is its end."""
    engine.submit(request)
    answers = []

    def ended():
        answers.extend(engine.poll())
        return answers and not isinstance(answers[-1], messages.Progress)

    assert eventually(ended), "no answer"
    return answers


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


@pytest.mark.parametrize("only", [False, True])
def test_a_slow_start_is_no_broken_python(voice, tmp_path, monkeypatch, gate, only):
    (late,) = ways("late")
    with process.Engine(tmp_path, [replace(late, only=only)]) as found:
        monkeypatch.setattr(process, "START_TIMEOUT", 0.05)
        with pytest.raises(
            TalkingAnimationError, match=r"not started within 0 seconds.* goes on starting, so try again"
        ):
            run(found, animate(voice, tmp_path / "x.npz"))
        found.cancel()  # as a job does that has failed
        pid = found.pid
        assert found.alive and pid is not None
        gate.touch()
        monkeypatch.setattr(process, "START_TIMEOUT", HUNG)
        result = run(found, animate(voice, tmp_path / "x.npz"))[-1]
        assert isinstance(result, messages.AnimationResult) and found.pid == pid
    assert gone(pid)


def test_whoever_waits_for_a_slow_start_can_stop_it(voice, tmp_path, monkeypatch, gate):
    with process.Engine(tmp_path, ways("late")) as found:
        monkeypatch.setattr(process, "START_TIMEOUT", 0.05)
        with pytest.raises(TalkingAnimationError, match="goes on starting"):
            run(found, animate(voice, tmp_path / "x.npz"))
        pid = found.pid
        found.submit(animate(voice, tmp_path / "x.npz"))
        assert found.pid == pid
        found.cancel()
        assert gone(pid) and not found.alive


def test_a_request_is_taken_back_before_it_is_sent_and_the_process_goes_on_starting(voice, tmp_path, gate):
    with process.Engine(tmp_path, ways("late")) as found:
        assert not found.withdraw()
        found.submit(animate(voice, tmp_path / "first.npz"))
        assert found.withdraw() and not found.withdraw()
        gate.touch()
        pid = found.pid
        assert isinstance(run(found, animate(voice, tmp_path / "x.npz"))[-1], messages.AnimationResult)
        assert found.pid == pid and not (tmp_path / "first.npz").exists()
        found.submit(animate(voice, tmp_path / "x.npz"))
        assert not found.withdraw()  # it is sent at once


def test_where_another_way_is_left_it_is_tried_instead_of_a_slow_one(voice, tmp_path, monkeypatch, gate):
    monkeypatch.setattr(process, "START_TIMEOUT", 0.05)
    with process.Engine(tmp_path, ways("late", "normal")) as found:
        found.submit(animate(voice, tmp_path / "x.npz"))
        assert eventually(lambda: found.title == "normal" or found.poll() is None)


def test_a_chosen_python_that_cannot(tmp_path):
    chosen = process.candidates(tmp_path, chosen_python=str(tmp_path / "python"))
    with (
        process.Engine(tmp_path, chosen) as found,
        pytest.raises(TalkingAnimationError, match="choose another Python"),
    ):
        found.submit(messages.CapabilitiesRequest())


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


def test_what_is_cancelled_ends_its_process_and_the_next_request_starts_another(voice, tmp_path):
    request = animate(voice, tmp_path / "x.npz")
    with process.Engine(tmp_path, ways("slow")) as found:
        found.submit(request)
        assert eventually(lambda: [answer.stage for answer in found.poll()] == ["Listening"])
        pid = found.pid
        found.cancel()
        assert gone(pid) and not found.alive and found.poll() == []
        found.submit(request)
        assert eventually(found.poll) and found.pid not in (None, pid)
        last = found.pid
    assert gone(last)


def test_a_mistake_is_told_and_the_process_stays(voice, tmp_path):
    with process.Engine(tmp_path, ways("error")) as found:
        failure = run(found, animate(voice, tmp_path / "x.npz"))[-1]
        assert isinstance(failure, messages.Failure) and failure.message.endswith("record it again.")
        assert found.alive


def test_a_crash_is_one_sentence_and_its_last_words_are_kept(voice, tmp_path):
    with process.Engine(tmp_path, ways("crash")) as found:
        with pytest.raises(TalkingAnimationError, match="stopped unexpectedly") as error:
            run(found, animate(voice, tmp_path / "x.npz"))
        assert "\n" not in str(error.value) and not found.alive
        assert eventually(lambda: "Segmentation fault, as it were" in list(found.log))


def test_what_a_newer_engine_adds_is_passed_over(voice, tmp_path):
    with process.Engine(tmp_path, ways("newer")) as engine:
        (result,) = run(engine, animate(voice, tmp_path / "x.npz"))
        assert result == messages.AnimationResult("motion.npz", 1, 25.0, 0.04)
        assert engine.capabilities.engine == "fake" and not engine.capabilities.capture.available


@pytest.mark.parametrize("mode", ["lacking", "foreign"])
def test_an_answer_of_another_protocol_is_one_sentence(voice, tmp_path, mode):
    with process.Engine(tmp_path, ways(mode)) as engine:
        with pytest.raises(TalkingAnimationError, match="do not fit together: install the zip again"):
            run(engine, animate(voice, tmp_path / "x.npz"))
        assert not engine.alive


def test_an_engine_of_another_protocol_is_one_sentence(voice, tmp_path):
    foreign = f'print(\'{{"type": "capabilities", "protocol": {messages.PROTOCOL + 1}}}\', flush=True)'
    alone = process.Candidate([PYTHON, "-c", foreign], "foreign")
    with (
        process.Engine(tmp_path, [alone]) as engine,
        pytest.raises(TalkingAnimationError, match="do not fit together: install the zip again"),
    ):
        run(engine, animate(voice, tmp_path / "x.npz"))


def test_no_progress_is_more_than_all(voice, tmp_path):
    with process.Engine(tmp_path, ways("beyond")) as engine:
        *progress, _ = run(engine, animate(voice, tmp_path / "x.npz"))
        assert [answer.fraction for answer in progress] == [0.0, 1.0, 1.0]
