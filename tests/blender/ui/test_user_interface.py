"""Panels draw, buttons say why they are grey, operators report instead of raising."""

from __future__ import annotations

import os
from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest
import speech
from layout import Layout
from versions import ends

from blender_addon import api, registration
from blender_addon.api.characters import box_of
from blender_addon.contract import dials
from blender_addon.host import engine_folder, log
from blender_addon.host.blender_versions import interface, sequencer
from blender_addon.ui import lookup, operators, panels, preferences, properties, sidebar_tab


def draw():
    """All that the tab shows now."""
    lookup.forget()
    layout = Layout()
    for panel in panels.CLASSES:
        if hasattr(panel, "poll") and not panel.poll(bpy.context):
            continue
        panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.said


def test_an_empty_scene():
    said = " ".join(draw())
    assert "Select a character in the scene." in said
    assert "talking_animation.add_demo_character" in said
    assert not bpy.ops.talking_animation.generate.poll()
    assert operators.generate_reason(bpy.context) == "Select a character, or add the demo character"


def test_a_character_and_no_voice():
    rig, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    said = " ".join(draw())
    assert "52 of 52 ARKit shapes" in said and "Choose a voice recording." in said and "lips" in said
    assert not bpy.ops.talking_animation.generate.poll()
    bpy.context.scene.talking_animation.source = "STRIP"
    assert operators.generate_reason(bpy.context) == "Choose a sound strip of the Sequencer"
    draw()


def test_every_panel_says_whether_it_shows():
    rig, _ = characters.rigged()
    bpy.context.view_layer.objects.active = rig
    shown = [cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Panel)]
    shown = [panel.bl_idname for panel in shown if not hasattr(panel, "poll") or panel.poll(bpy.context)]
    assert {"TALKING_PT_main", "TALKING_PT_dials", "TALKING_PT_mapping", "TALKING_PT_landmarks"} <= set(shown)
    assert "TALKING_PT_problems" not in shown


def test_the_search_for_a_head_bone():
    rig, _ = characters.rigged()
    names = [bone.name for bone in rig.pose.bones]
    assert properties._bones(rig.talking_animation, bpy.context, "") == names
    found = properties._bones(rig.talking_animation, bpy.context, "HEAD")
    assert found and all("head" in name.casefold() for name in found)


def test_an_object_without_shapes():
    rig = characters.armature(characters.SPINE)
    bpy.context.view_layer.objects.active = rig
    assert "no shape keys" in " ".join(draw())
    assert "no shape keys" in operators.generate_reason(bpy.context)


def test_two_clicks_from_an_empty_scene_to_a_talking_demo_character(fake):
    assert bpy.ops.talking_animation.add_demo_character() == {"FINISHED"}
    chosen = bpy.context.scene.talking_animation
    assert os.path.basename(chosen.audio) == "hello.wav"
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert api.has_animation(chosen.character)


@ends
def test_the_demo_character_stands_clear_of_the_start_up_cube():
    bpy.ops.mesh.primitive_cube_add(size=2.0)
    cube = bpy.context.object
    assert bpy.ops.talking_animation.add_demo_character() == {"FINISHED"}
    rig = bpy.context.scene.talking_animation.character
    bust, obstacle = (box_of(objects) for objects in (rig.children_recursive, [cube]))
    assert bust[0, 0] > obstacle[1, 0] and np.ptp(bust[:, 2]) < 1.0
    assert bpy.context.view_layer.objects.active == rig and rig.select_get()


@ends
def test_a_chosen_voice_stays_when_the_demo_character_is_added(voice):
    bpy.context.scene.talking_animation.audio = str(voice)
    assert bpy.ops.talking_animation.add_demo_character() == {"FINISHED"}
    assert bpy.context.scene.talking_animation.audio == str(voice)


def test_the_button_and_the_result_line(fake, voice):
    rig, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    bpy.context.scene.talking_animation.audio = str(voice)
    assert bpy.ops.talking_animation.generate.poll()
    assert not bpy.ops.talking_animation.remove.poll()
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert api.has_animation(rig)
    progress = bpy.context.window_manager.talking_animation
    assert "says line.wav" in progress.message and progress.summary in " ".join(draw())
    assert not bpy.ops.talking_animation.reset_dials.poll()
    rig.talking_animation.head = 1.5
    assert bpy.ops.talking_animation.reset_dials() == {"FINISHED"} and rig.talking_animation.head == 1.0
    assert bpy.ops.talking_animation.remove() == {"FINISHED"}
    assert not api.has_animation(rig)
    assert "as it was before" in " ".join(draw())


