# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets that are known, in the order in which they write. It lies below them, so that whoever asks what a character is
hears of all of them."""

from __future__ import annotations

from typing import Any

from .target import Target

_targets: list[Target] = []


def register(target: Target) -> None:
    """Add a target after those that there are.

    Raises:
        ValueError: where there is one of that name.
    """
    if any(known.name == target.name for known in _targets):
        raise ValueError(f"there is a target '{target.name}' already")
    _targets.append(target)


def unregister(target: Target) -> None:
    """Take a target away; one that is not known is no error."""
    if target in _targets:
        _targets.remove(target)


def targets() -> tuple[Target, ...]:
    """All that are known."""
    return tuple(_targets)


def by_name(name: str) -> Target:
    """The target of that name.

    Raises:
        KeyError: where there is none.
    """
    for target in _targets:
        if target.name == name:
            return target
    raise KeyError(name)


def notices(obj: Any) -> bool:
    """Whether any target finds an object worth a closer look: a scene may hold thousands."""
    return any(target.notices(obj) for target in _targets)
