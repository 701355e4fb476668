"""The panel in the order of a day's work: who, what, how, the button, what came of it; the rest closed, by task."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import drawn_characters
import pytest
from layout import Layout

from blender_addon import api, registration
from blender_addon.talking.write import PARTS, part_of
from blender_addon.ui import drawings as user_interface
from blender_addon.ui import lookup, not_applied, operators, panels, properties, scene, sidebar_tab, styles

PANELS = [cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Panel)]


def below(parent):
    """The panels in a panel, as they stand."""
    return sorted(
        (cls for cls in PANELS if getattr(cls, "bl_parent_id", "") == parent), key=lambda cls: cls.bl_order
    )


def drawn():
    lookup.forget()
    layout = Layout()
    panels.TALKING_PT_main.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.said


def is_open(panel):
    return "DEFAULT_CLOSED" not in getattr(panel, "bl_options", ())


@pytest.fixture
def spoken(fake, voice):
    """A character that has said something, which is picked."""
    rig, mesh = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    chosen.character, chosen.audio = rig, str(voice)
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    return rig


def test_daily_work_stands_open_and_first():
    labels = [panel.bl_label for panel in below("TALKING_PT_main")]
    wanted = [
        "Dials",
        "Lines of a Scene",
        "From Video",
        "Face",
        "Keys and Cues",
        "Picture",
        "Options",
        "Research",
    ]
    assert [label for label in labels if label in wanted] == wanted
    assert labels[-1] == "Research" and labels[0] == "Nothing Moves?"
    assert [panel.bl_label for panel in PANELS if is_open(panel)] == [
        "Talking Animation",
        "Nothing Moves?",
        "Dials",
    ]
    faces = [panel.bl_label for panel in below("TALKING_PT_face")]
    assert faces == ["Mapping", "Landmarks", "Make It Talk-Ready", "Landmark Points"]
    assert all(
        getattr(panel, "bl_parent_id", "") in ("", *(cls.bl_idname for cls in PANELS)) for panel in PANELS
    )


def test_a_panel_that_names_no_place_stands_before_the_options():
    class Some(sidebar_tab.SidebarPanel):
        pass

    assert sidebar_tab.Place.PICTURE < Some.bl_order < sidebar_tab.Place.OPTIONS


def test_the_main_panel_follows_the_days_work(spoken):
    said = drawn()
    steps = [
        "Character",
        "Voice",
        "Style and Take",
        "talking_animation.generate",
        "talking_animation.details",
    ]
    steps += ["talking_animation.play", "talking_animation.another_take", "talking_animation.remove"]
    assert [text for text in said if text in steps] == steps
    assert "seed" in said[said.index("Style and Take") : said.index("talking_animation.generate")]


def test_buttons_that_a_sentence_names_stand_below_it():
    pencil = drawn_characters.pencil("Fritz", ["Ebene"])
    plane = drawn_characters.linked(bpy.data.objects.new("Blob", bpy.data.meshes.new("Blob")))
    plane.data.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1)], [], [(0, 1, 2)])
    head, above = characters.face_mesh("Bust", []), drawn_characters.empty("Otto")
    lash = drawn_characters.linked(bpy.data.objects.new("Lash", plane.data), head)
    below = drawn_characters.linked(bpy.data.objects.new("Hat", plane.data), above)
    rig = drawn_characters.linked(bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig")))
    puppet = drawn_characters.linked(bpy.data.objects.new("Puppet", plane.data), rig)
    puppet.modifiers.new("Armature", "ARMATURE").object = rig
    bpy.context.view_layer.update()
    assert below in api.describe(above).objects and lash in api.describe(head).objects
    for item, buttons in (
        (pencil, {"find_drawn_face", "map_drawings"}),
        (plane, {"map_part", "map_drawings"}),
        (characters.face_mesh("Face", ["Gob"]), {"talk_ready"}),
        (head, {"talk_ready"}),
        (lash, {"map_part", "map_drawings"}),  # picked alone, since nothing joins them
        (above, {"map_part", "map_drawings"}),
        (rig, {"map_part", "map_drawings"}),
        (puppet, {"map_part", "map_drawings"}),
    ):
        bpy.context.scene.talking_animation.character = item
        said = " ".join(drawn())
        assert ("Map Part" in api.describe(item).problem) is ("map_part" in buttons), item.name
        for button in ("find_drawn_face", "map_drawings", "map_part", "talk_ready"):
            assert (f"talking_animation.{button}" in said) is (button in buttons), (item.name, button)


def test_a_panel_below_shows_how_far_it_is_while_something_runs(spoken):
    told = bpy.context.window_manager.talking_animation
    button = "talking_animation.cancel"
    for panel in (scene.TALKING_PT_scene, styles.TALKING_PT_video, panels.TALKING_PT_keys):
        for told.running in (False, True):
            layout = Layout()
            methods = {"_draw_lines": lambda *_: None, "_draw_outcome": lambda *_: None}
            panel.draw(SimpleNamespace(layout=layout, **methods), bpy.context)
            assert (button in layout.said) is told.running, panel
    told.running = False


class Dialog:
    """A button with a layout, which Blender gives to a window's dialog alone."""

    def __init__(self, button):
        self.button, self.layout = button, Layout()

    def __getattr__(self, name):
        return getattr(self.button, name)


