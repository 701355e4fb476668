"""Whose voices one decoder knows well, how they are told, and how much of the motion is that decoder's where they are heard.

What strangers gain by decoders with one vote for every speaker costs those whom the decoder before knew by many clips. The
voice tells who these are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inference.hearing.backends.known import KnownVoices, steadied
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.weights import Layer, Weights
from inference.hearing.known_voices import embeddings_of
from inference.hearing.speaker_encoder import SpeakerEncoder, load_speaker_encoder, unit
from inference.training.correlation import correlation
from inference.training.disturbances import augment
from inference.training.filmed_corpora.align import grid_text
from inference.training.filmed_corpora.corpus import is_divided
from inference.training.filmed_corpora.faces import POINTS, Example
from inference.training.recipes.tuned import in_components, trained
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

_SHARES = np.linspace(0, 1, 21)
_FEWEST = 10  # clips of a speaker that tell how much one voice differs from clip to clip
_BESIDE = (
    0.01  # above the most alike stranger: recordings are heard a little otherwise than training's spectra
)
_LEAST_RANGE = 0.005  # of the cosines from a stranger's voice to a known one's
_MOST = 40  # clips that a speaker counts for there


@dataclass(frozen=True)
class _Heard:
    """Whose voice a clip has, and what it is like."""

    speaker: str
    embedding: Array


def with_known(
    config: dict[str, Any], weights: Weights, first: Weights, examples: Sequence[Example]
) -> Weights:
    """The network with the voices of all who have many clips, and the decoder that knows these people.

    Args:
        config: the parsed TOML file's ``seed`` and tables ``known`` and ``voted``.
        weights: with the voted decoders.
        first: with the first decoder alone.
        examples: filmed clips of all speakers.
    """
    options = config["known"]
    counts = Counter(example.speaker for example in examples)
    many = sorted(speaker for speaker, clips in counts.items() if clips >= int(options["clips"]))
    voices = None
    if not many:
        print(f"known: nobody, for no speaker has {options['clips']} clips", flush=True)
    elif len(counts) <= int(options["others"]):
        print(
            f"known: nobody, for {len(counts) - 1} other speakers are too few to tell strangers by: "
            f"{options['others']} are needed",
            flush=True,
        )
    else:
        encoder = load_speaker_encoder()
        voices = _told(many, _voices(examples, encoder), encoder, options)
    if voices is None:
        return replace(weights, known=None, knowing=(), knowing_basis=weights.basis[:0])
    of_known = [example for example in examples if example.speaker in voices.names]
    chain, basis, clips = _knowing(config, first, of_known)
    shares = _shares(weights, chain, basis, clips, voices.names)
    for name, (low, high), (opening, width) in zip(voices.names, voices.bounds, shares):
        print(
            f"known: {name}, {counts[name]} clips, alike from {low:.3f} to {high:.3f}, share of opening {opening:.2f} and of "
            f"width {width:.2f}",
            flush=True,
        )
    known = replace(voices, shares=shares.astype(np.float32))
    return replace(weights, known=known, knowing=chain, knowing_basis=basis)


def _voices(examples: Sequence[Example], encoder: SpeakerEncoder) -> list[_Heard]:
    """The voice of each clip in which enough is said; copies of a clip, which tell no more than it does, are left out."""
    result = {}
    for example in examples:
        embeddings = embeddings_of(augment.mel_of(example.spectrum), encoder)
        if len(embeddings):
            embedding = unit(embeddings.mean(axis=0))
            result[example.speaker, embedding.tobytes()] = _Heard(example.speaker, embedding)
    return list(result.values())


def _told(
    names: Sequence[str], heard: Sequence[_Heard], encoder: SpeakerEncoder, options: dict[str, Any]
) -> KnownVoices | None:
    """Those of some speakers whose voices can be told from all others' of the corpus, without shares; None where there are none.

    Below the lower bound lie all other speakers' clips, what the encoder takes for a stranger, and the least alike of the
    speaker's own; above the upper one are most of these.
    """
    owners = np.array([one.speaker for one in heard])
    present = [name for name in names if (owners == name).sum() >= _FEWEST]
    for name in sorted(set(names) - set(present)):
        print(
            f"known: not {name}, heard in {(owners == name).sum()} different clips: {_FEWEST} are needed",
            flush=True,
        )
    if not present:
        return None
    embeddings = np.stack([one.embedding for one in heard])
    steady = _steady(embeddings, owners, float(options["shrinkage"]))
    moved = steadied(embeddings, steady)
    kept, centres, bounds = [], [], []
    for name in present:
        own, others = moved[owners == name], moved[owners != name]
        alike = _alike(embeddings, owners, name, float(options["shrinkage"]))
        centre = unit(own.sum(axis=0))
        strangers = float((others @ centre).max()) + _BESIDE if len(others) else 0.0
        unsure, high = np.percentile(alike, [float(options["unsure"]), float(options["sure"])])
        low = max(encoder.threshold, strangers, min(unsure, high - _LEAST_RANGE))
        if low + _LEAST_RANGE <= high:
            kept.append(name)
            centres.append(centre)
            bounds.append((low, high))
        else:
            print(f"known: the voice of {name} is too much like another one to be known", flush=True)
    if not kept:
        return None
    return KnownVoices(
        tuple(kept), encoder.model_id, steady, np.stack(centres), np.array(bounds, np.float32), np.zeros((len(kept), 2))
    )  # fmt: skip


def _alike(embeddings: Array, owners: np.ndarray, name: str, shrinkage: float) -> Array:
    """(n,) cosines of a speaker's clips with that voice, each by the other half of them alone: as of new clips."""
    own = np.flatnonzero(owners == name)
    result = np.zeros(len(own), np.float32)
    for half in range(2):
        unknown = own[half::2]
        known = np.setdiff1d(np.arange(len(owners)), unknown)
        steady = _steady(embeddings[known], owners[known], shrinkage)
        centre = unit(steadied(embeddings[own[1 - half :: 2]], steady).sum(axis=0))
        result[half::2] = steadied(embeddings[unknown], steady) @ centre
    return result


