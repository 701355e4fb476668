"""Sounds to train with that no voice makes: instruments, drums, machines, signals, breath, hands, weather.

Each is made anew from a generator of random numbers, so that no two are alike. What recordings are measured with
(`disturbances.unspoken`, the music of `disturbances.sounds`) shares no code and no tune with these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE

Samples = NDArray[np.float64]
Maker = Callable[[np.random.Generator, float], Samples]
"""(random, seconds) → (N,) samples at 16 kHz of any level."""

_NYQUIST = SAMPLE_RATE / 2
_HIGHEST_PARTIAL = 7600.0  # Hz
_MOST_PARTIALS = 40
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10), tuple(range(12)))
_CHORDS = ((0, 4, 7), (0, 3, 7), (0, 4, 7, 10), (0, 3, 7, 10), (0, 5, 7), (0, 7, 12), (0, 4, 7, 12, 16))
_KEY_ROWS, _KEY_COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)  # Hz, ITU-T Q.23


def _count(seconds: float) -> int:
    return max(round(seconds * SAMPLE_RATE), 1)


def _time(seconds: float) -> Samples:
    return np.arange(_count(seconds)) / SAMPLE_RATE


def _between(random: np.random.Generator, low: float, high: float) -> float:
    """A value between two, even in its logarithm."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def coloured(random: np.random.Generator, seconds: float, slope: float = 0.0) -> Samples:
    """Noise of RMS 1 whose power falls with frequency ** slope, from 30 Hz up."""
    spectrum = np.fft.rfft(random.normal(size=_count(seconds)))
    hertz = np.fft.rfftfreq(_count(seconds), 1 / SAMPLE_RATE)
    shaped = np.fft.irfft(spectrum * (np.maximum(hertz, 30) / 1000) ** (-slope / 2), _count(seconds))
    return shaped / max(float(shaped.std()), 1e-9)


def filtered(samples: Samples, low: float, high: float, octaves: float = 0.5) -> Samples:
    """What lies between two frequencies (Hz), the edges so many octaves wide."""
    hertz = np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 1.0)
    rise = 1 / (1 + (low / hertz) ** (4 / octaves))
    fall = 1 / (1 + (hertz / high) ** (4 / octaves))
    return np.fft.irfft(np.fft.rfft(samples) * rise * fall, len(samples))


def _swelling(random: np.random.Generator, count: int, rate: float, depth: float) -> Samples:
    """(count,) gain that wanders through 0 … -depth dB so many times a second."""
    knots = random.uniform(-depth, 0, max(2, int(count / SAMPLE_RATE * rate) + 1))
    return 10 ** (np.interp(np.arange(count), np.linspace(0, count, len(knots)), knots) / 20)


def _at(times: Sequence[float] | Samples, seconds: float, make: Callable[[], Samples]) -> Samples:
    """A new sound at every time (s), in so many seconds."""
    result = np.zeros(_count(seconds))
    for time in times:
        first = int(time * SAMPLE_RATE)
        sound = make()[: max(len(result) - first, 0)]
        result[first : first + len(sound)] += sound
    return result


def _random_times(random: np.random.Generator, seconds: float, rate: float) -> Samples:
    return np.sort(random.uniform(0, seconds, max(1, int(rate * seconds))))


# Instruments


