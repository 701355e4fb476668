# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual: its button, and which page says what a button or a field does (right click, *Online Manual*)."""

from __future__ import annotations

from typing import Final

from bpy.types import UILayout

from ..api import manual

_PAGES: Final = (
    # Blender takes the first that fits; names of properties in lower case.
    ("bpy.types.talkinganimationcharacter.*", manual.START, "dials"),
    ("bpy.types.talkinganimationscript*", manual.START, "a-whole-scene"),
    ("bpy.types.talkinganimationline.*", manual.START, "a-whole-scene"),
    ("bpy.types.talkinganimationlive.*", manual.START, "live-preview"),
    ("bpy.types.talkinganimationpicture.*", "pictures", ""),
    ("bpy.types.talkinganimationportraitvideo.*", "portrait-video", ""),
    ("bpy.types.talkinganimationmapping*", "rigs", ""),
    ("bpy.types.talkinganimationface.*", "talk-ready", ""),
    ("bpy.types.talkready*", "talk-ready", ""),
    ("bpy.types.talkingdrawing*", "grease-pencil", ""),
    ("bpy.types.talkinganimationpreferences.*", manual.START, "preferences"),
    ("bpy.ops.talking_animation.live", manual.START, "live-preview"),
    ("bpy.ops.talking_animation.*scene*", manual.START, "a-whole-scene"),
    ("bpy.ops.talking_animation.*line*", manual.START, "a-whole-scene"),
    ("bpy.ops.talking_animation.*dial*", manual.START, "dials"),
    ("bpy.ops.talking_animation.*landmark*", "talk-ready", ""),
    ("bpy.ops.talking_animation.talk_ready*", "talk-ready", ""),
    ("bpy.ops.talking_animation.*picture*", "pictures", ""),
    ("bpy.ops.talking_animation.bake_*", "portrait-video", ""),
    ("bpy.ops.talking_animation.*mouth_from_films", "portrait-video", ""),
    ("bpy.ops.talking_animation.learn_mouth", "portrait-video", ""),
    ("bpy.ops.talking_animation.*grease_pencil*", "grease-pencil", ""),
    ("bpy.ops.talking_animation.*style*", "speaking-styles", ""),
    ("bpy.ops.talking_animation.learn", "speaking-styles", ""),
    ("bpy.ops.talking_animation.capture", "capture", ""),
    ("bpy.ops.talking_animation.*mapping*", "rigs", ""),
    ("bpy.ops.talking_animation.*", manual.START, ""),
    ("bpy.types.talkinganimation*", manual.START, ""),
)


def draw_manual_button(layout: UILayout) -> None:
    """The button that opens the manual; nothing where this copy of the add-on has none."""
    address = manual.page()
    if address:
        layout.operator("wm.url_open", text="Manual", icon="HELP").url = address


def pages_of_buttons() -> tuple[str, tuple[tuple[str, str], ...]]:
    """What Blender asks of a manual: the address that all pages begin with, and the rest of it for each kind of button."""
    start = manual.page().rpartition("/")[0] + "/"
    pages = ((pattern, manual.page(name, part)) for pattern, name, part in _PAGES)
    return start, tuple((pattern, address[len(start) :]) for pattern, address in pages if address)
