"""All characters of a scene at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import wave

import bpy
import characters
import numpy as np
import pytest
import scenes
from counting import lines_run
from recordings import wav_bytes
from retiming import retime
from tones import write_wav
from versions import ends
from waiting import eventually

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.engine_process import cache
from blender_addon.engine_process import pool as engine_pool
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import recordings
from blender_addon.inputs.scene_script import lines
from blender_addon.inputs.scene_script.lines import Choice, from_sequencer, from_table
from blender_addon.jobs import whole_scene
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.scene_report import TEXT_NAME
from blender_addon.jobs.whole_scene import SceneJob, animate_scene
from blender_addon.keys import actions
from blender_addon.motion import stored_motion
from blender_addon.ui import scene as panel

HAS_AUD = sequencer.aud_module() is not None
needs_strips = pytest.mark.skipif(not HAS_AUD, reason="this Blender has no sound strips")
NO_SOUND = "This Blender cannot play sound, so the recording was not added to the sequencer."
STILL = GenerateOptions(style="natural", idle=False)


def add(name, path, channel, start):
    return sequencer.add_sound_strip(bpy.context.scene, name, str(path), channel, start)


def handles(strip, start, end):
    if hasattr(strip, "left_handle"):
        strip.left_handle, strip.right_handle = start, end
    else:
        strip.frame_final_start, strip.frame_final_end = start, end


def jaw(rig, frame):
    """How far the jaw of a character's face is open at a scene frame, as shown."""
    bpy.context.scene.frame_set(frame)
    return scenes.face_of(rig).data.shape_keys.key_blocks["jawOpen"].value


# -- a table -----------------------------------------------------------------------------------------------


@pytest.fixture
def dialogue(fake, tmp_path):
    """Two characters with three lines of two seconds in a table."""
    alice, bob = scenes.cast("Alice", "Bob")
    bpy.context.scene.render.fps = 25
    for number in range(3):
        write_wav(tmp_path / f"line{number}.wav", 2.0)
    rows = [("Alice", "line0.wav", 11), ("Bob_rig", "line1.wav", "00:00:03:00"), ("alice", "line2.wav", 151)]
    return alice, bob, scenes.table(tmp_path / "lines.csv", rows)


def test_a_table_of_lines(dialogue):
    alice, bob, path = dialogue
    scene = bpy.context.scene
    scene.frame_end = 50
    report = animate_scene(from_table(str(path)), STILL)
    assert [line.problem for line in report.lines] == ["", "", ""]
    assert [line.character for line in report.lines] == ["Alice_rig", "Bob_rig", "Alice_rig"]
    assert [line.start for line in report.lines] == [11, 75, 151]
    assert set(report.warnings) <= {NO_SOUND}
    assert report.message.startswith("3 of 3 lines on 2 characters, 6.0 s of speech")
    # The recording of the fake engine holds the jaw open by 0.4.
    for rig, spoken, silent in ((alice, (30, 170), (5, 90, 130, 220)), (bob, (90,), (30, 70, 140, 170))):
        assert all(jaw(rig, frame) == pytest.approx(0.4, abs=1e-5) for frame in spoken)
        assert all(jaw(rig, frame) == pytest.approx(0.0, abs=1e-6) for frame in silent)
    # One action for each datablock, each character its own.
    assert sorted(item.name for item in bpy.data.actions) == [
        "Talking Alice_face", "Talking Alice_rig", "Talking Bob_face", "Talking Bob_rig"
    ]  # fmt: skip
    record = actions.record_of(bpy.data.actions["Talking Alice_face"])
    assert record["audio"] == "2 lines" and [line["start"] for line in record["lines"]] == [11, 151]
    assert record["character"] != actions.record_of(bpy.data.actions["Talking Bob_face"])["character"]
    assert scene.frame_end == max(item.end for item in report.characters.values()) >= 201
    assert "Bob_rig" in bpy.data.texts[TEXT_NAME].as_string()
    if HAS_AUD:
        places = sorted(
            (sequencer.strip_range(strip).start, strip.name) for strip in sequencer.sequencer_strips(scene)
        )
        assert places == [(11, "line0"), (75, "line1"), (151, "line2")]
        animate_scene(from_table(str(path)), STILL)
        assert len(list(sequencer.sequencer_strips(scene))) == 3, (
            "the recordings of the run before are replaced"
        )


def test_everything_done_later_works_on_a_scene_too(dialogue):
    alice, bob, path = dialogue
    before = scenes.snapshot()
    animate_scene(from_table(str(path)), STILL)
    assert api.apply_dials(alice, api.Dials(lips=0.5)) > 40
    assert jaw(alice, 170) == pytest.approx(0.2, abs=1e-3) and jaw(bob, 90) == pytest.approx(0.4, abs=1e-5)
    api.apply_key_style(bob, api.KeyStyle("STEPPED", hold=2))
    assert jaw(bob, 90) == pytest.approx(0.4, abs=1e-3)
    assert api.push_to_nla(alice, 3, 4) == 2
    assert not [problem for problem in api.check(alice) if problem.code != "RANGE"]
    api.apply_dials(alice, api.Dials())
    report = api.write_again(alice)
    assert report.curves > 40 and jaw(alice, 30) == pytest.approx(0.4, abs=1e-5)
    assert "lines" in actions.record_of(actions.own_actions(alice)[0])
    for rig in (alice, bob):
        assert api.remove(rig)
    bpy.data.texts.remove(bpy.data.texts[TEXT_NAME])
    after = scenes.snapshot()
    assert after[0] == before[0] and after[1] == before[1] and after[-2:] == before[-2:]
    assert not HAS_AUD or not len(sequencer.sequencer_strips(bpy.context.scene))


