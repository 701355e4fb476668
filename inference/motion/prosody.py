"""What the voice does besides words: phrases, pauses and stressed syllables."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..face.noise import ease
from ..face.runs import runs_of
from ..face.smoothing import moving_average

_PAUSE_SECONDS = 0.25  # a shorter silence is a stop consonant or a breath within the phrase
_STRESS_DISTANCE = 0.38  # s between stresses that the head can still nod to
_SYLLABLE_SECONDS, _WORD_SECONDS = 0.08, 0.5
_ENDING_SECONDS, _ENDING_VOICED = (
    0.45,
    0.12,
)  # s at the end of a phrase that are a question's, and of it the least voiced
_RISE = 3.0  # semitones over the phrase's median: yes-no questions end that high and higher (Bolinger 1978)
_SYLLABLE_LOUDNESS = 0.3  # how far loudness rises above its surroundings in an ordinary syllable


@dataclass(frozen=True)
class Prosody:
    """Prosody at the frame rate of the animation.

    Attributes:
        activity: (T,) 0…1, how much the speaker is speaking around that instant.
        phrases: (start, end) seconds of each stretch of speech between pauses.
        stresses: seconds of stressed syllables.
        strengths: how strong each stress is, 0…1.
        syllables: (T,) loudness without its slow changes: above 0 in a syllable, below it between two; about -1…1.
        questions: seconds at which phrases end whose pitch rises as in a question.
    """

    activity: np.ndarray
    phrases: list[tuple[float, float]]
    stresses: np.ndarray
    strengths: np.ndarray
    syllables: np.ndarray
    questions: np.ndarray = field(default_factory=lambda: np.zeros(0))


def analyse(energy: np.ndarray, f0: np.ndarray, fps: float) -> Prosody:
    """Find phrases and stresses.

    Args:
        energy: (T,) loudness relative to the recording's speech level, 0 silent … about 1 loud.
        f0: (T,) Hz, 0 where unvoiced.
        fps: frames per second.

    Stress is where loudness and pitch (in semitones above the speaker's own running mean) peak together, which is what
    heads and brows follow in conversation (Munhall et al., *Visual prosody and speech intelligibility*, 2004).
    """
    speaking = energy > 0.12
    phrases = _phrases(speaking, fps)
    mask = np.zeros(len(energy))
    for start, end in phrases:
        mask[int(start * fps) : int(np.ceil(end * fps)) + 1] = 1
    activity = np.clip(ease(mask, fps, 0.5), 0, 1)
    loudness = moving_average(energy.astype(np.float64), max(1, round(0.12 * fps)))
    prominence = np.maximum(loudness - moving_average(loudness, max(1, round(1.2 * fps))), 0)
    voiced = f0 > 0
    if voiced.sum() > fps * 0.3:
        semitones = np.where(voiced, 12 * np.log2(np.maximum(f0, 1) / np.median(f0[voiced])), 0)
        semitones = np.clip(semitones, -8, 8)
        high = moving_average(np.where(voiced, np.maximum(semitones, 0), 0), max(1, round(0.12 * fps)))
        prominence = prominence * (1 + high / 3)
    prominence *= mask
    times, strengths = _peaks(prominence, fps)
    quick = ease(energy, fps, _SYLLABLE_SECONDS) - ease(energy, fps, _WORD_SECONDS)
    syllables = np.clip(quick / _SYLLABLE_LOUDNESS, -1.5, 1.5)
    return Prosody(activity, phrases, times, strengths, syllables, _questions(phrases, f0, fps))


def rhythm(energy: np.ndarray, fps: float, f0: np.ndarray, f0_rate: float) -> Prosody:
    """`analyse` with the pitch at a rate of its own.

    Args:
        energy: (T,) as `analyse` takes it.
        fps: its frames per second.
        f0: (M,) Hz, 0 where unvoiced.
        f0_rate: values a second of ``f0``.
    """
    nearest = np.minimum((np.arange(len(energy)) * (f0_rate / fps)).astype(np.int64), max(len(f0) - 1, 0))
    return analyse(energy, f0[nearest], fps)


def _questions(phrases: list[tuple[float, float]], f0: np.ndarray, fps: float) -> np.ndarray:
    """Ends (s) of the phrases whose last half second lies well above the rest, and goes up."""
    ends = []
    for start, end in phrases:
        pitch = f0[int(start * fps) : int(end * fps) + 1]
        last = pitch[-max(round(_ENDING_SECONDS * fps), 1) :]
        before, last = pitch[: -len(last)], last[last > 0]
        before = before[before > 0]
        if len(last) < _ENDING_VOICED * fps or len(before) < _ENDING_VOICED * fps:
            continue
        half = len(last) // 2
        above = 12 * np.log2(np.median(last[half:]) / np.median(before))
        if _RISE < above < 12 and np.median(last[half:]) > np.median(
            last[:half]
        ):  # an octave is an error of the pitch
            ends.append(end)
    return np.array(ends)


def _phrases(speaking: np.ndarray, fps: float) -> list[tuple[float, float]]:
    """Stretches of speech, with silences shorter than `_PAUSE_SECONDS` bridged and clicks dropped."""
    phrases: list[list[float]] = []
    for start, end in runs_of(speaking) / fps:
        if phrases and start - phrases[-1][1] < _PAUSE_SECONDS:
            phrases[-1][1] = end
        else:
            phrases.append([start, end])
    return [(start, end) for start, end in phrases if end - start >= 0.12]


def _peaks(curve: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and strengths (0…1) of local maxima, the strongest first within `_STRESS_DISTANCE` of each other."""
    if len(curve) < 3:
        return np.zeros(0), np.zeros(0)
    tops = np.flatnonzero((curve[1:-1] > curve[:-2]) & (curve[1:-1] >= curve[2:])) + 1
    tops = tops[curve[tops] > 0.03]
    if len(tops) == 0:
        return np.zeros(0), np.zeros(0)
    distance = max(1, round(_STRESS_DISTANCE * fps))
    taken = np.zeros(len(curve), bool)
    chosen = []
    for top in tops[np.argsort(-curve[tops], kind="stable")]:
        if not taken[top]:
            chosen.append(top)
            taken[max(0, top - distance) : top + distance] = True
    places = np.sort(np.array(chosen))
    heights = curve[places]
    return places / fps, np.clip(heights / max(np.percentile(heights, 90), 1e-6), 0, 1)
