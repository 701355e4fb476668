"""A character that talks while a recording plays or somebody speaks, in made-up time: nothing here looks at a clock."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import characters
import pytest
from versions import ends

from blender_addon import api
from blender_addon.api import grease_pencil
from blender_addon.engine_process import shared
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.host.blender_versions import grease_pencil as pencils
from blender_addon.jobs import live
from blender_addon.jobs.live import MICROPHONE, RECORDING, LiveChoice, LiveJob
from blender_addon.keys import actions
from blender_addon.targets.shape_keys import ShapeKeys

BLOCK = 0.3
"""Seconds of sound that are asked for at a time."""


class Watch:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Preview:
    """A live preview of a character, a picture at a time."""

    def __init__(self, character: Any, audio: Any, source: str = RECORDING, **options: Any) -> None:
        self.watch = Watch()
        record = options.pop("record", False)
        self.job = LiveJob(character, audio, LiveChoice(source, record, self.watch), **options)
        if source == MICROPHONE:
            take, self.job._take_answers = self.job._take_answers, lambda: None if self.speaking else take()

    @property
    def speaking(self) -> bool:
        """Whether the block that a microphone is asked for is not spoken yet."""
        return self.job._finished is None and self.watch.now < 100 + self.job._told.seconds + BLOCK

    def pictures(self, seconds: float) -> Preview:
        """Let so many seconds go by, at 30 pictures a second; the engine answers in no time."""
        until = self.watch.now + seconds
        while self.watch.now < until:
            self.tick()
        return self

    def tick(self) -> bool:
        done = self.job.poll()
        if not self.job._asking or (self.speaking and self.job._source == MICROPHONE):
            self.watch.now += 1 / 30
        else:
            time.sleep(0.001)  # the engine is another process
        return done

    def to_the_end(self) -> Any:
        while not self.tick():
            pass
        return self.job.report


def jaw(mesh: Any) -> float:
    return float(mesh.data.shape_keys.key_blocks["jawOpen"].value)


def state(rig: Any, mesh: Any) -> list[Any]:
    """Everything that a preview may move, and whatever keys there are."""
    head = rig.pose.bones["head"]
    return [
        [block.value for block in mesh.data.shape_keys.key_blocks],
        tuple(head.rotation_quaternion),
        tuple(head.location),
        tuple(rig.delta_rotation_euler),
        len(bpy.data.actions),
        [mesh.data.shape_keys.animation_data is None, rig.animation_data is None],
    ]


def test_a_recording_is_shown_and_leaves_no_trace(fake, voice):
    rig, mesh = characters.rigged()
    mesh.data.shape_keys.key_blocks["jawOpen"].value = 0.123
    before = state(rig, mesh)
    preview = Preview(mesh, voice)
    preview.pictures(1.0)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)
    assert 0.2 < preview.job.fraction < 0.8 and preview.job.stage.startswith("Live: ")
    assert tuple(rig.pose.bones["head"].rotation_quaternion) != pytest.approx((1, 0, 0, 0), abs=1e-3)
    report = preview.to_the_end()
    assert state(rig, mesh) == before
    assert report.keys is None and report.seconds == pytest.approx(3.0)
    assert report.pictures > 25


def test_a_window_that_draws_once_a_second_hears_all_of_it(fake, voice, monkeypatch):
    monkeypatch.setattr(live, "_STEP_SECONDS", 20.0)
    _, mesh = characters.rigged()
    preview = Preview(mesh, voice)
    while preview.job._began is None:
        preview.tick()
    for _ in range(4):
        preview.watch.now += 1.0
        assert not preview.job.poll() or preview.job._ended
        assert preview.job._ended or preview.job._ready >= preview.job.seconds
    assert preview.to_the_end().seconds == pytest.approx(3.0)


def test_esc_gives_everything_back_at_once(fake, voice):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice).pictures(0.7)
    assert state(rig, mesh) != before
    preview.job.finish()
    assert state(rig, mesh) == before
    assert preview.to_the_end().keys is None
    assert state(rig, mesh) == before


def test_a_preview_that_is_cancelled_leaves_no_trace(fake, voice):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice).pictures(0.5)
    preview.job.cancel()
    assert state(rig, mesh) == before


def test_what_is_recorded_becomes_the_keys_of_generate(fake, voice):
    def keys(datablock: Any) -> dict[Any, Any]:
        (action,) = actions.own_actions(datablock)
        curves = animation_data.curve_set(action, datablock).by_path()
        return {path: animation_data.key_values(curve).tolist() for path, curve in curves.items()}

    rig, mesh = characters.rigged()
    report = Preview(mesh, voice, record=True, start_frame=5).pictures(0.5).to_the_end()
    recorded = keys(mesh.data.shape_keys)
    assert report.keys is not None and report.keys.start == 5 and report.audio == voice
    api.remove(mesh)
    api.generate(mesh, voice, start_frame=5)
    assert keys(mesh.data.shape_keys) == recorded


def test_a_microphone_is_shown_half_a_second_late(fake):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, None, MICROPHONE).pictures(1.5)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)
    preview.job.finish()
    report = preview.to_the_end()
    assert state(rig, mesh) == before
    assert 0.3 < report.delay < 0.5


@pytest.mark.parametrize("saved", [True, False])
def test_what_was_said_is_kept_and_keyed(fake, tmp_path, saved):
    if saved:
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "film.blend"))
    rig, mesh = characters.rigged()
    heard = []
    for _ in range(2):
        preview = Preview(mesh, None, MICROPHONE, record=True, start_frame=1).pictures(0.8)
        preview.job.finish()
        report = preview.to_the_end()
        assert report.keys is not None and report.keys.frames > 10
        heard.append(report.audio)
    assert heard[0] != heard[1]
    for path in heard:
        assert Path(bpy.path.abspath(path)).stat().st_size > 44
        assert path.startswith("//voice/") == saved
    assert jaw(mesh) == 0 or actions.own_actions(mesh.data.shape_keys)


def test_a_file_is_saved_as_it_is_without_the_preview(fake, voice):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice).pictures(1.0)
    preview.job.rest()
    assert state(rig, mesh) == before
    preview.pictures(0.1)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)
    preview.job.cancel()


def test_keys_that_are_there_stay(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    bpy.context.scene.frame_set(20)
    before = state(rig, mesh)
    preview = Preview(mesh, voice).pictures(1.0)
    preview.job.finish()
    preview.to_the_end()
    assert state(rig, mesh) == before


def test_a_microphone_that_is_pulled_out(fake):
    fake("unplugged")
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, None, MICROPHONE)
    with pytest.raises(TalkingAnimationError, match="plug it in"):
        preview.pictures(2.0)
    assert state(rig, mesh) == before


def test_lost_blocks_are_told_of(fake):
    fake("busy")
    _, mesh = characters.rigged()
    preview = Preview(mesh, None, MICROPHONE).pictures(0.7)
    preview.job.finish()
    (warning,) = preview.to_the_end().warnings
    assert "2 blocks" in warning and "close other programs" in warning


def test_an_engine_that_dies_gives_back(fake, voice):
    fake("crash")
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    with pytest.raises(TalkingAnimationError, match="stopped unexpectedly"):
        Preview(mesh, voice).pictures(1.0)
    assert state(rig, mesh) == before


def test_an_engine_that_is_closed_ends_it(fake, voice):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice).pictures(0.3)
    while not preview.job._asking:
        preview.tick()
    api.close_engine()
    with pytest.raises(Cancelled):
        preview.to_the_end()
    assert state(rig, mesh) == before


@ends
@pytest.mark.parametrize("record", [False, True])
def test_what_does_not_show_is_told_once(fake, voice, monkeypatch, record):
    _, mesh = characters.rigged()
    apply = ShapeKeys.apply

    def wary(target: Any, *given: Any) -> Any:
        outcome = apply(target, *given)
        return replace(outcome, warnings=[*outcome.warnings, "The tongue does not show."])

    monkeypatch.setattr(ShapeKeys, "apply", wary)
    warnings = Preview(mesh, voice, record=record).pictures(0.5).to_the_end().warnings
    assert warnings.count("The tongue does not show.") == 1


@pytest.mark.parametrize(
    ("audio", "options", "words"),
    [
        ("", {}, "pick an audio file"),
        ("/nowhere.wav", {}, "does not exist"),
        (None, {"published": {}}, "own network"),
        (None, {"published": {"model": "style_avatar"}}, "^Published networks hear"),
    ],
)
def test_what_cannot_be_previewed(fake, voice, audio, options, words):
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match=words):
        Preview(mesh, voice if audio is None else audio, **options)


def test_a_cube_cannot_talk(fake, voice):
    mesh = bpy.data.meshes.new("Cube")
    cube = bpy.data.objects.new("Cube", mesh)
    bpy.context.scene.collection.objects.link(cube)
    with pytest.raises(TalkingAnimationError):
        Preview(cube, voice)


@ends
@pytest.mark.parametrize("way", ["BONES", "DRAWINGS"])
def test_strokes_that_would_keep_still_are_told_of(fake, voice, way):
    face = grease_pencil.add_face(bpy.context.scene)
    face.talking_drawing.way = way
    with pytest.raises(
        TalkingAnimationError, match=r"'Drawn Face'.*; with Record on, its keys come in the end\.$"
    ):
        LiveJob(face, voice)
    api.generate(face, voice)
    if way == "BONES" and pencils.keeps_weights():
        armature = next(item for item in bpy.data.objects if item.type == "ARMATURE")
        preview, before = Preview(face, voice), [bone.location.copy() for bone in armature.pose.bones]
        preview.pictures(0.8)
        assert [bone.location for bone in armature.pose.bones] != before
        preview.job.cancel()
        assert [bone.location for bone in armature.pose.bones] == before
    else:
        with pytest.raises(TalkingAnimationError, match="live preview"):
            LiveJob(face, voice)


@ends
@pytest.mark.parametrize("source", [RECORDING, MICROPHONE])
@pytest.mark.parametrize("way", ["BONES", "DRAWINGS"])
def test_strokes_that_keep_still_are_recorded(fake, voice, way, source):
    face = grease_pencil.add_face(bpy.context.scene)
    face.talking_drawing.way = way
    preview = Preview(face, voice, source, record=True).pictures(0.8)
    assert not api.has_animation(face)
    preview.job.finish()
    report = preview.to_the_end()
    assert report.keys.frames > 10 and api.has_animation(face)
    assert "'Drawn Face'" in report.warnings[0] and "live preview" in report.warnings[0]


def busy(preview: Preview) -> Preview:
    """End a preview whose engine is still at it, and goes on being so."""
    preview.job.finish()
    preview.job._take_answers = lambda: None
    preview.job._asking = True
    preview.watch.now += 2 * live._WAITS
    return preview


@ends
def test_a_computer_that_is_too_busy_loses_no_recording(fake, voice):
    _, mesh = characters.rigged()
    preview = busy(Preview(mesh, voice, record=True, start_frame=5).pictures(0.5))
    while not preview.job.keying:
        preview.tick()
    del preview.job._take_answers
    report = preview.to_the_end()
    assert report.keys.start == 5 and report.audio == voice
    assert actions.own_actions(mesh.data.shape_keys)


@ends
@pytest.mark.parametrize("source", [RECORDING, MICROPHONE])
def test_a_computer_that_is_too_busy_ends_what_is_not_recorded(fake, voice, source):
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    report = busy(Preview(mesh, voice, source).pictures(0.8)).to_the_end()
    assert report.keys is None and report.seconds > 0 and report.message.endswith("nothing was keyed.")
    assert state(rig, mesh) == before


def test_what_a_microphone_heard_can_be_lost_by_a_busy_computer(fake):
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match=r"lost, so record it again\.$"):
        busy(Preview(mesh, None, MICROPHONE, record=True).pictures(0.8)).to_the_end()
    assert not actions.own_actions(mesh.data.shape_keys)


@pytest.mark.parametrize("record", [False, True])
@pytest.mark.parametrize("source", [RECORDING, MICROPHONE])
def test_a_preview_that_ends_as_the_engine_starts_leaves_it_starting(
    fake, voice, source, record, monkeypatch, tmp_path
):
    gate = tmp_path / "may start"
    monkeypatch.setenv("FAKE_ENGINE_STARTS", str(gate))
    fake("late")
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice, source, record=record)
    while not preview.job._asking:
        preview.job.poll()
    pid = shared.running().pid
    preview.job.finish()
    assert preview.job.poll() and preview.job.report.message == live.NOT_BEGUN
    assert preview.job.report.keys is None and state(rig, mesh) == before
    gate.touch()
    assert api.generate(mesh, voice).curves and shared.running().pid == pid  # the next one finds it


def test_a_preview_that_ends_before_the_engine_is_asked_starts_none(fake, voice):
    _, mesh = characters.rigged()
    preview = Preview(mesh, voice, record=True)
    preview.job.finish()
    assert preview.to_the_end().message == live.NOT_BEGUN
    assert shared.running() is None


def test_a_microphone_that_was_just_opened_is_closed_again(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice)  # the engine runs
    preview = Preview(mesh, None, MICROPHONE, record=True)
    while not preview.job._asking:
        preview.job.poll()
    preview.job.finish()
    report = preview.to_the_end()
    assert preview.job._last_asked and report.keys is None and report.message == live.NOT_BEGUN


def test_an_engine_that_never_answers_keeps_nobody_who_stopped(fake, voice):
    fake("slow")
    rig, mesh = characters.rigged()
    before = state(rig, mesh)
    preview = Preview(mesh, voice, record=True)
    while shared.running() is None or shared.running().capabilities is None:
        preview.job.poll()
    preview.job.finish()
    assert not preview.job.poll()  # it was asked, and may answer yet
    preview.watch.now += 2 * live._WAITS
    assert preview.job.poll() and preview.job.report.message == live.NOT_BEGUN
    assert not shared.running().alive and state(rig, mesh) == before


def test_record_is_decided_by_when_it_is_stopped(fake, voice):
    _, mesh = characters.rigged()
    preview = Preview(mesh, None, MICROPHONE).pictures(0.8)
    preview.job.finish()
    preview.job.record = True  # its button can still be pressed
    preview.job.finish()
    assert preview.to_the_end().keys is None
