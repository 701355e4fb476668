# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers, frames and the Time Offset modifier of Grease Pencil objects in every Blender."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bpy

from .grease_pencil import NEW, is_drawing, layer_name, modifiers

_TIME = "GREASE_PENCIL_TIME" if NEW else "GP_TIME"
_FILTERS = ("tree_node_filter", "layer_filter", "layer")
"""What a modifier calls the layer that it is for, the newest name first."""


def layer_names(obj: Any) -> list[str]:
    """The names of a Grease Pencil object's layers, in order; [] for another object."""
    return [layer_name(layer) for layer in obj.data.layers] if is_drawing(obj) else []


def frame_numbers(obj: Any, name: str = "") -> list[int]:
    """The numbers of the frames of a layer, or of all layers, in order."""
    layers = [layer for layer in obj.data.layers if name in ("", layer_name(layer))]
    return sorted({frame.frame_number for layer in layers for frame in layer.frames})


def hide_path(name: str) -> str:
    """The data path from the Grease Pencil data that hides a layer."""
    return f'layers["{bpy.utils.escape_identifier(name)}"].hide'


def time_modifiers(obj: Any) -> list[Any]:
    """The Time Offset modifiers of a Grease Pencil object that show one fixed frame."""
    if not is_drawing(obj):
        return []
    return [modifier for modifier in modifiers(obj) if modifier.type == _TIME and modifier.mode == "FIX"]


def shifted_by(obj: Any, layers: Iterable[str]) -> Any:
    """The first Time Offset modifier that shows other frames of some layers than the present one; None where there is none."""
    names = set(layers)
    for modifier in modifiers(obj):
        if modifier.type == _TIME and (modifier.show_viewport or modifier.show_render):
            plays = modifier.mode == "NORMAL" and modifier.offset == 0 and modifier.frame_scale == 1.0
            if not plays and (layer_of(modifier) in names or not layer_of(modifier)):
                return modifier
    return None


def layer_of(modifier: Any) -> str:
    """The layer that a Time Offset modifier is for; "" for all."""
    return str(getattr(modifier, _filter_of(modifier), "") or "")


def _filter_of(modifier: Any) -> str:
    return next((name for name in _FILTERS if hasattr(modifier, name)), _FILTERS[-1])


def offset_path(modifier_name: str) -> str:
    """The data path from the object of the frame that a Time Offset modifier shows."""
    stack = "modifiers" if NEW else "grease_pencil_modifiers"
    return f'{stack}["{bpy.utils.escape_identifier(modifier_name)}"].offset'


def add_time_modifier(obj: Any, name: str, layer: str, frame: int) -> Any:
    """Add a Time Offset modifier that shows one fixed frame of a layer, or of all with ""."""
    modifier = modifiers(obj).new(name, _TIME)
    modifier.mode = "FIX"
    if layer:
        setattr(modifier, _filter_of(modifier), layer)
    modifier.offset = frame
    return modifier


def remove_modifier(obj: Any, modifier: Any) -> None:
    """Take a Time Offset modifier off a Grease Pencil object."""
    modifiers(obj).remove(modifier)
