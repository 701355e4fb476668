"""Where the sound of a live preview comes from, a block at a time."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from ..errors import EngineError
from ..face.messages import NO_MICROPHONE
from ..hearing.audio import SAMPLE_RATE

MOST_WAITING = 20
"""Blocks that a microphone may be ahead."""

_SILENT_SECONDS = 3.0  # without a block, a microphone has gone


class Source(Protocol):
    """Gives sound block by block."""

    lost: int
    """Blocks that came faster than they were taken."""

    def blocks(self) -> Iterator[np.ndarray]:
        """(N,) float32 at 16 kHz each, as they are there; ends where no sound follows."""

    def close(self) -> None:
        """Let go of a device. Safe to call at any time."""


class Recorded:
    """A recording that is there as a whole.

    Args:
        samples: (N,) float32 at 16 kHz.
        block: seconds.
    """

    lost = 0

    def __init__(self, samples: np.ndarray, block: float) -> None:
        self._samples, self._block = samples, max(1, round(block * SAMPLE_RATE))

    def blocks(self) -> Iterator[np.ndarray]:
        """See `Source`."""
        for first in range(0, len(self._samples), self._block):
            yield self._samples[first : first + self._block]

    def close(self) -> None:
        """Nothing to let go of."""


Opens = Callable[..., Any]
"""Makes a stream that calls ``callback(samples, frames, time, status)``, as ``sounddevice.InputStream`` does."""


class Microphone:
    """The computer's own microphone, as its sound settings choose it.

    Args:
        block: seconds.
        opens: opens it; None for PortAudio, by the package sounddevice.

    Raises:
        EngineError: there is none, or it may not be listened to (code ``no_microphone``).
    """

    def __init__(self, block: float, opens: Opens | None = None) -> None:
        self.lost = 0
        self._waiting: queue.Queue[np.ndarray] = queue.Queue(MOST_WAITING)
        opens = opens or _portaudio()
        try:
            self._stream = opens(
                samplerate=SAMPLE_RATE,
                blocksize=round(block * SAMPLE_RATE),
                channels=1,
                dtype="float32",
                latency="low",
                callback=self._take,
            )
            self._stream.start()
        except Exception as error:  # PortAudio's own class, which is there with the package only
            raise _refused(error) from error

    def blocks(self) -> Iterator[np.ndarray]:
        """See `Source`; waits for each. Those that wait already come as one, which takes hardly longer to hear.

        Raises:
            EngineError: the microphone has gone (code ``no_microphone``).
        """
        while True:
            try:
                block = self._waiting.get(timeout=_SILENT_SECONDS)
                yield np.concatenate([block, *waiting(self._waiting)])
            except queue.Empty:
                raise EngineError(
                    "The microphone gives no more sound: check that it is plugged in, and start the live preview again.",
                    "no_microphone",
                ) from None

    def close(self) -> None:
        """Let go of it."""
        with contextlib.suppress(Exception):  # one that was pulled out cannot be closed
            self._stream.stop()
            self._stream.close()

    def _take(self, samples: Any, frames: int, time: Any, status: Any) -> None:
        """PortAudio's thread: a block is there."""
        if getattr(status, "input_overflow", False):
            self.lost += 1
        try:
            self._waiting.put_nowait(np.array(samples, np.float32).reshape(frames, -1)[:, 0])
        except queue.Full:
            self.lost += 1


def waiting(blocks: queue.Queue[np.ndarray]) -> list[np.ndarray]:
    """What waits in a queue, in order; it is taken from there."""
    taken = []
    with contextlib.suppress(queue.Empty):
        while True:
            taken.append(blocks.get_nowait())
    return taken


def _portaudio() -> Opens:
    try:
        import sounddevice
    except ImportError as error:
        raise EngineError(NO_MICROPHONE, "no_microphone") from error
    except OSError as error:  # the system has no PortAudio
        raise EngineError(
            "The microphone needs PortAudio, which this system lacks: install it (Debian and Ubuntu: "
            "sudo apt-get install libportaudio2), or choose a recording.",
            "no_microphone",
        ) from error
    opens: Opens = sounddevice.InputStream
    return opens


def _refused(error: Exception) -> EngineError:
    reason = str(error).split("\n")[0].removesuffix(".").split(" [PaErrorCode")[0]
    return EngineError(
        f"No microphone can be listened to ({reason}): plug one in, choose it in the system's sound settings and let Blender "
        "use it, or choose a recording.",
        "no_microphone",
    )
