"""The voice of a video: decoded a piece at a time, as long as the pictures last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..hearing.streams import sound_of
from .packages import load_package

RATES = (32_000, 44_100, 48_000)
"""Samples a second that AAC and every player know; all others become the last."""
_PIECE = 1024


class Sound:
    """The sound of a recording from its start.

    Args:
        path: any recording or film that PyAV decodes.

    Attributes:
        rate: samples a second.
        layout: ``mono`` or ``stereo``.

    Raises:
        EngineError: it cannot be decoded (code ``not_audio``), or PyAV is missing (``full_engine_needed``).
    """

    def __init__(self, path: Path) -> None:
        av = load_package("av")
        self._path = path
        try:
            with av.open(str(path)) as container:
                if not container.streams.audio:
                    raise EngineError(f"{path} holds no sound: choose a file with a voice in it.", "no_sound")
                stream = sound_of(container)
                if stream is None:
                    raise _undecodable(path)
                rate, channels = int(stream.rate), int(stream.channels)
        except (OSError, ValueError, av.FFmpegError) as error:
            raise _undecodable(path) from error
        self.rate = rate if rate in RATES else RATES[-1]
        self.layout = "mono" if channels == 1 else "stereo"

    def frames(self, seconds: float, sample_format: str) -> Iterator[Any]:
        """PyAV's audio frames of exactly so many seconds, silence where the recording has ended.

        Args:
            seconds: how long.
            sample_format: as FFmpeg calls it, such as ``fltp``.

        Raises:
            EngineError: nothing of it can be decoded (code ``not_audio``).
        """
        av = load_package("av")
        wanted = round(seconds * self.rate)
        graph = av.AudioFifo()
        written = 0
        for frame in self._decoded(sample_format):
            frame.pts = None
            graph.write(frame)
            while written < wanted and graph.samples >= _PIECE:
                piece = graph.read(min(_PIECE, wanted - written))
                yield self._placed(piece, written)
                written += piece.samples
            if written >= wanted:
                return
        rest = graph.read(min(graph.samples, wanted - written)) if graph.samples else None
        if rest is not None:
            yield self._placed(rest, written)
            written += rest.samples
        while written < wanted:
            piece = av.AudioFrame(sample_format, self.layout, min(_PIECE, wanted - written))
            for plane in piece.planes:
                plane.update(bytes(plane.buffer_size))
            yield self._placed(piece, written)
            written += piece.samples

    def _placed(self, piece: Any, start: int) -> Any:
        from fractions import Fraction

        piece.sample_rate, piece.pts, piece.time_base = self.rate, start, Fraction(1, self.rate)
        return piece

    def _decoded(self, sample_format: str) -> Iterator[Any]:
        """All of it, at the rate and in the format that are wanted; what is damaged half-way ends there."""
        av = load_package("av")
        resampler = av.AudioResampler(format=sample_format, layout=self.layout, rate=self.rate)
        with av.open(str(self._path)) as container:
            any_frame = False
            try:
                for frame in container.decode(sound_of(container)):
                    frame.pts = (
                        None  # gaps and starts of the file's clock are no sound: the engine hears it so, too
                    )
                    heard = resampler.resample(frame)  # it refuses what no ear hears, such as 3,000 channels
                    any_frame = True
                    yield from heard
            except av.FFmpegError as error:
                if not any_frame:
                    raise _undecodable(self._path) from error
            yield from resampler.resample(None)


def _undecodable(path: Path) -> EngineError:
    return EngineError(
        f"{path} is not a recording that can be decoded: convert it to WAV and try again.", "not_audio"
    )
