"""Waveform → what the networks and the prosody hear: log-mel, loudness, pitch. numpy only.

Works on blocks of frames, so that an hour of sound never stands in memory as spectra.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from ..face.smoothing import largest_around, rolling
from .audio import SAMPLE_RATE
from .loudness import RANGE, SILENT, Levels, speech_level

HOP = 160  # samples
FEATURE_RATE = SAMPLE_RATE / HOP  # 100 frames a second
WINDOW = 400  # samples: 25 ms
FFT_SIZE = 512
MEL_BANDS = 40
MEL_RANGE = (60.0, 7600.0)  # Hz
SPEECH_FEATURES = MEL_BANDS + 1  # and the level
PAUSE_BANDS = 8  # groups of them, by how far they rise above the recording's room
FEATURES = SPEECH_FEATURES + PAUSE_BANDS

PITCH_RATE = 50.0  # frames a second
PITCH_RANGE = (50.0, 600.0)  # Hz: from a deep man's last word to a small child

_BLOCK = 4096  # frames handled at a time
_SPECTRA = 512  # and whose spectra are: what a core's cache holds
_TINY = 1e-10
_WITHIN = 1e-4  # 40 dB
_RELATIVE_FLOOR = 1e-8  # -80 dB
_LEVEL_PERCENTILE = 95  # of the frames' levels: how loud this recording speaks
_FAINTEST = -75.0  # dB beside the speech level that are told apart in any band
_HISS = (
    -63.0
)  # dB of the widest band: what a little white noise would hide is not told apart, so that it changes little
_ROOM_PERCENTILE = 10  # of what a group of bands is told in: what is there when nobody makes a sound
_MOST_RISE = 40.0  # dB
_ACTIVE = -30.0  # frames above this level count for the recording's own colour, and may have a pitch
_NEAR = 5  # frames beside those
_COLOUR_SECONDS = 3.0  # on either side
_STEP_REACH = 2  # frames on either side over which a phone is averaged before steps are told
_SOUND_STEP = 12.5  # dB from one phone to the next, mean over the bands
_SOUNDS_TRUSTED = 6.0  # sounds that say as much of a recording's colour as `_VOICES` does
# What 125 voices sound like in the mean, dB of each band beside the speech level (speechocean762's training part).
_VOICES = np.array([
    -40.4, -29.3, -23.5, -22.9, -27.1, -27.7, -25.8, -26.5, -28.7, -31.1, -33.8, -35.3, -36.5, -37.9, -39.1, -40.7, -41.9,
    -42.4, -42.9, -43.5, -44.1, -44.5, -44.5, -44.0, -43.4, -43.0, -42.9, -43.5, -44.5, -45.0, -44.9, -45.1, -45.9, -46.5,
    -47.1, -48.2, -49.2, -50.2, -50.9, -52.6,
])  # fmt: skip
_PITCH_SAMPLE_RATE = SAMPLE_RATE // 2
_PITCH_WINDOW = 376  # samples of those, 47 ms: three periods at 64 Hz, two at 50
_PITCH_FFT = 512
_LAGS = np.arange(
    int(_PITCH_SAMPLE_RATE / PITCH_RANGE[1]), int(np.ceil(_PITCH_SAMPLE_RATE / PITCH_RANGE[0])) + 2
)
_OCTAVES = np.floor(np.log2(_LAGS / _LAGS[0])).astype(int)  # of each lag, above the shortest
_PITCH_BAND = 2500.0  # Hz: harmonics above it make peaks too narrow to be seen between two lags

Progress = Callable[[float], None]


def frame_count(samples: int) -> int:
    """How many 100 Hz frames a recording has; frame i is centred on sample ``i * HOP``."""
    return samples // HOP + 1


def mel_filters(warp: float = 1.0) -> np.ndarray:
    """(257, 40) float32 triangular filters on the HTK mel scale (Young et al., *The HTK Book*, 5.4).

    Args:
        warp: vocal tract length perturbation (Jaitly and Hinton, 2013): frequencies are multiplied by it up to 4.8 kHz and
            squeezed to the Nyquist frequency above; 1 leaves them alone.
    """
    hertz = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE
    edge, nyquist = 4800 * min(1.0, 1 / warp), SAMPLE_RATE / 2
    upper = nyquist - (nyquist - edge * warp) / (nyquist - edge) * (nyquist - hertz)
    bins = hertz_to_mel(np.where(hertz <= edge, hertz * warp, upper))[:, None]
    lowest, highest = hertz_to_mel(np.array(MEL_RANGE))
    centres = np.linspace(lowest, highest, MEL_BANDS + 2)
    rising = (bins - centres[:-2]) / (centres[1:-1] - centres[:-2])
    falling = (centres[2:] - bins) / (centres[2:] - centres[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


def mel_power(samples: np.ndarray, warp: float = 1.0) -> np.ndarray:
    """(N,) samples at 16 kHz → (T, 40) float32 power in mel bands at 100 Hz, their frequencies warped as `mel_filters` does."""
    return warped_powers(samples, (warp,))[0]


def warped_powers(samples: np.ndarray, warps: Sequence[float]) -> list[np.ndarray]:
    """`mel_power` with each of several warps, for little more than the time of one."""
    filters, window = list(map(_plain_filters, warps)), np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    results = [np.empty((frame_count(len(samples)), MEL_BANDS), np.float32) for _ in warps]
    for first in range(0, len(results[0]), _BLOCK):
        last = min(first + _BLOCK, len(results[0]))
        power = np.empty((last - first, FFT_SIZE // 2 + 1), np.float32)
        for some in range(first, last, _SPECTRA):
            windows = windows_around(samples, some, min(some + _SPECTRA, last), HOP, WINDOW)
            spectra = np.fft.rfft(windows * window, FFT_SIZE, axis=1)
            power[some - first : some - first + len(windows)] = spectra.real**2 + spectra.imag**2
        for result, each in zip(results, filters):
            np.matmul(power, each, out=result[first:last])
    return results


def breadth(power: np.ndarray) -> np.ndarray:
    """(T, 40) mel power → (T,) float32 in how many bands it sounds nearly as loud as in the loudest, 1 … 40: a tone in few."""
    return (power > _WITHIN * power.max(axis=1, keepdims=True)).sum(axis=1).astype(np.float32)


def normalise(power: np.ndarray, levels: Levels | None = None, beside: int = 0) -> np.ndarray:
    """(T, 40) mel power → (T, 49) float32 features that know neither gain nor microphone nor the speaker's colour.

    40 bands in dB, less their mean over the active frames nearby (cepstral mean subtraction, Atal 1974, in the log-mel
    domain); the frame's level relative to the speech level there; and how far eight groups of bands rise above the
    recording's own room, in which a breath is heard that opens the mouth before a word. Loud and quiet syllables stay different.

    Args:
        power: as `mel_power` gives it.
        levels: the same recording's, where they are known.
        beside: so many further columns are left to the caller, behind those.
    """
    levels = levels or Levels(power)
    level, reference = levels.relative, levels.reference
    near = largest_around(level > _ACTIVE, _NEAR, _NEAR)  # before a word, what is faint tells that it comes
    features, groups = (
        np.empty((len(power), FEATURES + beside), np.float32),
        np.empty((len(power), PAUSE_BANDS)),
    )
    bands = features[:, :MEL_BANDS]  # in place: of an hour each copy is 60 MB
    for first in range(0, len(power), _BLOCK):
        part = slice(first, first + _BLOCK)
        # Relative to the speech level before the logarithm, so that its floor is the same at every gain.
        relative = power[part] * (10 ** (-reference[part] / 10)).astype(np.float32)[:, None]
        here = np.maximum(10 * np.log10(relative + _RELATIVE_FLOOR), _FAINTEST)
        absolute = here + reference[part, None]  # one room, however loud its speakers are
        groups[part] = absolute.reshape(len(here), PAUSE_BANDS, -1).mean(axis=2)
        here[near[part]] = np.maximum(here[near[part]], _hidden_by_hiss())
        bands[part] = here
    for some, colours in _colours(bands, level > _ACTIVE):
        features[:, some] = np.maximum(bands[:, some] - colours, -40) / 12
    features[:, MEL_BANDS] = level_feature(level)
    for group in range(PAUSE_BANDS):
        features[:, SPEECH_FEATURES + group] = _above_room(groups[:, group], level > SILENT)
    return features


def _colours(bands: np.ndarray, active: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Some of 40 bands and (T, some) dB of them: the mean of the active frames nearby, and what voices sound like where few
    sounds were heard.

    A word alone, or a vowel that lasts the whole recording, would else be its own colour, and nothing be left of it.
    A few bands at a time, since of an hour all together take half a gigabyte; of a word all at once, which is faster.
    """
    known = np.maximum(_sums_around(active), 1)
    sounds = _sums_around(_steps(bands, active)) / _SOUND_STEP
    trust = sounds**2 / (sounds**2 + _SOUNDS_TRUSTED**2)
    group = max(1, _BLOCK // max(len(bands), 1))
    for first in range(0, MEL_BANDS, group):
        some = slice(first, min(first + group, MEL_BANDS))
        sums = _sums_around(np.where(active[:, None], bands[:, some], 0))
        colours = trust[:, None] * (sums / known[:, None]) + (1 - trust[:, None]) * _VOICES[some]
        yield some, colours


def _steps(bands: np.ndarray, active: np.ndarray) -> np.ndarray:
    """(T,) float32 dB by which active frames (T,) differ from the last one, mean over the bands; 0 elsewhere."""
    steps = np.zeros(len(bands), np.float32)
    places = np.flatnonzero(active)
    if len(places) <= 2:
        return steps
    # `moving_average` block by block, with the sums up to each: of an hour all together take 115 MB.
    before = np.zeros(MEL_BANDS)
    for first in range(0, len(places) - 1, _BLOCK):
        last = min(first + _BLOCK + 1, len(places))
        around = np.clip(np.arange(first - _STEP_REACH - 1, last + _STEP_REACH), 0, len(places) - 1)
        total = bands[places[around]].astype(np.float64)
        total[0] += before
        np.cumsum(total, axis=0, out=total)
        before = total[min(_BLOCK, len(total)) - 1].copy()
        width = 2 * _STEP_REACH + 1
        part = (total[width:] - total[:-width]) / width
        steps[places[first + 1 : last]] = np.abs(np.diff(part, axis=0)).mean(axis=1)
    return steps


def _sums_around(values: np.ndarray) -> np.ndarray:
    """(T, …) float64 sums of (T, …) values within `_COLOUR_SECONDS` on either side."""
    reach = round(_COLOUR_SECONDS * FEATURE_RATE)
    total = np.zeros((len(values) + 2 * reach + 1, *values.shape[1:]))
    inside = total[reach + 1 : reach + 1 + len(values)]
    np.cumsum(values, axis=0, dtype=np.float64, out=inside)
    total[reach + 1 + len(values) :] = inside[-1:].sum(axis=0)
    return np.asarray(total[2 * reach + 1 :] - total[: -2 * reach - 1])


def _above_room(group: np.ndarray, sounding: np.ndarray) -> np.ndarray:
    """(T,) how far a group of bands in dB rises above its quietest, by 12 dB; (T,) sounding frames tell that."""
    known = group[sounding] if sounding.any() else group
    return np.clip(group - np.percentile(known, _ROOM_PERCENTILE), 0, _MOST_RISE) / 12


def level_feature(level: np.ndarray) -> np.ndarray:
    """(T,) dB relative to the recording's speech level → the last feature, about −2.7 … 2.7."""
    return (level + 20) / 15


def loudness(power: np.ndarray) -> np.ndarray:
    """(T, 40) mel power → (T,) float32, see `Levels.loudness`."""
    return Levels(power).loudness


def sounding(power: np.ndarray) -> np.ndarray:
    """(T, 40) mel power → (T,) bool, see `Levels.sounding`."""
    return Levels(power).sounding


def pitch(samples: np.ndarray, progress: Progress | None = None) -> np.ndarray:
    """F0 of a voice at `PITCH_RATE`.

    Args:
        samples: (N,) float32 at 16 kHz.
        progress: told 0…1.

    Returns:
        (T,) float32 Hz, 0 where there is no voice.

    Autocorrelation with the window's own taken out (Boersma, *Accurate short-term analysis of the fundamental
    frequency*, 1993). The range is estimated for every voice, never assumed: a first look over `PITCH_RANGE`, then the
    candidates within De Looze and Hirst's (2008) limits around the voice's own quantiles.
    """
    hop = int(_PITCH_SAMPLE_RATE / PITCH_RATE)
    count = len(samples) // 2 // hop + 1
    octaves = range(int(_OCTAVES[-1]) + 1)
    frequency = np.zeros((count, len(octaves)), np.float32)
    strength = np.full((count, len(octaves)), -1, np.float32)
    energies = np.zeros(count, np.float32)
    for first in range(0, count, _SPECTRA):
        last = min(first + _SPECTRA, count)
        windows = windows_around(samples, first, last, hop, _PITCH_WINDOW, halved=True)
        correlation, energy = _autocorrelation(windows)
        energies[first:last] = energy
        audible = energy > 1e-7 * _PITCH_WINDOW
        for octave in octaves:
            frequency[first:last, octave], height = _peaks(correlation, octave)
            strength[first:last, octave] = np.where(audible, height, -1)
        if progress:
            progress(last / count)
    # The hum of the mains is as periodic as a voice; Praat's silence threshold is as far below the loudest.
    level = 10 * np.log10(energies.astype(np.float64) + _TINY)
    strength[level < speech_level(np.repeat(level, 2))[::2] + _ACTIVE] = -1
    f0 = _choose(frequency, strength, 0.99 * PITCH_RANGE[0], 1.01 * PITCH_RANGE[1])
    voiced = f0[f0 > 0]
    if len(voiced) > 20:
        low, high = np.percentile(voiced, (35, 65))
        f0 = _choose(frequency, strength, 0.72 * low - 10, 1.9 * high + 10)
    return rolling(f0, 2, np.median).astype(np.float32)  # no single octave errors, no single voiced frames


def _autocorrelation(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames (N, `_PITCH_WINDOW`) → (N, L) autocorrelation, 1 at lag 0, without the window's own; and (N,) energy."""
    window = np.hanning(_PITCH_WINDOW + 1)[:-1].astype(np.float32)
    window_correlation = np.fft.irfft(np.abs(np.fft.rfft(window, _PITCH_FFT)) ** 2)
    frequencies = np.arange(_PITCH_FFT // 2 + 1) * _PITCH_SAMPLE_RATE / _PITCH_FFT
    taper = 1 / (1 + (frequencies / _PITCH_BAND) ** 4)  # as Butterworth's of second order
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    power = np.abs(np.fft.rfft(frames, _PITCH_FFT, axis=1)) ** 2
    count = _LAGS[-1] + 2
    correlation = np.fft.irfft(power * taper, axis=1)[:, :count]
    energy = correlation[:, :1]
    flat = correlation * (window_correlation[0] / window_correlation[:count]) / np.maximum(energy, 1e-12)
    return flat, energy[:, 0]


def _peaks(correlation: np.ndarray, octave: int) -> tuple[np.ndarray, np.ndarray]:
    """The highest peak in (N, L) autocorrelations among the lags of an octave: (N,) Hz, and (N,) height, -1 where none is."""
    lags = _LAGS[octave == _OCTAVES]
    # A longer lag must be better than a shorter one: every multiple of the period correlates as well.
    scores = correlation[:, lags] - (0.04 * np.log2(lags / _LAGS[0]))
    best = scores.argmax(axis=1)
    lag, rows = lags[best], np.arange(len(correlation))
    before, middle, after = (correlation[rows, lag + offset] for offset in (-1, 0, 1))
    peak = (middle >= before) & (middle >= after)
    bend = before - 2 * middle + after
    shift = np.where(peak & (bend < 0), 0.5 * (before - after) / np.where(bend < 0, bend, -1), 0)
    # The height between the samples, or a short period that falls between two lags loses to its double.
    height = scores[rows, best] - 0.25 * (before - after) * shift
    return _PITCH_SAMPLE_RATE / (lag + shift), np.where(peak, height, -1)


def _choose(frequency: np.ndarray, strength: np.ndarray, low: float, high: float) -> np.ndarray:
    """(T,) Hz: the strongest candidate within the range, 0 where none is voiced."""
    allowed = np.where((frequency >= low) & (frequency <= high), strength, -1)
    best = allowed.argmax(axis=1)
    rows = np.arange(len(best))
    return np.where(allowed[rows, best] > 0.45, frequency[rows, best], 0).astype(np.float32)


def windows_around(
    samples: np.ndarray, first: int, last: int, hop: int, window: int, halved: bool = False
) -> np.ndarray:
    """(last - first, window) frames centred on ``i * hop``; zeros beyond the ends.

    Args:
        samples: (N,) float32.
        first, last: which frames.
        hop, window: samples.
        halved: whether all of it is about samples at half the rate, each the mean of two: of an hour those are 115 MB.
    """
    start, stop = first * hop - window // 2, (last - 1) * hop + window // 2
    piece = np.zeros(stop - start, np.float32)
    low, high = max(start, 0), min(stop, len(samples) // 2 if halved else len(samples))
    if high > low:
        here = slice(low - start, high - start)
        if halved:
            piece[here] = samples[2 * low : 2 * high].reshape(-1, 2).mean(axis=1, dtype=np.float32)
        else:
            piece[here] = samples[low:high]
    return np.lib.stride_tricks.sliding_window_view(piece, window)[::hop]


def levels(power: np.ndarray) -> tuple[np.ndarray, float]:
    """(T,) level of every frame in dB relative to the recording's speech level, and that level."""
    level = 10 * np.log10(power.sum(axis=1) + _TINY)
    reference = float(np.percentile(level, _LEVEL_PERCENTILE))
    return np.clip(level - reference, *RANGE), reference


def hertz_to_mel(hertz: np.ndarray) -> np.ndarray:
    """Hz → mel, as HTK has it."""
    return 2595 * np.log10(1 + hertz / 700)


@lru_cache(maxsize=4)
def _plain_filters(warp: float = 1.0) -> np.ndarray:
    return mel_filters(warp)


@lru_cache(maxsize=1)
def _hidden_by_hiss() -> np.ndarray:
    """(40,) float32 dB beside the speech level: white noise has the more in a band, the wider it is."""
    widths = _plain_filters().sum(axis=0)
    return (_HISS + 10 * np.log10(widths / widths.max())).astype(np.float32)