def test_a_line_for_each_warning(fake, voice):
    fake("wary")
    characters.rigged()
    bpy.context.scene.talking_animation.audio = str(voice)
    bpy.ops.talking_animation.generate()
    progress = bpy.context.window_manager.talking_animation
    progress.tell(progress.message, "WARNING", [*progress.warnings.splitlines(), "two\nlines"])
    said = draw()
    assert [text for text in said if text.startswith("line.wav is cut short")] and "two lines" in said
    progress.tell("All is well.", "WARNING", [f"warning {number}" for number in range(9)])
    said = draw()
    assert "warning 5" in said and "warning 6" not in said and "… and 3 more" in said


def test_the_bar_while_running():
    characters.rigged()
    progress = bpy.context.window_manager.talking_animation
    progress.running, progress.percent, progress.stage = True, 40.0, "Listening"
    try:
        said = " ".join(draw())
        assert "Listening" in said and ("percent" in said or "40 %" in said)
        assert "talking_animation.cancel" in said and "talking_animation.generate" not in said
        assert not bpy.ops.talking_animation.generate.poll()
        assert bpy.ops.talking_animation.cancel.poll()
    finally:
        progress.running = False


def test_errors_are_reported(fake, voice):
    fake("error")
    characters.rigged()
    bpy.context.scene.talking_animation.audio = str(voice)
    with pytest.raises(RuntimeError) as error:  # that is how a script sees an ERROR report
        bpy.ops.talking_animation.generate()
    assert "'line.wav' holds no sound: record it again." in str(error.value)
    assert "Traceback" not in bpy.context.window_manager.talking_animation.message
    assert "record it again" in " ".join(draw())
    assert not bpy.data.actions


def test_the_unforeseen_is_one_sentence_too(fake, voice, monkeypatch, faults):
    characters.rigged()
    bpy.context.scene.talking_animation.audio = str(voice)
    monkeypatch.setattr(api, "generate", lambda *_, **__: 1 / 0)
    with pytest.raises(RuntimeError, match="'Generate Talking Animation' failed of a fault in the add-on"):
        bpy.ops.talking_animation.generate()
    told = bpy.context.window_manager.talking_animation.message
    assert "Copy Diagnostics" in told and "division" not in told and "ZeroDivisionError" not in told
    assert faults.pop()
    assert "ZeroDivisionError: division by zero" in "\n".join(
        log.recent()
    )  # where Copy Diagnostics takes it from


def test_everything_has_a_tooltip():
    for cls in registration.CLASSES:
        if issubclass(cls, bpy.types.Operator):
            module, _, name = cls.bl_idname.partition(".")
            text = getattr(getattr(bpy.ops, module), name).get_rna_type().description
            assert len(text) > 10 and "\n" not in text and not text.endswith("."), (cls, text)
    for cls in properties.CLASSES + preferences.CLASSES:
        for item in cls.bl_rna.properties:
            if item.identifier in {"rna_type", "name", "bl_idname"} or item.is_hidden or not item.is_runtime:
                continue
            if cls is properties.TalkingAnimationProgress and item.identifier != "percent":
                continue
            assert len(item.description) > 10, (cls, item.identifier)


def test_styles_are_offered():
    items = properties.TalkingAnimationScene.bl_rna.properties["style"].enum_items
    assert "natural" in items.keys()  # noqa: SIM118


def test_registering_twice_and_the_tab(monkeypatch):
    import blender_addon

    blender_addon.unregister()
    blender_addon.register()
    sidebar_tab.rename("Faces")
    assert panels.TALKING_PT_main.bl_category == "Faces"
    sidebar_tab.rename(sidebar_tab.USUAL)
    assert bpy.types.TALKING_PT_main.bl_category == "Talking"


def test_preferences_draw():
    layout = Layout()
    fake = SimpleNamespace(
        layout=layout,
        cache_folder="",
        tab_name="Talking",
        engine_python="",
        engine="EMBEDDED",
        default_style="auto",
        start_at="FRAME",
        log_level="WARNING",
        bl_rna=preferences.TalkingAnimationPreferences.bl_rna,
    )
    preferences.TalkingAnimationPreferences.draw(fake, bpy.context)
    assert "talking_animation.clear_cache" in layout.said


def test_clearing_the_cache(fake, voice, tmp_path):
    _, mesh = characters.rigged()
    api.generate(mesh, voice)
    assert list((tmp_path / "cache").iterdir())
    assert bpy.ops.talking_animation.clear_cache(everything=True) == {"FINISHED"}
    assert not list((tmp_path / "cache").iterdir())


