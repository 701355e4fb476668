"""The preferences: cache, engine, the full engine's environment, log, and the languages."""

from __future__ import annotations

import contextlib
import inspect
import logging
from types import SimpleNamespace

import bpy
import characters
import pytest
from layout import Layout
from places import ROOT

from blender_addon import api, registration
from blender_addon.engine_process import cache, chosen_python, full_environment, shared
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import log, settings, translations
from blender_addon.host.blender_versions import interface
from blender_addon.jobs.portrait import by_engine
from blender_addon.ui import operators, preferences, sidebar_tab
from blender_addon.ui.text import draw_text


def shown(**changes):
    """What the preferences draw with these values."""
    values = {
        "tab_name": "Talking",
        "cache_folder": "",
        "engine": "EMBEDDED",
        "engine_python": "",
        "default_style": "auto",
        "start_at": "FRAME",
        "log_level": "WARNING",
    }
    layout = Layout()
    bl_rna = preferences.TalkingAnimationPreferences.bl_rna
    fake = SimpleNamespace(layout=layout, bl_rna=bl_rna, **{**values, **changes})
    preferences.TalkingAnimationPreferences.draw(fake, bpy.context)
    return layout.said


def test_everything_is_there(monkeypatch):
    said = shown()
    for name in ("tab_name", "default_style", "start_at", "cache_folder", "engine", "log_level"):
        assert name in said
    for name in ("clear_cache", "test_engine", "copy_diagnostics"):
        assert f"talking_animation.{name}" in said
    assert "talking_animation.make_full_engine" not in said and "engine_python" not in said
    dialog = Layout()
    preferences.TALKING_OT_make_full_engine.draw(SimpleNamespace(layout=dialog), bpy.context)
    assert "GB" in " ".join(dialog.said)
    said = shown(engine="FULL")
    assert "talking_animation.make_full_engine" in said and "engine_python" in said


def test_all_panels_move_to_the_tab():
    sidebar_tab.rename("Faces")
    try:
        for cls in registration.CLASSES:
            if issubclass(cls, bpy.types.Panel):
                assert cls.bl_category == "Faces", cls
    finally:
        sidebar_tab.rename(sidebar_tab.USUAL)


# -- cache ---------------------------------------------------------------------------------------------


def test_clearing_keeps_what_is_needed_and_what_is_not_ours(fake, voice, tmp_path):
    store = tmp_path / "cache"
    _, mesh = characters.rigged()
    api.generate(mesh, voice, seed=1)
    api.generate(mesh, voice, seed=2)  # the first take's motion is no longer needed
    foreign = store / "holiday.npz"
    foreign.write_bytes(b"mine")
    assert len(cache.files(store)) == 2
    assert bpy.ops.talking_animation.clear_cache() == {"FINISHED"}
    assert [path.name for path in cache.files(store)] == [api.motion_file(mesh).rsplit("/", 1)[-1]]
    api.apply_dials(mesh, api.Dials(lips=0.5))  # the dials still work
    progress = bpy.context.window_manager.talking_animation
    progress.running = True
    try:
        assert not bpy.ops.talking_animation.clear_cache.poll()
    finally:
        progress.running = False
    assert bpy.ops.talking_animation.clear_cache(everything=True) == {"FINISHED"}
    assert list(store.iterdir()) == [foreign]


# -- engine --------------------------------------------------------------------------------------------


def test_the_engine_tells_what_it_is():
    shared.close_engine()
    assert bpy.ops.talking_animation.test_engine() == {"FINISHED"}
    said = " ".join(preferences.engine_state())
    assert "cpu" in said and ("Embedded engine" in said or "Full engine" in said)
    known = shared.known_capabilities()
    assert known.capture.available and known.capture.decodes is (known.capture.reason is None)
    shared.close_engine()
    assert shared.known_capabilities() == known  # kept when the process ends
    assert "cpu" in " ".join(shown())


def test_a_broken_engine_is_told_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(settings.fallback, "engine_python", str(tmp_path / "python"))
    with pytest.raises(RuntimeError, match="choose another Python"):
        bpy.ops.talking_animation.test_engine()


