"""Writes what is drawn: an MP4 or MOV video with the voice, or a folder of PNG pictures. Whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from ..errors import EngineError
from ..face import png
from ..face.outputs import real, refuse_nameless
from ..face.result_files import (
    beside,
    refuse_special,
    remove_left_behind,
    remove_unfinished,
    unwritable,
    write_whole,
)
from ..interruption import signals_wait
from ..packages import how_to_get
from ..pictures.filling import Pixels
from .film_packets import PACKETS, UNKNOWN, note_packets
from .packages import load_package
from .sound import Sound

VIDEOS: Final = (".mp4", ".mov")
SUFFIXES: Final = (*VIDEOS, "")
"""What an output may end in; without an ending it is a folder."""
NOTE: Final = "portrait.json"
"""In a folder of pictures: what they are."""
_SMALL, _LARGE = 250_000, 4_000_000
"""Pixels up to which a video is small, and from which on it is large."""
_NUMBERED = re.compile(r"\d{6}\.png")


@dataclass(frozen=True)
class Film:
    """What is to be written.

    Attributes:
        fps: frames per second.
        size: width and height, pixels; even for .mp4.
        frames: how many.
        sound: the voice; None for none.
        note: what it is and what it was made of, kept in the file.
    """

    fps: float
    size: tuple[int, int]
    frames: int
    sound: Sound | None
    note: dict[str, Any]

    @property
    def rate(self) -> Fraction:
        """Frames per second, as containers write them."""
        return Fraction(self.fps).limit_denominator(1001)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.frames / self.rate)


def kind_of(output: Path, inputs: Iterable[Path] = ()) -> str:
    """``.mp4``, ``.mov``, or ``""`` for a folder of pictures.

    Args:
        output: what is to be written.
        inputs: what it is made of, which must not lie in a folder that is written anew.

    Raises:
        EngineError: it ends in something else (code ``bad_format``), or is a folder with other things in it
            (``output_is_input``); nothing can be written there (``output_unwritable``).
    """
    refuse_special(output)
    kind = output.suffix.lower()
    if output.is_dir():
        if kind in VIDEOS:
            raise EngineError(
                f"{output} is a folder, though it ends in {output.suffix}: give the video another name, or choose a folder that "
                "does not end so for PNG pictures.",
                "output_unwritable",
            )
        kind = ""
        if output.samefile("."):  # which is another one afterwards, and Windows does not rename it
            raise EngineError(
                f"{output} is the folder in which this runs: choose another one for the pictures.",
                "output_unwritable",
            )
    refuse_nameless(output, VIDEOS, "portrait")
    if kind not in SUFFIXES:
        raise EngineError(
            f"{output} ends in {output.suffix}, which is no video that is written here: end it in .mp4 or .mov, or in nothing "
            "for a folder of PNG pictures.",
            "bad_format",
        )
    if kind == "" and output.exists() and not output.is_dir():
        raise EngineError(
            f"{output} is there already and is no folder: choose another name for the PNG pictures, or one that ends in .mp4.",
            "output_unwritable",
        )
    if output.is_dir() and any(output.iterdir()) and not _is_sequence(output):
        raise EngineError(
            f"{output} is a folder with other things in it: choose a new or an empty folder for the pictures, or a name that "
            "ends in .mp4.",
            "output_unwritable",
        )
    for given in inputs:
        is_file = given.exists()  # or else a name, such as `auto`
        if is_file and output.is_dir() and real(output) in real(given).parents:
            raise EngineError(
                f"The pictures in {output} would replace {given}, of which they are made: choose another folder.",
                "output_is_input",
            )
    folder = output.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        problem = "it is not there" if not folder.is_dir() else "it is read-only"
        raise EngineError(
            f"{output} cannot be written, for {folder} is no folder that can be written to ({problem}): choose another one.",
            "output_unwritable",
        )
    return kind


def _is_sequence(folder: Path) -> bool:
    """Whether there is nothing in a folder but what was written here before."""
    names = {path.name for path in folder.iterdir()}
    return NOTE in names and all(_NUMBERED.fullmatch(name) for name in names - {NOTE})


def write_film(output: Path, film: Film, pictures: Iterable[Pixels]) -> None:
    """Write a film; what has its name is replaced when it is complete.

    Args:
        output: see `kind_of`.
        film: what it is.
        pictures: its frames, (H, W, 3) RGB, or (H, W, 4) with straight alpha for .mov and folders.

    Raises:
        EngineError: it cannot be written (code ``output_unwritable``), or PyAV or its encoder is missing
            (``full_engine_needed``).
    """
    kind = kind_of(output)
    if kind == "":
        with _whole_folder(output) as folder:
            for number, picture in enumerate(pictures, 1):
                (folder / f"{number:06d}.png").write_bytes(png.encoded(picture))
            (folder / NOTE).write_text(
                json.dumps({**film.note, "fps": film.fps}, ensure_ascii=False, indent=1) + "\n", "utf-8"
            )
        return
    encode = _prores if kind == ".mov" else _h264

    def write(stream: IO[bytes]) -> None:
        watched = _Watched(stream)
        try:
            with signals_wait() as let_in:  # PyAV writes to the stream from C
                encode(watched, film, _each(pictures, let_in))
        except Exception as error:
            if watched.failure is not None:  # which PyAV hides behind an error of its own
                raise watched.failure from error
            raise
        note_packets(load_package("av"), stream)

    remove_left_behind(output)
    write_whole(output, write)


def _each(pictures: Iterable[Pixels], between: Callable[[], None]) -> Iterator[Pixels]:
    """Pictures, with something done before each."""
    for picture in pictures:
        between()
        yield picture


class _Watched:
    """A stream that remembers why it could not be written to."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            return self._stream.write(content)
        except OSError as error:
            self.failure = error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True


