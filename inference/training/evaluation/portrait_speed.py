"""How long a talking portrait takes, from the command to the whole file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if sys.platform != "win32":
    import resource

from inference.errors import EngineError
from inference.face.messages import AnimateOptions
from inference.face.wav_files import wav_bytes
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.paths import ENGINE_ROOT
from inference.pipeline import animate
from inference.portrait.make import PortraitSettings, make_portrait

from .portrait_table import portrait

SECONDS = 24
_SIZE = 512


@dataclass(frozen=True)
class SpeedFigures:
    """What a video of `SECONDS` takes on this machine.

    Attributes:
        whole: seconds from the command's start to its end.
        processor: seconds that all cores together spend on it; nan where the system does not tell.
        peak: MiB that the command's own process holds at most; nan where the system does not tell.
        drawn: frames a second of 512 pixels on the longer side, drawn and encoded.
        drawn_processor: milliseconds of all cores together for each of those, which other programs hardly change; nan where the
            system does not tell.
    """

    whole: float
    processor: float
    peak: float
    drawn: float
    drawn_processor: float


def measure_speed(picture: Path, voice: Path, renderer: str = "warp") -> SpeedFigures:
    """Make a video of a picture that says a recording again and again, in the picture's own size; then one of 512 pixels.

    Raises:
        EngineError: the picture or the recording cannot be read, or the command fails (code ``measure_failed``).
    """
    with tempfile.TemporaryDirectory() as folder:
        line, output = Path(folder, "line.wav"), Path(folder, "portrait.mp4")
        write_repeated(voice, line, SECONDS)
        whole, processor, peak = _whole_command(picture, line, output, renderer)
        animation = animate(line, AnimateOptions()).animation
        face, settings = portrait(picture), PortraitSettings(size=_SIZE, renderer=renderer)
        begin, spent = time.perf_counter(), _processor_seconds()
        made = make_portrait(face, animation, None, output, settings, float(SECONDS), {}, lambda *_: None)
        drawn = made.frames / (time.perf_counter() - begin)
        each = 1000 * (_processor_seconds() - spent) / made.frames
        return SpeedFigures(whole, processor, peak, drawn, each)


def _processor_seconds() -> float:
    """What this process and those that it waited for have spent; nan where the system does not tell."""
    if sys.platform == "win32":
        return float("nan")
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def write_repeated(voice: Path, target: Path, seconds: float) -> None:
    """Write a recording again and again as a WAV of so many seconds.

    Raises:
        EngineError: it cannot be read.
    """
    samples = np.resize(read_recording(voice).samples, round(seconds * SAMPLE_RATE))
    target.write_bytes(wav_bytes(samples, SAMPLE_RATE))


def _whole_command(picture: Path, line: Path, output: Path, renderer: str) -> tuple[float, float, float]:
    """Wall seconds, processor seconds, MiB of the command in a process of its own."""
    command = [sys.executable, "-m", "inference", "portrait", str(picture.resolve()), str(line)]
    command += ["-o", str(output), "--renderer", renderer]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ENGINE_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    told = process.stderr.read().decode("utf-8", "replace").strip()
    processor = peak = float("nan")
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        processor, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    else:
        process.wait()
    if process.returncode:
        raise EngineError(
            f"The video could not be made: {told.splitlines()[-1] if told else 'no reason given'}",
            "measure_failed",
        )
    return time.perf_counter() - begin, processor, peak


def speed_lines(figures: SpeedFigures) -> list[str]:
    """The figures, each beside its bar."""
    return [
        "| what | measured | asked, on two idle cores |",
        "|---|---|---|",
        f"| {SECONDS} s of video, the whole command | {figures.whole:.1f} s | < 10 s |",
        f"| the same, of all cores together | {figures.processor:.1f} s | |",
        f"| the same, most memory of the command's own process | {figures.peak:.0f} MiB | |",
        f"| drawn and encoded, {_SIZE} pixels | {figures.drawn:.0f} frames a second | ≥ 30 |",
        f"| the same, of all cores together | {figures.drawn_processor:.0f} ms a frame | ≤ 66 |",
    ]
