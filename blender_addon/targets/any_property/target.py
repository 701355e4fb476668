# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties that a person mapped follow channels of the face: a lamp's strength, a modifier's input, a custom property."""

from __future__ import annotations

from typing import Any

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import PropertyMapping
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import FaceAnimation
from ...contract.dialled import dialled
from ...keys import property_values
from ...keys.channels import Channel
from ...motion import face_channels
from ..mapped_values import unmoved, values_of


class AnyProperty(Target):
    """Properties that were mapped by hand."""

    name = "any_property"
    title = "properties"

    def present(self, character: Character) -> bool:
        """Where some were mapped."""
        return character.root.library is None and bool(drawings.mapped_of(character.root).properties)

    def talks(self, character: Character) -> bool:
        """Where one of them can be moved."""
        return any(not _obstacle(row, character) for row in drawings.mapped_of(character.root).properties)

    def notices(self, obj: Any) -> bool:
        """Objects of which properties were mapped."""
        return bool(drawings.mapped_of(obj).properties)

    def summary(self, character: Character) -> str:
        """How many there are."""
        count = len(drawings.mapped_of(character.root).properties)
        return f"{count} mapped {'property' if count == 1 else 'properties'}"

    def problem(self, character: Character) -> str:
        """Why the first of them stays still."""
        for row in drawings.mapped_of(character.root).properties:
            told = _obstacle(row, character)
            if told:
                return told
        return ""

    def why_not(self, character: Character) -> str:
        """As `problem`."""
        return self.problem(character) if self.present(character) else ""

    def listed(self, character: Character) -> list[tuple[str, str]]:
        """A row for each property."""
        return [
            (face_channels.CHANNELS.get(row.move.channel, row.move.channel), f"{row.where.name}: {row.where.path}")
            for row in drawings.mapped_of(character.root).properties
        ]  # fmt: skip

    def datablocks(self, character: Character) -> list[Any]:
        """What has the properties, as far as it is there."""
        rows = drawings.mapped_of(character.root).properties
        places = [drawings.property_of(row.where, character.objects) for row in rows]
        return list(dict.fromkeys(place[0] for place in places if place is not None))

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """A curve for each property."""
        outcome = Outcome()
        motion = dialled(animation, settings.dials)
        for row in drawings.mapped_of(character.root).properties:
            told = _obstacle(row, character)
            place = drawings.property_of(row.where, character.objects)
            if told or place is None:
                outcome.warnings.append(told)
                continue
            datablock, path = place
            rest = settings.rest(datablock, path, row.index)
            values = values_of(row.move, motion, rest)
            held = row.move.twos or property_values.is_whole(datablock, path, row.index)
            if property_values.is_whole(datablock, path, row.index):
                values = values.round()
            group = face_channels.group_of(row.move.channel)
            outcome.channels.append(Channel(datablock, path, row.index, group, values, rest, held=held))
        return outcome


def _obstacle(row: PropertyMapping, character: Character) -> str:
    """Why a property stays still, in one sentence; "" where it moves."""
    place = drawings.property_of(row.where, character.objects)
    remedy = "map the property again (Talk with This Property)"
    if place is None:
        return f"'{row.where.name}', whose property was mapped, is gone or has another name: {remedy}."
    return unmoved(*place, row.index, remedy)
