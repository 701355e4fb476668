"""From a recording to keys, with the fake engine."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest

from blender_addon import api
from blender_addon.engine_process import shared as shared_engine
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.jobs import one_recording
from blender_addon.keys import actions

NO_SOUND = "This Blender cannot play sound, so the recording was not added to the sequencer."


def curves_of(datablock):
    (action,) = actions.own_actions(datablock)
    return animation_data.curve_set(action, datablock).by_path()


def path_of(name):
    return (f'key_blocks["{name}"].value', 0)


def test_a_recording_becomes_keys(fake, voice):
    rig, mesh = characters.rigged()
    report = api.generate(mesh, voice, start_frame=10)
    assert report.frames == 48  # 50 frames at 25 a second, of which the last is at 1.96 s, at 24 a second
    assert report.meshes == 1 and report.start == 10 and report.warnings in ([], [NO_SOUND])
    curves = curves_of(mesh.data.shape_keys)
    assert len(curves) == 51  # all but tongueOut, which never moves
    keys = animation_data.key_values(curves[path_of("jawOpen")])
    assert keys[0, 0] == 10 and keys[0, 1] == 0
    assert keys[20, 1] == pytest.approx(0.4) and keys[-1, 1] == 0
    scene = bpy.context.scene
    scene.frame_set(30)
    assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-5)
    for frame in (1, 200):  # at rest before and after
        scene.frame_set(frame)
        assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.0, abs=1e-6)
        assert tuple(rig.pose.bones["head"].rotation_quaternion) == pytest.approx((1, 0, 0, 0), abs=1e-6)
    assert "says line.wav" in report.message


@pytest.mark.parametrize("start", [-200, 10])
def test_the_report_says_where_the_keys_end(fake, voice, start):
    """Also of a line that lies before the scene's first frame."""
    mesh = characters.face_mesh()
    report = api.generate(mesh, voice, start_frame=start)
    curves = [*curves_of(mesh.data.shape_keys).values(), *curves_of(mesh).values()]
    ends = [animation_data.key_values(curve)[-1, 0] for curve in curves]
    assert report.start == start and report.end == max(ends)


def test_generating_again_replaces_only_its_own(fake, voice, tmp_path):
    rig, mesh = characters.rigged()
    key = mesh.data.shape_keys
    mine = animation_data.new_curve_set("Mine", rig)
    animation_data.write_keys(
        mine.new('pose.bones["spine"].location', 0, ""), np.array([[1, 0.0], [50, 1.0]], np.float32)
    )
    animation_data.set_active_action(rig.animation_data_create(), mine.action, mine.slot)
    track = key.animation_data_create().nla_tracks.new()
    track.name = "my own"
    api.generate(mesh, voice, start_frame=1)
    first = actions.own_actions(key)[0].name
    api.generate(rig, voice, start_frame=5, seed=3)
    (action,) = actions.own_actions(key)
    assert action.name == first == "Talking Face"
    assert sorted(item.name for item in bpy.data.actions) == ["Mine", "Talking Face", "Talking Rig"]
    assert [item.name for item in key.animation_data.nla_tracks] == ["my own", "Talking animation"]
    (strip,) = key.animation_data.nla_tracks[1].strips
    assert strip.frame_start == 5 and strip.action == action
    assert rig.animation_data.action == mine.action and len(animation_data.animated_paths(mine.action)) == 1
    assert actions.record_of(action)["seed"] == 3
    sounds = [strip for strip in sequencer.sequencer_strips(bpy.context.scene)]
    assert len(sounds) == (1 if sequencer.aud_module() else 0)


def snapshot(rig, mesh):
    blocks = mesh.data.shape_keys.key_blocks
    head = rig.pose.bones["head"]
    return [
        *(block.value for block in blocks),
        *head.rotation_quaternion,
        *head.rotation_euler,
        *head.location,
        *rig.pose.bones["neck"].rotation_quaternion,
        *mesh.delta_rotation_euler,
        *mesh.delta_location,
        *mesh.rotation_euler,
    ]


