"""What a voice is like: who it may be, how high, how lively, and the manner of moving that follows from it.

Everything is measured on the recording at hand; the only thing assumed is the population that it is compared with, which
is kept as data with the speaker encoder's weights. numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ...face.smoothing import moving_average
from ...hearing.audio import SAMPLE_RATE
from ...hearing.features import (
    FEATURE_RATE,
    MEL_BANDS,
    MEL_RANGE,
    PITCH_RATE,
    hertz_to_mel,
    mel_power,
)

if TYPE_CHECKING:
    from ...hearing.speaker_encoder import SpeakerEncoder

LISTENED = 60.0
"""Seconds of a recording that are listened to; of a longer one, passages spread evenly over its speech."""

MANNER: dict[str, tuple[float, dict[str, float]]] = {
    "head": (0.4, {"liveliness": 1.0}),
    "nod": (0.4, {"liveliness": 0.5, "dynamics": 0.5}),
    "brows": (0.6, {"liveliness": 0.5, "pitch_spread": 0.5}),
    "sway": (0.3, {"liveliness": 0.6, "pause_share": 0.4}),
    "lips": (0.4, {"liveliness": 0.5, "dynamics": 0.5}),
    "blinks_per_minute": (0.3, {"liveliness": 0.6, "speech_rate": 0.4}),
    "gaze": (0.4, {"liveliness": 0.5, "pause_share": 0.5}),
    "speed": (0.3, {"liveliness": 0.4, "speech_rate": 0.6}),
}
"""What of the manner follows from what of the voice: factor → (how strongly, 0…1; shares of the voice's ranks, sum 1).

Heads nod with loudness and move with pitch (Yehia, Kuratate, Vatikiotis-Bateson 2002; Munhall et al. 2004), brows rise with
pitch (Cavé et al. 1996), eyes leave the listener where the speaker hesitates (Kendon 1967), posture changes at pauses (Cassell
et al. 2001) and lids blink more often the more is said (Karson et al. 1981). How strongly is our choice.
"""
MANNER_RANGE = (0.6, 1.6)

LIVELINESS = {"pitch_spread": 0.5, "speech_rate": 0.25, "dynamics": 0.25}
"""Shares of a voice's liveliness: listeners judge it by the extent of the pitch movements first, then by tempo and emphasis
(Traunmüller and Eriksson, *The perceptual evaluation of F0 excursions in speech as evidenced in liveliness estimations*, 1995;
Hincks, *Measures and perceptions of liveliness in student oral presentation speech*, 2005)."""

_PASSAGE = 5.0  # s
_LEAST_VOICED = 10  # frames of pitch: 0.2 s, below which there is no voice to describe
_PAUSE = (
    0.35  # s without voice: a silent pause of 0.25 s (Goldman-Eisler 1968) and the voiceless sounds beside it
)
_MARGIN = 0.25  # s kept around the voiced part
_SONORITY = (300.0, 2500.0)  # Hz: where vowels are louder than everything else (Pfitzinger et al. 1996)
_DIP = 2.0  # dB between two syllables (de Jong and Wempe 2009)
_NUCLEUS_RANGE = 25.0  # dB below the loudest that a syllable may be (ditto)


@dataclass(frozen=True)
class VoiceStatistics:
    """What of a voice can be measured without knowing who it is.

    Attributes:
        median_f0: Hz; 0 where nothing is voiced.
        f0_low, f0_high: Hz, the 5th and 95th percentile of the voiced frames; 0 where nothing is voiced.
        pitch_spread: semitones, standard deviation of the pitch, from the 10th and 90th percentile of a normal distribution so
            that single octave errors do not count.
        speech_rate: syllables a second, pauses left out.
        dynamics: dB, standard deviation of the loudness of the syllables.
        pause_share: 0…1, share of the time between the first and the last voiced frame that pauses take.
        syllables: how many syllables were heard in what was listened to.
    """

    median_f0: float = 0.0
    f0_low: float = 0.0
    f0_high: float = 0.0
    pitch_spread: float = 0.0
    speech_rate: float = 0.0
    dynamics: float = 0.0
    pause_share: float = 0.0
    syllables: int = 0


RANKED = ("median_f0", "pitch_spread", "speech_rate", "dynamics", "pause_share")
"""Attributes of `VoiceStatistics` that a voice is compared by."""


@dataclass(frozen=True)
class Voice:
    """What a recording's voice is like.

    Attributes:
        embedding: (D,) float32, unit norm: who it may be; compare with `same_speaker`.
        encoder: name and version of what made the embedding; only embeddings of one encoder can be compared.
        statistics: what was measured.
        ranks: of each of `RANKED`, 0…1, where it lies among the training speakers: 0.5 as their median. Drawn to 0.5 the
            less was heard.
        liveliness: 0…1, 0.5 as the median training speaker: mean of the ranks weighted by `LIVELINESS`.
        register: ``low``, ``middle`` or ``high``, by the median of the pitch; ``middle`` where nothing is voiced.
    """

    embedding: np.ndarray
    encoder: str
    statistics: VoiceStatistics
    ranks: Mapping[str, float] = field(default_factory=dict)
    liveliness: float = 0.5
    register: str = "middle"

    @property
    def median_f0(self) -> float:
        """Hz; 0 where nothing is voiced."""
        return self.statistics.median_f0

    @property
    def f0_low(self) -> float:
        """Hz, 5th percentile."""
        return self.statistics.f0_low

    @property
    def f0_high(self) -> float:
        """Hz, 95th percentile."""
        return self.statistics.f0_high

    @property
    def pitch_spread(self) -> float:
        """Semitones."""
        return self.statistics.pitch_spread

    @property
    def speech_rate(self) -> float:
        """Syllables a second, pauses left out."""
        return self.statistics.speech_rate

    @property
    def dynamics(self) -> float:
        """dB."""
        return self.statistics.dynamics

    @property
    def pause_share(self) -> float:
        """0…1."""
        return self.statistics.pause_share


def describe(samples: np.ndarray, f0: np.ndarray, encoder: SpeakerEncoder | None = None) -> Voice:
    """Listen to a voice.

    Args:
        samples: (N,) float32 at 16 kHz, of any length.
        f0: (M,) Hz at `features.PITCH_RATE`, 0 where unvoiced, as `features.pitch` gives it for the whole recording.
        encoder: what recognises voices; the one that ships by default.

    Raises:
        EngineError: the weights that ship are missing or damaged (code ``bad_weights``).
    """
    if encoder is None:
        from ...hearing.speaker_encoder import load_speaker_encoder

        encoder = load_speaker_encoder()
    heard = passages(len(samples), f0)
    power = [mel_power(samples[part]) for part in heard]
    measured = _statistics(power, heard, f0)
    population = encoder.population
    ranks = dict.fromkeys(RANKED, 0.5)
    if measured.median_f0 > 0:
        ranks = {name: population.rank(name, getattr(measured, name), measured.syllables) for name in RANKED}
    return Voice(
        embedding=encoder.embed(power, [samples[part] for part in heard]),
        encoder=encoder.model_id,
        statistics=measured,
        ranks=ranks,
        liveliness=float(sum(share * ranks[name] for name, share in LIVELINESS.items())),
        register=population.register(measured.median_f0),
    )


def measure(samples: np.ndarray, f0: np.ndarray) -> VoiceStatistics:
    """The statistics of a recording's prosody alone, for arguments as `describe` has them."""
    heard = passages(len(samples), f0)
    return _statistics([mel_power(samples[part]) for part in heard], heard, f0)


def manner(voice: Voice) -> dict[str, float]:
    """How somebody with this voice may move, as factors of a style's amounts.

    Returns:
        Each of `MANNER` within `MANNER_RANGE`: 1 for the median training voice, growing with the voice's liveliness and with
        the ranks that the table names. ``speed`` is how quick, all others how much or how often.
    """
    known = {**voice.ranks, "liveliness": voice.liveliness}
    return {
        name: _factor(sum(share * known[key] for key, share in shares.items()), strength)
        for name, (strength, shares) in MANNER.items()
    }


def same_speaker(first: np.ndarray, second: np.ndarray) -> float:
    """How alike two embeddings of one encoder are: their cosine, −1…1.

    The encoder's ``threshold`` is where as many strangers pass as the same speaker fails.
    """
    norms = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(np.dot(first, second)) / norms if norms > 0 else 0.0


def recognise(embedding: np.ndarray, enrolled: Mapping[str, np.ndarray], threshold: float) -> str | None:
    """Whose voice it is.

    Args:
        embedding: (D,) of the recording.
        enrolled: name → (D,) embedding of the same encoder.
        threshold: the encoder's; nobody whose cosine is below it is taken.

    Returns:
        The name of the nearest, or None where nobody is near enough.
    """
    alike = {name: same_speaker(embedding, known) for name, known in enrolled.items()}
    best = max(sorted(alike), key=alike.__getitem__, default=None)
    return best if best is not None and alike[best] >= threshold else None


def passages(samples: int, f0: np.ndarray) -> list[slice]:
    """The stretches of a recording that are listened to, in samples, in order, `LISTENED` at most.

    Args:
        samples: how many the recording has.
        f0: (M,) Hz at `features.PITCH_RATE`.

    A recording whose speech is short is taken from its first to its last voiced frame; of a longer one passages of 5 s that have
    equally much voice between them.
    """
    voiced = np.flatnonzero(f0 > 0) / PITCH_RATE
    if len(voiced) < _LEAST_VOICED:  # whispered, or nobody at all
        voiced = np.arange(0, samples / SAMPLE_RATE, 1 / PITCH_RATE)
    if len(voiced) == 0:
        return [slice(0, samples)]
    first, last = max(voiced[0] - _MARGIN, 0), voiced[-1] + _MARGIN
    if last - first <= LISTENED:
        stretches = [(first, last)]
    else:
        count = int(LISTENED / _PASSAGE)
        centres = voiced[((np.arange(count) + 0.5) * len(voiced) / count).astype(int)]
        starts = np.maximum(centres - _PASSAGE / 2, 0)
        stretches = [(starts[0], starts[0] + _PASSAGE)]
        for start in starts[1:]:
            if start < stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], start + _PASSAGE)
            else:
                stretches.append((start, start + _PASSAGE))
    return [slice(int(start * SAMPLE_RATE), min(int(end * SAMPLE_RATE), samples)) for start, end in stretches]


