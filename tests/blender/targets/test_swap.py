"""Drawings that are swapped: what is told by names, what a person maps, what is keyed, and that Remove gives all back."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blender_addon.contract.easing import rested
from blender_addon.contract.names import VISEMES
from drawn_characters import FPS, empty, linked, pencil, say, seen, shown_layers, spoken

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.characters.character import describe
from blender_addon.characters.drawing_mappings import from_json
from blender_addon.contract import ARKIT_INDEX
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import drawing_layers, materials, node_inputs
from blender_addon.keys import actions
from blender_addon.targets.swap.recognition import charts_of
from blender_addon.ui import drawings as drawings_panel

LETTERS = "ABCDEFGHX"
LINE = spoken()


@pytest.fixture(autouse=True)
def _rate():
    bpy.context.scene.render.fps = int(FPS)


def expected(line=LINE) -> list[str]:
    """The cue of each frame, as exported, one frame ahead of the sound."""
    shown = rested(line)
    instants = [(frame + 1) / FPS + 1e-4 for frame in range(len(shown))]
    return [next((cue for start, end, cue in shown.cues if start <= at < end), "X") for at in instants]


def test_layers_are_told_by_their_names_and_follow_the_cues():
    face = pencil("Face", [f"mouth_{letter}" for letter in LETTERS])
    character = describe(face)
    assert character.problem == "" and character.summary == "9 mouth drawings"
    before = [layer.hide for layer in face.data.layers]
    report = say(face, LINE)
    shown = seen(1, report.end, lambda graph: shown_layers(face, graph))
    assert all(len(layers) == 1 for layers in shown)
    letters = [layers[0][-1] for layers in shown]
    assert letters[2:] == expected()[2:]
    assert api.remove(face)
    assert [layer.hide for layer in face.data.layers] == before
    assert face.data.animation_data is None and not bpy.data.actions


def test_a_closed_mouth_is_in_every_chart_and_a_layer_beside_it_is_told():
    names = ["AI", "E", "O", "U", "MBP", "FV", "L", "WQ", "etc"]
    face = pencil("Face", ["Head", *names, "closed"])
    report = say(face, LINE)
    assert not report.warnings
    shown = seen(1, report.end, lambda graph: shown_layers(face, graph))
    assert all(len(layers) == 2 and layers[0] == "Head" for layers in shown)
    beside = pencil("Other", ["Head", *names, "closed", "sil"])
    (told,) = say(beside, LINE).warnings
    assert told.startswith("'closed' is called as a drawing of 'Other' that is swapped, but stays to be seen")
    armed = pencil("Armed", ["Head", *(f"mouth {name}" for name in names), "R", "Normal"])
    assert not say(armed, LINE).warnings


def test_frames_of_a_layer_are_shown_by_a_time_modifier():
    face = pencil("Kopf", ["Mund"], range(10, 100, 10))
    drawings.by_frames(face, "mouth", dict(zip(LETTERS, range(10, 100, 10))), "Mund", lead=0)
    stack = getattr(face, "grease_pencil_modifiers", None) or face.modifiers
    assert len(stack) == 1
    before = stack[0].offset
    report = say(face, LINE)

    def offset(graph):
        evaluated = face.evaluated_get(graph)
        return (getattr(evaluated, "grease_pencil_modifiers", None) or evaluated.modifiers)[0].offset

    values = seen(1, report.end, offset)
    assert {values[0], values[-1]} == {90} and set(values) == set(range(10, 100, 10))
    bpy.context.scene.frame_set(20)
    assert api.remove(face) and stack[0].offset == before and len(stack) == 1


def test_a_whole_chart_of_frames_needs_no_mapping():
    face = pencil("Kopf", ["Mund"], range(1, 10))
    drawing_layers.add_time_modifier(face, "Mund", "Mund", 9)
    assert describe(face).summary == "9 mouth drawings"


def test_objects_with_eyes_below_an_empty():
    root = empty("Puppet")
    for name in (
        "mouth closed",
        "mouth A",
        "mouth I",
        "mouth U",
        "mouth E",
        "mouth O",
        "eye open",
        "eye shut",
    ):
        empty(name, root)
    before = {item.name: (item.hide_viewport, item.hide_render) for item in bpy.data.objects}
    assert describe(root).summary == "6 mouth drawings, 2 eyes drawings"
    report = say(root, LINE, use_nla=False)

    def visible(_):
        return {item.name for item in root.children if not item.hide_render and not item.hide_viewport}

    shown = seen(1, report.end, visible)
    assert all(len(names) == 2 for names in shown)
    assert any("eye shut" in names for names in shown)
    assert "mouth closed" in shown[0] and "mouth A" in {name for names in shown for name in names}
    api.remove(root)
    assert {item.name: (item.hide_viewport, item.hide_render) for item in bpy.data.objects} == before


def test_a_sprite_sheet_and_a_custom_chart():
    mesh = bpy.data.meshes.new("Plane")
    plane = linked(bpy.data.objects.new("Plane", mesh))
    mesh.uv_layers.new()
    warp = plane.modifiers.new("Sheet", "UV_WARP")
    cues = {"m": "AX", "smile": "BGH", "wide": "CD", "round": "EF"}
    drawings.by_numbers(
        plane, "mouth", "SPRITES", plane, 'modifiers["Sheet"].offset', dict(zip(cues, range(4))),
        "CUSTOM", cues=cues, columns=2, rows=2,
    )  # fmt: skip
    report = say(plane, LINE)
    cells = set(seen(1, report.end, lambda graph: tuple(plane.evaluated_get(graph).modifiers[0].offset)))
    assert cells == {(0, 0), (0.5, 0), (0, -0.5), (0.5, -0.5)}
    api.remove(plane)
    assert tuple(warp.offset) == (0, 0)


def test_choices_whole_numbers_and_ticks_keep_their_kind():
    item = empty("Robot")
    item["mouth"] = 7
    drawings.by_numbers(
        item, "mouth", "PROPERTY", item, '["mouth"]', {letter: n for n, letter in enumerate(LETTERS)}
    )
    say(item, LINE)
    bpy.context.scene.frame_set(12)
    api.remove(item)
    assert item["mouth"] == 7 and isinstance(item["mouth"], int)
    drawings.by_numbers(
        item, "mouth", "PROPERTY", item, "empty_display_type", {"X": "CUBE", "D": "SPHERE", "A": "CONE"}
    )
    item.empty_display_type = "ARROWS"
    report = say(item, LINE)
    kinds = set(seen(1, report.end, lambda graph: item.evaluated_get(graph).empty_display_type))
    assert kinds == {"CUBE", "SPHERE", "CONE"}
    api.remove(item)
    assert item.empty_display_type == "ARROWS"


def test_images_of_a_sequence():
    material = bpy.data.materials.new("Mouth")
    node = materials.empty_node_tree(material).nodes.new("ShaderNodeTexImage")
    node.name = "Mund"
    node.image_user.frame_duration = 1
    item = linked(bpy.data.objects.new("Screen", bpy.data.meshes.new("Screen")))
    item.data.materials.append(material)
    path = 'nodes["Mund"].image_user.frame_offset'
    drawings.by_numbers(
        item, "mouth", "IMAGES", material.node_tree, path, {c: n + 1 for n, c in enumerate(LETTERS)}
    )
    report = say(item, LINE)
    offsets = seen(1, report.end, lambda _: node.image_user.frame_offset)
    assert set(offsets) == set(range(9))
    assert api.describe(item).targets[-1].problem(api.describe(item)) == ""
    node.image_user.frame_duration = 9
    assert "plays by itself" in api.check(item)[0].message
    api.remove(item)
    assert node.image_user.frame_offset == 0 and material.node_tree.animation_data is None


def test_an_image_that_a_sequence_on_disk_lacks_is_told(tmp_path):
    for number in (1, 2, 5):
        picture = bpy.data.images.new("Mouth", 4, 4)
        picture.filepath_raw, picture.file_format = str(tmp_path / f"mouth_{number:04d}.png"), "PNG"
        picture.save()
    image = bpy.data.images.load(str(tmp_path / "mouth_0001.png"))
    image.source = "SEQUENCE"
    item = empty("Screen")
    item.empty_display_type, item.data = "IMAGE", image
    item.image_user.frame_duration = 1
    place = (item, "image_user.frame_offset")
    drawings.by_numbers(item, "mouth", "IMAGES", *place, {"A": 1, "C": 2, "D": 5})
    assert not say(item, LINE).warnings
    drawings.by_numbers(item, "mouth", "IMAGES", *place, {"A": 1, "C": 3, "D": 5})
    (told,) = say(item, LINE).warnings
    assert told.startswith("The image mouth_0003.png of a sequence of 'Screen' is not in its folder")
    image.filepath = str(tmp_path / "moved" / "mouth_0001.png")
    assert say(item, LINE).warnings[0].startswith("The image mouth_0001.png of a sequence")


def test_cells_and_values_that_cannot_be_shown_are_refused_and_margins_are_stepped_over():
    plane = linked(bpy.data.objects.new("Plane", bpy.data.meshes.new("Plane")))
    plane.data.uv_layers.new()
    plane.modifiers.new("Sheet", "UV_WARP")
    plane["mouth"] = 1
    plane.id_properties_ui("mouth").update(min=0, max=3)
    sheet = (plane, "mouth", "SPRITES", plane, 'modifiers["Sheet"].offset')
    for cell in (4, -1, 0.5):
        with pytest.raises(TalkingAnimationError, match="has the cells 0 to 3"):
            drawings.by_numbers(*sheet, {"A": 0, "D": cell}, columns=2, rows=2)
    with pytest.raises(TalkingAnimationError, match="keeps 0 to 3 only"):
        drawings.by_numbers(plane, "mouth", "PROPERTY", plane, '["mouth"]', {"A": 0, "D": 7})
    for wrong in (1.5, float("nan"), float("inf")):
        with pytest.raises(TalkingAnimationError, match="keeps whole numbers only"):
            drawings.by_numbers(plane, "mouth", "PROPERTY", plane, '["mouth"]', {"A": 0, "D": wrong})
    plane["size"] = 1.0
    size = (plane, "mouth", "PROPERTY", plane, '["size"]')
    with pytest.raises(
        TalkingAnimationError, match=r"'D' is 5e.09, but numbers are kept from -1e.09 to 1e.09"
    ):
        drawings.by_numbers(*size, {"A": 0, "D": 5e9})
    for columns, step in ((20_000, None), (2, (0.5, 2e9))):
        with pytest.raises(TalkingAnimationError, match="10000 columns and 10000 rows at most"):
            drawings.by_numbers(*sheet, {"A": 0, "D": 1}, columns=columns, rows=2, step=step)
    kept = drawings.by_numbers(*size, {"A": -1e9, "D": 1e9})
    assert from_json(plane.talking_animation.drawings).charts == (kept,)
    plane.modifiers.new("Bend", "SIMPLE_DEFORM")
    choice = (plane, "mouth", "PROPERTY", plane, 'modifiers["Bend"].deform_method')
    with pytest.raises(TalkingAnimationError, match="99 cannot be chosen there: give a name, TWIST, BEND"):
        drawings.by_numbers(*choice, {"A": "TWIST", "D": 99})
    drawings.by_numbers(*sheet, {"A": 0, "D": 3}, columns=2, rows=2, step=(0.45, 0.4))
    plane.talking_animation.drawings = str(plane.talking_animation.drawings)  # as from a file
    report = say(plane, LINE)
    offset = seen(1, report.end, lambda graph: tuple(plane.evaluated_get(graph).modifiers[0].offset))
    assert {(round(right, 5), round(up, 5)) for right, up in offset} == {(0, 0), (0.45, -0.4)}


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"kind": "PAPER"}, "no kind of drawings"),
    ({"names": {"Q": "Face"}}, "no drawing of this chart"),
    ({"names": {"A": "Gone"}}, "no 'Gone'"),
    ({"hold": 0}, "1 to 12 frames"),
    ({"names": {}}, "no drawings"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(wrong, sentence):
    face = empty("Face")
    values = {"feature": "mouth", "kind": "OBJECTS", "names": {"A": "Face"}, **wrong}
    with pytest.raises(api.TalkingAnimationError, match=sentence):
        drawings.by_names(face, **values)
    assert not face.talking_animation.drawings


def test_charts_with_holes_say_so():
    root = empty("Puppet")
    for letter in "BDEX":
        empty(f"Mouth {letter}", root)
    drawings.by_names(root, "mouth", "OBJECTS", {letter: f"Mouth {letter}" for letter in "BDE"})
    assert "no drawing of a closed mouth" in api.describe(root).problem
    drawings.by_names(root, "mouth", "OBJECTS", {"X": "Mouth X"})
    assert "one drawing only" in api.describe(root).problem
    drawings.by_names(root, "mouth", "OBJECTS", {letter: f"Mouth {letter}" for letter in "DX"})
    assert api.describe(root.children[0]).root == root and api.describe(root).problem == ""
    say(root, LINE)
    bpy.data.objects["Mouth D"].name = "Renamed"
    assert "'Mouth D'" in api.check(root)[0].message
    root.talking_animation.drawings = "{]"
    assert "cannot be read" in api.describe(root).problem
    drawings.forget(root)
    assert "no shape keys" in api.describe(root).problem


def test_what_is_driven_is_left_alone():
    face = pencil("Face", [f"mouth {letter}" for letter in LETTERS])
    face.data.driver_add('layers["mouth A"].hide')
    assert "has a driver" in api.describe(face).problem


def test_an_object_of_a_mouth_beside_the_chart_is_told_and_each_brow_has_its_own_drawings():
    root = empty("Puppet")
    brows = [f"brow {way}.{side}" for side in "LR" for way in ("neutral", "up")]
    for name in (*(f"mouth_{letter}" for letter in LETTERS), "mouth_closed", "hand_closed", *brows):
        empty(name, root)
    frown = spoken()
    frown.arkit[4:20, ARKIT_INDEX["browOuterUpLeft"]] = 1.0
    (told,) = say(root, frown).warnings
    assert told.startswith(
        "'mouth_closed' is called as a drawing of 'Puppet' that is swapped, but stays to be seen"
    )
    shown = seen(1, 30, lambda graph: [name for name in brows if not bpy.data.objects[name].hide_render])
    assert [name for names in shown for name in names if name.endswith(".R")] == ["brow neutral.R"] * 30
    assert ["brow up.L", "brow neutral.R"] in shown and ["brow neutral.L", "brow neutral.R"] in shown


def test_what_no_drawing_looks_like_and_sides_of_a_mouth_are_no_drawings_left_over():
    root = empty("Puppet")
    for name in (
        *(f"mouth_{letter}" for letter in LETTERS),
        "Mouth.L",
        "Mouth.R",
        "mouth Corner L",
        "mouth open",
    ):
        plane = bpy.data.objects.new(name, bpy.data.meshes.new(name))
        plane.parent = root
        bpy.context.collection.objects.link(plane)
    for name in ("mouth closed", "mouth_D.001"):
        empty(name, root)  # controls
    (told,) = say(root, LINE).warnings
    assert told.startswith("'mouth open' is called as a drawing of 'Puppet'")


def test_of_drawings_of_sounds_each_is_shown_with_its_viseme():
    names = ["None", "Ah", "Ee", "Oh", "Oo", "Er", "B_M_P", "F_V", "S_Z", "K_G_H_NG", "T_L_D_N"]
    face = pencil("Face", ["Head", *names])
    line = spoken("XABBBDACX", 0.25)
    for number, viseme in ((2, "SS"), (3, "kk"), (4, "I")):
        line.visemes[6 * number : 6 * (number + 1)] = np.eye(15, dtype=np.float32)[VISEMES.index(viseme)]
    report = say(face, line)
    shown = seen(1, report.end, lambda graph: [name for name in shown_layers(face, graph) if name != "Head"])
    assert all(len(layers) == 1 for layers in shown)
    order = [names[0] for names, before in zip(shown, [[], *shown]) if names != before]
    assert order == ["None", "B_M_P", "S_Z", "Ah", "B_M_P", "Ah", "None"]


def test_a_copy_moves_its_own_drawings():
    root = empty("Puppet")
    for letter in LETTERS:
        empty(f"Mouth {letter}", root)
    drawings.by_names(root, "mouth", "OBJECTS", {letter: f"Mouth {letter}" for letter in LETTERS})
    other = empty("Puppet.001")
    for letter in LETTERS:
        empty(f"Mouth {letter}.001", other)
    other.talking_animation.drawings = root.talking_animation.drawings
    assert not say(other, LINE).warnings
    assert not actions.own_actions(bpy.data.objects["Mouth D"])
    assert actions.own_actions(bpy.data.objects["Mouth D.001"])


def test_a_copy_of_a_drawing_that_stays_to_be_seen_is_told(fake, voice):
    root = empty("Puppet")
    for name in (*(f"Mouth {letter}" for letter in LETTERS), "Mouth D.001"):
        empty(name, root)
    told = "'Mouth D.001' is called as a drawing of 'Puppet' that is swapped, but stays to be seen"
    assert [text for text in api.generate(root, voice).warnings if text.startswith(told)]
    bpy.data.objects["Mouth D.001"].hide_render = True
    assert not [text for text in api.generate(root, voice).warnings if text.startswith(told)]


def test_it_is_generated_for_in_one_go(fake, voice):
    face = pencil("Face", [f"mouth {letter}" for letter in LETTERS])
    report = api.generate(face, voice, start_frame=1)
    assert any("no mouth cues" in sentence for sentence in report.warnings)  # as the fake engine makes it
    assert api.check(face) == [] and api.remove(face)


def test_the_button_maps_what_is_named_like_the_one_that_is_shown():
    """Drawings that are hidden cannot be selected."""
    root = empty("Puppet")
    eyes = [empty(f"Gaze {number}", root) for number in (1, 2, 10)]
    empty("Gaze of another", root), empty("Gaze 3")
    for hidden in eyes[1:]:
        hidden.hide_set(True)
        hidden.hide_viewport = True
    bpy.context.scene.talking_animation.character = root
    for obj in bpy.context.scene.objects:
        obj.select_set(obj == eyes[0])
    assert bpy.ops.talking_animation.map_drawings(kind="OBJECTS", feature="eyes") == {"FINISHED"}
    (chart,) = drawings.mapped_of(root).charts
    assert dict(chart.drawings) == {"open": "Gaze 1", "half": "Gaze 2", "shut": "Gaze 10"}


@pytest.mark.parametrize("chosen", ["Eye", "Eye.001"])
def test_copies_as_blender_names_them_are_named_alike(chosen):
    root = empty("Puppet")
    copies = [empty("Eye", root).name for _ in range(3)]
    for other in ("Eye.L", "Eyelash", "Iris.001"):
        empty(other, root)
    assert copies == ["Eye", "Eye.001", "Eye.002"]
    assert drawings.in_order(root, "OBJECTS", [bpy.data.objects[chosen]]) == copies


def test_the_button_maps_frames_in_order_and_forgets():
    face = pencil("Kopf", ["Lippen"], range(1, 10))
    bpy.context.view_layer.objects.active = face
    face.select_set(True)
    assert bpy.ops.talking_animation.map_drawings(kind="FRAMES", hold=3) == {"FINISHED"}
    (chart,) = drawings.mapped_of(face).charts
    assert dict(chart.drawings) == dict(zip(LETTERS, range(1, 10))) and chart.hold == 3
    assert bpy.ops.talking_animation.map_drawings(kind="FRAMES", listed="A=2, D=5") == {"FINISHED"}
    assert dict(drawings.mapped_of(face).charts[0].drawings) == {"A": 2, "D": 5}
    for listed in ("A=77", "A", "Q=1", "A=one"):
        with pytest.raises(RuntimeError):
            bpy.ops.talking_animation.map_drawings(kind="FRAMES", listed=listed)
    assert bpy.ops.talking_animation.forget_mapped() == {"FINISHED"}
    assert not face.talking_animation.drawings


def test_the_button_asks_for_a_part_that_has_no_drawings_yet():
    """It asked for the mouth, whose drawings were then lost, where three lids had been selected."""
    face = pencil("Kopf", ["eins", "zwei", "drei"])
    likely = lambda count: drawings_panel._likely_part(describe(face), count)  # noqa: E731
    assert likely(3) == likely(1) == "mouth"
    for feature, chart, few in (
        ("mouth", "LETTERS", "eyes"),
        ("eye.left", "", "brows"),
        ("brows", "", "mouth"),
    ):
        names = drawings.drawings_of(feature, chart)[:3]
        drawings.by_names(face, feature, "LAYERS", dict(zip(names, ("eins", "zwei", "drei"))), chart)
        assert likely(3) == few and likely(9) == "mouth"


def test_each_part_has_the_frames_of_its_own_layer():
    face = pencil("Fritz", ["Skizze"], [1])
    for name, numbers in (("Ebene.002", range(1, 4)), ("Ebene.003", range(1, 10))):
        layer = face.data.layers.new(name)
        for number in numbers:
            layer.frames.new(number)
    bpy.context.view_layer.objects.active = face
    button = bpy.ops.talking_animation.map_drawings
    assert drawings.drawn_layers(face) == ["Ebene.003", "Ebene.002"]  # the dialog begins with the first
    assert button(feature="mouth", kind="FRAMES", layer="LAYER:Ebene.003") == {"FINISHED"}
    assert button(feature="eyes", kind="FRAMES", layer="LAYER:Ebene.002") == {"FINISHED"}
    mouth, eyes = drawings.mapped_of(face).charts
    assert dict(eyes.drawings) == {"open": 1, "half": 2, "shut": 3} and len(mouth.drawings) == 9
    assert mouth.where.path != eyes.where.path
    for layer in ("LAYER:Ebene.002", "ALL"):  # the eyes would be turned over with the brows
        with pytest.raises(RuntimeError, match="one layer"):
            button(feature="brows", kind="FRAMES", layer=layer, listed="neutral=1, up=2")
    assert len(drawings.mapped_of(face).charts) == 2
    copy = linked(face.copy())  # remembers the object's name before
    bpy.context.view_layer.objects.active = copy
    with pytest.raises(RuntimeError, match=f"of '{copy.name}' already are drawings of another part"):
        button(feature="brows", kind="FRAMES", layer="LAYER:Ebene.002", listed="neutral=1, up=2")


def test_a_script_that_names_no_layer_means_all_of_them():
    face = pencil("Fritz", ["Skizze", "Lippen"], range(1, 4))
    bpy.context.view_layer.objects.active = face
    assert bpy.ops.talking_animation.map_drawings(kind="FRAMES", listed="A=1, D=3") == {"FINISHED"}
    (chart,) = drawings.mapped_of(face).charts
    (modifier,) = drawing_layers.time_modifiers(face)
    assert drawing_layers.layer_of(modifier) == "" and dict(chart.drawings) == {"A": 1, "D": 3}


def _shown_slots(item, graph) -> list[int]:
    mesh = item.evaluated_get(graph).data
    return [polygon.material_index for polygon in mesh.polygons]


def test_material_slots_of_a_mesh():
    mesh = bpy.data.meshes.new("Head")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)], [], [(0, 1, 2), (0, 2, 3)])
    head = linked(bpy.data.objects.new("Head", mesh))
    for name in ("Skin", "Zu", "Auf", "Rund"):
        mesh.materials.append(bpy.data.materials.new(name))
    mesh.polygons[1].material_index = 2
    given = {"A": "Zu", "D": "Auf", "F": "Rund"}
    for _ in range(2):  # mapping again adds no second modifier
        chart = drawings.by_slots(head, "mouth", given, lead=0)
    assert len(head.modifiers) == 1 and chart.drawings == {"A": 1, "D": 2, "F": 3}
    report = say(head, LINE)
    shown = seen(1, report.end, lambda graph: _shown_slots(head, graph))
    assert {skin for skin, _ in shown} == {0} and {mouth for _, mouth in shown} == {1, 2, 3}
    assert shown[0][1] == shown[-1][1] == 1
    assert api.remove(head)
    assert seen(1, 1, lambda graph: _shown_slots(head, graph)) == [[0, 2]]
    bpy.data.objects.remove(head)


@pytest.mark.parametrize(
    ("faces", "given", "told"),
    [
        ((0, 0), {"A": "Zu", "D": "Auf"}, "are in none of these slots"),
        ((1, 2), {"A": "Zu", "D": "Auf"}, "are in 2 of these slots"),
        ((0, 1), {"A": "Zu", "D": "Offen"}, "has no slot with the material 'Offen'"),
    ],
)
def test_material_slots_that_cannot_be(faces, given, told):
    mesh = bpy.data.meshes.new("Head")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)], [], [(0, 1, 2), (0, 2, 3)])
    head = linked(bpy.data.objects.new("Head", mesh))
    for name in ("Skin", "Zu", "Auf"):
        mesh.materials.append(bpy.data.materials.new(name))
    for polygon, slot in zip(mesh.polygons, faces):
        polygon.material_index = slot
    with pytest.raises(api.TalkingAnimationError, match=told):
        drawings.by_slots(head, "mouth", given)
    assert not len(head.modifiers)
    with pytest.raises(api.TalkingAnimationError, match="is no mesh"):
        drawings.by_slots(empty("None"), "mouth", given)


@pytest.mark.skipif(bpy.app.version < (4, 2, 0), reason="menus of Geometry Nodes came with Blender 4.2")
def test_a_menu_of_geometry_nodes_is_a_chart_by_its_items():
    plane = linked(bpy.data.objects.new("Plane", bpy.data.meshes.new("Plane")))
    group = bpy.data.node_groups.new("Mouth", "GeometryNodeTree")
    wanted = group.interface.new_socket("Mund", in_out="INPUT", socket_type="NodeSocketMenu").identifier
    nodes = [group.nodes.new(kind) for kind in ("NodeGroupInput", "GeometryNodeMenuSwitch")]
    nodes[1].enum_items.clear()
    for letter in "ABCDX":
        nodes[1].enum_items.new(letter)
    group.links.new(nodes[0].outputs[0], nodes[1].inputs[0])
    group.interface.new_socket("Open", in_out="INPUT", socket_type="NodeSocketFloat")
    modifier = plane.modifiers.new("Nodes", "NODES")
    modifier.node_group = group
    assert [name for name, _ in node_inputs.numbers(plane)] == ["Open"]
    (chart,) = charts_of(describe(plane))
    assert chart.kind == "PROPERTY" and list(chart.drawings) == list("ABCDX")
    numbers = modifier.id_properties_ui(wanted).as_dict()["items"]
    assert list(chart.drawings.values()) == [row[-1] for row in numbers]
    place = (plane, f'modifiers["Nodes"]["{wanted}"]')
    given = drawings.by_numbers(plane, "mouth", "PROPERTY", *place, {"A": "A", "D": "D", "X": "X"})
    assert given.drawings["D"] == chart.drawings["D"]
    with pytest.raises(TalkingAnimationError, match="99 cannot be chosen there: give a name, A, B, C"):
        drawings.by_numbers(plane, "mouth", "PROPERTY", *place, {"A": "A", "D": 99})
    before = modifier[wanted]
    report = say(plane, LINE)
    assert set(seen(1, report.end, lambda _: modifier[wanted])) == set(given.drawings.values())
    api.remove(plane)
    assert modifier[wanted] == before


def test_collections_that_hold_the_collections_of_each_drawing_are_a_chart():
    root = empty("Puppet")
    folders = {}
    for letter in "ABCDX":
        folders[letter] = bpy.data.collections.new(f"mouth {letter}")
        bpy.context.scene.collection.children.link(folders[letter])
        inner = bpy.data.collections.new("lines")
        folders[letter].children.link(inner)
        part = bpy.data.objects.new("line", None)
        inner.objects.link(part)
        part.parent = root
    assert describe(root).summary == "5 mouth drawings"
    report = say(root, LINE)

    def visible(_):
        return {letter for letter, one in folders.items() if not one.all_objects[0].hide_render}

    shown = seen(1, report.end, visible)
    assert all(len(letters) == 1 for letters in shown) and len(set(map(frozenset, shown))) > 3


def test_time_offsets_of_teeth_and_a_tongue_follow_the_mouths():
    root = empty("Kopf")
    mouth, teeth, short = (
        pencil(name, ["Mund"], range(1, last)) for name, last in (("M", 10), ("T", 10), ("S", 5))
    )
    for obj in (mouth, teeth, short):
        obj.parent = root
        drawing_layers.add_time_modifier(obj, "Mund", "Mund", 1)
    report = say(root, LINE)
    modifiers = [drawing_layers.time_modifiers(obj)[0] for obj in (mouth, teeth, short)]
    moved = list(zip(*seen(1, report.end, lambda _: tuple(modifier.offset for modifier in modifiers))))
    assert moved[0] == moved[1] and len(set(moved[0])) > 4 and set(moved[2]) == {1}
    assert any(
        told.startswith("'S' has a Time Offset for a mouth, too, but no drawing at frame 5")
        for told in report.warnings
    )
