# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a part of a cut-out still though it has keys: drivers of its own, and constraints, which come after keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_HOLDING: Final = {
    "LIMIT_LOCATION": {"side", "up"},
    "COPY_LOCATION": {"side", "up"},
    "LIMIT_ROTATION": {"turn"},
    "COPY_ROTATION": {"turn"},
    "TRACK_TO": {"turn"},
    "DAMPED_TRACK": {"turn"},
    "LOCKED_TRACK": {"turn"},
    "LIMIT_SCALE": {"wide", "tall"},
    "COPY_SCALE": {"wide", "tall"},
    "COPY_TRANSFORMS": {"side", "up", "turn", "wide", "tall"},
}
"""Type of a constraint → the ways of moving that it has the last word on."""


def sentences(called: str, owner: Any, ways: Iterable[str], driven: bool) -> list[str]:
    """What a user should know of a part that may stay still.

    Args:
        called: the part's object or bone.
        owner: it.
        ways: how it is to move.
        driven: whether one of these ways is driven.
    """
    told = []
    if driven:
        told.append(
            f"'{called}' is moved by drivers of its own, which keys cannot change: remove them, or map another part."
        )
    wanted = set(ways)
    for constraint in owner.constraints:
        holds = _HOLDING.get(constraint.type, set()) & wanted
        if holds and not constraint.mute and constraint.influence > 0 and _has_the_last_word(constraint):
            told.append(
                f"The constraint '{constraint.name}' of '{called}' may hold back what moves it: switch it off if "
                "the part stays still."
            )
    return told


def _has_the_last_word(constraint: Any) -> bool:
    """Whether a constraint leaves nothing, or not all, of what its owner's own channels say."""
    if constraint.type.startswith("LIMIT"):
        names = [row.identifier for row in constraint.bl_rna.properties]
        return any(
            getattr(constraint, name)
            for name in names
            if name.startswith(("use_min", "use_max", "use_limit"))
        )
    return (
        not getattr(constraint, "use_offset", False)
        and getattr(constraint, "mix_mode", "REPLACE") == "REPLACE"
    )
