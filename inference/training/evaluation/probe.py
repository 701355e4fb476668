"""How much of the speaker is left in what the decoder hears? A speaker probe on people who were never trained on.

A probe is a small classifier that is trained to name the speaker from frozen features (Alain and Bengio, *Understanding
intermediate layers using linear classifier probes*, 2016, arXiv 1610.01644): the better it does, the more of the voice is
left. Speakers are those of speechocean762's part ``test``. Of each one's utterances a quarter is what figures are quoted on;
the probe learns from the rest. A recording's room and microphone are the speaker's here, so what is found is an upper
bound of the voice alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.hearing.backends import Backend
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.features import SPEECH_FEATURES, mel_power, normalise, sounding
from inference.motion.lips.content import PHONES
from inference.training.filmed_corpora.utterances import recordings_of

FEATURE_SETS = {
    "input": "the network's input, 40 log-mel bands and level, one frame",
    "content": "what the decoder hears: bottleneck, phone posteriors, level and what is left of the pauses' sound",
    "bottleneck": "the bottleneck alone",
}
"""What is probed → what it is."""
PROBES = {
    "logistic": "multinomial logistic regression",
    "mlp": "one hidden layer of 128 rectified units",
}
"""Probe → what it is."""
UNITS = {
    "frame": "a single speech frame",
    "mean": "the mean of an utterance's speech frames",
    "mean+sd": "their mean and standard deviation",
}
"""What is to be named → what it is. The input's own mean is taken out with the recording's colour: compare by ``mean+sd``."""

SPEAKERS = 40
FRAMES = 60
"""Speech frames of an utterance that are looked at, chosen by the seed; the mean is over all."""

_HIDDEN = 128
_SILENCE = 0.5  # posterior of silence from which on a frame is left out
_LEAST_FRAMES = 25  # half a second of speech
_EPOCHS = 60
_PATIENCE = 8  # epochs without a better one
_BATCH = 512


@dataclass(frozen=True)
class Part:
    """Frames, or means of frames, of several speakers.

    Attributes:
        values: (N, F) float32.
        speakers: (N,) indices from 0.
    """

    values: NDArray[np.float32]
    speakers: NDArray[np.int64]


@dataclass(frozen=True)
class ProbeRow:
    """One line of the results.

    Attributes:
        features: of :data:`FEATURE_SETS`.
        size: how many numbers the probe gets.
        unit: of :data:`UNITS`.
        probe: of :data:`PROBES`.
        accuracy: share of the probe-test part whose speaker was named, 0…1.
        tested: how many frames or utterances that part has.
    """

    features: str
    size: int
    unit: str
    probe: str
    accuracy: float
    tested: int


def speech_frames(samples: NDArray[np.float32], backend: Backend) -> dict[str, NDArray[np.float32]]:
    """Features of a recording's speech frames, silence left out.

    Args:
        samples: (N,) at 16 kHz.
        backend: whose weights are run, in numpy.

    Returns:
        Each of :data:`FEATURE_SETS`, (T, F) at 50 Hz, all of the same frames.
    """
    weights = backend.weights
    power = mel_power(samples)
    features = normalise(power)
    content = NumpyBackend(weights).content(features)
    bottleneck = weights.posteriors.start
    silence = content[:, bottleneck + PHONES.index("SIL")]
    speech = (silence < _SILENCE) & sounding(power)[::2]
    chosen = {
        "input": features[::2, :SPEECH_FEATURES],
        "content": content,
        "bottleneck": content[:, :bottleneck],
    }
    return {name: np.ascontiguousarray(values[speech]) for name, values in chosen.items()}


def split_utterances(speakers: Sequence[int], seed: int) -> dict[str, list[int]]:
    """Places of utterances, by speaker: a quarter ``test``; of the rest a fifth ``validation``, the others ``train``.

    Args:
        speakers: each utterance's, at least three of each.
        seed: of the choice.
    """
    random = np.random.default_rng(seed)
    owned: dict[int, list[int]] = defaultdict(list)
    for place, speaker in enumerate(speakers):
        owned[speaker].append(place)
    result: dict[str, list[int]] = {"train": [], "validation": [], "test": []}
    for _, places in sorted(owned.items()):
        order = random.permutation(places).tolist()
        test = max(1, round(len(order) / 4))
        validation = max(1, round((len(order) - test) / 5))
        result["test"] += order[:test]
        result["validation"] += order[test : test + validation]
        result["train"] += order[test + validation :]
    return result


def probe_accuracy(parts: Mapping[str, Part], probe: str, seed: int) -> float:
    """Trains a probe and tells the share of ``parts["test"]`` that it names, 0…1.

    Features are standardised by the mean and spread of ``parts["train"]``. Adam; what is kept is the epoch with the lowest
    cross entropy on ``parts["validation"]``.

    Args:
        parts: ``train``, ``validation``, ``test``, speakers numbered alike.
        probe: of :data:`PROBES`.
        seed: of the first weights and of the order of the frames.
    """
    import torch
    from torch import nn

    mean, spread = parts["train"].values.mean(axis=0), parts["train"].values.std(axis=0)
    values = {
        name: torch.from_numpy(((part.values - mean) / np.maximum(spread, 1e-6)).astype(np.float32))
        for name, part in parts.items()
    }
    wanted = {name: torch.from_numpy(part.speakers) for name, part in parts.items()}
    inputs, classes = len(mean), 1 + max(int(part.speakers.max()) for part in parts.values())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network: nn.Module = nn.Linear(inputs, classes)
        if probe == "mlp":
            network = nn.Sequential(
                nn.Linear(inputs, _HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(_HIDDEN, classes)
            )
        count = len(values["train"])
        batch = min(_BATCH, max(32, count // 16))
        optimiser = torch.optim.Adam(network.parameters(), lr=3e-3, weight_decay=1e-4)
        best, kept, since = np.inf, network.state_dict(), 0
        for _ in range(_EPOCHS):
            network.train()
            for chosen in torch.randperm(count).split(batch):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(network(values["train"][chosen]), wanted["train"][chosen])
                loss.backward()
                optimiser.step()
            network.eval()
            with torch.no_grad():
                now = float(nn.functional.cross_entropy(network(values["validation"]), wanted["validation"]))
            since += 1
            if now < best:
                best, since = now, 0
                kept = {name: tensor.clone() for name, tensor in network.state_dict().items()}
            if since >= _PATIENCE:
                break
        network.load_state_dict(kept)
        with torch.no_grad():
            named = network(values["test"]).argmax(dim=1)
    return float((named == wanted["test"]).float().mean())


def probe_features(
    utterances: Sequence[Mapping[str, NDArray[np.float32]]], speakers: Sequence[int], seed: int = 0
) -> list[ProbeRow]:
    """Every probe on every kind of features, on frames and on utterances' means.

    Args:
        utterances: each one's features by name, (T, F), T ≥ 1, as :func:`speech_frames` gives them.
        speakers: each one's, numbered from 0.
        seed: of the split, of the frames and of the probes.
    """
    places = split_utterances(speakers, seed)
    random = np.random.default_rng([seed, 1])
    chosen = [
        random.permutation(len(next(iter(utterance.values()))))[:FRAMES].tolist() for utterance in utterances
    ]
    rows = []
    for name in utterances[0]:
        for unit in UNITS:
            parts = {}
            for part, members in places.items():
                pieces = [_of_unit(utterances[place][name], unit, chosen[place]) for place in members]
                owners = np.repeat([speakers[place] for place in members], [len(piece) for piece in pieces])
                parts[part] = Part(np.concatenate(pieces), owners.astype(np.int64))
            for probe in PROBES:
                accuracy = probe_accuracy(parts, probe, seed)
                size, tested = parts["test"].values.shape[1], len(parts["test"].values)
                rows.append(ProbeRow(name, size, unit, probe, accuracy, tested))
    return rows


def _of_unit(frames: NDArray[np.float32], unit: str, chosen: list[int]) -> NDArray[np.float32]:
    """(T, F) → what a probe gets of an utterance, (N, F) or (1, F) or (1, 2 F)."""
    if unit == "frame":
        return frames[chosen]
    mean = frames.mean(axis=0, keepdims=True)
    return mean if unit == "mean" else np.concatenate([mean, frames.std(axis=0, keepdims=True)], axis=1)


def probe_speech(
    speech: Path,
    backend: Backend,
    speakers: int = SPEAKERS,
    utterances: int | None = None,
    seed: int = 0,
    report: Callable[[str], None] = print,
) -> dict[str, Any]:
    """The speaker probe on speechocean762's part ``test``.

    Args:
        speech: folder with ``utterances.tsv`` and what it names.
        backend: our model.
        speakers: how many, chosen by the seed.
        utterances: only the first so many of each, at least three.
        seed: of every choice.
        report: called with each line of the table.

    Returns:
        What goes into the JSON: seed, speakers, utterances, chance, ``rows`` and what their names mean.

    Raises:
        FileNotFoundError: where the table or a recording is missing.
        EngineError: where too few speakers have three utterances with half a second of speech (code ``no_clips``).
    """
    owned = recordings_of(speech, "test")
    names = list(owned)
    places = sorted(np.random.default_rng(seed).permutation(len(names))[:speakers].tolist())
    chosen = [owned[names[place]][:utterances] for place in places]
    frames, numbers = _heard(chosen, backend)
    if len(chosen) < 2 or np.bincount(numbers, minlength=len(chosen)).min() < 3:
        raise EngineError(
            f"The speaker probe needs at least two speakers with three utterances of the part test each in {speech}.",
            "no_clips",
        )
    rows = probe_features(frames, numbers, seed)
    chance = 1 / len(chosen)
    report("")
    report(f"speaker probe: {len(chosen)} speakers never trained on, {len(frames)} utterances, seed {seed}")
    for line in _table(rows):
        report(line)
    report(f"share of unheard frames or utterances whose speaker is named; chance {chance:.3f}.")
    return {
        "seed": seed,
        "speakers": len(chosen),
        "utterances": len(frames),
        "chance": round(chance, 4),
        "rows": [{**asdict(row), "accuracy": round(row.accuracy, 4)} for row in rows],
        "features": FEATURE_SETS,
        "units": UNITS,
        "probes": PROBES,
    }


def _heard(
    recordings: Sequence[Sequence[Path]], backend: Backend
) -> tuple[list[dict[str, NDArray[np.float32]]], list[int]]:
    """:func:`speech_frames` of each recording that has enough of them, and the number of its speaker.

    Args:
        recordings: of each speaker.
        backend: our model.
    """
    from inference.training.filmed_corpora.prepare import decode_audio

    utterances, numbers = [], []
    for number, paths in enumerate(recordings):
        for path in paths:
            frames = speech_frames(decode_audio(path), backend)
            if len(frames["input"]) >= _LEAST_FRAMES:
                utterances.append(frames)
                numbers.append(number)
    return utterances, numbers


def _table(rows: Sequence[ProbeRow]) -> Iterator[str]:
    """A line for each kind of features and unit, with every probe's accuracy."""
    yield f"{'features':<10} {'size':>4} {'of a':<9} " + " ".join(f"{probe:>8}" for probe in PROBES)
    for first in range(0, len(rows), len(PROBES)):
        group = rows[first : first + len(PROBES)]
        cells = " ".join(f"{row.accuracy:>8.3f}" for row in group)
        yield f"{group[0].features:<10} {group[0].size:>4} {group[0].unit:<9} {cells}"
