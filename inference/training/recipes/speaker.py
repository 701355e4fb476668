"""Trains the speaker encoder on speechocean762's training part, and measures that part's prosody.

The 125 people of the training part become more by vocal-tract length perturbation: a speaker heard through another throat
is another speaker (Yamamoto et al. 2019, *Speaker augmentation and bandwidth extension for deep speaker embedding*, do so with
speed). Settings are chosen, and the threshold is set, by some of them who are not trained on.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.errors import EngineError
from inference.face.cores import threads_wanted
from inference.hearing.features import MEL_BANDS, pitch
from inference.hearing.population import Population
from inference.hearing.speaker_encoder import NumpySpeakerEncoder, save_speaker_weights, speaker_features
from inference.motion.manner.voice import RANKED, VoiceStatistics, measure
from inference.training.disturbances import augment
from inference.training.evaluation.speaker_pairs import (
    AVERAGED,
    LEAST_SECONDS,
    averaged,
    equal_error_rate,
    pair_cosines,
)
from inference.training.filmed_corpora.utterances import utterance_files
from inference.training.networks.speaker import AngularMargin, SpeakerConfig, SpeakerNetwork, export
from inference.training.recipes.descent import Descent, descend
from inference.training.recipes.run import mixed_precision, tell_written
from inference.training.whole_files import opened_arrays, save_arrays

CREDITS = [
    "speechocean762, Zhang et al. 2021, free for commercial and non-commercial use",
]
PERCENTILES = 21
REGISTERS = (172.0, 243.0)
"""Hz: halfway, in semitones, between the mean pitches of Peterson and Barney's (1952) three groups: 132, 223 and 264 Hz."""

_FLOOR = 1e-10
_STATISTICS = tuple(VoiceStatistics.__dataclass_fields__)


@dataclass(frozen=True)
class Speech:
    """Utterances of several people.

    Attributes:
        decibels: (T, W, 40) float16, mel power at 100 Hz of every utterance one after the other, through W throats.
        starts: (U + 1,) where they begin.
        speakers: (U,) whose they are.
    """

    decibels: NDArray[np.float16]
    starts: NDArray[np.int64]
    speakers: list[str]

    def power(self, utterance: int, warp: int = 0) -> NDArray[np.float32]:
        """(T, 40) mel power of one utterance."""
        piece = self.decibels[self.starts[utterance] : self.starts[utterance + 1], warp]
        return np.exp(piece.astype(np.float32) * np.float32(np.log(10) / 10))

    def of(self, speakers: Sequence[str]) -> list[int]:
        """Places of these people's utterances."""
        wanted = set(speakers)
        return [place for place, speaker in enumerate(self.speakers) if speaker in wanted]


def prepare_speech(speech: Path, warps: Sequence[float], folder: Path) -> tuple[Speech, Population]:
    """Decodes the training part once, hears it through every throat and measures everybody's prosody.

    Args:
        speech: folder with ``utterances.tsv`` and what it names.
        warps: see :func:`inference.hearing.features.mel_filters`; one of them 1.
        folder: where ``speech.npz`` is kept for the next time.
    """
    path = folder / "speech.npz"
    if not _is_kept(path, warps):
        _hear(speech, warps, path)
    with opened_arrays(path, "what was prepared for a training", "delete it") as data:
        kept = Speech(data["decibels"], data["starts"], data["speakers"].tolist())
        everyone: dict[str, list[VoiceStatistics]] = defaultdict(list)
        for speaker, row in zip(kept.speakers, data["statistics"].tolist(), strict=True):
            everyone[speaker].append(_statistics_of(row))
    return kept, population_of(everyone)


def _is_kept(path: Path, warps: Sequence[float]) -> bool:
    """Whether a file holds speech that was heard through these throats."""
    if not path.is_file():
        return False
    with opened_arrays(path, "what was prepared for a training", "delete it") as data:
        return bool(data["warps"].tolist() == list(warps))


def _hear(speech: Path, warps: Sequence[float], path: Path) -> None:
    """Writes what :func:`prepare_speech` reads, complete or not at all."""
    from inference.training.filmed_corpora.prepare import SkippedClip, decode_audio

    pieces, lengths, speakers, statistics = [], [0], [], []
    for number, (speaker, recordings) in enumerate(utterance_files(speech, "train").items(), 1):
        for recording in recordings:
            try:
                samples = decode_audio(recording)
            except SkippedClip as reason:
                print(f"skipped {recording}: {reason}", flush=True)
                continue
            spectrum = augment.magnitudes(samples).astype(np.float32)
            bands = np.stack([augment.mel_of(spectrum, warp) for warp in warps], axis=1)
            pieces.append((10 * np.log10(bands + _FLOOR)).astype(np.float16))
            lengths.append(len(bands))
            speakers.append(speaker)
            statistics.append(measure(samples, pitch(samples)))
        if number % 25 == 0:
            print(f"heard {number} speakers", flush=True)
    save_arrays(
        path,
        decibels=np.concatenate(pieces),
        starts=np.cumsum(lengths),
        speakers=np.array(speakers),
        statistics=np.array([[getattr(one, name) for name in _STATISTICS] for one in statistics]),
        warps=np.array(warps),
    )


