"""Characters that nobody would build on purpose, and yet are sent: each moves, or a sentence says what to do."""

from __future__ import annotations

import warnings

import bpy
import characters
import numpy as np
import pytest
import vendor_faces
from drawn_characters import say, spoken
from versions import ends

from blender_addon import api
from blender_addon.characters import measurements
from blender_addon.contract import ARKIT_NAMES
from blender_addon.faces.geometry.surface import from_polygons, sewn
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions

LINE = spoken(fps=24)


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


def moved(face) -> float:
    """How far the mouth's vertex of the evaluated mesh goes while the line is said."""
    heights = []
    for frame in range(1, 43):
        bpy.context.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        heights.append(face.evaluated_get(graph).data.vertices[characters.MOUTH].co.z)
    return float(np.ptp(heights))


def test_a_basis_alone_is_no_shape_key():
    face = characters.face_mesh("Bust", [])
    assert "has no shape keys" in api.describe(face).problem
    face.shape_key_add(name="wobble")
    assert "has a name that is known" in api.describe(face).problem


def test_absolute_shape_keys_are_told_when_they_are_keyed(fake, voice):
    face = characters.face_mesh("Old")
    face.data.shape_keys.use_relative = False
    assert ["absolute" in told for told in api.generate(face, voice).warnings].count(True) == 1
    api.repair(face, code="KEY_ABSOLUTE")
    assert "absolute" not in " ".join(api.generate(face, voice).warnings)


def locked(face):
    for block in face.data.shape_keys.key_blocks:
        if hasattr(block, "lock_shape"):
            block.lock_shape = True


def far_away(face):
    above = bpy.data.objects.new("far", None)
    bpy.context.scene.collection.objects.link(above)
    above.location, face.parent = (1000.0, 2000.0, -500.0), above


def mirrored(face):
    face.scale = (-1.0, 1.0, 1.0)


def oddly_named(face):
    face.name = 'two\nlines "quoted" \\ back'
    face.data.shape_keys.key_blocks["jawOpen"].name = 'Face"x\\y.jawOpen\n'


@pytest.mark.parametrize("change", [locked, far_away, mirrored, oddly_named])
def test_it_moves_all_the_same_and_is_given_back(change):
    face = characters.face_mesh(
        "Face", ["jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight", "mouthPucker"]
    )
    change(face)
    before = [block.value for block in face.data.shape_keys.key_blocks]
    assert not say(face, LINE).warnings
    assert moved(face) > 0.05
    assert api.remove(face)
    assert [block.value for block in face.data.shape_keys.key_blocks] == before


def below_an_empty(parent):
    rig, face = characters.rigged()
    for obj in (rig, face):
        obj.parent = parent
    return rig, face


def test_an_empty_above_a_rig_stands_for_it():
    """As glTF files come in: all of the body nodded, since an empty has no head bone."""
    top, node = (bpy.data.objects.new(name, None) for name in ("Sketchfab_model", "RootNode"))
    for obj in (top, node):
        bpy.context.scene.collection.objects.link(obj)
    node.parent = top
    rig, face = below_an_empty(node)
    for picked in (top, node, rig, face):
        found = api.describe(picked)
        assert found.root == rig and found.head == "head" and found.is_current()
    say(top, LINE)
    assert moved(face) > 0.05 and not top.animation_data and api.remove(rig)
    teeth = characters.face_mesh("Teeth")
    teeth.parent = top  # nothing of the rig moves them
    assert {mesh.object for mesh in api.describe(top).meshes} == {face, teeth}
    teeth.parent = None
    below_an_empty(node)
    assert api.describe(top).root == top, "two are nobody's"


def test_an_empty_that_carries_an_animation_keeps_it():
    """As earlier versions wrote it, on the empty."""
    top = bpy.data.objects.new("root", None)
    bpy.context.scene.collection.objects.link(top)
    rig, face = below_an_empty(top)
    top.talking_animation.uid = "before"
    say(top, LINE)
    assert api.describe(top).root == top and actions.own_actions(face.data.shape_keys)
    assert api.remove(top) and not actions.own_actions(face.data.shape_keys)


