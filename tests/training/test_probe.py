"""The speaker probe finds speakers where there are some, and none where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.hearing.backends import load_backend
from inference.hearing.features import FEATURES, PAUSE_BANDS, SPEECH_FEATURES
from inference.hearing.tones import TONE_FEATURES
from inference.motion.lips.content import PHONES
from inference.training.evaluation import probe
from inference.training.evaluation.probe import (
    FEATURE_SETS,
    PROBES,
    UNITS,
    probe_features,
    probe_speech,
    speech_frames,
    split_utterances,
)

SPEAKERS, UTTERANCES = 4, 8


def made(coded: bool, seed: int = 0) -> tuple[list[dict[str, np.ndarray]], list[int]]:
    """Utterances of 40 frames of noise, with (``coded``) or without a mark of their speaker on every frame."""
    random = np.random.default_rng(seed)
    marks = random.normal(size=(SPEAKERS, 16)) * 3
    speakers = np.repeat(np.arange(SPEAKERS), UTTERANCES).tolist()
    utterances = [
        {"content": (random.normal(size=(40, 16)) + coded * marks[speaker]).astype(np.float32)}
        for speaker in speakers
    ]
    return utterances, speakers


def test_every_speaker_is_in_every_part_and_no_utterance_in_two() -> None:
    speakers = [0] * 20 + [1] * 3 + [2] * 8
    parts = split_utterances(speakers, 0)
    assert sorted(place for places in parts.values() for place in places) == list(range(len(speakers)))
    for places in parts.values():
        assert {speakers[place] for place in places} == {0, 1, 2}
    assert sum(place < 20 for place in parts["test"]) == 5
    assert split_utterances(speakers, 0) == parts != split_utterances(speakers, 1)


@pytest.mark.parametrize("coded", [True, False])
def test_probes_name_marked_speakers_and_guess_the_others(coded: bool) -> None:
    pytest.importorskip("torch", reason="the probes are trained with torch")
    utterances, speakers = made(coded)
    rows = probe_features(utterances, speakers)
    assert [(row.unit, row.probe) for row in rows] == [(unit, name) for unit in UNITS for name in PROBES]
    for row in rows:
        assert row.size == (32 if row.unit == "mean+sd" else 16) and row.tested == SPEAKERS * 2 * (
            40 if row.unit == "frame" else 1
        )
        if coded:
            assert row.accuracy > 0.95
        else:
            chance = 1 / SPEAKERS
            assert abs(row.accuracy - chance) < 4 * np.sqrt(chance * (1 - chance) / row.tested)


def test_shuffled_speakers_are_guessed() -> None:
    pytest.importorskip("torch", reason="the probes are trained with torch")
    utterances, speakers = made(True)
    shuffled = np.random.default_rng(3).permutation(speakers).tolist()
    frames = [row for row in probe_features(utterances, shuffled) if row.unit == "frame"]
    assert max(row.accuracy for row in frames) < 0.6  # the marks are still there, but whose they are is not


def test_the_same_seed_gives_the_same_figures() -> None:
    pytest.importorskip("torch", reason="the probes are trained with torch")
    utterances, speakers = made(False)
    assert probe_features(utterances, speakers, 5) == probe_features(utterances, speakers, 5)


def test_features_are_those_of_speech_alone(sample_voice: Path) -> None:
    from inference.hearing.audio import read_recording

    backend = load_backend("numpy")
    samples = read_recording(sample_voice).samples
    quiet = np.concatenate([np.zeros(16000, np.float32), samples, np.zeros(16000, np.float32)])
    frames = speech_frames(quiet, backend)
    assert list(frames) == list(FEATURE_SETS)
    bottleneck = len(backend.weights.encoder[-1].bias)
    sizes = {name: values.shape[1] for name, values in frames.items()}
    assert sizes == {
        "input": 41,
        "content": bottleneck + len(PHONES) + 1 + PAUSE_BANDS,
        "bottleneck": bottleneck,
    }
    counts = {len(values) for values in frames.values()}
    assert len(counts) == 1 and 25 < counts.pop() < len(samples) / 320
    np.testing.assert_array_equal(frames["content"][:, :bottleneck], frames["bottleneck"])
    np.testing.assert_allclose(frames["content"][:, -1 - PAUSE_BANDS], frames["input"][:, -1])
    assert (frames["content"][:, bottleneck] < 0.5).all()


def test_content_leads_to_the_posteriors_that_the_backend_gives() -> None:
    backend = load_backend("numpy")
    features = np.random.default_rng(0).normal(size=(301, FEATURES + TONE_FEATURES)).astype(np.float32)
    posteriors = backend.run(features).phones
    content = probe.NumpyBackend(backend.weights).content(features)
    bottleneck = len(backend.weights.encoder[-1].bias)
    np.testing.assert_array_equal(content[:, bottleneck : -1 - PAUSE_BANDS], posteriors)
    np.testing.assert_array_equal(content[:, -1 - PAUSE_BANDS], features[::2, SPEECH_FEATURES - 1])


def test_a_few_speakers_of_the_corpus(root: Path) -> None:
    pytest.importorskip("torch", reason="the probes are trained with torch")
    pytest.importorskip("av", reason="the recordings are decoded with PyAV")
    speech = root.parent / "shared" / "data" / "speech"
    if not (speech / "utterances.tsv").is_file():
        pytest.skip(f"speechocean762 is not in {speech}")
    lines: list[str] = []
    found = probe_speech(speech, load_backend("numpy"), speakers=3, utterances=4, report=lines.append)
    assert (
        found["speakers"] == 3
        and found["utterances"] <= 12
        and found["chance"] == pytest.approx(1 / 3, abs=1e-4)
    )
    assert [row["features"] for row in found["rows"]] == [name for name in FEATURE_SETS for _ in range(6)]
    assert all(0 <= row["accuracy"] <= 1 for row in found["rows"])
    assert len(lines) == 13


def test_a_folder_without_enough_speakers_is_told(tmp_path: Path) -> None:
    pytest.importorskip("av", reason="the recordings are decoded with PyAV")
    (tmp_path / "utterances.tsv").write_text(
        "utterance\tfile\tspeaker\tgender\tage\tpart\ttext\tphones (words split by |)\n"
        "1\twav/1.opus\t0001\tm\t6\ttrain\tWE\tW IY0\n",
        encoding="utf-8",
    )
    with pytest.raises(EngineError, match="at least two speakers"):
        probe_speech(tmp_path, load_backend("numpy"))