def test_a_line_that_fails_costs_one_line(fake, tmp_path):
    fake("touchy")
    alice, bob = scenes.cast("Alice", "Bob")
    names = ["one", "crash", "two", "empty", "silent", "three", "zero"]
    for name in names:
        write_wav(tmp_path / f"{name}.wav", 1.0)
    (tmp_path / "zero.wav").write_bytes(b"")
    (tmp_path / "empty text.wav").write_text("not a sound, though it is called one", encoding="utf-8")
    rows = [("Alice", f"{name}.wav", 1 + 50 * place) for place, name in enumerate(names)]
    rows += [
        ("Bob", "missing.wav", 1),
        ("Bob", "four.wav", 500),
        ("Carol", "one.wav", 1),
        ("Bob", "empty text.wav", 1),
    ]
    rows += [("Bob", "one.wav", "later"), ("Bob", "one.wav", 700, "dreamy")]
    write_wav(tmp_path / "four.wav", 1.0)
    script = from_table(str(scenes.table(tmp_path / "lines.csv", rows)))
    report = animate_scene(script, STILL)
    problems = {line.label: line.problem for line in report.failed}
    assert len(report.done) == 4 and len(problems) == 9, problems
    assert "stopped unexpectedly" in problems["row 3"]
    assert "empty.wav holds no sound" in problems["row 5"] and "holds no speech" in problems["row 6"]
    assert "'zero.wav' is empty" in problems["row 8"] and "does not exist" in problems["row 9"]
    assert "no character 'Carol'" in problems["row 11"] and "'Alice_rig', 'Bob_rig'" in problems["row 11"]
    assert "empty text.wav" in problems["row 12"]
    assert problems["row 13"].startswith("Row 13 starts at 'later'") and "dreamy" in problems["row 14"]
    assert jaw(alice, 10) > 0.39 and jaw(alice, 110) > 0.39 and jaw(bob, 510) > 0.39
    assert jaw(alice, 62) == pytest.approx(0, abs=1e-6)
    text = report.table()
    assert text.count("FAILED") == 9 and "row 3" in text
    told = report.as_json()
    assert told["failed"] == 9 and told["done"] == 4 and json.dumps(told)


@pytest.mark.parametrize(
    ("starts", "left_out"), [((1, 95000, 100), [1]), ((-95000, 60, 1), [0]), ((1, 999999), [1])]
)
def test_a_line_hours_away_from_all_others_is_left_out(fake, tmp_path, starts, left_out):
    """A start that was mistyped would let everybody listen for hours: minutes of work, and gigabytes."""
    alice, _ = scenes.cast("Alice", "Bob")
    bpy.context.scene.render.fps = 25
    write_wav(tmp_path / "one.wav", 1.0)
    rows = [(("Alice", "Bob", "Bob")[place], "one.wav", start) for place, start in enumerate(starts)]
    report = animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))), STILL)
    problems = [line.problem for line in report.lines]
    assert [place for place, problem in enumerate(problems) if problem] == left_out
    assert f"starts at frame {starts[left_out[0]]}, and nobody speaks for" in problems[left_out[0]]
    assert max(written.end for written in report.characters.values()) < 200
    assert jaw(alice, 12) == pytest.approx(0.0 if left_out == [0] else 0.4, abs=1e-5)


def test_nothing_changes_where_all_lines_fail_or_it_is_cancelled(fake, tmp_path):
    scenes.cast("Alice")
    write_wav(tmp_path / "a.wav", 1.0)
    path = scenes.table(tmp_path / "lines.csv", [("Alice", "a.wav", 1), ("Alice", "b.wav", 50)])
    before = scenes.snapshot()
    fake("crash")
    report = animate_scene(from_table(str(path)), STILL)
    assert len(report.failed) == 2 and not report.characters and scenes.snapshot() == before
    fake("slow")
    job = SceneJob(from_table(str(path)), STILL)
    assert eventually(lambda: job.poll() or (job.engine_pids and "lines" in job.stage))
    pids = job.engine_pids
    assert pids and 0 < job.fraction < 0.9
    job.cancel()
    job.cancel()
    assert not job.engine_pids and scenes.snapshot() == before
    with pytest.raises(TalkingAnimationError, match="Cancelled"):
        job.poll()