# -- Videos ------------------------------------------------------------------------------------------------


def _h264(stream: _Watched, film: Film, pictures: Iterable[Pixels]) -> None:
    options = _h264_options(film.size)
    _encode(stream, film, pictures, _Codecs("mp4", "libx264", "yuv420p", options, "aac", "fltp"))


def _h264_options(size: tuple[int, int]) -> dict[str, str]:
    """How H.264 is encoded.

    In small pictures finer, for lips are few pixels there; their colours most of all, of which H.264 keeps a quarter and by
    which they differ from skin. Of large ones the encoder holds a few only, for each takes tens of megabytes there.
    """
    pixels = size[0] * size[1]
    usual = {"crf": "16", "preset": "veryfast"}
    if pixels < _SMALL:
        usual |= {"crf": "10", "x264-params": "chroma-qp-offset=-6"}
    return {**usual, "rc-lookahead": "3", "bf": "1", "threads": "2"} if pixels > _LARGE else usual


def _prores(stream: _Watched, film: Film, pictures: Iterable[Pixels]) -> None:
    options = {"profile": "4444", "alpha_bits": "16", "vendor": "apl0"}
    _encode(stream, film, pictures, _Codecs("mov", "prores_ks", "yuva444p10le", options, "pcm_s16le", "s16"))


@dataclass(frozen=True)
class _Codecs:
    container: str
    video: str
    pixels: str
    options: dict[str, str]
    audio: str
    samples: str


def _encode(stream: _Watched, film: Film, pictures: Iterable[Pixels], codecs: _Codecs) -> None:
    """Encode into an open file, sound and pictures side by side, so that neither waits in memory."""
    av = load_package("av")
    try:
        container = av.open(stream, "w", format=codecs.container, options={"movflags": "use_metadata_tags"})
        video = container.add_stream(codecs.video, rate=film.rate, options=codecs.options)
        heard: Any = None
        if film.sound is not None:
            heard = container.add_stream(codecs.audio, rate=film.sound.rate, layout=film.sound.layout)
    except (ValueError, LookupError, av.FFmpegError) as error:
        raise EngineError(
            f"The encoder {codecs.video} is missing in this PyAV: write a folder of PNG pictures, or make the full engine anew: "
            f"{how_to_get()}.",
            "full_engine_needed",
        ) from error
    with container:
        video.width, video.height = film.size
        video.pix_fmt = codecs.pixels
        video.time_base = 1 / film.rate
        for name in ("color_primaries", "color_trc", "colorspace"):
            setattr(video.codec_context, name, 1)  # BT.709, whatever the size
        video.codec_context.color_range = 1
        for name, text in _tags(film.note).items():
            container.metadata[name] = text
        sound = film.sound.frames(film.seconds, codecs.samples) if film.sound is not None else iter(())
        ahead = next(sound, None)
        colours = av.video.reformatter.VideoReformatter()  # keeps the tables that each frame would make anew
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(picture), format="rgba" if picture.shape[2] == 4 else "rgb24"
            )
            frame = colours.reformat(frame, format=codecs.pixels, dst_colorspace=1, dst_color_range=1)
            frame.pts, frame.time_base = number, 1 / film.rate
            container.mux(video.encode(frame))
            shown = (number + 1) / film.rate
            while ahead is not None and ahead.pts <= shown * film.sound.rate:  # type: ignore[union-attr]
                container.mux(heard.encode(ahead))
                ahead = next(sound, None)
        container.mux(video.encode(None))
        while ahead is not None:
            container.mux(heard.encode(ahead))
            ahead = next(sound, None)
        if heard is not None:
            container.mux(heard.encode(None))


def _tags(note: dict[str, Any]) -> dict[str, str]:
    """What players and editors show of a file, and all of it as JSON."""
    return {
        "title": str(note.get("title", "")),
        "comment": str(note.get("statement", "")),
        "description": json.dumps({**note, PACKETS: UNKNOWN}, ensure_ascii=False, sort_keys=True),
    }


# -- Pictures ----------------------------------------------------------------------------------------------


@contextmanager
def _whole_folder(target: Path) -> Iterator[Path]:
    """A folder that takes its name when it is complete; left to an error, it is gone, and what was there is there."""
    place = real(target) if target.is_symlink() else target  # a link stays one
    remove_left_behind(place)
    folder = beside(place)  # known before it is there: no signal can come between
    try:
        folder.mkdir()
        yield folder
        with signals_wait():
            _take_place(folder, place)
    except BaseException as error:
        remove_unfinished(folder)
        if isinstance(error, OSError):
            raise unwritable(target, error) from error
        raise


def _take_place(folder: Path, place: Path) -> None:
    """Rename a folder; what has its name goes once that is done, and is there again where it cannot be done."""
    if not place.is_dir():
        folder.replace(place)
        return
    before = beside(place)
    place.replace(
        before
    )  # on Windows not while somebody has a picture open; else none would be left by a removal
    try:
        folder.replace(place)
    except OSError:
        before.replace(place)
        raise
    remove_unfinished(before)
