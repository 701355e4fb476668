# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the lines of a scene from a table: a CSV file with a header, as spreadsheets write it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ...contract import Dials, EngineError
from ...contract import dials as dials_module
from ...contract.errors import quoted
from ...contract.names import FILM_POSES, PICTURE_GLASSES, PORTRAIT_VIEWS
from ...contract.spreadsheet import read_table, whole_number, word_or_number
from ...errors import TalkingAnimationError
from ...host import scene_frames
from ..video_renderers import FILE, RENDERERS, is_named

EXPRESSIONS: Final = ("brow", "smile", "energy")
"""Columns that are dials of one line."""
COLUMNS: Final = (
    *("character", "audio", "start", "style", "take", "speed", "channel", "voice_in_file", "text", "glasses"),
    *EXPRESSIONS,
    "bake",
    *("renderer", "film_pose", "view"),
)
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
    "seed": "take",
    "transcript": "text",
    "dialogue": "text",
}
_VIDEO: Final = ".mp4"
_TIMECODE = re.compile(r"^(\d{1,6}):(\d{1,2}):(\d{1,2})[:;](\d{1,3})$")
_CLOCK = re.compile(r"^(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})\.(\d+)$")
_SECONDS = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)\s*s(?:ec(?:onds?)?)?$", re.IGNORECASE)
_FRAME = re.compile(r"^[+-]?(?![1-9]\d{0,2}[.,]000$)\d+(?:[.,]0*)?$")  # 1,000 may be a thousand or one


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
        text: what is said in the recording; "" where that is not known.
        dials: brow, smile and energy of this line; the others as usual.
        glasses: of a picture that becomes the character, whether glasses are worn: yes, no or auto; "" for auto.
        bake: the video file that a picture's line becomes, as written; "" for none.
        renderer: what draws that video, see `video_renderers.is_named`; "" for what draws the others.
        film_pose, view: of that video, see `video_renderers`, in small letters; "" as for the others.
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
    dials: Dials = field(default_factory=Dials)
    bake: str = ""
    problem: str = ""
    glasses: str = ""
    renderer: str = ""
    film_pose: str = ""
    view: str = ""
    text: str = ""


def read(path: str, fps: float) -> list[Row]:
    """The rows of a table.

    What spreadsheets write is fine, see `spreadsheet.read_table`.

    Args:
        path: the CSV file; its first line names the columns: character, audio, start; the others may be missing.
        fps: the scene's frames per second, for starts that are times.

    Returns:
        The rows; one that cannot be used says why.

    Raises:
        TalkingAnimationError: where there is no such file, it is no table, a needed column is missing, or it has no rows.
    """
    try:
        rows = read_table(path, COLUMNS, NEEDED, ",".join(COLUMNS[:5]), _OTHER_NAMES)
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error
    return [_row(number, cells, fps) for number, cells in rows]


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
            _seed(cells.get("take", "")),
            _speed(cells.get("speed", "")),
            word_or_number(cells.get("channel", "")),
            word_or_number(cells.get("voice_in_file", "")),
            _expression({name: cells.get(name, "") for name in EXPRESSIONS}),
            _video(cells.get("bake", "")),
            glasses=_glasses(cells.get("glasses", "")),
            renderer=_renderer(cells.get("renderer", "")),
            film_pose=_one_of("film_pose", cells, FILM_POSES),
            view=_one_of("view", cells, PORTRAIT_VIEWS),
            text=cells.get("text", ""),
        )
    except ValueError as error:
        return Row(row.number, character, audio, problem=str(error))


def _seed(text: str) -> int | None:
    if not text:
        return None
    try:
        return whole_number(text)
    except ValueError:
        raise ValueError(f"has the take {quoted(text)}, which is no whole number from 0 on") from None


def _glasses(text: str) -> str:
    if text.casefold() not in ("", "auto", *PICTURE_GLASSES):
        raise ValueError(f"says {quoted(text)} for glasses, which is neither yes, no nor auto")
    return text.casefold()


def _video(text: str) -> str:
    if text and not text.casefold().endswith(_VIDEO):
        raise ValueError(f"has the video {quoted(text)} in its column bake, which does not end in {_VIDEO}")
    return text


def _renderer(text: str) -> str:
    if text and not is_named(text):
        names = ", ".join(name.casefold() for name in RENDERERS)
        raise ValueError(f"has the renderer {quoted(text)}, which is neither {names} nor a file {FILE}")
    return text


def _one_of(column: str, cells: dict[str, str], known: Sequence[str]) -> str:
    text = cells.get(column, "")
    if text.casefold() not in ("", *known):
        raise ValueError(f"has {quoted(text)} in its column {column}, which is neither {' nor '.join(known)}")
    return text.casefold()


def _speed(text: str) -> float:
    if not text:
        return 1.0
    plain = text.rstrip("x×% ").replace(",", ".")
    try:
        value = float(plain) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        value = math.nan
    if not SPEEDS[0] <= value <= SPEEDS[1]:
        raise ValueError(
            f"has the speed {quoted(text)}, which is no number from {SPEEDS[0]:g} to {SPEEDS[1]:g}"
        )
    return value


def _expression(cells: dict[str, str]) -> Dials:
    """The dials that a row's cells ask for; those of empty cells are as usual."""
    values = {}
    for row in dials_module.rows():
        text = cells.get(row["name"], "")
        if not text:
            continue
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not row["minimum"] <= value <= row["maximum"]:
            raise ValueError(
                f"has the {row['name']} {quoted(text)}, which is no number from {row['minimum']:g} to {row['maximum']:g}"
            )
        values[row["name"]] = value
    return Dials(**values)


def frame_of(text: str, fps: float) -> float:
    """The scene frame that a start stands for; time zero is frame 0, as in Blender's own timecode.

    Args:
        text: a frame (``120``), a timecode that counts frames (``00:00:05:12``, non-drop: seconds are of round(fps) frames), a
            clock time (``00:00:05.48``), or seconds (``5.48s``).
        fps: frames per second.

    Raises:
        ValueError: for anything else.
    """
    frame = _frame_of(text.strip(), fps)
    told = scene_frames.beyond(frame, frame)
    if told:
        raise ValueError(f"starts at {quoted(text.strip())}, but {told}")
    return frame


def _frame_of(text: str, fps: float) -> float:
    """The same, wherever it lies."""
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
            raise ValueError(
                f"starts at {quoted(text)}, but this scene has only {nominal} frames in a second"
            )
    if time := _CLOCK.match(text):
        hours, minutes, seconds = (int(part or 0) for part in time.groups()[:3])
        if minutes < 60 and seconds < 60:
            return (hours * 3600 + minutes * 60 + seconds + float(f"0.{time[4]}")) * fps
    raise ValueError(
        f"starts at {quoted(text)}, which is no frame (120), timecode (00:00:05:12) or seconds (5.5s)"
        if text
        else "has no start"
    )
