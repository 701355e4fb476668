# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts on panels."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from bpy.types import Context, UILayout

from ..host.blender_versions import interface

_BETWEEN: Final = (", ", "; ")
SHOWN: Final = 6
"""So many sentences of one kind are drawn, and the others counted."""


def in_lines(sentences: Iterable[str]) -> str:
    """Sentences as one text, a line each; `draw_warnings` draws it."""
    return "\n".join(" ".join(sentence.split()) for sentence in sentences)


def in_parts(text: str) -> str:
    """A text in the user's language whose parts, parted by commas and semicolons, are each known there."""
    return "".join(
        part if part in _BETWEEN else interface.translated(part) for part in re.split("(, |; )", text)
    )


def draw_warnings(layout: UILayout, context: Context, lines: str) -> None:
    """What to watch out for, see `in_lines`: each sentence with a sign of its own, the first few of many."""
    sentences = lines.splitlines()
    draw_each(layout, context, sentences[:SHOWN], "ERROR")
    if len(sentences) > SHOWN:
        layout.label(text=and_more(len(sentences) - SHOWN), translate=False)


def and_more(count: int) -> str:
    """That so many more are not drawn."""
    return interface.translated("… and {count} more").format(count=count)


def say(operator: Any, kind: set[str], sentence: str) -> None:
    """Let Blender show a sentence of a button in its status bar, or in a window of its own where it is an error: in the user's
    language, which Blender itself does not see to.

    Args:
        operator: the button's.
        kind: "INFO", "WARNING" or "ERROR", in a set as Blender asks for it.
        sentence: what is said.
    """
    operator.report(kind, interface.translated(sentence))


_PREFERENCES: Final = "the add-on's preferences"
"""A text that sends people there has a button below it that opens them."""
_TO_BE_MADE: Final = "make or choose one in the add-on's preferences"
_ONLINE: Final = "online access is off"
"""What needs the network has a button below it that allows it, where it is not allowed and can be."""
_OPEN: Final = ("talking_animation.open_preferences", ("PREFERENCES",))
_ALLOW: Final = ("talking_animation.allow_online_access", ("INTERNET", "URL"))
_sending: list[list[str]] = []
"""Of each panel that is being drawn and `sends_once`: the texts whose buttons it has to end with."""
_LETTER, _MARGINS, _BOX = 6.6, 60, 20
"""Pixels of a letter; of what a panel's margins and a text's sign take of the width; of what a box's border takes."""


def width_of(context: Context, width: float = 0.0) -> float:
    """The region's width, or one in pixels, as it is where the interface is not scaled."""
    region = context.region.width if context.region is not None else 280
    return float((width or region) / (context.preferences.system.ui_scale or 1.0))


def letters(width: float) -> int:
    """How many letters fit into a width, see `width_of`."""
    return max(0, int(width / _LETTER))


def width_in_box(context: Context) -> float:
    """Pixels of the region's width that a box leaves of it, for `draw_each`."""
    scale = context.preferences.system.ui_scale or 1.0
    return (width_of(context) - _BOX) * scale


def draw_in_box(box: UILayout, context: Context, text: str, icon: str = "NONE") -> None:
    """A text in a box of a panel, see `draw_text`."""
    draw_text(box, context, text, icon, width_in_box(context))


def draw_text(layout: UILayout, context: Context, text: str, icon: str = "NONE", width: float = 0.0) -> None:
    """A text over as many lines as the region's width, or a width in pixels, asks for; in the user's language."""
    draw_each(layout, context, [text], icon, width)


def draw_each(
    layout: UILayout, context: Context, texts: Sequence[str], icon: str = "NONE", width: float = 0.0
) -> None:
    """Several texts, see `draw_text`; one button of a kind below the last is enough for all that send people to the preferences
    or need the network, and one below a panel that `sends_once`.
    """
    for text in texts:
        draw_name(layout, context, interface.translated(text), icon, width)
    if _sending:
        _sending[-1].extend(texts)
    else:
        _draw_remedies(layout, context, texts)


def _draw_remedies(layout: UILayout, context: Context, texts: Sequence[str]) -> None:
    """The buttons for what these texts ask of their reader."""
    preferences = getattr(context.area, "type", "") == "VIEW_3D" and any(
        _PREFERENCES in text for text in texts
    )
    network = any(_ONLINE in text or _TO_BE_MADE in text for text in texts)
    for wanted, (button, icons) in (
        (network and interface.awaits_online_access(), _ALLOW),  # first: what the preferences offer needs it
        (preferences, _OPEN),
    ):
        if wanted:
            layout.operator(button, icon=interface.icon(*icons))


def sends_once(draw: Callable[[Any, Context], None]) -> Callable[[Any, Context], None]:
    """Decorator of a panel's `draw`: however many of its texts need the same button, it has it once, at its end."""

    @functools.wraps(draw)
    def drawing(self: Any, context: Context) -> None:
        _sending.append([])
        try:
            draw(self, context)
        finally:
            texts = _sending.pop()
        _draw_remedies(self.layout, context, texts)

    return drawing


def draw_fields(layout: UILayout, owner: Any, *names: str) -> None:
    """Properties with their labels in the add-on's own words; before version 4 Blender takes its own ("Lead", the metal)."""
    for name in names:
        label = interface.translated(
            owner.rna_type.properties[name].name
        )  # a button's bl_rna has none of its own
        layout.prop(owner, name, text=label, translate=False)


class _AtJoints(textwrap.TextWrapper):
    """Breaks what is too long for a line, such as a file's name, after its underscores, dots and slashes where it has some."""

    def _split(self, text: str) -> list[str]:
        chunks = super()._split(text)  # type: ignore[misc]
        return [
            part
            for chunk in chunks
            for part in (re.split(r"(?<=[_./\\])(?=.)", chunk) if len(chunk) > self.width else [chunk])
        ]


def draw_name(layout: UILayout, context: Context, name: str, icon: str = "NONE", width: float = 0.0) -> None:
    """A user's own words, such as a file's name, in lines as `draw_text` has them, and just as they are."""
    column = layout.column(align=True)
    column.scale_y = 0.8
    wrapper = _AtJoints(max(20, letters(width_of(context, width) - _MARGINS)))
    for number, line in enumerate(wrapper.wrap(name)):
        sign = icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE")
        column.label(text=line, icon=sign, translate=False)