def test_which_python_runs_the_engine(monkeypatch, tmp_path):
    monkeypatch.setattr(full_environment, "folder", lambda: tmp_path / "full")
    assert chosen_python.python_of("EMBEDDED", "/usr/bin/python3") == ""
    assert chosen_python.python_of("FULL", "/usr/bin/python3") == "/usr/bin/python3"
    assert chosen_python.python_of("FULL", "") == ""  # none was made yet
    program = full_environment.python_of(tmp_path / "full")
    program.parent.mkdir(parents=True)
    program.write_text("")
    assert chosen_python.python_of("FULL", "") == ""  # half made
    (tmp_path / "full" / "ready.txt").write_text("")
    assert chosen_python.python_of("FULL", "") == str(program)


def test_without_the_network_the_button_says_why(monkeypatch):
    told = []
    monkeypatch.setattr(interface, "set_poll_message", lambda operator, text: told.append(text))
    monkeypatch.setattr(interface, "online_access", lambda: False)
    assert not preferences.TALKING_OT_make_full_engine.poll(bpy.context) and "online access" in told[0]
    with pytest.raises(TalkingAnimationError, match="online access"):
        full_environment.Setup([])
    monkeypatch.setattr(full_environment.sys, "version_info", (3, 13, 1))
    assert "MediaPipe has no build for Python 3.13" in full_environment.warning()[1]


ALLOW, OPEN = "talking_animation.allow_online_access", "talking_animation.open_preferences"


def test_what_needs_the_network_has_a_button_that_allows_it(monkeypatch):
    allowed, forced = False, False
    monkeypatch.setattr(interface, "online_access", lambda: allowed)
    monkeypatch.setattr(interface, "online_access_is_forced", lambda: forced)
    monkeypatch.setattr(full_environment, "python", lambda: "")
    said = shown(engine="FULL")
    assert said.count(ALLOW) == 1 and said.index(ALLOW) > said.index("talking_animation.make_full_engine")
    assert ALLOW not in shown() and bpy.ops.talking_animation.allow_online_access.poll()
    assert beside("Videos need the full engine: make or choose one in the add-on's preferences.") == [
        ALLOW,
        OPEN,
    ]
    assert beside(f"{by_engine.NEEDS_FULL}.") == [ALLOW, OPEN]
    assert beside("Choose another one in the add-on's preferences.") == [OPEN]
    forced = True  # no preference can help
    said = " ".join(shown(engine="FULL"))
    assert "--offline-mode" in said and ALLOW not in said
    allowed, forced = True, False
    assert ALLOW not in shown(engine="FULL") and not bpy.ops.talking_animation.allow_online_access.poll()
    assert beside("Videos need the full engine: make or choose one in the add-on's preferences.") == [OPEN]


def beside(sentence):
    """The buttons that stand under a text in the 3D View."""
    layout = Layout()
    known = SimpleNamespace(
        region=None, preferences=bpy.context.preferences, area=SimpleNamespace(type="VIEW_3D")
    )
    draw_text(layout, known, sentence)
    return [said for said in layout.said if said.startswith("talking_animation.")]


def test_one_click_allows_it():
    system = bpy.context.preferences.system
    if not hasattr(system, "use_online_access"):
        assert interface.online_access() and not interface.online_access_is_forced()
        assert not bpy.ops.talking_animation.allow_online_access.poll()
        return
    before = system.use_online_access
    system.use_online_access = False
    try:
        assert not interface.online_access() and full_environment.obstacle() == full_environment._NO_ONLINE
        assert bpy.ops.talking_animation.allow_online_access() == {"FINISHED"}
        assert interface.online_access() and full_environment.obstacle() != full_environment._NO_ONLINE
    finally:
        system.use_online_access = before


def test_what_allowing_it_means_is_said_before():
    dialog = Layout()
    preferences.TALKING_OT_allow_online_access.draw(SimpleNamespace(layout=dialog), bpy.context)
    assert "may use the network" in " ".join(dialog.said)


# -- log -----------------------------------------------------------------------------------------------


