"""Rigs as they are found: hundreds of helpers, hidden, held and driven bones, and what measuring them costs."""

from __future__ import annotations

import bmesh
import bone_faces
import bpy
import numpy as np
import pytest
from vendor_bones import RIGS
from versions import ends

from blender_addon import api
from blender_addon.characters import character, registry
from blender_addon.errors import Cancelled
from blender_addon.jobs import one_recording
from blender_addon.talking import write
from blender_addon.targets.face_rig import study
from blender_addon.targets.face_rig.probe import Probe
from blender_addon.ui import buttons

from .test_face_bones import SAID, SETTINGS, check_lids, check_mouth, perform

COLLECTIONS = ("objects", "meshes", "armatures", "scenes", "actions")


def names_of_all():
    """Everything in the file that a copy of a rig would add to."""
    return [sorted(item.name for item in getattr(bpy.data, name)) for name in COLLECTIONS]


@pytest.fixture
def poses(monkeypatch):
    """How many poses were measured, in a list of one number."""
    counted = [0]
    pose = Probe.pose

    def counting(self, freedoms, values):
        counted[0] += bool(freedoms)
        pose(self, freedoms, values)

    monkeypatch.setattr(Probe, "pose", counting)
    return counted


def apply(face):
    """What face bones want written; measured anew."""
    study.forget()
    return registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)


def bones_of(outcome):
    """The bones that get keys."""
    return {channel.data_path.split('"')[1] for channel in outcome.channels}


@ends
def test_three_hundred_helpers_with_drivers_are_left_out(poses):
    face = bone_faces.build(RIGS["generic"], rolls=1)
    apply(face)
    usual = poses[0]
    helpers = [f"lip_{lip}_{kind}_{number}_{side}" for lip in ("up", "low") for kind in ("drv", "str", "loc")
               for side in "LR" for number in range(25)]  # fmt: skip
    bone_faces.add_bones(face, helpers, "head")
    for name in helpers:
        face.rig.pose.bones[name].driver_add("location", 0).driver.expression = "0.0"
    poses[0] = 0
    outcome = apply(face)
    assert poses[0] == usual
    assert not bones_of(outcome) & set(helpers)
    check_mouth(perform(face, outcome)[0])


def test_bones_in_a_hidden_collection_are_left_out_where_others_are_shown():
    face = bone_faces.build(RIGS["generic"], rolls=2)
    behind = [f"UPPER_LIP_{number}" for number in range(12)]
    bone_faces.add_bones(face, behind, "head")
    assert set(behind) <= set(character.describe(face.rig).face_bones.bones("lip_upper"))
    bone_faces.hide_bones(face, [])
    before = character.describe(face.rig)
    bone_faces.hide_bones(face, behind)
    assert not before.is_current()
    assert set(character.describe(face.rig).face_bones.bones("lip_upper")) == set(
        RIGS["generic"]["lip_upper"]
    )
    bone_faces.hide_bones(face, [bone.name for bone in face.rig.data.bones])
    assert set(behind) <= set(character.describe(face.rig).face_bones.bones("lip_upper"))


def test_bones_that_a_constraint_holds_are_left_alone_and_told(poses):
    face = bone_faces.build(RIGS["generic"], rolls=3)
    apply(face)
    usual = poses[0]
    held = [f"upperLip_{number}" for number in range(5)]
    bone_faces.add_bones(face, held, "head")
    for name in held:
        constraint = face.rig.pose.bones[name].constraints.new("COPY_TRANSFORMS")
        constraint.target, constraint.subtarget = face.rig, "upper_lip_mid"
    poses[0] = 0
    outcome = apply(face)
    assert poses[0] == usual
    assert not bones_of(outcome) & set(held)
    assert any("'upperLip_0' is held by a constraint" in warning for warning in outcome.warnings)
    check_mouth(perform(face, outcome)[0])


@ends
@pytest.mark.parametrize("change", ["mute", "half", "gone"])
def test_a_constraint_that_does_not_hold_lets_a_bone_move(change):
    face = bone_faces.build(RIGS["generic"], rolls=3)
    constraint = face.rig.pose.bones["lower_lip_mid"].constraints.new("COPY_LOCATION")
    constraint.target, constraint.subtarget = face.rig, "ctrl_jaw"
    assert "lower_lip_mid" not in bones_of(apply(face))
    if change == "mute":
        constraint.mute = True
    elif change == "half":
        constraint.influence = 0.5
    else:
        constraint.target = None
    assert "lower_lip_mid" in bones_of(apply(face))


