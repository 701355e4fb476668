"""What the network and the prosody hear."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from recordings import SAMPLE_VOICE, tone

from inference.hearing import features
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.steadiness import stands_still


def voice(frequency: float, seconds: float = 2.0) -> np.ndarray:
    """A buzz with the falling harmonics of a voice."""
    time = np.arange(int(seconds * 16000)) / 16000
    harmonics = [k for k in range(1, 12) if frequency * k < 7000]
    return (0.2 * sum(np.sin(2 * np.pi * frequency * k * time) / k for k in harmonics)).astype(np.float32)


@pytest.mark.parametrize("frequency", [52, 70, 110, 180, 250, 330, 450, 590])
def test_pitch_of_low_and_high_voices(frequency: float) -> None:
    f0 = features.pitch(voice(frequency))
    steady = f0[5:-5]
    assert (steady > 0).mean() > 0.95
    assert np.median(steady) == pytest.approx(frequency, rel=0.01)


def test_pitch_follows_a_glide() -> None:
    time = np.arange(32000) / 16000
    phase = 2 * np.pi * np.cumsum(120 + 60 * time) / 16000
    f0 = features.pitch((0.3 * (np.sin(phase) + 0.5 * np.sin(2 * phase))).astype(np.float32))
    moments = np.arange(len(f0)) / features.PITCH_RATE
    np.testing.assert_allclose(f0[10:-10], (120 + 60 * moments)[10:-10], rtol=0.03)


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_silence_and_noise_have_no_pitch(kind: str) -> None:
    noise = 0.1 * np.random.RandomState(0).standard_normal(32000)
    samples = (noise if kind == "noise" else np.zeros(32000)).astype(np.float32)
    assert (features.pitch(samples) > 0).mean() < 0.05


def test_hum_between_words_is_not_a_voice() -> None:
    samples = voice(230, 3.0)
    samples[16000:32000] = 0
    hum = 0.003 * np.sin(2 * np.pi * 100 * np.arange(len(samples)) / 16000)
    f0 = features.pitch(samples + hum.astype(np.float32))
    assert (f0[55:95] == 0).all()
    np.testing.assert_allclose(f0[5:45], 230, rtol=0.02)


def test_a_louder_recording_gives_the_same_features() -> None:
    samples = voice(150) * np.repeat(np.random.RandomState(0).uniform(0, 1, 20), 1600).astype(np.float32)
    soft, loud = (features.normalise(features.mel_power(samples * gain)) for gain in (0.05, 0.9))
    np.testing.assert_allclose(soft, loud, atol=0.05)


def test_another_microphone_gives_nearly_the_same_features() -> None:
    samples = read_recording(SAMPLE_VOICE).samples
    dull = np.convolve(samples, [0.5, 0.3, 0.2], "same").astype(np.float32)
    plain, coloured = (
        features.normalise(features.mel_power(sound))[:, : features.MEL_BANDS] for sound in (samples, dull)
    )
    raw = [10 * np.log10(features.mel_power(sound) + 1e-10) / 12 for sound in (samples, dull)]
    spoken = features.loudness(features.mel_power(samples)) > 0.5
    assert np.abs(plain - coloured)[spoken].mean() < 0.5 * np.abs(raw[0] - raw[1])[spoken].mean()


@pytest.mark.parametrize("room", [1e-3, 1e-2])
@pytest.mark.parametrize("gain", [0.05, 1.0])
def test_a_breath_rises_above_the_room_that_it_is_in(room: float, gain: float) -> None:
    random = np.random.RandomState(0)
    samples = np.concatenate([np.zeros(16000), voice(150, 1.0), np.zeros(16000)])
    samples += room * random.standard_normal(len(samples))
    samples[8000:11200] += 5 * room * random.standard_normal(3200)
    rise = features.normalise(features.mel_power((samples * gain).astype(np.float32)))[
        :, features.SPEECH_FEATURES :
    ]
    assert rise.shape[1] == features.PAUSE_BANDS and rise.min() >= 0
    breath, before = (np.median(rise[start:stop], axis=0) for start, stop in ((53, 67), (10, 40)))
    # White noise with five times as strong a one on top of it: 10 * log10(1 + 25) = 14 dB, in units of 12 dB.
    np.testing.assert_allclose(breath - before, 14.1 / 12, atol=0.12)
    assert before.max() < 0.35


def test_nothing_rises_in_a_silent_studio() -> None:
    samples = np.concatenate([np.zeros(16000, np.float32), voice(150, 1.0), np.zeros(16000, np.float32)])
    rise = features.normalise(features.mel_power(samples))[:, features.SPEECH_FEATURES :]
    assert (rise[:95] == 0).all() and (rise[205:] == 0).all()


def test_loud_and_quiet_passages_stay_different() -> None:
    """What is 6 dB softer in the same breath; what is much softer is judged by itself (test_loudness.py)."""
    samples = np.concatenate([voice(150, 1.0), 0.5 * voice(150, 1.0)])
    level = features.loudness(features.mel_power(samples))
    assert level[20:80].mean() - level[120:180].mean() == pytest.approx(6 / 40, abs=0.03)


def test_a_vowel_alone_is_not_its_own_colour() -> None:
    """A vowel that lasts the whole recording keeps its formants; a sentence's own colour goes."""
    vowel = voice(150, 3.0)
    bands = features.normalise(features.mel_power(vowel))[30:-30, : features.MEL_BANDS]
    assert bands.mean(axis=0).std() > 0.3


