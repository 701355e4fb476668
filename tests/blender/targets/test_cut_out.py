"""Planes and bones of a cut-out: told by names, move in their picture, and are given back."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from drawn_characters import FPS, empty, linked, pencil, say, seen, spoken

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.api.drawings import Move
from blender_addon.contract import Dials
from blender_addon.host.blender_versions import grease_pencil
from blender_addon.inputs.scene_script import lines
from blender_addon.motion import face_channels
from blender_addon.rigs.cut_out_parts import part_named, parts_named
from blender_addon.ui import lookup

LINE = spoken()


@pytest.fixture(autouse=True)
def _rate():
    bpy.context.scene.render.fps = int(FPS)


def plane(name: str, parent, at=(0, 0, 0), flat: int = 1, size: float = 1.0):
    """A square without thickness along one axis."""
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float) * size / 2
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.insert(square, flat, 0, axis=1).tolist(), [], [(0, 1, 2, 3)])
    item = linked(bpy.data.objects.new(name, mesh), parent)
    item.location = at
    return item


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Mund", "mouth"), ("mouth_sprite.001", "mouth"), ("Pupille links", "pupil.left"), ("brow.R", "brow.right"),
        ("Augenlid_rechts", "lid.right"), ("Kopf", "head"), ("mouth open", ""), ("eye", ""), ("Arm.L", ""), ("", ""),
        ("嘴巴", "mouth"), ("左眼睛", "eye.left"), ("왼쪽 눈썹", "brow.left"), ("口内", ""),
        ("下まぶた 左", ""), ("eyelid lower L", ""),
    ],
)  # fmt: skip
def test_names_of_parts(name, part):
    assert part_named(name) == part


def test_what_may_hold_a_part_back_is_told():
    root = empty("Otto")
    mouth, head = plane("Mouth", root, size=0.4), plane("Head", root)
    bpy.context.view_layer.update()
    assert not say(root, LINE).warnings
    limit = mouth.constraints.new("LIMIT_SCALE")
    assert not say(root, LINE).warnings
    limit.use_max_z = True
    assert say(root, LINE).warnings == [
        "The constraint 'Limit Scale' of 'Mouth' may hold back what moves it: switch it off if the part stays still."
    ]
    limit.mute = True
    head.constraints.new("COPY_LOCATION").use_offset = True
    mouth.driver_add("delta_scale", 2)
    assert say(root, LINE).warnings[-1].startswith("'Mouth' is moved by drivers of its own")


def test_a_part_that_was_deleted_is_not_drawn_in_the_panel():
    root = empty("Otto")
    plane("Mouth", root, size=0.4)
    brow = plane("Brow.L", root, size=0.2)
    bpy.context.view_layer.update()
    assert brow in lookup.described(root).objects
    bpy.data.objects.remove(brow)
    assert {obj.name for obj in lookup.described(root).objects} == {"Otto", "Mouth"}


def test_many_planes_of_one_name_are_drawings_and_no_part():
    root = empty("Otto")
    for number in range(1, 10):
        plane(f"mouth{number}", root, (0, 0, 0), 1)
    plane("Pupil.L", root, (0.3, 0, 0), 1, 0.2)
    bpy.context.view_layer.update()
    assert api.describe(root).problem.startswith("9 planes of 'Otto' are named alike, such as 'mouth1', ")
    assert parts_named(["mouth", "mouth.001"]) == {"mouth": "mouth"}


@pytest.mark.parametrize(
    ("names", "moved"),
    [
        (["Head", "Head Shadow", "Hair_Head", "Mouth"], {"head": "Head", "mouth": "Mouth"}),
        (["Hair_Head", "Head Shadow", "HEAD.001", "mouth"], {"head": "HEAD.001", "mouth": "mouth"}),
        (["Eye.L.highlight", "Eye_L_shadow", "Eye.L"], {"eye.left": "Eye.L"}),
        (["Mouth Cavity", "Mouth_Line", "Mouth"], {"mouth": "Mouth"}),
        (["Mouth Cavity", "Mouth_Line"], {"mouth": "Mouth Cavity"}),
        ([f"mouth{number}" for number in range(1, 10)] + ["Mouth Cavity", "Jaw"], {"jaw": "Jaw"}),
        (["mouth ah", "mouth ee", "mouth oo"], {}),
        (["mouth A", "mouth B", "Jaw"], {"jaw": "Jaw"}),
        (["lips closed", "lips open", "lips wide", "lips round"], {}),
        (["mouth open", "mouth shut", "Jaw"], {"jaw": "Jaw"}),
        (["mouth open", "Jaw"], {"jaw": "Jaw"}),
        (["Boca", "Ojo izq", "face/ceja_l.png", "Kopf"], {"mouth": "Boca", "eye.left": "Ojo izq", "brow.left": "face/ceja_l.png",
                                                          "head": "Kopf"}),
        (["口", "左目", "右まぶた"], {"mouth": "口", "eye.left": "左目", "lid.right": "右まぶた"}),
        ([], {}),
    ],
)  # fmt: skip
def test_layers_around_a_part_leave_it_moving(names, moved):
    assert parts_named(names) == moved


def test_a_layered_puppet_turns_its_head_and_blinks():
    root = empty("Otto")
    names = (
        "Hair_Head",
        "Head Shadow",
        "Head",
        "Eye.L",
        "Eye.L.highlight",
        "Eye_L_shadow",
        "Mouth",
        "Mouth Cavity",
        "Mouth_Line",
    )
    layers = {name: plane(name, root) for name in names}
    bpy.context.view_layer.update()
    character = api.describe(root)
    assert dict(character.targets[0].listed(character)) == {
        "Head": "Head",
        "Left Eye": "Eye.L",
        "Mouth": "Mouth",
    }
    say(root, LINE)
    moved = {name for name, item in layers.items() if item.animation_data is not None}
    assert moved == {"Head", "Eye.L", "Mouth"}


@pytest.mark.parametrize("flat", [1, 2])
def test_planes_follow_in_their_picture(flat):
    root = empty("Otto")
    root.rotation_euler = (0.0, 0.0, 0.3) if flat == 2 else (0.0, 0.0, 0.0)
    root.scale = (2, 2, 2)
    mouth, jaw, lid = (plane(name, root, (0, 0, 0), flat) for name in ("Mund", "Kiefer", "Lid links"))
    pupil = plane("Pupille.L", root, (0.3, 0, 0), flat, 0.2)
    before = {item.name: [list(row) for row in item.matrix_basis] for item in bpy.data.objects}
    assert api.describe(root).summary == "4 cut-out parts" and api.describe(root).problem == ""
    bpy.context.view_layer.update()
    assert api.describe(mouth).root == root and lines.characters_of(bpy.context.scene) == {"Otto": ("Otto",)}
    report = say(root, LINE)
    up = 3 - flat
    tall = np.array(seen(1, report.end, lambda graph: mouth.evaluated_get(graph).matrix_world.to_scale()[up]))
    wanted = face_channels.channel("opening", LINE)
    assert np.corrcoef(tall[: len(wanted)], wanted)[0, 1] > 0.98 and tall.max() > 3
    low = np.array(seen(1, report.end, lambda graph: jaw.evaluated_get(graph).matrix_world.translation[up]))
    assert np.corrcoef(-low[: len(wanted)], wanted)[0, 1] > 0.98
    shut = np.array(seen(1, report.end, lambda graph: lid.evaluated_get(graph).matrix_world.to_scale()[up]))
    assert shut.max() == pytest.approx(4, abs=0.1)
    bpy.context.scene.frame_set(15)
    api.remove(root)
    assert {item.name: [list(row) for row in item.matrix_basis] for item in bpy.data.objects} == before
    assert tuple(mouth.delta_scale) == (1, 1, 1) and tuple(pupil.delta_location) == (0, 0, 0)
    assert not bpy.data.actions


def filled_curve(name, root):
    """As an SVG file is read: a shape in the top view."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    spline = curve.splines.new("POLY")
    spline.points.add(3)
    for point, corner in zip(spline.points, ((-1, -0.5), (1, -0.5), (1, 0.5), (-1, 0.5))):
        point.co = (*corner, 0, 1)
    spline.use_cyclic_u = True
    return linked(bpy.data.objects.new(name, curve), root)


