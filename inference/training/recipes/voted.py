"""The last stage of the lips: decoders with one vote for every speaker, made of the one that was trained with the ear.

That one knows best when lips move, and one speaker's way too well. So it goes on learning from everybody (`tuned`), and is added
to a linear one, to a small network that begins with nothing and to the phones' own mouths, which know what all have in common.
Opening and width have shares of their own, each in the spread that it has on speakers who were left out; and the sum is brought
to the spread that filmed mouths have, which no decoder reaches by itself, since least squares never goes as far as what it is
unsure of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import Layer, Weights
from inference.training.filmed_corpora.faces import POINTS, Example
from inference.training.recipes.linear import linear_decoder, phone_decoder
from inference.training.recipes.small import small_decoder
from inference.training.recipes.tuned import tuned_decoder
from inference.training.recipes.voted_clips import (
    Array,
    VotedClip,
    centred,
    components_of,
    made_by,
    mean_coefficients,
    mouth_rows,
    size_of,
    voted_clip,
    votes,
)

PARTS = ("tuned", "linear", "small", "phones")
"""What is added up: the tuned decoder of the joint training, the ridge regression, the small network, the phones' mouths."""

Mouths = dict[str, Array]
"""(T, 2) opening and width of a clip by each of `PARTS`."""


@dataclass(frozen=True)
class Decoders:
    """What a set of clips teaches.

    Attributes:
        basis: (K, 37, 3) components of the motion, x first.
        tuned, small: as `tuned_decoder` and `small_decoder` make them.
        linear, phones: as `linear_decoder` and `phone_decoder` make them.
    """

    basis: Array
    tuned: tuple[Layer, ...]
    linear: Layer
    small: tuple[Layer, ...]
    phones: Layer

    @property
    def chains(self) -> dict[str, tuple[Layer, ...]]:
        """The layers of each of `PARTS`."""
        return {
            "tuned": self.tuned,
            "linear": (self.linear,),
            "small": self.small,
            "phones": (self.phones,),
        }

    def mouths(self, clip: VotedClip) -> Mouths:
        """What each of `PARTS` makes of a clip."""
        rows = mouth_rows(self.basis)
        return {part: made_by(chain, clip.content) @ rows for part, chain in self.chains.items()}


@dataclass(frozen=True)
class Amounts:
    """How the parts are added.

    Attributes:
        factors: for each of `PARTS`, (2,) what opening and width are multiplied by, in spreads of the filmed mouth.
        spread: (2,) standard deviation of opening and width that speakers have, outer eye-corner distances.
    """

    factors: dict[str, Array]
    spread: Array


def learn(weights: Weights, clips: Sequence[VotedClip], options: dict[str, Any], seed: int) -> Decoders:
    """Trains all decoders on some clips.

    Args:
        weights: with the decoder of the joint training.
        clips: training clips.
        options: the configuration's table ``voted``.
        seed: of the tuned decoder and the small network.
    """
    basis = components_of(clips, int(options["across"]), int(options["upright"]))
    return Decoders(
        basis,
        tuned_decoder(weights, clips, basis, options, seed),
        linear_decoder(clips, basis, options["ridge"], options["evenness"]),
        small_decoder(clips, basis, options, seed),
        phone_decoder(clips, basis),
    )


def strangers(clips: Sequence[VotedClip], groups: int) -> list[set[str]]:
    """The speakers in so many groups, each of which is left out once; those with many clips apart from each other."""
    speakers = sorted({clip.speaker for clip in clips})
    ordered = sorted(speakers, key=lambda name: -sum(clip.speaker == name for clip in clips))
    return [set(ordered[start::groups]) for start in range(min(groups, len(ordered)))]


def mouths_of_strangers(
    weights: Weights, clips: Sequence[VotedClip], options: dict[str, Any], seed: int
) -> list[Mouths]:
    """What decoders make of each clip that never saw its speaker, group by group.

    Args:
        weights, clips, options, seed: see `learn`.
    """
    made: list[Mouths] = [{} for _ in clips]
    for group in strangers(clips, int(options["groups"])):
        known = [clip for clip in clips if clip.speaker not in group]
        decoders = learn(weights, known or clips, options, seed)
        for place, clip in enumerate(clips):
            if clip.speaker in group:
                made[place] = decoders.mouths(clip)
    return made


def amounts_of(clips: Sequence[VotedClip], made: Sequence[Mouths], options: dict[str, Any]) -> Amounts:
    """The factors by which the parts are added.

    Args:
        clips: any.
        made: of each, by decoders that never saw its speaker.
        options: see `learn`.
    """
    shares = {part: np.asarray(options[part], np.float32) for part in PARTS}
    counts = votes(clips)
    spreads = {
        part: np.average([mouths[part].std(axis=0) for mouths in made], axis=0, weights=counts) + 1e-6
        for part in PARTS
    }
    added = [sum(mouths[part] / spreads[part] * shares[part] for part in PARTS) for mouths in made]
    together = np.average([np.std(mouth, axis=0) for mouth in added], axis=0, weights=counts)
    factors = {part: (shares[part] / spreads[part] / together).astype(np.float32) for part in PARTS}
    return Amounts(factors, np.average([clip.spread for clip in clips], axis=0, weights=counts))


def added(weights: Weights, decoders: Decoders, amounts: Amounts, clips: Sequence[VotedClip]) -> Weights:
    """The weights file's network with the voted decoders in place of the first.

    Args:
        weights: with the encoder.
        decoders, amounts: see there.
        clips: on which the mean of each part is taken out, and that of the true motion put in.
    """
    across = np.abs(decoders.basis[..., 0]).sum(axis=1) > 0
    basis = np.zeros((len(across), 68, 3), np.float32)
    basis[:, POINTS] = decoders.basis * size_of(amounts.spread)
    mean = mean_coefficients(clips, decoders.basis)

    def scaled(chain: Sequence[Layer], part: str) -> tuple[Layer, ...]:
        *before, last = centred(chain, clips)
        opening, width = amounts.factors[part]
        by = np.where(across, width, opening).astype(np.float32)
        return (*before, replace(last, weight=last.weight * by, bias=last.bias * by))

    chains = {part: scaled(chain, part) for part, chain in decoders.chains.items()}
    (linear,), (phones,) = chains["linear"], chains["phones"]
    one = Layer(linear.weight + phones.weight, linear.bias + phones.bias + mean, activation="none")
    together = chains["tuned"], chains["small"], (one,)
    return replace(weights, decoders=together, basis=np.concatenate([basis] * len(together)))


def train_voted(config: dict[str, Any], weights: Weights, examples: Sequence[Example]) -> Weights:
    """Puts the voted decoders in place of the one that has been trained with the ear.

    Args:
        config: the parsed TOML file's ``seed`` and ``voted`` table.
        weights: encoder and one decoder.
        examples: filmed clips of all speakers.
    """
    options, seed = config["voted"], int(config["seed"])
    backend = NumpyBackend(weights)
    clips = [voted_clip(example, backend, int(options["takes"]), seed) for example in examples]
    print(f"voted: {len(clips)} clips of {len({clip.speaker for clip in clips})} speakers", flush=True)
    amounts = amounts_of(clips, mouths_of_strangers(weights, clips, options, seed), options)
    told = {part: [round(float(value), 3) for value in values] for part, values in amounts.factors.items()}
    print(
        f"voted: factors of opening and width {json.dumps(told)}, spread {amounts.spread.round(4)}",
        flush=True,
    )
    return added(weights, learn(weights, clips, options, seed), amounts, clips)
