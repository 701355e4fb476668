"""What a person meets where the add-on itself has a fault, wherever it lies: one sentence, and the scene as it was before."""

from __future__ import annotations

import _thread
from pathlib import Path
from types import SimpleNamespace
from typing import get_type_hints

import bpy
import characters
import pytest
from layout import Layout
from users_data import character_values, scene_values

from blender_addon import api, registration
from blender_addon.api import dial_keys
from blender_addon.command_line import recording
from blender_addon.contract import fault_reports
from blender_addon.keys import actions
from blender_addon.motion import stored_motion
from blender_addon.ui import (
    buttons,
    drawn_parts,
    failures,
    heard_overlay,
    live,
    mapping,
    operators,
    panels,
    pictures,
    preferences,
    recording_texts,
    voice_files,
)

FAULT = "in the middle of Zürich"
SHOWN = tuple(
    getattr(bpy.types, name) for name in ("Operator", "Panel", "Menu", "UIList", "AddonPreferences")
)
CALLED = {
    *("execute", "invoke", "modal", "cancel", "draw", "poll", "description"),
    *("draw_item", "draw_filter", "filter_items"),
}
ASKED = {"update", "get", "set", "search", "poll", "items"}


def breaks(*_, **__):
    raise RuntimeError(FAULT)


def breaks_at(count, function):
    """The function, which breaks when it is called so many times."""
    calls = []

    def called(*arguments, **options):
        calls.append(1)
        if len(calls) == count:
            breaks()
        return function(*arguments, **options)

    return called


def everything():
    """All of the animator's own in the file."""
    rig, mesh = bpy.data.objects["Rig"], bpy.data.objects["Face"]
    return character_values(rig, mesh), scene_values(bpy.context.scene)


def told():
    return bpy.context.window_manager.talking_animation.message


@pytest.fixture
def undo_works():
    """Steps back, as in the window."""
    bpy.ops.ed.undo_push(message="first")
    bpy.context.scene["step"] = 1
    bpy.ops.ed.undo_push(message="second")
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender has no undo in the background")


def test_whatever_blender_calls_of_buttons_panels_menus_and_lists_tells_its_errors():
    called = {
        (cls, name)
        for cls in registration.CLASSES
        for base in cls.__mro__
        for name in CALLED.intersection(base.__dict__)
        if issubclass(cls, SHOWN) and base.__module__.startswith("blender_addon.")
    }
    assert {name for _, name in called} == CALLED and len(called) > 150
    assert not [
        f"{cls.__name__}.{name}" for cls, name in called if not getattr(getattr(cls, name), "tells", False)
    ]


def test_what_blender_calls_by_itself_tells_a_fault_once_and_not_while_it_draws(monkeypatch, faults):
    monkeypatch.setattr(failures, "_told", {})
    later = []

    def register(function, *, persistent):
        assert persistent  # a file that is opened drops all others: "Leaving the file failed" must outlive it
        later.append(function)

    monkeypatch.setattr(
        failures,
        "bpy",
        SimpleNamespace(data=bpy.data, app=SimpleNamespace(timers=SimpleNamespace(register=register))),
    )
    handlers = [handler for _, handler in registration._HANDLERS]
    assert all(
        getattr(handler, "tells", False) for handler in (*handlers, heard_overlay.draw, drawn_parts.draw)
    )
    for module in (drawn_parts, heard_overlay):
        monkeypatch.setattr(module, "picked_character", breaks)
    bpy.context.scene.talking_animation.show_heard = True
    for _ in range(3):
        drawn_parts.draw()
        heard_overlay.draw()
    assert len(later) == len(faults) == 2 and not told()
    for number, start in enumerate(("Showing the parts of the drawing", "Showing what was heard")):
        assert later[number]() is None and told().startswith(f"{start} failed of a fault in the add-on")
    assert not faults.clear()


def test_whatever_blender_calls_of_a_setting_tells_its_errors():
    silent, count = [], 0
    for cls in registration.CLASSES:
        for name, given in get_type_hints(cls).items():
            for asked in ASKED.intersection(getattr(given, "keywords", {})):
                if callable(given.keywords[asked]):
                    count += 1
                    silent += [f"{cls.__name__}.{name}: {asked}"] * (
                        not hasattr(given.keywords[asked], "tells")
                    )
    assert count > 30 and not silent


