# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a part of a cut-out still though it has keys: drivers of its own, and constraints, which come after keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ...characters.constraints import Kind, may_hold

_KINDS: Final[dict[str, Kind]] = {
    "side": "location", "up": "location", "turn": "rotation", "wide": "scale", "tall": "scale",
}  # fmt: skip
"""A way of moving → what is keyed of the part."""


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
    kinds = {_KINDS[way] for way in ways}
    for constraint in owner.constraints:
        if any(may_hold(constraint, kind) for kind in kinds):
            told.append(
                f"The constraint '{constraint.name}' of '{called}' may hold back what moves it: switch it off if "
                "the part stays still."
            )
    return told