def many_lip_bones(count=40):
    names = {f"lip_{lip}": [f"{part}_lip_{number}" for number in range(count)]
             for lip, part in (("upper", "upper"), ("lower", "lower"))}  # fmt: skip
    return bone_faces.build({"jaw": ["jaw"], **names, "eye.left": ["eye.L"], "eye.right": ["eye.R"]}, rolls=4)


def test_of_many_bones_of_a_lip_a_part_is_measured_from_side_to_side(poses):
    face = many_lip_bones()
    outcome = apply(face)
    moved = {name for name in bones_of(outcome) if "lip" in name}
    assert len(moved) == 18 and {"upper_lip_0", "upper_lip_39", "lower_lip_0", "lower_lip_39"} <= moved
    assert poses[0] < 75
    known = study.study(character.describe(face.rig))
    assert known.notes["lip_upper"] == "9 of its 40 bones are moved, evenly spread."


def test_a_rig_that_answers_slowly_is_measured_with_fewer_bones(poses, monkeypatch):
    face = many_lip_bones()
    ticking = iter(np.arange(0, 1e6, 0.4))
    monkeypatch.setattr(study, "_clock", lambda: float(next(ticking)))
    outcome = apply(face)
    assert poses[0] * 0.4 < 1.6 * study._BUDGET
    assert 6 <= len({name for name in bones_of(outcome) if "lip" in name}) < 18


def test_only_the_face_of_a_body_is_evaluated():
    face = bone_faces.build(RIGS["rocketbox"], rolls=5)
    whole = len(face.mesh.data.vertices)

    def upper_half(points):
        return points[:, 2] > np.median(points[:, 2])

    with Probe(face.rig, [face.mesh], upper_half) as probe:
        points, edges = probe.vertices(), probe.edges()
    assert 0.3 * whole < len(points) < 0.6 * whole
    assert edges.max() == len(points) - 1
    with Probe(face.rig, [face.mesh], lambda points: np.zeros(len(points), bool)) as probe:
        assert probe.vertices().shape == (0, 3) and probe.edges().shape == (0, 2)


def test_where_all_meshes_are_hidden_the_one_with_most_bones_is_measured():
    face = bone_faces.build(RIGS["rocketbox"], rolls=6)
    cage = face.mesh.copy()
    cage.data = face.mesh.data.copy()
    cage.vertex_groups.clear()
    cage.vertex_groups.new(name="Bip01 MJaw").add(range(len(cage.data.vertices)), 1.0, "REPLACE")
    bpy.context.scene.collection.objects.link(cage)
    found = character.describe(face.rig).face_bones
    assert set(study._meshes(face.rig, found)) == {face.mesh, cage}
    cage.hide_render = cage.hide_viewport = True
    assert study._meshes(face.rig, found) == [face.mesh]
    face.mesh.hide_render = face.mesh.hide_viewport = True
    assert study._meshes(face.rig, found) == [face.mesh]
    face.mesh.hide_render = face.mesh.hide_viewport = False


def test_measuring_goes_on_little_by_little_and_can_be_left_at_any_time():
    face = bone_faces.build(RIGS["rocketbox"], rolls=7)
    found, before = character.describe(face.rig), names_of_all()
    study.forget()
    shares = list(study.measuring(found))
    assert len(shares) > 30 and shares == sorted(shares) and 0.9 <= shares[-1] <= 1
    assert not list(study.measuring(found)), "it is known"
    for steps in (1, 9, len(shares) - 2):
        study.forget()
        measuring = study.measuring(found)
        for _ in range(steps):
            next(measuring)
        assert names_of_all() != before
        measuring.close()
        assert names_of_all() == before
    check_mouth(perform(face, apply(face))[0])


def test_an_error_while_measuring_leaves_nothing_behind(monkeypatch):
    face = bone_faces.build(RIGS["rocketbox"])
    before = names_of_all()

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("blender_addon.targets.face_rig.study.find_mouth", fail)
    with pytest.raises(MemoryError):
        apply(face)
    assert names_of_all() == before


def test_only_a_jaw():
    face = bone_faces.build({"jaw": ["JAW"], "eye.left": ["EYE_L"], "eye.right": ["EYE_R"]}, rolls=8)
    outcome = apply(face)
    assert bones_of(outcome) == {"JAW"}
    check_mouth(perform(face, outcome)[0])


def test_only_lids():
    roles = {role: names for role, names in RIGS["rocketbox"].items() if role.startswith(("lid", "eye"))}
    face = bone_faces.build(
        {role: [name.replace("Bip01 ", "") for name in names] for role, names in roles.items()}
    )
    found = character.describe(face.rig)
    assert found.face_bones and not found.face_bones.talks
    outcome = apply(face)
    check_lids(perform(face, outcome)[1])


