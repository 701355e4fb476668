"""Face bones of every convention are recognised and driven; the lips are verified by the evaluated mesh."""

from __future__ import annotations

import json

import bone_faces
import bpy
import numpy as np
import pytest
from at_rest import AtRest
from mathutils import Matrix
from places import ASSETS
from real_characters import makehuman_body
from vendor_bones import RIGS
from versions import ends

from blender_addon.characters import character, registry
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import Dials
from blender_addon.rigs.face_bones import recognise
from blender_addon.targets.face_rig import study
from blender_addon.targets.face_rig.frame import find_frame

MAKEHUMAN = ASSETS / "makehuman"


SETTINGS = TargetSettings(Dials(), AtRest())


def perform(face, *outcomes, rows=None):
    """Opening of the mouth's middle and of both eyes in each of the rows, outer eye-corner distances: (T,), (T, 2)."""
    channels = [channel for outcome in outcomes for channel in outcome.channels]
    mouth, lids = [], []
    for row in rows or range(len(channels[0].values)):
        pose(channels, row)
        now = face.now()
        mouth.append(now[face.skin.lips[0], 1] - now[face.skin.lips[1], 1])
        lids.append([now[a, 1] - now[b, 1] for a, b in (face.skin.rims["left"], face.skin.rims["right"])])
    return np.array(mouth), np.array(lids)


def pose(channels, row):
    """Give the properties the values of one row."""
    for channel in channels:
        owner, _, name = channel.data_path.rpartition(".")
        getattr(channel.datablock.path_resolve(owner), name)[channel.index] = float(channel.values[row])
    bpy.context.view_layer.update()


SAID = bone_faces.animation()
WANTED = SAID.landmarks[:, 62, 1] - SAID.landmarks[:, 66, 1]
EASED = slice(3, len(WANTED))  # what lies after the motion has grown out of rest


def check_mouth(mouth, least=0.9):
    """The lips part as the landmarks do, about as far, and shut where they do."""
    opened = mouth[EASED] - mouth[-1]
    wanted = WANTED[EASED]
    assert np.corrcoef(opened[: len(wanted)], wanted)[0, 1] > least
    assert opened.max() == pytest.approx(wanted.max(), rel=0.3)
    assert np.abs(opened[: len(wanted)][wanted < 1e-3]).max() < 0.02
    assert opened.min() > -0.02, "the lips cross"


def check_lids(lids):
    """Eyes are shut where they blink, and as open as at rest elsewhere."""
    assert lids[31:34].max() < 0.02
    assert lids[31:34].min() > -0.03
    assert lids[45:55] == pytest.approx(np.full((10, 2), lids[-1].mean()), abs=0.01)


@ends
@pytest.mark.parametrize("name", RIGS)
def test_every_convention_talks(name):
    face = bone_faces.build(RIGS[name], rolls=1)
    found = recognise(face.rig)
    assert found.convention == name
    for role, names in RIGS[name].items():
        if role not in ("head", "neck"):
            assert set(found.bones(role)) == set(names), role
    assert found.talks and found.summary
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert not outcome.warnings
    mouth, lids = perform(face, outcome)
    check_mouth(mouth)
    if "lid_upper.left" in RIGS[name]:
        check_lids(lids)


LOOKS = {
    "along -Y": Matrix.Identity(3),
    "along X": Matrix.Rotation(np.pi / 2, 3, "Z"),
    "Y up": Matrix.Rotation(-np.pi / 2, 3, "X"),
    "askew": Matrix.Rotation(0.7, 3, "Z") @ Matrix.Rotation(0.1, 3, "X"),
}


@ends
@pytest.mark.parametrize("looks", LOOKS)
@pytest.mark.parametrize(
    ("scale", "mode", "rolls"), [(0.001, "XYZ", 5), (10.0, "QUATERNION", 6), (0.1, "AXIS_ANGLE", 7)]
)
def test_any_rest_pose(looks, scale, mode, rolls):
    face = bone_faces.build(RIGS["rocketbox"], turned=LOOKS[looks], scale=scale, mode=mode, rolls=rolls)
    face.rig.rotation_euler = (0.4, -0.3, 1.0)
    face.rig.location = (1, 2, 3)
    face.rig.scale = (2, 2, 2)
    bpy.context.view_layer.update()
    found = character.describe(face.rig)
    frame = find_frame(found, recognise(face.rig))
    expected = np.array(LOOKS[looks]) @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    assert np.degrees(np.arccos(np.clip(np.sum(frame.axes * expected, axis=0), -1, 1))).max() < 12
    assert frame.unit == pytest.approx(scale, rel=0.05)
    mouth, lids = perform(face, registry.by_name("face_bones").apply(SAID, found, SETTINGS))
    check_mouth(mouth)
    check_lids(lids)


