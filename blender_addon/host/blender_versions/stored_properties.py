# SPDX-License-Identifier: GPL-3.0-or-later
"""What add-ons that are not installed left with a datablock."""

from __future__ import annotations

from typing import Any


def left_with(datablock: Any, name: str) -> Any:
    """What the property of an add-on holds that is not registered now; None where there is none.

    Up to Blender 4 it is among the custom properties, later beside them.
    """
    value = datablock.get(name)
    if value is None and hasattr(datablock, "bl_system_properties_get"):
        stored = datablock.bl_system_properties_get()
        value = stored.get(name) if stored is not None else None
    return value