class _Instrument:
    """A sound colour: how partials, attack, fade, vibrato and body are, the same for every note."""

    def __init__(
        self, random: np.random.Generator, attack: tuple[float, float], fade: tuple[float, float]
    ) -> None:
        self.random = random
        self.attack, self.fade = _between(random, *attack), random.uniform(*fade)
        self.slope = random.uniform(0.4, 2.4)
        self.faster = random.uniform(0, 1.2)  # how much sooner high partials are gone
        self.partials = np.exp(random.normal(0, 0.5, _MOST_PARTIALS))
        self.partials[1::2] *= random.choice([1.0, 1.0, 0.15])  # closed pipes and clarinets lack every second
        self.stretch = random.choice([0.0, 0.0, 4e-4])  # strings are a little sharp in their partials
        self.vibrato = random.choice([0.0, 0.0, 0.004, 0.012])
        self.bodies = np.exp(random.uniform(np.log(150), np.log(4000), 3))
        self.body = random.choice([0.0, 0.6, 1.5])

    def note(self, hertz: float, seconds: float) -> Samples:
        """One note of a pitch."""
        time = _time(seconds)
        wobble = 1 + self.vibrato * np.sin(2 * np.pi * 5.3 * time + self.random.uniform(0, 6))
        phase = 2 * np.pi * np.cumsum(hertz * wobble) / SAMPLE_RATE
        number = np.arange(1, min(_MOST_PARTIALS, max(2, int(_HIGHEST_PARTIAL / hertz))))
        ratio = number * np.sqrt(1 + self.stretch * number**2)
        number, ratio = number[ratio * hertz < _HIGHEST_PARTIAL], ratio[ratio * hertz < _HIGHEST_PARTIAL]
        if not len(number):
            number, ratio = np.array([1]), np.array([1.0])
        resonance = np.exp(-((np.log2(ratio[:, None] * hertz / self.bodies) / 0.4) ** 2)).sum(axis=1)
        gain = number**-self.slope * self.partials[number - 1] * np.exp(self.body * resonance)
        result = np.zeros(len(time))
        for amplitude, multiple, which in zip(gain, ratio, number, strict=True):
            dies = self.fade * (1 + self.faster * (which - 1) * 0.3)
            result += amplitude * np.sin(multiple * phase + self.random.uniform(0, 6)) * np.exp(-time * dies)
        result *= np.minimum(1, time / self.attack) * np.minimum(1, time[::-1] / min(0.03, seconds / 4))
        return result / max(float(np.abs(result).max()), 1e-9)


