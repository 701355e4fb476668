"""The voices of people whom a checkpoint knows, as it holds them.

Embeddings are the speaker encoder's, with the directions in which one and the same speaker differs from clip to clip shrunk
(within-class covariance normalisation; Hatch, Kajarekar, Stolcke 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...face.curves import ramp, smooth_step


@dataclass(frozen=True)
class KnownVoices:
    """Of P people.

    Attributes:
        names: their speakers' names in the corpus.
        encoder: name and version of what made the embeddings.
        steady: (D, D) float32, what an embedding is multiplied by before it is compared.
        centres: (P, D) float32, unit norm: each voice, multiplied so.
        bounds: (P, 2) cosine up to which a voice is a stranger's, and from which on it surely is this one.
        shares: (P, 2) 0…1, of opening and of width: what the decoder that knows them makes of the motion where it surely is.
    """

    names: tuple[str, ...]
    encoder: str
    steady: np.ndarray
    centres: np.ndarray
    bounds: np.ndarray
    shares: np.ndarray

    def likenesses(self, embeddings: np.ndarray) -> np.ndarray:
        """(N, P) cosines of (N, D) embeddings with each voice."""
        return steadied(embeddings, self.steady) @ self.centres.T

    def certainties(self, embeddings: np.ndarray) -> np.ndarray:
        """(P,) 0…1, how surely (N, D) embeddings are each one's, by their mean cosine: 0 where a single one is a stranger's.

        The mean of several is surer than any of them; a second voice shows in one alone.
        """
        low, high = self.bounds.T
        alike = self.likenesses(embeddings)
        surely = smooth_step(ramp(alike.mean(axis=0), low, high))
        return np.where(alike.min(axis=0) > low, surely, 0)


def steadied(embeddings: np.ndarray, steady: np.ndarray) -> np.ndarray:
    """(N, D) embeddings as they are compared, unit norm; see `KnownVoices.steady`."""
    moved = embeddings @ steady
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True))
