"""The network's runtime, on weights made up here: both backends agree, blocks leave no seams, bad files are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.hearing.backends import available_backends, hear, load_backend, weights
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import Heard, Layer, Weights, load_weights, save_weights
from inference.hearing.features import FEATURES, PAUSE_BANDS, SPEECH_FEATURES, mel_power, normalise
from inference.hearing.tones import TONE_FEATURES, tones


def random_layer(
    random: np.random.RandomState, kernel: int, inputs: int, outputs: int, **options: object
) -> Layer:
    scale = 1 / np.sqrt(kernel * inputs)
    return Layer(
        random.normal(0, scale, (kernel, inputs, outputs)).astype(np.float32),
        random.normal(0, 0.1, outputs).astype(np.float32),
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def made_up() -> Weights:
    random = np.random.RandomState(0)
    return Weights(
        encoder=(
            random_layer(random, 5, 41, 24, stride=2),
            random_layer(random, 3, 24, 24, dilation=4, residual=True),
            random_layer(random, 1, 24, 16, activation="tanh"),
        ),
        phones=random_layer(random, 1, 16, 40, activation="none"),
        decoders=(
            (
                random_layer(random, 5, 57 + PAUSE_BANDS, 20, dilation=2),
                random_layer(random, 1, 20, 6, activation="none"),
            ),
            (random_layer(random, 9, 57 + PAUSE_BANDS, 3, activation="none"),),
        ),
        voice=(random_layer(random, 7, 57 + PAUSE_BANDS, 1, activation="none"),),
        basis=random.normal(0, 0.1, (9, 68, 3)).astype(np.float32),
        metadata={"name": "made-up", "version": "3"},
    )


@pytest.fixture
def weights_file(made_up: Weights, tmp_path: Path) -> Path:
    save_weights(tmp_path / "made-up.npz", made_up)
    return tmp_path / "made-up.npz"


def sound(frames: int) -> np.ndarray:
    return np.random.RandomState(1).standard_normal((frames, FEATURES)).astype(np.float32)


def arrays(heard: Heard) -> tuple[np.ndarray, ...]:
    return heard.phones, heard.motion, heard.voice


def test_a_decoder_that_is_kept_for_training_is_not_run(
    made_up: Weights, weights_file: Path, tmp_path: Path
) -> None:
    kept = replace(made_up, decoders=made_up.decoders[:1], basis=made_up.basis[:6] * 7)
    save_weights(tmp_path / "both.npz", made_up, kept)
    plain, both = load_weights(weights_file), load_weights(tmp_path / "both.npz")
    assert len(both.decoders) == 2 and (both.basis == plain.basis).all() and both.margin == plain.margin
    for backend in (NumpyBackend(plain), NumpyBackend(both)):
        assert backend.run(sound(50)).motion.shape == (25, 9)


def test_both_backends_agree(weights_file: Path) -> None:
    pytest.importorskip("torch", reason="torch belongs to the full engine")
    results = [load_backend(name, "cpu", weights_file).run(sound(3001)) for name in ("numpy", "torch")]
    for embedded, full in zip(*map(arrays, results)):
        np.testing.assert_allclose(embedded, full, atol=1e-5)


@pytest.mark.parametrize("name", available_backends())
@pytest.mark.parametrize("frames", [1, 2, 99, 100, 101, 250, 301])
def test_blocks_leave_no_seams(
    weights_file: Path, name: str, frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = load_backend(name, "cpu", weights_file)
    whole = backend.run(sound(frames))
    monkeypatch.setattr(weights, "_BLOCK", 100)
    for pieces, at_once in zip(arrays(backend.run(sound(frames))), arrays(whole)):
        assert len(at_once) == -(-frames // 2)
        np.testing.assert_allclose(pieces, at_once, atol=1e-5)


def test_posteriors_are_probabilities(weights_file: Path) -> None:
    phones = load_backend("numpy", "cpu", weights_file).run(sound(200)).phones
    np.testing.assert_allclose(phones.sum(axis=1), 1, atol=1e-5)
    assert phones.min() >= 0


@pytest.mark.parametrize("name", available_backends())
def test_phones_alone_are_those_of_all_that_is_heard(weights_file: Path, name: str) -> None:
    backend, features = load_backend(name, "cpu", weights_file), sound(301)
    np.testing.assert_array_equal(backend.phones(features), backend.run(features).phones)


def test_what_is_saved_is_what_is_loaded(made_up: Weights, weights_file: Path) -> None:
    loaded = load_weights(weights_file)
    assert loaded.model_id == "made-up-3"
    assert [layer.dilation for layer in loaded.encoder] == [1, 4, 1]
    assert loaded.encoder[0].stride == 2
    np.testing.assert_allclose(loaded.encoder[1].weight, made_up.encoder[1].weight, atol=2e-3)


def test_the_margin_covers_the_whole_network(made_up: Weights) -> None:
    # 2 of the stem, then 4 + 4 at half the rate; the second decoder and the voice see no further
    assert made_up.margin == 2 * (2 + 4 + 4)
    far = replace(made_up, voice=(Layer(np.zeros((41, 65, 1), np.float32), np.zeros(1, np.float32)),))
    assert far.margin == 2 * (2 + 4 + 20)


def test_each_decoder_has_its_own_part_of_the_basis(
    made_up: Weights, weights_file: Path, tmp_path: Path
) -> None:
    whole = load_backend("numpy", "cpu", weights_file).run(sound(120)).motion
    assert whole.shape == (60, 9)
    alone = replace(made_up, decoders=made_up.decoders[1:], basis=made_up.basis[6:])
    save_weights(tmp_path / "alone.npz", alone)
    np.testing.assert_allclose(
        load_backend("numpy", "cpu", tmp_path / "alone.npz").run(sound(120)).motion, whole[:, 6:], atol=1e-5
    )


@pytest.fixture
def with_tones(made_up: Weights, tmp_path: Path) -> Path:
    """The same network, its voice chain told of tones, too: 1 where the sound is periodic, whatever else is heard."""
    weight = np.zeros((3, made_up.content_width + TONE_FEATURES, 1), np.float32)
    weight[1, made_up.content_width] = 1
    save_weights(
        tmp_path / "tones.npz",
        replace(made_up, voice=(Layer(weight, np.zeros(1, np.float32), activation="none"),)),
    )
    return tmp_path / "tones.npz"


@pytest.mark.parametrize("name", available_backends())
def test_only_the_voice_chain_hears_tones_and_only_if_its_weights_ask(
    weights_file: Path, with_tones: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = np.sin(2 * np.pi * 200 * np.arange(16123) / 16000).astype(np.float32)
    plain, told = (load_backend(name, "cpu", path) for path in (weights_file, with_tones))
    assert (plain.weights.hears_tones, told.weights.hears_tones) == (False, True)
    older, newer = hear(samples, plain), hear(samples, told)
    np.testing.assert_allclose(newer.voice, tones(samples)[:, 0], atol=1e-3)
    for one, other in ((older.phones, newer.phones), (older.motion, newer.motion)):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(older.voice, plain.run(normalise(mel_power(samples))).voice)
    monkeypatch.setattr(weights, "_BLOCK", 30)
    np.testing.assert_allclose(hear(samples, told).voice, newer.voice, atol=1e-5)


@pytest.mark.parametrize("more", [-1, 1, TONE_FEATURES - 1, TONE_FEATURES + 40])
def test_a_voice_chain_that_hears_something_else_is_told(made_up: Weights, tmp_path: Path, more: int) -> None:
    odd = Layer(np.zeros((1, made_up.content_width + more, 1), np.float32), np.zeros(1, np.float32))
    save_weights(tmp_path / "odd.npz", replace(made_up, voice=(odd,)))
    with pytest.raises(EngineError, match="older Talking Animation") as caught:
        load_weights(tmp_path / "odd.npz")
    assert caught.value.code == "bad_weights"


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"text"])
def test_a_missing_or_damaged_model_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "content.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        load_weights(path)
    assert caught.value.code == "bad_weights"
    assert str(path) in caught.value.message


def test_a_model_of_a_newer_format_is_told(
    made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "FORMAT_VERSION", 99)
    save_weights(tmp_path / "new.npz", made_up)
    monkeypatch.undo()
    with pytest.raises(EngineError, match="newer"):
        load_weights(tmp_path / "new.npz")


def test_a_model_that_hears_no_pauses_is_told(made_up: Weights, tmp_path: Path) -> None:
    first, *others = made_up.decoders[0]
    deaf = replace(first, weight=first.weight[:, :-PAUSE_BANDS])
    save_weights(tmp_path / "old.npz", replace(made_up, decoders=((deaf, *others), *made_up.decoders[1:])))
    with pytest.raises(EngineError, match="older") as caught:
        load_weights(tmp_path / "old.npz")
    assert caught.value.code == "bad_weights"


def test_pauses_are_heard_only_where_nobody_speaks(made_up: Weights) -> None:
    features = sound(200)
    content = NumpyBackend(made_up).content(features)
    rise, silence = content[:, -PAUSE_BANDS:], content[:, 16]
    np.testing.assert_allclose(rise, features[::2, -PAUSE_BANDS:] * silence[:, None], rtol=1e-5)
    np.testing.assert_allclose(content[:, -PAUSE_BANDS - 1], features[::2, SPEECH_FEATURES - 1])


@pytest.mark.parametrize(("name", "device"), [("jax", "cpu"), ("numpy", "cuda"), ("numpy", "tpu")])
def test_what_is_not_there_is_told(weights_file: Path, name: str, device: str) -> None:
    with pytest.raises(EngineError) as caught:
        load_backend(name, device, weights_file)
    assert caught.value.code == "backend_unavailable"


def test_without_torch_the_remedy_is_named(weights_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.hearing.backends.find_spec", lambda name: None)
    with pytest.raises(EngineError, match="full engine"):
        load_backend("torch", "cpu", weights_file)
    assert type(load_backend("auto", "auto", weights_file)).__name__ == "NumpyBackend"


def test_a_model_of_before_voices_were_known_is_told(made_up: Weights, tmp_path: Path) -> None:
    parts = {"encoder": made_up.encoder, "phones": (made_up.phones,), "decoder": made_up.decoders[0]}
    weights.write_layers(tmp_path / "old.npz", parts, made_up.metadata, basis=made_up.basis)
    with pytest.raises(EngineError, match="older"):
        load_weights(tmp_path / "old.npz")