def strokes(name, root):
    """A part that is a Grease Pencil object of its own, whose layers are called after nothing."""
    part = pencil(name, ["Lines"])
    (layer,) = part.data.layers
    corners = np.array([(-1, 0, -0.5), (1, 0, -0.5), (1, 0, 0.5), (-1, 0, 0.5)], np.float32)
    grease_pencil.draw(layer.frames[0], [grease_pencil.NewStroke(corners, True, 0, 0.02)])
    part.parent = root
    return part


@pytest.mark.parametrize(("part", "up"), [(filled_curve, 1), (strokes, 2)])
def test_filled_curves_and_strokes_are_parts_too(part, up):
    root = empty("Otto")
    head, mouth, lid = (part(name, root) for name in ("Head", "Mouth", "Lid.L"))
    bpy.context.view_layer.update()
    assert api.describe(mouth).root == root and api.describe(root).summary == "3 cut-out parts"
    assert api.describe(root).problem == ""
    assert not say(root, LINE).warnings
    wanted = face_channels.channel("opening", LINE)
    tall = np.array(
        seen(1, len(wanted), lambda graph: mouth.evaluated_get(graph).matrix_world.to_scale()[up])
    )
    assert np.corrcoef(tall, wanted)[0, 1] > 0.98 and tall.max() > 1.5
    assert api.remove(root) and tuple(mouth.delta_scale) == (1, 1, 1)


