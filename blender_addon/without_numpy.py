# SPDX-License-Identifier: GPL-3.0-or-later
"""What the add-on is in a Blender whose Python has no numpy: a panel, preferences and a command that say so."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import bpy
from bpy.types import AddonPreferences, Context, Panel

from .errors import TalkingAnimationError
from .host.blender_versions import interface
from .motion.stored_motion import NO_NUMPY, require_numpy
from .ui.sidebar_tab import SidebarPanel
from .ui.text import draw_text

_command: Any = None
_is_registered = False


def is_needed() -> bool:
    """Whether this Blender's Python has no numpy."""
    try:
        require_numpy()
    except TalkingAnimationError:
        return True
    return False


def is_registered() -> bool:
    """Whether this stands in for the add-on."""
    return _is_registered


class TALKING_ANIMATION_PT_without_numpy(SidebarPanel, Panel):  # type: ignore[misc]
    """Says what is missing, where the add-on's panels would be."""

    bl_label = "Talking Animation"

    def draw(self, context: Context) -> None:
        """The sentence."""
        assert self.layout is not None
        draw_text(self.layout, context, NO_NUMPY, icon="ERROR")


class WithoutNumpyPreferences(AddonPreferences):
    """Says what is missing, where the add-on was switched on."""

    bl_idname = __package__ or ""

    def draw(self, context: Context) -> None:
        """The sentence."""
        assert self.layout is not None
        draw_text(self.layout, context, NO_NUMPY, icon="ERROR")


_CLASSES: Final[tuple[type, ...]] = (TALKING_ANIMATION_PT_without_numpy, WithoutNumpyPreferences)


def command(_: Sequence[str]) -> int:
    """The command line's command; prints the sentence and returns 1."""
    print(f"Error: {NO_NUMPY}", file=sys.stderr, flush=True)
    return 1


def register() -> None:
    """Stand in for the add-on, and say so on the console too."""
    global _command, _is_registered
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    _command = interface.register_cli_command("talking_animation", command)
    _is_registered = True
    print(f"Talking Animation: {NO_NUMPY}", file=sys.stderr, flush=True)


def unregister() -> None:
    """Undo `register`."""
    global _command, _is_registered
    interface.unregister_cli_command(_command)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    _command, _is_registered = None, False