@pytest.mark.parametrize("looks", ["along -Y", "along X", "askew"])
def test_a_jaw_without_anything_in_pairs_opens_the_mouth(looks):
    """A head and a jaw of any roll: left and right are told by the skin that the jaw carries."""
    face = bone_faces.build({"jaw": ["jaw"]}, turned=LOOKS[looks], rolls=8)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert not outcome.warnings
    opened = perform(face, outcome)[0]
    opened = (opened - opened[-1])[EASED][: len(WANTED)]
    assert np.corrcoef(opened[: len(WANTED[EASED])], WANTED[EASED])[0, 1] > 0.95
    assert opened.max() == pytest.approx(WANTED.max(), rel=0.35)


def test_a_jaw_that_tells_no_face_is_told():
    face = bone_faces.build({"jaw": ["jaw"]}, skinned=False)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert not outcome.channels
    assert [told for told in outcome.warnings if "do not tell where its face is" in told]


def test_bones_that_can_only_turn():
    face = bone_faces.build(RIGS["daz_genesis8"], rolls=2, connected=True)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert not any(
        "Lip" in channel.data_path and "location" in channel.data_path for channel in outcome.channels
    )
    mouth, _ = perform(face, outcome)
    check_mouth(mouth)


def test_a_jaw_that_is_moved_not_turned():
    """Auto-Rig Pro's jaw control turns the jaw by being moved."""
    roles = {**RIGS["auto_rig_pro"], "jaw": ["jawbone.x"]}
    face = bone_faces.build(roles, rolls=4)
    bpy.context.view_layer.objects.active = face.rig
    bpy.ops.object.mode_set(mode="EDIT")
    edit = face.rig.data.edit_bones
    control = edit.new("c_jawbone.x")
    control.head, control.tail = (
        edit["jawbone.x"].tail,
        edit["jawbone.x"].tail + edit["head" if "head" in edit else "c_head.x"].vector * 0.05,
    )
    control.parent = edit["c_head.x"]
    control.use_deform = False
    bpy.ops.object.mode_set(mode="OBJECT")
    constraint = face.rig.pose.bones["jawbone.x"].constraints.new("DAMPED_TRACK")
    constraint.target, constraint.subtarget = face.rig, "c_jawbone.x"
    face.rig.pose.bones["c_jawbone.x"].lock_rotation = (True, True, True)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert any('"c_jawbone.x"].location' in channel.data_path for channel in outcome.channels)
    mouth, _ = perform(face, outcome)
    check_mouth(mouth)


def test_locked_and_driven_bones_are_left_alone_and_told():
    face = bone_faces.build(RIGS["rocketbox"])
    bone = face.rig.pose.bones["Bip01 LMouthCorner"]
    bone.lock_location = (True, True, True)
    bone.lock_rotation = (True, True, True)
    bone.lock_rotation_w = True
    face.rig.pose.bones["Bip01 MJaw"].driver_add("rotation_quaternion", 1).driver.expression = "0"
    found = character.describe(face.rig)
    outcome = registry.by_name("face_bones").apply(SAID, found, SETTINGS)
    paths = {channel.data_path for channel in outcome.channels}
    assert not any("LMouthCorner" in path for path in paths)
    assert not any('MJaw"].rotation' in path for path in paths)
    assert any("'Bip01 LMouthCorner' is locked" in text for text in outcome.warnings)
    assert any("'Bip01 MJaw' has drivers" in text for text in outcome.warnings)
    mouth, _ = perform(face, outcome)
    check_mouth(mouth)  # the lips alone do it


def test_limits_hold():
    face = bone_faces.build(RIGS["rocketbox"])
    limit = face.rig.pose.bones["Bip01 MBottomLip"].constraints.new("LIMIT_LOCATION")
    limit.owner_space = "LOCAL"
    for axis in "xyz":
        setattr(limit, f"use_min_{axis}", True)
        setattr(limit, f"use_max_{axis}", True)
        setattr(limit, f"min_{axis}", -0.0005)
        setattr(limit, f"max_{axis}", 0.0005)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    moved = [np.abs(c.values).max() for c in outcome.channels if 'MBottomLip"].location' in c.data_path]
    assert moved and max(moved) <= 0.0005 + 1e-7


