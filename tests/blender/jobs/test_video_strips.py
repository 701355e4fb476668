"""A picture's video in a sequencer that somebody has worked in: what was made of its strip, metas, muted and locked channels."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from avi import write_avi
from retiming import retime
from tones import write_wav

from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.keys import movie_strips, sound_strips
from blender_addon.keys.cue_markers import add as add_cues
from blender_addon.keys.cue_markers import remove as remove_cues

UID = "a" * 32


def video(path, frames, size=(32, 16)):
    """A video of so many grey pictures."""
    write_avi(path, np.full((frames, size[1], size[0], 3), 99, np.uint8))
    return str(path)


def lies(strip):
    place = sequencer.strip_range(strip)
    return place.start, place.length


def the_movie(scene):
    (strip,) = (strip for strip in sequencer.all_sequencer_strips(scene) if strip.type == "MOVIE")
    return strip


def the_sound(scene):
    (strip,) = (strip for strip in sequencer.all_sequencer_strips(scene) if strip.type == "SOUND")
    return strip


def into_meta(scene, strip):
    meta = sequencer.sequencer_strips(scene).new_meta("meta", 9, 1)
    strip.move_to_meta(meta)
    return meta


def test_what_was_made_of_a_videos_strip_stays_with_the_next_one(tmp_path):
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 24, 1.001
    scene.frame_start, scene.use_preview_range, scene.frame_preview_start = 40, True, 50
    first, longer = video(tmp_path / "a.avi", 5), video(tmp_path / "b.avi", 9)
    assert movie_strips.place(scene, first, -100, UID, False) == ""
    strip = the_movie(scene)
    assert lies(strip) == (-100, 5)
    strip.transform.offset_x, strip.transform.scale_x, strip.blend_alpha, strip.mute = 70, 0.25, 0.5, True
    strip.channel = 7
    assert movie_strips.place(scene, longer, 3, UID, False) == ""
    strip = the_movie(scene)
    assert lies(strip) == (3, 9) and strip.filepath == longer and strip.channel == 7 and strip.mute
    assert (strip.transform.offset_x, strip.transform.scale_x, strip.blend_alpha) == (70, 0.25, 0.5)
    assert movie_strips.place(scene, first, 3, UID, False) == "" and lies(the_movie(scene)) == (3, 5)
    # Of another size it is fitted into the scene anew.
    assert movie_strips.place(scene, video(tmp_path / "c.avi", 5, (16, 32)), 3, UID, False) == ""
    assert the_movie(scene).transform.offset_x == 0 and not the_movie(scene).mute


def left_right(strip):
    place = sequencer.strip_range(strip)
    return place.start, place.start + place.length


def movies(scene):
    """The scene's movie strips, by the frame from which they are shown."""
    strips = (strip for strip in sequencer.all_sequencer_strips(scene) if strip.type == "MOVIE")
    return sorted(strips, key=lambda strip: sequencer.strip_range(strip).start)


def handle(strip, name, frame):
    newest = hasattr(strip, "left_handle")
    before = {
        "left_handle": "frame_final_start",
        "right_handle": "frame_final_end",
        "content_start": "frame_start",
    }
    setattr(strip, name if newest else before[name], frame)


def test_what_was_cut_off_a_videos_strip_stays_cut_off(tmp_path):
    scene = bpy.context.scene
    same, longer, short = (video(tmp_path / f"{frames}.avi", frames) for frames in (20, 30, 8))
    assert movie_strips.place(scene, same, 1, UID, False) == ""
    handle(the_movie(scene), "left_handle", 5)
    assert movie_strips.place(scene, same, 1, UID, False) == "" and left_right(the_movie(scene)) == (5, 21)
    # What goes to the end goes to the new end; the line begins later, and the strip with it.
    assert "26 of its 30 frames" in movie_strips.place(scene, longer, 11, UID, False)
    assert left_right(the_movie(scene)) == (15, 41) and sequencer.strip_range(the_movie(scene)).skipped == 4
    handle(the_movie(scene), "right_handle", 31)
    assert "10 of its 20 frames" not in movie_strips.place(scene, longer, 11, UID, False)
    assert left_right(the_movie(scene)) == (15, 31)
    assert "16 of its 20 frames" in movie_strips.place(scene, same, 11, UID, False)
    assert left_right(the_movie(scene)) == (15, 31)
    assert "4 of its 8 frames" in movie_strips.place(scene, short, 11, UID, False)
    assert left_right(the_movie(scene)) == (15, 19)
    # A strip of which nothing would be left shows all.
    handle(the_movie(scene), "left_handle", 18)
    assert movie_strips.place(scene, video(tmp_path / "c.avi", 3), 11, UID, False) == ""
    assert left_right(the_movie(scene)) == (11, 14)