def test_no_engine_at_all(fake, tmp_path):
    scenes.cast("Alice")
    fake("mute")
    for number in range(4):
        write_wav(tmp_path / f"{number}.wav", 1.0)
    rows = [("Alice", f"{number}.wav", 1 + 50 * number) for number in range(4)]
    report = animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))))
    assert len({line.problem for line in report.failed}) == 1 and len(report.failed) == 4
    assert "could not be started" in report.failed[0].problem


def test_engines_that_take_long_to_start_are_waited_for(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(engine_pool.process, "START_TIMEOUT", 0.05)
    scenes.cast("Alice")
    fake("late")
    rows = [("Alice", f"{number}.wav", 1 + 50 * number) for number in range(2)]
    for _, name, _ in rows:
        write_wav(tmp_path / name, 1.0)
    report = animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))))
    assert not report.failed and len(report.done) == 2


def test_two_characters_share_one_recording(fake, tmp_path, monkeypatch):
    scenes.cast("Alice", "Bob")
    write_wav(tmp_path / "talk.wav", 2.0)
    path = tmp_path / "lines.csv"
    rows = ["character,audio,start,voice_in_file,channel", "Alice,talk.wav,1,1,", "Bob,talk.wav,1,2.0,MIX"]
    path.write_text("\n".join(rows), encoding="utf-8")
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    report = animate_scene(from_table(str(path)), GenerateOptions(style="natural", channel=4))
    assert not report.failed and len(report.characters) == 2
    requests = [json.loads(line) for line in log.read_text().splitlines()]
    spoken = [one for one in requests if one["source_name"] != "silence"]
    assert {(one["voice_in_file"], one["channel"]) for one in spoken} == {("1", "4"), ("2", "mix")}
    listened = [one for one in requests if one["source_name"] == "silence"]
    assert listened and {(one["voice_in_file"], one["channel"]) for one in listened} == {("all", "auto")}
    path.write_text("character,audio,start,channel\nAlice,talk.wav,1,left", encoding="utf-8")
    report = animate_scene(from_table(str(path)), STILL)
    assert "channel must be auto, mix or a number from 1, not 'left'" in report.failed[0].problem


@ends
def test_the_second_run_asks_no_engine(dialogue, tmp_path, monkeypatch):
    _, _, path = dialogue
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    first = animate_scene(from_table(str(path)), GenerateOptions(style="natural"))
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(asked) == 5  # three lines, and silence for each character
    idle = [request for request in asked if request["source_name"] == "silence"]
    assert len({request["seed"] for request in idle}) == 2, "or they would blink together"
    assert len({request["seed"] for request in asked}) == 5
    again = animate_scene(from_table(str(path)), GenerateOptions(style="natural"))
    assert len(log.read_text().splitlines()) == 5
    assert all(line.cached for line in again.lines) and not any(line.cached for line in first.lines)
    assert [vars(line) | {"cached": True} for line in first.lines] == [vars(line) for line in again.lines]
    other = animate_scene(from_table(str(path)), GenerateOptions(style="natural", seed=1))
    assert not any(line.cached for line in other.lines)


def test_a_cache_that_is_cleared_meanwhile_costs_no_line(dialogue, tmp_path, monkeypatch):
    """With the folder went every line of a night."""
    _, _, path = dialogue
    folder, really, kept = tmp_path / "cache", cache.keep, []
    has, looked_at, fractions = cache.has, [], []

    def keep(made, place):
        there = really(made, place)
        kept.append(place)
        if len(kept) in (1, 4):
            shutil.rmtree(folder)
        return there

    monkeypatch.setattr(cache, "keep", keep)
    monkeypatch.setattr(cache, "has", lambda place: looked_at.append(place) or has(place))
    report = animate_scene(
        from_table(str(path)),
        GenerateOptions(style="natural"),
        progress=lambda fraction, _: fractions.append(fraction),
    )
    assert not report.failed and set(report.warnings) <= {NO_SOUND} and len(report.characters) == 2
    assert len(kept) == 9 and len(set(kept)) == 5, "what went is made once more"
    assert set(kept) <= set(looked_at) and len(looked_at) == len(set(looked_at)), "no file is read twice"
    assert fractions == sorted(fractions) and len(set(fractions)) > 5


def test_listening_characters_move(dialogue):
    alice, bob, path = dialogue
    report = animate_scene(from_table(str(path)), GenerateOptions(style="natural"))
    assert not report.failed
    assert {item.start for item in report.characters.values()} == {11}, "all listen from the first line on"
    gaze = scenes.face_of(bob).data.shape_keys.key_blocks["eyeLookUpLeft"]
    bpy.context.scene.frame_set(40)
    assert gaze.value > 0.05 and jaw(bob, 40) == pytest.approx(0, abs=1e-6)
    assert jaw(bob, 90) == pytest.approx(0.4, abs=1e-5)


def test_a_crash_while_listening_is_made_costs_nothing(dialogue, fake, tmp_path, monkeypatch):
    _, _, path = dialogue
    fake("faint")  # a process killed from here might have answered already
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    report = animate_scene(from_table(str(path)), GenerateOptions(style="natural"))
    asked = [json.loads(line)["source_name"] for line in log.read_text().splitlines()]
    assert asked.count("silence") == 3 and len(asked) == 6, "two characters listen, and one of them twice"
    assert len(report.done) == 3 and not report.failed
    assert not [warning for warning in report.warnings if "while it listens" in warning]


