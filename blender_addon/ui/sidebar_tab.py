# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab of the 3D View's sidebar that the panels are in, and its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import bpy
from bpy.types import Panel

USUAL = "Talking"
_panels: list[Any] = []


class SidebarPanel:
    """Mixin of the panels in the tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category: ClassVar[str] = USUAL


def register(classes: Iterable[type]) -> None:
    """Take note of the panels among the add-on's classes, in the order in which they are registered."""
    _panels[:] = [cls for cls in classes if issubclass(cls, Panel)]


def unregister() -> None:
    """Forget the panels."""
    _panels.clear()


def rename(name: str) -> None:
    """Show the panels in a tab of another name; "" is the usual one."""
    for panel in reversed(_panels):
        bpy.utils.unregister_class(panel)
    for panel in _panels:
        panel.bl_category = name or USUAL
        bpy.utils.register_class(panel)
