# SPDX-License-Identifier: MIT
"""Make a long recording to measure with: `python speech.py SECONDS OUT.wav SAMPLE FOLDER`, where PyAV is installed.

Utterances of the folder one after the other where it exists, else the sample again and again. 16 kHz mono.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import av
import numpy as np

RATE = 16_000


def utterance(path: Path) -> bytes:
    """One file as 16-bit samples."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        parts = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        parts += resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts]).astype("<i2").tobytes()


def sources(sample: Path, folder: Path) -> Iterator[Path]:
    """The files to join, without end."""
    recordings = sorted(folder.glob("*.opus"))
    return cycle(recordings or [sample])


def main() -> int:
    """Write the recording."""
    seconds, target, sample, folder = float(sys.argv[1]), *map(Path, sys.argv[2:5])
    wanted = round(seconds * RATE) * 2
    known: dict[Path, bytes] = {}
    with wave.open(str(target), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        for path in sources(sample, folder):
            if len(known) < 50 and path not in known:
                known[path] = utterance(path)
            data = known.get(path) or utterance(path)
            writer.writeframesraw(data[:wanted])
            wanted -= len(data)
            if wanted <= 0:
                return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