def test_a_mouth_that_no_mesh_follows_is_told():
    face = bone_faces.build(RIGS["rocketbox"], rolls=9)
    assert not any("no mesh goes with them" in warning for warning in apply(face).warnings)
    face.mesh.vertex_groups.clear()
    face.mesh.vertex_groups.new(name="Bip01 Head").add(range(len(face.mesh.data.vertices)), 1.0, "REPLACE")
    face.mesh.vertex_groups.new(name="Bip01 MJaw")
    outcome = apply(face)
    assert outcome.channels and all(np.isfinite(channel.values).all() for channel in outcome.channels)
    assert "of the mouth of 'Rig' move, but no mesh goes with them" in outcome.warnings[0]
    part = bpy.data.objects.new("Chin", bpy.data.meshes.new("Chin"))  # a puppet's jaw hangs on its bone
    bpy.context.scene.collection.objects.link(part)
    part.parent, part.parent_type, part.parent_bone = face.rig, "BONE", "Bip01 MJaw"
    assert not apply(face).warnings


def test_capitals_scale_of_a_hundredth_and_a_quarter_turn():
    roles = {role: [name.upper() for name in names] for role, names in RIGS["rocketbox"].items()}
    face = bone_faces.build(roles, scale=9.0, rolls=10)
    face.rig.scale = (0.01, 0.01, 0.01)
    face.rig.rotation_euler = (-np.pi / 2, 0, 0)
    bpy.context.view_layer.update()
    outcome = apply(face)
    mouth, lids = perform(face, outcome)
    check_mouth(mouth)
    check_lids(lids)


def test_a_job_measures_alone_and_esc_leaves_the_file_as_it_was(fake, voice, monkeypatch):
    monkeypatch.setattr(one_recording, "_STEP_SECONDS", 0.0)
    face = bone_faces.build(RIGS["rocketbox"], rolls=11)
    before = names_of_all()
    study.forget()
    job = api.Job(face.rig, voice)
    assert not job.alone and buttons._passed_on(job) == {"PASS_THROUGH"}
    while not job.alone:
        job.poll()
    job.poll()
    assert job.stage == "Measuring the face" and 0.95 <= job.fraction < 1
    assert buttons._passed_on(job) == {"RUNNING_MODAL"}
    job.cancel()
    assert names_of_all() == before
    with pytest.raises(Cancelled):
        job.poll()
    report = api.generate(face.rig, voice)
    assert report.curves > 10 and api.has_animation(face.rig)


def test_a_rig_that_goes_away_while_it_is_measured_is_one_sentence(fake, voice):
    face = bone_faces.build(RIGS["rocketbox"], rolls=12)
    study.forget()
    steps = write.preparing(character.describe(face.rig))
    next(steps)
    for copy in [item for item in bpy.data.objects if item.name.startswith("Rig.")]:
        bpy.data.objects.remove(copy)
    with pytest.raises(api.TalkingAnimationError, match="'Rig' changed while its face was measured"):
        list(steps)
    assert not [scene for scene in bpy.data.scenes if scene.name.startswith("Talking")]


def deform_by(mesh, armatures):
    """Armature modifiers in this order, in place of those that there are."""
    mesh.modifiers.clear()
    for armature in armatures:
        mesh.modifiers.new(armature.name, "ARMATURE").object = armature
    bpy.context.view_layer.update()


def with_a_body(face, first):
    """A second armature that moves the body, by a modifier before or after that of the face's."""
    data = bpy.data.armatures.new("Body")
    body = bpy.data.objects.new("Body", data)
    bpy.context.scene.collection.objects.link(body)
    bpy.context.view_layer.objects.active = body
    bpy.ops.object.mode_set(mode="EDIT")
    for number, name in enumerate(("Hips", "Spine", "Head", "LeftHand")):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = (0, 0, number), (0, 0, number + 0.5)
    bpy.ops.object.mode_set(mode="OBJECT")
    face.mesh.vertex_groups.new(name="Spine")
    deform_by(face.mesh, [body, face.rig] if first else [face.rig, body])
    return body


@ends
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("picked", ["mesh", "body", "rig"])
def test_of_two_armatures_the_one_that_moves_the_face_talks(picked, first):
    face = bone_faces.build(RIGS["rocketbox"], rolls=13)
    face.mesh.parent = None
    body = with_a_body(face, first)
    found = character.describe({"mesh": face.mesh, "body": body, "rig": face.rig}[picked])
    assert found.armature == face.rig == found.root and not found.problem
    assert {face.mesh, face.rig} <= set(found.objects) and found.is_current()
    assert found.is_part(face.rig) and (found.is_part(body) or body not in found.objects)
    outcome = registry.by_name("face_bones").apply(SAID, found, SETTINGS)
    check_mouth(perform(face, outcome)[0])
    face.mesh.modifiers.remove(next(m for m in face.mesh.modifiers if m.object == face.rig))
    assert not found.is_current()
    if picked != "rig":
        assert character.describe(found.objects[0]).armature == body


