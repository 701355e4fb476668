# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording says, where somebody wrote it down: given with it, or in a text file beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
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
        files: whether ``line.txt`` beside ``line.wav`` says it where nothing is given; an empty one says nothing.

    Raises:
        TalkingAnimationError: that file is no text.
    """
    if text.strip() or not files:
        return text.strip()
    beside = os.path.splitext(recording.path)[0] + ENDING
    return _read(beside, line_texts.read_line_text) if os.path.isfile(beside) else ""


def read(path: str) -> str:
    """The text in a file that was chosen. Raises TalkingAnimationError where it is missing, empty or no text."""
    return _read(path, line_texts.given_line_text)


def _read(path: str, reader: Callable[[str], str]) -> str:
    try:
        return reader(path).strip()
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error
