"""The stage that teaches the ear what lasts: what it learns from, and that it changes nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from inference.hearing.audio import read_recording
from inference.hearing.backends import load_backend
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.motion.lips.content import PHONES
from inference.training.recipes.steady import Batches, ChainEncoder, Known, _known, made_sounds

VOICE = Path(__file__).resolve().parents[2] / "demo" / "hello.wav"
OPTIONS = {"batch": 24, "crop_frames": 200}


@pytest.fixture(scope="module")
def backend() -> NumpyBackend:
    backend = load_backend("numpy", "cpu")
    assert isinstance(backend, NumpyBackend)
    return backend


@pytest.fixture(scope="module")
def sentence(backend: NumpyBackend) -> tuple[Known, np.ndarray]:
    samples = read_recording(VOICE).samples
    return _known(samples, backend), samples


def test_the_student_begins_as_its_teacher(backend: NumpyBackend, sentence: tuple[Known, np.ndarray]) -> None:
    from inference.training.disturbances import augment

    features = augment.heard(augment.mel_of(sentence[0].power))
    student = ChainEncoder(backend.weights)
    with torch.inference_mode():
        hidden, scores = student(torch.from_numpy(features[:, :41].T[None].copy()))
    np.testing.assert_allclose(hidden[0].T.numpy(), sentence[0].bottleneck, atol=2e-3)
    np.testing.assert_allclose(torch.softmax(scores, 1)[0].T.numpy(), sentence[0].posterior, atol=2e-3)
    *encoder, phones = student.exported()
    for layer, same in zip(
        (*encoder, phones), (*backend.weights.encoder, backend.weights.phones), strict=True
    ):
        np.testing.assert_array_equal(layer.weight, same.weight)


def test_what_is_made_lasts_and_is_one_sound(sentence: tuple[Known, np.ndarray]) -> None:
    made = made_sounds([sentence[0]], [sentence[1]], 12, 1)
    assert len(made) == 12
    voiced = {PHONES.index(name) for name in PHONES if name[0] in "AEIOU" or name in {"M", "N", "L"}}
    for known in made:
        assert (
            len(known.power) > 20 and known.posterior.shape == (1, 40) and known.bottleneck.shape == (1, 64)
        )
        assert int(known.posterior[0].argmax()) in voiced


def test_batches_say_what_the_teacher_heard(sentence: tuple[Known, np.ndarray]) -> None:
    batches = Batches([sentence[0]], made_sounds([sentence[0]], [sentence[1]], 4, 1), OPTIONS, 1)
    features, posterior, bottleneck, counted = batches(3)
    assert (
        features.shape == (24, 41, 200)
        and posterior.shape == (24, 100, 40)
        and bottleneck.shape == (24, 100, 64)
    )
    assert torch.isfinite(features).all()
    there = counted > 0
    assert (there.sum(dim=1) >= 4).all()
    np.testing.assert_allclose(posterior.sum(dim=2)[there].numpy(), 1, atol=1e-3)
    assert (posterior[~there] == 0).all()
    same = batches(3)
    assert all(
        (one == other).all()
        for one, other in zip((features, posterior, bottleneck, counted), same, strict=True)
    )
    # Some rows have one sound that lasts for most of their time: longer than any in the sentence.
    longest = max(
        np.diff(np.flatnonzero(np.diff(row.argmax(dim=1).numpy(), prepend=-1, append=-1))).max()
        for row in posterior
    )
    assert longest > 40
