# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording says, where somebody wrote it down: given with it, or in a text file beside it."""

from __future__ import annotations

import os
from typing import Final

from ..contract import EngineError, line_texts
from ..errors import TalkingAnimationError
from .recordings import Recording

ENDING: Final = ".txt"


def text_of(recording: Recording, text: str = "", files: bool = False) -> str:
    """What a recording says; "" where that is not known.

    Args:
        recording: whose.
        text: what is given with it.
        files: whether ``line.txt`` beside ``line.wav`` says it where nothing is given.

    Raises:
        TalkingAnimationError: that file is no text.
    """
    if text.strip() or not files:
        return text.strip()
    beside = os.path.splitext(recording.path)[0] + ENDING
    return read(beside) if os.path.isfile(beside) else ""


def read(path: str) -> str:
    """The text in a file. Raises TalkingAnimationError where it is missing or no text."""
    try:
        return line_texts.read_line_text(path).strip()
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error
