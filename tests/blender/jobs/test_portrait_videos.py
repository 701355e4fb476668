"""The video of a talking picture: what it shows and lets hear, where it lies, and all that may go wrong."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import bpy
import numpy as np
import picture_characters
import pytest
from blender_addon.contract.face_picture import PICTURE
from rendering import pixels_of
from tones import write_wav
from versions import ends
from waiting import eventually

from blender_addon import api
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host.blender_versions import films, interface, sequencer
from blender_addon.jobs.portrait import bake, heard, output_file, pictured
from blender_addon.keys import movie_strips
from blender_addon.talking import edit
from blender_addon.talking.problem import KINDS, RANGE

FPS = 6


def talking(voice, start=3, picture=None, **options):
    """A picture that carries a talking animation; its armature."""
    bpy.context.scene.render.fps = FPS
    root = picture_characters.add(picture or picture_characters.contract_picture())[0]
    api.generate(root, str(voice), start_frame=start, **options)
    return root


def smooth(width, height):
    """A made face under a picture that an encoder hardly changes, brighter to the right and the bottom."""
    made = picture_characters.noise(width, height)
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([40 + 2 * x, 60 + y, 90 + x, np.full_like(x, 255)], -1).astype(np.uint8)
    return replace(made, textures={**made.textures, PICTURE: pixels})


def pictures_of(video, tmp_path):
    """(T, h, w, 3) int16 of a video."""
    folder = tmp_path / "decoded"
    folder.mkdir()
    film = films.open_film(str(video), 4096)
    films.write_pictures(film, str(folder))
    return np.stack([pixels_of(path)[..., :3] for path in sorted(folder.glob("*.tga"))]).astype(np.int16)


def seconds_of(video):
    """Seconds of each stream, by what it is."""
    ask = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_type,duration", "-of", "json", str(video)]
    told = json.loads(subprocess.run(ask, capture_output=True, check=True).stdout)
    return {stream["codec_type"]: float(stream["duration"]) for stream in told["streams"]}


def videos_in(scene):
    return [strip for strip in sequencer.sequencer_strips(scene) if strip.type == "MOVIE"]


@ends
def test_a_picture_hidden_moved_and_without_its_camera_is_seen_to_talk(fake, voice, tmp_path):
    scene = bpy.context.scene
    root = talking(voice)
    for child in list(root.children):
        if child.type == "CAMERA":
            bpy.data.objects.remove(child)
        else:
            child.hide_render = child.hide_viewport = True
    root.location, root.scale = (3, -2, 1), (0.5, 0.5, 0.5)
    path = tmp_path / "made #1.mp4"
    report = api.bake_portrait(root, path, add_to_sequencer=True)
    assert (report.path, report.first, report.size) == (str(path), 3, (96, 128))
    # The line begins and ends with lips at rest, where the picture is as it was.
    shown = pictures_of(path, tmp_path)
    assert len(shown) == report.frames >= 2 * FPS
    original = picture_characters.contract_picture().textures[PICTURE][..., :3].astype(np.int16)
    still = np.abs(shown[0] - original)
    assert np.median(still) <= 6
    moved = np.abs(shown - shown[0]).max(axis=(1, 2, 3))
    assert moved[1:-1].max() > 60
    (strip,) = videos_in(scene)
    lies = sequencer.strip_range(strip)
    assert (lies.start, lies.length) == (3, report.frames)
    # Baked again it is replaced; a new take mutes it until then, and removing takes it away. The file stays.
    movie_strips.place(scene, str(path), 3, str(root.talking_animation.uid), False)
    assert len(videos_in(scene)) == 1
    again = api.generate(root, str(voice), start_frame=3)
    assert [strip.mute for strip in videos_in(scene)] == [True]
    assert any("take before" in told for told in again.warnings)
    movie_strips.place(scene, str(path), 3, str(root.talking_animation.uid), False)
    assert [strip.mute for strip in videos_in(scene)] == [False]
    assert edit.remove(root) and not videos_in(scene) and path.is_file()


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="no ffprobe")
def test_sound_and_pictures_are_equally_long_where_the_edge_goes_on(fake, voice, tmp_path):
    root = talking(voice, picture=smooth(61, 81), add_sound=False)
    path = tmp_path / "odd.mp4"
    report = api.bake_portrait(root, str(tmp_path / "odd"), add_to_sequencer=True)
    assert report.path == str(path) and report.size == (62, 82)
    assert any("one column and one row larger" in told for told in report.warnings)
    first = pictures_of(path, tmp_path)[0]
    assert np.abs(first[:, 61] - first[:, 60]).max() <= 8 and np.abs(first[81] - first[80]).max() <= 8
    lengths = seconds_of(path)
    assert lengths["video"] == pytest.approx(report.frames / FPS)
    if sequencer.aud_module() is None:
        assert "audio" not in lengths and any("silent" in told for told in report.warnings)
        return
    assert abs(lengths["audio"] - lengths["video"]) <= 1 / FPS
    # The recording does not lie in the sequencer, so the video's own sound does.
    sounds = [strip for strip in sequencer.sequencer_strips(bpy.context.scene) if strip.type == "SOUND"]
    assert [round(sequencer.strip_range(strip).start) for strip in sounds] == [3]
    # It is nobody's line, nor what the next video lets hear.
    assert api.lines_of_scene(bpy.context.scene).lines == []
    again = heard.heard_of(root, bpy.context.scene, 3, tmp_path)
    assert [Path(sound.path).name for sound in again.sounds] == ["line.wav"]
    assert movie_strips.remove(bpy.context.scene, str(root.talking_animation.uid))
    assert not len(sequencer.sequencer_strips(bpy.context.scene))


def test_a_preview_tells_what_is_missing_and_is_not_in_the_sequencer(fake, voice, tmp_path):
    root = talking(voice, add_sound=False)
    face = picture_characters.face_of(root)
    face.data.materials.clear()
    keys = face.data.shape_keys
    below, off = keys.key_blocks["jawOpen"], keys.key_blocks["mouthFunnel"]
    below.slider_min, below.slider_max, off.mute = -1.0, 0.0, True
    told = " ".join(bake._told_of(pictured.pictured(root), bpy.context.scene))
    assert "end at 0, such as 'jawOpen'" in told and "switched off, such as 'mouthFunnel'" in told
    face.show_only_shape_key = root.hide_render = True  # not so where the video is drawn
    assert told == " ".join(bake._told_of(pictured.pictured(root), bpy.context.scene))
    keys.animation_data.nla_tracks[0].mute = True
    voice.unlink()
    report = api.bake_portrait(
        root, tmp_path / "made.mp4", preview=True, add_to_sequencer=True, frames=(4, 5)
    )
    assert Path(report.path).name == "made preview.mp4" and report.size == (96, 128)
    assert (report.first, report.frames) == (4, 2)
    told = " ".join(report.warnings)
    assert "does not show the picture" in told and "' is muted: switch it on" in told
    if sequencer.aud_module() is not None:
        assert "line.wav' does not exist: pick the file again; the video was made without it." in told
    assert not (tmp_path / "made.mp4").exists() and not videos_in(bpy.context.scene)


def test_names_that_windows_takes_for_others_are_refused_before_they_are_made_whole(monkeypatch):
    monkeypatch.setattr(output_file, "PurePath", PureWindowsPath)
    for name, told in (
        ("con.mp4", "name of a device"),
        ("line.mp4. ", "lose its end"),
        ("C:/a:b.mp4", "colon out"),
        ("//con.mp4", "name of a device"),
        ("//films/con.mp4", "name of a device"),
    ):
        with pytest.raises(TalkingAnimationError, match=told):
            output_file.refuse_changed(name)
    for name in ("C:/films/line.mp4", "//line.mp4", "//films/line.mp4", "//../line.mp4"):
        output_file.refuse_changed(name)


def test_a_name_that_is_an_ending_alone_is_told_with_its_whole_path(tmp_path):
    """Some systems take "//.mp4" for another computer, and find no name in it."""
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    with pytest.raises(
        TalkingAnimationError, match=re.escape(f"{tmp_path / '.mp4'} has no name before .mp4")
    ):
        output_file.checked("//.mp4", False, [])


def test_a_video_of_a_film_takes_neither_its_name_nor_two_endings():
    """A character made of `ada.mp4` is called so: its video beside that film is another file."""
    names = ["ada.mp4", "ADA.MOV", "ada", "v1.2", "ada talking", "ada.mp4.001", "v1.2000"]
    stems = output_file.file_stems(names)
    assert stems[0] == "ada talking" and stems[2:4] == ["ada", "v1.2"]
    assert stems[5:] == ["ada talking.001", "v1.2000"]
    assert len({stem.casefold() for stem in stems}) == len(names) and not any("mp4" in stem for stem in stems)


def test_what_a_video_does_not_have_is_known_by_its_code():
    assert {row.partition("/")[0] for row in KINDS} | {RANGE} >= set(bake._SCENE_ONLY)


def started(root, path):
    """A bake whose other Blender runs."""
    job = bake.PortraitJob(root, path)
    assert eventually(lambda: job.poll() or job.drawing_pid) and job.drawing_pid
    return job


def test_what_was_there_stays_where_it_is_cancelled_or_the_other_blender_dies(fake, voice, tmp_path):
    root = talking(voice)
    path = tmp_path / "made.mp4"
    path.write_bytes(b"before")
    there = sorted(os.listdir(tmp_path))
    job = started(root, path)
    pid, folder = job.drawing_pid, job.folder
    job.cancel()
    assert not job.drawing_pid and not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(Cancelled):
        job.poll()
    job = started(root, path)
    os.kill(job.drawing_pid, 9)
    with pytest.raises(TalkingAnimationError, match=r"'made' ended before the video was whole.*try again"):
        while not job.poll():
            time.sleep(0.01)
    assert path.read_bytes() == b"before" and sorted(os.listdir(tmp_path)) == there


def test_a_full_disk_keeps_what_is_there(tmp_path, monkeypatch):
    made, path = tmp_path / "made.mp4", tmp_path / "kept.mp4"
    made.write_bytes(b"new")
    path.write_bytes(b"before")

    def full(source, target):
        Path(target).write_bytes(b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(output_file.shutil, "copyfile", full)
    with pytest.raises(
        TalkingAnimationError, match=r"kept.mp4' cannot be written \(No space left.*make room"
    ):
        output_file.keep(made, path)
    assert path.read_bytes() == b"before" and sorted(os.listdir(tmp_path)) == ["kept.mp4", "made.mp4"]


@ends
@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "No file is chosen for the video"),
        ("//made.mp4", "which is not saved yet"),
        ("{there}", "is a folder: choose a file"),
        ("{there}/.MP4", r"\.MP4 has no name before \.MP4: give it one, such as portrait\.mp4"),
        ("{there}/made.avi", "'made.avi' is no name of an MP4 video"),
        ("{there}/gone/made.mp4", "gone' does not exist: make it"),
        ("{there}/line.wav", "no name of an MP4 video"),
        ("{there}/line.mp4", "The result would replace .*line.mp4, which it is made of"),
        ("/proc/made.mp4", "'/proc/made.mp4' cannot be written"),
    ],
)
def test_places_where_no_video_can_go(fake, tmp_path, output, said):
    if output.startswith("/proc") and not os.path.isdir("/proc"):
        pytest.skip("no place that nobody can write to")
    voice = tmp_path / "line.mp4"  # a recording may be a video's sound; this one is a WAV by its content
    write_wav(voice, 1.0)
    root = talking(voice, add_sound=False)
    before = voice.read_bytes()
    with pytest.raises(TalkingAnimationError, match=said):
        api.bake_portrait(root, output.format(there=tmp_path))
    assert voice.read_bytes() == before and sorted(os.listdir(tmp_path)) == ["cache", "line.mp4"]


def test_characters_of_which_no_video_can_be_made(fake, voice, tmp_path, monkeypatch):
    path = tmp_path / "made.mp4"
    cube = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    bpy.context.scene.collection.objects.link(cube)
    with pytest.raises(TalkingAnimationError, match="'Cube': select a character that was made of a picture"):
        api.bake_portrait(cube, path)
    root = picture_characters.add(picture_characters.contract_picture())[0]
    with pytest.raises(TalkingAnimationError, match="'made': generate its talking animation first"):
        api.bake_portrait(root, path)
    bpy.context.scene.render.fps = FPS
    api.generate(root, str(voice), start_frame=-4)
    with pytest.raises(TalkingAnimationError, match="begins to talk at frame -4, and Blender renders from"):
        api.bake_portrait(root, path)
    for options, said in (
        ({"frames": (5, 4)}, "The video would have no frames"),
        ({"renderer": "CYCLES"}, "not 'CYCLES'"),
    ):
        with pytest.raises(TalkingAnimationError, match=said):
            api.bake_portrait(root, path, **options)
    monkeypatch.setattr(interface, "writes_videos", lambda: False)
    with pytest.raises(TalkingAnimationError, match="built without what writes MP4 videos"):
        api.bake_portrait(root, path)
    assert not path.exists()


def test_a_linked_picture_says_so(fake, voice, tmp_path):
    root = talking(voice)
    library = tmp_path / "library.blend"
    bpy.data.libraries.write(str(library), {root, *root.children}, fake_user=True)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(str(library), link=True) as (there, wanted):
        wanted.objects = list(there.objects)
    for linked in wanted.objects:
        bpy.context.scene.collection.objects.link(linked)
    with pytest.raises(TalkingAnimationError, match="'made' is linked from another file"):
        api.bake_portrait(bpy.data.objects["made"], tmp_path / "made.mp4")