def test_styles_seeds_and_speed_of_a_row(dialogue, tmp_path, monkeypatch):
    alice, _, _ = dialogue
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    rows = [("Alice", "line0.wav", 11, "calm", 7), ("Alice", "line1.wav", 111, "", "", 2)]
    report = animate_scene(from_table(str(scenes.table(tmp_path / "other.csv", rows))), STILL)
    first, second = (
        json.loads(line) for line in sorted(log.read_text().splitlines(), key=lambda line: "calm" not in line)
    )
    assert (first["style"], first["seed"], second["style"]) == ("calm", 7, "natural")
    assert [round(line.seconds, 1) for line in report.lines] == [2.0, 1.0]
    assert jaw(alice, 130) == pytest.approx(0.4, abs=1e-5) and jaw(alice, 150) == pytest.approx(0, abs=1e-6)


def test_a_line_of_a_table_smiles_and_the_others_do_not(dialogue, tmp_path):
    alice, _, _ = dialogue
    path = tmp_path / "mood.csv"
    rows = ["character,audio,start,smile,brow", "Alice,line0.wav,11,0.9,", "Alice,line1.wav,111,,-1"]
    path.write_text("\n".join(rows), encoding="utf-8")
    report = animate_scene(from_table(str(path)), STILL)
    assert not report.failed

    def shown(name, frame):
        bpy.context.scene.frame_set(frame)
        return scenes.face_of(alice).data.shape_keys.key_blocks[name].value

    assert shown("mouthSmileLeft", 30) > 0.4 > 0.2 > shown("mouthSmileLeft", 130)
    assert shown("browDownLeft", 130) > 0.5 > 0.2 > shown("browDownLeft", 30)
    for frame in (1, 85, 200):  # before, between and after
        assert shown("mouthSmileLeft", frame) < 0.01 and shown("browDownLeft", frame) < 0.01
    plain = path.with_name("plain.csv")
    plain.write_text("\n".join(row.rpartition(",")[0].replace("0.9", "0") for row in rows), encoding="utf-8")
    animate_scene(from_table(str(plain)), STILL)  # none of it comes from the cache
    assert shown("mouthSmileLeft", 30) < 0.2


def test_lines_at_the_same_time(fake, tmp_path):
    (alice,) = scenes.cast("Alice")
    for name in "ab":
        write_wav(tmp_path / f"{name}.wav", 2.0)
    path = scenes.table(tmp_path / "lines.csv", [("Alice", "a.wav", 1), ("Alice", "b.wav", 31)])
    report = animate_scene(from_table(str(path)), STILL)
    told = [warning for warning in report.warnings if "at the same time" in warning]
    assert len(told) == 1 and "row 2 and row 3" in told[0] and "last 0.8 s" in told[0]
    path = scenes.table(tmp_path / "next.csv", [("Alice", "a.wav", 1), ("Alice", "B.wav", 48)])
    report = animate_scene(from_table(str(path)), STILL)
    assert not report.failed, "the file is found by its name in other letters"
    assert "at the same time" not in " ".join(report.warnings), "one line ends where the next begins"


def test_actions_instead_of_strips_and_the_frame_rate(dialogue):
    alice, _, path = dialogue
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 30, 1.001
    report = animate_scene(
        from_table(str(path)), GenerateOptions(style="natural", idle=False, placement="ACTION")
    )
    assert [line.start for line in report.lines] == [11, 90, 151]
    assert not api.in_nla(alice) and jaw(alice, 60) == pytest.approx(0.4, abs=1e-5)
    scene.render.fps, scene.render.fps_base = 60, 1
    (problem,) = [problem for problem in api.check(alice) if problem.code == "FPS"]
    assert problem.repair is None and "Animate Whole Scene again" in problem.message
    animate_scene(from_table(str(path)), STILL)
    assert not [problem for problem in api.check(alice) if problem.code == "FPS"]
    with pytest.raises(TalkingAnimationError, match="placement"):
        SceneJob(from_table(str(path)), GenerateOptions(placement="SOMEWHERE"))


def test_the_motion_is_at_the_frame_of_the_line(dialogue):
    """What the keys show at a frame is what the engine made for that moment of the recording."""
    alice, _, path = dialogue
    animate_scene(from_table(str(path)), STILL)
    motion = stored_motion.load(api.motion_file(alice))
    first = actions.record_of(actions.own_actions(alice)[0])["start"]
    block = scenes.face_of(alice).data.shape_keys.key_blocks["browInnerUp"]
    for frame in (20, 35, 160, 190):
        bpy.context.scene.frame_set(frame)
        assert block.value == pytest.approx(motion.arkit[frame - first, 43], abs=1e-5)
        line = 11 if frame < 100 else 151
        wanted = 0.3 + 0.2 * np.sin(2 * np.pi * (frame - line) / 25)
        assert block.value == pytest.approx(wanted, abs=1e-4)