def test_a_videos_strip_that_was_moved_by_hand_stays_there(tmp_path):
    scene = bpy.context.scene
    path = video(tmp_path / "a.avi", 5)
    assert movie_strips.place(scene, path, 3, UID, False) == ""
    handle(the_movie(scene), "content_start", 103)
    assert movie_strips.place(scene, path, 3, UID, False) == "" and left_right(the_movie(scene)) == (103, 108)
    assert "at frame 103, the line at frame 50" in movie_strips.place(scene, path, 50, UID, False)
    # Its line was moved there as well, and from then on it goes with that.
    assert movie_strips.place(scene, path, 103, UID, False) == "" and left_right(the_movie(scene)) == (
        103,
        108,
    )
    assert movie_strips.place(scene, path, 7, UID, False) == "" and left_right(the_movie(scene)) == (7, 12)


@pytest.mark.parametrize("kind", ["SOFT", "HARD"])
def test_a_video_cut_in_two_stays_so(tmp_path, kind):
    scene = bpy.context.scene
    assert movie_strips.place(scene, video(tmp_path / "a.avi", 20), 1, UID, False) == ""
    right = the_movie(scene).split(frame=11, split_method=kind)
    right.blend_alpha, channel = 0.5, right.channel
    fade = right.modifiers.new("Brighter", "BRIGHT_CONTRAST")
    fade.bright = 7
    # Longer, and later: neither piece pushes the other away.
    assert movie_strips.place(scene, video(tmp_path / "b.avi", 26), 4, UID, False) == ""
    first, second = movies(scene)
    assert (left_right(first), left_right(second)) == ((4, 14), (14, 30))
    assert (second.blend_alpha, second.channel, second.modifiers[0].bright) == (0.5, channel, 7)
    assert first.channel == channel and first.filepath == second.filepath == str(tmp_path / "b.avi")
    # Shorter, and earlier.
    assert movie_strips.place(scene, video(tmp_path / "c.avi", 15), 2, UID, False) == ""
    assert [left_right(strip) for strip in movies(scene)] == [(2, 12), (12, 17)]
    assert {strip.channel for strip in movies(scene)} == {channel}
    # So short that there is no second piece.
    assert movie_strips.place(scene, video(tmp_path / "d.avi", 9), 2, UID, False) == ""
    assert left_right(the_movie(scene)) == (2, 11)


def test_a_retimed_strip_of_a_video_keeps_its_speed_and_is_told(tmp_path, monkeypatch):
    scene = bpy.context.scene
    same, longer, short = (video(tmp_path / f"{frames}.avi", frames) for frames in (20, 30, 8))
    assert movie_strips.place(scene, same, 1, UID, False) == ""
    if hasattr(the_movie(scene), "speed_factor"):
        the_movie(scene).speed_factor = 2.0
    else:
        monkeypatch.setattr(sequencer, "is_retimed", lambda strip: True)
    assert sequencer.is_retimed(the_movie(scene))
    length = lies(the_movie(scene))[1]
    assert movie_strips.place(scene, same, 5, UID, False) == "" and lies(the_movie(scene)) == (5, length)
    assert "has 30 frames, not 20" in movie_strips.place(scene, longer, 5, UID, False)
    assert "has 8 frames, not 30" in movie_strips.place(scene, short, 2, UID, False)
    assert lies(the_movie(scene))[0] == 2
    # The new length is known from then on.
    assert movie_strips.place(scene, short, 2, UID, False) == ""


@pytest.mark.parametrize("at", [None, 8])
def test_a_video_whose_strip_has_keys_of_retiming_is_played_as_fast_as_before(tmp_path, at):
    bpy.ops.wm.read_factory_settings()
    scene = bpy.context.scene
    same, longer, short = (video(tmp_path / f"{frames}.avi", frames) for frames in (20, 40, 4))
    assert movie_strips.place(scene, same, 1, UID, False) == ""
    if not hasattr(the_movie(scene), "retiming_keys"):
        pytest.skip("this Blender gives a strip a speed")
    retime(the_movie(scene), 2.0, at)
    places = keys_of(the_movie(scene))
    (_, length), count = lies(the_movie(scene)), len(places)
    assert movie_strips.place(scene, same, 5, UID, False) == ""
    assert keys_of(the_movie(scene)) == [place + 4 for place in places]
    assert "has 40 frames, not 20" in movie_strips.place(scene, longer, 5, UID, False)
    first, *others = keys_of(the_movie(scene))
    assert first == 5 and others == [5 + 2 * (place - places[0]) for place in places[1:]]
    assert lies(the_movie(scene)) == (5, pytest.approx(2 * length, abs=1))
    assert "has 4 frames, not 40" in movie_strips.place(scene, short, 2, UID, False)
    places = keys_of(the_movie(scene))
    assert len(set(places)) == count and places == sorted(places) and places[0] == 2
    assert lies(the_movie(scene))[1] < length


