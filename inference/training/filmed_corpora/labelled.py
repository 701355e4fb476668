"""Labelled speech: the file that all of it is kept in, whether it was filmed, recorded or synthesised.

One ``.npz`` per speaker or voice: ``names``, ``audio`` (int16, 16 kHz, all utterances on end), ``audio_start`` (N + 1,),
``labels`` (int8, 100 Hz, index into :data:`inference.motion.lips.content.PHONES`, all on end), ``label_start`` (N + 1,),
``part``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.motion.lips.content import PHONES
from inference.training.whole_files import save_arrays

FRAME_RATE = 100
PHONE_INDEX = {phone: index for index, phone in enumerate(PHONES)}
SYNTHETIC = ("flite", "festival", "espeak")
"""What the files of synthetic speech are named after: ``<synthesiser>_<voice or language>.npz``."""


def phone_index(name: str) -> int:
    """Index of a phone, stress marks and all silences and noises folded."""
    return PHONE_INDEX.get(name.rstrip("012").upper(), 0)


class LabelledSpeech:
    """Utterances on their way into one file."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._audio: list[NDArray[np.int16]] = []
        self._labels: list[NDArray[np.int8]] = []

    def __len__(self) -> int:
        return len(self.names)

    def add(self, name: str, samples: NDArray[np.float32], labels: NDArray[np.int8]) -> None:
        """Takes one utterance.

        Args:
            name: its.
            samples: (N,) at 16 kHz, -1 to 1; what is beyond is clipped.
            labels: (T,) phone indices at 100 Hz.
        """
        self.names.append(name)
        self._audio.append(np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16))
        self._labels.append(labels)

    def save(self, target: Path, part: str = "train") -> None:
        """Writes them all as :func:`save_labelled` does."""
        save_labelled(target, self.names, self._audio, self._labels, part)


def save_labelled(
    target: Path, names: list[str], audio: list[NDArray[np.int16]], labels: list[NDArray[np.int8]], part: str
) -> None:
    """Writes one labelled ``.npz`` as the module's docstring describes it, complete or not at all; nothing if empty."""
    if not names:
        return
    save_arrays(
        target,
        names=np.array(names),
        audio=np.concatenate(audio),
        audio_start=np.cumsum([0] + [len(a) for a in audio]),
        labels=np.concatenate(labels),
        label_start=np.cumsum([0] + [len(a) for a in labels]),
        part=np.array(part),
    )
