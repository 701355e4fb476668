"""From corpora to ``checkpoints/content.npz``: encoder, labels of its own, decoder, teacher, all together, once more, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from inference.errors import EngineError
from inference.hearing.backends.weights import save_weights
from inference.training.filmed_corpora.faces import filmed_faces
from inference.training.filmed_corpora.realign import realign
from inference.training.filmed_corpora.sync import in_sync
from inference.training.networks.content import Decoder, Encoder, export
from inference.training.recipes.decoder import load_decoder, train_decoder
from inference.training.recipes.encoder import load_encoder, train_encoder
from inference.training.recipes.joint import mean_of, train_together
from inference.training.recipes.teacher import load_teacher, train_teacher

CONFIGS = Path(__file__).parent.parent / "configs"
_TABLES = ("seed", "first", "encoder", "deeper", "decoder", "teacher", "together", "again")
"""What of the configuration the weights file keeps."""
CREDITS = [
    "GRID audio-visual sentence corpus, Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0, Zenodo 3625687",
    "speechocean762, Zhang et al. 2021, free for commercial and non-commercial use",
    "flite voices slt, rms, awb, kal16, kal, Carnegie Mellon University",
    "festival voices of Debian 12: kal, ked, slt, lp, pc, lj, mv, dita, krb, machac, ph, ona, hi_nsk, te_nsk",
    "eSpeak NG 1.51, 41 languages",
]


def read_config(paths: Sequence[Path] = ()) -> dict[str, Any]:
    """What ships (``configs/content.toml``, ``landmarks.toml`` and ``speaker.toml``), with what some TOML files say instead.

    Args:
        paths: tables of a later file change the values of an earlier one, key by key.

    Raises:
        EngineError: where a file is missing or is not TOML (code ``bad_config``).
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    config: dict[str, Any] = {}
    for path in (*(CONFIGS / f"{name}.toml" for name in ("content", "landmarks", "speaker")), *paths):
        try:
            with path.open("rb") as file:
                found = tomllib.load(file)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise EngineError(
                f"{path} cannot be read as a configuration ({error}): compare it with those in {CONFIGS}.",
                "bad_config",
            ) from error
        for key, value in found.items():
            config[key] = {**config.get(key, {}), **value} if isinstance(value, dict) else value
    return config


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

    The stages of ``content``, each in its own folder below ``runs``: ``first``, an encoder on PocketSphinx's times;
    ``labels``, the times found again by it; ``encoder``, on those and on the synthetic voices; ``deeper``, the same with more
    layers. Those of ``landmarks``: ``decoder``, on its content features; ``teacher``, from phones to faces without a voice;
    ``together``, encoder and decoder at once, several times and averaged; ``again``, the same from there, more gently.

    Args:
        config: see :func:`read_config`.
        speech: folder of labelled speech (``prepare speech``, ``grid-speech``, ``synthetic``).
        corpus: prepared GRID corpus (``prepare video``).
        data: folder with ``speech/utterances.tsv`` and ``grid/alignments``, to align again.
        runs: folder for the runs; a stage that is finished in it is used as it is.
        output: the ``.npz`` to write.
        part: ``content`` (the encoder alone, nothing is written), ``landmarks`` (the rest, on an encoder that is there)
            or ``all``.
        leave_out: see :func:`inference.training.filmed_corpora.faces.filmed_faces`.
        device: ``cpu`` or ``cuda``.
        threads: CPU threads.
    """
    torch.set_num_threads(threads)
    labels, first, shallow, encoder_path = (
        runs / "labels",
        *(runs / stage / "encoder.pt" for stage in ("first", "encoder", "deeper")),
    )
    decoder_path, teacher_path = runs / "decoder" / "decoder.pt", runs / "teacher" / "teacher.pt"
    if part == "landmarks" and not encoder_path.is_file():
        raise EngineError(
            f"{encoder_path} is missing: run `train content` with the same --runs first.", "no_encoder"
        )
    if not encoder_path.is_file():
        if not shallow.is_file():
            if not first.is_file():
                train_encoder(_stage(config, "first"), speech, first.parent, device)
            aligned, total = realign(
                load_encoder(first), speech, data / "speech" / "utterances.tsv", corpus, data / "grid" / "alignments", labels
            )  # fmt: skip
            print(f"aligned {aligned} of {total} utterances again", flush=True)
            train_encoder(config, labels, shallow.parent, device)
        train_encoder(_stage(config, "deeper"), labels, encoder_path.parent, device, start=shallow)
    encoder = load_encoder(encoder_path)
    if part == "content":
        return
    ends = {stage: runs / stage / "together.pt" for stage in ("together", "again")}

    def networks(start: Path | None) -> tuple[Encoder, Decoder]:
        pair = load_encoder(encoder_path), load_decoder(decoder_path)[0]
        if start is not None:
            for network, name in zip(pair, ("encoder", "decoder"), strict=True):
                network.load_state_dict(torch.load(start, weights_only=True)[name])
        return pair

    if not all(end.is_file() for end in ends.values()):
        filmed = filmed_faces(corpus, labels, float(config["decoder"]["s4_weight"]), leave_out)
        if not decoder_path.is_file():
            train_decoder(config, encoder, filmed, runs / "decoder", device)
        decoder, basis = load_decoder(decoder_path)
        filmed = in_sync(encoder.cpu(), decoder, basis, filmed)
        if not teacher_path.is_file():
            train_teacher(config, basis, filmed, runs / "teacher", device)
        for stage, start in (("together", None), ("again", ends["together"])):
            if ends[stage].is_file():
                continue
            options = {**config["together"], **config[stage]}
            runs_of_stage = [
                train_together(
                    {**config, "seed": seed, "together": options}, *networks(start), load_teacher(teacher_path),
                    basis, labels, filmed, runs / stage / str(seed), device,
                )
                for seed in options["seeds"]
            ]  # fmt: skip
            torch.save(mean_of([torch.load(end, weights_only=True) for end in runs_of_stage]), ends[stage])
    (encoder, decoder), basis = networks(ends["again"]), load_decoder(decoder_path)[1]
    metadata = {
        "name": config["name"],
        "version": config["version"],
        "corpora": CREDITS,
        "config": json.loads(json.dumps({key: config[key] for key in _TABLES})),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    save_weights(output, export(encoder.eval(), decoder.eval(), basis, metadata))
    print(f"wrote {output} ({output.stat().st_size / 1e6:.2f} MB)")


def _stage(config: dict[str, Any], name: str) -> dict[str, Any]:
    """The configuration of an encoder that differs from ``encoder`` by the table of this name."""
    return {**config, "encoder": {**config["encoder"], **config[name]}}