def test_curves_without_a_filling_and_strokes_with_a_mouth_are_no_parts():
    root = empty("Rig")
    control, face = filled_curve("Mouth_ctrl", root), strokes("Mouth", root)
    control.data.fill_mode = "NONE"
    setattr(face.data.layers[0], "name" if grease_pencil.NEW else "info", "Lips")
    bpy.context.view_layer.update()
    assert not drawings.is_flat(control) and not drawings.is_flat(face)


def test_parts_below_a_plane_and_picked_by_any_of_them():
    root = empty("Otto")
    head = plane("Kopf", root)
    mouth, eye, lid, hat = (plane(name, head) for name in ("Mund", "Auge.L", "Lid.L", "Hut"))
    pupil = plane("Pupille.L", eye)
    stray = plane("Auge.R", empty("Nobody"))
    bpy.context.view_layer.update()
    assert {api.describe(part).root.name for part in (root, head, mouth, eye, lid, hat, pupil)} == {"Otto"}
    assert api.describe(stray).root == stray
    assert lines.characters_of(bpy.context.scene) == {"Otto": ("Otto",)}
    moved = {part for part, _ in api.describe(hat).targets[0].listed(api.describe(hat))}
    assert moved == {"Head", "Mouth", "Left Lid", "Left Pupil"}  # the lid shuts the eye


def test_drawings_that_are_swapped_are_no_parts():
    root = empty("Otto")
    head = plane("Head", root)
    for name in ("mouth A", "mouth B", "mouth C", "mouth D", "mouth E", "mouth X", "eyes open", "eyes shut"):
        plane(name, head)
    for name in ("Lid.L", "Pupil.L", "Brow.R", "Jaw"):
        plane(name, head)
    bpy.context.view_layer.update()
    swap, cut_out = api.describe(root).targets
    assert (swap.name, cut_out.name) == ("swap", "cut_out")
    moved = {part for part, _ in cut_out.listed(api.describe(root))}
    assert moved == {"Head", "Left Pupil", "Right Brow", "Jaw"}
    assert api.describe(bpy.data.objects["eyes shut"]).root == root


def test_bones_are_mapped_with_gains_and_limits():
    data = bpy.data.armatures.new("Rig")
    rig = linked(bpy.data.objects.new("Rig", data))
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for name, tail in (("m1", (0, 0, 1)), ("h1", (1, 0, 0))):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = (0, 0, 0), tail
    bpy.ops.object.mode_set(mode="OBJECT")
    assert api.describe(rig).problem
    drawings.map_part(
        rig, "jaw", rig, "m1", {"up": Move("opening", -3.0, low=-0.5), "turn": Move("jaw", 0.5)}, twos=True
    )
    drawings.map_part(rig, "head", rig, "h1")
    assert api.describe(rig).problem == ""
    report = say(rig, LINE)
    down = np.array(
        seen(1, report.end, lambda graph: rig.evaluated_get(graph).pose.bones["m1"].matrix.translation[2])
    )
    assert down.min() == pytest.approx(-0.5, abs=1e-4) and down[0] == pytest.approx(0, abs=1e-5)
    turned = seen(1, report.end, lambda graph: rig.evaluated_get(graph).pose.bones["m1"].matrix.to_euler().y)
    assert np.ptp(turned) == pytest.approx(0.3, abs=0.01)
    api.remove(rig)
    assert tuple(rig.pose.bones["m1"].rotation_quaternion) == (1, 0, 0, 0)


def test_what_cannot_be_is_one_sentence():
    root = empty("Otto")
    mouth = plane("Schnute", root)
    for wrong, sentence in (
        ({"part": "nose"}, "no part"),
        ({"bone": "x"}, "no bone"),
        ({"moves": {"sideways": Move("jaw")}}, "cannot move"),
        ({"moves": {"up": Move("")}}, "no channel"),
    ):
        with pytest.raises(api.TalkingAnimationError, match=sentence):
            drawings.map_part(root, **{"part": "mouth", "thing": mouth, **wrong})
    assert "no shape keys" in api.describe(root).problem
    drawings.map_part(root, "mouth", mouth)
    assert api.describe(mouth).root == root and api.describe(root).problem == ""
    mouth.name = "Renamed"
    assert "'Schnute'" in api.describe(root).problem


