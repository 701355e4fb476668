"""The torch networks that are trained, and the chain of layers that ships, are one and the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from inference.hearing.backends import load_backend
from inference.hearing.backends.weights import save_weights
from inference.hearing.features import FEATURES
from inference.training.networks.content import Decoder, Encoder, export


@pytest.fixture
def networks() -> tuple[Encoder, Decoder]:
    """Random networks with running statistics that are not trivial."""
    torch.manual_seed(3)
    encoder, decoder = Encoder(), Decoder()
    for _ in range(3):
        encoder(torch.randn(4, FEATURES, 200) * 1.3 + 0.2)
    return encoder.eval(), decoder.eval()


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_export_keeps_the_networks(networks: tuple[Encoder, Decoder], backend: str, tmp_path: Path) -> None:
    encoder, decoder = networks
    basis = np.random.default_rng(0).normal(size=(14, 68, 3))
    path = tmp_path / "content.npz"
    save_weights(path, export(encoder, decoder, basis, {"name": "test", "version": "0"}))
    features = np.random.default_rng(1).normal(size=(333, FEATURES)).astype(np.float32)
    heard = load_backend(backend, "cpu", path).run(features)
    phones, motion = heard.phones, heard.motion
    assert (heard.voice > 5).all()  # until one is trained, everything may be a voice
    with torch.inference_mode():
        content = encoder.content(torch.from_numpy(features.T[None].copy()))
        expected = decoder(content)[0].T.numpy()
    assert phones.shape == (167, 40) and motion.shape == (167, 14)
    # Half-precision storage is the only difference.
    assert np.abs(phones - content[0, 64:104].T.numpy()).max() < 5e-3
    assert np.abs(motion - expected).max() < 2e-2 * np.abs(expected).max()


def test_decoder_sees_what_its_layers_reach(networks: tuple[Encoder, Decoder]) -> None:
    _, decoder = networks
    content = torch.zeros(1, 113, 201, requires_grad=True)
    torch.manual_seed(0)
    decoder(content + torch.randn(1, 113, 201))[0, :, 100].sum().backward()
    seen = content.grad[0].abs().sum(dim=0).nonzero()[:, 0]
    reach = round(0.64 * 50)  # what the docstring and the model card say
    assert seen.min() == 100 - reach and seen.max() == 100 + reach
