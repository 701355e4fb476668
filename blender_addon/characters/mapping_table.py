# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping table as people read it: in sections, each channel with what it drives and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import ARKIT_NAMES
from ..errors import TalkingAnimationError
from ..rigs.face_bones.convention import ROLES
from ..rigs.face_shapes.convention import CHANNELS as SHAPE_CHANNELS
from ..rigs.face_shapes.convention import MOUTH_EXPRESSIONS
from ..rigs.face_shapes.recognition import BY_IDENTIFIER, SYSTEMS, USER, ControlChoice
from ..rigs.table import MappingRow
from . import named_controls
from .character import Character
from .chosen_controls import is_lost
from .mapping import choices_of
from .related import key_of, related_objects

SURE, LIKELY = 0.9, 0.7
_SIDES = {"Left": "left", "Right": "right"}
_SHAPES = {
    "eyeBlink": "Blink",
    "eyeLookDown": "Look down",
    "eyeLookIn": "Look inwards",
    "eyeLookOut": "Look outwards",
    "eyeLookUp": "Look up",
    "eyeSquint": "Squint",
    "eyeWide": "Eye wide",
    "jawForward": "Jaw forwards",
    "jawLeft": "Jaw to the left",
    "jawRight": "Jaw to the right",
    "jawOpen": "Jaw open",
    "mouthClose": "Lips together",
    "mouthFunnel": "Funnel",
    "mouthPucker": "Pucker",
    "mouthLeft": "Mouth to the left",
    "mouthRight": "Mouth to the right",
    "mouthSmile": "Smile",
    "mouthFrown": "Frown",
    "mouthDimple": "Dimple",
    "mouthStretch": "Stretch",
    "mouthRollLower": "Lower lip in",
    "mouthRollUpper": "Upper lip in",
    "mouthShrugLower": "Lower lip out",
    "mouthShrugUpper": "Upper lip out",
    "mouthPress": "Press",
    "mouthLowerDown": "Lower lip down",
    "mouthUpperUp": "Upper lip up",
    "browDown": "Brow down",
    "browInnerUp": "Inner brows up",
    "browOuterUp": "Outer brow up",
    "cheekPuff": "Cheeks puffed",
    "cheekSquint": "Cheek up",
    "noseSneer": "Sneer",
    "tongueOut": "Tongue out",
}
_KINDS = {"viseme": "Viseme", "vowel": "Vowel", "mouth": "Mouth shape", "bone": "Bone"}


@dataclass(frozen=True)
class Entry:
    """A channel and its rows on all meshes of a character.

    Attributes:
        channel: its name.
        rows: of the table; none where nothing shows the channel.
    """

    channel: str
    rows: tuple[MappingRow, ...] = ()

    @property
    def title(self) -> str:
        """The channel's name for people."""
        return title_of(self.channel)

    @property
    def names(self) -> list[str]:
        """The shape keys, bones or controls that it drives."""
        return list(dict.fromkeys(name for row in self.rows for name in row.targets))

    @property
    def driven(self) -> bool:
        """Whether the animation drives them."""
        return any(row.driven for row in self.rows)

    @property
    def by_hand(self) -> bool:
        """Whether a person chose them."""
        return any(row.convention == USER for row in self.rows)

    @property
    def confidence(self) -> float:
        """How sure they are, 0 to 1."""
        return min((row.confidence for row in self.rows if row.targets), default=0.0)

    @property
    def notes(self) -> list[str]:
        """Sentences about them."""
        return list(
            dict.fromkeys(row.note for row in self.rows if row.note and (row.driven or not row.moves))
        )

    def is_listed(self, show: str) -> bool:
        """Whether it is among the "DRIVEN", the "UNSURE" or the "MISSING", or worth showing among "ALL"."""
        if show == "MISSING":
            return not any(row.targets and row.moves for row in self.rows)
        if show == "DRIVEN":
            return any(row.driven and row.targets for row in self.rows)
        if show == "UNSURE":
            return any(
                not row.moves or (row.driven and (row.confidence < SURE or row.note)) for row in self.rows
            )
        return bool(self.rows) or not self.channel.startswith("bone:")

    def fits(self, search: str) -> bool:
        """Whether a text is part of the channel's or of a target's name."""
        wanted = search.casefold()
        return any(wanted in text.casefold() for text in (self.channel, self.title, *self.names))