def test_a_posed_smile_stays():
    face = bone_faces.build(RIGS["rocketbox"], rolls=3)
    bone = face.rig.pose.bones["Bip01 LMouthCorner"]
    bone.location = (0.01, 0.005, -0.002)
    face.rig.pose.bones["Bip01 MJaw"].rotation_mode = "XYZ"
    face.rig.pose.bones["Bip01 MJaw"].rotation_euler = (0.02, 0.01, 0.0)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert tuple(bone.location) == pytest.approx((0.01, 0.005, -0.002))
    for channel in outcome.channels:
        assert channel.values[-1] == pytest.approx(channel.rest, abs=1e-5)
        if "LMouthCorner" in channel.data_path:
            assert channel.rest == pytest.approx((0.01, 0.005, -0.002)[channel.index])


def test_nothing_is_left_behind():
    face = bone_faces.build(RIGS["daz_genesis8"])
    collections = (bpy.data.objects, bpy.data.meshes, bpy.data.armatures, bpy.data.scenes, bpy.data.actions)
    before = [sorted(item.name for item in collection) for collection in collections]
    study.forget()
    registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    assert [sorted(item.name for item in collection) for collection in collections] == before
    assert all(tuple(bone.location) == (0, 0, 0) for bone in face.rig.pose.bones)


def test_measured_once_until_the_rig_changes(monkeypatch):
    face = bone_faces.build(RIGS["rocketbox"])
    found = character.describe(face.rig)
    first = registry.by_name("face_bones").apply(SAID, found, SETTINGS)

    def fail(*_):
        raise AssertionError("measured again")

    with monkeypatch.context() as patched:
        patched.setattr("blender_addon.targets.face_rig.study._study", fail)
        again = registry.by_name("face_bones").apply(SAID, found, SETTINGS)
        assert [c.data_path for c in again.channels] == [c.data_path for c in first.channels]
        face.rig.pose.bones["Bip01 MJaw"].lock_rotation = (True, True, True)
        with pytest.raises(AssertionError, match="measured again"):
            registry.by_name("face_bones").apply(SAID, found, SETTINGS)


def shape_key(face, name, which, offset):
    """Add a shape key that moves some of the skin's vertices, in face coordinates."""
    mesh = face.mesh
    if mesh.data.shape_keys is None:
        mesh.shape_key_add(name="Basis", from_mix=False)
    block = mesh.shape_key_add(name=name, from_mix=False)
    block.value = 0.0
    turn = np.array(face.to_armature.to_3x3()) @ np.array(offset)
    for index in np.flatnonzero(which):
        block.data[int(index)].co = np.array(block.data[int(index)].co) + turn


def test_mixed_rigs_do_not_move_twice():
    face = bone_faces.build(RIGS["character_creator"])
    shape_key(face, "jawOpen", face.skin.below, (0, -0.25, 0))
    shape_key(face, "eyeBlinkLeft", (face.skin.lid == 1) & (face.skin.side == 1), (0, -0.1, 0))
    study.forget()
    found = character.describe(face.rig)
    assert found.meshes
    outcome = registry.by_name("face_bones").apply(SAID, found, SETTINGS)
    assert not any("JawRoot" in channel.data_path for channel in outcome.channels)
    known = study.study(found)
    assert known is not None
    rows = {row.channel: row for row in known.face_bones.rows(known.notes)}
    assert not rows["bone:jaw"].driven and "'jawOpen'" in rows["bone:jaw"].note
    assert rows["bone:tongue"].driven


def test_a_jaw_shape_that_opens_nothing_leaves_the_jaw_to_its_bone():
    face = bone_faces.build(RIGS["character_creator"])
    shape_key(face, "jawOpen", face.skin.below, (0, -0.01, 0))
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    mouth, _ = perform(face, outcome)
    check_mouth(mouth)


