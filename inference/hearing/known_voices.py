"""Whether a recording's voice is that of somebody whom one of the decoders knows well.

A decoder that was taught by hundreds of clips of one person follows that person better than decoders in which everybody has a
vote, and strangers worse. So a checkpoint may hold the voices of such people, and what is more theirs than any stranger's was is
spoken by the decoder that knows them. numpy only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .backends.known import KnownVoices
from .backends.weights import shared
from .features import FEATURE_RATE, levels
from .speaker_encoder import SpeakerEncoder, load_speaker_encoder

if TYPE_CHECKING:
    from .backends import Backend

_ACTIVE = -30.0  # dB beside the speech level: pauses say nothing of a speaker
_LEAST_SPEECH = 1.0  # s that have to be heard: a word alone may be anybody's
_PIECE = 200  # frames in which somebody speaks that are embedded together: longer ones hide a second voice
_MOST_PIECES = 10  # of a long recording, evenly spread: 20 s


def embeddings_of(power: np.ndarray, encoder: SpeakerEncoder) -> np.ndarray:
    """(N, D) unit norm: who speaks in (T, 40) mel power, in N pieces of about 2 s of speech that are evenly spread.

    N is 0 where too little is said, and never more than ten, however long the recording is.
    """
    frames = np.flatnonzero(levels(power)[0] > _ACTIVE) if len(power) else np.zeros(0, int)
    if len(frames) < _LEAST_SPEECH * FEATURE_RATE:
        return np.zeros((0, 0), np.float32)
    pieces = np.array_split(frames, max(1, round(len(frames) / _PIECE)))
    chosen = np.unique(np.linspace(0, len(pieces) - 1, _MOST_PIECES).round().astype(int))
    return np.stack([encoder.embed([power[pieces[number]]], []) for number in chosen])


def known_share(power: np.ndarray, known: KnownVoices | None) -> np.ndarray | None:
    """What the decoder that knows the speaker makes of a recording's opening and width.

    Args:
        power: (T, 40) mel power of the whole recording.
        known: of a checkpoint; None where it knows nobody.

    Returns:
        (2,) 0…1, or None where nobody is surely recognised: a stranger, several people, a word alone.

    Raises:
        EngineError: the speaker encoder's weights are missing or damaged (code ``bad_weights``).
    """
    if known is None:
        return None
    encoder = load_speaker_encoder()
    if encoder.model_id != known.encoder:
        return None
    embeddings = embeddings_of(power, encoder)
    if len(embeddings) == 0:
        return None
    certainties = known.certainties(embeddings)
    best = int(certainties.argmax())
    share = certainties[best] * known.shares[best]
    return share.astype(np.float32) if share.any() else None


def for_speaker(backend: Backend, power: np.ndarray) -> Backend:
    """The backend as it follows whoever speaks: itself for a stranger.

    Args:
        backend: any.
        power: (T, 40) mel power of the whole recording.

    Raises:
        EngineError: the speaker encoder's weights are missing or damaged (code ``bad_weights``).
    """
    share = known_share(power, backend.weights.known)
    return backend if share is None else backend.with_weights(shared(backend.weights, share))
