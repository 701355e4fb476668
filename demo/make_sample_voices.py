#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the sample voices `voices/woman.wav`, `man.wav` and `child.wav` again.

Needs Debian's package `flite`. The child-like voice is the woman's, spoken slowly and played faster: so the throat
sounds shorter, too, and not the pitch alone higher.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from make_voice import RATE, gain_of, speak, write_wav

FOLDER = Path(__file__).parent / "voices"
_AROUND = 0.2  # seconds of silence before and after


@dataclass(frozen=True)
class Voice:
    """One sample.

    Attributes:
        voice: flite's name.
        text: what is said.
        stretch: how much slower than usual it is spoken.
        pitch, deviation: mean pitch and how far it moves, in Hz.
        faster: by how much it is played faster.
    """

    voice: str
    text: str
    stretch: float
    pitch: float
    deviation: float
    faster: float = 1.0


VOICES = {
    "woman": Voice("slt", "Hello! Press the button, and watch my lips move.", 1.06, 185, 30),
    "man": Voice("rms", "Good morning. Maybe we should begin with a few words.", 1.0, 105, 18),
    "child": Voice("slt", "Hi! Can you see me? I will talk to everybody now!", 1.32, 205, 40, 1.26),
}


def played_faster(samples: list[float], factor: float) -> list[float]:
    """Samples read at other places, the ones between by straight lines."""
    places = [index * factor for index in range(int((len(samples) - 1) / factor))]
    return [samples[int(place)] * (1 - place % 1) + samples[int(place) + 1] * (place % 1) for place in places]


def made(voice: Voice) -> list[float]:
    """The samples of a voice, levelled."""
    samples, _ = speak(voice.text, voice.stretch, voice.pitch, voice.deviation, voice.voice)
    silence = [0.0] * round(_AROUND * RATE)
    samples = [
        *silence,
        *(played_faster(samples, voice.faster) if voice.faster != 1.0 else samples),
        *silence,
    ]
    gain = gain_of(samples)
    return [value * gain for value in samples]


def main() -> int:
    """Write the samples."""
    if shutil.which("flite") is None:
        sys.exit(
            "make_sample_voices.py: flite is not installed; on Debian or Ubuntu: sudo apt-get install flite"
        )
    for name, voice in VOICES.items():
        samples = made(voice)
        write_wav(FOLDER / f"{name}.wav", samples)
        print(f"{name}.wav: {len(samples) / RATE:.2f} s, {voice.text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
