"""A live preview from its first block to its last: a source, the voice that it gives, and what was heard of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import EngineError
from ..face.animation import FaceAnimation
from ..face.live_frames import floats
from ..face.messages import AnimateOptions, LiveRequest
from ..face.result_files import write_whole
from ..face.wav_files import wav_bytes
from ..hearing.audio import SAMPLE_RATE
from ..motion.manner.choice import NOBODY, choose_manner
from ..pipeline import listened
from .sources import Microphone, Opens, Recorded, Source
from .voice import LiveVoice

if TYPE_CHECKING:
    from ..hearing.backends import Backend

_MOST_KEPT = 30 * 60 * SAMPLE_RATE  # samples of what was heard


class Session:
    """One live preview.

    Args:
        request: its first.
        backend: runs the network.
        opens: see `sources.Microphone`.

    Raises:
        EngineError: the recording, the microphone or the style cannot be used.
    """

    def __init__(self, request: LiveRequest, backend: Backend, opens: Opens | None = None) -> None:
        self.name = request.session
        self.warnings: tuple[str, ...] = ()
        self.ended = False
        self._heard, self._length = list[np.ndarray](), 0
        style = choose_manner(request.style, NOBODY).style
        self._voice = LiveVoice(backend, style, request.seed, request.look_ahead)
        self._source: Source | None = None
        self._blocks: Iterator[np.ndarray] = iter(())
        if request.source == "recording":
            self._source = self._recorded(request)
        elif request.source == "microphone":
            self._source = Microphone(request.block, opens)
        if self._source is not None:
            self._blocks = self._source.blocks()

    def _recorded(self, request: LiveRequest) -> Recorded:
        if request.audio is None:
            raise EngineError("The request names no audio: update the add-on.", "bad_request")
        options = AnimateOptions(
            channel=request.channel, voice_in_file=request.voice_in_file, source_name=request.source_name
        )
        recording = listened(request.audio, options)
        self.warnings = recording.warnings
        return Recorded(recording.samples[round(request.begin * SAMPLE_RATE) :], request.block)

    @property
    def given(self) -> int:
        """How many frames were given out."""
        return self._voice.given

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return self._length / SAMPLE_RATE

    @property
    def lost(self) -> int:
        """Blocks that came faster than they were heard."""
        return self._source.lost if self._source is not None else 0

    def go_on(self, samples: str = "", last: bool = False) -> FaceAnimation:
        """What the face does in the next block.

        Args:
            samples: see `LiveRequest.samples`; a source of its own has none.
            last: end it.

        Returns:
            The frames that follow; 0 of them after the end.

        Raises:
            EngineError: the microphone has gone, or the samples are damaged; the session is over then.
        """
        if self.ended:
            return self._voice.feed(np.zeros(0, np.float32))
        try:
            if self._source is None:
                block = floats(samples)
            elif last:
                block = np.zeros(0, np.float32)
            else:
                following = next(self._blocks, None)
                last = following is None
                block = np.zeros(0, np.float32) if following is None else following
            self._keep(block)
            frames = self._voice.feed(block, last)
        except BaseException:
            self.close()
            raise
        if last:
            self.close()
        return frames

    def _keep(self, block: np.ndarray) -> None:
        if self._length < _MOST_KEPT:
            self._heard.append(block)
        self._length += len(block)

    def keep_sound(self, path: str | Path) -> tuple[str, ...]:
        """Write what was heard, the first half hour of it, as a WAV file of 16 bit.

        Returns:
            What the user should know: that more was heard than is kept.

        Raises:
            EngineError: it cannot be written.
        """
        samples = np.concatenate([np.zeros(0, np.float32), *self._heard])
        write_whole(Path(path), lambda stream: stream.write(wav_bytes(samples, SAMPLE_RATE)))
        if len(samples) >= self._length:
            return ()
        return (
            f"Of {self.seconds / 60:.1f} minutes of this live preview the first {len(samples) / SAMPLE_RATE / 60:.1f} are kept: "
            "record what is longer with another program, and generate from its file.",
        )

    def close(self) -> None:
        """End it; lets go of the microphone. Safe to call at any time."""
        self.ended = True
        if self._source is not None:
            self._source.close()
