"""Throats smaller or larger than any person's: chipmunks, giants, voices that are played too fast, and small children.

The ear knows the resonances of people's throats. Where it hears words badly, each part of a recording is listened to again as if
the frequencies were lower or higher, and stays so where its sounds are clearer by far (vocal tract length normalisation by the
likeliest warp: Lee and Rose 1996). What is heard well at once is left as it is, bit for bit, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from .backends import foreground_features
from .backends.weights import STRIDE
from .features import FEATURE_RATE, HOP, breadth, warped_powers
from .loudness import Levels
from .reverberation import echoes_lowered

if TYPE_CHECKING:
    from .backends import Backend
    from .backends.weights import Heard

_WARPS = (0.56, 0.7, 1.45)  # what frequencies are multiplied by before they are heard
_UNCLEAR = 0.52  # the likeliest phone's posterior, in the mean: above, words are heard well
_CLEARER = 1.2  # times as high: another throat, and no accident
_LEAST = 0.36  # and so high: words at all
_LOUD = -25.0  # dB beside the speech level: frames that are asked
_LEAST_BREADTH = 8.0  # mel bands, in the mean: a siren or an alarm has no partials, and any throat many
_FEWEST_SOUNDS = 4  # different ones: a vowel alone, or a laugh, is a vowel in any throat
_FEWEST_FRAMES = round(0.5 * FEATURE_RATE)  # loud ones
_PART = round(3.0 * FEATURE_RATE)  # frames that are judged together, up to the next pause
_MOMENT = round(
    1.2 * FEATURE_RATE
)  # of a part, its fullest: another throat is clearer there already, or is none
_MAYBE = 1.1  # times as high as in all of the part, in a moment that is clearer than the rest
_NEAR = round(1.0 * FEATURE_RATE)  # a longer pause parts a sentence from what is no voice
_LONGEST = round(8.0 * FEATURE_RATE)  # and where there is none


def as_of_people(
    samples: np.ndarray,
    power: np.ndarray,
    echoing: float,
    levels: Levels,
    heard: Heard,
    backend: Backend,
    progress: Callable[[float], None] | None = None,
) -> np.ndarray:
    """What a recording would sound like from throats as people have them.

    Args:
        samples: (N,) float32 at 16 kHz.
        power: (T, 40) of `features.mel_power`, with all its echoes.
        echoing: 0…1, of `reverberation.echo` in it.
        levels: of it without long echoes.
        heard: what the network hears in it without them.
        backend: runs that network.
        progress: told 0…1, and may raise to stop: what is heard badly throughout takes up to three times as long again.

    Returns:
        (T, 40), with all its echoes; ``power`` itself where nobody's throat is far from people's.
    """
    result = power
    for first, last in _parts(levels):
        if progress is not None:
            progress(last / len(power))
        clear = _clearness(heard.phones[first // STRIDE :], levels.relative[first:last], 1)
        loud = levels.relative[first:last] > _LOUD
        if not 0 < clear < _UNCLEAR or breadth(power[first:last][loud]).mean() < _LEAST_BREADTH:
            continue
        part = samples[first * HOP : last * HOP]
        clearest, another = max(_CLEARER * clear, _LEAST), None
        worth_it = list(_WARPS)
        if last - first > _MOMENT:
            begins = first + _fullest(loud)
            ends = begins + _MOMENT
            clear_then = _clearness(heard.phones[begins // STRIDE :], levels.relative[begins:ends], 1)
            powers = warped_powers(samples[begins * HOP : ends * HOP], _WARPS)
            enough = min(clear_then, _MAYBE * clear)
            worth_it = [
                warp
                for warp, warped in zip(_WARPS, powers)
                if _heard_as(warped, echoing, backend, 1) >= enough
            ]
        for warped in warped_powers(part, worth_it) if worth_it else ():
            warped = warped[: last - first]
            now = _heard_as(warped, echoing, backend)
            if now > clearest:
                clearest, another = now, warped
        if another is not None:
            result = power.copy() if result is power else result
            result[first : first + len(another)] = another
    return result


def _heard_as(power: np.ndarray, echoing: float, backend: Backend, sounds: int = _FEWEST_SOUNDS) -> float:
    """`_clearness` of what sounds with this (T, 40) power, with all its echoes."""
    dry = echoes_lowered(power, echoing)
    levels = Levels(dry)
    return _clearness(backend.phones(foreground_features(dry, levels)), levels.relative, sounds)


def _fullest(loud: np.ndarray) -> int:
    """Where the `_MOMENT` with most loud frames of (T,) begins, a whole frame of 50 Hz after their start."""
    total = np.cumsum(np.pad(loud, (1, 0)), dtype=np.int64)
    return int((total[_MOMENT:] - total[:-_MOMENT])[::STRIDE].argmax()) * STRIDE


def _parts(levels: Levels) -> list[tuple[int, int]]:
    """(first, last) frames of what is judged together, in order: all of the recording but long pauses at its parts' ends."""
    parts: list[tuple[int, int]] = []
    for first, last in levels.stretches:
        if parts and parts[-1][1] - parts[-1][0] < _PART and first - parts[-1][1] < _NEAR:
            parts[-1] = parts[-1][0], last
        else:
            parts.append((first, last))
    return [
        (start, min(start + _LONGEST, last))
        for first, last in parts
        for start in range(first, last, _LONGEST)
    ]


def _clearness(phones: np.ndarray, level: np.ndarray, sounds: int = _FEWEST_SOUNDS) -> float:
    """The likeliest phone's posterior where it is loud, in the mean; 0 where too few are heard.

    Args:
        phones: (T / 2 or more, P) posteriors at 50 Hz, silence's first.
        level: (T,) dB beside the speech level at 100 Hz.
        sounds: how many different ones are wanted.
    """
    loud = level[::STRIDE] > _LOUD
    if STRIDE * loud.sum() < _FEWEST_FRAMES:
        return 0.0
    told = phones[: len(loud), 1:][loud[: len(phones)]]
    sure = told.max(axis=1)
    different = np.unique(told.argmax(axis=1)[sure > sure.mean()])
    return float(sure.mean()) if len(different) >= sounds else 0.0
