#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the sample voice `hello.wav` and its timings `hello.json` again.

Needs Debian's package `flite`.

Three sentences are synthesised one by one with flite's `slt` voice and joined with silences, so that the ends
of phrases are clear and one pause is long enough for the mouth to come to rest. The timings are the
synthesiser's own: they mark the words on the demo's contact sheet and tell the tests where the vowels are.
"""

from __future__ import annotations

import array
import json
import math
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

RATE = 16_000
LEVEL_DBFS = -20.0
"""RMS of the whole file."""
_LOUDEST = 32000
"""Sample that nothing exceeds."""

# (text, phones of each word, stretch, mean pitch in Hz, pitch deviation in Hz, silence after it in seconds)
SENTENCES: list[tuple[str, list[int], float, float, float, float]] = [
    ("Hello! My name is Tali.", [4, 2, 3, 2, 4], 1.06, 190, 28, 0.45),
    (
        "Give me any voice, in any language, and I will speak it.",
        [3, 2, 3, 3, 2, 3, 7, 3, 1, 3, 4, 2],
        1.02,
        178,
        30,
        0.85,
    ),
    ("Oh, what a beautiful idea!", [1, 3, 1, 8, 4], 1.06, 196, 34, 0.50),
]
Timing = tuple[str, float, float]
LEAD_IN = 0.35


def speak(
    text: str, stretch: float, pitch: float, deviation: float, name: str = "slt"
) -> tuple[list[float], list[Timing]]:
    """Synthesise one sentence with one of flite's voices; returns samples and phones, the silence around them cut off."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentence.wav"
        command = ["flite", "-voice", name, "--setf", f"duration_stretch={stretch}", "-psdur"]
        command += ["--setf", f"int_f0_target_mean={pitch}", "--setf", f"int_f0_target_stddev={deviation}"]
        told = subprocess.run(
            [*command, "-t", text, "-o", str(path)], check=True, stdout=subprocess.PIPE, encoding="ascii"
        ).stdout
        with wave.open(str(path), "rb") as reader:
            if (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) != (RATE, 1, 2):
                sys.exit(
                    "make_voice.py: flite wrote something else than 16 kHz mono 16-bit; use its voices slt and rms."
                )
            samples = array.array("h", reader.readframes(reader.getnframes()))
    loud = [index for index, value in enumerate(samples) if abs(value) > 150]
    first = max(0, loud[0] - 400)
    cut = samples[first : loud[-1] + 800]
    phones: list[Timing] = []
    begin = 0.0
    for item in told.split():
        phone, end = item.split(":")
        if phone != "pau":
            phones.append((phone, begin - first / RATE, float(end) - first / RATE))
        begin = float(end)
    fade = 160
    last = len(cut) - 1
    return [value * min(1.0, index / fade, (last - index) / fade) for index, value in enumerate(cut)], phones


def gain_of(samples: Sequence[float]) -> float:
    """What brings samples, which are not all 0, to `LEVEL_DBFS`; less where the loudest would exceed `_LOUDEST`."""
    rms = math.sqrt(sum(value * value for value in samples) / len(samples))
    return min(32768 * 10 ** (LEVEL_DBFS / 20) / rms, _LOUDEST / max(map(abs, samples)))


def write_wav(path: Path, samples: Sequence[float]) -> None:
    """Write samples, -32768 to 32767, as 16-bit mono of `RATE`."""
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(array.array("h", map(round, samples)).tobytes())


def main() -> int:
    """Write `hello.wav` and `hello.json` beside this file."""
    if shutil.which("flite") is None:
        sys.exit("make_voice.py: flite is not installed; on Debian or Ubuntu: sudo apt-get install flite")
    voice: list[float] = [0.0] * round(LEAD_IN * RATE)
    words: list[Timing] = []
    phones: list[Timing] = []
    for text, counts, stretch, pitch, deviation, silence in SENTENCES:
        start = len(voice) / RATE
        samples, spoken = speak(text, stretch, pitch, deviation)
        if len(spoken) != sum(counts) or len(text.split()) != len(counts):
            sys.exit(
                f"make_voice.py: flite spoke {len(spoken)} phones in “{text}”; correct their number a word."
            )
        voice += samples
        placed = [(phone, round(start + begin, 3), round(start + end, 3)) for phone, begin, end in spoken]
        phones += placed
        for word, count in zip(text.split(), counts):
            words.append((word, placed[0][1], placed[count - 1][2]))
            placed = placed[count:]
        print(f"{start:6.2f} – {len(voice) / RATE:5.2f} s  {text}")
        voice += [0.0] * round(silence * RATE)
    gain = gain_of(voice)
    peak = max(abs(value) for value in voice) * gain
    target = Path(__file__).parent / "hello.wav"
    write_wav(target, [value * gain for value in voice])
    with target.with_suffix(".json").open("w", encoding="utf-8") as file:
        rows = {"words": words, "phones": phones}
        lists = [
            f'  "{name}": [\n    ' + ",\n    ".join(map(json.dumps, row)) + "\n  ]"
            for name, row in rows.items()
        ]
        file.write("{\n" + ",\n".join(lists) + "\n}\n")
    print(f"{target}: {len(voice) / RATE:.2f} s, peak {20 * math.log10(peak / 32768):.1f} dBFS")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
