"""Sounds to measure with: noise, music, and what rooms, telephones, crowds and other throats make of a filmed voice.

A voice that is made noisy, whispered or sung without a change of time still belongs to the face that was filmed, so a clip
measures the lips under all of it. Training disturbs power spectra (`disturbances.augment`); what is here works on
samples and shares no code with it, so that a figure is none of what was practised.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances import altered

Samples = NDArray[np.float64]


def decibels(value: float) -> float:
    """The factor of an amplitude that so many dB are."""
    return float(10 ** (value / 20))


def at_level(samples: NDArray[np.floating[Any]], dbfs: float) -> Samples:
    """The same at an RMS level in dB beside full scale."""
    exact = np.asarray(samples, np.float64)
    return exact * (decibels(dbfs) / np.sqrt(np.mean(exact**2)))


def noise(seconds: float, slope: float = 0.0, seed: int = 0) -> Samples:
    """Gaussian noise whose power falls with frequency ** slope: 0 white, 1 pink, 2 brown; RMS 1, from 20 Hz up."""
    white = np.random.RandomState(seed).normal(size=int(seconds * SAMPLE_RATE))
    spectrum = np.fft.rfft(white)
    hertz = np.fft.rfftfreq(len(white), 1 / SAMPLE_RATE)
    spectrum *= np.where(hertz < 20, 0, np.maximum(hertz, 20) ** (-slope / 2))
    samples = np.fft.irfft(spectrum, len(white))
    return samples / samples.std()


def band(samples: Samples, low: float, high: float) -> Samples:
    """What lies between two frequencies, with edges of a third of an octave."""
    spectrum = np.fft.rfft(samples)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 1.0))
    gain = np.clip((octaves - np.log2(low)) * 3 + 1, 0, 1) * np.clip((np.log2(high) - octaves) * 3 + 1, 0, 1)
    return np.fft.irfft(spectrum * gain, len(samples))


@lru_cache(maxsize=3)
def music(instruments: str) -> Samples:
    """Six seconds at -20 dBFS: 'chords' on a plucked and a bowed instrument, 'drums', or 'band' of both."""
    seconds = 6.0
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    samples = np.zeros(len(time))
    if instruments != "drums":
        roots = [220.0, 174.61, 261.63, 196.0] * 2
        for number, root in enumerate(roots):
            since = time - number * 0.75
            on = (since >= 0) & (since < 0.75)
            for ratio in (1, 1.25, 1.5):
                pluck = sum(
                    np.sin(2 * np.pi * root * ratio * k * since) * np.exp(-since * 3 * k) / k
                    for k in range(1, 7)
                )
                bow = sum(np.sin(2 * np.pi * root * ratio / 2 * k * since) / k**1.5 for k in range(1, 12))
                samples += on * (
                    pluck + 0.4 * bow * np.clip(since / 0.1, 0, 1) * np.clip((0.75 - since) / 0.1, 0, 1)
                )
        samples /= samples.std()
    if instruments != "chords":
        hits = np.zeros(len(time))
        rattle, hiss = noise(seconds, 0.0, 3), band(noise(seconds, 0.0, 4), 5000, 7800)
        for beat in np.arange(0, seconds, 0.25):
            since = time - beat
            on = since >= 0
            kind = round(beat / 0.25) % 4
            if kind == 0:
                hits += on * 3 * np.sin(2 * np.pi * 60 * since) * np.exp(-np.maximum(since, 0) * 15)
            elif kind == 2:
                hits += on * 1.2 * rattle * np.exp(-np.maximum(since, 0) * 18)
            hits += on * 0.5 * hiss * np.exp(-np.maximum(since, 0) * 40)
        samples += hits / hits.std()
    return at_level(samples, -20.0)


def whispered(samples: Samples, order: int = 20) -> Samples:
    """Noise through the spectral envelope of each 25 ms of a voice (linear prediction, autocorrelation method).

    As in a whisper there is no voice and little below 500 Hz; consonants and formants stay.
    """
    hop, window = 100, 400
    shape = np.hanning(window + 1)[:-1]
    padded = np.pad(samples, (window, window))
    result = np.zeros(len(padded))
    excitation = np.random.RandomState(1).normal(size=len(padded))
    frequencies = np.exp(-2j * np.pi * np.outer(np.arange(window // 2 + 1) / window, np.arange(order + 1)))
    for start in range(0, len(padded) - window, hop):
        frame = padded[start : start + window] * shape
        correlation = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * window)) ** 2)[: order + 1]
        if correlation[0] < 1e-9:
            continue
        lags = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
        matrix = correlation[lags] + 1e-4 * correlation[0] * np.eye(order)
        predictor = np.concatenate([[1], -np.linalg.solve(matrix, correlation[1:])])
        power = max(float(predictor @ correlation), 0.0)  # of what the envelope leaves
        envelope = np.sqrt(power) / np.abs(frequencies @ predictor)
        piece = np.fft.irfft(np.fft.rfft(excitation[start : start + window] * shape) * envelope)
        result[start : start + window] += piece * shape * (np.sqrt(hop / window) / np.sqrt(np.sum(shape**2)))
    quiet_low = band(result, 500, 7500) + 0.2 * (result - band(result, 500, 7500))
    return quiet_low[window:-window] * (np.std(samples) / np.std(quiet_low[window:-window]))


# What happens to a voice


def beside(samples: Samples, background: NDArray[Any], ratio: float) -> Samples:
    """A voice with a background so many dB below it, by RMS over the whole clip; a short background goes round."""
    background = np.resize(background, len(samples))
    return samples + background * (np.std(samples) / np.std(background) * decibels(-ratio))


def in_room(samples: Samples, seconds: float, direct: float, seed: int = 0) -> Samples:
    """A voice in a room: after 4 ms, noise that fades by 60 dB in ``seconds``, ``direct`` dB below the voice in all (Polack)."""
    count = int(seconds * SAMPLE_RATE)
    tail = np.random.RandomState(seed).normal(size=count) * decibels(1) ** (-60 * np.arange(count) / count)
    response = np.concatenate([[1.0], np.zeros(SAMPLE_RATE // 250)])
    response = np.concatenate([response, tail / np.sqrt(np.sum(tail**2)) * decibels(-direct)])
    return signal.fftconvolve(samples, response)[: len(samples)]


def telephoned(samples: Samples) -> Samples:
    """300 to 3400 Hz in 8 bits of mu-law (ITU-T G.711's curve)."""
    narrow = signal.sosfilt(signal.butter(4, [300, 3400], "band", fs=SAMPLE_RATE, output="sos"), samples)
    peak = np.abs(narrow).max()
    code = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow / peak)) / np.log(256) * 127) / 127
    return np.sign(code) * np.expm1(np.abs(code) * np.log(256)) / 255 * peak