def _tune(random: np.random.Generator, seconds: float, instrument: _Instrument, chords: bool) -> Samples:
    """Notes or chords of a scale on a beat."""
    result = np.zeros(_count(seconds))
    scale, root = _SCALES[random.integers(len(_SCALES))], 110 * 2 ** random.uniform(-1, 2)
    beat, legato = _between(random, 0.12, 1.2), random.uniform(0.6, 1.4)
    chord, broken = _CHORDS[random.integers(len(_CHORDS))], random.choice([0.0, 0.0, 0.04])
    place = int(random.integers(len(scale)))
    for start in np.arange(random.uniform(0, min(beat, seconds / 2)), seconds, beat):
        if result.any() and random.random() < 0.1:
            continue
        place = int(np.clip(place + random.integers(-3, 4), 0, 2 * len(scale) - 1))
        semitones = scale[place % len(scale)] + 12 * (place // len(scale))
        for voice, above in enumerate(chord if chords else (0,)):
            first = int((start + voice * broken) * SAMPLE_RATE)
            if first >= len(result):
                continue
            note = instrument.note(root * 2 ** ((semitones + above) / 12), beat * legato)
            note = note[: len(result) - first] * random.uniform(0.6, 1)
            result[first : first + len(note)] += note
    return result


def plucked(random: np.random.Generator, seconds: float) -> Samples:
    """Strings and keys: chords or a tune of notes that die."""
    return _tune(random, seconds, _Instrument(random, (0.001, 0.008), (1.0, 9.0)), random.random() < 0.6)


def bowed(random: np.random.Generator, seconds: float) -> Samples:
    """Strings and brass: chords or a tune of notes that last."""
    return _tune(random, seconds, _Instrument(random, (0.02, 0.15), (0.0, 0.3)), random.random() < 0.6)


def melody(random: np.random.Generator, seconds: float) -> Samples:
    """One wind or string instrument alone."""
    return _tune(random, seconds, _Instrument(random, (0.01, 0.1), (0.0, 1.0)), False)


def ensemble(random: np.random.Generator, seconds: float) -> Samples:
    """Plucked and bowed chords at once."""
    parts = plucked(random, seconds), bowed(random, seconds)
    return sum((_even(part) * random.uniform(0.3, 1) for part in parts), np.zeros(1))


def organ(random: np.random.Generator, seconds: float) -> Samples:
    """Chords of octaves and fifths that stand for seconds."""
    result, time = np.zeros(_count(seconds)), _time(seconds)
    ranks = [0.5, 1.0, 2.0, 3.0, 4.0, 6.0][: int(random.integers(2, 7))]
    beat, root = random.uniform(0.5, 3), 110 * 2 ** random.uniform(-0.5, 1.5)
    for start in np.arange(0, seconds, beat):
        on = (time >= start) & (time < start + beat * 0.97)
        degree = root * 2 ** (float(random.choice([0, 2, 4, 5, 7, 9])) / 12)
        for above in _CHORDS[random.integers(len(_CHORDS))]:
            for rank in ranks:
                hertz = degree * 2 ** (above / 12) * rank
                if hertz < _HIGHEST_PARTIAL:
                    result += on * random.uniform(0.3, 1) / rank**0.7 * np.sin(2 * np.pi * hertz * time)
    return result


def bells(random: np.random.Generator, seconds: float) -> Samples:
    """Bells, chimes and a telephone's ringing: partials that are no harmonics."""
    ratios = np.sort(np.exp(random.uniform(0, np.log(8), int(random.integers(3, 9)))))
    base, fade = _between(random, 200, 1500), _between(random, 1, 15)
    ring, strokes = _time(min(seconds, 1.5)), []
    for semitones in random.choice([0, 2, 4, 7, 9, 12], int(random.integers(1, 5))):
        hertz = base * 2 ** (float(semitones) / 12) * ratios
        hertz = hertz[hertz < _HIGHEST_PARTIAL]
        fades = np.exp(-np.outer(ring, fade * (0.5 + 0.5 * ratios[: len(hertz)])))
        strokes.append((np.sin(2 * np.pi * np.outer(ring, hertz)) * fades).sum(axis=1))
    times = np.arange(0, seconds, _between(random, 0.05, 1.0))
    return _at(times, seconds, lambda: strokes[random.integers(len(strokes))])


def drums(random: np.random.Generator, seconds: float) -> Samples:
    """A beat of skins, snares and cymbals."""
    grid = _between(random, 0.09, 0.4)
    result = np.zeros(_count(seconds))
    for _ in range(int(random.integers(1, 5))):
        kind, fade = random.integers(3), _between(random, 6, 70)
        pitch, bend = _between(random, 40, 300), random.uniform(0, 25)
        low = _between(random, 150, 6000)
        pattern = random.random(8) < random.uniform(0.2, 0.8)
        pattern[random.integers(8)] = True
        times = [i * grid for i in range(int(seconds / grid)) if pattern[i % 8]] or [0.0]
        hit = _drum(random, int(kind), fade, pitch * np.exp(-bend * _time(0.5)), low)
        part = _at(times, seconds, lambda hit=hit: hit * random.uniform(0.5, 1))  # type: ignore[misc]
        result += part * random.uniform(0.3, 1)
    return result


def _drum(
    random: np.random.Generator, kind: int, fade: float, pitch: NDArray[np.floating[Any]], low: float
) -> Samples:
    """Half a second: 0 a skin, 1 noise, 2 both."""
    time = _time(0.5)
    skin = np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE)
    hiss = filtered(random.normal(size=len(time)), low, _NYQUIST)
    return (skin * (kind != 1) + hiss * (kind != 0)) * np.exp(-time * fade)


def band(random: np.random.Generator, seconds: float) -> Samples:
    """Chords, a bass, drums, perhaps a tune."""
    bass = _tune(random, seconds, _Instrument(random, (0.002, 0.02), (0.5, 5)), False)
    chords = (plucked, bowed, organ)[random.integers(3)]
    parts = [chords(random, seconds), drums(random, seconds), bass]
    if random.random() < 0.5:
        parts.append(melody(random, seconds))
    return sum((_even(part) * random.uniform(0.2, 1) for part in parts), np.zeros(1))


