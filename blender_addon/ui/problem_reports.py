# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of problems: what they need goes to the clipboard, and the panel says what to do with it."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.types import Context, Event, Operator, UILayout

from .. import api
from ..errors import legible
from .buttons import has_window
from .failures import Telling
from .text import draw_text, say

COPIED = (
    "What a report needs is on the clipboard: versions, the panel's message and the engine's last messages. "
    "Paste it into your report, with the steps that led there. Read it first: it names folders of your computer."
)
_WIDTH = 420


def draw_report_button(layout: UILayout, message: str) -> None:
    """The button that a message asks for, under it; nothing where it asks for none."""
    if "diagnostics" in message.casefold():
        layout.operator("talking_animation.copy_diagnostics", icon="COPYDOWN")


def report_text(context: Context) -> str:
    """What a report of a problem needs: what the panel says, versions, and the engine's last messages."""
    manager = context.window_manager
    told = (
        ("Panel", manager.talking_animation.message),
        ("Whole scene", manager.talking_animation_outcome.message),
        *((row.name, row.reason) for row in manager.talking_animation_outcome.failures),
    )
    return "\n".join(
        (api.diagnostics(), *(legible(f"{where}: {message}") for where, message in told if message))
    )


class TALKING_OT_copy_diagnostics(Telling, Operator):
    """Copy versions, the panel's message and the engine's last messages to the clipboard, for a report of a problem"""

    bl_idname = "talking_animation.copy_diagnostics"
    bl_label = "Copy Diagnostics"
    bl_options: ClassVar = {"INTERNAL"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """In the window: copy them, and say what to do with them where it is not overlooked."""
        result = self.execute(context)
        if has_window(context):
            context.window_manager.popup_menu(_draw_copied, title="Report a Bug", icon="COPYDOWN")
        return result

    def execute(self, context: Context) -> set[str]:
        """Copy them."""
        context.window_manager.clipboard = report_text(context)
        say(self, {"INFO"}, COPIED)
        return {"FINISHED"}


def _draw_copied(popup: Any, context: Context) -> None:
    draw_text(popup.layout, context, COPIED, "INFO", _WIDTH)


CLASSES: tuple[type, ...] = (TALKING_OT_copy_diagnostics,)
