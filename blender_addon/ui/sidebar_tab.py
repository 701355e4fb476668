# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab of the 3D View's sidebar that the panels are in, and its name."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any, ClassVar

import bpy
from bpy.types import Panel

from .failures import Telling
from .text import sends_once

USUAL = "Talking"
_panels: list[Any] = []


class Place(IntEnum):
    """Where a panel stands below the main one, from what is done daily to what is hardly ever needed; see `bl_order`."""

    MAIN = 0
    PROBLEMS = 10
    DIALS = 20
    LIVE = 25
    LINES = 30
    VIDEO = 40
    FACE = 50
    KEYS = 60
    PICTURE = 70
    OTHER = 80
    OPTIONS = 90
    RESEARCH = 100


class FacePlace(IntEnum):
    """Where a panel stands in the group *Face*; see `bl_order`."""

    MAPPING = 10
    LANDMARKS = 20
    TALK_READY = 30
    POINTS = 40


class SidebarPanel(Telling):
    """Mixin of the panels in the tab; one that says nothing of its place stands before the options."""

    bl_order: ClassVar[int] = Place.OTHER
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category: ClassVar[str] = USUAL

    def __init_subclass__(cls, **options: Any) -> None:
        """A panel opens the preferences by one button, however many sentences send people there; one that fails says so."""
        if "draw" in cls.__dict__:
            cls.draw = sends_once(cls.__dict__["draw"])  # type: ignore[attr-defined]
        super().__init_subclass__(**options)


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
