# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception that reaches a user, and how to write what came from outside."""

from __future__ import annotations

import re
from typing import Final

_BROKEN: Final = re.compile(
    "[\ud800-\udfff]"
)  # a byte of a file's name that is no UTF-8, or half a character
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def legible(text: str) -> str:
    """A text with a file's name in it as any window, console and file can show it: on one line, broken characters as \ufffd."""
    return _BROKEN.sub("\ufffd", _CONTROL.sub(" ", text))


class TalkingAnimationError(Exception):
    """A problem that the user can do something about; its text is one sentence, and legible."""

    def __init__(self, sentence: str) -> None:
        super().__init__(legible(sentence))

    @property
    def message(self) -> str:
        """The sentence."""
        return str(self)


class Cancelled(TalkingAnimationError):
    """The user stopped it; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Cancelled: nothing was changed.")
