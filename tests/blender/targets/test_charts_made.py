"""Mouth charts to begin with: made from a picture and from a drawing, and a cat on sprite sheets; all talk as they are."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blender_addon.contract.shape_effects import TOUCH, lip_gap
from drawn_characters import empty, say, seen, spoken
from picture_characters import add, contract_picture, face_of
from rendering import rendered
from versions import ends

from blender_addon import api
from blender_addon.api import charts
from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.faces.from_picture import stage
from blender_addon.host.blender_versions import grease_pencil
from blender_addon.motion.mouth_drawings import MOUTHS, held_mouths

LINE = spoken("XADFEX")


def inventory() -> dict[str, int]:
    """How many there are of whatever a chart is made with."""
    return {
        name: len(getattr(bpy.data, name)) for name in ("scenes", "meshes", "cameras", "objects", "actions")
    }


def test_mouths_of_a_chart_are_what_they_are_called():
    motion, held = held_mouths()
    gaps = {cue: float(lip_gap(motion.arkit[frame][None])[0]) for cue, frame in held.items()}
    assert gaps["A"] <= TOUCH and gaps["X"] <= TOUCH and gaps["D"] == max(gaps.values())
    assert all(gap > TOUCH for cue, gap in gaps.items() if cue not in "AXG")
    assert next(iter(MOUTHS)) == "X" and len(MOUTHS) == 9


@ends
@pytest.mark.parametrize("pictured", [0.0, 1.0])
def test_a_chart_made_from_a_picture(pictured):
    (root,) = add(contract_picture(pictured))
    scene = bpy.context.scene
    picture = rendered(scene)
    key = face_of(root).data.shape_keys.key_blocks["jawOpen"]
    key.value = 0.7  # what the character does at the moment changes nothing
    face_of(root).hide_render = True
    before = inventory()
    chart = charts.chart_from(face_of(root), scene)
    assert key.value == pytest.approx(0.7) and len(bpy.data.scenes) == before["scenes"]
    assert inventory()["cameras"] == before["cameras"]
    assert len(bpy.data.meshes) == before["meshes"] + len(chart.children)
    assert (
        api.describe(chart).summary.startswith("9 mouth drawings")
        and "cut-out" not in api.describe(chart).summary
    )
    assert not api.describe(chart).problem
    for part in (root, *root.children_recursive):
        part.hide_render = True
    scene.camera.parent = None
    scene.camera.location = chart.location
    scene.camera.location.y -= 5
    stage.as_it_is(scene)
    report = say(chart, LINE)
    scene.frame_set(1)
    assert (
        np.abs(rendered(scene)[..., :3].astype(int) - picture[..., :3]).max() <= 1
    )  # at rest it is the picture
    mouth = next(child for child in chart.children if child.name.endswith("mouth"))
    cells = seen(1, report.end, lambda graph: tuple(mouth.evaluated_get(graph).modifiers[0].offset))
    assert len({(round(x, 3), round(y, 3)) for x, y in cells}) == 5
    scene.frame_set(next(frame for frame in range(1, report.end) if cells[frame - 1] == max(cells)))
    assert api.remove(chart) and tuple(mouth.modifiers[0].offset) == (0, 0)


def test_a_chart_made_from_a_drawing_shows_each_mouth():
    face = drawn_faces.add_face(bpy.context.scene)
    bpy.context.view_layer.update()
    say(face, LINE)  # while it talks
    chosen = bpy.context.scene.talking_animation
    chosen.character = face
    assert bpy.ops.talking_animation.chart_from() == {"FINISHED"}
    chart = chosen.character
    assert chart.name == "Drawn Face chart"
    layers = {grease_pencil.layer_name(layer): layer for layer in chart.data.layers}
    mouth = layers["Mouth"]
    numbers = grease_pencil.frame_numbers(mouth)
    assert len(numbers) == 9 and len(grease_pencil.frame_numbers(layers["Hair"])) == 1
    heights = {
        cue: float(np.ptp(grease_pencil.read(mouth, grease_pencil.frame_at(mouth, number)).points[:, 2]))
        for cue, number in zip(MOUTHS, numbers)
    }
    assert max(heights, key=lambda cue: heights[cue]) == "D" and heights["D"] > 2 * heights["A"]
    assert [row.type for row in grease_pencil.modifiers(chart)] in (["GP_TIME"], ["GREASE_PENCIL_TIME"])
    assert not chart.vertex_groups and api.describe(chart).summary == "9 mouth drawings"
    assert not api.has_animation(chart) and api.has_animation(face)
    report = say(chart, LINE)

    def offset(graph):
        return grease_pencil.modifiers(chart.evaluated_get(graph))[0].offset

    assert len(set(seen(1, report.end, offset))) == 5
    assert len(grease_pencil.modifiers(chart)) == 1  # it is swapped, and not deformed as well
    assert api.remove(chart) and api.remove(face)


@ends
def test_a_cat_on_sprite_sheets_talks_beside_another():
    for _ in range(2):
        assert bpy.ops.talking_animation.add_sprite_chart() == {"FINISHED"}
    cat = bpy.context.scene.talking_animation.character
    assert cat.name == "Sprite Cat.001" and cat.location.x > 1.5
    known = api.describe(cat)
    assert known.summary == "9 mouth drawings, 3 eyes drawings"
    listed = dict(row for target in known.targets for row in target.listed(known))
    assert listed["Mouth B"] == "2" and listed["Eyes shut"] == "2"
    report = say(cat, spoken())
    mouth = next(child for child in cat.children if "mouth" in child.name)
    cells = seen(1, report.end, lambda graph: tuple(mouth.evaluated_get(graph).modifiers[0].offset))
    assert len({(round(x, 3), round(y, 3)) for x, y in cells}) == 9
    sheet = mouth.data.materials[0].node_tree.nodes.active.image
    assert sheet.packed_file is not None
    pixels = np.array(sheet.pixels[:]).reshape(sheet.size[1], sheet.size[0], 4)[::-1, :, 3]
    height, width = pixels.shape[0] // 3, pixels.shape[1] // 3
    drawn = [
        pixels[y * height : (y + 1) * height, x * width : (x + 1) * width] for y in range(3) for x in range(3)
    ]
    assert all(0.005 < (cell > 0.5).mean() < 0.7 for cell in drawn)
    assert np.argmax([(cell > 0.5).sum() for cell in drawn]) == list(MOUTHS).index("D")
    assert api.remove(cat)


def test_what_no_chart_can_be_made_of_is_told():
    item = empty("Nobody")
    with pytest.raises(api.TalkingAnimationError, match="Pick a picture that talks"):
        charts.chart_from(item, bpy.context.scene)
    scribble = grease_pencil.new_object("Scribble")
    bpy.context.scene.collection.objects.link(scribble)
    with pytest.raises(api.TalkingAnimationError, match="'Scribble' has no strokes"):
        charts.chart_from(scribble, bpy.context.scene)
    (root,) = add(contract_picture())
    face_of(root).shape_key_clear()
    with pytest.raises(api.TalkingAnimationError, match="Pick a picture"):
        charts.chart_from(root, bpy.context.scene)
    assert len(bpy.data.scenes) == 1