def test_a_jaw_bone_opens_what_shapes_only_form():
    """Expressions or visemes without an open jaw, such as a game's: its lips' bones stay, its jaw opens."""
    face = bone_faces.build(RIGS["character_creator"])
    shape_key(face, "mouthLowerDownLeft", face.skin.below, (0, -0.1, 0))
    shape_key(face, "jawOpen", face.skin.below, (0, 0, 0))
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    moved = {channel.data_path for channel in outcome.channels}
    assert any("JawRoot" in path for path in moved)
    known = study.study(character.describe(face.rig))
    assert known is not None and known.shapes.lips == "mouthLowerDownLeft" and not known.shapes.mouth
    assert not any(name in path for name in known.face_bones.lips for path in moved)
    mouth, _ = perform(face, outcome)
    opened = mouth[: len(WANTED)] - mouth[-1]
    assert np.corrcoef(opened, WANTED)[0, 1] > 0.9 and opened.max() > 0.5 * WANTED.max()


def test_eyes_turn_unless_shapes_turn_the_eyeballs():
    face = bone_faces.build(RIGS["rocketbox"], rolls=8)
    found = character.describe(face.rig)
    outcome = registry.by_name("eyes").apply(bone_faces.animation(yaw=0.3), found, SETTINGS)
    before = np.array(face.rig.pose.bones["Bip01 LEye"].vector.normalized())
    pose(outcome.channels, 40)
    after = np.array(face.rig.pose.bones["Bip01 LEye"].vector.normalized())
    assert before == pytest.approx((0, -1, 0), abs=1e-5)
    assert after == pytest.approx((np.sin(0.3), -np.cos(0.3), 0), abs=1e-3)  # to the character's left


@pytest.mark.parametrize("below", [False, True])
def test_both_bones_of_an_eye_turn_and_none_of_them_twice(below):
    """Second Life's eyes have two, side by side: a mesh head is painted to either. Somebody may hang one on the other."""
    face = bone_faces.build(RIGS["second_life"], rolls=8)
    eyes = [f"{name}{side}" for side in ("Left", "Right") for name in ("mEye", "mFaceEyeAlt")]
    if below:
        bpy.context.view_layer.objects.active = face.rig
        bpy.ops.object.mode_set(mode="EDIT")
        bones = face.rig.data.edit_bones
        for lower, upper in zip(eyes[::2], eyes[1::2]):
            bones[lower].parent = bones[upper]
        bpy.ops.object.mode_set(mode="OBJECT")
    found = character.describe(face.rig)
    outcome = registry.by_name("eyes").apply(bone_faces.animation(yaw=0.3), found, SETTINGS)
    assert not outcome.warnings
    pose(outcome.channels, 40)
    for name in eyes:
        looks = np.array(face.rig.pose.bones[name].vector.normalized())
        assert looks == pytest.approx((np.sin(0.3), -np.cos(0.3), 0), abs=1e-3), name


def test_eyes_look_at_their_target():
    roles = {**RIGS["auto_rig_pro"], "eye_target": ["c_eye_target.x"]}
    face = bone_faces.build(roles, rolls=9)
    for side in "lr":
        track = face.rig.pose.bones[f"c_eye.{side}"].constraints.new("DAMPED_TRACK")
        track.target, track.subtarget = face.rig, "c_eye_target.x"
    outcome = registry.by_name("eyes").apply(
        bone_faces.animation(yaw=0.3), character.describe(face.rig), SETTINGS
    )
    assert {channel.data_path for channel in outcome.channels} == {'pose.bones["c_eye_target.x"].location'}
    bpy.context.view_layer.update()

    def looks():
        return np.array(
            [np.array(face.rig.pose.bones[f"c_eye.{side}"].matrix.col[1].xyz) for side in "lr"]
        ).mean(axis=0)

    before = looks()
    pose(outcome.channels, 40)
    after = looks()
    angle = np.arctan2(after[0], -after[1]) - np.arctan2(before[0], -before[1])
    assert angle == pytest.approx(0.3, abs=0.02)


def test_brows_rise_with_their_landmarks():
    face = bone_faces.build(RIGS["daz_genesis8"], rolls=11)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    channels = [channel for channel in outcome.channels if channel.group == "Brows"]
    heights = []
    for row in range(len(WANTED)):
        pose(channels, row)
        head = face.to_armature.inverted() @ face.rig.pose.bones["lBrowMid"].head
        heights.append(head.y)
    wanted = SAID.landmarks[:, 24, 1] - SAID.neutral[24, 1]
    heights = np.array(heights) - places_of("brow.left", 1, 3)
    assert np.corrcoef(heights[EASED], wanted[EASED])[0, 1] > 0.99
    assert np.abs(heights[EASED] - wanted[EASED]).max() < 0.01


