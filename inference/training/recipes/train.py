"""From corpora to ``checkpoints/content.npz``: encoder, its own labels, decoder, teacher, all together, and the last stages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from inference.errors import EngineError
from inference.face.cores import threads_wanted
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import (
    FIRST,
    FIRST_BASIS,
    KNOWN,
    Weights,
    all_is_voice,
    load_weights,
    read_layers,
    save_weights,
)
from inference.training.filmed_corpora.faces import Example, filmed_faces, voted_faces
from inference.training.filmed_corpora.realign import realign
from inference.training.filmed_corpora.sync import in_sync
from inference.training.networks.content import Decoder, Encoder, export
from inference.training.recipes.decoder import load_decoder, train_decoder
from inference.training.recipes.encoder import load_encoder, train_encoder
from inference.training.recipes.joint import Learned, mean_of, train_together
from inference.training.recipes.known import with_known
from inference.training.recipes.run import tell_written
from inference.training.recipes.steady import train_steady
from inference.training.recipes.teacher import load_teacher, train_teacher
from inference.training.recipes.voice import train_voice
from inference.training.recipes.voted import train_voted

_TABLES = (
    "seed", "first", "encoder", "deeper", "decoder", "teacher", "together", "again", "steady", "voice", "voted", "known",
)  # fmt: skip
"""What of the configuration the weights file keeps."""
_PAIRS = {"together": None, "again": "together"}
"""Stage in which encoder and decoder are trained at once → the one whose networks it goes on from."""
CREDITS = [
    "GRID audio-visual sentence corpus, Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0, Zenodo 3625687",
    "speechocean762, Zhang et al. 2021, free for commercial and non-commercial use",
    "flite voices slt, rms, awb, kal16, kal, Carnegie Mellon University",
    "festival voices of Debian 12: kal, ked, slt, lp, pc, lj, mv, dita, krb, machac, ph, ona, hi_nsk, te_nsk",
    "eSpeak NG 1.51, 41 languages",
]


@dataclass(frozen=True)
class Places:
    """Where a training reads and writes.

    Attributes:
        speech: folder of labelled speech (``prepare speech``, ``grid-speech``, ``synthetic``).
        corpus: prepared GRID corpus (``prepare video``).
        data: folder with ``speech/utterances.tsv`` and ``grid/alignments``, to align again.
        runs: folder for the runs; a stage that is finished in it is used as it is.
        output: the ``.npz`` to write.
    """

    speech: Path
    corpus: Path
    data: Path
    runs: Path
    output: Path

    @property
    def labels(self) -> Path:
        """Folder of the speech that the first encoder labelled."""
        return self.runs / "labels"

    @property
    def decoder(self) -> Path:
        """The trained decoder."""
        return self.runs / "decoder" / "decoder.pt"

    @property
    def teacher(self) -> Path:
        """The trained teacher."""
        return self.runs / "teacher" / "teacher.pt"

    def encoder(self, stage: str = "deeper") -> Path:
        """The encoder that a stage ends with."""
        return self.runs / stage / "encoder.pt"

    def weights(self, stage: str) -> Path:
        """The weights file that one of the last stages ends with."""
        return self.runs / stage / "content.npz"

    def pair(self, stage: str) -> Path:
        """Encoder and decoder that a stage ends with."""
        return self.runs / stage / "together.pt"


def train(
    config: dict[str, Any],
    places: Places,
    part: str = "all",
    leave_out: str = "",
    device: str = "cpu",
    threads: int | None = None,
    start: Path | None = None,
) -> None:
    """Trains what is missing and writes the weights file; may be stopped and started again at any time.

    The stages of ``content``, each in its own folder below ``runs``: ``first``, an encoder on PocketSphinx's times;
    ``labels``, the times found again by it; ``encoder``, on those and on the synthetic voices; ``deeper``, the same with more
    layers. Those of ``landmarks``: ``decoder``, on its content features; ``teacher``, from phones to faces without a voice;
    ``together``, encoder and decoder at once, several times and averaged; ``again``, the same from there, more gently. Then come
    ``steady``, the encoder on what lasts and what stands alone; ``voice``, what tells a voice from music and noise; ``voted``,
    decoders with one vote for every filmed speaker, made of the one that there is; ``known``, the voices of all
    with many clips.

    Args:
        config: see :func:`inference.training.recipes.configuration.read_config`.
        places: where to read and write.
        part: ``content`` (the encoder alone, nothing is written), ``landmarks`` (the rest, on an encoder that is there),
            ``all``, or with ``start`` ``lips`` (the last four stages), ``voted`` (the last two) or ``known`` (the last alone).
        leave_out: see :func:`inference.training.filmed_corpora.faces.filmed_faces`.
        device: ``cpu`` or ``cuda``.
        threads: of the CPU; two where the environment does not ask for fewer.
        start: a weights file whose encoder and first decoder the last stages go on from, ``known`` with the others, too.

    Raises:
        EngineError: ``landmarks`` has no encoder to go on from (code ``no_encoder``), or the deeper encoder has fewer layers
            than the other (code ``bad_config``).
    """
    torch.set_num_threads(threads or threads_wanted(2))
    if part == "landmarks" and not places.encoder().is_file():
        raise EngineError(
            f"{places.encoder()} is missing: run `train content` with the same --runs first.", "no_encoder"
        )
    if start is None:
        _train_content(config, places, device)
        if part == "content":
            return
        if not all(places.pair(stage).is_file() for stage in _PAIRS):
            _train_landmarks(config, places, leave_out, device)
        (encoder, decoder), basis = _pair(places, "again"), load_decoder(places.decoder)[1]
        weights = export(encoder.eval(), decoder.eval(), basis, {"corpora": CREDITS})
    else:
        weights = first_decoder(start)
    before = _known_of(start) if start is not None else []
    metadata = _metadata(config, weights, start is not None)
    faces = voted_faces(places.corpus)
    if part in ("voted", "known") and start is not None:
        there, first = load_weights(start), weights
        finished = (
            there if part == "known" else train_voted(config, replace(weights, voice=there.voice), faces)
        )
    else:
        finished, first = _train_lips(config, places, weights, faces)
    finished = with_known(config, finished, first, faces)
    _tell_forgotten(before, finished)
    places.output.parent.mkdir(parents=True, exist_ok=True)
    save_weights(places.output, replace(finished, metadata=metadata), first)
    tell_written(places.output)


def _known_of(path: Path) -> list[str]:
    """Whose voices a weights file knows."""
    return list(read_layers(path, ("encoder",))[1].get(KNOWN, {}).get("names", []))


def _tell_forgotten(before: Sequence[str], finished: Weights) -> None:
    """Print whose voices the weights of ``--start`` know that what was made of them does not."""
    lost = sorted(set(before) - set(finished.known.names if finished.known else ()))
    if lost:
        print(f"known: no longer {', '.join(lost)}, whom --start knows", flush=True)


def _metadata(config: dict[str, Any], weights: Weights, started: bool) -> dict[str, Any]:
    """What the file says of a training that began with some weights; ``started``: with those of a file."""
    return {
        "name": config["name"],
        "version": config["version"],
        "corpora": weights.metadata["corpora"],
        "config": json.loads(json.dumps({key: config[key] for key in _TABLES})),
        "started_from": weights.model_id if started else "",
    }


def first_decoder(path: Path) -> Weights:
    """Encoder and first decoder of a weights file, also of one that has no other: what the last stages begin with.

    Raises:
        EngineError: missing or damaged (code ``bad_weights``).
    """
    parts, metadata, others = read_layers(path, ("encoder", "phones"), ("basis",))
    basis = others["basis"]
    metadata.pop(KNOWN, None)  # whom the file knows: these weights know nobody
    if FIRST in parts:
        decoder, basis = parts[FIRST], read_layers(path, (FIRST,), (FIRST_BASIS,))[2][FIRST_BASIS]
    else:
        decoder = parts.get("decoder", parts.get("decoder_1", ()))
    if not decoder:
        raise EngineError(f"The model {path} has no decoder: choose another to start from.", "bad_weights")
    voice = all_is_voice(decoder[0].weight.shape[1])
    return Weights(
        parts["encoder"], parts["phones"][0], (decoder,), voice, basis[: len(decoder[-1].bias)], metadata
    )


def _train_lips(
    config: dict[str, Any], places: Places, weights: Weights, faces: Sequence[Example]
) -> tuple[Weights, Weights]:
    """What is missing of the last stages, ``steady``, ``voice`` and ``voted``, on encoder and decoder that are there.

    Returns:
        What ships, and the encoder and first decoder that ``voted`` began with.
    """
    steady = places.weights("steady")
    if not steady.is_file():
        save_weights(steady, train_steady(config, weights, places.data / "speech", steady.parent))
    weights = replace(first_decoder(steady), metadata=weights.metadata)
    voice = train_voice(config, NumpyBackend(weights), places.data, places.runs / "voice")
    return replace(train_voted(config, weights, faces), voice=voice), weights


def _train_content(config: dict[str, Any], places: Places, device: str) -> None:
    """What is missing of ``first``, ``labels``, ``encoder`` and ``deeper``; nothing if the last one is there."""
    first, shallow, deeper = (places.encoder(stage) for stage in ("first", "encoder", "deeper"))
    if deeper.is_file():
        return
    if not shallow.is_file():
        if not first.is_file():
            train_encoder(_stage(config, "first"), places.speech, first.parent, device)
        aligned, total = realign(
            load_encoder(first), places.speech, places.data / "speech" / "utterances.tsv", places.corpus,
            places.data / "grid" / "alignments", places.labels,
        )  # fmt: skip
        print(f"aligned {aligned} of {total} utterances again", flush=True)
        train_encoder(config, places.labels, shallow.parent, device)
    train_encoder(_stage(config, "deeper"), places.labels, deeper.parent, device, start=shallow)


def _train_landmarks(config: dict[str, Any], places: Places, leave_out: str, device: str) -> None:
    """What is missing of ``decoder``, ``teacher``, ``together`` and ``again``."""
    filmed = filmed_faces(places.corpus, places.labels, float(config["decoder"]["s4_weight"]), leave_out)
    encoder = load_encoder(places.encoder())
    if not places.decoder.is_file():
        train_decoder(config, encoder, filmed, places.decoder.parent, device)
    decoder, basis = load_decoder(places.decoder)
    filmed = in_sync(encoder.cpu(), decoder, basis, filmed)
    if not places.teacher.is_file():
        train_teacher(config, basis, filmed, places.teacher.parent, device)
    for stage, start in _PAIRS.items():
        end = places.pair(stage)
        if end.is_file():
            continue
        options = {**config["together"], **config[stage]}
        ends = []
        for seed in options["seeds"]:
            learned = Learned(*_pair(places, start), load_teacher(places.teacher), basis)
            own = {**config, "seed": seed, "together": options}
            ends.append(train_together(own, learned, places.labels, filmed, end.parent / str(seed), device))
        torch.save(mean_of([torch.load(path, weights_only=True) for path in ends]), end)


def _pair(places: Places, stage: str | None) -> tuple[Encoder, Decoder]:
    """Encoder and decoder that a stage of :data:`_PAIRS` ends with; None: as each was trained by itself."""
    encoder, decoder = load_encoder(places.encoder()), load_decoder(places.decoder)[0]
    if stage is not None:
        saved = torch.load(places.pair(stage), weights_only=True)
        encoder.load_state_dict(saved["encoder"])
        decoder.load_state_dict(saved["decoder"])
    return encoder, decoder


def _stage(config: dict[str, Any], name: str) -> dict[str, Any]:
    """The configuration of an encoder that differs from ``encoder`` by the table of this name."""
    return {**config, "encoder": {**config["encoder"], **config[name]}}
