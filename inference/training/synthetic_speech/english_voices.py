"""English voices of all three synthesisers behind one call: flite's, Festival's and eSpeak NG's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.motion.lips.content import PHONES
from inference.training.synthetic_speech import espeak, festival, synthesis

Spoken = tuple[NDArray[np.float32], list[tuple[str, float, float]]]
"""(N,) samples at 16 kHz, and phones as (one of `PHONES`, start s, end s)."""


@dataclass(frozen=True)
class EnglishVoice:
    """One voice.

    Attributes:
        program: ``flite``, ``festival`` or ``espeak``.
        voice: the program's name for it.
    """

    program: str
    voice: str

    @property
    def name(self) -> str:
        """As tables have it."""
        return f"{self.program} {self.voice}"

    def speak(self, texts: Sequence[str]) -> list[Spoken]:
        """Speaks English texts, each by itself.

        Raises:
            FileNotFoundError: where the program or the voice is not installed.
        """
        if self.program == "flite":
            spoken = [synthesis.speak(text, self.voice) for text in texts]
            return [(samples, _named(phones, _of_flite)) for samples, phones in spoken]
        if self.program == "espeak":
            spoken = [espeak.speak(text, self.voice) for text in texts]
            return [(samples, _named(phones, espeak.phones_of_ipa)) for samples, phones in spoken]
        several = festival.speak_all(list(texts), self.voice, [1.0] * len(texts))
        spoken = [one for one in several if one is not None]
        if len(spoken) < len(texts):
            package = festival.voices()[self.voice]["package"]
            raise FileNotFoundError(
                f"Festival's voice {self.voice} was not found; install it (Debian: apt install {package})."
            )
        return [(samples, _named(phones, _of_festival)) for samples, phones in spoken]


ENGLISH_VOICES = (
    *(EnglishVoice("flite", voice) for voice in synthesis.VOICES),
    *(EnglishVoice("festival", voice) for voice in ("ked", "slt")),
    *(EnglishVoice("espeak", voice) for voice in ("en-us", "en-us+f2")),
)
"""Women and men, recorded and by rule; flite's ``kal`` has nothing above 4 kHz. Festival's own ``kal`` is flite's ``kal16``."""


def _of_flite(name: str) -> tuple[str, ...]:
    return (PHONES[synthesis.flite_phone_index(name)],)


def _of_festival(name: str) -> tuple[str, ...]:
    return festival.phones_of_segment(name, "english")


def _named(
    phones: list[tuple[str, float, float]], phones_of: Callable[[str], tuple[str, ...]]
) -> list[tuple[str, float, float]]:
    """Phones under our names; of those that we have two names for, the first."""
    return [(phones_of(name)[0], start, end) for name, start, end in phones]
