"""What a voice is like: measured on voices made up here, whose pitch, tempo, emphasis and pauses are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.errors import EngineError
from inference.hearing import speaker_encoder as backend
from inference.hearing.audio import read_recording, resample
from inference.hearing.features import PITCH_RATE, mel_power, pitch
from inference.hearing.population import Population
from inference.hearing.speaker_encoder import (
    SPEAKER_WEIGHTS,
    NumpySpeakerEncoder,
    load_speaker_encoder,
    load_speaker_weights,
    save_speaker_weights,
    speaker_features,
)
from inference.motion.manner import voice as module
from inference.motion.manner.voice import (
    LIVELINESS,
    MANNER,
    MANNER_RANGE,
    RANKED,
    Voice,
    VoiceStatistics,
    describe,
    manner,
    measure,
    passages,
    recognise,
    same_speaker,
)

RATE = 16000


def talker(
    hertz: float = 150,
    seconds: float = 8,
    syllables: float = 4,
    swing: float = 2,
    emphasis: float = 3,
    pauses: tuple[tuple[float, float], ...] = (),
    seed: int = 0,
) -> np.ndarray:
    """A buzz that rises and falls like syllables do.

    Args:
        hertz: mean pitch.
        syllables: a second.
        swing: semitones, amplitude of a sine of the pitch.
        emphasis: dB, standard deviation of the syllables' loudness.
        pauses: (start, end) seconds of silence.
    """
    random = np.random.RandomState(seed)
    moments = np.arange(int(seconds * RATE)) / RATE
    f0 = hertz * 2 ** (swing * np.sin(2 * np.pi * 0.7 * moments) / 12)
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    sound = sum(np.sin(k * phase) / k**1.2 for k in range(1, int(3500 / hertz)))
    loudness = emphasis * random.standard_normal(int(seconds * syllables) + 1)
    beat = moments * syllables
    envelope = (0.06 + 0.94 * np.sin(np.pi * (beat % 1)) ** 2) * 10 ** (loudness[beat.astype(int)] / 20)
    for start, end in pauses:
        envelope[int(start * RATE) : int(end * RATE)] = 0
    noise = 1e-4 * random.standard_normal(len(moments))
    return (0.1 * sound * envelope + noise).astype(np.float32)


def measured(sound: np.ndarray) -> VoiceStatistics:
    return measure(sound, pitch(sound))


def with_ranks(**ranks: float) -> Voice:
    """A median voice but for some ranks; its liveliness follows."""
    known = {**dict.fromkeys(RANKED, 0.5), **ranks}
    lively = sum(share * known[name] for name, share in LIVELINESS.items())
    return Voice(np.eye(1, 64, dtype=np.float32)[0], "made-up", VoiceStatistics(), known, lively)


@pytest.mark.parametrize("hertz", [58, 85, 120, 210, 300, 420, 540])
def test_every_voice_has_its_own_range_of_pitch(hertz: float) -> None:
    found = measured(talker(hertz, swing=1.5))
    assert found.median_f0 == pytest.approx(hertz, rel=0.04)
    assert found.f0_low == pytest.approx(hertz * 2 ** (-1.5 / 12), rel=0.03)
    assert found.f0_high == pytest.approx(hertz * 2 ** (1.5 / 12), rel=0.03)


def test_the_spread_of_pitch_is_in_semitones_at_every_height() -> None:
    for hertz in (100, 250):
        flat, wide = (measured(talker(hertz, swing=swing)).pitch_spread for swing in (0.5, 4))
        # The 10th and 90th percentile of a sine are 0.95 of its amplitude.
        assert flat == pytest.approx(0.95 * 0.5 * 2 / 2.563, rel=0.15)
        assert wide == pytest.approx(0.95 * 4 * 2 / 2.563, rel=0.15)


@pytest.mark.parametrize("syllables", [2.5, 4, 6])
def test_syllables_are_counted(syllables: float) -> None:
    found = measured(talker(seconds=10, syllables=syllables, emphasis=1))
    assert found.speech_rate == pytest.approx(syllables, rel=0.12)
    assert found.syllables == pytest.approx(10 * syllables, abs=3)


def test_pauses_do_not_slow_the_syllables() -> None:
    pauses = ((2.0, 3.5), (5.0, 6.5))
    found, without = measured(talker(pauses=pauses, emphasis=1)), measured(talker(emphasis=1))
    assert found.pause_share == pytest.approx(3 / 8, abs=0.05)
    assert without.pause_share == 0
    assert found.speech_rate == pytest.approx(without.speech_rate, rel=0.12)


def test_emphasis_is_heard_and_gain_is_not() -> None:
    calm, keen = (measured(talker(seconds=20, emphasis=db)) for db in (1, 5))
    assert calm.dynamics < 2 < 3.5 < keen.dynamics < 6
    sound = talker(seconds=20, emphasis=5)
    assert measured(0.05 * sound).dynamics == pytest.approx(keen.dynamics, rel=0.1)


def test_a_hum_in_the_pauses_is_no_voice() -> None:
    sound = talker(230, pauses=((2.0, 3.0), (4.0, 6.0)))
    hum = 0.002 * np.sin(2 * np.pi * 100 * np.arange(len(sound)) / RATE).astype(np.float32)
    plain, hummed = measured(sound), measured(sound + hum)
    assert hummed.f0_low == pytest.approx(plain.f0_low, rel=0.03)
    assert hummed.pause_share == pytest.approx(plain.pause_share, abs=0.05)


def test_lively_talk_is_livelier_than_a_monotone() -> None:
    flat, keen = (
        describe(sound, pitch(sound))
        for sound in (
            talker(seconds=20, syllables=2.6, swing=0.4, emphasis=1),
            talker(seconds=20, syllables=5, swing=5, emphasis=6),
        )
    )
    assert flat.liveliness < 0.35 < 0.65 < keen.liveliness
    slow, quick = manner(flat), manner(keen)
    assert all(slow[name] < 1 < quick[name] for name in ("head", "nod", "brows", "lips", "speed"))
    assert (flat.register, keen.register) == ("low", "low")


def test_register_follows_the_pitch() -> None:
    found = [describe(sound, pitch(sound)).register for sound in map(talker, (110, 205, 300))]
    assert found == ["low", "middle", "high"]


def test_the_median_voice_moves_as_the_style_says() -> None:
    assert manner(with_ranks()) == dict.fromkeys(MANNER, 1.0)


@pytest.mark.parametrize("name", MANNER)
def test_the_manner_grows_with_liveliness_and_stays_in_range(name: str) -> None:
    factors = [manner(replace(with_ranks(), liveliness=value))[name] for value in np.linspace(0, 1, 21)]
    assert np.all(np.diff(factors) > 0)
    ends = [manner(with_ranks(**dict.fromkeys(RANKED, value)))[name] for value in (0.0, 1.0)]
    assert MANNER_RANGE[0] <= ends[0] < 1 < ends[1] <= MANNER_RANGE[1]


def test_the_manner_table_is_whole() -> None:
    for strength, shares in MANNER.values():
        assert 0 < strength <= 1
        assert sum(shares.values()) == pytest.approx(1)
        assert set(shares) <= {*RANKED, "liveliness"}
    assert sum(LIVELINESS.values()) == pytest.approx(1)


def test_little_speech_says_little() -> None:
    table = Population({"dynamics": np.array([0.0, 1, 2, 3, 4])}, {"dynamics": 10}, (170, 240))
    assert table.rank("dynamics", 2, 3) == 0.5
    assert table.rank("dynamics", 9, 10) == pytest.approx(0.75)  # the top, half believed
    assert table.rank("dynamics", 9, 10000) == pytest.approx(1, abs=0.01)
    assert table.rank("dynamics", -9, 0) == 0.5
    assert Population.from_json(table.as_json()).rank("dynamics", 1, 30) == table.rank("dynamics", 1, 30)


@pytest.mark.parametrize("kind", ["silence", "noise", "short", "empty"])
def test_without_a_voice_nothing_is_claimed(kind: str) -> None:
    sounds = {
        "silence": np.zeros(RATE, np.float32),
        "noise": 0.1 * np.random.RandomState(0).standard_normal(5 * RATE).astype(np.float32),
        "short": talker(seconds=0.06),
        "empty": np.zeros(0, np.float32),
    }
    sound = sounds[kind]
    found = describe(sound, pitch(sound))
    assert found.statistics == VoiceStatistics()
    assert found.liveliness == 0.5
    assert found.register == "middle"
    assert manner(found) == dict.fromkeys(MANNER, 1.0)
    assert np.isfinite(found.embedding).all()
    assert np.linalg.norm(found.embedding) == pytest.approx(1, abs=1e-5)


def test_an_hour_is_heard_in_passages() -> None:
    f0 = np.zeros(int(3600 * PITCH_RATE), np.float32)
    f0[int(600 * PITCH_RATE) : int(700 * PITCH_RATE)] = 120
    f0[int(3000 * PITCH_RATE) : int(3100 * PITCH_RATE)] = 120
    heard = passages(3600 * RATE, f0)
    assert sum(part.stop - part.start for part in heard) <= module.LISTENED * RATE + RATE
    assert all(before.stop <= after.start for before, after in zip(heard, heard[1:]))
    talking = [600 <= (part.start + part.stop) / 2 / RATE <= 700 for part in heard]
    assert 0.3 < np.mean(talking) < 0.7
    assert heard == passages(3600 * RATE, f0)


def test_passages_that_touch_become_one() -> None:
    f0 = np.zeros(int(3600 * PITCH_RATE), np.float32)
    f0[[0, -1]] = 120
    f0[50 * 100 : 50 * 120] = 120
    heard = passages(3600 * RATE, f0)
    assert all(before.stop <= after.start for before, after in zip(heard, heard[1:]))
    assert any(part.start <= 110 * RATE < part.stop for part in heard)


# --- Who it may be -----------------------------------------------------------------------------------------------------


def embedding(sound: np.ndarray) -> np.ndarray:
    return describe(sound, pitch(sound)).embedding


def test_the_same_voice_is_known_again() -> None:
    sound = read_recording(SAMPLE_VOICE).samples
    first, second = embedding(sound[: len(sound) // 2]), embedding(sound[len(sound) // 2 :])
    threshold = load_speaker_encoder().threshold
    assert same_speaker(first, second) > threshold
    assert same_speaker(first, second) == pytest.approx(same_speaker(second, first))
    assert same_speaker(embedding(0.05 * sound), embedding(sound)) > 0.999
    other = embedding(resample(sound, 13, 10))  # another throat, half an octave higher
    assert same_speaker(first, other) < threshold


def test_silence_around_a_voice_changes_nothing() -> None:
    sound = read_recording(SAMPLE_VOICE).samples
    around = np.concatenate([np.zeros(3 * RATE, np.float32), sound, np.zeros(5 * RATE, np.float32)])
    assert same_speaker(embedding(sound), embedding(around)) > 0.97


def test_describing_is_deterministic() -> None:
    sound = read_recording(SAMPLE_VOICE).samples
    f0 = pitch(sound)
    first, second = describe(sound, f0), describe(sound, f0)
    np.testing.assert_array_equal(first.embedding, second.embedding)
    assert first.statistics == second.statistics and first.ranks == second.ranks


def test_the_nearest_enrolled_voice_is_picked() -> None:
    axes = np.eye(4, dtype=np.float32)
    heard = (0.9 * axes[0] + np.sqrt(1 - 0.81) * axes[1]).astype(np.float32)
    people = {"Ann": axes[1], "Bob": axes[0], "Cleo": axes[2]}
    assert recognise(heard, people, 0.6) == "Bob"
    assert recognise(heard, people, 0.95) is None
    assert recognise(heard, {}, 0.6) is None
    assert recognise(axes[3], {"Zoe": axes[0], "Abe": axes[0]}, -1) == "Abe"  # of two alike the first by name


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    shipped = load_speaker_weights(SPEAKER_WEIGHTS)
    save_speaker_weights(tmp_path / "copy.npz", shipped)
    sound = mel_power(read_recording(SAMPLE_VOICE).samples)
    first, second = (
        NumpySpeakerEncoder(load_speaker_weights(path)).embed([sound])
        for path in (SPEAKER_WEIGHTS, tmp_path / "copy.npz")
    )
    np.testing.assert_array_equal(first, second)
    assert SPEAKER_WEIGHTS.stat().st_size < 1e6


def test_features_keep_what_is_said_and_leave_the_pauses_out() -> None:
    sound = talker(pauses=((2.0, 4.0),))
    features = speaker_features(mel_power(sound))
    assert features.shape[1] == 40
    assert 400 < len(features) < 620
    np.testing.assert_allclose(speaker_features(mel_power(0.1 * sound)), features, atol=1e-2)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive"])
def test_missing_or_damaged_weights_are_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "speaker.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        load_speaker_encoder(path=path)
    assert caught.value.code == "bad_weights"
    assert str(path) in caught.value.message


def test_another_networks_weights_are_told() -> None:
    with pytest.raises(EngineError, match="damaged"):
        load_speaker_weights(SPEAKER_WEIGHTS.with_name("content.npz"))


def test_encoders_that_are_not_there_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="choose speaker or resemblyzer"):
        load_speaker_encoder("xvector")
    monkeypatch.setitem(__import__("sys").modules, "resemblyzer", None)
    with pytest.raises(EngineError, match="pip install resemblyzer") as caught:
        load_speaker_encoder("resemblyzer")
    assert caught.value.code == "backend_unavailable"


def test_zero_becomes_a_unit_vector() -> None:
    assert np.linalg.norm(backend.unit(np.zeros(3, np.float32))) == 1
