"""What a tooltip explains at length is explained in German, too."""

from __future__ import annotations

import bpy

from blender_addon.host import translations
from blender_addon.ui import dial_keys

GERMAN = translations.TABLE["de_DE"]


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
