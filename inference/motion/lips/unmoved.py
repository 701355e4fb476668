"""Sound that moves no mouth: told to the user, who may have meant it to be speech."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...face.runs import runs_of

_LEAST_SECONDS = 0.25  # of what may be a voice: less is a knock
_LONG_SECONDS = 1.5  # of what hardly is one: less is a breath between two words
_MAYBE = 0.15  # how likely a voice is, in the mean
_GAP_SECONDS = 1.5  # between two such sounds that are told as one
_MOVING = 0.05  # how much of its motion a mouth must have, of 1
_STILL_SHARE = 0.8  # of a sound's time
_MOST_TOLD = 3
_SHUT = 0.02  # outer eye-corner distances: less is no open mouth

Spans = list[tuple[float, float]]


def unmoved_sounds(sounds: np.ndarray, speaking: np.ndarray, likely: np.ndarray, fps: float) -> Spans:
    """Where something sounds and no lips move.

    Args:
        sounds: (T,) bool, frames whose sound stands out of the room.
        speaking: (T,) 0…1, how much of their motion the lips have.
        likely: (T,) 0…1, how likely a voice is heard.
        fps: frames per second of them.

    Returns:
        (start, end) in seconds, in order.
    """
    spans: Spans = []
    for first, last in runs_of(sounds).tolist():
        still = speaking[first:last] < _MOVING
        if still.mean() < _STILL_SHARE:
            continue
        if still.sum() / fps < (
            _LEAST_SECONDS if likely[first:last][still].mean() > _MAYBE else _LONG_SECONDS
        ):
            continue
        for begin, stop in (first + runs_of(still)).tolist():
            start, end = begin / fps, stop / fps
            if end - start < _LEAST_SECONDS:
                continue
            if (
                spans
                and start - spans[-1][1] < _GAP_SECONDS
                and not _moves(speaking, spans[-1][1], start, fps)
            ):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def _moves(speaking: np.ndarray, start: float, end: float, fps: float) -> bool:
    return bool((speaking[round(start * fps) : round(end * fps)] >= _MOVING).any())


def unmoved_warning(name: str, spans: Sequence[tuple[float, float]]) -> str:
    """One sentence about them, which names the recording."""
    return (
        f"{name}: the sound from {times_told(spans)} moves no mouth, since no voice is heard in it. If somebody speaks there, "
        "give that voice a recording of its own, without music or noise."
    )


def times_told(spans: Sequence[tuple[float, float]]) -> str:
    """Seconds in words: "0:01.0 to 0:02.5, 0:07.0 to 0:08.0 and 2 more"."""
    told = [f"{_clock(start)} to {_clock(end)}" for start, end in spans[:_MOST_TOLD]]
    if len(spans) > _MOST_TOLD:
        told.append(f"{len(spans) - _MOST_TOLD} more")
    return " and ".join(", ".join(told).rsplit(", ", 1))


def still_warning(name: str, opening: np.ndarray) -> str:
    """One sentence where a whole recording opens no mouth, though it is not silent; else "".

    Args:
        name: of the recording.
        opening: (T,) how far the inner lips are apart, outer eye-corner distances.
    """
    if float(opening.max(initial=0.0)) > _SHUT:
        return ""
    return (
        f"{name}: the mouth stays closed, since no speech is heard in it. If somebody speaks there, choose a recording in which "
        "the voice is louder than all else."
    )


def _clock(seconds: float) -> str:
    """0:12, or 0:12.4 where it is short of a second after another."""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"
