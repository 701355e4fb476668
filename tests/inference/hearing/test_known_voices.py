"""Voices that a checkpoint knows: who is told, who stays a stranger, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend, available_backends, load_backend
from inference.hearing.backends.known import KnownVoices
from inference.hearing.backends.weights import Layer, Weights, load_weights, save_weights, shared
from inference.hearing.features import mel_power
from inference.hearing.known_voices import embeddings_of, for_speaker, known_share
from inference.hearing.speaker_encoder import load_speaker_encoder, unit
from inference.motion.lips.content import ContentMotion, content_motion
from inference.paths import CHECKPOINTS, ENGINE_ROOT

CONTENT = CHECKPOINTS / "content.npz"


def voice(name: str) -> np.ndarray:
    return read_recording(ENGINE_ROOT / "demo" / "voices" / f"{name}.wav").samples


def knows(name: str, **changes: object) -> KnownVoices:
    """One voice is known, and surely where it is as much like itself as a recording of it is."""
    encoder = load_speaker_encoder()
    centre = unit(embeddings_of(mel_power(voice(name)), encoder).mean(axis=0))[None]
    bounds, shares = np.array([[0.7, 0.9]]), np.array([[0.5, 1.0]])
    whole = KnownVoices((name,), encoder.model_id, np.eye(len(centre[0])), centre, bounds, shares)
    return replace(whole, **changes)  # type: ignore[arg-type]


def weights_that_know(name: str) -> Weights:
    """What ships, but that it knows this voice alone, by a decoder of its own: the first of the others, twice as lively."""
    plain = load_weights(CONTENT)
    chain = plain.decoders[0]
    return replace(
        plain, known=knows(name), knowing=chain, knowing_basis=plain.basis[: len(chain[-1].bias)] * 2
    )


def with_weights(weights: Weights, backend: str = "numpy") -> Backend:
    return load_backend(backend, "cpu").with_weights(weights)


def same(one: ContentMotion, other: ContentMotion) -> bool:
    return one.displacement.tobytes() == other.displacement.tobytes()


def test_only_the_known_voice_is_changed_and_no_stranger_by_a_bit() -> None:
    weights = weights_that_know("woman")
    knowing, plain = with_weights(weights), with_weights(replace(weights, known=None))
    for name, changed in (("woman", True), ("man", False), ("child", False)):
        motions = [content_motion(voice(name), backend) for backend in (knowing, plain)]
        assert same(*motions) is not changed
        assert np.array_equal(motions[0].phones, motions[1].phones)


def test_a_known_voice_is_told_softly_and_loudly_and_in_noise() -> None:
    known, samples = knows("woman"), voice("woman")
    noise = np.random.default_rng(1).normal(0, 1, len(samples)).astype(np.float32)
    noise *= np.float32(samples.std() / 100)
    for sound in (samples * 0.01, samples * 1.5, samples + noise, np.tile(samples, 8)):
        share = known_share(mel_power(sound), known)
        assert share is not None and share == pytest.approx([0.5, 1.0], abs=0.25)


def test_what_is_not_surely_one_known_voice_is_a_strangers() -> None:
    known, woman, man = knows("woman"), voice("woman"), voice("man")
    word = woman[: int(0.7 * SAMPLE_RATE)]
    empty = (np.zeros(0, np.float32), np.zeros(50000, np.float32), np.full(50000, np.nan, np.float32))
    for sound in (word, np.concatenate([woman, man]), np.concatenate([*[woman] * 9, *[man] * 3]), *empty):
        assert known_share(mel_power(np.nan_to_num(sound)), known) is None
    assert known_share(mel_power(woman), None) is None
    assert known_share(mel_power(woman), replace(known, encoder="another-1")) is None
    assert known_share(mel_power(woman), replace(known, shares=np.zeros((1, 2)))) is None


def test_a_long_recording_is_not_listened_to_longer() -> None:
    encoder, power = load_speaker_encoder(), mel_power(voice("woman"))
    assert len(embeddings_of(np.tile(power, (60, 1)), encoder)) == 10
    assert 1 <= len(embeddings_of(power, encoder)) <= 3


def test_between_the_bounds_a_voice_is_more_and_more_the_known_one() -> None:
    known, power = knows("woman"), mel_power(voice("woman"))
    alike = float(known.likenesses(embeddings_of(power, load_speaker_encoder()))[0, 0])
    shares = []
    for low in (alike - 0.2, alike - 0.15, alike - 0.1, alike - 0.05, alike):
        share = known_share(power, replace(known, bounds=np.array([[low, low + 0.2]])))
        shares.append(0.0 if share is None else float(share[1]))
    assert shares[0] == pytest.approx(1, abs=1e-4) and shares[-1] == pytest.approx(0, abs=1e-4)
    assert shares == sorted(shares, reverse=True)


def test_several_pieces_are_surer_than_the_least_alike_of_them() -> None:
    voices = KnownVoices(
        ("one",), "", np.eye(2), np.array([[1.0, 0.0]]), np.array([[0.8, 0.9]]), np.ones((1, 2))
    )

    def certainty(*cosines: float) -> float:
        pieces = np.array([[cosine, np.sqrt(1 - cosine**2)] for cosine in cosines])
        return float(voices.certainties(pieces)[0])

    assert certainty(0.85) == pytest.approx(0.5)
    assert certainty(0.81, 0.97, 0.95) == pytest.approx(1)
    assert certainty(0.81, 0.89) == pytest.approx(0.5)
    assert certainty(0.79, *[0.99] * 9) == 0


def test_shares_are_of_opening_and_of_width_apart() -> None:
    weights = weights_that_know("woman")
    both = shared(weights, np.array([0.25, 1.0], np.float32))
    own = len(weights.knowing_basis)
    np.testing.assert_allclose(both.basis[:-own, :, 0], 0)
    np.testing.assert_allclose(both.basis[:-own, :, 1:], weights.basis[..., 1:] * 0.75)
    np.testing.assert_allclose(both.basis[-own:, :, 0], weights.knowing_basis[..., 0])
    np.testing.assert_allclose(both.basis[-own:, :, 1:], weights.knowing_basis[..., 1:] * 0.25)
    assert len(both.decoders) == len(weights.decoders) + 1


@pytest.mark.parametrize("name", available_backends())
def test_every_backend_follows_a_known_voice(name: str) -> None:
    weights, power = weights_that_know("woman"), mel_power(voice("woman"))
    backend = for_speaker(with_weights(weights, name), power)
    assert len(backend.weights.decoders) == len(weights.decoders) + 1
    made = content_motion(voice("woman"), backend).displacement
    np.testing.assert_allclose(
        made, content_motion(voice("woman"), with_weights(weights)).displacement, atol=1e-3
    )
    stranger = with_weights(weights, name)
    assert for_speaker(stranger, mel_power(voice("man"))) is stranger


@pytest.mark.parametrize("by_first", [True, False])
def test_what_is_known_is_kept_in_the_file(tmp_path: Path, by_first: bool) -> None:
    weights = weights_that_know("woman")
    first = replace(weights, decoders=(weights.knowing,), basis=weights.knowing_basis, known=None)
    path = tmp_path / "knows.npz"
    save_weights(path, weights, first if by_first else None)
    loaded = load_weights(path)
    assert loaded.known is not None and weights.known is not None
    assert loaded.known.names == ("woman",) and loaded.metadata == weights.metadata
    np.testing.assert_allclose(loaded.known.centres, weights.known.centres, atol=1e-3)
    np.testing.assert_allclose(loaded.knowing[0].weight, weights.knowing[0].weight, atol=1e-3)
    np.testing.assert_allclose(loaded.knowing_basis, weights.knowing_basis, atol=1e-3)
    assert len(loaded.decoders) == len(weights.decoders)


@pytest.mark.parametrize(
    "changes",
    [
        {"bounds": np.array([[0.9, 0.7]])},
        {"bounds": np.array([[0.7, np.nan]])},
        {"shares": np.zeros((2, 2))},
        {"names": ("woman", "man")},
        {"centres": np.zeros((1, 3))},
    ],
)
def test_known_voices_that_cannot_be_are_told(tmp_path: Path, changes: dict[str, object]) -> None:
    weights = weights_that_know("woman")
    path = tmp_path / "bad.npz"
    save_weights(path, replace(weights, known=knows("woman", **changes)))
    with pytest.raises(EngineError, match="is damaged") as refused:
        load_weights(path)
    assert refused.value.code == "bad_weights"


def test_a_knowing_decoder_of_another_network_is_told(tmp_path: Path) -> None:
    weights = weights_that_know("woman")
    chain = (
        Layer(np.zeros((1, 7, len(weights.knowing_basis)), np.float32), np.zeros(len(weights.knowing_basis))),
    )
    save_weights(tmp_path / "bad.npz", replace(weights, knowing=chain))
    with pytest.raises(EngineError, match="older"):
        load_weights(tmp_path / "bad.npz")


def test_sample_voices_are_strangers_to_what_ships() -> None:
    known = load_weights(CONTENT).known
    assert known is not None and set(known.names) == {"s1", "s4"}
    for name in ("woman", "man", "child"):
        assert known_share(mel_power(voice(name)), known) is None
