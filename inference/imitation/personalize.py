"""One person's file from their videos."""

from __future__ import annotations

import math

import numpy as np

from ..errors import EngineError
from ..face.curves import smooth_step
from ..face.landmarks import BROWS
from ..motion.manner.personal import RATE, Person, Track
from ..motion.manner.style_code import pose
from .example import Example
from .head_fit import fit_head
from .imitate import imitate

LEAST_SECONDS = 12.0
"""Yi et al.'s; less than this does not show what a head does between sentences."""
_TRACK_SECONDS = 120.0
_FADE_SECONDS = 0.4


def personalize(examples: list[Example], name: str) -> Person:
    """Learn one person's head and face manner.

    Args:
        examples: clips of that person, `LEAST_SECONDS` or more together.
        name: of the person.

    Raises:
        EngineError: where there is less than that (code ``too_short``).
    """
    seconds = sum(example.animation.duration for example in examples)
    if seconds < LEAST_SECONDS - 1e-6:
        known = math.floor(10 * seconds) / 10  # 11.96 s are not 12.0
        raise EngineError(
            f"The clips are only {known:.1f} s long together: a person needs {LEAST_SECONDS:g} s or more.",
            "too_short",
        )
    embedding, encoder = _voice(examples)
    return Person(
        name=name,
        style=imitate(examples, name, f"The manner of {name}, from {seconds:.0f} s of video"),
        head=fit_head([example.pose_and_voice() for example in examples]),
        track=_track(examples),
        embedding=embedding,
        encoder=encoder,
        seconds=seconds,
    )


def _track(examples: list[Example]) -> Track:
    """The clips one after the other, each fading into the next, about their common rest."""
    pieces: list[np.ndarray] = []
    length = 0
    for example in examples:
        clip = example.animation.resampled(RATE)
        poses = pose(clip)
        brows = clip.landmarks[:, BROWS, 1].astype(np.float64)
        pieces.append(
            np.concatenate(
                [poses - poses.mean(axis=0), clip.blink, clip.eye_rotation, brows - np.median(brows, axis=0)],
                axis=1,
            )
        )
        length += len(clip)
        if length > _TRACK_SECONDS * RATE:
            break
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = _joined(whole, piece)
    return Track(whole[:, :6], whole[:, 6:8], whole[:, 8:10], whole[:, 10:])


def _joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One after the other, the end of the first fading into the start of the second."""
    overlap = min(round(_FADE_SECONDS * RATE), len(first) // 3, len(second) // 3)
    share = smooth_step(np.linspace(0, 1, overlap))[:, None]
    middle = first[-overlap:] * (1 - share) + second[:overlap] * share
    return np.concatenate([first[:-overlap], middle, second[overlap:]])


def _voice(examples: list[Example]) -> tuple[np.ndarray, str]:
    """The embedding of all clips' sound together, and what made it; empty where there is none."""
    voices = [example.voice for example in examples if example.voice is not None]
    if not voices:
        return np.zeros(0, np.float32), ""
    from ..hearing.speaker_encoder import load_speaker_encoder
    from ..motion.manner.voice import describe

    encoder = load_speaker_encoder()
    voice = describe(
        np.concatenate([voice.samples for voice in voices]),
        np.concatenate([voice.f0 for voice in voices]),
        encoder,
    )
    return voice.embedding, voice.encoder
