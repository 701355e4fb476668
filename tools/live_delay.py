"""``python -m tools.live_delay``: how late a live preview shows what is said, and whether a block of sound is lost, in real time.

A recording stands for the microphone: its blocks come when they would have been spoken, over the worker's own pipe and protocol,
and a picture is shown 40 times a second as the add-on does.
"""

from __future__ import annotations

import argparse
import json
import queue
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from blender_addon.contract import live_frames
from blender_addon.motion.live_motion import Pace
from inference.commands.animate import shared_backend
from inference.face.messages import AnimateOptions, LiveRequest
from inference.face.names import ARKIT_INDEX, LIVE_BLOCK
from inference.face.shape_effects import closed_frames
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.live.sources import MOST_WAITING, waiting
from inference.live.voice import LOOK_AHEAD, LiveVoice
from inference.motion.manner.styles import load_style
from inference.pipeline import animate

ROOT = Path(__file__).resolve().parent.parent
BLOCK = LIVE_BLOCK
"""Seconds."""
PICTURES = 40
"""A second, at most."""


@dataclass
class Figures:
    """What was measured.

    Attributes:
        delays: seconds from a sound to its picture, of each picture.
        answers: seconds that the engine took for each block.
        lost: blocks that came while as many as a microphone keeps were waiting.
        pictures: how many were shown that another one was shown before.
        stalls: pictures for which no frame was there yet.
        seconds: how long it was measured.
    """

    delays: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    lost: int = 0
    pictures: int = 0
    stalls: int = 0
    seconds: float = 0.0

    def told(self) -> str:
        """A line for each figure."""
        return "\n".join(
            (
                f"measured: {self.seconds:.0f} s, {len(self.answers)} requests of {BLOCK:g} s or more",
                f"engine: {1000 * statistics.median(self.answers):.0f} ms a request, at most {1000 * max(self.answers):.0f} ms",
                f"delay: {statistics.median(self.delays):.3f} s, 99 of 100 within {np.percentile(self.delays, 99):.3f} s",
                f"pictures: {self.pictures / self.seconds:.1f} a second, {self.stalls} without a new frame",
                f"lost blocks: {self.lost}",
            )
        )


class Microphone(threading.Thread):
    """A recording, over and over, whose blocks come when they were spoken."""

    def __init__(self, samples: np.ndarray) -> None:
        super().__init__(daemon=True)
        self._samples, self._size = samples, round(BLOCK * SAMPLE_RATE)
        self.blocks: queue.Queue[np.ndarray] = queue.Queue(MOST_WAITING)
        self.lost, self.began = 0, 0.0

    def run(self) -> None:
        """Speak."""
        self.began, number = time.monotonic(), 0
        while True:
            number += 1
            time.sleep(max(0.0, self.began + number * BLOCK - time.monotonic()))
            places = np.arange((number - 1) * self._size, number * self._size)
            try:
                self.blocks.put_nowait(self._samples.take(places, mode="wrap"))
            except queue.Full:
                self.lost += 1


def measure(samples: np.ndarray, seconds: float) -> Figures:
    """Let the engine hear a recording over and over for so many seconds."""
    command = [sys.executable, "-s", "-u", "-m", "inference.worker"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:
        try:
            return _measured(engine, Microphone(samples), seconds)
        finally:
            engine.terminate()


def _measured(engine: subprocess.Popen[bytes], microphone: Microphone, seconds: float) -> Figures:
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    assert engine.stdin is not None and engine.stdout is not None
    threading.Thread(target=_read, args=(engine.stdout, answers), daemon=True).start()
    answers.get()  # what it can do
    figures, pace = Figures(), Pace()
    _ask(engine, np.zeros(0, np.float32))  # loads the network, as the add-on does before it listens
    answers.get()
    microphone.start()
    asked, ready, until = 0.0, 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        if not asked and not microphone.blocks.empty():
            asked = time.monotonic()
            _ask(engine, np.concatenate(waiting(microphone.blocks)))
        while not answers.empty():
            answer = answers.get()
            if answer["type"] != "result":
                raise SystemExit(answer["message"])
            figures.answers.append(time.monotonic() - asked)
            frames = live_frames.unpacked(answer["frames"], answer["fps"])
            first, asked = answer["first"] / answer["fps"], 0.0
            ready = first + len(frames) / answer["fps"]
            pace.arrived(time.monotonic(), first, answer["heard"])
        _picture(figures, pace, ready, microphone.began)
        time.sleep(1 / PICTURES)
    figures.seconds, figures.lost = seconds, microphone.lost
    return figures


def _picture(figures: Figures, pace: Pace, ready: float, began: float) -> None:
    instant = pace.shown(time.monotonic())
    if instant < 0:
        return
    figures.pictures += 1
    if instant > ready:
        figures.stalls += 1
    figures.delays.append(time.monotonic() - began - min(instant, ready))


def likeness(path: Path, look_ahead: float = LOOK_AHEAD) -> str:
    """A line that says how like the motion of a whole recording that of a live preview of it is."""
    backend, style = shared_backend("numpy"), load_style("natural")
    whole = animate(
        path, AnimateOptions(fps=None, style="natural", speaker="none"), backend=backend
    ).animation
    samples, size = read_recording(path).samples, round(BLOCK * SAMPLE_RATE)
    voice = LiveVoice(backend, style, 0, look_ahead)
    starts = range(0, len(samples), size)
    arkit = np.concatenate(
        [
            voice.feed(samples[start : start + size], last=start + size >= len(samples)).arkit
            for start in starts
        ]
    )
    wanted = whole.arkit[: len(arkit)]
    jaw = ARKIT_INDEX["jawOpen"]
    alike = np.corrcoef(arkit[:, jaw], wanted[:, jaw])[0, 1]
    agree = (closed_frames(arkit) == closed_frames(wanted)).mean()
    return f"{path.name}: jaw r = {alike:.3f}, lips shut or open alike in {100 * agree:.0f} % of the frames"


def _ask(engine: subprocess.Popen[bytes], samples: np.ndarray) -> None:
    request = LiveRequest("measured", "samples", samples=live_frames.packed_samples(samples))
    assert engine.stdin is not None
    engine.stdin.write(json.dumps(request.as_message(1)).encode() + b"\n")
    engine.stdin.flush()


def _read(stream: Any, answers: queue.Queue[dict[str, Any]]) -> None:
    for line in stream:
        if line.startswith(b"{"):
            answers.put(json.loads(line))


def main(arguments: list[str] | None = None) -> int:
    """Measure, and say what came of it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "voice", nargs="?", type=Path, default=ROOT / "demo" / "hello.wav", help="a recording"
    )
    parser.add_argument(
        "--likeness",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="say instead how like the motion of the whole recording these are",
    )
    parser.add_argument(
        "--look-ahead",
        type=float,
        default=LOOK_AHEAD,
        metavar="SECONDS",
        help="with --likeness: sound heard beyond what is shown (default: %(default)g, a microphone's; a recording has 0.4)",
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="how long (default: %(default)g)")
    chosen = parser.parse_args(arguments)
    if chosen.likeness:
        print("\n".join(likeness(path, chosen.look_ahead) for path in chosen.likeness))
        return 0
    print(measure(read_recording(chosen.voice).samples, 60 * chosen.minutes).told())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
