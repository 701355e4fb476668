# SPDX-License-Identifier: GPL-3.0-or-later
"""What may carry a character's talking animation, of every target."""

from __future__ import annotations

from typing import Any

from .. import targets  # noqa: F401  (they register themselves)
from ..characters import registry
from ..characters.character import Character
from ..keys import actions


def datablocks(character: Character) -> list[Any]:
    """All datablocks of a character that may carry actions of ours: also on account of what it no longer has."""
    known = [datablock for target in registry.targets() for datablock in target.datablocks(character)]
    return [datablock for datablock in dict.fromkeys([*known, character.root]) if datablock.library is None]


def carrying(character: Character) -> list[Any]:
    """Those of a character's datablocks that carry actions of ours."""
    return [datablock for datablock in datablocks(character) if actions.own_actions(datablock)]