def places_of(role, index, count):
    """Height of a bone's head at rest."""
    return bone_faces.places(role, index, count)[0][1]


def test_the_tongue_shows_at_th():
    face = bone_faces.build(RIGS["daz_genesis8"], rolls=12)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    channels = [channel for channel in outcome.channels if "tongue" in channel.data_path]
    row = int(SAID.visemes[EASED, 3].argmax()) + 4
    tip = face.rig.pose.bones["tongue04"]
    rest = face.to_armature.inverted() @ tip.bone.tail_local
    pose(channels, row)
    moved = (face.to_armature.inverted() @ tip.tail) - rest
    assert moved.y > 0.02 and moved.z > 0.01


def test_dials():
    face = bone_faces.build(RIGS["rocketbox"])
    still = TargetSettings(Dials(lips=0, brows=0, blinks=0, gaze=0), AtRest())
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), still)
    assert all(np.ptp(channel.values) < 1e-4 for channel in outcome.channels)
    half = perform(
        face,
        registry.by_name("face_bones").apply(
            SAID, character.describe(face.rig), TargetSettings(Dials(lips=0.5), AtRest())
        ),
    )[0]
    assert half.max() - half[-1] == pytest.approx(WANTED.max() / 2, rel=0.3)


def test_an_armature_without_a_skin_moves_its_bones():
    face = bone_faces.build(RIGS["rocketbox"], rolls=13, skinned=False)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    gaps = []
    for row in range(len(outcome.channels[0].values)):
        pose(outcome.channels, row)
        ends = [
            face.to_armature.inverted() @ face.rig.pose.bones[f"Bip01 {name}"].tail
            for name in ("MUpperLip", "MBottomLip")
        ]
        gaps.append(ends[0].y - ends[1].y)
    check_mouth(np.array(gaps))


def test_a_jaw_alone_without_a_skin_turns():
    face = bone_faces.build(RIGS["humanoid"], skinned=False)
    outcome = registry.by_name("face_bones").apply(SAID, character.describe(face.rig), SETTINGS)
    drops = []
    for row in range(len(WANTED)):
        pose(outcome.channels, row)
        drops.append((face.to_armature.inverted() @ face.rig.pose.bones["jaw"].tail).y)
    assert np.corrcoef(-np.array(drops)[EASED], WANTED[EASED])[0, 1] > 0.95


def test_head_turns_without_any_shape_keys():
    face = bone_faces.build(RIGS["rocketbox"], turned=LOOKS["along X"], rolls=14)
    said = bone_faces.animation(head_rotation=np.tile(np.float32((0.3, 0, 0)), (len(WANTED), 1)))
    found = character.describe(face.rig)
    assert found.head == "Bip01 Head"
    pose(registry.by_name("head_bones").apply(said, found, SETTINGS).channels, 40)
    now = face.now()
    nose = now[np.abs(face.skin.points - (0, -0.3, bone_faces.depth(0, -0.3))).sum(axis=1).argmin()]
    assert nose[1] < -0.3 - 0.1  # looks down


# -- recognition by names alone ------------------------------------------------------------------------


# -- real rigs -----------------------------------------------------------------------------------------


def rigify(modular):
    """A generated Rigify rig with a face of ours on its bones that deform; skips where Rigify is not there.

    Only the modular one has limbs: they take most of the time.
    """
    addon_utils = pytest.importorskip("addon_utils")
    if addon_utils.enable("rigify", default_set=True) is None:
        pytest.skip("this Blender has no Rigify")
    bpy.ops.object.armature_human_metarig_add()
    meta = bpy.context.object
    if modular:
        if not hasattr(bpy.types, "POSE_OT_rigify_upgrade_face"):
            pytest.skip("this Blender's Rigify has no modular face")
        bpy.ops.object.mode_set(mode="POSE")
        meta.data.bones.active = meta.data.bones["face"]
        try:
            bpy.ops.pose.rigify_upgrade_face()
        finally:
            bpy.ops.object.mode_set(mode="OBJECT")
    else:
        bpy.ops.object.mode_set(mode="EDIT")
        for name in ("pelvis", "thigh", "shoulder", "breast"):
            for top in (meta.data.edit_bones[f"{name}.{side}"] for side in "LR"):
                for bone in (*top.children_recursive, top):
                    meta.data.edit_bones.remove(bone)
        bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.pose.rigify_generate()
    return bpy.context.object


