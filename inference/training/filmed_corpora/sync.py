"""How far sound and picture of filmed clips lie apart, so that nobody learns lips from a clip that is out of sync.

Cameras start between two pictures, and some clips of GRID are several pictures off. A trained decoder hears when the mouth should
have opened; where its motion fits the filmed one much better a little earlier or later, the sound is moved there. After the
measurement of Chung and Zisserman 2016, *Out of time: automated lip sync in the wild*, with a motion in place of an embedding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.training.correlation import correlation
from inference.training.disturbances import augment
from inference.training.filmed_corpora.faces import POINTS, Example, Filmed, opening_of
from inference.training.networks.content import Decoder, Encoder

MOST_SECONDS = 0.25
_FAR = 4  # hundredths of a second: a picture
_STEP = 0.01  # the features' frame
_SURE = 0.8  # the correlation of the opening at the best offset below which a clip is left alone


def offset_of(guess: NDArray[np.floating], truth: NDArray[np.floating]) -> int:
    """How many hundredths of a second the filmed mouth comes later than the guessed one.

    Args:
        guess: (N,) opening at 50 Hz, as heard.
        truth: (T,) opening at 25 Hz, as filmed.

    Returns:
        At most :data:`MOST_SECONDS` either way; 0 where no offset fits well.
    """
    reach = round(MOST_SECONDS / _STEP)
    times, known = np.arange(len(truth)) * 2.0, np.arange(len(guess))
    tried = np.arange(-reach, reach + 1)
    fits = [correlation(np.interp(times - offset * 50 * _STEP, known, guess), truth) for offset in tried]
    best = int(np.argmax(fits))
    return int(tried[best]) if fits[best] >= _SURE else 0


def guesses(
    encoder: Encoder, decoder: Decoder, basis: Tensor, examples: list[Example]
) -> Iterator[NDArray[np.float32]]:
    """(T, 37, 3) at 50 Hz for each clip, before any post-processing; both networks in evaluation mode."""
    with torch.inference_mode():
        for example in examples:
            heard = torch.from_numpy(augment.heard(augment.mel_of(example.spectrum)).T[None].copy())
            yield torch.einsum("kt,kpc->tpc", decoder(encoder.content(heard))[0], basis).numpy()


def in_sync(encoder: Encoder, decoder: Decoder, basis: NDArray[np.float32], filmed: Filmed) -> Filmed:
    """The same faces, those that are trained on with their sound moved to where it belongs; says how many were moved.

    Args:
        encoder, decoder: trained, in evaluation mode.
        basis: (K, 68, 3) of the decoder.
        filmed: clips that are measured on stay as they are.
    """
    lips = torch.from_numpy(np.ascontiguousarray(basis[:, POINTS]))
    offsets = [
        offset_of(opening_of(guess)[:, 1], opening_of(example.displacement)[:, 1])
        for example, guess in zip(
            filmed.examples, guesses(encoder, decoder, lips, filmed.examples), strict=True
        )
    ]
    far = sum(abs(offset) > _FAR for offset in offsets)
    print(
        f"sync: {np.count_nonzero(offsets)} of {len(offsets)} clips moved, {far} by more than a picture",
        flush=True,
    )
    moved = [example.delayed(offset) for example, offset in zip(filmed.examples, offsets, strict=True)]
    return replace(filmed, examples=moved)
