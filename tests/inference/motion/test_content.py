"""The shipped weights: what they do on speech, in silence, in noise, and on people they never saw."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.face.landmarks import mouth_opening
from inference.hearing.audio import read_recording
from inference.hearing.backends import CONTENT_WEIGHTS, Backend, load_backend
from inference.hearing.features import breadth, pitch
from inference.motion.lips import content
from inference.motion.lips.content import PHONES, content_motion

GRID = Path(__file__).resolve().parents[4] / "shared" / "data" / "grid"

pytestmark = pytest.mark.skipif(not CONTENT_WEIGHTS.is_file(), reason="checkpoints/content.npz is not there")


@pytest.fixture(scope="module")
def backend() -> Backend:
    return load_backend("numpy", "cpu")


def opening_of(samples: np.ndarray, backend: Backend) -> np.ndarray:
    motion = content_motion(samples.astype(np.float32), backend)
    return mouth_opening(motion.neutral + motion.displacement)


def voice_like(seconds: float = 3.0) -> np.ndarray:
    """Three vowels with pauses: harmonics of 120 Hz under formants."""
    time = np.arange(int(seconds * 16000)) / 16000
    sound = np.zeros_like(time)
    for start, formants in ((0.5, (700, 1200)), (1.2, (300, 2300)), (1.9, (650, 1100))):
        gate = np.clip(np.minimum(time - start, start + 0.45 - time) / 0.03, 0, 1)
        for harmonic in range(1, 40):
            level = sum(np.exp(-(((120 * harmonic - f) / 120) ** 2)) for f in formants) + 0.02
            sound += gate * level * np.sin(2 * np.pi * 120 * harmonic * time)
    return (0.1 * sound / np.abs(sound).max()).astype(np.float32)


def test_metadata_and_size() -> None:
    assert CONTENT_WEIGHTS.stat().st_size < 12e6
    weights = load_backend("numpy", "cpu").weights
    assert weights.metadata["name"] == "content" and any(
        "CC BY" in credit for credit in weights.metadata["corpora"]
    )
    upper = [*range(17, 48)]
    assert np.abs(weights.basis[:, upper]).max() == 0  # eyes, brows and nose are other branches'


def test_budget_of_an_old_processor(backend: Backend) -> None:
    weights = backend.weights
    layers = (
        *weights.encoder,
        weights.phones,
        *(layer for chain in weights.decoders for layer in chain),
        *weights.voice,
    )
    assert sum(layer.weight.size for layer in layers) * 50 < 80e6  # multiply-accumulates per second of sound


def test_digital_silence_is_still(backend: Backend) -> None:
    assert opening_of(np.zeros(16000), backend).std() < 1e-6


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_noise_does_not_chatter(backend: Backend, slope: float) -> None:
    random = np.random.default_rng(7)
    spectrum = random.normal(size=40001) + 1j * random.normal(size=40001)
    noise = np.fft.irfft(spectrum * np.maximum(np.fft.rfftfreq(80000, 1 / 16000), 20) ** (-slope / 2))
    assert opening_of(noise / noise.std() * 10 ** (-30 / 20), backend).mean() < 0.005


def test_gain_does_not_matter(backend: Backend) -> None:
    sound = read_recording(SAMPLE_VOICE).samples
    loud, quiet = opening_of(sound * 4, backend), opening_of(sound * 0.05, backend)
    assert loud.max() > 0.1
    assert np.abs(loud - quiet).max() < 0.01


def test_motion_covers_the_sound(backend: Backend) -> None:
    samples = read_recording(SAMPLE_VOICE).samples
    motion = content_motion(samples, backend)
    assert motion.phones.shape == (len(motion.displacement), len(PHONES))
    assert len(motion.displacement) / motion.fps >= len(samples) / 16000
    assert motion.displacement.any()
    assert np.allclose(motion.phones.sum(axis=1), 1, atol=1e-4)


def test_backends_agree_on_the_shipped_weights(backend: Backend) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    sound = read_recording(SAMPLE_VOICE).samples
    ours, other = content_motion(sound, backend), content_motion(sound, load_backend("torch", "cpu"))
    assert mouth_opening(ours.neutral + ours.displacement).max() > 0.1
    assert np.abs(ours.displacement - other.displacement).max() < 1e-4


def test_pitch_of_a_voice() -> None:
    f0 = pitch(voice_like())
    assert np.abs(f0[f0 > 0] / 120 - 1).max() < 0.03


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_lips_meet_on_p_b_m(backend: Backend) -> None:
    pytest.importorskip("torch", reason="the training room needs torch")
    pytest.importorskip("av", reason="the training room needs PyAV")
    from inference.training.evaluation.evaluate import closures
    from inference.training.synthetic_speech.synthesis import TEST_SENTENCES

    figures = closures(backend, ("slt", "rms"), TEST_SENTENCES[:8])
    assert figures["closure_recall"] > 0.7 and figures["closure_precision"] > 0.75
    assert abs(figures["closure_lag"]) <= 30


@pytest.mark.skipif(not GRID.is_dir(), reason="../shared/data/grid is not there")
@pytest.mark.parametrize(("speaker", "bar"), [("s1", 0.85), ("s26", 0.4)])
def test_held_out_clips(backend: Backend, speaker: str, bar: float, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is not installed")
    pytest.importorskip("torch", reason="the training room needs torch")
    from inference.training.evaluation.evaluate import clip_figures
    from inference.training.filmed_corpora.corpus import load_clip
    from inference.training.filmed_corpora.prepare import prepare_clip

    names = sorted((GRID / speaker).glob("*.mp4"))
    chosen = names[9::10][:4] if speaker == "s1" else names[:4]
    opening = []
    for source in chosen:
        assert prepare_clip(source, tmp_path / speaker / f"{source.stem}.npz") == ""
        opening.append(clip_figures(load_clip(tmp_path / speaker / f"{source.stem}.npz"), backend)["opening"])
    assert np.mean(opening) > bar


def test_a_mouth_rests_once_between_two_sentences(backend: Backend) -> None:
    """Half a second of digital silence: the lips shut and part again, and do not tremble on the way."""
    opening = opening_of(read_recording(SAMPLE_VOICE).samples, backend)
    opening = opening[round(2.56 * 50) : round(2.82 * 50)]  # after "Tali.", before "Give"
    lowest = int(opening.argmin())
    assert opening[lowest] < 0.002
    assert (np.diff(opening[: lowest + 1]) < 1e-4).all() and (np.diff(opening[lowest:]) > -1e-4).all()


def test_the_mouth_follows_a_clipped_recording_by_its_crests(backend: Backend) -> None:
    voice = read_recording(SAMPLE_VOICE).samples[2 * 16000 : 6 * 16000]
    whole = opening_of(voice, backend)
    cut = np.clip(voice / np.abs(voice).max() * 4, -1, 1)
    assert np.corrcoef(opening_of(cut, backend), whole)[0, 1] > 0.85  # 0.72 without its crests


def test_a_wide_vowel_that_is_held_is_a_voice_however_still_it_is() -> None:
    phones, power = np.zeros((200, len(PHONES)), np.float32), np.full((200, 40), 1e-3, np.float32)
    broad = breadth(power)
    phones[:, 0] = 1
    phones[50:150, [0, PHONES.index("AA"), PHONES.index("AO")]] = 0.1, 0.5, 0.4
    held = content._vowel_held(phones, broad)
    assert held[50:150].min() == 1
    assert held[:20].max() == held[180:].max() == 0
    narrow = breadth(np.where(np.arange(40) < 12, power, 1e-9))  # two tones
    assert content._vowel_held(phones, narrow).max() == 0
    phones[75:, :] = np.eye(len(PHONES))[0]  # as long as in a sentence
    assert content._vowel_held(phones, broad).max() == 0


@pytest.mark.parametrize("lowest", [2000, 3000])
@pytest.mark.parametrize("around", [0.5, 0.0])
def test_a_hush_parts_the_lips_and_steam_does_not(backend: Backend, around: float, lowest: int) -> None:
    """Also where it is all of the recording; steam is heard as a hush at its ends, and without its lower part as a voice."""
    rest = np.zeros(round(around * 16000))

    def opening(seconds: float) -> np.ndarray:
        noise = np.fft.rfft(np.random.RandomState(0).normal(size=round(seconds * 16000)))
        hertz = np.fft.rfftfreq(round(seconds * 16000), 1 / 16000)
        air = np.fft.irfft(noise * ((hertz > lowest) & (hertz < 6500)))
        made = opening_of(np.concatenate([rest, 0.1 * air / np.abs(air).max(), rest]), backend)
        return made[round((around + 0.1) * 50) : round((around + seconds - 0.1) * 50)]

    assert opening(1).min() > 0.03
    assert opening(2.5).min() > 0.03
    assert opening(6)[:220].max() < 0.02  # the voice network takes its last second for a voice


def test_a_hush_at_the_edge_of_a_line_parts_the_lips() -> None:
    phones = np.zeros((200, len(PHONES)), np.float32)
    phones[:100, PHONES.index("SH")] = phones[100:, PHONES.index("AA")] = 1
    broad, lasts = np.full(200, 30, np.float32), np.zeros(200, bool)
    for heard in (phones, phones[::-1]):
        hushed, steam = content._hissed(heard, broad, lasts)
        assert (hushed[heard[:, PHONES.index("SH")] == 1] == 1).all()
        assert not steam.any()
    lasts[:180] = True  # the rest of it is heard as the room
    hushed, steam = content._hissed(phones, broad, lasts)
    assert hushed.max() == 0
    assert (steam[:90] == 1).all()
    assert not steam[130:].any()  # what lasts there is no hiss


def test_a_hum_that_is_heard_as_a_vowel_shuts_the_lips() -> None:
    """Behind another person's sentence; *ee* and *oo* are as dark, and are heard."""
    phones = np.zeros((100, len(PHONES)), np.float32)
    phones[:, PHONES.index("AH")], phones[:, PHONES.index("M")] = 0.6, 0.2
    power = np.full((100, 40), 1e-6, np.float32)
    power[20:80, 2], power[20:80, 30] = 1.0, 0.01
    level = np.where(power[:, 2] > 0.5, 0.0, -60.0)
    hum = content._hummed(phones, power, level)
    assert (hum[22:78] == 1).all() and not hum[:20].any() and not hum[80:].any()
    voice = np.full(100, 0.75, np.float32)
    content._shut_for(phones, hum, voice)
    assert (
        np.allclose(phones[50, [0, PHONES.index("M")]], (0.25, 0.75)) and phones[50, PHONES.index("AH")] == 0
    )

    short = power.copy()
    short[40:] = 1e-6  # 0.4 s, as an m between vowels may last
    assert not content._hummed(phones, short, level).any()
    phones[:], phones[:, PHONES.index("UW")], phones[:, PHONES.index("M")] = 0, 0.4, 0.4
    assert not content._hummed(phones, power, level).any()
