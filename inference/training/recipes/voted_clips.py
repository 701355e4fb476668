"""Filmed clips as every speaker has one vote: motion in each clip's own spread, and its components, direction by direction.

A corpus with a thousand clips of one person and ten of the next teaches a decoder that person. Here every speaker counts alike,
and how far a mouth works teaches nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.face.landmarks import MIRROR
from inference.hearing.backends.numpy_backend import NumpyBackend, apply_layers
from inference.hearing.backends.weights import Layer
from inference.training.disturbances import augment
from inference.training.filmed_corpora.faces import PLACE, POINTS, Example, opening_of, width_of
from inference.training.filmed_corpora.sync import offset_of

Array = NDArray[np.float32]

STEP = 2
"""Frames of content (50 Hz) for one of the picture (25 Hz)."""
_LEAST_SPREAD = 1e-3  # outer eye-corner distances
_DISTURBED = 0.6  # share of takes that are faster or slower, and of those in another room
_SPEEDS = 0.85, 1.25


@dataclass(frozen=True)
class Take:
    """A clip as it is heard once.

    Attributes:
        content: (2 T, C) at 50 Hz what the decoders hear.
        motion: (T, 37, 3) at 25 Hz displacement in the clip's own spread: x by that of the width, y and z by the opening's.
    """

    content: Array
    motion: Array


@dataclass(frozen=True)
class VotedClip:
    """One filmed clip as it is voted with.

    Attributes:
        speaker, name: whose it is.
        takes: as filmed, its sound where its picture is; and then from other throats, in other rooms, faster and slower.
        spread: standard deviation of opening and width, outer eye-corner distances.
    """

    speaker: str
    name: str
    takes: tuple[Take, ...]
    spread: tuple[float, float]

    @property
    def content(self) -> Array:
        """(2 T, C) what the decoders hear of the clip as filmed."""
        return self.takes[0].content

    @property
    def motion(self) -> Array:
        """(T, 37, 3) the motion of the clip as filmed."""
        return self.takes[0].motion


def spread_of(displacement: Array) -> tuple[float, float]:
    """Standard deviation of opening and width of (T, 37, 3), outer eye-corner distances."""
    opening, width = opening_of(displacement)[:, 1].std(), width_of(displacement)[:, 0].std()
    return max(float(opening), _LEAST_SPREAD), max(float(width), _LEAST_SPREAD)


def voted_clip(example: Example, backend: NumpyBackend, takes: int, seed: int) -> VotedClip:
    """A filmed clip, listened to.

    Args:
        example: the clip.
        backend: hears it; its first decoder says how far sound and picture lie apart.
        takes: how often it is heard in another way.
        seed: of what happens to it then.
    """
    random = np.random.default_rng([seed, len(example.name), *example.name.encode()])
    placed = _in_place(example, backend)
    examples = [placed, *(_otherwise(placed, random) for _ in range(takes))]
    spread = spread_of(example.displacement)
    scale = size_of(spread)
    parts = []
    for one in examples:
        warp = 1.0 if one is placed else augment.random_warp(random)
        power = augment.mel_of(one.spectrum, warp)
        if one is not placed and random.random() < _DISTURBED:
            power = augment.disturb(power, random, [])
        content = backend.content(augment.heard(power))
        frames = min(len(one.displacement), len(content) // STEP)
        parts.append(Take(content[: frames * STEP], one.displacement[:frames] / scale))
    return VotedClip(example.speaker, example.name, tuple(parts), spread)


def _in_place(example: Example, backend: NumpyBackend) -> Example:
    """The clip with its sound moved to where the first decoder finds its picture, see `sync`."""
    content = backend.content(augment.heard(augment.mel_of(example.spectrum)))
    weights = apply_layers(backend.weights.decoders[0], content)
    guess = np.tensordot(weights, backend.weights.basis[:, POINTS], axes=1)
    return example.delayed(offset_of(opening_of(guess)[:, 1], opening_of(example.displacement)[:, 1]))


def _otherwise(example: Example, random: np.random.Generator) -> Example:
    """The clip, faster or slower by chance."""
    speed = float(random.uniform(*_SPEEDS)) if random.random() < _DISTURBED else 1.0
    return example.spoken_at(speed)


def votes(clips: Sequence[VotedClip], evenness: float = 1.0) -> NDArray[np.float64]:
    """(N,) how much each clip counts, mean 1.

    Args:
        clips: of any speakers.
        evenness: 1 gives all clips of a speaker together as much as all of another's, 0 gives each clip as much as any other.
    """
    number = Counter(clip.speaker for clip in clips)
    counts = np.array([number[clip.speaker] ** -evenness for clip in clips])
    return counts / counts.mean()


def components_of(clips: Sequence[VotedClip], across: int, upright: int) -> Array:
    """(across + upright, 37, 3) principal components of the motion, one vote a speaker: first across, then up and deep.

    Each moves its points in one kind of direction only, so that the shares of opening and width can differ.
    """
    weights = votes(clips)
    order = np.array([PLACE[int(MIRROR[point])] for point in POINTS])
    parts = []
    for axes, count in (((0,), across), ((1, 2), upright)):
        covariance = np.zeros((len(POINTS) * len(axes),) * 2)
        for clip, weight in zip(clips, weights, strict=True):
            motion = clip.motion - clip.motion.mean(axis=0)
            for one in (motion, motion[:, order] * np.array([-1, 1, 1], np.float32)):
                flat = one[..., axes].reshape(len(one), -1)
                covariance += weight * (flat.T @ flat) / len(flat)
        vectors = np.linalg.eigh(covariance)[1][:, ::-1][:, :count].T
        basis = np.zeros((count, len(POINTS), 3))
        basis[..., axes] = vectors.reshape(count, len(POINTS), len(axes))
        parts.append(basis)
    return np.concatenate(parts).astype(np.float32)


def projected(motion: Array, basis: Array) -> Array:
    """(T, K) coefficients of (T, 37, 3) in orthonormal components (K, 37, 3)."""
    return np.asarray(np.tensordot(motion, basis, axes=([1, 2], [1, 2])), np.float32)


def mouth_rows(basis: Array) -> Array:
    """(K, 2) opening and width of a coefficient of 1."""
    return np.stack([opening_of(basis)[:, 1], width_of(basis)[:, 0]], axis=1)


def made_by(chain: Sequence[Layer], content: Array) -> Array:
    """What a chain of layers makes of (2 T, C) content at the picture's instants, (T, K)."""
    return np.asarray(apply_layers(chain, content)[::STEP], np.float32)


def mean_coefficients(clips: Sequence[VotedClip], basis: Array) -> Array:
    """(K,) the mean of the true motion, one vote a speaker."""
    means = [projected(clip.motion, basis).mean(axis=0) for clip in clips]
    return np.asarray(np.average(means, axis=0, weights=votes(clips)), np.float32)


def centred(chain: Sequence[Layer], clips: Sequence[VotedClip]) -> tuple[Layer, ...]:
    """A chain whose mean over all clips is 0."""
    *before, last = chain
    means = [made_by(chain, clip.content).mean(axis=0) for clip in clips]
    middle = np.average(means, axis=0, weights=votes(clips))
    return (*before, replace(last, bias=(last.bias - middle).astype(np.float32)))


def size_of(spread: NDArray[np.floating[Any]] | tuple[float, float]) -> Array:
    """(3,) what x, y and z of motion in spreads are multiplied by, of (2,) standard deviations of opening and width."""
    opening, width = spread
    return np.array([width, opening, opening], np.float32)