def test_a_line_of_another_time_that_is_replaced_is_told(fake, voice, tmp_path):
    """Scripts that write one line after the other kept the last alone, without a word."""
    face = characters.face_mesh()
    other = tmp_path / "other.wav"
    other.write_bytes(voice.read_bytes())
    api.generate(face, voice, start_frame=1)
    for again in (voice, other):  # the same recording elsewhere, and another one there
        assert "no longer says" not in " ".join(api.generate(face, again, start_frame=200).warnings)
    (told,) = (text for text in api.generate(face, voice, start_frame=1).warnings if "no longer says" in text)
    assert told.startswith("'Face' no longer says other.wav from frame 200 to 2")
    after = api.generate(
        face, other, start_frame=50
    ).warnings  # the one before reaches into the pause between them
    assert "'Face' no longer says line.wav from frame 1" in " ".join(after)


@pytest.mark.parametrize(("starts", "told"), [((1, 5), 0), ((1, 200), 1)])
def test_lines_of_a_scene_that_one_recording_replaces_are_told(starts, told):
    """What a whole scene has written knows its lines one by one."""
    lines = [{"recording": f"{start}.wav", "start": start} for start in starts]
    report, voice = SimpleNamespace(start=1, end=20), SimpleNamespace(lasting_path="new.wav")
    face = SimpleNamespace(root=SimpleNamespace(name="Face"))
    said = one_recording._replaced(face, report, voice, {"audio": "2 lines", "lines": lines}, (1.0, 220.0))
    assert len(said) == told and all(
        "'Face' no longer says 2 lines from frame 1 to 220" in text for text in said
    )


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_remove_restores_exactly(fake, voice, placement):
    rig, mesh = characters.rigged()
    mesh.data.shape_keys.key_blocks["mouthSmileLeft"].value = 0.37
    rig.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
    rig.pose.bones["head"].location = (0.1, 0.2, 0.3)
    before = snapshot(rig, mesh)
    api.generate(mesh, voice, start_frame=1, placement=placement)
    bpy.context.scene.frame_set(20)
    api.generate(mesh, voice, start_frame=1, placement=placement, seed=1)
    bpy.context.scene.frame_set(22)
    assert snapshot(rig, mesh) != before
    assert api.has_animation(mesh)
    assert api.remove(rig)
    assert snapshot(rig, mesh) == before
    bpy.context.scene.frame_set(25)
    assert snapshot(rig, mesh) == before
    assert not bpy.data.actions and not api.has_animation(mesh)
    assert rig.animation_data is None and mesh.data.shape_keys.animation_data is None
    assert not list(sequencer.sequencer_strips(bpy.context.scene))
    assert not api.remove(rig)


def test_remove_restores_delta_rotation(fake, voice):
    mesh = characters.face_mesh()
    mesh.delta_rotation_euler = (0.1, 0.2, 0.3)
    mesh.rotation_euler = (0.4, 0.5, 0.6)
    before = (tuple(mesh.delta_rotation_euler), tuple(mesh.delta_location), tuple(mesh.rotation_euler))
    api.generate(mesh, voice, start_frame=1)
    bpy.context.scene.frame_set(20)
    assert tuple(mesh.delta_rotation_euler) != before[0] and tuple(mesh.rotation_euler) == before[2]
    api.remove(mesh)
    assert (
        tuple(mesh.delta_rotation_euler),
        tuple(mesh.delta_location),
        tuple(mesh.rotation_euler),
    ) == before


def test_active_action_placement(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, placement="ACTION", start_frame=1)
    data = mesh.data.shape_keys.animation_data
    assert data.action.name == "Talking Face" and not data.nla_tracks
    bpy.context.scene.frame_set(20)
    assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-5)
    api.generate(mesh, voice, placement="NLA", start_frame=1)
    assert data.action is None and len(data.nla_tracks) == 1 and len(bpy.data.actions) == 2


def test_active_action_of_the_user_stays(fake, voice):
    _, mesh = characters.rigged()
    key = mesh.data.shape_keys
    mine = animation_data.new_curve_set("Mine", key)
    animation_data.write_keys(mine.new(path_of("jawOpen")[0], 0, ""), np.array([[1, 1.0]], np.float32))
    animation_data.set_active_action(key.animation_data_create(), mine.action, mine.slot)
    report = api.generate(mesh, voice, placement="ACTION", start_frame=1)
    assert key.animation_data.action == mine.action
    assert any("already has the action 'Mine'" in text for text in report.warnings)
    assert any("hides 1 of 51 curves" in text and "push it down" in text for text in report.warnings)
    api.remove(mesh)
    assert key.animation_data.action == mine.action


