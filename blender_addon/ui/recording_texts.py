# SPDX-License-Identifier: GPL-3.0-or-later
"""What each recording says, as it was typed in the panel: another recording has another text, and finds its own again."""

from __future__ import annotations

import os
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import PropertyGroup

from .failures import answers, tells_update


class TalkingAnimationText(PropertyGroup):
    """The text of a recording: `name` is its path as it was chosen, "" for the one that will be; or that of a strip."""

    of_strip: BoolProperty(options={"HIDDEN"})
    text: StringProperty(options={"HIDDEN"})


@answers("")
def get_text(chosen: Any) -> str:
    """The text of the recording that is the panel's voice; of a strip that of its line, where the list of lines has it."""
    holder = _line(chosen) or _entry(chosen)
    return holder.text if holder is not None else ""


@tells_update
def set_text(chosen: Any, text: str) -> None:
    """Give that recording a text; "" takes it away."""
    line = _line(chosen)
    if line is not None:
        line.text = text
        return
    of_strip, name = _subject(chosen)
    _keep(chosen, of_strip, name, text)


@tells_update
def recording_chosen(chosen: Any, _: Any) -> None:
    """A text that was typed while no recording was chosen is that of the first that is, whatever that one said before."""
    early = _find(chosen, False, "")
    if early is None or not chosen.audio.strip():
        return
    text = early.text
    _keep(chosen, False, "", "")
    _keep(chosen, False, chosen.audio, text)


def take_text_of_strip(chosen: Any, strip: str) -> str:
    """What was typed for a strip that the list of lines did not have; "" where nothing was. The list has it from now on."""
    entry = _find(chosen, True, strip)
    text = str(entry.text) if entry is not None else ""
    _keep(chosen, True, strip, "")
    return text


def keep_text_of_strip(chosen: Any, strip: str, text: str) -> None:
    """Remember what a strip says while the list of lines has none of that name."""
    _keep(chosen, True, strip, text)


def _subject(chosen: Any) -> tuple[bool, str]:
    of_strip = chosen.source == "STRIP"
    return of_strip, chosen.strip if of_strip else chosen.audio


def _line(chosen: Any) -> Any:
    """The line of the strip that is the voice; None where it is in no list."""
    if chosen.source != "STRIP":
        return None
    return chosen.id_data.talking_animation_script.lines.get(chosen.strip)


def _entry(chosen: Any) -> Any:
    return _find(chosen, *_subject(chosen))


def _find(chosen: Any, of_strip: bool, name: str) -> Any:
    same = name if of_strip else _full(name)
    for entry in chosen.texts:
        if entry.of_strip == of_strip and (entry.name if of_strip else _full(entry.name)) == same:
            return entry
    return None


def _full(path: str) -> str:
    """A path without asking the disk, which a panel must not."""
    path = path.strip()
    return os.path.normcase(os.path.normpath(bpy.path.abspath(path))) if path else ""


def _keep(chosen: Any, of_strip: bool, name: str, text: str) -> None:
    entry = _find(chosen, of_strip, name)
    if not text:
        if entry is not None:
            chosen.texts.remove(list(chosen.texts).index(entry))
        return
    if entry is None:
        entry = chosen.texts.add()
        entry.name, entry.of_strip = name, of_strip
    entry.text = text