@pytest.mark.parametrize(
    ("button", "fields"),
    [
        ("map_drawings", {"feature", "kind", "layer", "chart", "listed", "hold", "lead"}),
        ("map_property", {"channel", "gain", "limited"}),
    ],
)
def test_dialogs_draw_the_fields_of_their_button(button, fields, monkeypatch):
    bpy.context.view_layer.objects.active = drawn_characters.pencil("Fritz", ["Lippen"], range(1, 4))
    kind, drawn = getattr(user_interface, f"TALKING_OT_{button}"), []

    def execute(self, context):
        drawn.append(Dialog(self))
        kind.draw(drawn[0], context)
        return {"FINISHED"}

    monkeypatch.setattr(kind, "execute", execute)
    assert getattr(bpy.ops.talking_animation, button)() == {"FINISHED"}
    assert fields <= set(drawn[0].layout.said)


def test_the_result_is_told_in_plain_words(spoken):
    progress = bpy.context.window_manager.talking_animation
    seconds, _, parts = progress.summary.partition(" s: ")
    assert float(seconds) > 0 and parts.split(", ")[:2] == ["lips", "head"]
    description = operators.TALKING_OT_details.description(
        bpy.context, SimpleNamespace(text=progress.message)
    )
    assert "curves" in description and not description.endswith(".")
    assert bpy.ops.talking_animation.details(text="Twelve curves.") == {"FINISHED"}


@pytest.mark.parametrize(
    ("group", "part"),
    [
        ("Head", "head"),
        ("Neck", "head"),
        ("Left Brow", "brows"),
        ("Blinks", "blinks"),
        ("Gaze", "gaze"),
        ("Jaw", "lips"),
    ],
)
def test_curves_belong_to_a_part(group, part):
    assert part_of(group) == part and part in PARTS


def test_a_part_that_rests_is_not_told(fake, voice):
    rig, _ = characters.rigged()
    assert "head" in api.generate(rig, voice, start_frame=1).parts
    still = api.generate(rig, voice, start_frame=1, dials=api.Dials(head=0.0, lips=0.0))
    assert "head" not in still.parts and "lips" not in still.parts and "head" not in still.summary


def test_style_and_take_are_marked_until_they_are_applied(spoken):
    chosen = bpy.context.scene.talking_animation
    assert not not_applied.not_applied(bpy.context)
    chosen.seed = 41
    assert "Take: not applied yet." in drawn()
    chosen.style = "calm"
    assert "Style and take: not applied yet." in drawn()
    chosen.seed = 0
    assert "Style: not applied yet." in drawn()
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert not [text for text in drawn() if "not applied" in text]
    chosen.style, chosen.style_file = "FILE", "/nowhere/gone.json"
    assert not [text for text in drawn() if "not applied" in text]  # Generate says what is wrong with it


def test_another_take_is_the_next_number_at_once(spoken):
    chosen = bpy.context.scene.talking_animation
    chosen.seed = 6
    assert bpy.ops.talking_animation.another_take() == {"FINISHED"}
    assert (
        chosen.seed == 7 and lookup.record(spoken)["seed"] == 7 and not not_applied.not_applied(bpy.context)
    )
    chosen.seed = properties.LAST_TAKE
    assert bpy.ops.talking_animation.another_take() == {"FINISHED"} and chosen.seed == 0


def test_a_take_that_fails_leaves_the_number(spoken, fake):
    fake("error")
    with pytest.raises(RuntimeError, match="record it again"):
        bpy.ops.talking_animation.another_take()
    assert bpy.context.scene.talking_animation.seed == 0


def test_no_other_take_before_the_first():
    characters.rigged()
    assert not bpy.ops.talking_animation.another_take.poll()


def test_one_eyedropper(spoken):
    """The field of the character draws its own; the button beside it shows only where it changes something."""
    said = drawn()
    bpy.context.view_layer.objects.active = spoken
    assert "talking_animation.use_active" not in drawn()
    bpy.context.view_layer.objects.active = spoken.children[0]
    assert "talking_animation.use_active" in drawn()
    source = (registration.__file__.rpartition("registration")[0]) + "ui/"
    import pathlib

    assert not [path for path in pathlib.Path(source).glob("*.py") if "EYEDROPPER" in path.read_text("utf-8")]
    assert said


def test_nothing_to_reset_while_all_is_usual_or_something_runs(spoken):
    assert not bpy.ops.talking_animation.reset_dials.poll()
    spoken.talking_animation.gaze = 0.25
    lookup.forget()
    assert bpy.ops.talking_animation.reset_dials.poll()
    progress = bpy.context.window_manager.talking_animation
    progress.running = True
    try:
        assert not bpy.ops.talking_animation.reset_dials.poll()
    finally:
        progress.running = False
