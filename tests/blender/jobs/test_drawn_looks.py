"""A picture's character is drawn in a look by the engine itself: its images change and can be painted on, nothing else does."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from layout import Layout
from places import ONE_BLENDER, ROOT
from rendering import rendered
from versions import ends

from blender_addon import api
from blender_addon.api import looks as look_api
from blender_addon.characters import character
from blender_addon.characters.pictures import origin_of
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces.from_picture import build, chart
from blender_addon.faces.from_picture.looks import mesh_of, photo_of
from blender_addon.jobs.look import LookJob
from blender_addon.targets import shape_directions
from blender_addon.ui import charts as charts_panel
from blender_addon.ui import looks as panel
from blender_addon.ui import lookup

pytestmark = pytest.mark.skipif(
    not (ROOT / "inference" / "looks").is_dir(), reason="this engine draws no looks"
)


def shown(root) -> dict[str, object]:
    return {
        material.name: next(node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE")
        for material in mesh_of(root).data.materials
    }


@ends
def test_a_photo_is_drawn_in_ink_and_looks_as_before_again():
    (root,) = api.make_picture_talk("astronaut", set_up=True).roots
    scene, photo, before = bpy.context.scene, photo_of(root), shown(root)
    assert shape_directions.turned_round(api.describe(root)) == "", (
        "what parts deep in a smile is no jaw that goes up"
    )
    picture = rendered(scene)[..., :3].astype(int)
    bpy.context.scene.talking_animation.character = root
    assert bpy.ops.talking_animation.draw_look(look="drawing") == {"FINISHED"}
    assert look_api.look_of(root) == "drawing" and photo_of(root) == photo
    drawn = shown(root)
    assert all(image != before[name] and image.packed_file for name, image in drawn.items())
    ink = rendered(scene)[..., :3].astype(int)
    assert np.ptp(ink, axis=-1).max() < 14 and np.ptp(picture, axis=-1).max() > 60
    assert (ink > 230).all(-1).mean() > 0.3 and (ink < 60).all(-1).mean() > 0.05
    mesh = mesh_of(root)
    mesh.data.shape_keys.key_blocks["jawOpen"].value = 0.7
    opened = rendered(scene)[..., :3].astype(int)
    changed = np.abs(opened - ink).max(-1) > 100
    assert changed[110:160].mean() > 0.001 and not changed[:40].any()
    mesh.data.shape_keys.key_blocks["jawOpen"].value = 0.0
    assert bpy.ops.talking_animation.draw_look(look="photo") == {"FINISHED"}
    assert shown(root) == before and look_api.look_of(root) == "photo"
    assert (rendered(scene)[..., :3].astype(int) == picture).all()
    assert not [image.name for image in bpy.data.images if "drawing" in image.name]
    if bpy.app.version[:2] == ONE_BLENDER:  # a second look takes the engine seconds
        assert bpy.ops.talking_animation.draw_look(look="cartoon") == {"FINISHED"}
    build.remove(root)
    assert not [image.name for image in bpy.data.images if "astronaut" in image.name]


@ends
def test_what_cannot_be_is_a_sentence(fake, tmp_path):
    (root,) = api.make_picture_talk("fox").roots
    for look in ("oils", "", "x.png"):
        with pytest.raises(TalkingAnimationError, match="photo, drawing, cartoon or a file"):
            api.draw_look(root, look)
    with pytest.raises(TalkingAnimationError, match="Only a picture"):
        api.draw_look(None, "drawing")
    image = photo_of(root)
    image.name = "renamed"
    assert photo_of(root) == image
    bpy.data.images.remove(image)
    with pytest.raises(TalkingAnimationError, match="deleted"):
        api.draw_look(root, "drawing")


@ends
def test_it_is_asked_for_as_what_the_character_was_made(fake, monkeypatch):
    """Also where no lid tells it: a drawing whose eyes are shut; characters of before say it by their lids."""
    (root,) = api.make_picture_talk("fox").roots
    mesh, asked = mesh_of(root), []
    monkeypatch.setattr(LookJob, "_ask", lambda self, request: asked.append(request))
    for kind in ("photo", "drawing", ""):
        replace(origin_of(root), kind=kind).keep(root)
        for material in mesh.data.materials:
            material.name = material.name.replace("lid_", "")
        LookJob(root, "drawing")._clean_up()
    assert [request.kind for request in asked] == ["photo", "drawing", "auto"]
    mesh.data.materials[0].name = "fox lid_left"
    LookJob(root, "drawing")._clean_up()
    assert asked[-1].kind == "drawing"


@ends
def test_the_panel_has_a_button_for_each(fake):
    (root,) = api.make_picture_talk("fox").roots
    bpy.context.scene.talking_animation.character = root
    layout = Layout()
    panel.TALKING_PT_looks.draw(SimpleNamespace(layout=layout), bpy.context)
    assert layout.said.count("talking_animation.draw_look") == 3
    assert "talking_animation.pick_look" in layout.said


@ends
def test_redrawing_does_not_look_through_the_file_again(fake, monkeypatch):
    (root,) = api.make_picture_talk("fox").roots
    bpy.context.scene.talking_animation.character = root
    monkeypatch.setattr(lookup, "_SECONDS", 1e9)
    lookup.forget()
    lookup.described(root)
    walked = []
    for module in (look_api, chart, character):
        monkeypatch.setattr(module, "related_objects", lambda part: walked.append(part) or [part])
    layout = Layout()
    panel.TALKING_PT_looks.draw(SimpleNamespace(layout=layout), bpy.context)
    charts_panel.draw_chart_from(layout, root)
    assert bpy.ops.talking_animation.draw_look.poll() and bpy.ops.talking_animation.chart_from.poll()
    assert "talking_animation.chart_from" in layout.said and not walked
    lookup.forget()