def _statistics_of(row: Sequence[float]) -> VoiceStatistics:
    values: dict[str, Any] = dict(zip(_STATISTICS, row, strict=True))
    return VoiceStatistics(**{**values, "syllables": int(values["syllables"])})


def population_of(everyone: Mapping[str, Sequence[VoiceStatistics]]) -> Population:
    """What is stored of the training speakers' prosody.

    Args:
        everyone: by speaker, what was measured on each of their utterances.

    A speaker's value is the mean over their utterances, weighted by syllables.
    """
    percentiles, evidence = {}, {}
    people = [
        [spoken for spoken in utterances if spoken.median_f0 > 0 and spoken.syllables > 1]
        for utterances in everyone.values()
    ]
    people = [utterances for utterances in people if utterances]
    syllables = np.mean([sum(spoken.syllables for spoken in utterances) for utterances in people])
    for name in RANKED:
        means, within = [], []
        for utterances in people:
            values = np.array([getattr(spoken, name) for spoken in utterances])
            weights = np.array([spoken.syllables for spoken in utterances], np.float64)
            mean = float(np.average(values, weights=weights))
            means.append(mean)
            if len(utterances) > 1:  # the variance that a single syllable would have
                within.append(float((weights * (values - mean) ** 2).sum() / (len(utterances) - 1)))
        single = float(np.mean(within or [0.0]))
        between = max(float(np.var(means)) - single / float(syllables), 1e-3 * float(np.var(means)) + 1e-12)
        percentiles[name] = np.percentile(means, np.linspace(0, 100, PERCENTILES))
        evidence[name] = single / between
    return Population(percentiles, evidence, REGISTERS)


