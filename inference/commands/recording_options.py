"""Options of the commands that listen to a recording: to what of it, and what is said there."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..face.line_texts import given_line_text
from ..face.names import ALL_VOICES, CHANNELS, MOST_VOICES


def add_take(parser: argparse.ArgumentParser) -> None:
    """``--take``, which is ``--seed``."""
    parser.add_argument(
        "--take",
        "--seed",
        dest="seed",
        metavar="NUMBER",
        type=int,
        default=0,
        help="which take of blinks, glances and head motion (default: %(default)s)",
    )


def add_recording_options(parser: argparse.ArgumentParser) -> None:
    """``--channel``, ``--voice-in-file``, ``--text`` and ``--text-file``."""
    parser.add_argument(
        "--channel",
        default=CHANNELS[0],
        metavar="auto|mix|NUMBER",
        help="what of several channels is listened to: the one with the voice, all of them, or that one (default: %(default)s)",
    )
    parser.add_argument(
        "--voice-in-file",
        default=ALL_VOICES,
        metavar=f"all|1…{MOST_VOICES}",
        help="where several people speak: whose words are used, all or those of the voice heard as the first, second … "
        "(default: %(default)s)",
    )
    told = parser.add_mutually_exclusive_group()
    told.add_argument(
        "--text",
        help="what is said, where you know it: lips meet surely on its p, b, m, and hardly anywhere else",
    )
    told.add_argument(
        "--text-file",
        type=Path,
        metavar="FILE",
        help="the same in a file (UTF-8), such as line.txt or line.srt",
    )


def text_given(arguments: argparse.Namespace) -> str | None:
    """What is said, as ``--text`` or the file of ``--text-file`` has it; None where neither was given.

    Raises:
        EngineError: the file is not there, holds nothing or is no text (code ``bad_text``).
    """
    text: str | None = arguments.text
    return text if arguments.text_file is None else given_line_text(arguments.text_file)
