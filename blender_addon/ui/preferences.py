# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import StringProperty
from bpy.types import AddonPreferences, Context

from .. import cache
from ..errors import TalkingAnimationError
from . import panels


def _rename_tab(preferences: Any, context: Context) -> None:
    move_panels(preferences.tab_name.strip() or panels.CATEGORY)


def move_panels(category: str) -> None:
    """Show the panels under another tab of the sidebar."""
    for panel in reversed(panels.CLASSES):
        bpy.utils.unregister_class(panel)
    for panel in panels.CLASSES:
        panel.bl_category = category  # type: ignore[attr-defined]
        bpy.utils.register_class(panel)


class TalkingAnimationPreferences(AddonPreferences):
    """Tab name, cache folder, the engine's Python."""

    bl_idname = (__package__ or "").rpartition(".")[0]

    tab_name: StringProperty(  # type: ignore[valid-type]
        name="Sidebar Tab",
        description="Name of the tab in the 3D View's sidebar",
        default=panels.CATEGORY,
        update=_rename_tab,
    )
    cache_folder: StringProperty(  # type: ignore[valid-type]
        name="Cache Folder",
        description="Where generated motion is kept, so that dials act at once. Empty: Blender's own data folder",
        subtype="DIR_PATH",
    )
    engine_python: StringProperty(  # type: ignore[valid-type]
        name="Engine Python",
        description="The Python of a full engine (with torch) that runs instead of Blender's own. "
        "Empty: Blender's own, which needs nothing installed",
        subtype="FILE_PATH",
    )

    def draw(self, context: Context) -> None:
        """Draw the preferences."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "tab_name")
        layout.prop(self, "cache_folder")
        row = layout.row()
        try:
            found = cache.folder(self.cache_folder)
            text = f"{len(cache.files(found))} files, {cache.size(found) / 1e6:.1f} MB in {found}"
        except (TalkingAnimationError, OSError) as error:
            text = str(error)
        row.label(text=text)
        row.operator("talking_animation.clear_cache", icon="TRASH")
        layout.prop(self, "engine_python")
        layout.operator("talking_animation.copy_diagnostics", icon="COPYDOWN")


CLASSES: tuple[type, ...] = (TalkingAnimationPreferences,)
