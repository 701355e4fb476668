"""A report of a problem: one click away where it is asked for, and with all that it needs."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import pytest
from layout import Layout

from blender_addon import api
from blender_addon.host import log, translations
from blender_addon.jobs import scene_tasks
from blender_addon.ui import panels, problem_reports

BUTTON = "talking_animation.copy_diagnostics"


def drawn(panel):
    layout = Layout()
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.said


def test_the_button_stands_in_the_options():
    assert drawn(panels.TALKING_PT_options)[-1] == BUTTON
    characters.rigged()
    assert drawn(panels.TALKING_PT_options)[-1] == BUTTON


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("It failed: press Copy Diagnostics and report it.", True),
        ("The engine failed (KeyError: 3): copy the diagnostics and report it.", True),
        ("'line.wav' does not exist: choose another recording.", False),
        ("", False),
    ],
)
def test_a_message_that_asks_for_a_report_has_the_button_under_it(message, asks):
    progress = bpy.context.window_manager.talking_animation
    progress.tell(message, "ERROR")
    assert (BUTTON in drawn(panels.TALKING_PT_main)) is asks
    progress.forget()
    layout = Layout()
    problem_reports.draw_report_button(layout, message)
    assert (layout.said == [BUTTON]) is asks


def test_what_was_unforeseen_is_in_the_report(fake, voice, monkeypatch, faults):
    def breaks(*_, **__):
        raise ZeroDivisionError("in the middle of Zürich\udce9")

    monkeypatch.setattr(api, "generate", breaks)
    chosen = bpy.context.scene.talking_animation
    chosen.character, chosen.audio = characters.rigged()[0], str(voice)
    with pytest.raises(RuntimeError, match="failed of a fault in the add-on"):
        bpy.ops.talking_animation.generate()
    text = problem_reports.report_text(bpy.context)
    assert faults.pop()
    assert "in breaks" in text and "in the middle of Zürich\\udce9" in text
    assert "Panel: 'Generate Talking Animation' failed" in text
    assert bpy.app.version_string in text
    text.encode("utf-8")
    assert bpy.ops.talking_animation.copy_diagnostics() == {"FINISHED"}


def test_what_was_unforeseen_in_a_line_is_in_it_too(faults):
    log._recent.clear()
    try:
        raise KeyError("Alice")
    except KeyError as error:
        assert "fault in the add-on" in scene_tasks.sentence_of(error)
    assert "KeyError: 'Alice'" in problem_reports.report_text(bpy.context) and faults.pop()


def test_failed_lines_are_in_it():
    outcome = bpy.context.window_manager.talking_animation_outcome
    row = outcome.failures.add()
    row.name, row.reason = "Bob_7", "The recording is empty."
    try:
        assert "Bob_7: The recording is empty." in problem_reports.report_text(bpy.context)
    finally:
        outcome.failures.clear()


def test_what_to_do_with_it_is_said_in_german_too():
    assert ("*", problem_reports.COPIED) in translations.TABLE["de_DE"]
    layout = Layout()
    problem_reports._draw_copied(SimpleNamespace(layout=layout), bpy.context)
    assert " ".join(layout.said) == problem_reports.COPIED
