# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that *Find the Face* proposes, in colours and with their names over the drawing in the 3D viewport."""

from __future__ import annotations

import colorsys
from typing import Any

import blf
import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from ..api import grease_pencil as drawn_faces
from ..host.blender_versions import interface
from .failures import tells_later
from .lookup import talking_spans
from .properties import picked_character

Colour = tuple[float, float, float, float]
BACKING: Colour = (0.05, 0.05, 0.05, 0.9)
"""What names stand on, whatever the viewport shows behind them."""
_LIGHT = 0.5
"""How much of a colour's distance from white its name keeps."""
_MARGIN = 3.0
"""Pixels of the backing around a name."""
_WIDTH, _CHOSEN_WIDTH, _TEXT = 3.0, 6.0, 13.0
_handles: list[Any] = []


def colour_of(part: str) -> Colour:
    """A colour for each part; grey for a stroke that its name alone tells."""
    names = list(drawn_faces.PARTS)
    if part not in names:
        return (0.5, 0.5, 0.5, 0.8)
    number = names.index(part)
    return (*colorsys.hsv_to_rgb(number * 0.382 % 1.0, 0.85, 1.0 if number % 2 else 0.75), 1.0)


def text_colour(part: str) -> Colour:
    """The colour of a part's name: its own, so light that it can be read on `BACKING`."""
    red, green, blue, _ = colour_of(part)
    return (*(1 - _LIGHT * (1 - level) for level in (red, green, blue)), 1.0)


def on_screen(points: np.ndarray, projection: np.ndarray, width: float, height: float) -> np.ndarray:
    """(N, 2) pixels of a region where world points are seen; NaN for those behind the viewer.

    Args:
        points: (N, 3).
        projection: (4, 4) of the region's view.
        width, height: of the region in pixels.
    """
    seen = np.c_[points, np.ones(len(points))] @ projection.T
    depth = np.where(seen[:, 3:] > 1e-6, seen[:, 3:], np.nan)
    return np.asarray((seen[:, :2] / depth + 1) / 2 * [width, height])


def lines_at(obj: Any, scene: Any) -> list[drawn_faces.PartLine]:
    """The strokes of a drawing that were found; none while it talks at the scene's frame: then it is elsewhere."""
    if any(first < scene.frame_current < last for first, last in talking_spans(obj)):
        return []
    return drawn_faces.part_lines(obj, scene)


@tells_later("Showing the parts of the drawing")
def draw() -> None:
    """Blender draws a 3D viewport."""
    context = bpy.context
    picked = picked_character(context)
    overlay = getattr(context.space_data, "overlay", None)
    if picked is None or not drawn_faces.is_drawing(picked) or overlay is None or not overlay.show_overlays:
        return
    state = picked.talking_drawing
    if not state.show_parts or not len(state.strokes):
        return
    region, view = context.region, context.region_data
    projection = np.array(view.perspective_matrix)
    shader = interface.flat_shader()
    seen: dict[str, np.ndarray] = {}
    for line in lines_at(picked, context.scene):
        flat = on_screen(line.points, projection, region.width, region.height)
        if np.isnan(flat).any() or not len(flat):
            continue
        chosen = line.row == state.active
        _draw_line(shader, flat, colour_of(line.part), _CHOSEN_WIDTH if chosen else _WIDTH)
        if line.part in drawn_faces.PARTS:
            seen[line.part] = np.concatenate([seen.get(line.part, flat[:0]), flat])
    _draw_names(shader, seen, uncovered(context.area, region))
    gpu.state.line_width_set(1.0)


def uncovered(area: Any, region: Any) -> tuple[float, float]:
    """From where to where a region of an editor is seen, pixels: tools and sidebar may lie over it, each on either side."""
    left, right = 0.0, float(region.width)
    for other in area.regions:
        if other.width <= 1 or other.type not in ("TOOLS", "UI"):
            continue
        begin = float(other.x - region.x)
        end = begin + other.width
        if begin + end < region.width:
            left = max(left, end)
        else:
            right = min(right, begin)
    return left, max(left, right)


def _draw_names(shader: Any, seen: dict[str, np.ndarray], between: tuple[float, float]) -> None:
    """The name of each part beside the drawing, with a line to it, as far as there is room."""
    if not seen:
        return
    interface.set_text_size(_TEXT)
    spacing = 1.3 * blf.dimensions(0, "Mg")[1]
    for part, (begin, place, is_left) in zip(seen, beside(list(seen.values()), spacing)):
        text, colour = interface.translated(drawn_faces.PARTS[part]), colour_of(part)
        _draw_line(shader, np.stack([begin, place]), colour, 1.0)
        width, height = blf.dimensions(0, text)
        x, y = float(place[0] - width if is_left else place[0]), float(place[1])
        x = max(min(x, between[1] - width - 2 * _MARGIN), between[0] + 2 * _MARGIN)
        edges = (x - _MARGIN, y - 2 * _MARGIN, x + width + _MARGIN, y + height + _MARGIN)
        interface.draw_rectangles([edges], BACKING)
        interface.draw_words(x, y, text, text_colour(part))


def beside(parts: list[np.ndarray], spacing: float) -> list[tuple[np.ndarray, np.ndarray, bool]]:
    """Where names of parts are written beside the drawing, none over another.

    Args:
        parts: (N, 2) of each, pixels.
        spacing: least distance of two names in a column, pixels.

    Returns:
        For each: the point of the part that its line begins at, where the line ends, and whether that is to the left.
    """
    every = np.concatenate(parts)
    low, high = every.min(axis=0), every.max(axis=0)
    middle = (low[0] + high[0]) / 2
    result: list[Any] = [None] * len(parts)
    for is_left, edge in ((True, low[0] - 2 * spacing), (False, high[0] + 2 * spacing)):
        side = [n for n, part in enumerate(parts) if (part[:, 0].mean() < middle - 1e-3) == is_left]
        begins = {n: parts[n][(np.argmin if is_left else np.argmax)(parts[n][:, 0])] for n in side}
        at = np.inf
        for number in sorted(side, key=lambda n: -float(begins[n][1])):
            at = min(at - spacing, float(begins[number][1]))
            result[number] = begins[number], np.array([edge, at]), is_left
    return result


def _draw_line(shader: Any, flat: np.ndarray, colour: Colour, width: float) -> None:
    gpu.state.line_width_set(width)
    places = np.c_[flat, np.zeros(len(flat))].astype(np.float32).tolist()
    shader.bind()
    shader.uniform_float("color", colour)
    batch_for_shader(shader, "LINE_STRIP", {"pos": places}).draw(shader)


def register() -> None:
    """Draw in every 3D viewport."""
    if not bpy.app.background:
        _handles.append(bpy.types.SpaceView3D.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
