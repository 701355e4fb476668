"""The lines of a table: what is to be made of what, each on its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import EngineError
from ..face.errors import quoted
from ..face.frame_rates import frame_rate
from ..face.messages import AnimateRequest, PortraitRequest, Request, request_of
from ..face.names import PICTURE_GLASSES
from ..face.outputs import keep_apart, real, refuse_nameless
from ..face.spreadsheet import as_spelled, plain_path, read_table, whole_number, word_or_number
from .blender_lines import Blender

COLUMNS: Final = (
    "output", "voice", "picture", "blend", "character", "animation", "style", "take", "fps", "size", "view",
    "renderer", "still", "glasses", "channel", "voice_in_file", "text", "start",
)  # fmt: skip
_EXAMPLE: Final = "picture,voice,style,take,output"
_OTHER_NAMES: Final = {
    "audio": "voice", "sound": "voice", "recording": "voice", "file": "voice", "image": "picture", "scene": "blend",
    "seed": "take", "speaker": "voice_in_file",
    "transcript": "text", "dialogue": "text",
}  # fmt: skip
_FILES: Final = ("voice", "picture", "blend", "animation", "style", "renderer")
"""Columns that may name a file; what is no file is a name that ships, or is told by whoever reads it."""

_ENDINGS: Final = (".npz", ".mp4", ".mov", ".blend")
"""What a line makes."""


@dataclass(frozen=True)
class Line:
    """One line of a table.

    Attributes:
        number: its line in the file, counted from 1, as editors show it.
        output: what it makes, absolute.
        inputs: the files and folders that it is made of.
        request: what the engine is asked for; None where Blender makes it, or nobody can.
        command: what is run where Blender makes it.
        problem: why it cannot be made, one sentence; "" where it may be tried.
    """

    number: int
    output: Path
    inputs: tuple[Path, ...] = ()
    request: Request | None = None
    command: tuple[str, ...] = ()
    problem: str = ""

    def payload(self) -> dict[str, Any]:
        """What to do, as JSON: for a worker process, or another machine."""
        return {"command": list(self.command)} if self.request is None else self.request.as_message()


def read_lines(table: Path, folder: Path, blender: Blender, rows: range | None = None) -> list[Line]:
    """The lines of a table.

    Args:
        table: a CSV file with the columns `COLUMNS`, of which output is needed; files are relative to its folder.
        folder: where relative outputs go.
        blender: how Blender is run, for lines with a .blend.
        rows: which of the rows below the header, counted from 1; None for all.

    Returns:
        The lines; what is wrong with one of them is that line's problem.

    Raises:
        EngineError: it is no such table (code ``bad_table``), or a line writes what another writes or
            reads (``output_is_input``).
    """
    read = read_table(table, COLUMNS, ("output",), _EXAMPLE, _OTHER_NAMES)
    if rows is not None:
        read = read[rows.start - 1 : rows.stop - 1]
    lines = [_line(number, cells, real(table.parent), real(folder), blender) for number, cells in read]
    _check_apart(lines, table)
    return lines


def _check_apart(lines: Sequence[Line], table: Path) -> None:
    """Two lines that write one file would take turns for ever, and nobody says which of two lines is made first."""
    first: dict[str, int] = {}
    for line in lines:
        place = _place(line.output)
        if not line.problem and first.setdefault(place, line.number) != line.number:
            raise EngineError(
                f"'{table.name}' writes {line.output.name} in line {first[place]} and in line {line.number}: give each an output "
                "of its own.",
                "output_is_input",
            )
    for line in lines:
        for path in line.inputs:
            if maker := first.get(_place(path)):
                raise EngineError(
                    f"'{table.name}' reads {path.name} in line {line.number}, which line {maker} makes: put one of them into a "
                    "table of its own.",
                    "output_is_input",
                )


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _line(number: int, cells: dict[str, str], here: Path, folder: Path, blender: Blender) -> Line:
    told = {name: text for name, text in cells.items() if name in COLUMNS and text}
    named = plain_path(told.pop("output", ""))
    output = real((folder / named).parent) / Path(named).name if named else Path()
    try:
        if not named:
            raise EngineError("It names no output.", "bad_table")
        values = {name: _VALUES.get(name, str)(text) for name, text in told.items()}
        inputs = []
        for name in set(_FILES) & values.keys():
            path = Path(as_spelled(str(here / plain_path(values[name]))))
            # A style of two (calm:0.3,lively:0.7) and the name of one that ships are no files.
            if name not in ("style", "picture", "renderer") or os.path.exists(path):  # noqa: PTH110 (a long name is no file)
                values[name] = str(path)
                inputs.append(path)
        keep_apart([output], inputs)
        refuse_nameless(output, _ENDINGS, "line")
        made_of = tuple(sorted(inputs))
        if "blend" in values:
            return Line(number, output, made_of, command=blender.command(values, output))
        return Line(number, output, made_of, request_of(_request(values, output)))
    except (EngineError, ValueError) as error:
        return Line(number, output, problem=str(error))


def _request(values: dict[str, Any], output: Path) -> dict[str, Any]:
    """What the engine is to be asked for: a motion, or the video of a picture."""
    kind = AnimateRequest if output.suffix.lower() == ".npz" else PortraitRequest
    if "character" in values:
        raise EngineError("It names a character, but no .blend file (column blend).", "bad_table")
    if kind is AnimateRequest:
        if "voice" not in values:
            raise EngineError("It names no recording (column voice).", "bad_table")
        values = {**values, "audio": values["voice"]}
    elif "picture" not in values:
        raise EngineError(
            f"It names no picture, and {output.name} is no motion: end the output in .npz, or fill the column picture.",
            "bad_table",
        )
    if "take" in values:
        values = {**values, "seed": values["take"]}
    return {**values, "command": kind.command, "output": str(output)}


def _yes_or_no(text: str) -> bool:
    if text.casefold() in ("yes", "true", "1", "x"):
        return True
    if text.casefold() in ("no", "false", "0"):
        return False
    raise EngineError(f"It says {quoted(text)} for still: write yes or no.", "bad_table")


def _glasses(text: str) -> str:
    if text.casefold() not in ("auto", *PICTURE_GLASSES):
        raise EngineError(f"It says {quoted(text)} for glasses: write yes, no or auto.", "bad_table")
    return text.casefold()


def _number(name: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            return whole_number(text)
        except ValueError:
            raise EngineError(
                f"It has the {name} {quoted(text)}, which is no whole number from 0 on.", "bad_table"
            ) from None

    return read


_VALUES: Final[dict[str, Callable[[str], Any]]] = {
    "take": _number("take"),
    "size": _number("size"),
    "fps": lambda text: frame_rate(text, "column fps"),
    "still": _yes_or_no,
    "glasses": _glasses,
    "channel": word_or_number,
    "voice_in_file": word_or_number,
}
