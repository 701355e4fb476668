# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping table: what each channel of the animation drives, and what a person decides about that; for scripts and panels."""

from __future__ import annotations

from pathlib import Path

from ..characters.character import Character
from ..characters.mapping import (
    Choices,
    choices_of,
    choose,
    choose_control,
    choose_mouth,
    delete_preset,
    folder,
    load_preset,
    merged,
    presets,
    reset,
    save_preset,
    store,
    table_of,
)
from ..characters.mapping_table import (
    CHANNELS,
    LIKELY,
    SURE,
    Entry,
    control_called,
    controls_for,
    has_table,
    names_for,
    range_of,
    sections,
    title_of,
    titles,
)
from ..rigs.face_shapes.recognition import SYSTEM_TITLES, ControlChoice

__all__ = [
    "CHANNELS",
    "LIKELY",
    "SURE",
    "SYSTEM_TITLES",
    "Choices",
    "ControlChoice",
    "Entry",
    "adjustments",
    "choices_of",
    "choose",
    "choose_control",
    "choose_mouth",
    "control_called",
    "controls_for",
    "delete_preset",
    "folder",
    "has_table",
    "load_preset",
    "merged",
    "names_for",
    "presets",
    "range_of",
    "reset",
    "save_character",
    "save_preset",
    "sections",
    "store",
    "table_of",
    "title_of",
    "titles",
]


def adjustments(character: Character) -> list[str]:
    """How the keys are adjusted to a character, a sentence each without full stop; [] where nothing is."""
    return character.adjustments


def save_character(name: str, character: Character, whole: bool = False) -> Path:
    """Save as a preset what was chosen for a character; with `whole` also what was found by its name.

    Raises:
        TalkingAnimationError: as `save_preset`.
    """
    choices = choices_of(character.root)
    if whole:
        choices = merged(Choices(table_of(character.rows), character.mouth), choices)
    return save_preset(name, choices)