def test_where_shapes_talk_the_usual_armature_stays():
    face = bone_faces.build(RIGS["rocketbox"], rolls=14)
    face.mesh.parent = None
    body = with_a_body(face, True)
    face.mesh.shape_key_add(name="Basis")
    for name in ("jawOpen", "mouthFunnel", "mouthPucker", "mouthClose"):
        for point in face.mesh.shape_key_add(name=name).data[:3]:
            point.co.z -= 0.1
    found = character.describe(face.mesh)
    assert found.mouth and found.armature == body and found.head == "Head"


def test_an_armature_whose_face_bones_move_no_skin_does_not_win():
    face = bone_faces.build(RIGS["rocketbox"], rolls=15)
    face.mesh.parent = None
    other = bone_faces.build(RIGS["daz_genesis8"], skinned=False)
    deform_by(face.mesh, [other.rig, face.rig])
    assert character.describe(face.mesh).armature == face.rig


def test_what_keeps_the_mouth_from_moving_is_told_before_all_else():
    face = bone_faces.build(RIGS["rocketbox"], rolls=16)
    for bone in face.rig.pose.bones:
        if bone.name not in ("Bip01 Head", "Bip01 Neck"):
            constraint = bone.constraints.new("COPY_TRANSFORMS")
            constraint.target, constraint.subtarget = face.rig, "Bip01 Head"
    outcome = apply(face)
    assert not outcome.channels
    assert outcome.warnings[0] == "'Bip01 MJaw' is held by a constraint and was left alone."
    assert "lip" in outcome.warnings[1].lower() and outcome.warnings[3].endswith("were left alone.")


@ends
@pytest.mark.parametrize(
    "roles", [{"jaw": ["jaw"]}, {"jaw": ["jaw"], "eye.left": ["eye.L"], "eye.right": ["eye.R"]}]
)
@pytest.mark.parametrize("carries", ["chin", "head", "upper half"])
def test_a_jaw_that_carries_the_whole_head_is_told(roles, carries):
    """By weights that were painted, or made automatically, on all of it: nothing parts, and nothing was said."""
    face = bone_faces.build(roles)
    if carries != "chin":
        jaw, count = face.mesh.vertex_groups["jaw"].index, len(face.mesh.data.vertices)
        shares = np.zeros(count)
        for vertex in face.mesh.data.vertices:
            shares[vertex.index] = sum(entry.weight for entry in vertex.groups if entry.group == jaw)
        shares = np.ones(count) if carries == "head" else 1 - shares
        face.mesh.vertex_groups.clear()
        bone_faces.paint(face.mesh, {"jaw": shares, "head": 1 - shares})
    told = [warning for warning in apply(face).warnings if "goes with the bone of its jaw, 'jaw'" in warning]
    assert len(told) == (carries != "chin")


def test_lips_that_grow_together_are_told():
    """Or a bone that is no jaw, such as that of a chin: the mouth stayed shut and nothing was said."""
    face = bone_faces.build({"jaw": ["JAW"], "eye.left": ["EYE_L"], "eye.right": ["EYE_R"]})
    assert not apply(face).warnings
    mesh = bmesh.new()
    mesh.from_mesh(face.mesh.data)
    bmesh.ops.remove_doubles(mesh, verts=mesh.verts, dist=1e-5)
    mesh.to_mesh(face.mesh.data)
    mesh.free()
    assert apply(face).warnings[0].startswith("No lips of 'Rig' part as the bone of its jaw, 'JAW', moves")


def test_what_changes_how_a_bone_moves_is_measured_anew():
    """A bone that no longer deforms, or is held by a limit that was set since, was taken for what it had been."""
    face = bone_faces.build({"jaw": ["jaw"]})
    found = character.describe(face.rig)
    before = study.study(found)
    assert study.study(found) is before
    limit = face.rig.pose.bones["jaw"].constraints.new("LIMIT_ROTATION")
    seen = [study.study(found)]
    limit.use_limit_x = True
    seen.append(study.study(found))
    face.rig.data.bones["jaw"].use_deform = False
    seen.append(study.study(found))
    assert len({id(one) for one in [before, *seen]}) == 4 and "no mesh goes with them" in seen[-1].warnings[0]
