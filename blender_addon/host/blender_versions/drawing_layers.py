# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers, frames and the Time Offset modifier of Grease Pencil objects in every Blender."""

from __future__ import annotations

from typing import Any

import bpy

TYPES = ("GPENCIL", "GREASEPENCIL")
"""Types of Grease Pencil objects: until Blender 4.2, and from 4.3 on."""
_NEW = bpy.app.version >= (4, 3, 0)


def is_drawing(item: Any) -> bool:
    """Whether an object is a Grease Pencil object."""
    return item.type in TYPES and item.data is not None


def layer_names(item: Any) -> list[str]:
    """The names of a Grease Pencil object's layers, in order; [] for another object."""
    return [_name(layer) for layer in item.data.layers] if is_drawing(item) else []


def _name(layer: Any) -> str:
    return str(layer.name if _NEW else layer.info)


def frame_numbers(item: Any, layer_name: str = "") -> list[int]:
    """The numbers of the frames of a layer, or of all layers, in order."""
    layers = [layer for layer in item.data.layers if layer_name in ("", _name(layer))]
    return sorted({frame.frame_number for layer in layers for frame in layer.frames})


def hide_path(layer_name: str) -> str:
    """The data path from the Grease Pencil data that hides a layer."""
    return f'layers["{bpy.utils.escape_identifier(layer_name)}"].hide'


def time_modifiers(item: Any) -> list[Any]:
    """The Time Offset modifiers of a Grease Pencil object that show one fixed frame."""
    if not is_drawing(item):
        return []
    stack, kind = (
        (item.modifiers, "GREASE_PENCIL_TIME") if _NEW else (item.grease_pencil_modifiers, "GP_TIME")
    )
    return [modifier for modifier in stack if modifier.type == kind and modifier.mode == "FIX"]


def layer_of(modifier: Any) -> str:
    """The layer that a Time Offset modifier is for; "" for all."""
    for name in ("tree_node_filter", "layer_filter", "layer"):
        if hasattr(modifier, name):
            return str(getattr(modifier, name) or "")
    return ""


def offset_path(modifier_name: str) -> str:
    """The data path from the object of the frame that a Time Offset modifier shows."""
    stack = "modifiers" if _NEW else "grease_pencil_modifiers"
    return f'{stack}["{bpy.utils.escape_identifier(modifier_name)}"].offset'


def add_time_modifier(item: Any, name: str, layer_name: str, frame: int) -> Any:
    """Add a Time Offset modifier that shows one fixed frame of a layer, or of all with ""."""
    if _NEW:
        modifier = item.modifiers.new(name, "GREASE_PENCIL_TIME")
    else:
        modifier = item.grease_pencil_modifiers.new(name, "GP_TIME")
    modifier.mode = "FIX"
    if layer_name:
        known = next(
            part for part in ("tree_node_filter", "layer_filter", "layer") if hasattr(modifier, part)
        )
        setattr(modifier, known, layer_name)
    modifier.offset = frame
    return modifier