# -- the sequencer -----------------------------------------------------------------------------------------


@pytest.fixture
def stage(fake, tmp_path):
    """Three characters with strips in the sequencer: lines, music, one that could be two characters'."""
    scene = bpy.context.scene
    scene.render.fps = 25
    rigs = scenes.cast("Alice", "Bob", "Carol")
    (tmp_path / "Carol").mkdir()
    plain = write_wav(tmp_path / "take.wav", 2.0)
    add("Alice_01", plain, 1, 1)
    add("line", write_wav(tmp_path / "bob_01.wav", 2.0), 2, 61)
    add("another", write_wav(tmp_path / "Carol" / "x.wav", 2.0), 3, 121)
    add("Alice to Bob", plain, 4, 181)
    add("music", write_wav(tmp_path / "theme.wav", 4.0), 5, 1)
    add("Alice_mute", plain, 6, 301).mute = True
    add("third", plain, 7, 241)
    scene.sequence_editor.channels[7].name = "CAROL"
    return rigs


@needs_strips
def test_strips_are_matched_by_name(stage):
    script = from_sequencer(bpy.context.scene)
    assert [(line.label, line.character) for line in script.lines] == [
        ("Alice_01", "Alice_rig"),
        ("line", "Bob_rig"),
        ("another", "Carol_rig"),
        ("Alice to Bob", ""),
        ("third", "Carol_rig"),
    ]
    assert "several characters ('Alice_rig', 'Bob_rig')" in script.lines[3].problem
    assert (
        dict(script.skipped).keys() == {"music", "Alice_mute"}
        and "muted" in dict(script.skipped)["Alice_mute"]
    )
    report = animate_scene(script, STILL)
    assert len(report.done) == 4 and [line.label for line in report.failed] == ["Alice to Bob"]
    assert len(sequencer.sequencer_strips(bpy.context.scene)) == 7, "the strips are there already"
    for rig, frame in zip(stage, (25, 85, 145)):
        assert jaw(rig, frame) == pytest.approx(0.4, abs=1e-5)
    assert jaw(stage[2], 265) == pytest.approx(0.4, abs=1e-5) and jaw(stage[0], 200) < 1e-6


@needs_strips
def test_what_a_person_chooses_holds(stage):
    choices = {
        "Alice to Bob": Choice("Bob_face"),
        "line": Choice("Carol_rig", style="calm"),
        "another": Choice(use=False),
        "third": Choice("Camera"),
    }
    script = from_sequencer(bpy.context.scene, choices)
    found = {line.label: line for line in script.lines}
    assert found["Alice to Bob"].character == "Bob_rig" and not found["Alice to Bob"].problem
    assert (found["line"].character, found["line"].style) == ("Carol_rig", "calm")
    assert "another" not in found and "no character of this scene" in found["third"].problem


@needs_strips
def test_trims_metas_and_mutes(fake, tmp_path):
    """What is heard of a strip, and when: compared with what Blender itself mixes."""
    scene = bpy.context.scene
    scene.render.fps = 25
    path = tmp_path / "clicks.wav"
    write_clicks(path, (0.5, 1.0, 2.0, 3.0), 4.0)

    def check(strip):
        place = sequencer.heard(strip, 25.0)
        assert not place.retimed
        told = [
            round(place.start) / 25 + click - place.begin
            for click in (0.5, 1.0, 2.0, 3.0)
            if place.begin <= click < place.begin + place.length / 25
        ]
        assert told == pytest.approx(mixed_clicks(scene, tmp_path), abs=0.03)
        return place

    strip = add("plain", path, 1, 26)
    assert (check(strip).start, check(strip).begin) == (26, 0)
    handles(strip, 46, 110)
    assert check(strip).begin == pytest.approx(0.8)
    strip.animation_offset_start = 15
    check(strip)
    sequencer.remove_strip(scene, strip)
    if hasattr(strip := add("late", path, 1, 26), "sound_offset"):
        strip.sound_offset = 0.4
        assert check(strip).start == pytest.approx(36)
        strip.sound_offset = -0.4
        assert check(strip).begin == pytest.approx(0.4)
    sequencer.remove_strip(scene, strip)
    strip = add("early", path, 1, 26)
    handles(strip, 16, 120)
    check(strip)
    sequencer.remove_strip(scene, strip)

    strip = add("inside", path, 1, 26)
    meta = sequencer.sequencer_strips(scene).new_meta("meta", 2, 26)
    strip.move_to_meta(meta)
    if hasattr(meta, "left_handle"):
        meta.left_handle, meta.right_handle = 46, 96
    else:
        meta.frame_final_end, meta.frame_final_start = 96, 46
    place = sequencer.heard(strip, 25.0)
    assert (place.start, place.length, place.begin) == (46, 50, pytest.approx(0.8))
    assert [item.name for item in lines.sound_strips(scene)] == ["inside"]
    assert not sequencer.is_muted(strip, scene)
    meta.mute = True
    assert sequencer.is_muted(strip, scene)
    meta.mute = False
    scene.sequence_editor.channels[2].mute = True
    assert sequencer.is_muted(strip, scene)