def test_the_log(fake, voice, capsys):
    log.start("WARNING")
    api.generate(characters.rigged()[1], voice)
    assert "asking the engine" not in capsys.readouterr().err
    assert "asking the engine to animate" in api.diagnostics()
    log.start("INFO")
    api.generate(characters.rigged()[1], voice, seed=9)
    assert "asking the engine to animate" in capsys.readouterr().err
    assert len(logging.getLogger(log.NAME).handlers) == 2
    log.start()


# -- languages -----------------------------------------------------------------------------------------


def labels():
    """Every label and property name that is ours: (text, where)."""
    found = []
    for cls in registration.CLASSES:
        if issubclass(cls, (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu)):
            found.append((cls.bl_label, cls.__name__))
        described = cls.bl_rna
        if issubclass(cls, bpy.types.Operator):
            module, _, name = cls.bl_idname.partition(".")
            described = getattr(getattr(bpy.ops, module), name).get_rna_type()
        for item in described.properties:
            # What is only stored has no name of its own.
            if not item.is_hidden and item.identifier in _own(cls) and item.name != item.identifier:
                found.append((item.name, f"{cls.__name__}.{item.identifier}"))
                if item.type == "ENUM":
                    found += [
                        (choice.name, f"{cls.__name__}.{item.identifier}") for choice in item.enum_items
                    ]
    return found


def _own(cls):
    return {name for name in inspect.get_annotations(cls) if not name.startswith("bl_")}


def test_every_label_is_in_the_german_table():
    from blender_addon.host import translations

    table = translations.TABLE["de_DE"]
    buttons = [cls.bl_label for cls in registration.CLASSES if issubclass(cls, bpy.types.Operator)]
    assert [text for text in buttons if ("Operator", text) not in table] == []
    names = {key[1] for key in table}
    missing = sorted({f"{text!r} ({where})" for text, where in labels() if text not in names})
    assert not missing, "\n".join(missing)
    for (_, text), german in translations.TABLE["de_DE"].items():
        assert german.strip() and text.count("{") == german.count("{"), text


def test_blender_shows_them():
    if not bpy.app.build_options.international:
        pytest.skip("this Blender has no languages")
    view = bpy.context.preferences.view
    before = view.language
    for language in ("de_DE", "de"):
        with contextlib.suppress(TypeError):  # the list of languages is made when it is first looked at
            view.language = language
            break
    else:
        pytest.skip("this Blender has no German")
    try:
        view.use_translate_interface = True
        assert bpy.app.translations.pgettext_iface("Head Pose") == "Kopfpose"
        assert bpy.app.translations.pgettext_iface("Generate Talking Animation", "Operator").startswith(
            "Sprech"
        )
        assert translations.translated("2 of 5 lines") == "2 von 5 Zeilen"
        assert translations.reason("'Ann' has no mouth cues") == "„Ann“ hat keine Mundbilder"
        assert translations.reason(operators.TALKING_OT_cancel.disabled_reason(bpy.context)).startswith(
            "Es wird"
        )
        known_as_sentence = "The landmarks of this face are not known yet"
        assert translations.reason(known_as_sentence).endswith("noch nicht bekannt")
        assert translations.reason("Something else") == "Something else"
        view.use_translate_tooltips = True
        one = operators.TALKING_OT_repair.description(bpy.context, SimpleNamespace(code="muted"))
        assert one == "Dies beheben; ein Rückgängig nimmt es zurück"
        view.use_translate_tooltips = False
        assert operators.TALKING_OT_repair.description(bpy.context, SimpleNamespace(code="muted")).startswith(
            "Mend this"
        )
        view.use_translate_tooltips = True
        view.use_translate_interface = False
        assert translations.translated("2 of 5 lines") == "2 of 5 lines"
        view.use_translate_interface = True
    finally:
        view.language = before
    assert bpy.app.translations.pgettext_iface("Head Pose") == "Head Pose"


def test_the_manual_names_every_preference():
    text = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    for name in ("Sidebar Tab", "Usual Style", "Usual Start", "Cache Folder", "Engine", "Log"):
        assert f"*{name}*" in text, name