class Batches:
    """Disturbed crops for a training step; the same step always gives the same batch."""

    def __init__(self, speech: Speech, people: Sequence[str], options: Mapping[str, Any], seed: int) -> None:
        self.speech, self.seed = speech, seed
        self.owned = [speech.of([speaker]) for speaker in people]
        self.warps = speech.decibels.shape[1]
        self.batch, self.crop = int(options["batch"]), int(options["crop_frames"])
        self.disturbed = float(options["disturbed"])

    @property
    def classes(self) -> int:
        """Speakers times throats."""
        return len(self.owned) * self.warps

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """Features (B, 40, crop) and classes (B,)."""
        random = np.random.default_rng([self.seed, step])
        wanted = random.choice(self.classes, self.batch, replace=self.batch > self.classes)
        features = np.zeros((self.batch, MEL_BANDS, self.crop), np.float32)
        babble: list[NDArray[np.float32]] = []
        for row, number in enumerate(wanted.tolist()):
            utterances, warp = self.owned[number // self.warps], number % self.warps
            power = np.zeros((0, MEL_BANDS), np.float32)
            while len(power) < 1.5 * self.crop:
                power = np.concatenate([power, self.speech.power(int(random.choice(utterances)), warp)])
            start = int(random.integers(0, len(power) - int(1.5 * self.crop) + 1))
            power = power[start : start + int(1.5 * self.crop)]
            babble.append(power)
            if random.random() < self.disturbed:
                power = augment.disturb(power, random, babble[-5:-1] if len(babble) > 4 else [])
            heard = speaker_features(power)
            start = int(random.integers(0, max(len(heard) - self.crop, 0) + 1))
            heard = np.resize(heard[start : start + self.crop], (self.crop, MEL_BANDS))
            features[row] = heard.T
        return torch.from_numpy(features), torch.from_numpy(wanted.astype(np.int64))


def _validate(
    network: SpeakerNetwork, speech: Speech, strangers: Sequence[str], plain: int, metadata: dict[str, Any]
) -> dict[str, float]:
    """How well a network tells people apart whom it is not trained on.

    Args:
        network: not changed.
        speech: everybody's.
        strangers: whose utterances of `LEAST_SECONDS` or more are compared.
        plain: place of the throat that is everybody's own.
        metadata: of the weights file.

    Returns:
        Equal error rates in percent, as recorded and disturbed, of one and of several utterances; the last one's threshold.
    """
    nobody = Population({}, {}, (0.0, 0.0))
    encoder = NumpySpeakerEncoder(
        export(copy.deepcopy(network).cpu().eval(), nobody, {**metadata, "threshold": 0})
    )
    places = [
        place
        for place in speech.of(strangers)
        if speech.starts[place + 1] - speech.starts[place] >= 100 * LEAST_SECONDS
    ]
    speakers = [speech.speakers[place] for place in places]
    figures = {}
    for name in ("eer", "disturbed"):
        random = np.random.default_rng(0)
        embedded = []
        for place in places:
            power = speech.power(place, plain)
            if name == "disturbed":
                power = augment.disturb(power, random, [])
            embedded.append(encoder.embed([power]))
        embeddings = np.array(embedded)
        figures[name] = 100 * equal_error_rate(*pair_cosines(embeddings, speakers))[0]
        rate, threshold = equal_error_rate(*pair_cosines(*averaged(embeddings, speakers)))
        figures[f"{name}_{AVERAGED}"] = 100 * rate
    return {**figures, "threshold": threshold}


def train_speaker(
    config: Mapping[str, Any],
    speech: Path,
    folder: Path,
    output: Path,
    device: str = "cpu",
    threads: int | None = None,
) -> None:
    """Trains the speaker encoder and writes its weights file; may be stopped and started again.

    Args:
        config: the parsed TOML's ``seed`` and ``speaker`` table, see ``configs/speaker.toml``.
        speech: speechocean762, a folder with ``utterances.tsv`` and what it names.
        folder: the run's.
        output: the ``.npz`` to write.
        device: ``cpu`` or ``cuda``.
        threads: of the CPU; two where the environment does not ask for fewer.

    Raises:
        FileNotFoundError: the table of utterances is missing.
        EngineError: nobody trains (code ``no_clips``), or ``warps`` lacks 1 (code ``bad_config``).
    """
    torch.set_num_threads(threads or threads_wanted(2))
    seed, options = int(config["seed"]), config["speaker"]
    torch.manual_seed(seed)
    warps = _throats(options)
    heard, population = prepare_speech(speech, warps, folder)
    trained, strangers = _parted(heard.speakers, int(options["validation_speakers"]))
    batches = Batches(heard, trained, options, seed)
    network = SpeakerNetwork(shape_of(options), float(options["dropout"])).to(device)
    judge = AngularMargin(int(options["embedding"]), batches.classes, float(options["scale"])).to(device)
    calm = copy.deepcopy(network)
    descent = Descent(
        [([*network.parameters(), *judge.parameters()], options["rate"])],
        options,
        warm_up=0.15,
        clipped=[network],
        followed=[(calm, network)],
    )

    def loss_of(step: int, features: Tensor, wanted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        with mixed_precision(device):
            embeddings = network(features)
        margin = float(options["margin"]) * min(1.0, step / max(int(options["margin_steps"]), 1))
        loss, named = judge(embeddings.float(), wanted, margin)
        return loss, {"loss": loss, "named": named}

    about = {"name": options["name"], "version": options["version"], "corpora": CREDITS}

    def figures_of(last: bool) -> dict[str, float]:
        return _validate(calm, heard, strangers, warps.index(1.0), about)

    run = descent.run(folder, network=network, judge=judge, calm=calm)
    print(
        f"speaker: {len(trained)} people, {batches.classes} throats, {len(strangers)} strangers to validate on",
        flush=True,
    )
    descend(run, descent, [batches], loss_of, figures_of, device)
    about |= {"threshold": round(figures_of(True)["threshold"], 4), "config": {"seed": seed, **options}}
    output.parent.mkdir(parents=True, exist_ok=True)
    save_speaker_weights(output, export(calm.cpu().eval(), population, about))
    tell_written(output)


def _throats(options: Mapping[str, Any]) -> list[float]:
    warps = [float(warp) for warp in options["warps"]]
    if 1.0 not in warps:
        raise EngineError(
            "The configuration's speaker.warps must hold 1.0, everybody's own throat.", "bad_config"
        )
    return warps


def _parted(speakers: Sequence[str], count: int) -> tuple[list[str], list[str]]:
    """Who is trained on, and so many, spread evenly, who are strangers to validate on."""
    people = sorted(set(speakers))
    strangers = people[:: max(len(people) // max(count, 1), 1)][:count]
    return [speaker for speaker in people if speaker not in strangers], strangers


def shape_of(options: Mapping[str, Any]) -> SpeakerConfig:
    """The network's sizes in a configuration."""
    return SpeakerConfig(
        int(options["channels"]), int(options["kernel"]), tuple(options["dilations"]),
        int(options["pooled"]), int(options["attention"]), int(options["embedding"]),
    )  # fmt: skip
