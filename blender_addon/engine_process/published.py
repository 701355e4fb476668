# SPDX-License-Identifier: GPL-3.0-or-later
"""MakeItTalk's files, as the engine finds them."""

from __future__ import annotations

from typing import Any

import bpy

from . import question, shared

_ENVELOPE = {"type", "id", "warnings"}


def known_state() -> dict[str, Any]:
    """What is known of the files; {} where the engine was not asked yet."""
    state = (shared.known_capabilities() or {}).get("published")
    return state if isinstance(state, dict) else {}


def look(folder: str = "", accept_licence: bool = False) -> None:
    """Ask the engine which of the files are there; `known_state` then knows.

    Args:
        folder: where they are; "" for the engine's own folder for them.
        accept_licence: whether the user accepts their licence, which is remembered beside them.

    Raises:
        TalkingAnimationError: the engine's sentence.
    """
    place = bpy.path.abspath(folder) if folder else None
    answer = question.ask({"command": "published", "folder": place, "accept": accept_licence})
    known = dict(shared.known_capabilities() or {})
    known["published"] = {name: value for name, value in answer.items() if name not in _ENVELOPE}
    shared.note_capabilities(known)
