"""The content branch: what is said moves lips and jaw, whoever says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...face.landmarks import NEUTRAL_FACE
from ...face.smoothing import moving_average
from ...hearing.features import FEATURE_RATE, loudness, mel_power, normalise, sounding
from .lip_closure import close_lips

if TYPE_CHECKING:
    from ...hearing.backends import Backend

# Silence and the ARPAbet without stress: https://en.wikipedia.org/wiki/ARPABET
PHONES: tuple[str, ...] = (
    "SIL", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY",
    "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip

CONTENT_RATE = FEATURE_RATE / 2  # frames a second

_OPEN_BEFORE_SECONDS = 0.18  # from silence to sound: lips part just before the first word
_CLOSE_AFTER_SECONDS = 0.08  # and rest soon after the last, before they part for the next
_READY_SECONDS = 1.0  # lips take their place this long before a sound and leave it this long after
_REST_SECONDS = 0.42  # how gently they come to rest in a pause
_PHONE_SECONDS = 0.16  # how long a phone and its neighbour last
_CONTEXT_SECONDS = 1.0  # one phone that is understood vouches for this much on either side
_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16  # a Gaussian of 20 ms
# Mean posterior of the likeliest phone, nothing and speech: chords and a band have 0.55, speech in 10 dB of noise 0.75.
_LANGUAGE = (0.48, 0.58)
# The same of those that can be sung: drums have 0.21, speech in 5 dB of noise 0.34.
_SYLLABLES = (0.22, 0.32)
_SONORANTS = [
    i for i, name in enumerate(PHONES) if name[0] in "AEIOU" or name in {"L", "R", "W", "Y", "M", "N", "NG"}
]


@dataclass(frozen=True)
class ContentMotion:
    """What the words do to the face.

    Attributes:
        fps: frames per second.
        displacement: (T, 68, 3) float32 from the neutral face, unit outer eye-corner distance; only jaw and lips move.
        neutral: (68, 3) float32, an average face with its mouth shut.
        phones: (T, P) float32 posteriors of `PHONES`.
        energy: (T,) float32 loudness, 0 silent to about 1 at the recording's speech level.
    """

    fps: float
    displacement: np.ndarray
    neutral: np.ndarray
    phones: np.ndarray
    energy: np.ndarray


def content_motion(
    samples: np.ndarray, backend: Backend, progress: Callable[[float], None] | None = None
) -> ContentMotion:
    """Lips and jaw of a recording.

    Args:
        samples: (N,) float32 at 16 kHz.
        backend: runs the network.
        progress: told 0…1.

    Returns:
        Frames that cover the whole recording; at rest where nobody speaks for a while. It may start and end with an open
        mouth, as the recording does: whoever writes keys eases in and out.
    """
    report = progress or (lambda fraction: None)
    power = mel_power(samples)
    report(0.3)
    phones, coefficients = backend.run(normalise(power))
    report(0.8)
    audible = sounding(power)[::2]
    phones[~audible] = 0
    phones[~audible, 0] = 1
    understood = _understood(phones)
    phones *= understood[:, None]
    phones[:, 0] += 1 - understood
    displacement = np.tensordot(_calm(coefficients), backend.weights.basis, axes=1)
    energy = loudness(power)[::2] * audible
    speaking = _speaking(phones[:, 0]) * _near_sound(audible) * understood
    displacement *= speaking[:, None, None]
    close_lips(displacement, NEUTRAL_FACE, phones, PHONES)
    report(1.0)
    return ContentMotion(
        fps=CONTENT_RATE,
        displacement=displacement,
        neutral=NEUTRAL_FACE,
        phones=phones,
        energy=energy * (speaking > 0.05),
    )


def _calm(values: np.ndarray) -> np.ndarray:
    """(T, K) float32 without the tremor from frame to frame that a network has and lips have not."""
    reach = len(_BINOMIAL) // 2
    around = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    return np.asarray(sum(share * around[i : i + len(values)] for i, share in enumerate(_BINOMIAL)))


def _speaking(silence: np.ndarray) -> np.ndarray:
    """(T,) 0…1: 0 where the network hears nobody for a while, with soft edges.

    Lips prepare a sound long before it is heard (Bell-Berti and Harris, 1981), so only long silences are put to rest.
    """
    speech = np.clip((moving_average(1.0 - silence, 3) - 0.15) / 0.35, 0, 1)
    soft = moving_average(_around(speech, _READY_SECONDS), round(_REST_SECONDS * CONTENT_RATE))
    return (soft * soft * (3 - 2 * soft)).astype(np.float32)


def _understood(phones: np.ndarray) -> np.ndarray:
    """(T,) 0…1: 0 where no phone is recognised for seconds, or none that syllables are made of.

    Music, applause and machines sound like everything a little, and drums like a row of t and k.

    Args:
        phones: (T, P) posteriors, silence first.
    """
    return np.minimum(_vouched(phones[:, 1:], *_LANGUAGE), _vouched(phones[:, _SONORANTS], *_SYLLABLES))


def _vouched(phones: np.ndarray, low: float, high: float) -> np.ndarray:
    """(T,) float32 0…1: whether some of these phones (T, P) are recognised nearby, ``low`` and ``high`` their mean posterior."""
    likeliest = moving_average(phones.max(axis=1), round(_PHONE_SECONDS * CONTENT_RATE))
    nearby = moving_average(_around(likeliest, _CONTEXT_SECONDS), round(_CONTEXT_SECONDS * CONTENT_RATE / 2))
    return np.clip((nearby - low) / (high - low), 0, 1).astype(np.float32)


def _near_sound(sounding: np.ndarray) -> np.ndarray:
    """(T,) 0…1: 0 where a clean recording is silent and no sound is near, with soft edges.

    The speakers of the training corpus open their lips up to half a second before the first word, into the noise of
    their room. In the silence of a studio, that reads as a mouth that hangs open.

    Args:
        sounding: (T,) bool, frames that are not digitally silent.
    """
    near = _around(sounding.astype(np.float32), _OPEN_BEFORE_SECONDS, past=_CLOSE_AFTER_SECONDS)
    soft = moving_average(near, round(_OPEN_BEFORE_SECONDS * CONTENT_RATE))
    return (soft * soft * (3 - 2 * soft)).astype(np.float32)


def _around(values: np.ndarray, seconds: float, past: float | None = None) -> np.ndarray:
    """(T,) the largest value within so many seconds on either side, or so many to come and ``past`` gone by."""
    reach = round((seconds if past is None else past) * CONTENT_RATE), round(seconds * CONTENT_RATE)
    return np.lib.stride_tricks.sliding_window_view(np.pad(values, reach), sum(reach) + 1).max(axis=1)
