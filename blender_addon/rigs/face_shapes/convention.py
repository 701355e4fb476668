# SPDX-License-Identifier: GPL-3.0-or-later
"""What a naming convention is, and how its data modules write it down. Pure Python: no bpy.

A convention says for each channel of the animation which shape keys show it, as a *recipe*::

    "Mouth_Smile_L"                          the key of that name
    "browInnerUp_L + browInnerUp_R"          both keys, each with the channel's value
    "Eyes_Blink*0.5"                         half of the channel's value (the other half comes from the other eye)
    "Eye_Blink_L | Eyes_Blink*0.5"           the first that the character has

Channels are ARKit's names, ``viseme:`` and one of Oculus' 15, ``vowel:`` and one of A I U E O N (N: the lips shut), or
``mouth:`` and one of the mouth shapes A to H and X.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ...contract import ARKIT_NAMES, MOUTH_SHAPES, VISEMES

VOWELS: tuple[str, ...] = ("A", "I", "U", "E", "O", "N")

VISEME_CHANNELS: tuple[str, ...] = tuple(f"viseme:{name}" for name in VISEMES)
VOWEL_CHANNELS: tuple[str, ...] = tuple(f"vowel:{name}" for name in VOWELS)
MOUTH_CHANNELS: tuple[str, ...] = tuple(f"mouth:{name}" for name in MOUTH_SHAPES)
# Expressions that move jaw, lips, tongue or cheeks' filling: what visemes, vowels and mouth shapes move too.
MOUTH_EXPRESSIONS: tuple[str, ...] = tuple(
    name for name in ARKIT_NAMES if name.startswith(("jaw", "mouth", "tongue", "cheekPuff"))
)
CHANNELS: tuple[str, ...] = (*ARKIT_NAMES, *VISEME_CHANNELS, *VOWEL_CHANNELS, *MOUTH_CHANNELS)

Recipe = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Convention:
    """How one tool, vendor or tradition names shape keys.

    Attributes:
        identifier: of the convention, for presets and tables.
        title: its name for people.
        source: where the names were read.
        channels: channel → recipe (see the module).
        prefixes: what may stand before a name, in small letters.
        minimum: how many channels a character must have to be taken for one of this convention.
        signature: names of which at least one must be there, () for none: keeps short common names apart.
        whole: names count only as a whole or after one of `prefixes`, since they are too short to look for at the end of
            longer ones.
        behind_any: though `whole`, they count behind any word that many of the mesh's names begin with; needs a `signature` that
            nothing else has.
        unverified: shape key names that are known from memory or from second hand only.
        fills: it stands beside others: its names cast no doubt on theirs.
    """

    identifier: str
    title: str
    source: str
    channels: Mapping[str, str]
    prefixes: tuple[str, ...] = ()
    minimum: int = 3
    signature: tuple[str, ...] = ()
    whole: bool = False
    behind_any: bool = False
    unverified: frozenset[str] = frozenset()
    fills: bool = False

    @property
    def names(self) -> list[str]:
        """All shape key names, in the order of the channels, each once."""
        return list(
            dict.fromkeys(
                name
                for recipe in self.channels.values()
                for alternative in parse(recipe)
                for name, _ in alternative
            )
        )


@cache
def parse(recipe: str) -> tuple[Recipe, ...]:
    """The alternatives of a recipe, best first, each as (name, gain) pairs.

    >>> parse("Eye_Blink_L | Eyes_Blink*0.5")
    ((('Eye_Blink_L', 1.0),), (('Eyes_Blink', 0.5),))
    """
    alternatives = []
    for alternative in recipe.split(" | "):
        parts = []
        for part in alternative.split(" + "):
            name, _, gain = part.strip().partition("*")
            parts.append((name, float(gain or 1.0)))
        alternatives.append(tuple(parts))
    return tuple(alternatives)


def both_sides(rows: Mapping[str, str]) -> dict[str, str]:
    """Rows written once for both sides, written out.

    ``{Side}`` is Left and Right, ``{side}`` left and right, ``{S}`` L and R, ``{s}`` l and r; ``{Other}``, ``{O}`` and
    ``{o}`` are the other side. A row without any of them in its channel stays single.
    """
    result = {}
    for channel, recipe in rows.items():
        if "{" not in channel:
            result[channel] = recipe
            continue
        for side, other in (("Left", "Right"), ("Right", "Left")):
            places = {
                "Side": side,
                "side": side.lower(),
                "S": side[0],
                "s": side[0].lower(),
                "Other": other,
                "O": other[0],
                "o": other[0].lower(),
            }
            result[channel.format(**places)] = recipe.format(**places)
    return result
