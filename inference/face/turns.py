"""Who speaks when: the phrases of a finished animation, and the turns that they make in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .animation import FaceAnimation

Stretch = tuple[float, float]
"""Start and end, in seconds."""

LONG_PAUSE: Final = 2.0
"""Seconds of silence after which who speaks again begins anew."""
_REST: Final = "X"
_PAUSE: Final = 0.25  # a shorter rest of the mouth is a stop consonant or a breath within the phrase
_SHORTEST: Final = 0.12  # a click is no phrase


@dataclass(frozen=True)
class View:
    """Where somebody is seen from another one's head, from a moment on.

    Attributes:
        start: seconds.
        yaw: radians, positive to the picture's right (the viewing character's left).
        pitch: radians, positive up.
    """

    start: float
    yaw: float
    pitch: float


@dataclass(frozen=True)
class Turn:
    """What one character says without a long pause, as another one hears it.

    Attributes:
        phrases: at least one, in order.
        views: where its speaker is seen while it lasts, in order; () where that is not known.
    """

    phrases: tuple[Stretch, ...]
    views: tuple[View, ...] = ()

    @property
    def start(self) -> float:
        """Seconds of its first word."""
        return self.phrases[0][0]

    @property
    def end(self) -> float:
        """Seconds after its last word."""
        return self.phrases[-1][1]


def phrases_of(animation: FaceAnimation) -> list[Stretch]:
    """The stretches of speech between pauses, as its mouth cues tell; all of it where it has no cues."""
    if not animation.cues:
        return [(0.0, animation.duration)] if animation.duration >= _SHORTEST else []
    phrases: list[Stretch] = []
    for start, end, shape in animation.cues:
        if shape == _REST:
            continue
        if phrases and start - phrases[-1][1] < _PAUSE:
            phrases[-1] = (phrases[-1][0], end)
        else:
            phrases.append((start, end))
    return [(start, end) for start, end in phrases if end - start >= _SHORTEST]


def turns_of(phrases: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Phrases of one speaker in groups, apart where a long pause lies between them; any order."""
    turns: list[list[Stretch]] = []
    for phrase in sorted(phrases):
        if turns and phrase[0] - turns[-1][-1][1] < LONG_PAUSE:
            turns[-1].append(phrase)
        else:
            turns.append([phrase])
    return [tuple(turn) for turn in turns]
