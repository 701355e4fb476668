# SPDX-License-Identifier: GPL-3.0-or-later
"""What may carry a character's talking animation, of every target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import targets  # noqa: F401  (they register themselves)
from ..characters import registry
from ..characters.character import Character
from ..characters.related import key_of, riding_on
from ..keys import actions


def datablocks(character: Character) -> list[Any]:
    """All datablocks of a character that may carry actions of ours: also on account of what it no longer has."""
    return list(dict.fromkeys(one_by_one(character)))


def one_by_one(character: Character) -> Iterator[Any]:
    """`datablocks`, of which some may come twice: who looks for the first that fits, at each redraw perhaps, asks no target
    behind it.
    """
    for target in registry.targets():
        yield from (datablock for datablock in target.datablocks(character) if datablock.library is None)
    if character.root.library is None:
        yield character.root


def carrying(character: Character) -> list[Any]:
    """Those of a character's datablocks that carry actions of ours."""
    return [datablock for datablock in datablocks(character) if actions.own_actions(datablock)]


def keyed_with_riders(character: Character) -> list[Any]:
    """Shape keys of those who ride on a character, keyed as a part of it: versions that knew no riders did that."""
    uid = str(character.root.talking_animation.uid)
    keys = dict.fromkeys(key_of(obj) for obj in riding_on(character.root)) if uid else {}
    return [
        key
        for key in keys
        if key is not None
        and key.library is None
        and any(actions.record_of(action).get("character") == uid for action in actions.own_actions(key))
    ]
