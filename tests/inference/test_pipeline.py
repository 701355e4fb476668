"""The whole way from sound to face: in sync, at rest in silence, linear, the same on both backends."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import pipeline
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import mouth_opening
from inference.face.names import ARKIT_INDEX
from inference.hearing.audio import Recording, read_recording, resample
from inference.motion.prosody import Prosody, analyse
from inference.pipeline import Settings, animate

JAW = ARKIT_INDEX["jawOpen"]


@pytest.fixture(scope="module")
def spoken() -> tuple[FaceAnimation, np.ndarray]:
    """The sample voice's animation at 50 fps, and its loudness (RMS over 40 ms) at the same frames."""
    from recordings import SAMPLE_VOICE

    result = animate(SAMPLE_VOICE, Settings(fps=50))
    samples = read_recording(SAMPLE_VOICE).samples
    centres = np.minimum((np.arange(len(result.animation)) * 320), len(samples) - 1)
    loudness = np.array([np.sqrt(np.mean(samples[max(c - 320, 0) : c + 320] ** 2)) for c in centres])
    return result.animation, loudness


def test_the_mouth_works_while_there_is_a_voice_and_rests_in_the_pause(spoken: tuple) -> None:
    animation, loudness = spoken
    opening = mouth_opening(animation.landmarks)
    loud = loudness > np.percentile(loudness, 70)
    quiet = np.convolve(loudness > 1e-3, np.ones(21), "same") == 0  # silent for 0.2 s around
    assert quiet.sum() > 10
    assert opening[loud].mean() > 0.05
    assert opening[quiet].mean() < 0.35 * opening[loud].mean()
    # Lips come to rest over the first tenths of a second of a pause.
    assert animation.arkit[quiet, JAW].max() < 0.15
    assert animation.arkit[quiet, JAW].mean() < 0.04


def test_everything_is_in_range_and_alive(spoken: tuple) -> None:
    animation, _ = spoken
    assert animation.arkit.min() >= 0
    assert animation.arkit.max() <= 1
    assert animation.arkit[:, JAW].max() > 0.15
    assert animation.blink.max() > 0.95
    assert np.degrees(animation.head_rotation).std() > 0.3
    assert np.abs(animation.eye_rotation).max() > 0.01
    assert np.abs(animation.head_rotation).max() < np.radians(20)
    assert len({shape for _, _, shape in animation.cues}) >= 5
    assert np.allclose(animation.visemes.sum(axis=1), 1, atol=0.35)


def test_lips_touch_where_the_visemes_say_p_b_m(spoken: tuple) -> None:
    animation, _ = spoken
    closed = animation.visemes[:, 1] > 0.6
    assert closed.sum() >= 4
    opening = mouth_opening(animation.landmarks)
    rest = mouth_opening(animation.neutral[None])[0]
    assert np.median(opening[closed]) < rest + 0.02


def test_digital_silence_is_perfectly_still(write_wav: Callable[..., Path]) -> None:
    result = animate(write_wav(np.zeros(16000 * 2)), Settings(fps=50))
    jaw = result.animation.arkit[:, JAW]
    assert jaw.std() < 0.01
    assert jaw.mean() < 0.02
    assert "silent" in result.warnings[0]
    assert result.animation.source["warnings"] == list(result.warnings)
    assert [shape for _, _, shape in result.animation.cues] == ["X"]


def test_a_mouth_that_never_opens_is_told(write_wav: Callable[..., Path]) -> None:
    """Knocks, such as of a dog, are too short to be told as sounds, and nothing was said at all."""
    knock = np.random.RandomState(1).randn(1600) * np.exp(-np.arange(1600) / 400)
    samples = 0.3 * np.tile(np.concatenate([knock, np.zeros(6400)]), 6)
    path = write_wav(samples)
    result = animate(path, Settings())
    assert mouth_opening(result.animation.landmarks).max() < 0.02
    (told,) = result.warnings
    assert told.startswith(f"{path.name}: the mouth stays closed, since no speech is heard in it.")


@pytest.mark.parametrize("color", ["white", "pink"])
def test_noise_alone_does_not_chatter(write_wav: Callable[..., Path], color: str) -> None:
    random = np.random.RandomState(0)
    spectrum = np.fft.rfft(random.standard_normal(16000 * 5))
    if color == "pink":
        spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum)
    noise *= 10 ** (-30 / 20) / np.sqrt(np.mean(noise**2))
    result = animate(write_wav(noise), Settings(fps=50))
    assert result.animation.arkit[:, JAW].mean() < 0.05


def test_the_recording_level_does_not_matter(voice: Path, write_wav: Callable[..., Path]) -> None:
    samples = read_recording(voice).samples
    full, soft = (
        animate(write_wav(samples * gain, bits=32, floating=True), Settings(fps=50)).animation
        for gain in (1.0, 0.1)
    )
    assert np.corrcoef(full.arkit[:, JAW], soft.arkit[:, JAW])[0, 1] > 0.98


def test_seeds_change_the_take_but_not_the_lips(voice: Path) -> None:
    first, second = (animate(voice, Settings(seed=seed)).animation for seed in (1, 2))
    np.testing.assert_array_equal(first.arkit[:, JAW], second.arkit[:, JAW])
    assert np.abs(first.head_rotation - second.head_rotation).max() > 0.01
    assert np.abs(first.blink - second.blink).max() > 0.5