def write_clicks(path, moments, seconds, rate=16000):
    samples = np.zeros(int(seconds * rate))
    for moment in moments:
        at = int(moment * rate)
        samples[at : at + 160] = 0.9 * np.sin(2 * np.pi * 1000 * np.arange(160) / rate)
    path.write_bytes(wav_bytes(samples, rate))


def clicks_of(path):
    with wave.open(str(path)) as stream:
        rate, channels = stream.getframerate(), stream.getnchannels()
        samples = np.frombuffer(stream.readframes(stream.getnframes()), "<i2").reshape(-1, channels)[:, 0]
    loud = np.flatnonzero(np.abs(samples / 32768) > 0.2)
    return (loud[np.diff(loud, prepend=-rate) > rate * 0.05] / rate).tolist() if len(loud) else []


def mixed_clicks(scene, tmp_path):
    """When the clicks are heard, in seconds of scene time, as Blender mixes them."""
    scene.frame_start, scene.frame_end = 1, 250
    assert sequencer.mixdown(scene, str(tmp_path / "mixed.wav"))
    return [moment + 1 / 25 for moment in clicks_of(tmp_path / "mixed.wav")]


def retimed(strip, speed):
    """Play a strip that was added at frame 26 faster as a person does."""
    if not sequencer.set_strip_speed(strip, speed, 26):
        retime(strip, speed)


@needs_strips
def test_a_strip_that_is_played_faster(fake, tmp_path):
    bpy.ops.wm.read_factory_settings()
    scene = bpy.context.scene
    scene.render.fps = 25
    path = tmp_path / "Alice.wav"
    write_clicks(path, (0.5, 1.0, 2.0, 3.0), 4.0)
    strip = add("Alice", path, 1, 26)
    loud = add("loud", write_wav(tmp_path / "loud.wav", 4.0), 2, 26)
    loud.mute = False
    retimed(strip, 2.0)
    assert sequencer.heard(strip, 25.0).retimed
    count = len(bpy.data.scenes)
    source = recordings.from_strip(strip, scene, tmp_path)
    assert source.start_frame == 26 and len(bpy.data.scenes) == count
    found = clicks_of(source.readable(tmp_path))
    assert found == pytest.approx([0.25, 0.5, 1.0, 1.5], abs=0.06), "only this strip, twice as fast"


@needs_strips
def test_the_table_in_the_panel(stage, tmp_path):
    scene = bpy.context.scene
    script = scene.talking_animation_script
    assert bpy.ops.talking_animation.find_lines() == {"FINISHED"}
    rows = script.lines
    assert [row.name for row in rows][:2] == ["Alice_01", "music"] and len(rows) == 7
    assert rows["line"].character.name == "Bob_rig" and not rows["line"].by_hand
    assert rows["Alice to Bob"].character is None and "Could be" in rows["Alice to Bob"].note
    rows["Alice to Bob"].character = bpy.data.objects["Bob_face"]
    assert rows["Alice to Bob"].by_hand and not rows["Alice to Bob"].note
    rows["third"].use = False
    rows["line"].style = "calm"
    add("Bob_late", tmp_path / "take.wav", 8, 401)
    assert bpy.ops.talking_animation.find_lines() == {"FINISHED"}
    assert rows["Alice to Bob"].character.name == "Bob_face" and rows["Bob_late"].character.name == "Bob_rig"
    found = {line.label: line for line in lines.of_scene(scene).lines}
    assert (
        found["Alice to Bob"].character == "Bob_rig"
        and "third" not in found
        and found["line"].style == "calm"
    )
    scene.talking_animation.style = "natural"
    script.idle = False
    assert bpy.ops.talking_animation.animate_scene() == {"FINISHED"}
    outcome = bpy.context.window_manager.talking_animation_outcome
    assert outcome.message.startswith("5 of 5 lines on 3 characters") and not len(outcome.failures)
    assert jaw(stage[1], 205) == pytest.approx(0.4, abs=1e-5)
    assert bpy.ops.talking_animation.find_lines(forget=True) == {"FINISHED"}
    assert rows["Alice to Bob"].character is None


@needs_strips
def test_channel_and_speaker_of_a_strip(fake, tmp_path, monkeypatch):
    """A line's own where it was chosen, else those of the panel; two people in one recording that lies there twice."""
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    fake("normal")
    scenes.cast("Alice", "Bob", "Carol")
    path = write_wav(tmp_path / "talk.wav", 1.0, channels=2)
    for channel, name in enumerate(("Alice", "Bob", "Carol"), 1):
        add(name, path, channel, 1)
    scene = bpy.context.scene
    scene.talking_animation.channel = "2"
    script = scene.talking_animation_script
    script.idle = False
    assert bpy.ops.talking_animation.find_lines() == {"FINISHED"}
    script.lines["Alice"].voice_in_file = "1"
    script.lines["Bob"].voice_in_file, script.lines["Bob"].channel = "2", "mix"
    found = {line.label: (line.channel, line.voice_in_file) for line in lines.of_scene(scene).lines}
    assert found == {"Alice": ("", "1"), "Bob": ("mix", "2"), "Carol": ("", "")}
    assert bpy.ops.talking_animation.animate_scene() == {"FINISHED"}
    asked = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert sorted((one["channel"], one["voice_in_file"]) for one in asked) == [
        ("2", "1"),
        ("2", "all"),
        ("mix", "2"),
    ]
    script.active = 1
    assert {"channel", "voice_in_file"} <= set(drawn_lines(scene))