def test_edges_without_faces_talk_and_have_no_landmarks():
    mesh = bpy.data.meshes.new("wire")
    mesh.from_pydata([(0, 0, 0), (0, 0, 1), (1, 0, 0)], [(0, 1), (1, 2)], [])
    face = bpy.data.objects.new("wire", mesh)
    bpy.context.scene.collection.objects.link(face)
    face.shape_key_add(name="Basis")
    face.shape_key_add(name="jawOpen").data[characters.MOUTH].co.z -= 1.0
    say(face, LINE)
    assert moved(face) > 0.05
    with pytest.raises(api.TalkingAnimationError, match="no mesh with faces"):
        api.faces.keep_landmarks(face)


def test_places_that_are_no_numbers_are_no_warning():
    points = np.full((4, 3), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sewn(from_polygons(points, np.arange(4), np.array([0]), np.array([4])))


def test_shapes_that_all_have_drivers_are_told_and_mended(fake, voice):
    """Only the head could be keyed, and the report said that the character talks."""
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight"])
    for block in face.data.shape_keys.key_blocks[1:]:
        block.driver_add("value").driver.expression = "0"
    told = " ".join(api.generate(face, voice, start_frame=1).warnings)
    assert "such as 'jawOpen', which opens the mouth, have drivers" in told
    assert "mouth of 'Face' keeps still" in " ".join(say(face, LINE).warnings)
    assert [problem.code for problem in api.check(face)] == ["KEY_DRIVEN"]
    api.generate(face, voice, start_frame=1)
    assert not api.repair(face) and moved(face) > 0.05


@ends
@pytest.mark.parametrize("apart", [3.0, 0.0])
def test_two_heads_on_one_armature_say_the_same_and_that_is_told(fake, voice, apart):
    """The other one talked along without a word; a second surface in the same place is part of the face."""
    rig = characters.armature(characters.SPINE)
    for name, place in (("Anna", 0.0), ("Bert", apart)):
        face = vendor_faces.build({name: name for name in ARKIT_NAMES}, name)
        face.parent, face.location.x = rig, place
        face.modifiers.new("Armature", "ARMATURE").object = rig  # else the second one is somebody else
    bpy.context.view_layer.update()
    told = [
        text
        for text in api.generate(bpy.data.objects["Bert"], voice).warnings
        if "faces of one character" in text
    ]
    assert len(told) == (apart > 0) and all("'Anna'" in text and "'Bert'" in text for text in told)


def beside(face, name, size, names):
    """A smaller or larger mesh in the same place, with shapes of its own."""
    other = characters.face_mesh(name, names)
    other.scale = (size,) * 3
    bpy.context.view_layer.update()
    return other


@pytest.mark.parametrize(
    ("hung", "remedy"), [(True, "pick 'Both', to which"), (False, "parent 'Teeth' to 'Head'")]
)
@pytest.mark.parametrize("picked", ["Head", "Teeth"])
def test_a_part_that_hangs_on_nothing_is_told(picked, hung, remedy):
    head = characters.face_mesh("Head", ["jawOpen", "mouthFunnel"])
    teeth = beside(head, "Teeth", 0.5, ["jawOpen"])
    if hung:
        head.parent = teeth.parent = bpy.data.objects.new("Both", None)
        bpy.context.scene.collection.objects.link(head.parent)
    say(bpy.data.objects[picked], LINE)
    problems = {problem.code: problem for problem in api.check(bpy.data.objects[picked])}
    assert remedy in problems["LEFT_OUT"].message and problems["LEFT_OUT"].subject != picked
    (head if picked == "Teeth" else teeth).hide_set(True)
    assert "LEFT_OUT" not in [problem.code for problem in api.check(bpy.data.objects[picked])]
    (head if picked == "Teeth" else teeth).hide_set(False)
    say(head.parent or teeth, LINE)
    assert "LEFT_OUT" not in [problem.code for problem in api.check(bpy.data.objects["Head"])]


def test_neighbours_and_copies_are_no_parts():
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel"])
    beside(face, "Larger", 1.3, ["jawOpen"])
    beside(face, "Neighbour", 0.5, ["jawOpen"]).location.x = 1.0
    say(face, LINE)
    assert not api.check(face)


@pytest.mark.parametrize("keys", [["jawOpen"], []])
def test_a_copy_that_covers_a_face_is_told(keys):
    """It was left where it was made, and of what talked nothing was to be seen but a flicker."""
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel"])
    copy, other = beside(face, "Face", 1.0, keys), beside(face, "Somebody", 1.0, keys)
    assert copy.name == "Face.001" and other.name == "Somebody"
    if not keys:
        copy.shape_key_clear()
    say(face, LINE)
    (told,) = api.check(face)
    assert told.code == "COVERED" and "'Face.001', a copy of 'Face'" in told.message
    copy.hide_set(True)
    assert not api.check(face)
    copy.hide_set(False)
    copy.location.x = 3.0
    bpy.context.view_layer.update()
    assert not api.check(face)


def test_an_object_of_no_size_is_told():
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel"])
    face.scale = (0.0,) * 3
    say(face, LINE)
    assert [problem.code for problem in api.check(face)] == ["NO_SIZE"]
    face.scale = (1e-4,) * 3
    bpy.context.view_layer.update()
    assert not api.check(face)


def test_an_instance_of_a_collection_says_how_to_get_at_its_character():
    face = characters.face_mesh("Face", ["jawOpen"])
    collection = bpy.data.collections.new("Cast")
    collection.objects.link(face)
    shown = bpy.data.objects.new("Shown", None)
    shown.instance_type, shown.instance_collection = "COLLECTION", collection
    assert "shows the collection 'Cast'" in api.describe(shown).problem
    assert "Make Instances Real" in api.describe(shown).problem


def test_a_rig_whose_skin_does_not_follow_is_told():
    rig, face = characters.rigged(
        bones={**characters.SPINE, "jaw": ((0.0, 0.0, -0.2), (0.0, -0.8, -0.6), "head")}
    )
    face.shape_key_clear()
    say(rig, LINE)
    assert not [problem for problem in api.check(rig) if problem.code == "MODIFIER_OFF"]
    face.modifiers[0].show_viewport = False
    assert "MODIFIER_OFF" in [problem.code for problem in api.check(rig)]


def node_modifier(face, *, passes_on):
    """Geometry nodes that put a cube in a mesh's place, or only stand behind it."""
    tree = bpy.data.node_groups.new("nodes", "GeometryNodeTree")
    if hasattr(tree, "interface"):  # 4.0 on
        for way in ("INPUT", "OUTPUT"):
            tree.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    else:
        tree.inputs.new("NodeSocketGeometry", "Geometry")
        tree.outputs.new("NodeSocketGeometry", "Geometry")
    source, end = (tree.nodes.new(f"NodeGroup{name}") for name in ("Input", "Output"))
    between = tree.nodes.new("GeometryNodeSetPosition" if passes_on else "GeometryNodeMeshCube")
    if passes_on:
        tree.links.new(source.outputs[0], between.inputs[0])
    tree.links.new(between.outputs[0], end.inputs[0])
    modifier = face.modifiers.new("Nodes", "NODES")
    modifier.node_group = tree
    return modifier


def test_nodes_that_put_something_else_in_a_faces_place_are_told(fake, voice):
    face = characters.face_mesh("Face")
    node_modifier(face, passes_on=True)
    assert "something else" not in " ".join(api.generate(face, voice).warnings)
    assert moved(face) > 0.05
    replacing = node_modifier(face, passes_on=False)
    bpy.context.scene.frame_set(1)
    (told,) = [
        told
        for told in api.generate(face, voice).warnings
        if "of 'Face' puts something else in its place" in told
    ]
    assert replacing.name in told and "switch the modifier off" in told
    another = node_modifier(face, passes_on=False)
    another.show_viewport = False  # renders would show it
    assert api.repair(face, code="MESH_REPLACED") == []
    assert not any(each.show_viewport or each.show_render for each in (replacing, another))
    assert moved(face) > 0.05
    cached = face.modifiers.new("Points", "MESH_CACHE")
    assert not api.check(face), "without a file it moves nothing"
    cached.filepath = "//points.pc2"
    assert [problem.code for problem in api.check(face)] == ["MESH_REPLACED"]
    face.modifiers.remove(cached)
    physics = face.modifiers.new("Cloth", "CLOTH")
    assert [problem.code for problem in api.check(face)] == ["MESH_REPLACED"]
    physics.settings.vertex_group_mass = face.vertex_groups.new(name="pinned").name
    assert not api.check(face)


def followed(face, leader):
    """Let the shape keys of a mesh follow those of another by drivers, as teeth and lashes are rigged."""
    for block in list(face.data.shape_keys.key_blocks)[1:]:
        driver = block.driver_add("value").driver
        variable = driver.variables.new()
        variable.targets[0].id_type, variable.targets[0].id = "KEY", leader.data.shape_keys
        variable.targets[0].data_path = f'key_blocks["{block.name}"].value'
        driver.expression = variable.name


def test_shapes_that_follow_the_faces_are_no_problem(fake, voice):
    """They were said to be left to their drivers, with the advice to mute these."""
    face, lashes, jaw = (characters.face_mesh(name) for name in ("Face", "Lashes", "Jaw"))
    lashes.parent = jaw.parent = face
    followed(lashes, face)
    assert not [told for told in api.generate(face, voice).warnings if "drivers" in told]
    assert not api.check(face) and moved(lashes) > 0.05
    followed(jaw, lashes)  # what follows what is driven is another matter
    bpy.context.scene.frame_set(1)
    assert [told for told in api.generate(face, voice).warnings if "'Jaw'" in told and "drivers" in told]
    face.shape_key_add(name="CTRL_jaw")  # nobody keys it: what follows it keeps still
    (driver,) = [one for one in lashes.data.shape_keys.animation_data.drivers if "jawOpen" in one.data_path]
    driver.driver.variables[0].targets[0].data_path = 'key_blocks["CTRL_jaw"].value'
    bpy.context.scene.frame_set(1)
    assert [told for told in api.generate(face, voice).warnings if "'Lashes'" in told and "drivers" in told]


@pytest.mark.parametrize(("fps", "base"), [(24, 1e-5), (1, 1000.0)])
def test_frame_rates_that_nobody_plays_are_told(fake, voice, fps, base):
    """Millions of keys took all memory; one key in a thousand seconds was no talking animation, without a word."""
    face = characters.face_mesh("Face")
    render = bpy.context.scene.render
    render.fps, render.fps_base = fps, base
    with pytest.raises(api.TalkingAnimationError, match=r"frames per second .* set its frame rate and base"):
        api.generate(face, voice)
    assert face.data.shape_keys.animation_data is None


def test_what_is_hidden_in_renders_is_told(fake, voice):
    face, teeth = characters.face_mesh("Face"), characters.face_mesh("Teeth")
    teeth.parent, teeth.hide_render = face, True
    api.generate(face, voice)
    assert not api.check(face), "a proxy may well be kept out of renders"
    face.hide_render = True
    assert ["hidden in renders" in problem.message for problem in api.check(face)] == [True]
    face.hide_set(True)
    bpy.context.view_layer.update()
    assert api.repair(face) == [] and not face.hide_render and not face.hide_get()
    kept_out = bpy.data.collections.new("Kept out")
    bpy.context.scene.collection.children.link(kept_out)
    for item in (face, teeth):
        bpy.context.scene.collection.objects.unlink(item)
        kept_out.objects.link(item)
    kept_out.hide_render = True
    assert ["collection of 'Face' is hidden in renders" in one.message for one in api.check(face)] == [True]


def test_a_cage_whose_mesh_is_rendered_may_be_hidden(fake, voice):
    cage, skin = characters.face_mesh("Cage"), characters.face_mesh("Skin", [])
    cage.hide_render = True
    api.generate(cage, voice)
    assert [problem.code for problem in api.check(cage)] == ["NOT_RENDERED"]
    skin.modifiers.new("Bound", "MESH_DEFORM").object = cage
    assert not api.check(cage)
    skin.hide_render = True
    assert [problem.code for problem in api.check(cage)] == ["NOT_RENDERED"]


def test_shape_keys_of_a_curve_or_lattice_are_told_with_a_remedy():
    lattice = bpy.data.objects.new("Cage", bpy.data.lattices.new("Cage"))
    bpy.context.scene.collection.objects.link(lattice)
    for name in ("Basis", "jawOpen"):
        lattice.shape_key_add(name=name)
    head = characters.face_mesh("Face", [])
    head.shape_key_clear()
    head.modifiers.new("Lattice", "LATTICE").object = lattice
    for picked in (lattice, head):
        assert "keys of 'Cage' are a lattice's, not a mesh's: right-click" in api.describe(picked).problem


@pytest.mark.skipif(not animation_data.HAS_SLOTS, reason="this Blender's actions have no slots")
def test_an_action_without_a_slot_hides_nothing(fake, voice):
    face, other = characters.face_mesh("Face"), characters.face_mesh("Other")
    block = other.data.shape_keys.key_blocks["jawOpen"]
    block.keyframe_insert("value", frame=1)
    data = face.data.shape_keys.animation_data_create()
    data.action = other.data.shape_keys.animation_data.action
    data.action_slot = None
    assert not [told for told in api.generate(face, voice).warnings if "active action" in told]
    assert not api.check(face) and moved(face) > 0.05
