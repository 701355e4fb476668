"""What a tooltip explains at length, and what panels write out, is said in German, too, and in the add-on's own words."""

from __future__ import annotations

import ast
from pathlib import Path

import bpy
import pytest

from blender_addon import registration, ui
from blender_addon.host import translations
from blender_addon.ui import dial_keys

GERMAN = translations.TABLE["de_DE"]
CONTEXTS = {"operator": "Operator", "operator_menu_enum": "Operator", "label": "*", "prop": "*", "menu": "*"}


def written_out():
    """Each text that the panels' code writes out, and the context in which Blender looks it up."""
    for path in sorted(Path(ui.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in {"draw_text", "draw_in_box"} and isinstance(call.args[2], ast.Constant):
                yield "*", call.args[2].value
            if any(option.arg == "translate" for option in call.keywords):
                continue  # it is in the user's language already
            texts = [option.value for option in call.keywords if option.arg == "text" and name in CONTEXTS]
            for part in (part for text in texts for part in ast.walk(text)):
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and part.value.strip("?– :")
                ):
                    yield CONTEXTS[name], part.value


def test_what_panels_write_out():
    texts = set(written_out())
    assert {("Operator", "Play"), ("*", "Voice")} <= texts
    assert texts - set(GERMAN) == set()


def stages():
    """What jobs of the add-on say of themselves while they run."""
    for path in sorted((Path(ui.__file__).parents[1] / "jobs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values = []
            if isinstance(node, ast.Assign):
                values = [node.value] if getattr(node.targets[0], "attr", "") == "stage" else []
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "__init__":
                values = node.args
            yield from (each.value for each in values if isinstance(each, ast.Constant) and each.value)


def test_what_is_under_way():
    told = {stage for stage in stages() if isinstance(stage, str)}
    assert {"Writing keys", "Measuring the face", "Looking for the face"} <= told
    assert {stage for stage in told if ("*", stage) not in GERMAN} == set()


@pytest.mark.skipif(
    "translation_context" not in bpy.props.BoolProperty.__doc__, reason="this Blender knows one context alone"
)
def test_the_add_ons_own_words_come_before_blenders():
    """To Blender a face is a polygon, and a speaker a box."""
    seen = 0
    for cls in registration.CLASSES:
        known = cls.bl_rna
        if issubclass(cls, bpy.types.Panel):
            assert known.translation_context == translations.CONTEXT, cls
        for name in set(known.properties.keys()) - set(cls.__base__.bl_rna.properties.keys()):
            assert known.properties[name].translation_context == translations.CONTEXT, (cls, name)
            seen += 1
    assert seen > 100 and GERMAN[translations.CONTEXT, "Speaker"] == "Sprecher"


def test_what_was_heard():
    shown = bpy.types.Scene.bl_rna.properties["talking_animation"].fixed_type.properties["show_heard"]
    assert ("*", shown.description) in GERMAN


def test_the_live_preview():
    properties = bpy.types.WindowManager.bl_rna.properties["talking_animation_live"].fixed_type.properties
    texts = [properties["record"].description]
    texts += [choice.description for choice in properties["source"].enum_items]
    assert all(("*", text) in GERMAN for text in texts)


def test_dials_that_nothing_follows():
    assert {("*", dial_keys.WAITING), ("*", dial_keys.DRIVEN)} <= set(GERMAN)