def _even(samples: Samples) -> Samples:
    return samples / max(float(samples.std()), 1e-9)


# Machines and signals


def mains(random: np.random.Generator, seconds: float) -> Samples:
    """Mains and transformers: harmonics of 50 or 60 Hz that never move."""
    hertz = float(random.choice([50.0, 60.0])) * random.uniform(0.995, 1.005)
    number = np.arange(1, int(_between(random, 3, 60)))
    gain = number ** -random.uniform(0.2, 2.0) * np.exp(random.normal(0, 0.7, len(number)))
    gain[1::2] *= random.choice([1.0, 0.3, 3.0])
    phases = 2 * np.pi * np.outer(_time(seconds), number * hertz) + random.uniform(0, 6, len(number))
    return np.sin(phases) @ gain


def drone(random: np.random.Generator, seconds: float) -> Samples:
    """Hums of transformers, fans and bulbs in a housing: harmonics that never move, through resonances as a throat has them."""
    low = random.random() < 0.5
    base = float(random.choice([50.0, 60.0, 100.0, 120.0])) if low else _between(random, 45, 700)
    hertz = base * random.uniform(0.998, 1.002)
    number = np.arange(1, max(2, int(_between(random, 600, _HIGHEST_PARTIAL) / hertz)))
    bodies, width = np.exp(random.uniform(np.log(150), np.log(4000), 3)), random.uniform(0.15, 0.6)
    resonance = np.exp(-((np.log2(number[:, None] * hertz / bodies) / width) ** 2)) @ random.uniform(0, 1, 3)
    gain = number ** -random.uniform(0.3, 2.0) * np.exp(random.uniform(0, 4) * resonance)
    phases = 2 * np.pi * np.outer(_time(seconds), number * hertz) + random.uniform(0, 6, len(number))
    return np.sin(phases) @ gain


def tone(random: np.random.Generator, seconds: float) -> Samples:
    """A tone that lasts, pure or with an overtone or two: test tones, feedback, a finger on a glass."""
    hertz = _between(random, 90, 3000)
    time, trembling = _time(seconds), random.choice([0.0, 0.0, 0.003])
    phase = 2 * np.pi * np.cumsum(hertz * (1 + trembling * np.sin(2 * np.pi * 4.7 * time))) / SAMPLE_RATE
    gains = np.array([1.0, *(random.uniform(0, 0.3, 2) * random.choice([0.0, 1.0]))])
    gains *= hertz * np.arange(1, 4) < _HIGHEST_PARTIAL
    edge = np.minimum(1, np.minimum(time, time[::-1]) / _between(random, 0.005, 0.3))
    return edge * (np.sin(np.outer(phase, np.arange(1, 4))) @ gains)


def engine(random: np.random.Generator, seconds: float) -> Samples:
    """Motors: pulses of noise at a pitch that climbs and falls, through a body."""
    count = _count(seconds)
    knots = _between(random, 18, 250) * np.exp(random.normal(0, random.choice([0.02, 0.3]), 4))
    phase = np.cumsum(np.interp(np.arange(count), np.linspace(0, count, 4), knots)) / SAMPLE_RATE
    pulse = np.exp(-(phase % 1) * random.uniform(2, 12)) - 0.2
    sound = pulse * (1 + random.uniform(0, 1.5) * random.normal(size=count))
    return filtered(sound, _between(random, 30, 200), _between(random, 400, 6000), 1.5)


