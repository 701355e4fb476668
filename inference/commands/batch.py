"""``batch``: all lines of a table, by several processes or a cluster."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..face.cores import cores
from ..interruption import stopped_by_a_signal
from ..progress import Progress
from .terminal import add_json, show_result

if TYPE_CHECKING:
    from ..batch.processes import Outcome


@dataclass(frozen=True)
class _Ended:
    """What became of a table, as the command line shows it.

    Attributes:
        table: the file.
        outcomes: what became of its lines that were not done yet.
        already: how many were.
    """

    table: Path
    outcomes: list[Outcome]
    already: int

    @property
    def failed(self) -> list[Outcome]:
        """The lines that were not made."""
        return [one for one in self.outcomes if one.problem]

    @property
    def warnings(self) -> list[str]:
        """What is to be known of lines that were made, then why the others were not."""
        return [
            *(f"line {one.line.number}: {warning}" for one in self.outcomes for warning in one.warnings),
            *(f"{_called(one.line.number, one.line.output.name)}: {one.problem}" for one in self.failed),
        ]

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""
        lines = [
            {
                "line": one.line.number,
                "output": str(one.line.output) if one.line.output.name else "",
                "problem": one.problem,
                "warnings": one.warnings,
            }
            for one in self.outcomes
        ]
        failed = len(self.failed)
        return {"made": len(lines) - failed, "already": self.already, "failed": failed, "lines": lines}

    def told(self) -> list[str]:
        """What people read."""
        failed = len(self.failed)
        kept = f", {self.already} already done" if self.already else ""
        lost = f", {failed} failed" if failed else ""
        return [f"{self.table}: {len(self.outcomes) - failed} made{kept}{lost}"]


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("batch", help="make all lines of a table")
    parser.add_argument(
        "table",
        type=Path,
        help="a CSV file: output, voice, picture, style, take, fps, size, view, renderer, still, …; or blend, character",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="where relative outputs go (default: the table's)"
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=cores(),
        metavar="N",
        help="how many at a time (default: %(default)s)",
    )
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="on a Ray cluster: auto, HOST:PORT or ray://HOST:PORT"
    )
    parser.add_argument(
        "--rows", metavar="FIRST-LAST", help="only these rows, the first below the header is 1"
    )
    parser.add_argument("--blender", default="blender", help="the program for lines with a .blend")
    add_json(parser, "what became of the lines, or the error, as one JSON object")
    parser.set_defaults(run=_run)


def _count(processes: int) -> int:
    if processes < 1:
        raise EngineError("--processes must be 1 or more.", "bad_request")
    return processes


def _called(number: int, output: str) -> str:
    return f"line {number} ({output})" if output else f"line {number}"


def _rows(text: str | None) -> range | None:
    """``3``, ``3-7`` or ``3-`` as a range of rows."""
    if text is None:
        return None
    told = re.fullmatch(r"([1-9]\d{0,8})(?:(-)(\d{0,9}))?", text)
    first = int(told[1]) if told else 0
    last = first if told and not told[2] else int(told[3] or 10**9) if told else 0
    if not 1 <= first <= last:
        raise EngineError(f"--rows must be like 3, 3-7 or 3-, not '{text}'.", "bad_request")
    return range(first, last + 1)


def _run(arguments: argparse.Namespace) -> int:
    from ..batch.blender_lines import Blender
    from ..batch.cluster import Cluster
    from ..batch.done import Done
    from ..batch.lines import read_lines
    from ..batch.processes import Processes
    from ..batch.run import run

    table: Path = arguments.table
    folder: Path = arguments.output or table.parent
    count = _count(arguments.processes)
    lines = read_lines(table, folder, Blender(arguments.blender), _rows(arguments.rows))
    done = Done(folder / f"{table.stem}.done")
    maker = Cluster(arguments.ray) if arguments.ray is not None else Processes(count)

    def make(progress: Progress) -> _Ended:
        with stopped_by_a_signal():
            return _Ended(table, *run(lines, done, maker, progress))

    return show_result(make, arguments.json, _Ended.told, failed=lambda ended: bool(ended.failed))
