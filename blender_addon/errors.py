# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception that reaches a user."""

from __future__ import annotations


class TalkingAnimationError(Exception):
    """A problem that the user can do something about; its text is one sentence."""

    @property
    def message(self) -> str:
        """The sentence."""
        return str(self)


class Cancelled(TalkingAnimationError):
    """The user stopped it; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Cancelled: nothing was changed.")
