# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices that come with the add-on, to try it with; all are synthetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ..errors import TalkingAnimationError

_ADDON: Final = Path(__file__).resolve().parent.parent
_FOLDERS: Final = (_ADDON / "sample", _ADDON.parent / "demo")
"""Inside the installed add-on, else in the repository."""
_LABELS: Final = {"woman": "Woman", "man": "Man", "child": "Child"}


@dataclass(frozen=True)
class SampleVoice:
    """One of them.

    Attributes:
        name: what it is called in programs.
        label: what it is called on the panel.
        path: its file.
    """

    name: str
    label: str
    path: Path


@cache  # a panel asks at each redraw
def shipped(name: str) -> Path | None:
    """A recording that ships, in the installed add-on or in a copy of the repository; None where it is missing.

    Args:
        name: its path in the folder of samples, such as "hello.wav".
    """
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    return None


def sample_voices() -> list[SampleVoice]:
    """The voices that are there."""
    known = {name: shipped(f"voices/{name}.wav") for name in _LABELS}
    return [SampleVoice(name, _LABELS[name], path) for name, path in known.items() if path is not None]


def sample_voice_of(name: str) -> Path:
    """The file of a sample voice.

    Raises:
        TalkingAnimationError: where there is none of that name.
    """
    for voice in sample_voices():
        if voice.name == name:
            return voice.path
    raise TalkingAnimationError(
        f"There is no sample voice '{name}': choose {', '.join(_LABELS)}, or install the add-on again."
    )
