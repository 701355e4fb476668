"""The last stage of the lips: decoders with one vote for every speaker are added to the one that was trained with the ear.

The decoder of the joint training knows best when lips move, and one speaker's way too well; a linear one, small networks and the
phones' own mouths know what all have in common. Their motions are added, opening and width by shares of their own, each in the
spread that it has on speakers who were left out; and the sum is brought to the spread that filmed mouths have, which no decoder
reaches by itself, since least squares never goes as far as what it is unsure of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import Layer, Weights
from inference.training.filmed_corpora.faces import POINTS, Example, opening_of, width_of
from inference.training.recipes.linear import linear_decoder, phone_decoder
from inference.training.recipes.small import small_decoder
from inference.training.recipes.voted_clips import (
    Array,
    VotedClip,
    components_of,
    made_by,
    mean_coefficients,
    mouth_rows,
    voted_clip,
    votes,
)

PARTS = ("joint", "linear", "small", "phones")
"""What is added up: the decoder of the joint training, the ridge regression, the small networks, the phones' mouths."""


@dataclass(frozen=True)
class Decoders:
    """What a set of clips teaches.

    Attributes:
        basis: (K, 37, 3) components of the motion, x first.
        linear, phones: as `linear_decoder` and `phone_decoder` make them.
        small: a chain for each seed.
    """

    basis: Array
    linear: Layer
    phones: Layer
    small: tuple[tuple[Layer, ...], ...]

    def mouths(self, clip: VotedClip) -> dict[str, Array]:
        """(T, 2) opening and width that each of `PARTS` makes of a clip."""
        rows = mouth_rows(self.basis)
        small = np.mean([made_by(chain, clip.content) for chain in self.small], axis=0)
        return {
            "joint": np.stack([opening_of(clip.joint)[:, 1], width_of(clip.joint)[:, 0]], axis=1),
            "linear": made_by((self.linear,), clip.content) @ rows,
            "small": small @ rows,
            "phones": made_by((self.phones,), clip.content) @ rows,
        }


@dataclass(frozen=True)
class Amounts:
    """How the parts are added.

    Attributes:
        factors: for each of `PARTS`, (2,) what opening and width are multiplied by, in spreads of the filmed mouth.
        spread: (2,) standard deviation of opening and width that speakers have, outer eye-corner distances.
    """

    factors: dict[str, Array]
    spread: Array


def learn(clips: Sequence[VotedClip], options: dict[str, Any], seed: int) -> Decoders:
    """Trains all decoders on some clips.

    Args:
        clips: training clips.
        options: the configuration's table ``voted``.
        seed: of the small networks, which count on from it.
    """
    basis = components_of(clips, int(options["across"]), int(options["upright"]))
    small = [
        small_decoder(clips, basis, options, seed + number) for number in range(int(options["networks"]))
    ]
    return Decoders(
        basis,
        linear_decoder(clips, basis, options["ridge"], options["evenness"]),
        phone_decoder(clips, basis),
        tuple(small),
    )


def strangers(clips: Sequence[VotedClip], groups: int) -> list[set[str]]:
    """The speakers in so many groups, each of which is left out once; those with many clips apart from each other."""
    speakers = sorted({clip.speaker for clip in clips})
    ordered = sorted(speakers, key=lambda name: -sum(clip.speaker == name for clip in clips))
    return [set(ordered[start::groups]) for start in range(min(groups, len(ordered)))]


