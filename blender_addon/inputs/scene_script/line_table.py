# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the lines of a scene from a table: a CSV file with a header, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from dataclasses import dataclass
from typing import Final

from ...errors import TalkingAnimationError

COLUMNS: Final = ("character", "audio", "start", "style", "seed", "speed", "channel", "voice_in_file")
NEEDED: Final = ("character", "audio", "start")
SPEEDS: Final = (0.25, 4.0)
_OTHER_NAMES: Final = {
    "actor": "character",
    "speaker": "character",
    "who": "character",
    "file": "audio",
    "sound": "audio",
    "recording": "audio",
    "begin": "start",
    "frame": "start",
    "timecode": "start",
    "take": "seed",
}
_TIMECODE = re.compile(r"^(\d+):(\d{1,2}):(\d{1,2})[:;](\d{1,3})$")
_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{1,2})\.(\d+)$")
_SECONDS = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)\s*s(?:ec(?:onds?)?)?$", re.IGNORECASE)
_SEPARATOR = re.compile(r"""^"?sep=(?P<mark>[^"\s\w]|\t)"?(?P=mark)*\s*$""", re.IGNORECASE)
"""Excel's first line, which says what lies between two cells."""
_FRAME = re.compile(r"^[+-]?\d+(?:[.,]0*)?$")


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        number: its line in the file, counted from 1, as editors show it.
        character, audio: as written.
        start: scene frame; fractions are possible.
        style: "" for the scene's.
        seed: None for the scene's.
        speed: 1 as recorded, 2 twice as fast.
        channel, voice_in_file: what of the recording is heard, as written in small letters; "" as for the scene.
        problem: why it cannot be used, without the row's number; "" where it can.
    """

    number: int
    character: str = ""
    audio: str = ""
    start: float = 0.0
    style: str = ""
    seed: int | None = None
    speed: float = 1.0
    channel: str = ""
    voice_in_file: str = ""
    problem: str = ""


def read(path: str, fps: float) -> list[Row]:
    """The rows of a table.

    A byte order mark, UTF-16, Windows-1252, Excel's first line ``sep=;``, commas, semicolons or tabs, quotes, columns in any
    order, more columns, empty lines, and lines that begin with # are all fine.

    Args:
        path: the CSV file; its first line names the columns: character, audio, start; the others may be missing.
        fps: the scene's frames per second, for starts that are times.

    Returns:
        The rows; one that cannot be used says why.

    Raises:
        TalkingAnimationError: where there is no such file, it is no table, a needed column is missing, or it has no rows.
    """
    name = os.path.basename(path)
    text = _text(path)
    told = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    separator = _SEPARATOR.match(told[0]) if told else None
    if separator:
        del told[0]
    if not told:
        raise TalkingAnimationError(f"'{name}' is empty: its first line must be {','.join(COLUMNS[:5])}.")
    delimiter = separator["mark"] if separator else max(",;\t", key=told[0].count)
    # Line breaks as they are, since a cell in quotes may hold some, and old spreadsheets end lines with \r alone.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    header: list[str] | None = None
    rows = []
    last = 0
    try:
        for cells in reader:
            number, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
                continue
            if header is None:
                if separator:  # it comes before the header
                    separator = None
                    continue
                header = _header(cells, name)
                continue
            rows.append(_row(number, dict(zip(header, map(str.strip, cells))), fps))
    except csv.Error as error:
        raise TalkingAnimationError(
            f"'{name}' cannot be read from line {reader.line_num} on: export it as CSV again."
        ) from error
    if not rows:
        raise TalkingAnimationError(
            f"'{name}' has a header, but no lines below it: add one row for each line."
        )
    return rows


def _text(path: str) -> str:
    name = os.path.basename(path) or path
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except FileNotFoundError as error:
        raise TalkingAnimationError(f"The table '{path}' does not exist: pick the file again.") from error
    except OSError as error:
        raise TalkingAnimationError(
            f"The table '{name}' cannot be read ({error.strerror or error}): check the file's permissions."
        ) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        raise TalkingAnimationError(f"'{name}' is no text: export the table as CSV and use that.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _header(cells: list[str], name: str) -> list[str]:
    columns = [cell.strip().casefold() for cell in cells]
    columns = [_OTHER_NAMES.get(cell, cell) for cell in columns]
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise TalkingAnimationError(
            f"'{name}' has no column {' and no column '.join(missing)}: its first line must name the columns "
            f"{','.join(COLUMNS[:5])}."
        )
    twice = sorted({column for column in COLUMNS if columns.count(column) > 1})
    if twice:
        raise TalkingAnimationError(f"'{name}' has the column {twice[0]} twice: remove one of them.")
    return columns


def _row(number: int, cells: dict[str, str], fps: float) -> Row:
    character, audio = cells.get("character", ""), cells.get("audio", "")
    row = Row(number, character, audio)
    try:
        if not character:
            raise ValueError("names no character")
        if not audio:
            raise ValueError("names no recording in its column audio")
        return Row(
            number,
            character,
            audio,
            frame_of(cells.get("start", ""), fps),
            cells.get("style", ""),
            _seed(cells.get("seed", "")),
            _speed(cells.get("speed", "")),
            _whole(cells.get("channel", "")),
            _whole(cells.get("voice_in_file", "")),
        )
    except ValueError as error:
        return Row(row.number, character, audio, problem=str(error))


def _seed(text: str) -> int | None:
    if not text:
        return None
    try:
        value = float(text)
        if value != int(value) or value < 0:
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError(f"has the seed '{text}', which is no whole number from 0 on") from None
    return int(value)


def _whole(text: str) -> str:
    """A word or a number that a spreadsheet may have written as 2.0; what it may be is known to who uses it."""
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text).casefold()


def _speed(text: str) -> float:
    if not text:
        return 1.0
    plain = text.rstrip("x×% ").replace(",", ".")
    try:
        value = float(plain) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        value = math.nan
    if not SPEEDS[0] <= value <= SPEEDS[1]:
        raise ValueError(f"has the speed '{text}', which is no number from {SPEEDS[0]:g} to {SPEEDS[1]:g}")
    return value


def frame_of(text: str, fps: float) -> float:
    """The scene frame that a start stands for; time zero is frame 0, as in Blender's own timecode.

    Args:
        text: a frame (``120``), a timecode that counts frames (``00:00:05:12``, non-drop: seconds are of round(fps) frames), a
            clock time (``00:00:05.48``), or seconds (``5.48s``).
        fps: frames per second.

    Raises:
        ValueError: for anything else.
    """
    text = text.strip()
    if _FRAME.match(text):
        return float(text.replace(",", "."))
    if time := _SECONDS.match(text):
        return float(time[1].replace(",", ".")) * fps
    if time := _TIMECODE.match(text):
        hours, minutes, seconds, frames = map(int, time.groups())
        nominal = round(fps)
        if minutes < 60 and seconds < 60 and frames < nominal:
            return float((hours * 3600 + minutes * 60 + seconds) * nominal + frames)
        if frames >= nominal and minutes < 60 and seconds < 60:
            raise ValueError(f"starts at '{text}', but this scene has only {nominal} frames in a second")
    if time := _CLOCK.match(text):
        hours, minutes, seconds = (int(part or 0) for part in time.groups()[:3])
        if minutes < 60 and seconds < 60:
            return (hours * 3600 + minutes * 60 + seconds + float(f"0.{time[4]}")) * fps
    raise ValueError(
        f"starts at '{text}', which is no frame (120), timecode (00:00:05:12) or seconds (5.5s)"
        if text
        else "has no start"
    )