def test_what_is_asked_at_redraws_has_an_answer_though_it_breaks(monkeypatch, faults):
    """The text, a row of a list, a list's order, whether a panel is shown, and whether a button can be pressed."""
    monkeypatch.setattr(failures, "_told", {})
    for module, name in (
        (recording_texts, "_entry"),
        (mapping, "_shown"),
        (live, "picked_character"),
        (buttons, "running_reason"),
    ):
        monkeypatch.setattr(module, name, breaks)
    row = Layout()
    for _ in range(3):
        assert bpy.context.scene.talking_animation.text == ""
        mapping.TALKING_UL_mapping.draw_item(None, bpy.context, row, None, None, 0, None, "")
        assert mapping.TALKING_UL_mapping.filter_items(None, bpy.context, None, "") == ([], [])
        assert live.TALKING_PT_live.poll(bpy.context), "it is drawn, and says where it fails"
        assert not bpy.ops.talking_animation.clear_cache.poll()
    assert len(faults) == 5 and not faults.clear()


def test_menus_dialogues_and_the_preferences_say_where_they_fail(monkeypatch, faults):
    monkeypatch.setattr(failures, "_told", {})
    monkeypatch.setattr(voice_files.voices, "sample_voices", breaks)
    for draw, more in (
        (voice_files.TALKING_MT_sample_voices.draw, {}),
        (operators.TALKING_OT_generate.draw, {"question": breaks}),
        (preferences.TalkingAnimationPreferences.draw, {}),
    ):
        layout, owner = Layout(), type(draw.__qualname__, (SimpleNamespace,), more)
        draw(owner(layout=layout), bpy.context)
        assert "failed of a fault in the add-on" in " ".join(layout.said)
    assert "talking_animation.copy_diagnostics" in layout.said
    assert len(faults) == 3 and not faults.clear()


def test_what_breaks_while_faces_are_clicked_leaves_no_request_in_the_status_bar(monkeypatch, faults):
    said = []
    workspace = SimpleNamespace(status_text_set=said.append)
    context = SimpleNamespace(workspace=workspace, window_manager=bpy.context.window_manager)
    clicking = pictures.TALKING_OT_click_face
    monkeypatch.setattr(pictures, "_board", breaks)
    operator = SimpleNamespace(
        bl_label=clicking.bl_label,
        bl_options=set(),
        report=lambda kind, text: None,
        cancel=lambda context: clicking.cancel(operator, context),
    )
    assert clicking.modal(operator, context, SimpleNamespace(type="LEFTMOUSE", value="PRESS")) == {
        "CANCELLED"
    }
    assert said == [None] and faults.pop()


@pytest.mark.parametrize(
    ("meanwhile", "beside", "taken_back"),
    [(False, None, True), (False, ["G"], True), (True, [], True), (True, ["G"], False), (True, None, False)],
    ids=[
        "at once",
        "at once beside another",
        "later",
        "later, while something is moved",
        "later, in older Blenders",
    ],
)
def test_nothing_is_taken_back_under_what_else_goes_on(meanwhile, beside, taken_back, monkeypatch, faults):
    """An undo amidst the moving of an object takes the data away that is being moved."""
    button, did = SimpleNamespace(bl_label="Generate", report=lambda kind, text: None), []
    running = None if beside is None else [button, *beside]
    monkeypatch.setattr(failures.interface, "modal_operators", lambda manager: running)
    monkeypatch.setattr(failures, "_take_back", did.append)
    failures.fail(button, bpy.context, RuntimeError(FAULT), meanwhile)
    assert did == [button] * taken_back and faults.pop()


def test_a_button_that_a_script_lets_ask_was_not_pressed():
    """Blender calls a button that was pressed, and nothing else is on the stack then; as in a thread of its own."""
    button, done = SimpleNamespace(), _thread.allocate_lock()

    def invoke(self, context, event):
        done.release()

    pressed = failures.tells_errors(invoke)
    done.acquire()
    pressed(button, None, None)
    assert button.by_script
    done.acquire()
    _thread.start_new_thread(pressed, (button, None, None))
    assert done.acquire(timeout=60) and not button.by_script