def test_a_head_made_of_solids_is_left_alone():
    root = empty("Sculpture")
    cube = bpy.data.meshes.new("mouth")
    cube.from_pydata([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], [], [])
    linked(bpy.data.objects.new("mouth", cube), root)
    assert "no shape keys" in api.describe(root).problem


def test_a_still_dial_lets_it_be_still():
    root = empty("Otto")
    mouth = plane("mouth", root)
    say(root, LINE)
    api.with_dials(root.talking_animation, Dials())
    from blender_addon.characters.target import TargetSettings
    from blender_addon.keys.actions import RestReader
    from blender_addon.targets.cut_out import CutOut

    still = CutOut().apply(LINE, api.describe(root), TargetSettings(Dials(lips=0.0), RestReader()))
    assert still.channels and all(np.ptp(channel.values) < 1e-6 for channel in still.channels)
    assert mouth.animation_data is not None


def test_the_button_maps_planes_and_bones():
    root = empty("Otto")
    flap = plane("Schnute", root)
    bpy.context.scene.talking_animation.character = root
    assert not bpy.ops.talking_animation.map_part.poll()
    bpy.context.view_layer.objects.active = flap
    assert bpy.ops.talking_animation.map_part(part="mouth", strength=2.0, twos=True) == {"FINISHED"}
    (row,) = drawings.mapped_of(root).parts
    assert (row.part, row.object, row.twos) == ("mouth", "Schnute", True)
    assert row.moves["tall"] == Move("opening", 3.0) and api.describe(root).problem == ""
    rig = linked(bpy.data.objects.new("Bones", bpy.data.armatures.new("Bones")), root)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    rig.data.edit_bones.new("b1").tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    rig.data.bones.active = None
    assert not bpy.ops.talking_animation.map_part.poll()
    rig.data.bones.active = rig.data.bones["b1"]
    bpy.ops.object.mode_set(mode="POSE")
    assert bpy.ops.talking_animation.map_part(part="jaw") == {"FINISHED"}
    bpy.ops.object.mode_set(mode="OBJECT")
    assert drawings.mapped_of(root).parts[1].bone == "b1" and api.describe(root).problem == ""


def test_parts_without_telling_names_are_one_puppet_whichever_is_mapped_first():
    root = empty("Puppet")
    face = plane("Face", root)
    first, second = plane("Blob 1", face, (0, -0.1, -0.3)), plane("Blob 2", face, (0.2, -0.1, 0.2))
    drawings.map_part(first, "mouth", first)
    drawings.map_part(second, "lid.left", second)
    for part in (root, face, first, second):
        found = api.describe(part)
        assert found.root == root and not found.problem
    assert [row.part for row in drawings.mapped_of(root).parts] == ["mouth", "lid.left"]
    alone = plane("Blob 3", None)
    drawings.map_part(alone, "mouth", alone)
    assert api.describe(alone).root == alone


def test_a_plane_is_one_part_the_last_that_it_was_mapped_as():
    root = empty("Otto")
    flap, head = plane("Flap", root), plane("Head", root)
    for part in ("mouth", "head", "jaw"):
        drawings.map_part(root, part, flap)
    drawings.map_part(root, "lid.left", head)
    bpy.context.view_layer.update()
    (target,) = api.describe(root).targets
    assert set(target.listed(api.describe(root))) == {("Jaw", "Flap"), ("Left Lid", "Head")}
    assert not say(root, LINE).warnings


def test_parts_have_titles():
    assert tuple(drawings.PARTS) == tuple(drawings.MOVES)


def test_a_limit_that_stops_a_mouth_is_told():
    root = empty("Otto")
    mouth = plane("Mouth", root)
    bpy.context.view_layer.update()
    say(root, LINE)
    limit = mouth.constraints.new("LIMIT_SCALE")
    for letter in "xyz":
        for end in ("min", "max"):
            setattr(limit, f"use_{end}_{letter}", True)
            setattr(limit, f"{end}_{letter}", 1.0)
    (problem,) = api.check(root)
    assert problem.code == "HELD" and f"'{limit.name}' of 'Mouth' holds it" in problem.message
    api.repair(root)
    assert limit.mute and not api.check(root)
    limit.mute, limit.max_x, limit.max_y, limit.max_z = False, 9.0, 9.0, 9.0
    limit.min_x = limit.min_y = limit.min_z = 0.0
    assert not api.check(root)