def syllable_nuclei(power: np.ndarray, f0: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Syllables, as peaks of sonority.

    Args:
        power: (T, 40) mel power at 100 Hz.
        f0: (T,) Hz at 100 Hz, 0 where unvoiced.

    Returns:
        (S,) frames and (S,) dB of the voiced peaks of the power between 300 and 2500 Hz that are 2 dB above the dips on either
        side and no more than 25 dB below the loudest (de Jong and Wempe, *Praat script to detect syllable nuclei and measure
        speech rate automatically*, 2009).
    """
    band = power[:, _sonorous_bands()].sum(axis=1, dtype=np.float64)
    level = 10 * np.log10(moving_average(band, 5) + 1e-10)
    tops = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] >= level[2:])) + 1
    if len(tops) == 0:
        return tops, np.zeros(0)
    floor = np.percentile(level, 99) - _NUCLEUS_RANGE
    tops = tops[level[tops] > floor]
    kept: list[int] = []
    for top in tops:
        if kept:
            dip = float(level[kept[-1] : top + 1].min())
            if min(level[kept[-1]], level[top]) - dip < _DIP:
                if level[top] > level[kept[-1]]:
                    kept[-1] = int(top)
                continue
        kept.append(int(top))
    frames = np.array(kept, np.int64)
    frames = frames[f0[np.minimum(frames, len(f0) - 1)] > 0] if len(f0) else frames[:0]
    return frames, level[frames]


def _statistics(power: list[np.ndarray], heard: list[slice], f0: np.ndarray) -> VoiceStatistics:
    voiced = f0[f0 > 0]
    if len(voiced) < _LEAST_VOICED:
        return VoiceStatistics()
    low, tenth, median, ninetieth, high = np.percentile(voiced, (5, 10, 50, 90, 95))
    gaps = np.diff(np.flatnonzero(f0 > 0)) / PITCH_RATE
    span = gaps.sum()
    syllables, talking = 0, 0.0
    loudness: list[np.ndarray] = []
    for bands, part in zip(power, heard):
        times = part.start / SAMPLE_RATE + np.arange(len(bands)) / FEATURE_RATE
        pitch = f0[np.minimum((times * PITCH_RATE + 0.5).astype(int), len(f0) - 1)]
        _, levels = syllable_nuclei(bands, pitch)
        syllables += len(levels)
        loudness.append(levels)
        places = np.flatnonzero(pitch > 0) / FEATURE_RATE
        between = np.diff(places)
        talking += float(between[between < _PAUSE].sum())
    levels = np.concatenate(loudness)
    return VoiceStatistics(
        median_f0=float(median),
        f0_low=float(low),
        f0_high=float(high),
        pitch_spread=float(12 * np.log2(ninetieth / tenth) / 2.563),
        speech_rate=syllables / talking if talking > 0 else 0.0,
        dynamics=float(levels.std()) if len(levels) > 1 else 0.0,
        pause_share=float(gaps[gaps >= _PAUSE].sum() / span) if span > 0 else 0.0,
        syllables=syllables,
    )


def _factor(place: float, strength: float) -> float:
    """0…1 → `MANNER_RANGE`, 1 at 0.5."""
    low, high = MANNER_RANGE
    lean = min(max(2 * place - 1, -1.0), 1.0)
    return float(high ** (strength * lean) if lean >= 0 else low ** (-strength * lean))


def _sonorous_bands() -> slice:
    """The mel bands whose centres lie within `_SONORITY`."""
    low, high = hertz_to_mel(np.array(MEL_RANGE))
    centres = np.linspace(low, high, MEL_BANDS + 2)[1:-1]
    first, last = np.searchsorted(centres, hertz_to_mel(np.array(_SONORITY)))
    return slice(int(first), int(last))
