# SPDX-License-Identifier: MIT
"""Whether a long video of a talking picture stays in memory and in time: ten minutes, baked by the command and read back.

    python -m tools.long_portrait                      fox, 128 pixels, 600 s
    python -m tools.long_portrait --picture admiral --size 512 --seconds 60

The recording is the sample voice again and again, with a clap near its beginning and near its end. What all processes of the
command held together is looked at ten times a second (Linux only); in the finished file the claps are sought in the sound, and
the pictures' times are compared with their numbers. The Python that runs it needs the full engine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.face.wav_files import wav_bytes
from tools.environments import ROOT
from tools.peak_memory import held

RATE, FPS = 16_000, 25.0
CLAP, AROUND = 0.02, 0.3
"""Seconds of a clap, and of the silence before and behind it."""
LIMIT = 1.5
"""GiB."""
_LOUD = 0.5
_EVERY = 0.1


@dataclass(frozen=True)
class ReadBack:
    """What a video file holds.

    Attributes:
        claps: seconds at which each clap begins.
        frames: how many pictures.
        drift: seconds by which a picture's time differs from its number's, at most.
        apart: seconds between the end of the sound and that of the pictures.
    """

    claps: tuple[float, ...]
    frames: int
    drift: float
    apart: float


def clapping(voice: Path, target: Path, seconds: float) -> tuple[float, float]:
    """Write a voice again and again as a WAV of so many seconds, with two claps; returns when these begin."""
    with wave.open(str(voice), "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{voice} is not mono, 16 bits, 16 kHz: choose such a recording.")
        spoken = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32_768
    samples = np.resize(spoken / 2, round(seconds * RATE))
    claps = AROUND, seconds - AROUND - CLAP
    for at in claps:
        samples[round((at - AROUND) * RATE) : round((at + CLAP + AROUND) * RATE)] = 0
        samples[round(at * RATE) : round((at + CLAP) * RATE)] = 0.98
    target.write_bytes(wav_bytes(samples, RATE))
    return claps


def read_back(video: Path) -> ReadBack:
    """What a video holds, decoded a little at a time."""
    import av

    claps: list[float] = []
    with av.open(str(video)) as container:
        pictures = container.streams.video[0]
        rate = float(pictures.average_rate or FPS)
        times = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(pictures)
            if packet.pts is not None and packet.time_base is not None
        ]
    frames, end_of_sound = len(times), 0.0
    drift = float(np.abs(np.sort(times) - np.arange(frames) / rate).max())
    with av.open(str(video)) as container:
        for piece in container.decode(container.streams.audio[0]):
            begin, loud = float(piece.time or 0.0), np.abs(piece.to_ndarray()).max(axis=0)
            for place in np.flatnonzero(loud > _LOUD)[:1]:
                at = begin + float(place) / piece.sample_rate
                if not claps or at - claps[-1] > 2 * CLAP:
                    claps.append(at)
            end_of_sound = begin + piece.samples / piece.sample_rate
    return ReadBack(tuple(claps), frames, drift, end_of_sound - frames / rate)


def bake(arguments: list[str]) -> tuple[float, float]:
    """Run the engine's command; returns the GiB that it and all its processes held together at most, and its seconds.

    Raises:
        RuntimeError: it failed; its text is what the command said.
    """
    begin, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "inference", "portrait", *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
        while process.poll() is None:
            peak = max(peak, held(process.pid))
            time.sleep(_EVERY)
        told.seek(0)
        if process.returncode:
            raise RuntimeError(told.read().decode("utf-8", "replace").strip())
    return peak / 2**30, time.perf_counter() - begin


def main() -> int:
    """Bake, read back, print; returns 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="long_portrait", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--picture", default="fox", help="a picture that ships, or a file (fox)")
    parser.add_argument("--size", type=int, default=128, help="pixels of the longer side (128)")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long (600)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        line, output = Path(folder, "line.wav"), Path(folder, "portrait.mp4")
        claps = clapping(ROOT / "demo" / "hello.wav", line, options.seconds)
        size = ["--size", str(options.size)]
        peak, seconds = bake([options.picture, str(line), "-o", str(output), *size])
        read = read_back(output)
        megabytes = output.stat().st_size / 1e6
    off = [abs(at - wanted) for at, wanted in zip(read.claps, claps)]
    half = 0.5 / FPS
    kept = len(read.claps) == 2 and max(off) < half and read.drift < half and peak < LIMIT
    print(
        f"{options.seconds:g} s of {options.picture}, {options.size} pixels: {read.frames} frames, {megabytes:.1f} MB"
    )
    print(f"all processes together held at most {peak:.2f} GiB (asked: under {LIMIT} GiB), {seconds:.0f} s")
    print(
        f"claps at {', '.join(f'{at:.3f}' for at in read.claps)} s, made at {', '.join(f'{at:.3f}' for at in claps)} s: at most "
        f"{1000 * max(off, default=float('nan')):.1f} ms apart (asked: under {1000 * half:.0f} ms)"
    )
    print(
        f"pictures at most {1000 * read.drift:.2f} ms off; the sound ends {1000 * read.apart:+.1f} ms after them"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