def keys_of(strip):
    return [round(key.timeline_frame) for key in strip.retiming_keys]


def test_a_video_of_a_row_more_is_shown_as_large_as_before(tmp_path):
    scene = bpy.context.scene
    assert movie_strips.place(scene, video(tmp_path / "a.avi", 5, (256, 254)), 3, UID, False) == ""
    strip = the_movie(scene)
    strip.transform.offset_x, strip.transform.scale_x, strip.crop.max_x = 70, 0.5, 32
    for name, size, scale, cut in (
        ("b", (256, 256), 0.5, 32),
        ("c", (128, 128), 1, 16),
        ("d", (128, 128), 1, 16),
    ):
        assert movie_strips.place(scene, video(tmp_path / f"{name}.avi", 5, size), 3, UID, False) == ""
        strip = the_movie(scene)
        assert strip.transform.offset_x == 70 and strip.crop.max_x == cut
        assert strip.transform.scale_x == pytest.approx(scale)


def test_the_video_of_a_take_before_is_muted_until_the_next_one(tmp_path):
    scene = bpy.context.scene
    path = video(tmp_path / "a.avi", 5)
    assert movie_strips.set_aside(scene, UID, "Ada") == ""
    assert movie_strips.place(scene, path, 3, UID, False) == ""
    the_movie(scene).blend_alpha = 0.5
    assert "of 'Ada' in the sequencer shows the take before" in movie_strips.set_aside(scene, UID, "Ada")
    assert the_movie(scene).mute and movie_strips.set_aside(scene, UID, "Ada") == ""
    assert movie_strips.place(scene, path, 3, UID, False) == ""
    assert not the_movie(scene).mute and the_movie(scene).blend_alpha == 0.5
    the_movie(scene).mute = True  # by hand
    assert movie_strips.set_aside(scene, UID, "Ada") == "" == movie_strips.place(scene, path, 3, UID, False)
    assert the_movie(scene).mute


@pytest.mark.skipif(not sequencer.plays_sound(), reason="this Blender plays no sound")
def test_what_was_made_of_the_sound_of_a_video_stays_with_the_next_one(tmp_path, monkeypatch):
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 24, 1.0
    sounds = [
        str(write_wav(tmp_path / f"{number}.wav", seconds))
        for number, seconds in ((1, 2.0), (2, 3.0), (3, 1.0))
    ]
    add = sequencer.add_sound_strip
    playing = iter([*sounds, str(tmp_path / "a.avi")])  # which has none
    monkeypatch.setattr(
        sequencer,
        "add_sound_strip",
        lambda scene, name, path, *where: add(scene, name, next(playing), *where),
    )
    path = video(tmp_path / "a.avi", 5)
    assert movie_strips.place(scene, path, 3, UID, True) == ""
    strip = the_sound(scene)
    assert lies(strip) == (3, 48)
    strip.volume, strip.pan, strip.channel, strip.name = 0.25, 0.5, 9, "Her voice"
    strip.keyframe_insert("volume", frame=7)
    for start, length in ((20, 72), (-5, 24)):
        assert movie_strips.place(scene, path, start, UID, True) == ""
        strip = the_sound(scene)
        assert lies(strip) == (start, length) and sequencer.strip_range(strip).skipped == 0
        assert (strip.volume, strip.pan, strip.channel, strip.name) == (0.25, 0.5, 9, "Her voice")
        assert movie_strips.owner_of(strip) == UID and scene.animation_data.action is not None
    assert [sound.name for sound in bpy.data.sounds] == ["3.wav"] and strip.sound.filepath == sounds[2]
    assert animation_data.animated_paths(scene.animation_data.action) == {(strip.path_from_id("volume"), 0)}
    # What cannot be heard leaves no sound of the video before.
    assert "only its pictures" in movie_strips.place(scene, path, 3, UID, True)
    assert [one.type for one in sequencer.all_sequencer_strips(scene)] == ["MOVIE"]