def _steady(embeddings: Array, owners: np.ndarray, shrinkage: float) -> Array:
    """(D, D) what shrinks the directions in which a voice differs from itself, see `KnownVoices.steady`.

    Args:
        embeddings: (N, D) of clips.
        owners: (N,) their speakers.
        shrinkage: how much of the mean variance is added to that of every direction.
    """
    size = embeddings.shape[1]
    within, total = np.zeros((size, size)), 0
    for name in np.unique(owners):
        own = embeddings[owners == name]
        if len(own) >= _FEWEST // 2:
            count = min(len(own), _MOST)
            within += np.cov(own.T, bias=True) * count
            total += count
    within /= total
    within += shrinkage * np.trace(within) / size * np.eye(size)
    return np.linalg.cholesky(np.linalg.inv(within)).astype(np.float16).astype(np.float32)  # as it is kept


def _knowing(
    config: dict[str, Any], first: Weights, examples: Sequence[Example]
) -> tuple[tuple[Layer, ...], Array, list[VotedClip]]:
    """The decoder that knows some speakers, its basis (K, 68, 3), and their clips.

    The first decoder has learned s1 and s4 of GRID already. Others' clips, and theirs, it goes on learning.
    """
    options, seed = config["voted"], int(config["seed"])
    knows = all(is_divided(example.speaker) and grid_text(example.name) for example in examples)
    takes = 0 if knows else int(options["takes"])
    backend = NumpyBackend(first)
    clips = [voted_clip(example, backend, takes, seed) for example in examples]
    if knows:
        return first.decoders[0], first.basis, clips
    basis = components_of(clips, int(options["across"]), int(options["upright"]))
    chain = centred(trained(in_components(first, clips, basis), clips, basis, options, seed), clips)
    *before, last = chain
    ready = (*before, replace(last, bias=last.bias + mean_coefficients(clips, basis)))
    whole = np.zeros((len(basis), 68, 3), np.float32)
    whole[:, POINTS] = basis * size_of(
        np.average([clip.spread for clip in clips], axis=0, weights=votes(clips))
    )
    return ready, whole, clips


def _shares(
    weights: Weights, chain: Sequence[Layer], basis: Array, clips: Sequence[VotedClip], names: Sequence[str]
) -> Array:
    """(P, 2) the shares of opening and width with which each speaker's clips are followed best, by the mean r of the clips."""
    own, voted = mouth_rows(basis[:, POINTS]), mouth_rows(weights.basis[:, POINTS])
    result = np.zeros((len(names), 2), np.float32)
    for person, name in enumerate(names):
        rates = []
        for clip in (clip for clip in clips if clip.speaker == name):
            true = mouth_rows(clip.motion)  # of opening and width, as of components
            mine = made_by(chain, clip.content) @ own
            theirs = np.concatenate([made_by(one, clip.content) for one in weights.decoders], axis=1) @ voted
            added = [share * mine + (1 - share) * theirs for share in _SHARES]
            rates.append([[correlation(made[:, i], true[:, i]) for i in range(2)] for made in added])
        result[person] = _SHARES[np.mean(rates, axis=0).argmax(axis=0)]
    return result
