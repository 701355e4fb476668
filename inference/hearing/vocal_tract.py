"""Throats smaller or larger than any person's: chipmunks, giants, voices that are played too fast, and small children.

The ear knows the resonances of people's throats. Where it hears words badly, each part of a recording is listened to again as if
the frequencies were lower or higher, and stays so where its sounds are clearer by far (vocal tract length normalisation by the
likeliest warp: Lee and Rose 1996). What is heard well at once is left as it is, bit for bit, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from .backends import hear
from .backends.weights import STRIDE
from .features import FEATURE_RATE, HOP, breadth, mel_power
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
_BEGINNING = round(1.2 * FEATURE_RATE)  # of a part: another throat is clearer there already, or is none
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
        progress: told 0…1, and may raise to stop: what is heard badly throughout takes four times as long again.

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
        beginning = part[: _BEGINNING * HOP]
        clear_at_first = _clearness(
            heard.phones[first // STRIDE :], levels.relative[first : first + _BEGINNING], 1
        )
        for warp in _WARPS:
            if len(beginning) < len(part):
                at_first = _heard_as(beginning, mel_power(beginning, warp), echoing, backend, 1)
                if at_first < clear_at_first:
                    continue
            warped = mel_power(part, warp)[: last - first]
            now = _heard_as(part, warped, echoing, backend)
            if now > clearest:
                clearest, another = now, warped
        if another is not None:
            result = power.copy() if result is power else result
            result[first : first + len(another)] = another
    return result


def _heard_as(
    part: np.ndarray, power: np.ndarray, echoing: float, backend: Backend, sounds: int = _FEWEST_SOUNDS
) -> float:
    """`_clearness` of (N,) samples where their (T, 40) power, with all its echoes, is another."""
    dry = echoes_lowered(power, echoing)
    levels = Levels(dry)
    return _clearness(hear(part, backend, dry, levels).phones, levels.relative, sounds)


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