def beeps(random: np.random.Generator, seconds: float) -> Samples:
    """Pure or square tones, one or two at a time, on and off."""
    length = _between(random, 0.04, 0.6)
    pitches = np.exp(random.uniform(np.log(250), np.log(4000), (int(random.integers(1, 4)), 2)))
    square, both = random.random() < 0.3, random.random() < 0.4
    edge = np.minimum(1, np.minimum(_time(length), _time(length)[::-1]) / 0.004)

    def beep() -> Samples:
        low, high = pitches[random.integers(len(pitches))]
        tone = np.sin(2 * np.pi * low * _time(length))
        if both:
            tone = tone + np.sin(2 * np.pi * high * _time(length))
        return edge * (filtered(np.sign(tone), 60, 7000) if square else tone)

    return _at(np.arange(0, seconds, length * random.uniform(1.2, 4)), seconds, beep)


def keys(random: np.random.Generator, seconds: float) -> Samples:
    """A telephone number being dialled."""
    length, pause = random.uniform(0.05, 0.4), random.uniform(0.03, 0.3)
    time, twist = _time(length), random.uniform(0.6, 1.6)

    def key() -> Samples:
        low, high = random.choice(_KEY_ROWS), random.choice(_KEY_COLUMNS)
        return np.sin(2 * np.pi * low * time) + twist * np.sin(2 * np.pi * high * time)

    return _at(np.arange(random.uniform(0, min(0.3, seconds / 3)), seconds, length + pause), seconds, key)


def siren(random: np.random.Generator, seconds: float) -> Samples:
    """Tones that slide: sirens, lasers, birds."""
    time, rate = _time(seconds), _between(random, 0.2, 12)
    shape = np.sin(2 * np.pi * rate * time)
    if random.random() < 0.4:
        shape = 2 * (rate * time % 1) - 1
    hertz = _between(random, 350, 3000) * 2 ** (shape * random.uniform(0.1, 1))
    phase = 2 * np.pi * np.cumsum(np.minimum(hertz, 7000)) / SAMPLE_RATE
    tone = np.sin(phase) + random.choice([0.0, 0.4]) * np.sin(2 * phase) * (hertz < 3500)
    gate = (rate * time % 1) < random.choice([1.0, 1.0, 0.5])
    return tone * gate


# Bodies, hands, weather


def breath(random: np.random.Generator, seconds: float) -> Samples:
    """Breath through mouth or nose, slow or panting."""
    air = filtered(coloured(random, seconds, random.uniform(-0.5, 1.5)), _between(random, 200, 1000),
                   _between(random, 1800, 7000), random.uniform(0.5, 2))  # fmt: skip
    wave = np.sin(2 * np.pi * _between(random, 0.2, 2.5) * _time(seconds) + random.uniform(0, 6))
    return air * np.clip(wave, 1e-3, 1) ** random.uniform(0.5, 3)


def clicks(random: np.random.Generator, seconds: float) -> Samples:
    """Typing, knocks, crackles, hail: short bursts, few or many, even or in gusts."""
    fade, wood = _between(random, 0.001, 0.03), _between(random, 100, 2500)
    rings, time = random.random() < 0.6, _time(0.15)
    low = _between(random, 50, 1500)

    def click() -> Samples:
        body = filtered(
            random.normal(size=len(time)) * np.exp(-time / fade), low, _between(random, 2000, 7800)
        )
        if rings:
            body = body + np.sin(2 * np.pi * wood * random.uniform(0.9, 1.1) * time) * np.exp(
                -time / fade / 3
            )
        return body * np.exp(random.normal(0, 0.5))

    sound = _at(_random_times(random, seconds, _between(random, 0.5, 120)), seconds, click)
    return sound * _swelling(random, len(sound), _between(random, 0.5, 4), random.choice([0.0, 15.0]))


def footsteps(random: np.random.Generator, seconds: float) -> Samples:
    """Heel and sole, twice a second or so."""
    time, pace = _time(0.25), _between(random, 0.28, 0.8)
    low, high = _between(random, 60, 400), _between(random, 1000, 6000)

    def step() -> Samples:
        later = np.maximum(time - 0.06, 0)
        fall = np.exp(-time / 0.012) + 0.5 * (time > 0.06) * np.exp(-later / 0.03)
        return filtered(random.normal(size=len(time)) * fall, low, high)

    return _at(np.arange(0.05, seconds, pace), seconds, step)


