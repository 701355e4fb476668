"""Generating on a drawn head: each cue of the engine shows its drawing, Remove gives all back, undo is one step."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from fake_engine import CUE_SECONDS, CUES

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.api.characters import box_of
from blender_addon.demo_character.mouth_chart import MOUTHS, build_mouth_chart
from blender_addon.inputs.scene_script import lines

FPS = 25


@pytest.fixture(autouse=True)
def _rate():
    bpy.context.scene.render.fps = FPS


def shown(beginning: str) -> list[str]:
    """Which of the drawings that are called so is to be seen and rendered."""
    known = [item for item in bpy.data.objects if item.name.startswith(beginning)]
    assert all(item.hide_viewport == item.hide_render for item in known)
    return [item.name.rpartition(" ")[2] for item in known if not item.hide_render]


def all_of_it() -> dict[str, object]:
    """What of the drawn head keys can change."""
    return {
        item.name: (item.hide_viewport, item.hide_render, tuple(item.delta_location), tuple(item.delta_scale),
                    tuple(item.delta_rotation_euler), [list(row) for row in item.matrix_basis])
        for item in bpy.data.objects
    }  # fmt: skip


@pytest.mark.parametrize(("start", "lead"), [(1, 1), (1041, 0)])
def test_cues_of_the_engine_show_their_drawings_and_are_given_back(fake, voice, start, lead):
    fake("speaking")
    head = build_mouth_chart(bpy.context.scene, (3.0, 1.0, -2.0))
    names = {letter: f"mouth {letter}" for letter in MOUTHS}
    if lead != 1:
        drawings.by_names(head, "mouth", "OBJECTS", names, lead=lead)
    before = all_of_it()
    bpy.context.scene.frame_start, bpy.context.scene.frame_end = start, start + 100
    report = api.generate(bpy.data.objects["mouth D"], str(voice), start_frame=start)
    assert (
        all("cannot play sound" in warning for warning in report.warnings)
        and "says line.wav" in report.message
    )
    letters = []
    for frame in range(start, report.end + 1):
        bpy.context.scene.frame_set(frame)
        assert len(shown("mouth")) == len(shown("eyes")) == len(shown("brows")) == 1
        letters += shown("mouth")
    runs = [letter for number, letter in enumerate(letters) if number == 0 or letters[number - 1] != letter]
    assert "".join(runs) == CUES
    per = round(CUE_SECONDS * FPS)
    assert [letters[number * per - lead] for number in range(1, len(CUES) - 1)] == list(CUES[1:-1])
    bpy.context.scene.frame_set(start + FPS)
    assert shown("eyes") == ["shut"]
    assert np.ptp(bpy.data.objects["Head"].delta_location) > 0
    assert api.remove(head)
    assert all_of_it() == before
    assert not bpy.data.actions and all(item.animation_data is None for item in bpy.data.objects)


def test_without_cues_the_drawings_rest_and_a_sentence_says_so(fake, voice):
    head = build_mouth_chart(bpy.context.scene)
    report = api.generate(head, str(voice), start_frame=1)
    assert any("no mouth cues" in warning for warning in report.warnings)
    bpy.context.scene.frame_set(20)
    assert shown("mouth") in (["X"], ["A"])


def test_two_clicks_to_a_drawn_head_that_talks_beside_another(fake, voice):
    fake("speaking")
    for _ in range(2):
        assert bpy.ops.talking_animation.add_mouth_chart() == {"FINISHED"}
    first, second = bpy.data.objects["Drawn Head"], bpy.data.objects["Drawn Head.001"]
    chosen = bpy.context.scene.talking_animation
    assert chosen.character == second and chosen.audio.endswith("hello.wav")
    heads = [[part for part in head.children_recursive if part.visible_get()] for head in (first, second)]
    boxes = [box_of(parts) for parts in heads]
    assert boxes[0][1, 0] <= boxes[1][0, 0]
    assert lines.characters_of(bpy.context.scene).keys() == {first.name, second.name}
    chosen.audio = str(voice)
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert not api.has_animation(first) and api.has_animation(second)
    assert all(part.animation_data is None for part in first.children_recursive)
    colours = {tuple(round(part, 3) for part in material.diffuse_color) for material in bpy.data.materials}
    assert len(colours) == len(bpy.data.materials)  # shared by both heads


def test_undo_is_one_step_for_a_chart(fake, voice):
    fake("speaking")
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character = str(voice), build_mouth_chart(bpy.context.scene)
    before = all_of_it()
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.talking_animation.generate("EXEC_DEFAULT", True) == {"FINISHED"}
    assert bpy.data.actions
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender has no undo in the background")
    assert not bpy.data.actions and all_of_it() == before
    assert not api.has_animation(bpy.data.objects["Drawn Head"])
