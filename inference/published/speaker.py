"""Whose manner: the 256 numbers that tell MakeItTalk's networks who is speaking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import EngineError
from .files import SPEAKERS, VOICES, has, read_speakers
from .voice import embed, voice_network


@dataclass(frozen=True)
class Speakers:
    """Who speaks and whose manner is taken.

    Attributes:
        voice: (256,) float32, the recording's own voice as far as it is known.
        manner: (256,) float32, whose motion is made.
        name: a training speaker's name, ``voice`` or ``average``.
        warnings: sentences about what stands in for what.
    """

    voice: np.ndarray
    manner: np.ndarray
    name: str
    warnings: tuple[str, ...] = ()


def choose(samples: np.ndarray, folder: Path, chosen: str | None) -> Speakers:
    """Decide on the embeddings.

    The voice is Resemblyzer's embedding of the recording where its weights are found. The manner is the chosen training
    speaker's; without a choice the voice's own; without Resemblyzer the average training speaker's, who then also stands for
    the voice.

    Args:
        samples: (N,) float32 at 16 kHz.
        folder: where ``emb.pickle`` may be.
        chosen: a name in it, or None.

    Raises:
        EngineError: no such speaker (code ``bad_request``), neither Resemblyzer nor ``emb.pickle`` (code
            ``published_missing``), or a damaged file (code ``bad_weights``).
    """
    path = SPEAKERS.path(folder)
    listener = voice_network(folder)
    if chosen is None and listener is not None:
        voice = embed(samples, listener)
        return Speakers(voice, voice, "voice")
    if not has(folder, SPEAKERS):
        wanted = f"the speaker {chosen} is in" if chosen else "without Resemblyzer, the speaker is taken from"
        raise EngineError(
            f"{folder} lacks {SPEAKERS.name}, which {wanted}: put it or Resemblyzer's {VOICES.name} there, as "
            "docs/published-checkpoints.md says.",
            "published_missing",
        )
    known = read_speakers(path)
    if chosen is not None:
        if chosen not in known:
            raise EngineError(
                f"{path} has no speaker {chosen!r}: choose one that `python -m inference published` lists, such as "
                f"{next(iter(known))}.",
                "bad_request",
            )
        return Speakers(embed(samples, listener) if listener else known[chosen], known[chosen], chosen)
    average = np.mean(list(known.values()), axis=0)
    # The networks only ever saw vectors of unit length.
    average /= max(float(np.linalg.norm(average)), 1e-9)
    warning = f"{VOICES.name} of Resemblyzer is not there, so the face moves like the average of MakeItTalk's training speakers."
    return Speakers(average, average, "average", (warning,))
