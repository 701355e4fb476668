# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls with the names of face shapes, such as a property jawOpen that turns a jaw by a driver: keyed as shape keys are."""

from __future__ import annotations

from typing import Any, Final

import bpy
import numpy as np

from ..characters import named_controls
from ..characters.character import Character, FaceMesh
from ..characters.controls import controls_of
from ..characters.mapping import choices_of
from ..characters.related import exists, value_path
from ..characters.sharing import is_anothers
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..keys.channels import can_be_animated
from ..keys.ownership import own_actions
from .shape_controls import Move
from .shape_keys import Driver

_LIMITS: Final = {"location": "Limit Location", "rotation_euler": "Limit Rotation", "scale": "Limit Scale"}
"""Kind of a transform → the constraint that says how far it goes."""


def without_limits(character: Character) -> str:
    """A sentence where a bone or object with a face shape's name moves something and nothing says how far it goes; else ""."""
    if not character.named.unclear:
        return ""
    return (
        f"'{character.named.unclear}' of '{character.root.name}' is named like a face shape and moves something by a driver, but "
        f"nothing says how far it goes: give it a {_LIMITS[character.named.unclear_kind]} constraint in Local Space, or "
        "right-click its value and choose Talk with This Property."
    )


class NamedControlTarget(Target):
    """Properties, bones and inputs of nodes with the names of face shapes, where no shape key moves the mouth, or chosen."""

    name = "named_controls"
    title = "controls"

    def present(self, character: Character) -> bool:
        """Where they move something, or should."""
        return bool(character.named or character.named.notes)

    def talks(self, character: Character) -> bool:
        """Where they move a mouth."""
        return bool(character.named.mouth)

    def notices(self, obj: Any) -> bool:
        """Objects that drivers or nodes with such names move."""
        return named_controls.notices(obj)

    def summary(self, character: Character) -> str:
        """How many there are."""
        count = len(character.named.controls)
        return f"{count} named control{'s' * (count != 1)}"

    def problem(self, character: Character) -> str:
        """Why the first control that a person chose stays still."""
        return next(iter(character.named.notes), "")

    def why_not(self, character: Character) -> str:
        """Where a control has such a name, and nothing says how far it goes, or nothing reads it."""
        named, name = character.named, character.root.name
        if named.notes:
            return named.notes[0]
        if named.unclear:
            return without_limits(character)
        if named.unread:
            return (
                f"'{name}' has a property '{named.unread}', named like a face shape, but no driver of the character reads it, so "
                "keys on it would move nothing: bring the character in again with its drivers, or make its head's mesh "
                "talk-ready."
            )
        return ""

    def datablocks(self, character: Character) -> list[Any]:
        """What has them, and what carries keys of them still: what its drivers read, or read before they were muted."""
        named = filter(exists, character.named.datablocks)
        before = [
            owner
            for owner in filter(exists, (*character.objects, *character.read_by_drivers))
            if can_be_animated(owner) and not isinstance(owner, bpy.types.Scene) and own_actions(owner)
        ]
        return [owner for owner in dict.fromkeys((*named, *before)) if not is_anothers(owner, character)]

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """A curve for each."""
        named = character.named
        face = FaceMesh(character.root, None, {}, named.channels)
        known = Character(root=character.root, meshes=[face], mouth=named.mouth)
        anothers = [owner for owner in named.datablocks if is_anothers(owner, character)]
        outcome = Outcome()
        outcome.warnings += [*named.notes, *_shown_twice(character, settings)]
        outcome.warnings += [
            f"Controls of '{character.root.name}' on '{owner.name}' say another character's line and are left to it: remove "
            "that one's talking animation, or give each character controls of its own."
            for owner in anothers
        ]
        moves: dict[tuple[Any, str, int], Move] = {}
        for name, group, weights in Driver(animation, known, settings.dials, measured=False).curves(face):
            for control in named.controls[name]:
                if control.datablock in anothers:
                    continue
                where = (control.datablock, control.data_path, control.index)
                moved = np.clip(weights, 0, 1) * (control.end - control.begin)
                nothing = np.zeros_like(moved)
                moves.setdefault(where, Move(control.begin, group, nothing, nothing)).joined_by(moved)
        outcome.channels += [move.channel(*where, settings.rest) for where, move in moves.items()]
        return outcome


def _shown_twice(character: Character, settings: TargetSettings) -> list[str]:
    """Sentences about chosen controls that show other channels' shape keys by drivers, too, on the way that was chosen."""
    chosen = choices_of(character.root).controls
    if not chosen:
        return []
    shown: dict[tuple[Any, str, int, bool], str] = {}
    of_keys = controls_of(character, settings.rest)
    for mesh in character.meshes:
        known = of_keys.get(mesh.key, {})
        for channel, drives in mesh.channels.items():
            for control in filter(None, (known.get(value_path(name)) for name, _ in drives)):
                upwards = bool(control.places[-1] > control.begin)
                shown.setdefault((control.datablock, control.data_path, control.index, upwards), channel)
    told = []
    for channel, choice in chosen.items():
        names = [name for name, _ in character.named.channels.get(channel, ())]
        controls = [control for name in names for control in character.named.controls[name]]
        others = [
            shown.get((control.datablock, control.data_path, control.index, control.end > control.begin))
            for control in controls
        ]
        other = next(filter(None, others), "")
        if other:
            told.append(
                f"The control '{choice.title}' that was chosen for {channel} shows {other} by its driver, too, and goes as far "
                f"as either asks: choose Nothing for {other} under Face > Mapping where {channel} alone is to move it."
            )
    return told
