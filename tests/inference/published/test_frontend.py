"""What MakeItTalk's networks hear: mel and pitch as published, and voices as Resemblyzer hears them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")
signal = pytest.importorskip("scipy.signal", reason="needs the full engine")

from recordings import tone

from inference.hearing.audio import read_recording
from inference.published import frontend
from inference.published.voice import VoiceEmbedder, embed, embed_part, voice_network


@pytest.mark.parametrize("samples", [800, 4096, 4097, 78_030, 153_052])
def test_every_instant_of_the_recording_has_a_frame(samples: int) -> None:
    prepared = frontend.prepare(np.full(samples, 0.1, np.float32), 18)
    frames = len(frontend.mel_spectrum(prepared)) - 18
    assert frames == samples // 256 + 1
    assert (frames - 1) / 62.5 <= samples / 16000 < frames / 62.5


def test_the_published_example_has_305_mel_frames() -> None:
    assert len(frontend.mel_spectrum(np.zeros(78_030, np.float32))) == 305


def test_gain_does_not_matter_and_the_recording_stays() -> None:
    samples = tone(1.0, 16000, level=0.3).astype(np.float32)
    before = samples.copy()
    quiet, loud = (frontend.mel_spectrum(frontend.prepare(gain * samples, 18)) for gain in (0.05, 1))
    assert np.array_equal(samples, before)
    assert np.abs(quiet - loud).max() < 1e-3
    prepared = frontend.prepare(samples, 18)
    # -20 dB, less the published factor of 0.95; the silence at the end is none of the recording's.
    assert np.sqrt(np.mean(prepared[2000:14000] ** 2)) == pytest.approx(0.095, rel=0.01)


def test_rumble_is_filtered_and_speech_is_not() -> None:
    below, above = (
        np.std(frontend.prepare(tone(4.0, 16000, frequency).astype(np.float32), 18)[16000:48000])
        for frequency in (8.0, 150.0)
    )
    assert below < 0.001
    assert above == pytest.approx(0.095, rel=0.02)


def test_blocks_of_the_filter_do_not_show() -> None:
    random = np.random.RandomState(0)
    samples = random.standard_normal(16000 * 130).astype(np.float32) * 0.1
    prepared = frontend.prepare(samples, 18)
    numerator, denominator = signal.butter(5, 30 / 8000, btype="high")
    gain = 0.1 / np.sqrt(np.mean(np.square(samples, dtype=np.float64)))
    padded = np.zeros(len(prepared))
    padded[: len(samples)] = samples * np.float32(gain)
    dither = (np.random.RandomState(0).rand(len(prepared)) - 0.5) * 1e-6
    whole = signal.filtfilt(numerator, denominator, padded) * 0.95 + dither
    assert np.abs(prepared - whole).max() < 1e-6


def test_mel_is_slaneys() -> None:
    filters = frontend.slaney_filters(1024, 80, 90.0, 7600.0)
    assert filters.shape == (513, 80)
    # librosa.filters.mel(sr=16000, n_fft=1024, n_mels=80, fmin=90, fmax=7600): peaks of the bands 0, 40 and 79.
    assert filters.argmax(axis=0)[[0, 40, 79]].tolist() == [8, 112, 469]
    assert filters.max(axis=0)[[0, 40, 79]] == pytest.approx(
        [0.0277502909, 0.0140163209, 0.0037061993], rel=1e-5
    )


def test_one_frame_written_out() -> None:
    random = np.random.RandomState(0)
    samples = random.standard_normal(8000).astype(np.float32) * 0.1
    frame = samples[256 * 10 - 512 : 256 * 10 + 512]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    bands = np.abs(np.fft.rfft(frame * window)) @ frontend.slaney_filters(1024, 80, 90.0, 7600.0)
    expected = (20 * np.log10(np.maximum(1e-5, bands)) - 16 + 100) / 100
    assert np.allclose(frontend.mel_spectrum(samples)[10], expected, atol=1e-5)


def buzz(f0: np.ndarray) -> np.ndarray:
    """A buzz with that fundamental at every sample."""
    phase = 2 * np.pi * np.cumsum(f0) / 16000
    return (sum(np.sin(order * phase) / order for order in range(1, 12)) * 0.1).astype(np.float32)


def test_the_pitch_range_follows_the_voice() -> None:
    melody = 2 ** (np.sin(2 * np.pi * np.arange(16000 * 4) / 16000) * 3 / 12)  # three semitones up and down
    low, high = (frontend.pitch_classes(buzz(base * melody), 240) for base in (85.0, 340.0))
    both = (low > 0) & (high > 0)
    assert both.mean() > 0.9
    assert np.median(np.abs(low - high)[both]) <= 4
    for classes in (low, high):
        spoken = classes[classes > 0]
        assert spoken.min() >= 1 and spoken.max() <= 256
        # A sine reaches 1.41 deviations: (1.41 / 4 + 1) / 2 of 255 and its mirror image.
        assert spoken.max() == pytest.approx(1 + 255 * (1 + 1.41 / 4) / 2, abs=6)
        assert spoken.min() == pytest.approx(1 + 255 * (1 - 1.41 / 4) / 2, abs=6)


def test_silence_has_no_pitch() -> None:
    assert not frontend.pitch_classes(frontend.prepare(np.zeros(16000, np.float32), 18), 81).any()


def random_embedder() -> VoiceEmbedder:
    torch.manual_seed(0)
    return VoiceEmbedder().eval().requires_grad_(requires_grad=False)


def test_a_voice_is_a_vector_of_unit_length(voice: Path) -> None:
    samples = read_recording(voice).samples
    network = random_embedder()
    part = embed_part(samples, network)
    assert part.shape == (256,)
    assert np.linalg.norm(part) == pytest.approx(1, abs=1e-5)
    assert (part >= 0).all()
    whole = embed(samples, network)
    assert whole @ part / np.linalg.norm(whole) > 0.95
    # Silence around the voice is not heard.
    padded = np.concatenate([np.zeros(32000, np.float32), samples, np.zeros(48000, np.float32)])
    assert embed(padded, network) @ whole / np.linalg.norm(whole) ** 2 == pytest.approx(1, abs=0.01)


def test_windows_of_a_voice_are_two_a_second() -> None:
    heard: list[int] = []

    class Counting(VoiceEmbedder):
        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            heard.append(len(mel))
            return super().forward(mel)

    embed_part(
        np.random.RandomState(0).standard_normal(16000 * 8).astype(np.float32) * 0.1, Counting().eval()
    )
    # 801 frames: windows of 160 start every 50 from 0; that at 650 is the last that is covered to three quarters.
    assert sum(heard) == 14


def test_resemblyzers_weights_are_found_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.published.voice.find_spec", lambda name: None)
    assert voice_network(tmp_path) is None
    state = {**random_embedder().state_dict(), "similarity_weight": torch.ones(1)}
    torch.save({"model_state": state, "step": 1}, tmp_path / "pretrained.pt")
    network = voice_network(tmp_path)
    assert network is not None
    assert torch.equal(network.linear.weight, random_embedder().linear.weight)


def test_a_very_short_recording_is_heard(write_wav: Callable[..., Path]) -> None:
    samples = read_recording(write_wav(tone(0.06, 16000))).samples
    assert np.isfinite(embed(samples, random_embedder())).all()
    assert len(frontend.mel_spectrum(frontend.prepare(samples, 18))) == 18 + 4