def test_the_playhead_stays_where_a_button_is_taken_back(undo_works, monkeypatch):
    scene = bpy.context.scene
    scene["step"] = 1
    scene.frame_set(7)
    bpy.ops.ed.undo_push(message="pressed")
    scene.frame_set(31, subframe=0.25)
    bpy.context.scene["step"] = 2
    monkeypatch.setattr(failures, "_was_pressed", lambda _: True)
    failures._take_back(SimpleNamespace(bl_label="Generate", bl_options={"UNDO"}))
    scene = bpy.context.scene
    assert scene["step"] == 1 and (scene.frame_current, scene.frame_subframe) == (31, 0.25)


@pytest.mark.parametrize(
    ("module", "name", "count"),
    [(actions, "write", 1), (actions, "write", 2), (stored_motion, "load", 1)],
    ids=["first key", "second action", "reading"],
)
def test_a_button_that_breaks_off_leaves_the_scene_as_it_was(
    module, name, count, fake, voice, undo_works, monkeypatch, faults
):
    rig, _ = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    chosen.character, chosen.audio = rig, str(voice)
    bpy.ops.ed.undo_push(message="made")
    before = everything()
    monkeypatch.setattr(failures, "_was_pressed", lambda _: True)
    monkeypatch.setattr(module, name, breaks_at(count, getattr(module, name)))
    with pytest.raises(RuntimeError, match="'Generate Talking Animation' failed of a fault in the add-on"):
        bpy.ops.talking_animation.generate()
    assert "press Copy Diagnostics" in told() and FAULT not in told()
    assert not bpy.data.actions and not api.has_animation(bpy.data.objects["Rig"])
    assert everything() == before
    assert len(faults) == 1 and FAULT in faults.pop()
    monkeypatch.undo()
    assert bpy.ops.talking_animation.generate() == {"FINISHED"} and api.has_animation(bpy.data.objects["Rig"])


def test_nothing_is_taken_back_of_what_a_script_did(fake, voice, undo_works, monkeypatch, faults):
    rig, _ = characters.rigged()
    monkeypatch.setattr(actions, "write", breaks)
    chosen = bpy.context.scene.talking_animation
    chosen.character, chosen.audio = rig, str(voice)
    with pytest.raises(RuntimeError, match="failed of a fault"):
        bpy.ops.talking_animation.generate()
    assert bpy.data.objects["Rig"] == rig and faults.pop()


def test_a_setting_that_breaks_is_told(talker, monkeypatch, faults):
    rig, _ = talker
    monkeypatch.setattr(dial_keys, "change_dials", breaks)
    rig.talking_animation.lips = 0.5
    assert told().startswith("This setting failed of a fault in the add-on") and FAULT in faults.pop()


def test_a_panel_that_breaks_says_so_once_in_the_log_and_at_each_redraw(monkeypatch, faults):
    monkeypatch.setattr(failures, "_told", {})
    monkeypatch.setattr(panels, "described", breaks)
    rig, _ = characters.rigged()
    bpy.context.scene.talking_animation.character = rig
    for _ in range(3):
        layout = Layout()
        panels.TALKING_PT_main.draw(SimpleNamespace(layout=layout, bl_label="Talking Animation"), bpy.context)
        said = " ".join(layout.said)
        assert "failed of a fault in the add-on" in said and FAULT not in said
    assert len(faults) == 1 and faults.pop()


@pytest.mark.parametrize("options", [["--audio"], ["--lines"]])
def test_the_command_line_keeps_the_diagnostics(options, fake, voice, tmp_path, monkeypatch, capsys, faults):
    characters.rigged()
    table = tmp_path / "lines.csv"
    table.write_text(f"character,audio,start\nRig,{voice.name},1\n", encoding="utf-8")
    monkeypatch.setattr(fault_reports.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(actions, "write", breaks)
    saved = tmp_path / "out.blend"
    given = str(voice if options == ["--audio"] else table)
    assert recording.command([*options, given, "--save", str(saved)]) == 1
    printed, said = capsys.readouterr()
    (kept,) = tmp_path.glob(f"{fault_reports.PREFIX}*")
    assert f"The diagnostics are in '{kept}'" in said and "Traceback" not in said + printed
    assert "failed of a fault in the add-on" in said + printed and FAULT not in said + printed
    text = Path(kept).read_text(encoding="utf-8")
    assert FAULT in text and "in breaks" in text and bpy.app.version_string in text
    assert not saved.exists() and faults.pop()
