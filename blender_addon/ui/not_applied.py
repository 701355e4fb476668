# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel says that the keys do not show yet: a style or a take that was chosen after they were made."""

from __future__ import annotations

from bpy.types import Context

from ..errors import TalkingAnimationError
from .lookup import record
from .properties import options_of, picked_character


def not_applied(context: Context) -> str:
    """A sentence about style and take where they differ from those of the keys; "" where they do not, or there are none."""
    picked = picked_character(context)
    made = record(picked) if picked is not None else {}
    if not made or made.get("lines"):  # each line of a scene has a style and a take of its own
        return ""
    try:
        wanted = options_of(context.scene)
        style = wanted.manner().title
    except TalkingAnimationError:  # told when Generate is pressed
        return ""
    waiting = [
        name
        for name, chosen, keyed in (
            ("Style", style, made.get("style", style)),
            ("Take", wanted.seed, made.get("seed", wanted.seed)),
        )
        if chosen != keyed
    ]
    if len(waiting) > 1:
        return "Style and take: not applied yet."
    return f"{waiting[0]}: not applied yet." if waiting else ""