def test_head_adds_to_the_users_strips(fake, voice):
    rig, mesh = characters.rigged()
    head = rig.pose.bones["head"]
    head.rotation_mode = "XYZ"
    mine = animation_data.new_curve_set("Walk", rig)
    for index, value in enumerate((0.0, 0.5, 0.0)):
        animation_data.write_keys(
            mine.new('pose.bones["head"].rotation_euler', index, ""),
            np.array([[1, value], [100, value]], np.float32),
        )
    track = rig.animation_data_create().nla_tracks.new()
    animation_data.new_nla_strip(track, mine, "Walk", 1, "REPLACE", hold=True)
    scene = bpy.context.scene
    scene.frame_set(20)
    assert head.rotation_euler[1] == pytest.approx(0.5)
    api.generate(mesh, voice, start_frame=1)
    scene.frame_set(20)
    with_walk = np.array(head.rotation_euler)
    track.mute = True
    scene.frame_set(21)
    scene.frame_set(20)
    assert with_walk - np.array(head.rotation_euler) == pytest.approx((0.0, 0.5, 0.0), abs=1e-4)
    track.mute = False
    scene.frame_set(90)  # after the line: the user's own
    assert tuple(head.rotation_euler) == pytest.approx((0.0, 0.5, 0.0), abs=1e-5)


def test_dials_act_on_the_keys(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    scene = bpy.context.scene
    scene.frame_set(24)
    blocks = mesh.data.shape_keys.key_blocks
    was = {block.name: block.value for block in blocks}
    bow = rig.pose.bones["head"].rotation_quaternion.angle
    api.close_engine()
    rig.talking_animation.lips = 0.5  # as the panel's slider does
    bpy.context.view_layer.update()
    assert blocks["jawOpen"].value == pytest.approx(was["jawOpen"] / 2, abs=1e-5)
    assert blocks["eyeBlinkLeft"].value == pytest.approx(was["eyeBlinkLeft"], abs=1e-6)
    assert api.apply_dials(mesh, api.Dials(lips=0, head=0, brows=2, blinks=0, gaze=0)) == 51 + 8 + 3
    scene.frame_set(24)
    assert (
        blocks["jawOpen"].value == 0
        and blocks["eyeBlinkLeft"].value == 0
        and blocks["eyeLookInLeft"].value == 0
    )
    assert blocks["browInnerUp"].value == pytest.approx(2 * was["browInnerUp"], abs=1e-5)
    assert rig.pose.bones["head"].rotation_quaternion.angle == pytest.approx(0, abs=1e-6)
    api.apply_dials(mesh, api.Dials())
    scene.frame_set(24)
    assert {block.name: block.value for block in blocks} == pytest.approx(was, abs=1e-6)
    assert rig.pose.bones["head"].rotation_quaternion.angle == pytest.approx(bow, abs=1e-6)
    assert shared_engine.running() is None, "dials must not start the engine"


def test_dials_stay_with_the_character(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1, dials=api.Dials(lips=0.5))
    assert rig.talking_animation.lips == 0.5
    api.generate(mesh, voice, start_frame=1)
    keys = animation_data.key_values(curves_of(mesh.data.shape_keys)[path_of("jawOpen")])
    assert keys[20, 1] == pytest.approx(0.2)


def test_dials_without_the_cached_motion(fake, voice, tmp_path):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, keep_motion=False)
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    with pytest.raises(TalkingAnimationError, match="no longer in the cache"):
        api.apply_dials(mesh, api.Dials(lips=0.5))
    rig.talking_animation.lips = 0.2  # the slider shows the sentence instead of raising
    assert "no longer in the cache" in bpy.context.window_manager.talking_animation.message


@pytest.mark.parametrize(("fps", "base"), [(24, 1.0), (30, 1.001), (60, 1.0), (12, 1.0)])
def test_scene_rates(fake, voice, fps, base):
    _, mesh = characters.rigged()
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = fps, base
    report = api.generate(mesh, voice, start_frame=1)
    assert report.frames == int(1.96 * fps / base + 1e-6) + 1
    keys = animation_data.key_values(curves_of(mesh.data.shape_keys)[path_of("mouthFunnel")])
    row = round(fps / base)  # about one second in
    expected = 0.3 + 0.2 * np.sin(2 * np.pi * row / (fps / base))
    assert keys[row, 1] == pytest.approx(expected, abs=0.01)


