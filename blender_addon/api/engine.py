# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the engine: what it is and can do, and MakeItTalk's files."""

from __future__ import annotations

from ..contract import messages
from ..engine_process.published import known_state as published_state
from ..engine_process.published import look as look_for_published
from ..engine_process.question import ask
from ..engine_process.shared import close_engine, known_capabilities

__all__ = [
    "close_engine",
    "has_torch",
    "known_capabilities",
    "look_for_published",
    "published_state",
    "restart",
]


def has_torch() -> bool:
    """Whether the engine has said that it has torch."""
    known = known_capabilities()
    return known is not None and "torch" in known.backends


def restart() -> None:
    """Start the engine anew, so that it says what it is and can do.

    Raises:
        TalkingAnimationError: where it cannot be started.
    """
    close_engine()
    ask(messages.PublishedRequest())