def test_blocks_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = voice(200, 3.0)
    whole, f0 = features.mel_power(samples), features.pitch(samples)
    monkeypatch.setattr(features, "_BLOCK", 37)
    np.testing.assert_allclose(features.mel_power(samples), whole, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(features.pitch(samples), f0, rtol=1e-4)


def test_frames_are_where_they_say() -> None:
    click = np.zeros(16000, np.float32)
    click[8000] = 1
    power = features.mel_power(click).sum(axis=1)
    assert len(power) == features.frame_count(16000) == 101
    assert power.argmax() == 50


def test_bands_are_in_order_of_frequency() -> None:
    peaks = [
        features.mel_power(tone(0.5, 16000, hertz).astype(np.float32))[25].argmax()
        for hertz in (150, 400, 1000, 2500, 5000)
    ]
    assert peaks == sorted(set(peaks))


def test_a_warp_moves_the_formants() -> None:
    power = np.zeros(257, np.float32)
    power[40] = 1  # 1250 Hz
    place = [(power @ features.mel_filters(warp)).argmax() for warp in (0.8, 1.0, 1.25)]
    assert place[0] < place[1] < place[2]


@pytest.mark.parametrize("length", [1, 100, 401])
def test_very_short_sounds_do_not_fail(length: int) -> None:
    samples = np.ones(length, np.float32)
    assert features.normalise(features.mel_power(samples)).shape == (length // 160 + 1, features.FEATURES)
    assert np.isfinite(features.pitch(samples)).all()


def test_a_little_hiss_is_not_heard() -> None:
    generator = np.random.RandomState(4)
    hiss = generator.normal(size=2 * SAMPLE_RATE)
    pauses = np.tile(np.repeat([1.0, 0.0], SAMPLE_RATE // 20), 20)  # as short as in a word
    voice = 0.1 * generator.normal(size=2 * SAMPLE_RATE) * pauses
    clean, noisy, loud = (
        features.normalise(features.mel_power(voice + 0.1 * hiss * 10 ** (decibels / 20)))[
            :, : features.MEL_BANDS
        ]
        for decibels in (-120, -55, -35)
    )
    assert np.abs(clean - noisy).mean() < 0.005
    assert np.abs(clean - loud).mean() > 0.3


def test_several_throats_are_heard_as_each_alone() -> None:
    samples = np.random.default_rng(0).normal(size=16000).astype(np.float32)
    for warp, power in zip((0.7, 1.0, 1.45), features.warped_powers(samples, (0.7, 1.0, 1.45))):
        np.testing.assert_array_equal(power, features.mel_power(samples, warp))


def held(work: Callable[[], object]) -> int:
    """Bytes that numpy and Python held more than before at most, what work gives included."""
    work()  # filters and windows are kept from the first time
    tracemalloc.start()
    try:
        result = work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        del result


def test_long_recordings_are_held_once() -> None:
    """In ten minutes of speech or noise; in hours each copy is a tenth of a gigabyte."""
    power = (np.random.RandomState(1).standard_gamma(0.5, (60_000, features.MEL_BANDS)) * 1e-3).astype(
        np.float32
    )
    made = 4 * len(power) * features.FEATURES
    assert held(lambda: features.normalise(power)) < 2.6 * made
    reference = features.Levels(power).reference
    assert held(lambda: stands_still(power, reference, 100.0)) < 0.5 * power.nbytes


def test_steps_do_not_depend_on_where_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.RandomState(2)
    bands = random.uniform(-70, 0, (700, features.MEL_BANDS)).astype(np.float32)
    active = random.uniform(size=700) < 0.7
    whole = features._steps(bands, active)
    for block in (1, 2, 3, 7, 64):
        monkeypatch.setattr(features, "_BLOCK", block)
        np.testing.assert_array_equal(features._steps(bands, active), whole)


@pytest.mark.parametrize("count", [0, 1, 319, 320, 1601])
def test_windows_at_half_the_rate(count: int) -> None:
    samples = np.random.RandomState(4).standard_normal(count).astype(np.float32)
    half_rate = samples[: count // 2 * 2].reshape(-1, 2).mean(axis=1, dtype=np.float32)
    frames = count // 320 + 1
    there = features.windows_around(half_rate, -2, frames + 2, 160, 376)
    np.testing.assert_array_equal(
        features.windows_around(samples, -2, frames + 2, 160, 376, halved=True), there
    )
