# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard, along the bottom of the Timeline and the Dope Sheet: the voice, mouth shapes, shut lips, pauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..api.heard import Heard
from ..host.blender_versions import interface
from . import lookup
from .failures import tells_later
from .properties import picked_character

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right and top in pixels."""

_BOTTOM: Final = 14  # above the scroll bar; pixels at Blender's usual size, as the next ones
_HEIGHT: Final = 44
_CUE_HEIGHT: Final = 13
_LEAST: Final = 8  # of the voice, where there is little room; an editor that has less shows nothing
_LEGEND: Final = 18
_RULER: Final = 22  # the frames' numbers at the top
_LETTER: Final = 9  # a mouth shape that is narrower has no letter
_TEXT: Final = 10  # points
_COLORS: Final = {
    "ground": (0.06, 0.06, 0.07, 0.72),
    "pause": (0.60, 0.60, 0.64, 0.40),
    "voice": (0.36, 0.68, 0.92, 0.95),
    "shut": (0.93, 0.38, 0.33, 0.9),
    "even": (0.30, 0.30, 0.34, 0.95),
    "odd": (0.40, 0.40, 0.45, 0.95),
    "words": (0.95, 0.95, 0.95, 1.0),
}
_handler: Any = None


@dataclass
class Drawing:
    """What is drawn over one editor.

    Attributes:
        rectangles: by the name of their colour, in the order in which they are drawn.
        words: left, bottom and text.
    """

    rectangles: dict[str, list[Rectangle]] = field(default_factory=dict)
    words: list[tuple[float, float, str]] = field(default_factory=list)

    def add(self, color: str, left: float, bottom: float, right: float, top: float) -> None:
        """Add a rectangle."""
        self.rectangles.setdefault(color, []).append((left, bottom, right, top))


def drawing_of(
    what: Heard, to_pixel: Callable[[float], float], width: float, height: float, scale: float = 1.0
) -> Drawing:
    """What to draw of what was heard.

    Args:
        what: see `Heard`.
        to_pixel: the horizontal place of a scene frame.
        width, height: of the editor's region, in pixels; nothing is drawn beyond, and less where there is little room.
        scale: of Blender's interface.
    """
    drawing = Drawing()
    bottom, tall, cue_height = (scale * size for size in (_BOTTOM, _HEIGHT, _CUE_HEIGHT))
    tall = min(tall, height - bottom - scale * _RULER)
    if tall < cue_height + scale * _LEAST:
        return drawing

    def shown(first: float, end: float) -> tuple[float, float] | None:
        left, right = max(to_pixel(first), 0.0), min(to_pixel(end), width)
        return (left, right) if right - left > 0 else None

    whole = shown(what.start, what.start + what.pace * len(what.loud))
    if whole is None:
        return drawing
    voice = bottom + cue_height, bottom + tall
    drawing.add("ground", whole[0], bottom, whole[1], voice[1])
    for first, end in what.pauses:
        if place := shown(first, end):
            drawing.add("pause", place[0], voice[0], place[1], voice[1])
    _add_voice(drawing, what, to_pixel, (whole[0], whole[1], *voice))
    for first, end in what.shut:
        if place := shown(first, end):
            drawing.add("shut", place[0], voice[0], max(place[1], place[0] + 1), voice[0] + 4 * scale)
    for number, (first, end, shape) in enumerate(what.cues):
        if place := shown(first, end):
            drawing.add("odd" if number % 2 else "even", place[0], bottom, place[1], bottom + cue_height)
            if place[1] - place[0] >= _LETTER * scale:
                drawing.words.append((place[0] + 2 * scale, bottom + 3 * scale, shape))
    if voice[1] + scale * _LEGEND <= height - scale * _RULER:
        _add_legend(drawing, whole[0], voice[1], scale)
    return drawing


def _add_voice(drawing: Drawing, what: Heard, to_pixel: Callable[[float], float], box: Rectangle) -> None:
    """A bar for each pixel, or for each frame where those are wider, as high as the voice is loud."""
    left, right, bottom, top = box
    middle, half = (bottom + top) / 2, (top - bottom) / 2
    per_frame = max((to_pixel(what.start + what.pace) - to_pixel(what.start)), 1e-6)
    step = max(1, int(1 / per_frame))  # frames in a bar that is a pixel wide
    origin = to_pixel(what.start)
    first = max(int((left - origin) / per_frame / step) * step, 0)
    for frame in range(first, len(what.loud), step):
        at = origin + frame * per_frame
        if at >= right:
            break
        loud = float(what.loud[frame : frame + step].max())
        if loud > 0.005:
            reach = max(half * loud**0.6, 0.5)  # what is soft is to be seen as well
            drawing.add(
                "voice", max(at, left), middle - reach, min(at + step * per_frame, right), middle + reach
            )


def _add_legend(drawing: Drawing, left: float, top: float, scale: float) -> None:
    """What the colours mean, above the voice."""
    at = max(left, 4 * scale)
    for color, words in (("voice", "Voice"), ("shut", "Lips shut"), ("pause", "Silence")):
        drawing.add(color, at, top + 5 * scale, at + 8 * scale, top + 13 * scale)
        drawing.words.append((at + 12 * scale, top + 5 * scale, interface.translated(words)))
        at += 82 * scale


def why_unseen(context: Any) -> str:
    """Why nothing can be seen of what was heard though it is to be shown, in one sentence; "" where it can, or has no window."""
    windows = context.window_manager.windows
    editors = [area for window in windows for area in window.screen.areas if area.type == "DOPESHEET_EDITOR"]
    if not editors:
        return "It is drawn into a Timeline or Dope Sheet: open one." if windows else ""
    scale = context.preferences.system.ui_scale
    heights = [region.height for area in editors for region in area.regions if region.type == "WINDOW"]
    if max(heights, default=0) < scale * (_BOTTOM + _CUE_HEIGHT + _LEAST + _RULER):
        return "The Timeline is too low to show it: drag its upper edge up."
    return ""


def _looked_up(context: Any) -> Heard | None:
    """What was heard of the character that the panel works on."""
    picked = picked_character(context)
    return None if picked is None else lookup.heard(picked, context.scene)


@tells_later("Showing what was heard")
def draw() -> None:
    """Blender draws the Timeline or the Dope Sheet."""
    context = bpy.context
    what = _looked_up(context) if context.scene.talking_animation.show_heard else None
    if what is None:
        return
    region: Any = context.region
    origin, far = (region.view2d.view_to_region(frame, 0, clip=False)[0] for frame in (0, 10_000))

    def to_pixel(frame: float) -> float:
        return origin + (far - origin) * frame / 10_000

    scale = context.preferences.system.ui_scale
    drawing = drawing_of(what, to_pixel, region.width, region.height, scale)
    for color, rectangles in drawing.rectangles.items():
        interface.draw_rectangles(rectangles, _COLORS[color])
    interface.set_text_size(_TEXT)
    for x, y, words in drawing.words:
        interface.draw_words(x, y, words, _COLORS["words"])


def register() -> None:
    """Let it be drawn."""
    global _handler
    _handler = bpy.types.SpaceDopeSheetEditor.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL")


def unregister() -> None:
    """Draw nothing more."""
    global _handler
    if _handler is not None:
        bpy.types.SpaceDopeSheetEditor.draw_handler_remove(_handler, "WINDOW")
        _handler = None
