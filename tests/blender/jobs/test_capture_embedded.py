"""Videos move a character without the full engine: Blender decodes them, the embedded engine finds the face."""

from __future__ import annotations

from pathlib import Path

import bpy
import characters
import drawn_faces
import numpy as np
import pytest
from avi import write_avi
from places import GRID, ONE_BLENDER
from versions import ends

from blender_addon import api
from blender_addon.engine_process import cache, shared
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import films
from blender_addon.jobs import job, one_recording
from blender_addon.motion import stored_motion
from blender_addon.talking import carried

in_one_blender = pytest.mark.skipif(
    bpy.app.version[:2] != ONE_BLENDER,
    reason="Blender decodes as in the other tests, and the engine does the rest",
)
CLIPS = sorted((GRID / "s1").glob("*.mp4"))


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A face that moves to the right."""
    faces = [
        drawn_faces.placed(drawn_faces.face(180), (240, 320), (30, 10 + 6 * index)) for index in range(14)
    ]
    return str(write_avi(tmp_path_factory.mktemp("film") / "moving face.avi", faces))


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    """The engine of this very Python, which has no PyAV, whatever else lies about."""
    shared.close_engine()
    yield
    if (known := shared.known_capabilities()) is not None and known.capture.decodes:
        pytest.skip("this Python has PyAV")
    shared.close_engine()


@ends
def test_a_film_moves_the_character(film, monkeypatch, tmp_path):
    folders = []
    monkeypatch.setattr(
        cache, "temporary_folder", lambda: folders.append(tmp_path / "work") or made(folders[-1])
    )
    _, mesh = characters.rigged()
    told = []
    report = api.generate_from_video(
        mesh, film, start_frame=1, progress=lambda part, stage: told.append((part, stage))
    )
    assert report.curves > 10
    parts = [part for part, _ in told]
    assert parts == sorted(parts) and parts[-1] == 1
    assert "Decoding the video" in [stage for _, stage in told]
    motion = stored_motion.load(carried.motion_file(mesh))
    assert carried.record_of(mesh)["filmed"] == "moving face.avi"
    assert motion.source["video"] == "moving face.avi" and motion.fps == pytest.approx(25, abs=0.01)
    assert len(motion) == 14 and motion.head_translation[-1, 0] > motion.head_translation[0, 0] + 0.3
    assert any("no sound" in warning for warning in report.warnings)
    assert folders and not folders[0].exists()

    # The second time it comes from the cache.
    monkeypatch.setattr(films.Decoding, "poll", lambda self: pytest.fail("decoded again"))
    api.generate_from_video(mesh, film, start_frame=1)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@in_one_blender
def test_a_face_that_is_not_there_is_told(tmp_path):
    wall = write_avi(tmp_path / "wall.avi", [np.full((120, 160, 3), 120, np.uint8)] * 8)
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match="No face was found in") as error:
        api.generate_from_video(mesh, str(wall), start_frame=1)
    assert str(wall) in str(error.value)  # not the folder of its pictures
    assert not carried.motion_file(mesh)


@ends
def test_what_blender_cannot_decode_is_told(tmp_path):
    (tmp_path / "notes.mp4").write_bytes(b"not a film" * 99)
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match=r"'notes\.mp4' is no video that Blender can decode"):
        api.generate_from_video(mesh, str(tmp_path / "notes.mp4"), start_frame=1)


def test_cancelling_while_blender_decodes(tmp_path):
    long = write_avi(tmp_path / "long.avi", [np.full((120, 160, 3), 120, np.uint8)] * 300)
    _, mesh = characters.rigged()
    begun = one_recording.Job(mesh, None, filmed=one_recording.videos.filmed(str(long)))
    assert not begun.poll() and begun.stage == "Decoding the video"
    folder, running = begun.folder, begun._films._process
    begun.cancel()
    assert running.poll() is not None and not folder.exists()
    with pytest.raises(Cancelled):
        begun.poll()


@in_one_blender
def test_an_engine_that_turns_out_to_have_no_decoder(film, monkeypatch):
    """As a Python that the user chose may: it is asked, says what is missing, and Blender decodes."""
    monkeypatch.setattr(job.videos, "engine_decodes", lambda: True)
    _, mesh = characters.rigged()
    assert api.generate_from_video(mesh, film, start_frame=1).curves > 10


@ends
@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender was built without sound")
@pytest.mark.skipif(not CLIPS, reason="GRID is not here")
def test_a_real_clip_is_heard_and_seen(tmp_path):
    _, mesh = characters.rigged()
    report = api.generate_from_video(mesh, str(CLIPS[0]), start_frame=1)
    motion = stored_motion.load(carried.motion_file(mesh))
    assert report.warnings == [] or not any("no sound" in warning for warning in report.warnings)
    assert motion.source["visemes"] == "sound" and len(motion) == 75
    gap = motion.landmarks[:, 62, 1] - motion.landmarks[:, 66, 1]
    assert np.ptp(gap) > 0.08


@in_one_blender
@pytest.mark.skipif(not CLIPS, reason="GRID is not here")
def test_a_style_is_learned_from_a_real_clip():
    lesson = api.style_from_video(str(CLIPS[0]), "Filmed")
    assert lesson.is_file()
    lesson.unlink()