def test_the_torch_backend_gives_the_same_landmarks(voice: Path) -> None:
    pytest.importorskip("torch", reason="torch belongs to the full engine")
    embedded, full = (animate(voice, Settings(backend=name)).animation for name in ("numpy", "torch"))
    assert np.abs(embedded.landmarks - full.landmarks).max() < 1e-4


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
def test_any_rate_talks_alike(voice: Path, write_wav: Callable[..., Path], rate: int) -> None:
    from inference.hearing.audio import resample

    samples = read_recording(voice).samples
    other = animate(write_wav(resample(samples, 16000, rate), rate), Settings(fps=50)).animation
    usual = animate(voice, Settings(fps=50)).animation
    frames = min(len(other), len(usual))
    # 8 kHz loses the hiss of S and F, so the lips may differ there.
    bar = 0.8 if rate == 8000 else 0.98
    assert np.corrcoef(other.arkit[:frames, JAW], usual.arkit[:frames, JAW])[0, 1] > bar


def test_the_pitch_reaches_the_prosody_at_its_own_time(
    write_wav: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hum in the second of three seconds is heard there, not earlier and not later."""
    heard: list[np.ndarray] = []

    def listen(energy: np.ndarray, f0: np.ndarray, fps: float) -> Prosody:
        assert len(f0) == len(energy)
        heard.append(f0)
        return analyse(energy, f0, fps)

    monkeypatch.setattr("inference.motion.prosody.analyse", listen)
    time = np.arange(3 * 16000) / 16000
    hum = sum(np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 8)) * 0.2
    animate(write_wav(hum * ((time >= 1) & (time < 2))), Settings(fps=50))
    voiced = np.flatnonzero(heard[0] > 0) / 50
    assert voiced.min() == pytest.approx(1.0, abs=0.06)
    assert voiced.max() == pytest.approx(2.0, abs=0.06)


def test_the_channel_and_the_voice_that_are_chosen_move_the_mouth(
    voice: Path, write_wav: Callable[..., Path]
) -> None:
    spoken = read_recording(voice).samples
    noise = np.random.RandomState(0).standard_normal(len(spoken)).astype(np.float32) * np.float32(0.05)
    path = write_wav(np.stack([noise, spoken], axis=1), name="two.wav")
    alone = animate(write_wav(spoken, name="one.wav"), Settings(fps=None)).animation
    chosen = animate(path, Settings(fps=None))
    np.testing.assert_allclose(chosen.animation.landmarks, alone.landmarks, atol=1e-4)
    assert "channel 2 of 2" in chosen.warnings[0]
    other = animate(path, Settings(fps=None, channel="1", source_name="Film.mov"))
    openings = [mouth_opening(each.landmarks).max() for each in (other.animation, alone)]
    assert openings[0] < 0.05 * openings[1]
    assert (other.animation.source["channel"], other.animation.source["audio"]) == ("1", "Film.mov")
    with pytest.raises(EngineError, match=r"Film\.mov has 2 channels, and no channel 3"):
        animate(path, Settings(channel="3", source_name="Film.mov"))
    single = animate(path, Settings(fps=None, voice_in_file="2"))
    assert "only one voice" in single.warnings[-1]
    np.testing.assert_array_equal(single.animation.landmarks, chosen.animation.landmarks)


def test_the_mouth_rests_while_somebody_else_speaks(voice: Path, write_wav: Callable[..., Path]) -> None:
    spoken = read_recording(voice).samples
    other = resample(spoken, 16000, 20500)
    turns, pause = [], np.zeros(8000, np.float32)
    for mine, others in zip(np.array_split(spoken, 3), np.array_split(other, 3), strict=True):
        turns += [(mine, True), (pause, False), (others, False), (pause, False)]
    path = write_wav(np.concatenate([part for part, _ in turns]))
    result = animate(path, Settings(fps=50.0, voice_in_file="1"))
    assert result.warnings == () and result.animation.source["voice_in_file"] == "1"
    inner = mouth_opening(result.animation.landmarks)
    mine = np.repeat([own for _, own in turns], [len(part) for part, _ in turns])[::320]
    inner, rest = inner[: len(mine)], np.convolve(~mine, np.ones(50), "same") > 49
    assert inner[rest[: len(inner)]].max() < 0.02 < np.percentile(inner[mine[: len(inner)]], 75)


@pytest.mark.parametrize("loud", [1.0, 3.0])  # as it is, and cut off: its crests are restored then
def test_samples_are_let_go_before_the_face_is_shaped(
    write_wav: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, loud: float
) -> None:
    """Of an hour they are a quarter of a gigabyte."""
    from recordings import SAMPLE_VOICE

    known = []
    read, shape = pipeline.read_recording, pipeline.motion_of

    def remembered(*arguments: Any) -> Recording:
        recording = read(*arguments)
        known.append(weakref.ref(recording.samples))
        return recording

    def shaped(*arguments: Any) -> Any:
        assert [samples() for samples in known] == [None]
        return shape(*arguments)

    monkeypatch.setattr(pipeline, "read_recording", remembered)
    monkeypatch.setattr(pipeline, "motion_of", shaped)
    samples = read_recording(SAMPLE_VOICE).samples[:32000]
    path = write_wav(np.clip(loud * samples / np.abs(samples).max(), -0.9, 0.9))
    result = animate(path, Settings())
    assert known and result.recording is None and result.duration == pytest.approx(2.0)
