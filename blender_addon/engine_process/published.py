# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of published systems, as the engine finds them."""

from __future__ import annotations

import bpy

from ..contract import messages
from ..contract.names import MAKEITTALK
from . import question, shared


def known_state() -> messages.PublishedState | None:
    """What is known of the files; None where the engine was not asked yet."""
    known = shared.known_capabilities()
    return known.published if known is not None else None


def look(folder: str = "", accept_licence: bool = False, system: str = MAKEITTALK) -> None:
    """Ask the engine which of the files are there; `known_state` then knows.

    Args:
        folder: where they are; "" for the engine's own folder for them.
        accept_licence: whether the user accepts their licence, which is remembered beside them.
        system: whose they are, one of `names.PUBLISHED_SYSTEMS`.

    Raises:
        TalkingAnimationError: the engine's sentence.
    """
    place = bpy.path.abspath(folder) if folder else None
    answer = question.ask(messages.PublishedRequest(place, accept_licence, system))
    assert isinstance(answer, messages.PublishedResult)
    shared.note_published(answer.state)