def test_a_video_whose_strip_is_in_a_meta_is_renewed_and_removed_there(tmp_path):
    scene = bpy.context.scene
    path = video(tmp_path / "a.avi", 5)
    assert movie_strips.place(scene, path, 3, UID, False) == ""
    meta = into_meta(scene, the_movie(scene))
    handle(meta, "right_handle", 8)
    handle(meta, "left_handle", 3)
    for frames, start in ((7, 3), (9, 20), (4, 2)):
        path = video(tmp_path / f"{frames}.avi", frames)
        assert movie_strips.place(scene, path, start, UID, False) == ""
        assert the_movie(scene).parent_meta() == meta and lies(the_movie(scene)) == (start, frames)
        assert lies(meta) == (start, frames)  # which shows all of it, as before
    handle(meta, "right_handle", 4)
    assert movie_strips.place(scene, video(tmp_path / "b.avi", 7), 2, UID, False) == "" and lies(meta) == (
        2,
        2,
    )
    assert movie_strips.remove(scene, UID)
    assert [strip.name for strip in sequencer.all_sequencer_strips(scene)] == ["meta"]


def test_a_meta_ends_with_the_piece_of_a_video_that_is_left_in_it(tmp_path):
    scene = bpy.context.scene
    assert movie_strips.place(scene, video(tmp_path / "a.avi", 20), 1, UID, False) == ""
    first = the_movie(scene)
    second = first.split(frame=11, split_method="SOFT")
    meta = into_meta(scene, first)
    second.move_to_meta(meta)
    handle(meta, "right_handle", 21)
    handle(meta, "left_handle", 1)
    assert movie_strips.place(scene, video(tmp_path / "b.avi", 16), 1, UID, False) == ""
    assert lies(meta) == (1, 16) and len(movies(scene)) == 2
    assert movie_strips.place(scene, video(tmp_path / "c.avi", 8), 1, UID, False) == ""
    assert lies(the_movie(scene)) == (1, 8) == lies(meta)


def test_a_meta_of_a_piece_of_a_video_that_is_gone_is_left_empty(tmp_path):
    scene = bpy.context.scene
    assert movie_strips.place(scene, video(tmp_path / "a.avi", 20), 1, UID, False) == ""
    meta = into_meta(scene, the_movie(scene).split(frame=11, split_method="SOFT"))
    assert movie_strips.place(scene, video(tmp_path / "b.avi", 8), 1, UID, False) == ""
    assert lies(the_movie(scene)) == (1, 8) and the_movie(scene).parent_meta() is None
    assert meta in list(sequencer.all_sequencer_strips(scene))


def test_recordings_and_cues_in_metas_are_removed_there(tmp_path):
    scene = bpy.context.scene
    root = SimpleNamespace(name="Ada", talking_animation=SimpleNamespace(uid=UID, cues=""))
    assert add_cues(root, scene, UID, [(0.0, 1.0, "A")], 1, 24, "STRIPS") == 1
    if sequencer.plays_sound():
        write_wav(tmp_path / "line.wav", 1.0)
        assert sound_strips.place(scene, str(tmp_path / "line.wav"), 1, 24, UID) == ""
    for strip in list(sequencer.sequencer_strips(scene)):
        into_meta(scene, strip)
    assert sound_strips.has_any(scene, UID) == sound_strips.remove(scene, UID) == sequencer.plays_sound()
    assert remove_cues(root, [scene], ("STRIPS",))
    assert {strip.type for strip in sequencer.all_sequencer_strips(scene)} == {"META"}


@pytest.mark.parametrize("state", ["mute", "lock"])
def test_nothing_is_put_where_it_is_not_shown_or_cannot_be_moved(tmp_path, state):
    scene = bpy.context.scene
    scene.sequence_editor_create()
    channels = scene.sequence_editor.channels
    for number in (1, 2, 4):
        setattr(channels[number], state, True)
    path = video(tmp_path / "a.avi", 5)
    assert movie_strips.place(scene, path, 3, UID, False) == "" and the_movie(scene).channel == 3
    assert movie_strips.place(scene, path, 3, "b" * 32, False) == ""
    assert sorted(strip.channel for strip in sequencer.sequencer_strips(scene)) == [3, 5]
    for channel in channels:
        setattr(channel, state, True)
    assert "All channels" in movie_strips.place(scene, path, 3, "c" * 32, False)
    assert len(sequencer.sequencer_strips(scene)) == 2


def test_two_scenes_have_a_strip_each(tmp_path):
    one, other = bpy.context.scene, bpy.data.scenes.new("other")
    other.render.fps = 30
    path = video(tmp_path / "a.avi", 5)
    for scene, start in ((one, 3), (other, 20)):
        assert movie_strips.place(scene, path, start, UID, False) == ""
    assert lies(the_movie(one)) == (3, 5) and lies(the_movie(other)) == (20, 5)
    assert movie_strips.remove(other, UID) and lies(the_movie(one)) == (3, 5)
    bpy.data.scenes.remove(other)