@ends
@pytest.mark.parametrize("modular", [False, True])
def test_rigify(modular):
    rig = rigify(modular)
    found = recognise(rig)
    assert found.convention == ("rigify_modular" if modular else "rigify")
    assert not any(match.bone.startswith(("DEF-", "ORG-", "MCH-")) for match in found.matches)
    eyes_at = [np.array(rig.data.bones[f"ORG-eye.{side}"].head_local) for side in "LR"]
    unit = (eyes_at[0][0] - eyes_at[1][0]) / (2 * bone_faces.EYE_X)
    middle = (eyes_at[0] + eyes_at[1]) / 2
    corner = np.array(rig.data.bones["DEF-lip.T.L.001"].tail_local)
    top, bottom = (np.array(rig.data.bones[f"DEF-lip.{side}.L"].head_local) for side in "TB")
    shape = bone_faces.skin()
    # The face of ours is laid over the rig's: its mouth's height, width and depth are the rig's.
    points = shape.points.copy()
    height = (corner[2] - middle[2]) / unit
    points[:, 1] *= height / bone_faces.MOUTH_Y
    points[:, 0] *= np.where(points[:, 1] < -0.5, corner[0] / unit / bone_faces.MOUTH_HALF, 1.0)
    front = (middle[1] - (top[1] + bottom[1]) / 2) / unit
    points[:, 2] += front - bone_faces.depth(0.0, bone_faces.MOUTH_Y)
    data = bpy.data.meshes.new("Face")
    spots = np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1) * unit + middle
    data.from_pydata([tuple(map(float, spot)) for spot in spots], [], shape.faces)
    mesh = bpy.data.objects.new("Face", data)
    bpy.context.scene.collection.objects.link(mesh)
    bone_faces.paint(mesh, nearest_weights(rig, shape, spots, unit))
    mesh.parent = rig
    mesh.modifiers.new("Armature", "ARMATURE").object = rig
    bpy.context.view_layer.update()
    to_armature = Matrix(((1, 0, 0, 0), (0, 0, -1, 0), (0, 1, 0, 0), (0, 0, 0, 1)))
    to_armature = (
        Matrix.Translation([float(value) for value in middle]) @ Matrix.Scale(float(unit), 4) @ to_armature
    )
    face = bone_faces.Face(rig, mesh, shape, to_armature, float(unit))
    known = character.describe(rig)
    assert (known.head, known.neck) == ("head", "neck")
    outcome = registry.by_name("face_bones").apply(SAID, known, SETTINGS)
    gaze = registry.by_name("eyes").apply(SAID, known, SETTINGS)
    assert gaze.channels and all(
        "location" in channel.data_path for channel in gaze.channels
    )  # of the target
    rows = [*range(3, len(WANTED), 3), len(outcome.channels[0].values) - 1]
    mouth, lids = perform(face, outcome, gaze, rows=rows)
    opened, wanted = mouth[:-1] - mouth[-1], WANTED[rows[:-1]]
    assert np.corrcoef(opened, wanted)[0, 1] > 0.9
    assert np.abs(opened[wanted < 1e-3]).max() < 0.03
    assert 0.5 * wanted.max() < opened.max() < 1.3 * wanted.max()  # the rig's mouth is small
    assert lids[rows.index(33)].max() < 0.35 * lids[-1].min(), "the eyes blink"


def nearest_weights(rig, shape, spots, unit):
    """Weights by the distance to the bones that deform; lips and lids on either side of their slits apart."""
    table = {}
    names = [
        b.name
        for b in rig.data.bones
        if b.name.startswith("DEF-") and b.name[4:].startswith(("lip", "jaw", "chin", "lid"))
    ]
    names.append("DEF-spine.006")
    distances = []
    for name in names:
        bone = rig.data.bones[name]
        head, tail = np.array(bone.head_local), np.array(bone.tail_local)
        along = np.clip((spots - head) @ (tail - head) / max((tail - head) @ (tail - head), 1e-12), 0, 1)
        distance = np.linalg.norm(spots - head - along[:, None] * (tail - head), axis=1) / unit
        if name == "DEF-spine.006":
            distance = np.full(len(spots), 0.15)
        if "lip.T" in name:
            distance = np.where(shape.below, 9.0, distance)
        if "lip.B" in name or "jaw" in name or "chin" in name:
            distance = np.where(shape.below, distance, 9.0)
        if "lid.T" in name:
            distance = np.where(shape.lid == 1, distance * 0.5, 9.0)
        if "lid.B" in name:
            distance = np.where(shape.lid == -1, distance * 0.5, 9.0)
        distances.append(distance)
    strength = 1.0 / (np.array(distances) + 0.01) ** 3
    strength /= strength.sum(axis=0)
    for name, values in zip(names, strength):
        table[name] = np.where(values > 0.02, values, 0.0)
    return table