def test_the_scenes_end_goes_with_the_line(fake, voice):
    _, mesh = characters.rigged()
    scene = bpy.context.scene
    scene.frame_end = 20
    report = api.generate(mesh, voice, start_frame=10)
    assert scene.frame_end == report.end > 58
    earlier = api.generate(mesh, voice, start_frame=1)
    assert scene.frame_end == earlier.end == report.end - 9
    scene.frame_end = 20
    api.generate(mesh, voice, start_frame=1, extend_range=False)
    assert scene.frame_end == 20


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender was built without sound")
def test_sound_is_added_and_replaced(fake, voice):
    _, mesh = characters.rigged()
    scene = bpy.context.scene
    mine = sequencer.add_sound_strip(scene, "music", str(voice), 1, 1)
    api.generate(mesh, voice, start_frame=10)
    (own,) = [strip for strip in sequencer.sequencer_strips(scene) if strip != mine]
    assert sequencer.strip_range(own).start == 10 and own.channel == 2
    api.generate(mesh, voice, start_frame=20)
    starts = {strip.name: sequencer.strip_range(strip).start for strip in sequencer.sequencer_strips(scene)}
    assert len(starts) == 2 and 20 in starts.values()
    api.generate(mesh, voice, start_frame=20, add_sound=False)
    api.remove(mesh)
    assert [strip.name for strip in sequencer.sequencer_strips(scene)] == ["music"]