@needs_strips
def test_strips_that_were_placed_for_a_character_stay_its_own(fake, tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    api.generate(bob, write_wav(tmp_path / "untitled.wav", 2.0), start_frame=20, style="natural")
    script = from_sequencer(bpy.context.scene)
    assert [(line.label, line.character) for line in script.lines] == [("untitled", "Bob_rig")]
    report = animate_scene(script, STILL)
    assert not report.failed and len(sequencer.sequencer_strips(bpy.context.scene)) == 1


def test_a_scene_without_lines(fake, tmp_path):
    scenes.cast("Alice")
    with pytest.raises(TalkingAnimationError, match="no sound strips"):
        animate_scene(from_sequencer(bpy.context.scene))
    if HAS_AUD:
        add("music", write_wav(tmp_path / "theme.wav", 1.0), 1, 1)
        with pytest.raises(TalkingAnimationError, match="'music' was left out, since no character's name"):
            animate_scene(from_sequencer(bpy.context.scene))
    assert panel.TALKING_OT_animate_scene.disabled_reason(bpy.context) == (
        "" if HAS_AUD else "The Sequencer of this scene has no sound strips"
    )
    bpy.context.scene.talking_animation_script.source = "TABLE"
    assert panel.TALKING_OT_animate_scene.disabled_reason(bpy.context) == "Choose a CSV file with the lines"


def test_the_panel_runs_a_table(dialogue, tmp_path):
    _, _, path = dialogue
    scene = bpy.context.scene
    scene.talking_animation_script.source = "TABLE"
    scene.talking_animation_script.table = str(path)
    assert bpy.ops.talking_animation.animate_scene() == {"FINISHED"}
    scenes.table(path, [("Alice", "line0.wav", 1), ("Nobody", "line1.wav", 1)])
    assert bpy.ops.talking_animation.animate_scene() == {"FINISHED"}
    outcome = bpy.context.window_manager.talking_animation_outcome
    assert outcome.kind == "ERROR" and [row.name for row in outcome.failures] == ["row 3"]
    (failure,) = outcome.failures
    assert panel._failed(failure.name, failure.reason).startswith("Row 3: there is no character")
    assert panel._failed("Alice_02", failure.reason).startswith("Alice_02: Row 3")
    scenes.table(path, [("Nobody", "line1.wav", 1)])
    assert bpy.ops.talking_animation.animate_scene() == {"CANCELLED"}


class Layout:
    """Stands for a UILayout: remembers what is drawn."""

    def __init__(self, said):
        self.said = said

    def __getattr__(self, name):
        def drawn(*arguments, **named):
            self.said += [str(item) for item in (*arguments[:2], *named.values()) if isinstance(item, str)]
            return Layout(self.said)

        return drawn


def draw(cls):
    said = []

    class Drawn:
        layout = Layout(said)
        _draw_lines, _draw_outcome = cls._draw_lines, cls._draw_outcome

    cls.draw(Drawn(), bpy.context)
    return said


def drawn_lines(scene):
    said = []
    panel.TALKING_PT_scene._draw_lines(None, Layout(said), bpy.context, scene.talking_animation_script)
    return said


def test_the_panel_draws(dialogue):
    said = draw(panel.TALKING_PT_scene)
    assert "talking_animation.animate_scene" in said and "talking_animation.find_lines" in said
    bpy.context.scene.talking_animation_script.source = "TABLE"
    bpy.context.scene.talking_animation_script.table = str(dialogue[2])
    bpy.ops.talking_animation.animate_scene()
    said = " ".join(draw(panel.TALKING_PT_scene))
    assert "3 of 3 lines" in said and "All lines: text" in said


# -- without a window --------------------------------------------------------------------------------------


def test_headless_table(dialogue, tmp_path, capsys):
    _, _, path = dialogue
    saved, told = tmp_path / "out.blend", tmp_path / "told.json"
    arguments = ["--lines", str(path), "--save", str(saved), "--json", str(told), "--style", "natural"]
    assert recording.command([*arguments, "--no-idle", "--keys", "linear"]) == 0
    said = capsys.readouterr().out
    assert "3 of 3 lines on 2 characters" in said and "line0.wav" in said
    answer = json.loads(told.read_text(encoding="utf-8"))
    assert answer["done"] == 3 and [line["start"] for line in answer["lines"]] == [11, 75, 151]
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    bob = bpy.data.objects["Bob_rig"]
    assert jaw(bob, 90) == pytest.approx(0.4, abs=0.011) and bob.talking_animation.key_style == "LINEAR"
    # What works is saved although something else fails; the exit code tells.
    path.write_text(path.read_text() + "Alice,gone.wav,400,,,\n", encoding="utf-8")
    assert recording.command(arguments) == 1
    assert json.loads(told.read_text(encoding="utf-8"))["failed"] == 1
    assert "gone.wav' does not exist" in capsys.readouterr().out
    only = [*arguments, "--character", "Bob_face", "--cues", "text"]
    assert recording.command(only[2:] + ["--lines", str(path)]) in (0, 1)


@needs_strips
def test_headless_scene(stage, tmp_path, capsys):
    assert recording.command(["--scene", "--style", "natural", "--no-idle"]) == 1
    said = capsys.readouterr().out
    assert "4 of 5 lines on 3 characters" in said and "music: no character's name" in said


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--scene", "--lines", "x.csv"], 2, "not both"),
        (["--scene", "--audio", "x.wav"], 2, "does not go with --scene"),
        (["--audio", "x.wav", "--json", "x.json"], 2, "needs --scene or --lines"),
        (["--lines", "{folder}/none.csv"], 1, "does not exist"),
        (["--scene"], 1, "no sound strips"),
        (["--lines", "{folder}/lines.csv", "--character", "Zoe"], 1, "no object named 'Zoe'"),
        (["--lines", "{folder}/lines.csv", "--json", "{folder}/none/x.json"], 1, "does not exist"),
    ],
)
def test_headless_mistakes(dialogue, tmp_path, capsys, arguments, code, says):
    assert recording.command([argument.format(folder=tmp_path) for argument in arguments]) == code
    captured = capsys.readouterr().err
    assert says in captured and "Traceback" not in captured


