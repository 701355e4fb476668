# SPDX-License-Identifier: GPL-3.0-or-later
"""Dials with keys of their own on the panel: whether the talking animation shows what they say, and the buttons that key them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from bpy.types import Context, Operator, UILayout

from .. import api
from ..api import dial_keys
from ..api.tables import dial_rows
from ..host.blender_versions import interface
from .buttons import Reasoned, picked_reason, running_reason, tells_errors
from .lookup import are_lips_held, described, forget, keys_of_dials_wait, talks
from .operators import OnTalking, talking_reason
from .properties import picked_character
from .text import draw_text

_LABELS = {row["name"]: row["label"] for row in dial_rows()}
DRIVEN: Final = "Drivers on dials are not followed: remove them and give these dials keys:"
WAITING: Final = (
    "Keys of the dials: not applied yet. They do not act while the scene plays, but when they are applied."
)
_NONE_WAIT: Final = "No dial has keys that are not applied yet"
_NONE_HELD: Final = "No keys hold the lips shut at this frame"


def draw_dial_keys(layout: UILayout, context: Context, picked: Any) -> None:
    """What there is to say of keys on the dials of a character; nothing where there are none."""
    driven = dial_keys.driven(described(picked).root)
    if driven:
        names = ", ".join(interface.translated(_LABELS[name]) for name in driven)
        draw_text(layout, context, f"{interface.translated(DRIVEN)} {names}.", "INFO")
    if keys_of_dials_wait(picked):
        layout.operator("talking_animation.apply_dial_keys", icon=interface.icon("KEYINGSET", "FILE_REFRESH"))
        draw_text(layout, context, WAITING, interface.icon("FILE_REFRESH", "INFO"))


def _nothing_waits(picked: Any) -> str:
    return "" if talks(picked) and keys_of_dials_wait(picked) else _NONE_WAIT


def _shown(context: Context, change: dial_keys.Change) -> set[str]:
    """Tell what there is to say of keys that were made anew; returns the operator's result."""
    context.window_manager.talking_animation.warn(change.warnings)
    forget()
    return {"FINISHED"}


class TALKING_OT_apply_dial_keys(Reasoned, Operator):
    """Let the talking animation show what the keys of its dials say at each frame"""

    bl_idname = "talking_animation.apply_dial_keys"
    bl_label = "Apply Keys of Dials"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where a talking animation shows something else."""
        return running_reason(context) or picked_reason(context, _nothing_waits, _NONE_WAIT)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Make its keys anew."""
        return _shown(context, dial_keys.change_dials(picked_character(context), scene=context.scene))


class TALKING_OT_shut_lips(OnTalking, Operator):
    """Let the lips meet at this frame, as for a p, b or m that was not heard: gives the dial Lips Shut keys there"""

    bl_idname = "talking_animation.shut_lips"
    bl_label = "Shut Lips Here"
    bl_options: ClassVar = {"UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Key the dial and show it."""
        return _shown(
            context, api.shut_lips(picked_character(context), context.scene.frame_current, context.scene)
        )


class TALKING_OT_release_lips(Reasoned, Operator):
    """Take the keys away that hold the lips shut at this frame"""

    bl_idname = "talking_animation.release_lips"
    bl_label = "Release Lips Here"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only at a frame where keys of the dial hold them shut."""
        frame = context.scene.frame_current
        return talking_reason(context) or picked_reason(
            context, lambda picked: "" if are_lips_held(picked, frame) else _NONE_HELD
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Take them away and show it."""
        return _shown(
            context, api.release_lips(picked_character(context), context.scene.frame_current, context.scene)
        )


CLASSES: tuple[type, ...] = (
    TALKING_OT_apply_dial_keys,
    TALKING_OT_shut_lips,
    TALKING_OT_release_lips,
)