def other_throat(samples: Samples, formants: float, pitch: float) -> Samples:
    """A voice with its formants times ``formants`` and its median pitch at ``pitch`` Hz (Praat's *Change gender*)."""
    praat = _praat()
    sound = praat.Sound(samples, SAMPLE_RATE)
    with warnings.catch_warnings():  # a clip without a voice has no pitch to change, which is well
        warnings.simplefilter("ignore", praat.PraatWarning)
        changed = praat.praat.call(sound, "Change gender", 75, 600, formants, pitch, 1.0, 1.0)
    return _as_long(changed.values[0], len(samples))


def sung(samples: Samples) -> Samples:
    """The words on a tune of eight notes, 0.4 s each, with vibrato (Praat's overlap-add); formants and times stay."""
    praat = _praat()
    call, sound = praat.praat.call, praat.Sound(samples, SAMPLE_RATE)
    manipulation = call(sound, "To Manipulation", 0.01, 75, 600)
    tier = call(manipulation, "Extract pitch tier")
    call(tier, "Remove points between", 0, sound.duration)
    for time in np.arange(0, sound.duration, 0.02):
        step = (0, 4, 7, 5, 2, 0, 9, 7)[int(time / 0.4) % 8] + 0.5 * np.sin(2 * np.pi * 5.5 * time)
        call(tier, "Add point", float(time), float(220 * 2 ** (step / 12)))
    call([manipulation, tier], "Replace pitch tier")
    return _as_long(call(manipulation, "Get resynthesis (overlap-add)").values[0], len(samples))


