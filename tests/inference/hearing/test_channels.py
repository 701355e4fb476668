"""Which channels of a recording are listened to: a voice beside everything else that channels hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.errors import EngineError
from inference.hearing.audio import read_recording, resample
from inference.hearing.sources import decoded_source

RATE = 16000
RANDOM = np.random.RandomState


def level(samples: np.ndarray, dbfs: float = -24) -> np.ndarray:
    """At that RMS level."""
    return np.asarray(samples / np.std(samples) * 10 ** (dbfs / 20))


VOICE = level(read_recording(SAMPLE_VOICE).samples)
COUNT = len(VOICE)
TIME = np.arange(COUNT) / RATE


def deeper_voice() -> np.ndarray:
    """Somebody with a longer throat who says the words at other times."""
    slower = resample(VOICE.astype(np.float32), RATE, 19000)
    return level(np.roll(slower[:COUNT], COUNT // 3))


def noise(dbfs: float, seed: int = 0) -> np.ndarray:
    return level(RANDOM(seed).standard_normal(COUNT), dbfs)


@cache
def chords() -> np.ndarray:
    """Plucked strings."""
    samples = np.zeros(COUNT)
    for number, root in enumerate([220.0, 174.61, 261.63, 196.0] * 4):
        since = np.maximum(TIME - 0.6 * number, 0)
        for ratio in (1, 1.25, 1.5):
            for k in range(1, 7):
                samples += np.sin(2 * np.pi * root * ratio * k * since) * np.exp(-3 * k * since) / k
    return level(samples)


@cache
def drums() -> np.ndarray:
    """A bass drum and a snare by turns."""
    samples, rattle = np.zeros(COUNT), RANDOM(3).standard_normal(COUNT)
    for beat in range(int(4 * TIME[-1])):
        since = np.where(beat / 4 <= TIME, TIME - beat / 4, np.inf)
        if beat % 2:
            samples += rattle * np.exp(-18 * since)
        else:
            samples += 3 * np.sin(2 * np.pi * 60 * np.where(np.isinf(since), 0, since)) * np.exp(-15 * since)
    return level(samples)


def delayed(samples: np.ndarray, seconds: float) -> np.ndarray:
    gap = round(seconds * RATE)
    return np.concatenate([np.zeros(gap), samples[: len(samples) - gap]])


def in_room(samples: np.ndarray, seed: int, direct: float = 3) -> np.ndarray:
    """Noise that fades within 0.4 s follows, so many dB below."""
    count = int(0.4 * RATE)
    tail = RANDOM(seed).standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    response = np.concatenate([[1.0], np.zeros(60), tail / np.linalg.norm(tail) * 10 ** (-direct / 20)])
    size = len(samples) + len(response)
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size))[: len(samples)]


Write = Callable[..., Path]


SAME = {
    "the same twice": ([VOICE, VOICE], VOICE),
    "opposite phase": ([VOICE, -VOICE], VOICE),
    "panned": ([VOICE, 0.3 * VOICE], VOICE),
    "20 dB softer, opposite": ([-0.1 * VOICE, VOICE], VOICE),
    "a silent one": ([np.zeros(COUNT), VOICE], VOICE),
    "what a cable picks up": ([VOICE, 0.002 * chords()], VOICE),
    "dither": ([VOICE + noise(-85, 1), VOICE + noise(-85, 2)], VOICE),
    "three of four": ([VOICE, -VOICE, np.zeros(COUNT), 0.5 * VOICE], VOICE),
}


@pytest.mark.parametrize("case", SAME)
def test_one_voice_in_several_channels_is_like_mono(write_wav: Write, case: str) -> None:
    channels, expected = SAME[case]
    recording = read_recording(write_wav(np.stack(channels, axis=1), bits=24))
    gain = recording.samples @ expected / (expected @ expected)
    assert 0.3 < gain < 1.01 or -1.01 < gain < -0.3
    error = recording.samples / gain - expected
    assert np.std(error) < 10 ** (-50 / 20) * np.std(expected)
    assert recording.warnings == ()


def test_the_sum_of_two_noisy_channels_is_less_noisy(write_wav: Write) -> None:
    channels = np.stack([VOICE + noise(-34, 1), noise(-34, 2) - VOICE], axis=1)
    recording = read_recording(write_wav(channels))
    left = recording.samples - VOICE * (recording.samples @ VOICE / (VOICE @ VOICE))
    assert 20 * np.log10(np.std(left)) < -34 - 2.5
    assert recording.warnings == ()


DISTANT = {
    "another microphone 10 ms away": [VOICE, 0.7 * delayed(VOICE, 0.010)],
    "and nearer": [0.7 * delayed(VOICE, 0.010), VOICE],
    "a room microphone": [0.3 * in_room(VOICE, 1, -3), VOICE],
}


@pytest.mark.parametrize("case", DISTANT)
def test_the_nearer_of_two_microphones_is_used(write_wav: Write, case: str) -> None:
    channels = DISTANT[case]
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    near = int(np.argmax([np.std(channel) for channel in channels]))
    np.testing.assert_allclose(recording.samples, channels[near], atol=1e-3)
    assert recording.warnings == ()


def test_two_microphones_in_a_room_are_one_voice(write_wav: Write) -> None:
    recording = read_recording(write_wav(np.stack([in_room(VOICE, 1), in_room(VOICE, 2)], axis=1)))
    assert recording.warnings == ()


def other_sound(name: str) -> np.ndarray:
    if name == "noise":
        return noise(-24)
    if name == "tone":
        return np.asarray(0.2 * np.sin(2 * np.pi * 1000 * TIME))
    return {"chords": chords, "drums": drums, "loud chords": lambda: 2 * chords()}[name]()


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("other", ["chords", "drums", "loud chords", "noise", "tone"])
def test_the_channel_is_used_where_somebody_speaks(write_wav: Write, place: int, other: str) -> None:
    channels = [other_sound(other), other_sound(other)]
    channels[place] = VOICE
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    np.testing.assert_allclose(recording.samples, VOICE, atol=1e-3)
    told = f"line.wav: channel {place + 1} of 2 is used, where somebody speaks; choose another with Channel."
    assert recording.warnings == (told,)


def test_the_centre_of_surround_sound(write_wav: Write) -> None:
    rumble = 0.3 * np.sin(2 * np.pi * 45 * TIME)
    channels = [chords(), chords() + noise(-50), VOICE, rumble, drums(), np.roll(drums(), 9000)]
    recording = read_recording(write_wav(0.7 * np.stack(channels, axis=1), 16000))
    np.testing.assert_allclose(recording.samples, 0.7 * VOICE, atol=1e-3)
    assert "channel 3 of 6 is used" in recording.warnings[0]


@pytest.mark.parametrize("louder", [0, 1])
def test_the_louder_of_two_voices_is_used_and_told(write_wav: Write, louder: int) -> None:
    channels = [VOICE, deeper_voice()]
    channels[1 - louder] = channels[1 - louder] / 2
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    np.testing.assert_allclose(recording.samples, channels[louder], atol=1e-3)
    (told,) = recording.warnings
    assert f"channel {louder + 1} of 2 is used" in told and "loudest" in told and "Channel" in told


@pytest.mark.parametrize("bleed", [0.0, 0.1, 0.3])
def test_two_who_take_turns_before_microphones_of_their_own_are_mixed(write_wav: Write, bleed: float) -> None:
    early = np.arange(COUNT) < COUNT / 2
    first, second = VOICE * early, deeper_voice() * ~early
    channels = [first + bleed * delayed(second, 0.004), second + bleed * delayed(first, 0.004)]
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    np.testing.assert_allclose(recording.samples, np.mean(channels, axis=0), atol=1e-3)
    (told,) = recording.warnings
    assert "channels 1 and 2 of 2 are mixed" in told


def test_two_steady_tones_are_different_sounds(write_wav: Write) -> None:
    channels = [0.2 * np.sin(2 * np.pi * hertz * TIME) for hertz in (440, 700)]
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    np.testing.assert_allclose(recording.samples, np.mean(channels, axis=0), atol=1e-3)


def test_without_anybody_all_channels_are_mixed(write_wav: Write) -> None:
    channels = [noise(-24, 1), np.zeros(COUNT), drums()]
    recording = read_recording(write_wav(np.stack(channels, axis=1)))
    np.testing.assert_allclose(recording.samples, (channels[0] + channels[2]) / 2, atol=1e-3)
    assert recording.warnings == ()


def test_a_few_words_in_minutes_of_music_are_noticed(write_wav: Write) -> None:
    music, words = np.tile(chords(), 12), np.zeros(12 * COUNT)
    words[5 * COUNT : 6 * COUNT] = VOICE
    recording = read_recording(write_wav(np.stack([music, words], axis=1)))
    np.testing.assert_allclose(recording.samples, words, atol=1e-3)


def test_channels_are_chosen_by_number_or_mixed(write_wav: Write) -> None:
    channels = [VOICE, chords(), np.zeros(COUNT)]
    path = write_wav(np.stack(channels, axis=1))
    for number in (1, 2):
        recording = read_recording(path, str(number))
        np.testing.assert_allclose(recording.samples, channels[number - 1], atol=1e-3)
        assert recording.warnings == ()
    mixed = read_recording(path, "mix").samples
    np.testing.assert_allclose(mixed, (channels[0] + channels[1]) / 2, atol=1e-3)
    assert "silent" in read_recording(path, "3").warnings[0]


@pytest.mark.parametrize(("count", "says"), [(1, "has only one channel"), (2, "has 2 channels")])
def test_a_channel_that_is_not_there(write_wav: Write, count: int, says: str) -> None:
    path = write_wav(np.stack([VOICE] * count, axis=1))
    with pytest.raises(EngineError) as caught:
        read_recording(path, "3")
    assert caught.value.code == "bad_channel"
    assert says in caught.value.message and "line.wav" in caught.value.message


def test_a_copy_is_spoken_of_by_its_own_name(write_wav: Write) -> None:
    path = write_wav(np.stack([VOICE, chords()], axis=1), name="decoded.wav")
    recording = read_recording(path, name="Interview.mov")
    assert recording.name == "Interview.mov"
    assert recording.warnings[0].startswith("Interview.mov: channel 1 of 2")


def test_channels_of_other_formats(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV belongs to the full engine")
    path = tmp_path / "voice.flac"
    sound = np.stack([chords(), VOICE], axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="stereo")
        data = np.ascontiguousarray((sound * 32767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(data, format="s16", layout="stereo")
        frame.rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    recording = read_recording(path)
    assert "channel 2 of 2 is used" in recording.warnings[0]
    np.testing.assert_allclose(recording.samples, VOICE, atol=2e-3)


@pytest.mark.parametrize(("rate", "seconds"), [(44100, 1.0), (48000, 3.0), (11023, 0.3), (96001, 0.05)])
def test_opposite_phase_is_no_silence_however_short(write_wav: Write, rate: int, seconds: float) -> None:
    start = int(1.2 * RATE)
    original = VOICE[start : start + int(RATE * seconds)]
    voice = resample(original.astype(np.float32), RATE, rate)
    recording = read_recording(write_wav(np.stack([voice, -voice], axis=1), rate))
    assert np.std(recording.samples) > 0.8 * np.std(original)


@pytest.mark.parametrize("noise", [0.0, 1e-4])
def test_a_channel_that_holds_a_constant_does_not_hide_a_soft_voice(write_wav: Write, noise: float) -> None:
    voice = 0.05 * read_recording(SAMPLE_VOICE).samples[: 3 * 16000]
    dead = 0.9 + noise * np.random.default_rng(0).standard_normal(len(voice))
    heard = read_recording(write_wav(np.stack([dead, voice], axis=1))).samples
    assert np.corrcoef(heard, voice)[0, 1] > 0.98


@pytest.mark.parametrize("channels", [9, 12, 32])
def test_more_than_eight_channels_of_other_formats(tmp_path: Path, channels: int) -> None:
    """As mixers record them: PyAV's planes beyond the eighth are no memory of its own."""
    pytest.importorskip("av", reason="PyAV belongs to the full engine")
    times = np.arange(8000)[:, None] / 16000
    samples = (np.sin(times * 2 * np.pi * np.linspace(100, 900, channels)) * 9000).astype(">i2")
    path = tmp_path / "mixer.au"
    header = (24, samples.nbytes, 3, 16000, channels)
    path.write_bytes(b".snd" + b"".join(number.to_bytes(4, "big") for number in header) + samples.tobytes())
    source = decoded_source(path, 16000, path.name)
    assert source.frames == 8000 and source.channels == channels
    heard = source.read(0, 8000)
    off = (heard - heard.mean(0)) - (samples / 32768 - (samples / 32768).mean(0))
    assert np.abs(off).max() < 1e-3
