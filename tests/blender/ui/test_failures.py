"""What a person meets where the add-on itself has a fault, wherever it lies: one sentence, and the scene as it was before."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

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
from blender_addon.ui import failures, panels

FAULT = "in the middle of Zürich"
OPERATORS = [cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Operator)]
PANELS = [cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Panel)]


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


def test_whatever_blender_calls_of_a_button_tells_its_errors():
    silent = [
        f"{cls.__name__}.{name}"
        for cls in OPERATORS
        for name in ("execute", "invoke", "modal")
        if hasattr(cls, name) and not getattr(getattr(cls, name), "tells", False)
    ]
    assert len(OPERATORS) > 50 and not silent


def test_every_panel_says_where_it_fails():
    assert len(PANELS) > 15
    assert not [cls.__name__ for cls in PANELS if not getattr(cls.draw, "tells", False)]


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
    monkeypatch.setattr(failures, "_undrawn", {})
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
