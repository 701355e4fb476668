"""Pictures and sound of a clip, on one clock whose zero is the first picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..hearing import streams
from ..hearing.audio import SAMPLE_RATE, read_recording
from .decoded import DecodedFilm, read_film
from .image_folder import FEWEST_IMAGES, pictures_of, series_in, sounds_in
from .needs import load_package
from .wide_range import in_ordinary_range

VIDEO_SUFFIXES = {".mp4", ".mpg", ".mpeg", ".mov", ".mkv", ".avi", ".webm", ".m4v"}
_MOST_ASPECT = 4.0
_MOST_RATE = 250.0
"""Pictures a second, beyond which a header rather gives its clock's ticks, as those of browsers' recordings do."""
_TIMED = 100
"""Pictures by whose times the rate is told then."""
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class VideoInfo:
    """What a clip's header says.

    Attributes:
        fps: average frames per second, > 0.
        frames: number of pictures, 0 where the header does not know.
        start: seconds of the first picture on the file's own clock.
        has_sound: whether there is a sound track (or a WAV beside the images).
        told: sentences about what is no part of it, such as a poster beside the images.
    """

    fps: float
    frames: int
    start: float
    has_sound: bool
    told: tuple[str, ...] = ()


def inspect_video(path: Path, image_fps: float) -> VideoInfo:
    """Read a clip's header.

    Args:
        path: a video file, or a folder with an image sequence (and a WAV, if there is sound).
        image_fps: rate of an image sequence, which does not know its own.

    Raises:
        EngineError: code ``file_missing`` or ``bad_video``.
    """
    if not path.exists():
        raise EngineError(f"{path} does not exist: choose a video of a talking face.", "file_missing")
    if not (path.is_file() or path.is_dir()):  # it might never end
        raise EngineError(f"{path} is a device or a pipe: save the video as a file first.", "bad_video")
    film = read_film(path)
    if film is not None:
        return VideoInfo(film.fps, film.frames, 0.0, film.sound.is_file())
    if path.is_dir():
        series = series_in(path)
        if len(series.images) < FEWEST_IMAGES:
            raise EngineError(
                f"{path} holds too few images of a film ({len(series.images)}): choose a video, or a folder of at least "
                f"{FEWEST_IMAGES} PNG, JPEG, TIFF, WebP, Targa or BMP files.",
                "bad_video",
            )
        return VideoInfo(image_fps, len(series.images), 0.0, len(sounds_in(path)) == 1, series.told)
    av = load_package("av")
    try:
        with av.open(str(path)) as container:
            stream = streams.pictures_of(container)
            if stream is None:
                raise EngineError(f"{path} has no picture: choose a video of a talking face.", "bad_video")
            first = next(container.decode(stream), None)
            if first is None:
                raise EngineError(
                    f"{path} holds no picture that can be decoded: export it again.", "bad_video"
                )
            rate = float(stream.average_rate or stream.guessed_rate or 25)
            return VideoInfo(
                rate if rate <= _MOST_RATE else _timed_rate(container, stream, rate),
                int(stream.frames or 0),
                float(first.time or 0.0),
                streams.sound_of(container) is not None,
            )
    except (OSError, ValueError, av.FFmpegError) as error:
        raise EngineError(
            f"{path} is not a video that can be decoded: convert it to MP4 and try again.", "bad_video"
        ) from error


def _timed_rate(container: Any, stream: Any, told: float) -> float:
    """Pictures a second of a stream, by the times of those that come next in its container; what is told where there are none."""
    times = (packet.pts for packet in container.demux(stream) if packet.pts is not None)
    seconds = sorted(float(time * stream.time_base) for time in islice(times, _TIMED))
    long = seconds[-1] - seconds[0] if seconds else 0.0
    return (len(seconds) - 1) / long if long > 0 else told


def decode_pictures(
    path: Path, info: VideoInfo, warnings: list[str] | None = None
) -> Iterator[tuple[float, Picture]]:
    """Pictures (H, W, 3) sRGB, upright and of square pixels, with their seconds since the first one.

    A camera that was held upright writes its pictures lying on their side and says so in the file; they are turned here.
    A clip that is damaged half-way ends there.

    Args:
        path: a video file, or a folder with an image sequence.
        info: what `inspect_video` says of it.
        warnings: is told where a clip is damaged, or images in a folder are.

    Raises:
        EngineError: no picture can be decoded at all (code ``bad_video``).
    """
    film = read_film(path)
    if film is not None:
        yield from _decoded(film, info, warnings)
        return
    if path.is_dir():
        for place, picture in pictures_of(path, warnings):
            yield place / info.fps, picture
        return
    av = load_package("av")
    with av.open(str(path)) as container:
        stream = streams.pictures_of(container)
        if stream is None:
            raise EngineError(f"{path} holds no picture that can be decoded: export it again.", "bad_video")
        decoded = 0
        try:
            for frame in container.decode(stream):
                when = info.start + decoded / info.fps if frame.time is None else float(frame.time)
                decoded += 1
                quarters = round(getattr(frame, "rotation", 0) / 90) % 4
                width, height = _square_pixels(frame.width, frame.height, stream.sample_aspect_ratio)
                picture = frame.to_ndarray(format="rgb24", width=width, height=height)
                picture = in_ordinary_range(frame, picture)
                yield from turn_pictures([(when - info.start, picture)], quarters)
        except av.FFmpegError as error:
            if not decoded:
                raise EngineError(
                    f"{path} holds no picture that can be decoded: export it again.", "bad_video"
                ) from error
            if warnings is not None:
                warnings.append(
                    f"{path.name} is damaged after {decoded / info.fps:.1f} s: what comes later was left out."
                )


def _square_pixels(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """The size of a picture whose pixels are so many times as wide as high, once they are as wide as high: none is lost."""
    wide = float(aspect) if aspect else 1.0
    if not 1 / _MOST_ASPECT <= wide <= _MOST_ASPECT:  # nobody films so
        return width, height
    return (round(width * wide), height) if wide > 1 else (width, round(height / wide))


def _decoded(
    film: DecodedFilm, info: VideoInfo, warnings: list[str] | None
) -> Iterator[tuple[float, Picture]]:
    """The pictures of a film that the add-on decoded."""
    shown = 0
    for index, picture in enumerate(film.pictures()):
        yield index / info.fps, picture
        shown = index + 1
    if not shown:
        raise EngineError(
            f"{film.folder.name} holds no picture that can be decoded: export it again.", "bad_video"
        )
    if shown < film.frames and warnings is not None:
        warnings.append(
            f"{film.folder.name} is damaged after {shown / info.fps:.1f} s: what comes later was left out."
        )


def turn_pictures(
    pictures: Iterable[tuple[float, Picture]], quarters: int
) -> Iterator[tuple[float, Picture]]:
    """The same pictures turned to the left by so many quarters."""
    for when, picture in pictures:
        yield when, np.ascontiguousarray(np.rot90(picture, quarters))


def decode_sound(path: Path, start: float = 0.0) -> NDArray[np.float32] | None:
    """The clip's sound, sample 0 at the instant ``start`` of the file's own clock; None where there is none.

    Args:
        path: a file that PyAV decodes, or a folder with one WAV.
        start: seconds; what sounds earlier is cut off, and silence is put before what begins later.

    Returns:
        (N,) float32, mono, 16 kHz; None where there is no sound track, or it is empty or damaged from the start.
    """
    if path.is_dir():
        recordings = sounds_in(path)
        return read_recording(recordings[0]).samples if len(recordings) == 1 else None
    av: ModuleType = load_package("av")
    pieces: list[NDArray[np.float32]] = []
    position: float | None = None
    with av.open(str(path)) as container:
        stream = streams.sound_of(container)
        if stream is None:
            return None
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
        try:
            for frame in container.decode(stream):
                if position is None:  # the resampler may keep the first ones for later
                    position = float(frame.time or 0.0)
                pieces.extend(piece.to_ndarray()[0].astype(np.float32) for piece in resampler.resample(frame))
        except av.FFmpegError:
            if not pieces:
                return None
        pieces.extend(piece.to_ndarray()[0].astype(np.float32) for piece in resampler.resample(None))
    if not pieces:
        return None
    samples = np.concatenate(pieces)
    shift = round(((position or 0.0) - start) * SAMPLE_RATE)
    return np.concatenate([np.zeros(shift, np.float32), samples]) if shift > 0 else samples[-shift:]