@pytest.fixture(scope="module")
def makehuman_files():
    if not (MAKEHUMAN / "default.mhskel").is_file():
        pytest.skip("MakeHuman's base mesh is not in ../shared/assets/makehuman")
    return MAKEHUMAN


def makehuman(folder):
    """MakeHuman's body with its default skeleton: (rig, mesh)."""
    spots, polygons = makehuman_body()
    skeleton = json.loads((folder / "default.mhskel").read_text(encoding="utf-8"))
    joints = {name: spots[indices].mean(axis=0) for name, indices in skeleton["joints"].items()}

    def upright(point):
        return 0.1 * float(point[0]), -0.1 * float(point[2]), 0.1 * float(point[1])

    used = sorted({index for polygon in polygons for index in polygon})
    place = {old: new for new, old in enumerate(used)}
    data = bpy.data.meshes.new("Human")
    data.from_pydata([upright(spots[index]) for index in used], [], [[place[i] for i in p] for p in polygons])
    mesh = bpy.data.objects.new("Human", data)
    armature = bpy.data.armatures.new("Human rig")
    rig = bpy.data.objects.new("Human rig", armature)
    for item in (mesh, rig):
        bpy.context.scene.collection.objects.link(item)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for name, bone in skeleton["bones"].items():
        made = armature.edit_bones.new(name)
        made.head, made.tail = upright(joints[bone["head"]]), upright(joints[bone["tail"]])
    for name, bone in skeleton["bones"].items():
        if bone["parent"]:
            armature.edit_bones[name].parent = armature.edit_bones[bone["parent"]]
    bpy.ops.object.mode_set(mode="OBJECT")
    weights = json.loads((folder / "default_weights.mhw").read_text(encoding="utf-8"))["weights"]
    for name, pairs in weights.items():
        group = mesh.vertex_groups.new(name=name)
        for index, weight in pairs:
            if index in place:
                group.add([place[index]], weight, "REPLACE")
    mesh.parent = rig
    mesh.modifiers.new("Armature", "ARMATURE").object = rig
    bpy.context.view_layer.update()
    return rig, mesh


@ends
def test_makehuman(makehuman_files):
    rig, mesh = makehuman(makehuman_files)
    known = character.describe(rig)
    found = recognise(rig)
    assert found.convention == "makehuman" and found.confidence == 1.0
    outcome = registry.by_name("face_bones").apply(SAID, known, SETTINGS)
    assert not outcome.warnings
    rest = np.array([vertex.co for vertex in mesh.data.vertices])
    # The lips' middles: the front vertices of the upper and the lower lip that are nearest to each other.
    upper, lower = (rest[:, 2] > 0.6194) & (rest[:, 2] < 0.6225), (rest[:, 2] < 0.6190) & (rest[:, 2] > 0.615)
    middle = (np.abs(rest[:, 0]) < 0.002) & (rest[:, 1] < -0.135)
    pair = [int(np.flatnonzero(side & middle)[rest[side & middle, 1].argmin()]) for side in (upper, lower)]
    gaps = []
    for row in range(len(outcome.channels[0].values)):
        pose(outcome.channels, row)
        evaluated = mesh.evaluated_get(bpy.context.evaluated_depsgraph_get())
        one, other = (evaluated.data.vertices[index].co for index in pair)
        gaps.append((one.z - other.z) / 0.0825)
    check = np.array(gaps) - gaps[-1]
    assert np.corrcoef(check[EASED][: len(WANTED[EASED])], WANTED[EASED])[0, 1] > 0.9
    assert check.max() > 0.15
    assert np.abs(check[EASED][: len(WANTED[EASED])][WANTED[EASED] < 1e-3]).max() < 0.02