def amounts_of(clips: Sequence[VotedClip], options: dict[str, Any], seed: int) -> Amounts:
    """The factors by which the parts are added, measured on speakers who are left out, group by group.

    Args:
        clips, options, seed: see `learn`.
    """
    shares = {part: np.asarray(options[part], np.float32) for part in PARTS}
    made: list[dict[str, Array]] = []
    counts: list[float] = []
    for group in strangers(clips, int(options["groups"])):
        known = [clip for clip in clips if clip.speaker not in group]
        decoders = learn(known or clips, {**options, "networks": 1}, seed)
        unknown = [clip for clip in clips if clip.speaker in group]
        made += [decoders.mouths(clip) for clip in unknown]
        counts += list(votes(unknown) * len({clip.speaker for clip in unknown}) / len(unknown))
    spreads = {
        part: np.average([mouths[part].std(axis=0) for mouths in made], axis=0, weights=counts) + 1e-6
        for part in PARTS
    }
    added = [sum(mouths[part] / spreads[part] * shares[part] for part in PARTS) for mouths in made]
    together = np.average([np.std(mouth, axis=0) for mouth in added], axis=0, weights=counts)
    factors = {part: (shares[part] / spreads[part] / together).astype(np.float32) for part in PARTS}
    return Amounts(factors, np.average([clip.spread for clip in clips], axis=0, weights=votes(clips)))


def added(weights: Weights, decoders: Decoders, amounts: Amounts, clips: Sequence[VotedClip]) -> Weights:
    """The weights file's network with all decoders in it.

    Args:
        weights: encoder and the decoder of the joint training.
        decoders, amounts: see there.
        clips: on which the mean of each part is taken out, and that of the true motion put in.
    """
    size = np.array([amounts.spread[1], amounts.spread[0], amounts.spread[0]], np.float32)
    across = np.abs(decoders.basis[..., 0]).sum(axis=1) > 0
    basis = np.zeros((len(across), 68, 3), np.float32)
    basis[:, POINTS] = decoders.basis * size
    factor = {part: np.where(across, values[1], values[0]) for part, values in amounts.factors.items()}
    mean = mean_coefficients(clips, decoders.basis)

    def scaled(chain: Sequence[Layer], part: str, share: float = 1.0) -> tuple[Layer, ...]:
        *before, last = _centred(chain, clips)
        by = (factor[part] * share).astype(np.float32)
        return (*before, replace(last, weight=last.weight * by, bias=last.bias * by))

    (linear,), (phones,) = scaled((decoders.linear,), "linear"), scaled((decoders.phones,), "phones")
    one = Layer(linear.weight + phones.weight, linear.bias + phones.bias + mean, activation="none")
    small = [scaled(chain, "small", 1 / len(decoders.small)) for chain in decoders.small]
    joint = np.array([amounts.factors["joint"][1], *[amounts.factors["joint"][0]] * 2]) * size
    return replace(
        weights,
        decoders=(_centred(weights.decoders[0], clips), (one,), *small),
        basis=np.concatenate([weights.basis * joint, *[basis] * (1 + len(small))]).astype(np.float32),
    )


def _centred(chain: Sequence[Layer], clips: Sequence[VotedClip]) -> tuple[Layer, ...]:
    """A chain whose mean over all clips is 0."""
    *before, last = chain
    means = [made_by(chain, clip.content).mean(axis=0) for clip in clips]
    middle = np.average(means, axis=0, weights=votes(clips))
    return (*before, replace(last, bias=(last.bias - middle).astype(np.float32)))


def train_voted(config: dict[str, Any], weights: Weights, examples: Sequence[Example]) -> Weights:
    """Adds the voted decoders to a network that has been trained with the ear.

    Args:
        config: the parsed TOML file's ``seed`` and ``voted`` table.
        weights: encoder and one decoder.
        examples: filmed clips of all speakers.
    """
    options, seed = config["voted"], int(config["seed"])
    backend = NumpyBackend(weights)
    clips = [voted_clip(example, backend, seed) for example in examples]
    print(f"voted: {len(clips)} clips of {len({clip.speaker for clip in clips})} speakers", flush=True)
    amounts = amounts_of(clips, options, seed)
    told = {part: [round(float(value), 3) for value in values] for part, values in amounts.factors.items()}
    print(
        f"voted: factors of opening and width {json.dumps(told)}, spread {amounts.spread.round(4)}",
        flush=True,
    )
    return added(weights, learn(clips, options, seed), amounts, clips)
