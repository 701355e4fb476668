"""Several processes draw the very frames that one draws, and none of them is left behind."""

from __future__ import annotations

import io
import pickle
import subprocess
from pathlib import Path

import numpy as np
import pytest
from portrait_motion import talking

from inference.errors import EngineError
from inference.face.face_picture import FacePicture
from inference.portrait import crew, make
from inference.portrait.boxes import Box
from inference.portrait.crew import Crew, processes_for, serve
from inference.portrait.make import PortraitSettings, make_portrait
from inference.portrait.motion import portrait_motion
from inference.portrait.renderers import Renderer, Stage, renderer_called
from inference.portrait.sampling import Sampler, opencv
from inference.portrait.warp import Pose

pytestmark = pytest.mark.skipif(opencv() is None, reason="OpenCV belongs to the full engine")


def stage(face: FacePicture, clear: bool = False) -> Stage:
    return Stage(face, clear, Box(3, 0, 93, 120), Sampler())


def poses(face: FacePicture, count: int) -> list[Pose]:
    motion = portrait_motion(face, talking(count), 25.0, count)
    return [Pose(*row) for row in zip(motion.weights, motion.rotation, motion.shift)]


@pytest.mark.parametrize("clear", [False, True])
def test_the_frames_are_the_same(small: FacePicture, clear: bool) -> None:
    renderer = renderer_called("warp", stage(small, clear))
    said = poses(small, 11)
    alone = renderer.draw_all(said)
    with Crew("warp", stage(small, clear), 2) as members:
        assert members.size == (90, 120) and 1 <= members.at_once <= 8
        together = [picture for first in (0, 4, 8) for picture in members.draw_all(said[first : first + 4])]
    assert len(together) == 11 and all(np.array_equal(*pair) for pair in zip(alone, together))
    assert all(member.returncode == 0 for member in members._members)


def test_a_process_that_is_ended_is_a_sentence_and_the_others_end(small: FacePicture) -> None:
    with (
        pytest.raises(EngineError, match="lack of memory") as caught,
        Crew("warp", stage(small), 2) as members,
    ):
        members._members[0].kill()
        for _ in range(2):
            members.draw_all(poses(small, 2))
    assert caught.value.code == "out_of_memory"
    assert all(member.poll() is not None for member in members._members)


def test_a_video_is_the_same_however_many_draw(
    small: FacePicture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = []
    made: list[str] = []

    def renderer_here(name: str, on: Stage) -> Renderer:
        made.append(name)
        return renderer_called(name, on)

    monkeypatch.setattr(make, "renderer_called", renderer_here)
    for count in (1, 3):
        monkeypatch.setattr(make, "processes_for", lambda frames, size, count=count: count)
        output = tmp_path / str(count)
        make_portrait(small, talking(9), None, output, PortraitSettings(), 9 / 25, {}, lambda *_: None)
        pictures.append([path.read_bytes() for path in sorted(output.glob("*.png"))])
    assert len(pictures[0]) == 9 and pictures[0] == pictures[1]
    assert made == ["warp"]  # none is made here where others draw


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, EngineError("Stopped.", "cancelled")])
def test_a_video_that_is_stopped_leaves_no_process(
    stop: type[BaseException] | BaseException,
    small: FacePicture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    start = crew._started

    def started() -> subprocess.Popen[bytes]:
        begun.append(start())
        return begun[-1]

    def progress(share: float, _: str) -> None:
        if share > 0.3:
            assert len(begun) == 3 and all(member.poll() is None for member in begun)
            raise stop

    monkeypatch.setattr(crew, "_started", started)
    monkeypatch.setattr(make, "processes_for", lambda frames, size: 3)
    with pytest.raises(BaseException) as caught:
        make_portrait(
            small, talking(40), None, tmp_path / "pictures", PortraitSettings(), 40 / 25, {}, progress
        )
    assert caught.value is stop or caught.type is stop
    assert len(begun) == 3 and all(member.returncode is not None for member in begun)
    assert not list(tmp_path.iterdir())


def test_short_and_small_videos_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda pid: set(range(16)), raising=False)
    assert processes_for(25, (384, 400)) == 1 and processes_for(600, (384, 400)) == 4
    monkeypatch.setitem(crew.sys.modules, "bpy", crew)
    assert processes_for(600, (384, 400)) == 1


def test_a_member_answers_until_nobody_asks(small: FacePicture) -> None:
    said = poses(small, 3)
    view = Box(0, 0, 96, 128)
    asked = [("warp", small, False, view, True, "cpu"), said[:1], said[1:]]
    sink = io.BytesIO()
    serve(io.BytesIO(b"".join(pickle.dumps(one) for one in asked)), sink)
    expected = renderer_called("warp", Stage(small, False, view, Sampler())).draw_all(said)
    assert sink.getvalue() == b"".join(picture.tobytes() for picture in expected)
