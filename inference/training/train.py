"""From corpora to ``checkpoints/content.npz``: encoder, decoder, export."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import torch

from inference.backends.weights import save_weights
from inference.models.content import export
from inference.training.decoder import load_decoder, train_decoder
from inference.training.encoder import load_encoder, train_encoder

CONFIG = Path(__file__).parent / "configs" / "content.toml"
CREDITS = [
    "GRID audio-visual sentence corpus, Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0, Zenodo 3625687",
    "speechocean762, Zhang et al. 2021, free for commercial and non-commercial use",
    "flite voices slt, rms, awb, kal16, Carnegie Mellon University",
]


def read_config(path: Path) -> dict[str, Any]:
    """The parsed TOML file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def train(
    config: dict[str, Any],
    speech: Path,
    corpus: Path,
    runs: Path,
    output: Path,
    part: str = "all",
    leave_out: str = "",
    device: str = "cpu",
    threads: int = 2,
) -> None:
    """Trains what is missing and writes the weights file; may be stopped and started again at any time.

    Args:
        config: see ``configs/content.toml``.
        speech: folder of labelled speech (``prepare speech``).
        corpus: prepared GRID corpus (``prepare video``).
        runs: folder for the runs; a finished encoder or decoder in it is used as it is.
        output: the ``.npz`` to write.
        part: ``encoder``, ``decoder`` or ``all``.
        leave_out: see :func:`inference.training.decoder.train_decoder`.
        device: ``cpu`` or ``cuda``.
        threads: CPU threads.
    """
    torch.set_num_threads(threads)
    encoder_path, decoder_path = runs / "encoder" / "encoder.pt", runs / "decoder" / "decoder.pt"
    if part in ("all", "encoder") and not encoder_path.is_file():
        train_encoder(config, speech, runs / "encoder", device)
    if part == "encoder":
        return
    encoder = load_encoder(encoder_path)
    if not decoder_path.is_file():
        train_decoder(config, encoder, corpus, runs / "decoder", leave_out, device)
    decoder, basis = load_decoder(decoder_path)
    metadata = {
        "name": config["name"],
        "version": config["version"],
        "corpora": CREDITS,
        "config": json.loads(json.dumps({key: config[key] for key in ("seed", "encoder", "decoder")})),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    save_weights(output, export(encoder.cpu(), decoder.cpu(), basis, metadata))
    print(f"wrote {output} ({output.stat().st_size / 1e6:.2f} MB)")