def held(samples: NDArray[np.floating[Any]], start: float, end: float, seconds: float) -> Samples:
    """What lies between two times (s) of a voice, lengthened to ``seconds`` at its own pitch (Praat's overlap-add)."""
    praat = _praat()
    # Praat cuts what it lengthens at three times the whole sound's length.
    whole = np.pad(samples, (0, round(seconds * SAMPLE_RATE))).astype(np.float64)
    call, sound = praat.praat.call, praat.Sound(whole, SAMPLE_RATE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", praat.PraatWarning)
        manipulation = call(sound, "To Manipulation", 0.005, 60, 600)
    tier = call(manipulation, "Extract duration tier")
    for time, factor in (
        (start - 1e-4, 1.0), (start, seconds / (end - start)), (end, seconds / (end - start)), (end + 1e-4, 1.0)
    ):  # fmt: skip
        call(tier, "Add point", float(time), float(factor))
    call([manipulation, tier], "Replace duration tier")
    longer = call(manipulation, "Get resynthesis (overlap-add)").values[0]
    first = round(start * SAMPLE_RATE)
    return _as_long(longer[first:], round(seconds * SAMPLE_RATE))


def _praat() -> Any:
    """The module ``parselmouth``."""
    try:
        import parselmouth
    except ImportError as error:
        raise EngineError(
            "Voices are made children's, deep and sung with Praat, which is not installed: pip install praat-parselmouth",
            "no_praat",
        ) from error
    # Praat's overlap-add dithers by chance: the same dither for the same sound.
    parselmouth.praat.run("random_initializeWithSeedUnsafelyButPredictably (1)")
    return parselmouth


def _as_long(samples: NDArray[Any], length: int) -> Samples:
    return np.pad(samples, (0, max(length - len(samples), 0)))[:length].astype(np.float64)


def _babble(samples: Samples, others: Sequence[NDArray[Any]], ratio: float, seed: int) -> Samples:
    """Six others at once behind a voice, each from a moment of its own; where there are none, the voice itself backwards."""
    random = np.random.RandomState(seed)
    others = others or [samples[::-1]]
    chosen = random.permutation(len(others))[:6]
    crowd = [np.roll(np.resize(others[i], len(samples)), random.randint(len(samples))) for i in chosen]
    return beside(samples, np.sum([one / max(float(np.std(one)), 1e-6) for one in crowd], axis=0), ratio)


Disturbance = Callable[[Samples, Sequence[NDArray[Any]], int], Samples]
"""(samples, other people's speech, seed) → samples, as many."""

DISTURBANCES: dict[str, Disturbance] = {
    "as filmed": lambda samples, others, seed: samples,
    "pink noise, 20 dB": lambda samples, others, seed: beside(samples, noise(3.0, 1.0, seed), 20),
    "pink noise, 10 dB": lambda samples, others, seed: beside(samples, noise(3.0, 1.0, seed), 10),
    "pink noise, 5 dB": lambda samples, others, seed: beside(samples, noise(3.0, 1.0, seed), 5),
    "a band, 15 dB": lambda samples, others, seed: beside(samples, music("band"), 15),
    "a band, 10 dB": lambda samples, others, seed: beside(samples, music("band"), 10),
    "six voices, 15 dB": lambda samples, others, seed: _babble(samples, others, 15, seed),
    "six voices, 10 dB": lambda samples, others, seed: _babble(samples, others, 10, seed),
    "a room, 0.3 s": lambda samples, others, seed: in_room(samples, 0.3, 3, seed),
    "a hall, 0.8 s": lambda samples, others, seed: in_room(samples, 0.8, 0, seed),
    "telephone": lambda samples, others, seed: telephoned(samples),
    "clipped, 12 dB": lambda samples, others, seed: np.clip(samples, *np.abs(samples).max() * np.array([-0.25, 0.25])),
    "40 dB softer": lambda samples, others, seed: samples * decibels(-40),
    "whispered": lambda samples, others, seed: whispered(samples),
    "a child's voice": lambda samples, others, seed: other_throat(samples, 1.25, 300),
    "a deep voice": lambda samples, others, seed: other_throat(samples, 0.85, 85),
    "sung": lambda samples, others, seed: sung(samples),
    "a chipmunk's voice": lambda samples, others, seed: other_throat(samples, 1.7, 400),
    "a giant's voice": lambda samples, others, seed: other_throat(samples, 0.6, 60),
    "a ring modulator": lambda samples, others, seed: altered.ring_modulated(samples, 60),
    "a vocoder": lambda samples, others, seed: altered.vocoded(samples),
    "one other voice, 10 dB": lambda samples, others, seed: beside(samples, (others or [samples[::-1]])[0], 10),
    "rumble, 0 dB": lambda samples, others, seed: beside(samples, altered.low_passed(noise(8.0, 2.0, seed), 150), 0),
    "shaken at 8 Hz, 10 dB louder": lambda samples, others, seed: beside(samples, altered.shake(len(samples), 8), -10),
    "clicks as loud, 20 a second": lambda samples, others, seed: altered.clicking(samples, 20, seed),
    "noise taken out": lambda samples, others, seed: altered.gated(beside(samples, noise(3.0, 1.0, seed), 20), -42),
    "a stage, 3 s": lambda samples, others, seed: in_room(samples, 3.0, 6, seed),
    "one other voice, 3 dB": lambda samples, others, seed: beside(samples, (others or [samples[::-1]])[0], 3),
    "gaps of 50 ms": lambda samples, others, seed: altered.with_gaps(samples, 0.05, seed),
    "overdriven, 18 dB": lambda samples, others, seed: altered.overdriven(samples, 18),
    "4 bits": lambda samples, others, seed: altered.coarse(samples, 4),
    "behind a door (1 kHz)": lambda samples, others, seed: altered.low_passed(samples, 1000),
}  # fmt: skip
"""What clips are measured under, by name."""


def disturbed(
    samples: NDArray[np.floating[Any]], name: str, clip: str, others: Sequence[NDArray[np.floating[Any]]]
) -> NDArray[np.float32]:
    """A clip's sound under one of :data:`DISTURBANCES`, the same each time, never clipping by itself.

    Args:
        samples: (N,) at 16 kHz.
        name: of the disturbance.
        clip: its name, which the randomness comes from.
        others: speech of other clips, best of six or more.

    Returns:
        (N,) float32; digital silence stays silent.

    Raises:
        EngineError: where Praat is wanted and missing (code ``no_praat``).
    """
    if not samples.any():
        return np.asarray(samples, np.float32)  # nobody there to disturb
    seed = zlib.crc32(f"{clip} {name}".encode())
    changed = DISTURBANCES[name](samples.astype(np.float64), others, seed)
    return np.asarray(changed / max(float(np.abs(changed).max()), 1.0), np.float32)