def test_a_copied_character_is_another(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.duplicate()
    other = next(item for item in bpy.data.objects if item.type == "ARMATURE" and item != rig)
    api.generate(other, voice, start_frame=100)
    assert other.talking_animation.uid != rig.talking_animation.uid
    keys = animation_data.key_values(curves_of(mesh.data.shape_keys)[path_of("jawOpen")])
    assert keys[0, 0] == 1
    api.remove(other)
    assert api.has_animation(rig)


def test_drivers_are_left_alone(fake, voice):
    _, mesh = characters.rigged()
    key = mesh.data.shape_keys
    driver = key.driver_add(path_of("jawOpen")[0]).driver
    driver.expression = "0.25"
    report = api.generate(mesh, voice, start_frame=1)
    assert report.curves == 50 + 11
    told = "1 of the shape keys of 'Face', such as 'jawOpen', which opens the mouth, have drivers"
    assert any(told in text for text in report.warnings)
    bpy.context.scene.frame_set(20)
    assert key.key_blocks["jawOpen"].value == pytest.approx(0.25, abs=1e-5)
    api.remove(mesh)
    assert len(key.animation_data.drivers) == 1


def test_only_driven_shapes(fake, voice):
    mesh = characters.face_mesh(names=["jawOpen"])
    mesh.driver_add("delta_location", 0)  # so that the head stays still, too
    mesh.data.shape_keys.driver_add(path_of("jawOpen")[0]).driver.expression = "0.25"
    with pytest.raises(TalkingAnimationError, match="have drivers of their own"):
        api.generate(mesh, voice)
    assert not bpy.data.actions


def test_pinned_and_muted_shapes_are_told(fake, voice):
    _, mesh = characters.rigged()
    mesh.show_only_shape_key = True
    mesh.data.shape_keys.key_blocks["jawOpen"].mute = True
    warnings = " ".join(api.generate(mesh, voice).warnings)
    assert "one shape key only" in warnings and "switched off, such as 'jawOpen'" in warnings


def test_tweak_mode_is_refused(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    data = mesh.data.shape_keys.animation_data
    data.nla_tracks[0].strips[0].select = True
    data.nla_tracks.active = data.nla_tracks[0]
    data.use_tweak_mode = True
    if not data.use_tweak_mode:
        pytest.skip("this Blender enters tweak mode only in its editor")
    before = {action.name for action in bpy.data.actions}
    for change in (lambda: api.generate(mesh, voice, start_frame=5), lambda: api.remove(mesh)):
        with pytest.raises(TalkingAnimationError, match="leave its tweak mode"):
            change()
    assert {action.name for action in bpy.data.actions} == before, "neither head nor mouth"


def test_a_strip_that_is_edited_is_no_hindrance_where_nothing_is_to_be_removed(fake):
    rig, mesh = characters.rigged()
    data = rig.animation_data_create()
    data.nla_tracks.new().strips.new("Walk", 1, bpy.data.actions.new("Walk")).select = True
    data.nla_tracks.active = data.nla_tracks[0]
    data.use_tweak_mode = True
    if not data.use_tweak_mode:
        pytest.skip("this Blender enters tweak mode only in its editor")
    assert not api.remove(mesh) and data.use_tweak_mode


def test_two_meshes_and_children(fake, voice):
    rig, mesh = characters.rigged()
    teeth = characters.face_mesh("Teeth", ["jawOpen", "tongueOut"])
    teeth.parent = mesh
    shared = bpy.data.objects.new("Twin", mesh.data)
    bpy.context.scene.collection.objects.link(shared)
    shared.parent = rig
    report = api.generate(rig, voice, start_frame=1)
    assert report.meshes == 2 and "on 2 meshes" in report.message
    assert len(curves_of(teeth.data.shape_keys)) == 1


def test_the_same_request_needs_no_engine(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    fake("mute")
    api.generate(mesh, voice, start_frame=9)
    with pytest.raises(TalkingAnimationError, match="could not be started"):
        api.generate(mesh, voice, start_frame=9, seed=1)
    with pytest.raises(TalkingAnimationError, match="could not be started"):
        api.generate(mesh, voice, start_frame=9, use_cache=False)


def test_undo_is_one_step(fake, voice):
    rig, mesh = characters.rigged()
    bpy.context.scene.talking_animation.audio = str(voice)
    bpy.context.scene.talking_animation.character = rig
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.talking_animation.generate("EXEC_DEFAULT", True) == {"FINISHED"}
    assert len(bpy.data.actions) == 2
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender has no undo in the background")
    assert not bpy.data.actions
    assert not api.has_animation(bpy.data.objects["Rig"])


def test_a_job_looks_at_its_character_and_its_recording_once(fake, voice, monkeypatch):
    """Recognising a character and reading a recording take time, the larger the more."""
    from blender_addon.characters import character
    from blender_addon.inputs import recordings

    _, mesh = characters.rigged()
    looked, read = [], []
    shapes, content = character._find_shapes, recordings.content_hash
    monkeypatch.setattr(
        character, "_find_shapes", lambda known: looked.append(known.root.name) or shapes(known)
    )
    monkeypatch.setattr(recordings, "content_hash", lambda path: read.append(path) or content(path))
    api.generate(mesh, voice, start_frame=1)
    assert len(looked) == 1 and len(read) == 1


def test_a_character_that_changes_meanwhile_is_looked_at_anew(fake, voice):
    _, mesh = characters.rigged()
    job = api.Job(mesh, voice, start_frame=1)
    mesh.shape_key_add(name="Late", from_mix=False)
    mesh.data.shape_keys.key_blocks["jawOpen"].name = "cheekPuff"
    while not job.poll():
        pass
    assert "cheekPuff" in " ".join(path for path, _ in curves_of(mesh.data.shape_keys))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"dials": api.Dials(lips=float("nan"))}, "The dial lips must be 0 to .*, not nan"),
        ({"dials": api.Dials(offset=float("inf"))}, "The dial offset must be .*, not inf"),
        ({"head_bone": "nothing"}, "'Rig' has no bone 'nothing' to turn its head with"),
    ],
)
def test_what_a_script_mistook_is_refused(fake, voice, options, told):
    """A NaN stayed with the character and kept its mouth shut; a bone that is not there was passed over."""
    rig, _ = characters.rigged()
    with pytest.raises(TalkingAnimationError, match=told):
        api.generate(rig, voice, **options)
    api.generate(rig, voice, head_bone="neck")
    if "dials" in options:
        with pytest.raises(TalkingAnimationError, match=told):
            api.apply_dials(rig, options["dials"])


@pytest.mark.parametrize("given", [None, "Rig", 5])
def test_what_is_no_object_and_no_recording_is_told(fake, voice, given):
    """`objects.get` of a name that is not there is None; it ended in Python's words about None."""
    for ask in (api.check, api.remove, api.describe, lambda one: api.generate(one, voice)):
        with pytest.raises(TalkingAnimationError, match=rf"A character is an object, .* not {given!r}"):
            ask(given)
    rig, _ = characters.rigged()
    with pytest.raises(TalkingAnimationError, match="does not exist" if given == "Rig" else f"not {given!r}"):
        api.generate(rig, given)
    with pytest.raises(TalkingAnimationError, match=r"'//line\.wav' lies beside the \.blend file"):
        api.generate(rig, "//line.wav")