def test_diagnostics(fake, voice, monkeypatch):
    api.generate(characters.rigged()[1], voice)
    monkeypatch.setattr(engine_folder, "version", lambda root: "9.8.7")
    text = api.diagnostics()
    assert text.startswith("Talking Animation 9.8.7\n")
    assert bpy.app.version_string in text and "fake engine" in text


def test_sound_strips_are_listed(voice):
    if sequencer.aud_module() is None:
        pytest.skip("this Blender has no sound strips")
    scene = bpy.context.scene
    strip = sequencer.add_sound_strip(scene, "My voice", str(voice), 1, 12)
    assert properties._sound_strips(None, bpy.context, "voi") == ["My voice"]
    scene.talking_animation.source, scene.talking_animation.strip = "STRIP", "My voice"
    assert properties.picked_audio(bpy.context) == strip
    characters.rigged()
    assert operators.generate_reason(bpy.context) == ""


def test_dials_keys_and_problems_on_the_panel(fake, voice):
    rig, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    said = draw()
    for name in (*dials.NAMES, "key_style"):
        assert name in said
    assert "talking_animation.push_to_nla" in said and "has no talking animation yet" in " ".join(said)
    for name in ("push_to_nla", "add_cues", "remove_cues", "repair", "remove"):
        assert not getattr(bpy.ops.talking_animation, name).poll(), name
    api.generate(mesh, voice, start_frame=1)
    said = draw()
    assert "blend_in" in said and "talking_animation.repair" not in said
    for name in ("push_to_nla", "add_cues", "repair", "remove"):
        assert getattr(bpy.ops.talking_animation, name).poll(), name
    rig.talking_animation.key_style = "STEPPED"
    rig.talking_animation.offset = -0.0834
    mesh.show_only_shape_key = True
    mesh.hide_set(True)
    said = draw()
    assert "key_hold" in said and "key_tolerance" not in said
    assert " ".join(said).count("talking_animation.repair") == 3  # each, and all
    assert "shows one shape key only" in " ".join(said)
    assert bpy.ops.talking_animation.repair(code="HIDDEN", subject="Face") == {"FINISHED"}
    assert mesh.visible_get() and " ".join(draw()).count("talking_animation.repair") == 1
    assert bpy.ops.talking_animation.repair() == {"FINISHED"}
    assert "talking_animation.repair" not in draw()


def test_every_greyed_button_says_why(monkeypatch):
    """Blender shows the reason in the button's tooltip; it is asked for with every reason that there is."""
    told = []
    monkeypatch.setattr(interface, "set_poll_message", lambda operator, message: told.append(message))
    characters.rigged()
    bpy.context.view_layer.objects.active = None
    for cls in operators.CLASSES:
        if not hasattr(cls, "disabled_reason"):
            continue
        told.clear()
        if not cls.poll(bpy.context):
            assert told and len(told[0]) > 10 and not told[0].endswith("."), cls
    progress = bpy.context.window_manager.talking_animation
    progress.running = True
    try:
        for name in ("generate", "remove", "push_to_nla", "add_cues", "repair", "clear_cache"):
            told.clear()
            assert not getattr(operators, f"TALKING_OT_{name}").poll(bpy.context)
            assert "is being generated" in told[0]
    finally:
        progress.running = False


def test_buttons_of_keys_and_cues(fake, voice):
    rig, mesh = characters.rigged()
    bpy.context.scene.talking_animation.character = rig
    api.generate(mesh, voice, start_frame=1, placement="ACTION")
    speech.give(mesh)
    assert bpy.ops.talking_animation.push_to_nla(blend_in=3, blend_out=4) == {"FINISHED"}
    assert (rig.talking_animation.blend_in, rig.talking_animation.blend_out) == (3, 4)
    assert bpy.ops.talking_animation.add_cues() == {"FINISHED"}
    assert bpy.context.scene.timeline_markers and bpy.ops.talking_animation.remove_cues.poll()
    assert bpy.ops.talking_animation.remove_cues() == {"FINISHED"}
    assert not bpy.context.scene.timeline_markers and not bpy.ops.talking_animation.remove_cues.poll()


def test_the_lookup_notices_what_was_deleted(fake, voice):
    rig, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    assert operators.generate_reason(bpy.context) == "Choose a voice recording"
    bpy.data.objects.remove(mesh)
    bpy.context.view_layer.objects.active = rig
    assert "no shape keys" in operators.generate_reason(bpy.context)
