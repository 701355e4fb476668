"""From corpora to ``checkpoints/content.npz``: encoder, labels of its own, decoder, both together, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tomllib
import torch

from inference.backends.weights import save_weights
from inference.models.content import export
from inference.training.decoder import load_decoder, train_decoder
from inference.training.encoder import load_encoder, train_encoder
from inference.training.joint import train_together
from inference.training.realign import realign

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
    data: Path,
    runs: Path,
    output: Path,
    part: str = "all",
    leave_out: str = "",
    device: str = "cpu",
    threads: int = 2,
) -> None:
    """Trains what is missing and writes the weights file; may be stopped and started again at any time.

    Stages, each in its own folder below ``runs``: ``encoder`` on PocketSphinx's and flite's times; ``labels``, found again by
    that encoder; ``decoder`` on its content features; ``together`` both on the new labels.

    Args:
        config: see ``configs/content.toml``.
        speech: folder of labelled speech (``prepare speech``).
        corpus: prepared GRID corpus (``prepare video``).
        data: folder with ``speech/utterances.tsv`` and ``grid/alignments``, to align again.
        runs: folder for the runs; a stage that is finished in it is used as it is.
        output: the ``.npz`` to write.
        part: ``encoder``, ``decoder`` (that far, nothing is written) or ``all``.
        leave_out: see :func:`inference.training.decoder.train_decoder`.
        device: ``cpu`` or ``cuda``.
        threads: CPU threads.
    """
    torch.set_num_threads(threads)
    encoder_path, decoder_path = runs / "encoder" / "encoder.pt", runs / "decoder" / "decoder.pt"
    together_path, labels = runs / "together" / "together.pt", runs / "labels"
    if not encoder_path.is_file():
        train_encoder(config, speech, runs / "encoder", device)
    encoder = load_encoder(encoder_path)
    if part == "encoder":
        return
    if not decoder_path.is_file():
        train_decoder(config, encoder, corpus, runs / "decoder", leave_out, device)
    if part == "decoder":
        return
    decoder, basis = load_decoder(decoder_path)
    if not together_path.is_file():
        aligned, total = realign(
            encoder.cpu(),
            speech,
            data / "speech" / "utterances.tsv",
            corpus,
            data / "grid" / "alignments",
            labels,
        )
        print(f"aligned {aligned} of {total} utterances again", flush=True)
        train_together(config, encoder, decoder, basis, labels, corpus, runs / "together", leave_out, device)
    saved = torch.load(together_path, weights_only=True)
    encoder.cpu().load_state_dict(saved["encoder"])
    decoder.cpu().load_state_dict(saved["decoder"])
    metadata = {
        "name": config["name"],
        "version": config["version"],
        "corpora": CREDITS,
        "config": json.loads(
            json.dumps({key: config[key] for key in ("seed", "encoder", "decoder", "together")})
        ),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    save_weights(output, export(encoder.eval(), decoder.eval(), basis, metadata))
    print(f"wrote {output} ({output.stat().st_size / 1e6:.2f} MB)")
