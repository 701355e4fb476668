"""A face in strokes is given back to the byte, one undo takes a talk away, and what cannot talk is told in one sentence."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
import scenes
from drawn_characters import say, spoken
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.demo_character.mouth_chart import build_mouth_chart
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import grease_pencil
from blender_addon.inputs.scene_script.lines import from_table

LINE = spoken("XADFBX")
_PLAIN = {"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"}


def dumped(block) -> dict:
    """All plain properties of something."""
    return {
        row.identifier: np.array(value).ravel().tolist() if getattr(row, "is_array", False) else value
        for row in block.bl_rna.properties
        if row.type in _PLAIN and (value := getattr(block, row.identifier)) is not None
    }


def of_drawing(frame) -> list:
    """All that a keyframe draws."""
    if not grease_pencil.NEW:
        return [[dumped(stroke), [dumped(point) for point in stroke.points]] for stroke in frame.strokes]
    return [
        [name, attribute.domain, attribute.data_type, [dumped(row) for row in attribute.data]]
        for name, attribute in sorted(frame.drawing.attributes.items())
    ]


def whole(item) -> list:
    """All of a drawing: layers, keyframes, strokes, points, groups, modifiers."""
    drawn = [
        [dumped(layer), [[dumped(frame), of_drawing(frame)] for frame in layer.frames]]
        for layer in item.data.layers
    ]
    return [
        drawn,
        [group.name for group in item.vertex_groups],
        [modifier.name for modifier in grease_pencil.modifiers(item)],
        [key for key in sorted(item.keys()) if not hasattr(bpy.types.Object, key)],  # what was chosen stays
        [child.name for child in item.children],
    ]


@pytest.fixture
def face():
    """The drawn face, with what a person may have added."""
    item = drawn_faces.add_face(bpy.context.scene)
    item.vertex_groups.new(name="Mine")
    for layer in item.data.layers:
        frame = layer.frames[0]
        count = len(grease_pencil.read(layer, frame).points)
        if grease_pencil.keeps_weights():
            grease_pencil.weigh(item, frame, ["Mine"], np.linspace(0, 1, count)[:, None])
    mouth = item.data.layers["Mouth"] if grease_pencil.NEW else item.data.layers.get("Mouth")
    later = grease_pencil.read(mouth, mouth.frames[0]).points + [0, 0, 0.013]
    grease_pencil.add_frames(
        mouth, [grease_pencil.Moved(9, later, [True]), grease_pencil.Moved(70, later, [True])]
    )
    if grease_pencil.NEW:
        mouth.translation = (0.1, 0.0, 0.2)
        widths = mouth.frames[0].drawing.attributes["radius"].data
        widths.foreach_set("value", np.linspace(0.01, 0.05, len(widths)).astype(np.float32))
    else:
        mouth.location = (0.1, 0.0, 0.2)
        for number, point in enumerate(mouth.frames[0].strokes[0].points):
            point.pressure = 0.1 + number / 100
    bpy.context.view_layer.update()
    return item


@pytest.mark.parametrize("way", ["BONES", "DRAWINGS"])
def test_all_of_it_is_given_back(face, way):
    before, objects = whole(face), sorted(item.name for item in bpy.data.objects)
    face.talking_drawing.way = way
    for _ in range(2):
        say(face, LINE)
        bpy.context.scene.frame_set(12)
    assert whole(face) != before
    assert api.remove(face)
    assert whole(face) == before
    assert sorted(item.name for item in bpy.data.objects) == objects
    assert not bpy.data.actions and not bpy.data.armatures


def test_two_objects_of_one_drawing_talk_and_are_given_back(face):
    twin = bpy.data.objects.new("Twin", face.data)
    bpy.context.scene.collection.objects.link(twin)
    groups = [group.name for group in face.vertex_groups]
    for item in (face, twin):
        say(item, LINE)
    several = [group.name for group in twin.vertex_groups]
    assert not grease_pencil.keeps_weights() or len(several) > len(groups) + 20
    assert not any(name.endswith(".001") for name in several)
    assert api.remove(face) and [group.name for group in twin.vertex_groups] == several
    assert api.remove(twin) and [group.name for group in face.vertex_groups] == groups


def test_a_drawing_that_begins_after_its_talk_says_so():
    item = drawn_faces.add_face(bpy.context.scene)
    for layer in item.data.layers:
        if grease_pencil.NEW:
            layer.frames.move(1, 300)
        else:
            layer.frames[0].frame_number = 300
    item.talking_drawing.way = "DRAWINGS"
    (told,) = say(item, LINE).warnings
    assert "begins at frame 300" in told and told.endswith("or earlier.")


@pytest.mark.parametrize("way", ["BONES", "DRAWINGS"])
def test_undo_is_one_step(fake, voice, face, way):
    fake("speaking")
    face.talking_drawing.way = way
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character = str(voice), face
    before = whole(face)
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.talking_animation.generate("EXEC_DEFAULT", True) == {"FINISHED"}
    assert whole(face) != before
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender has no undo in the background")
    assert whole(bpy.data.objects["Drawn Face"]) == before and not bpy.data.actions


@ends
def test_lines_of_a_scene_are_said_by_drawings(fake, tmp_path):
    fake("speaking")
    scene = bpy.context.scene
    scene.render.fps = 25
    face, head = drawn_faces.add_face(scene), build_mouth_chart(scene, (4.0, 0.0, 0.0))
    before = whole(face)
    for number in range(3):
        write_wav(tmp_path / f"line{number}.wav", 2.0)
    rows = [(face.name, "line0.wav", 11), (head.name, "line1.wav", 91), (face.name, "line2.wav", 171)]
    report = api.animate_scene(
        from_table(str(scenes.table(tmp_path / "lines.csv", rows))), api.GenerateOptions(idle=False)
    )
    assert len(report.characters) == 2 and all(api.has_animation(item) for item in (face, head))
    mouth = next(layer for layer in face.data.layers if grease_pencil.layer_name(layer) == "Mouth")

    def height(frame: int) -> float:
        scene.frame_set(frame)
        layers = face.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.layers
        shown = next(
            layer for layer in layers if grease_pencil.layer_name(layer) == grease_pencil.layer_name(mouth)
        )
        return float(np.ptp(grease_pencil.read(shown, grease_pencil.frame_at(shown, frame)).points[:, 2]))

    rest = height(1)
    heights = {line: max(height(frame) for frame in range(line, line + 24, 2)) for line in (11, 91, 171)}
    assert min(heights[11], heights[171]) > 1.3 * rest and heights[91] < 1.2 * rest
    assert api.remove(face) and whole(face) == before


# -- what cannot talk --------------------------------------------------------------------------------------


def _one_sentence(text: str) -> None:
    assert text.endswith(".") and "\n" not in text and text.count(". ") == 0


def test_a_linked_and_an_overridden_drawing(tmp_path):
    item = drawn_faces.add_face(bpy.context.scene)
    actor = bpy.data.collections.new("Actor")
    bpy.context.scene.collection.children.link(actor)
    bpy.context.scene.collection.objects.unlink(item)
    actor.objects.link(item)
    path = str(tmp_path / "actor.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, wanted):
        wanted.collections = ["Actor"]
    linked = bpy.data.collections["Actor"]
    bpy.context.scene.collection.children.link(linked)
    bpy.context.view_layer.update()
    told = [api.describe(bpy.data.objects["Drawn Face"]).problem]
    with pytest.raises(TalkingAnimationError, match="make it local"):
        drawn_faces.find_face(bpy.data.objects["Drawn Face"], bpy.context.scene)
    linked.override_hierarchy_create(bpy.context.scene, bpy.context.view_layer, do_fully_editable=True)
    own = next(item for item in bpy.data.objects if item.override_library)
    told.append(api.describe(own).problem)
    for text in told:
        assert "'Drawn Face' is linked from another file" in text and "make it local" in text
        _one_sentence(text)
    with pytest.raises(TalkingAnimationError, match="make it local"):
        api.generate(own, "no.wav")


def _strokes(item, count: int, points: int) -> None:
    layer = grease_pencil.add_layer(item, "Freckles")
    random = np.random.default_rng(2)
    strokes = [
        grease_pencil.NewStroke(random.normal(0, 0.3, (points, 3)) * [1, 0, 1], False, 0, 0.01)
        for _ in range(count)
    ]
    grease_pencil.draw(grease_pencil.new_frame(layer, 1), strokes)


@ends
def test_a_drawing_of_a_hundred_thousand_points_talks_and_is_given_back():
    item = drawn_faces.add_face(bpy.context.scene)
    _strokes(item, 500, 200)
    freckles = next(layer for layer in item.data.layers if grease_pencil.layer_name(layer) == "Freckles")
    before = grease_pencil.read(freckles, freckles.frames[0]).points.tobytes()
    report = say(item, LINE)
    assert report.curves > 80 and not report.warnings
    assert api.remove(item) and not len(item.vertex_groups)
    assert grease_pencil.read(freckles, freckles.frames[0]).points.tobytes() == before
    with pytest.raises(TalkingAnimationError, match="too many to find a face by where they lie") as told:
        drawn_faces.find_face(item, bpy.context.scene)
    _one_sentence(str(told.value).replace("'. ", ""))


def test_no_face_in_a_drawing():
    item = grease_pencil.new_object("Scribble")
    bpy.context.scene.collection.objects.link(item)
    with pytest.raises(TalkingAnimationError, match="has no strokes to be seen"):
        drawn_faces.find_face(item, bpy.context.scene)
    _strokes(item, 3, 12)
    with pytest.raises(TalkingAnimationError, match="No face was found in the drawing 'Scribble'") as told:
        drawn_faces.find_face(item, bpy.context.scene)
    _one_sentence(str(told.value))
    assert "No mouth was found" in api.describe(item).problem