def applause(random: np.random.Generator, seconds: float) -> Samples:
    """From a few hands to a hall."""
    hands = [filtered(random.normal(size=800) * np.exp(-np.arange(800) / _between(random, 40, 200)),
                      _between(random, 300, 1200), _between(random, 2000, 7000)) for _ in range(12)]  # fmt: skip
    times = _random_times(random, seconds, _between(random, 8, 500))
    sound = _at(times, seconds, lambda: hands[random.integers(12)] * np.exp(random.normal(0, 0.6)))
    return sound * _swelling(random, len(sound), 1.0, random.uniform(0, 15))


def rustle(random: np.random.Generator, seconds: float) -> Samples:
    """Paper, cloth, leaves: gusts of crackles."""
    crackles = random.normal(size=_count(seconds)) * (
        random.random(_count(seconds)) < _between(random, 0.003, 0.3)
    )
    sound = filtered(crackles, _between(random, 500, 2500), _between(random, 4000, 7900))
    return sound * _swelling(random, len(sound), _between(random, 2, 20), random.uniform(10, 40))


def noise(random: np.random.Generator, seconds: float) -> Samples:
    """Any colour, steady or swelling, whole or of a band."""
    sound = coloured(random, seconds, random.uniform(-0.5, 2.2))
    if random.random() < 0.3:
        sound = filtered(sound, _between(random, 60, 1500), _between(random, 1600, 7500))
    if random.random() < 0.4:
        sound = sound * _swelling(random, len(sound), _between(random, 0.5, 9), random.uniform(5, 35))
    return sound


def wind(random: np.random.Generator, seconds: float) -> Samples:
    """Wind on a microphone: low noise in gusts, perhaps with a whistle in it."""
    sound = filtered(coloured(random, seconds, random.uniform(1, 2.5)), 30, _between(random, 200, 1500))
    if random.random() < 0.3:
        centre = _between(random, 300, 1500)
        sound = _even(sound) + 0.5 * _even(filtered(coloured(random, seconds), centre, centre * 1.1, 0.2))
    return sound * _swelling(random, len(sound), _between(random, 0.5, 4), random.uniform(8, 30))


def bangs(random: np.random.Generator, seconds: float) -> Samples:
    """Doors, shots, explosions: noise that starts at once, dies slowly and may be clipped."""
    time, fade = _time(min(seconds, 2.5)), _between(random, 0.03, 0.6)
    colour, drive = random.uniform(0, 2), _between(random, 0.5, 8)

    def bang() -> Samples:
        return np.tanh(drive * coloured(random, min(seconds, 2.5), colour) * np.exp(-time / fade))

    return _at(_random_times(random, seconds * 0.6, _between(random, 0.3, 2)), seconds, bang)


NO_VOICE: dict[str, Maker] = {
    "plucked": plucked, "bowed": bowed, "melody": melody, "ensemble": ensemble, "organ": organ, "bells": bells,
    "drums": drums, "band": band, "mains": mains, "drone": drone, "tone": tone, "engine": engine, "beeps": beeps,
    "keys": keys, "siren": siren,
    "breath": breath, "clicks": clicks, "footsteps": footsteps, "applause": applause, "rustle": rustle,
    "noise": noise, "wind": wind, "bangs": bangs,
}  # fmt: skip
"""All of them, by name."""

MUSIC = ("plucked", "bowed", "melody", "ensemble", "organ", "drums", "band")
"""Those that people play behind a voice."""


def made(kind: str, random: np.random.Generator, seconds: float) -> NDArray[np.float32]:
    """One of :data:`NO_VOICE`, its peak 0.5, perhaps in some hiss."""
    samples = NO_VOICE[kind](random, seconds)
    samples = samples / max(float(np.abs(samples).max()), 1e-9)
    if random.random() < 0.2:
        samples = samples + random.normal(0, 10 ** random.uniform(-4, -2), len(samples))
    return (0.5 * samples).astype(np.float32)
