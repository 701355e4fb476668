# SPDX-License-Identifier: GPL-3.0-or-later
"""The colours of a character's materials, so that a drawing of it shows brows, eyes and beard."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..host.blender_versions import materials

_DARKEST = 0.02  # brightness below which colours are none: many importers leave black where a picture was
_UNKNOWN = (0.8, 0.8, 0.8)


def colours_of(objects: list[Any]) -> np.ndarray | None:
    """(N, 3) sRGB, 0 to 1, of the vertices of some mesh objects one after the other; None where materials tell nothing."""
    result = []
    for obj in objects:
        mesh = obj.data
        table = np.array([colour_of(material) for material in mesh.materials] or [_UNKNOWN])
        which, totals = np.empty(len(mesh.polygons), np.int32), np.empty(len(mesh.polygons), np.int32)
        corners = np.empty(len(mesh.loops), np.int32)
        mesh.polygons.foreach_get("material_index", which)
        mesh.polygons.foreach_get("loop_total", totals)
        mesh.loops.foreach_get("vertex_index", corners)
        colours = np.full((len(mesh.vertices), 3), _UNKNOWN)
        colours[corners] = table[np.clip(np.repeat(which, totals), 0, len(table) - 1)]
        result.append(colours)
    linear = np.concatenate(result)
    if linear.mean() < _DARKEST or np.ptp(linear, axis=0).max() < 1e-3:
        return None
    return np.asarray(np.clip(linear, 0, 1) ** (1 / 2.2))


def colour_of(material: Any) -> tuple[float, float, float]:
    """A material's colour, linear: of its shader where no picture gives it, else of the solid viewport.

    Where importers leave black for a picture, in the viewport too, it is a light grey: a face drawn black is none.
    """
    if material is None:
        return _UNKNOWN
    pictured = False
    for node in materials.nodes_in_use(material):
        socket = node.inputs.get("Base Color") if node.type == "BSDF_PRINCIPLED" else None
        pictured = pictured or (socket is not None and socket.is_linked)
        if socket is not None and not socket.is_linked:
            red, green, blue = list(socket.default_value)[:3]
            return float(red), float(green), float(blue)
    red, green, blue = list(material.diffuse_color)[:3]
    if pictured and max(red, green, blue) < _DARKEST:
        return _UNKNOWN
    return float(red), float(green), float(blue)