def title_of(channel: str) -> str:
    """A channel's name for people: "Smile, left", "Jaw open", "Viseme PP", "Bone lip corner, left"."""
    kind, _, name = channel.partition(":")
    if not name:
        if channel in _SHAPES:
            return _SHAPES[channel]
        side = next((side for side in _SIDES if channel.endswith(side)), "")
        shape = channel[: len(channel) - len(side)]
        return f"{_SHAPES[shape]}, {_SIDES[side]}" if side and shape in _SHAPES else channel
    if kind == "bone":
        role, _, side = name.partition(".")
        name = role.replace("_", " ") + (f", {side}" if side else "")
    return f"{_KINDS[kind]} {name}"


CHANNELS = (*SHAPE_CHANNELS, *(f"bone:{role}" for role in ROLES))
"""All channels that the table can have."""


def sections(character: Character, show: str = "ALL", search: str = "") -> dict[str, list[Entry]]:
    """The table in sections.

    Args:
        character: whose.
        show: "ALL", "DRIVEN", "UNSURE" (what a person should look at) or "MISSING".
        search: part of a channel's, shape key's or bone's name; "" for all.

    Returns:
        Title → its channels, for each section that has any to show.
    """
    by_channel: dict[str, list[MappingRow]] = {}
    for row in character.rows:
        by_channel.setdefault(row.channel, []).append(row)
    listed = {
        "Mouth": list(SYSTEMS.get(character.mouth, MOUTH_EXPRESSIONS)),
        "Eyes and Brows": [name for name in ARKIT_NAMES if name not in MOUTH_EXPRESSIONS],
        "Bones": _bones_of(character, by_channel),
    }
    placed = {channel for channels in listed.values() for channel in channels}
    listed["Left Alone"] = [
        channel
        for channel in by_channel
        if channel not in placed and not (character.mouth and channel.startswith("bone:"))
    ]
    table = {}
    for title, channels in listed.items():
        entries = [Entry(channel, tuple(by_channel.get(channel, ()))) for channel in channels]
        entries = [entry for entry in entries if entry.is_listed(show) and entry.fits(search)]
        if entries:
            table[title] = entries
    return table


def _bones_of(character: Character, by_channel: dict[str, list[MappingRow]]) -> list[str]:
    """The channels of bones: all of them where bones move the face, where shapes do only those that move too."""
    if character.armature is None:
        return []
    bones = [f"bone:{role}" for role in ROLES]
    if not character.mouth:
        return bones
    return [channel for channel in bones if any(row.driven for row in by_channel.get(channel, ()))]


def titles(character: Character) -> list[str]:
    """What conventions a character's shape keys, named controls and bones were recognised as."""
    known = dict.fromkeys((*character.conventions, *character.named.conventions))
    names = [BY_IDENTIFIER[name].title for name in known]
    return [*names, f"{character.face_bones.title} bones"] if character.face_bones else names


def controls_for(character: Character, channel: str) -> list[ControlChoice]:
    """The controls of a character that a channel may be pointed at: what drivers and nodes read, and custom properties."""
    return [] if channel.startswith("bone:") else named_controls.can_be_chosen(character.objects)


def control_called(character: Character, channel: str, name: str, kind: str, axis: int) -> ControlChoice:
    """One of `controls_for`.

    Raises:
        TalkingAnimationError: it is none of them, or no longer.
    """
    wanted = ControlChoice(name, kind, axis)
    if wanted not in controls_for(character, channel):
        raise TalkingAnimationError(is_lost(wanted.title, channel))
    return wanted


def range_of(character: Character, choice: ControlChoice) -> tuple[float, float] | None:
    """A chosen control's values where its channel is not there and where it is shown wholly; None where nothing says so."""
    return choice.range or named_controls.ends_of(character.objects, choice)


def has_table(character: Character) -> bool:
    """Whether there may be anything to choose: shape keys, bones, controls that its drivers and nodes read, or one
    that was chosen and may be gone.
    """
    return (
        character.recognised is not None
        or character.armature is not None
        or bool(choices_of(character.root).controls)
        or named_controls.any_can_be_chosen(character.objects)
    )


def names_for(character: Character, channel: str) -> list[str]:
    """The shape keys, or bones, of a character that a channel may drive."""
    if channel.startswith("bone:"):
        return [bone.name for bone in character.armature.pose.bones] if character.armature is not None else []
    names: dict[str, None] = {}
    for obj in related_objects(character.root):
        key = key_of(obj)
        if key is not None:
            names.update((block.name, None) for block in key.key_blocks if block != key.reference_key)
    return list(names)