# -- the real engine ---------------------------------------------------------------------------------------


@ends
@pytest.mark.skipif(os.name == "nt", reason="stops and kills a process by its signals")
def test_twelve_lines_and_a_crash(tmp_path, monkeypatch):
    """The engine itself, three characters, and one process killed in the middle: one line is lost, no more."""
    bpy.context.scene.render.fps = 25
    rigs = scenes.cast("Alice", "Bob", "Carol")
    names = [f"{('Alice', 'Bob', 'Carol')[number % 3]}_{number:02}" for number in range(12)]
    files = scenes.voices(tmp_path, names, 2.0)
    rows = [
        (name.split("_")[0], file.name, 1 + 60 * number)
        for number, (name, file) in enumerate(zip(names, files))
    ]
    path = scenes.table(tmp_path / "lines.csv", rows)
    submit, asked, killed = engine_pool.Pool._submit, [], []

    def submit_and_kill(pool, seat, key, request):
        """The first process that is free for the fifth line or a later one dies over it.

        It is stopped first: two seconds of speech are answered before a signal sent by chance arrives.
        """
        asked.append(key)
        pid = seat.engine.pid
        lethal = not killed and len(asked) > 4 and pid is not None
        if lethal:
            os.kill(pid, signal.SIGSTOP)
        submit(pool, seat, key, request)
        if lethal:
            assert seat.engine.pid == pid
            os.kill(pid, signal.SIGKILL)
            killed.append(key)

    monkeypatch.setattr(engine_pool.Pool, "_submit", submit_and_kill)
    job = SceneJob(from_table(str(path)), GenerateOptions(idle=False))
    assert eventually(job.poll)
    report = job.report
    assert killed and len(report.failed) == 1 and len(report.done) == 11, report.table()
    assert "stopped unexpectedly" in report.failed[0].problem
    assert report.spent > 0 and set(report.warnings) <= {NO_SOUND}
    spoken = {line.label: line for line in report.done}
    for number, (name, _) in enumerate(zip(names, files)):
        rig = rigs[number % 3]
        opened = max(jaw(rig, 1 + 60 * number + frame) for frame in range(0, 50, 2))
        assert (opened > 0.1) == (f"row {number + 2}" in spoken), name
    again = animate_scene(from_table(str(path)))  # with listening
    assert not again.failed and sum(line.cached for line in again.lines) == 11
    assert not {warning for warning in again.warnings if "while it listens" in warning}


def test_processes_are_counted():
    assert 1 <= engine_pool.process_count() <= engine_pool.MOST_PROCESSES


def test_characters_of_a_large_scene(fake):
    """Objects that cannot talk cost next to nothing."""
    scenes.cast("Alice")
    plain = characters.face_mesh("Plain", ["smirk", "wink"])
    lines.characters_of(bpy.context.scene)
    few = lines_run(lambda: lines.characters_of(bpy.context.scene))
    mesh = bpy.data.meshes.new("stone")
    for number in range(500):
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(f"Stone {number}", mesh))
    found = lines.characters_of(bpy.context.scene)
    more = lines_run(lambda: lines.characters_of(bpy.context.scene)) - few
    assert more < 400 * 500, more
    assert list(found) == ["Alice_rig"] and plain.name not in found
    assert whole_scene.GenerateOptions().idle
