"""Two linear decoders: ridge regression on what is heard within ±80 ms, and a fixed mouth for each phone, from phonetics.

Source: Hoerl and Kennedy 1970, *Ridge regression: biased estimation for nonorthogonal problems*. Held down this hard, it
learns what fifteen people have in common and nothing of one of them; longer contexts do worse on people whom it never saw.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.hearing.backends.weights import Layer
from inference.hearing.features import PAUSE_BANDS
from inference.motion.lips.content import PHONES
from inference.training.recipes.voted_clips import STEP, Array, VotedClip, mouth_rows, projected, votes

PHONE_MOUTHS = Path(__file__).parent.parent / "data" / "phone_mouths.tsv"
_REACH = 4  # content frames on either side: 80 ms
_LASTS = np.array([0.5, 0.8, 1, 1, 1, 1, 1, 0.8, 0.5], np.float32) / 7.6
"""How long a phone's mouth lasts beside its sound, content frames."""


def phone_mouths() -> Array:
    """(40, 2) opening and width of each of `PHONES` in ``data/phone_mouths.tsv``."""
    lines = [line for line in PHONE_MOUTHS.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = {row["phone"]: row for row in csv.DictReader(lines, delimiter="\t")}
    return np.array([[rows[name]["opening"], rows[name]["width"]] for name in PHONES], np.float32)


def linear_decoder(clips: Sequence[VotedClip], basis: Array, ridge: float, evenness: float = 1.0) -> Layer:
    """The ridge regression, content (50 Hz) → coefficients of ``basis`` about their mean, as one convolution.

    Args:
        clips: training clips.
        basis: (K, 37, 3) components.
        ridge: λ on standardised inputs, for each row of a mean vote: the same however many clips there are.
        evenness: of the `votes`.
    """
    offsets = range(-_REACH, _REACH + 1, STEP)
    inputs, targets, weights = [], [], []
    for clip, vote in zip(clips, votes(clips, evenness), strict=True):
        for take in clip.takes:
            inputs.append(_around(take.content, offsets)[::STEP])
            targets.append(projected(take.motion - take.motion.mean(axis=0), basis))
            weights.append(np.full(len(take.motion), vote))
    x, y, w = np.concatenate(inputs), np.concatenate(targets), np.concatenate(weights)[:, None]
    middle = (x * w).sum(axis=0) / w.sum()
    deviation = np.sqrt(((x - middle) ** 2 * w).sum(axis=0) / w.sum()) + 1e-3
    z = ((x - middle) / deviation).astype(np.float64)
    solved = np.linalg.solve((z * w).T @ z + ridge * len(z) * np.eye(z.shape[1]), (z * w).T @ y)
    solved /= deviation[:, None]
    kernel = np.zeros((2 * _REACH + 1, clips[0].content.shape[1], len(basis)), np.float32)
    kernel[::STEP] = solved.reshape(len(offsets), -1, len(basis))
    return Layer(kernel, (-middle @ solved).astype(np.float32), activation="none")


def phone_decoder(clips: Sequence[VotedClip], basis: Array) -> Layer:
    """`phone_mouths` as a convolution of the posteriors; opening and width take along what of the mouth goes with them."""
    weights, mouths = votes(clips), phone_mouths()
    together, alone = np.zeros((2, len(basis))), np.zeros((2, 2))
    for clip, weight in zip(clips, weights, strict=True):
        truth = projected(clip.motion - clip.motion.mean(axis=0), basis)
        shape = truth @ mouth_rows(basis)
        together += weight * shape.T @ truth / len(truth)
        alone += weight * shape.T @ shape / len(truth)
    along = np.linalg.solve(alone, together)
    heard = clips[0].content.shape[1]
    first = heard - PAUSE_BANDS - 1 - len(PHONES)
    kernel = np.zeros((len(_LASTS), heard, len(basis)), np.float32)
    kernel[:, first : first + len(PHONES)] = _LASTS[:, None, None] * (mouths @ along)
    return Layer(kernel, np.zeros(len(basis), np.float32), activation="none")


def _around(content: Array, offsets: Sequence[int]) -> Array:
    """(T, C) → (T, C · offsets) the frames at so many offsets; zeros beyond the ends, as a convolution has them."""
    reach = max(abs(offset) for offset in offsets)
    padded = np.pad(content, ((reach, reach), (0, 0)))
    return np.concatenate(
        [padded[reach + offset : reach + offset + len(content)] for offset in offsets], axis=1
    )
