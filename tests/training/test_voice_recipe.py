"""The voice stage: what it learns from, and that it learns it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recordings import wav_bytes

torch = pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("scipy")

from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.backends import load_backend
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.features import mel_power, normalise
from inference.hearing.tones import TONE_FEATURES, tones
from inference.training.disturbances import no_voice
from inference.training.networks.voice import VoiceNetwork, export
from inference.training.recipes import voice_material
from inference.training.recipes.configuration import read_config
from inference.training.recipes.voice import Batches, run_chain, shares_right, train_voice
from inference.training.recipes.voice_material import (
    KINDS,
    SPECTRA,
    UNKNOWN,
    VOICE_KINDS,
    Material,
    Sound,
    recorded,
)
from inference.training.synthetic_speech import wordless

CONTENT = 113 + TONE_FEATURES
TINY = {
    "seeds": [1], "channels": 8, "dilations": [1, 3], "utterances": 1, "validation_speakers": 1, "timbres": 4,
    "espeak": 0, "flite_words": 0, "drawn_out": 0,
    "no_voices": 3, "spectra": 12, "disturbed": 0.2, "batch": 8, "crop_frames": 60, "steps": 160, "checkpoint_every": 80,
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Networks this small are slower on several."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def backend() -> NumpyBackend:
    backend = load_backend("numpy")
    assert isinstance(backend, NumpyBackend)
    return backend


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``speech/`` of three people who go up and down on vowels by rule."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "speech").mkdir()
    rows = ["utterance\tfile\tspeaker\tpart\ttext\tphones (words split by |)"]
    random = np.random.default_rng(3)
    for number in range(3):
        vowels = [
            wordless.voiced(
                wordless.made_timbre(random), wordless.wandering(random, 0.3, 120.0 + 60 * number), random
            )
            for _ in range(4)
        ]
        spoken = wav_bytes(np.concatenate(vowels), SAMPLE_RATE)
        (folder / "speech" / f"{number}.wav").write_bytes(spoken)
        rows.append(f"{number}\t{number}.wav\t{number:04d}\ttrain\tAH\tAA0")
    (folder / "speech" / "utterances.tsv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    config = read_config()
    return {**config, "voice": {**config["voice"], **TINY}}


def test_kinds_are_told_apart_by_name() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert not set(VOICE_KINDS) & {*no_voice.NO_VOICE, SPECTRA}


def test_labels_stand_where_it_sounds_and_nowhere_else() -> None:
    random = np.random.default_rng(7)
    vowel = wordless.voiced(wordless.made_timbre(random), np.full(9600, 150.0), random).astype(np.float32)
    quiet = np.zeros(6400, np.float32)
    sounds = [
        Sound("word", np.concatenate([quiet, vowel, quiet]), False),
        Sound("keys", np.concatenate([quiet, no_voice.made("keys", random, 1.0)]), False),
    ]
    for seed in range(6):
        recording = recorded(sounds, lambda: no_voice.made("drums", random, 0.5), np.random.default_rng(seed))
        assert len(recording.labels) == len(recording.kinds) == len(recording.samples) // 320 + 1
        assert (recording.kinds[recording.labels == 1] == KINDS.index("word")).all()
        assert (recording.kinds[recording.labels == 0] == KINDS.index("keys")).all()
        assert 15 <= (recording.labels == 1).sum() <= 34  # of 0.6 s
        blocks = recording.samples[: len(recording.labels[:-1]) * 320].reshape(-1, 320).std(axis=1)
        known = recording.labels[:-1] != UNKNOWN
        assert np.median(blocks[known]) > 3 * np.median(blocks[~known])


@pytest.mark.parametrize("warp", [1.0, 0.82])
def test_the_tones_stand_behind_what_the_decoders_hear(backend: NumpyBackend, warp: float) -> None:
    random = np.random.default_rng(12)
    vowel = wordless.voiced(wordless.made_timbre(random), np.linspace(130, 190, 12345), random).astype(
        np.float32
    )
    heard = voice_material._Heard(backend)
    heard.add(vowel, warp, np.ones(60, np.int8), np.zeros(60, np.int8), False)
    content = heard.material().content.astype(np.float32)
    assert content.shape == (12345 // 320 + 1, CONTENT)
    np.testing.assert_allclose(
        content[:, -TONE_FEATURES:], tones(vowel), atol=2e-3
    )  # whichever throat it is heard from
    plain = backend.content(normalise(mel_power(vowel)))
    assert np.allclose(content[:, :-TONE_FEATURES], plain, atol=2e-2) == (warp == 1.0)


def material_of(labels: list[np.ndarray], kinds: list[str], left_out: list[bool]) -> Material:
    """Recordings whose first feature is their label."""
    content = np.zeros((sum(map(len, labels)), CONTENT), np.float16)
    content[:, 0] = np.concatenate(labels)
    return Material(
        content,
        np.concatenate(labels).astype(np.int8),
        np.concatenate([np.full(len(one), KINDS.index(kind), np.int8) for one, kind in zip(labels, kinds)]),
        np.cumsum([0, *map(len, labels)]),
        np.array(left_out),
    )


def test_a_crop_is_not_judged_where_it_is_blind_and_nothing_left_out_is_drawn(config: dict[str, Any]) -> None:
    kinds = ["word", "keys", "sentence"]
    material = material_of([np.ones(5), np.zeros(500), np.ones(70)], kinds, [False, False, True])
    batches = Batches(material, {**config["voice"], "crop_frames": 60, "batch": 40}, 1, reach=9)
    content, there, labels, weights = batches(0)
    assert all(torch.equal(one, two) for one, two in zip(batches(0), (content, there, labels, weights)))
    lengths = there.sum(dim=1)
    assert set(lengths.tolist()) == {5.0, 60.0}
    assert (weights[lengths == 5] > 0).sum(dim=1).eq(5).all()
    inner = weights[lengths == 60] > 0
    assert inner[:, 9:-9].all() and not inner.all()
    assert not weights[there == 0].any()


@pytest.mark.parametrize("frames", [1, 7, 90])
def test_the_engine_runs_what_was_trained(frames: int) -> None:
    torch.manual_seed(2)
    random = np.random.default_rng(frames)
    deviation = random.uniform(0.1, 2, CONTENT).astype(np.float32)
    deviation[-8:] = 0
    network = VoiceNetwork(random.normal(size=CONTENT).astype(np.float32), deviation, 6, 5, (2, 3)).eval()
    content = random.normal(size=(frames, CONTENT)).astype(np.float32)
    there = torch.zeros(1, frames + 20)
    there[:, :frames] = 1
    padded = np.pad(content, ((0, 20), (0, 0)))
    with torch.inference_mode():
        expected = network(torch.from_numpy(padded.T[None].copy()), there)[0, :frames].numpy()
    layers = export(network)
    assert layers[0].weight.shape == (5, CONTENT, 6) and not layers[0].weight[:, -8:].any()
    assert run_chain(layers, content) == pytest.approx(expected, abs=1e-4)


def test_it_learns_to_tell_a_voice_from_noise_and_does_not_do_it_twice(
    config: dict[str, Any], data: Path, backend: NumpyBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("parselmouth")
    few = {kind: no_voice.NO_VOICE[kind] for kind in ("noise", "applause", "clicks", "organ")}
    monkeypatch.setattr(no_voice, "NO_VOICE", few)
    layers = train_voice(config, backend, data, tmp_path / "run")
    with np.load(tmp_path / "run" / "material.npz") as kept:
        material = Material(*(kept[name] for name in Material.__dataclass_fields__))
    assert 0 < material.left_out.sum() < len(material)
    seen = Material(material.content, material.labels, material.kinds, material.starts, ~material.left_out)
    shares = shares_right(layers, seen)
    voices = np.mean([shares[kind][0] for kind in ("held", "laughter", "sobs")])
    noises = np.mean([shares[kind][0] for kind in ("noise", "applause", "clicks", SPECTRA)])
    assert voices > 0.6 and noises > 0.6

    def never(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(voice_material, "make_material", never)
    (tmp_path / "run" / "voice.npz").unlink()
    resumed = train_voice(config, backend, data, tmp_path / "run")
    assert all(np.array_equal(one.weight, two.weight) for one, two in zip(layers, resumed))
    (tmp_path / "run" / "material.npz").unlink()
    kept = train_voice(config, backend, data, tmp_path / "run")
    assert all(np.array_equal(one.bias, two.bias) for one, two in zip(layers, kept))


def test_the_same_seed_makes_the_same_material(
    config: dict[str, Any], data: Path, backend: NumpyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("parselmouth")
    monkeypatch.setattr(no_voice, "NO_VOICE", {"keys": no_voice.keys, "band": no_voice.band})
    options = {**config["voice"], "timbres": 1, "spectra": 2, "no_voices": 1}
    one, again, other = (
        voice_material.make_material(data / "speech", backend, options, seed) for seed in (4, 4, 5)
    )
    assert np.array_equal(one.content, again.content) and np.array_equal(one.labels, again.labels)
    assert len(one.content) != len(other.content)


def test_other_options_make_other_material(
    config: dict[str, Any], data: Path, backend: NumpyBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Material(
        np.zeros((0, CONTENT), np.float16),
        np.zeros(0, np.int8),
        np.zeros(0, np.int8),
        np.zeros(1, np.int64),
        np.zeros(0, bool),
    )
    made = []

    def make(*arguments: object) -> Material:
        made.append(arguments)
        return empty

    monkeypatch.setattr(voice_material, "make_material", make)
    options = config["voice"]
    for options in (config["voice"], config["voice"], {**config["voice"], "timbres": 7}):
        voice_material.prepared(data / "speech", backend, options, 1, tmp_path)
    voice_material.prepared(data / "speech", backend, options, 2, tmp_path)
    assert len(made) == 3
