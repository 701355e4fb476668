"""``batch``: all lines of a table, by several processes or a cluster."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..face.cores import cores
from ..interruption import stopped_by_a_signal
from .terminal import ProgressLine, print_json, tell, warn


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
    parser.add_argument(
        "--json", action="store_true", help="print what became of the lines as one JSON object"
    )
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
    line = ProgressLine(quiet=arguments.json)
    maker = Cluster(arguments.ray) if arguments.ray is not None else Processes(count)
    with stopped_by_a_signal():
        outcomes, already = run(lines, done, maker, line)
    line.end()
    failed = [outcome for outcome in outcomes if outcome.problem]
    made = [outcome for outcome in outcomes if not outcome.problem]
    if arguments.json:
        told = [
            {
                "line": one.line.number,
                "output": str(one.line.output) if one.line.output.name else "",
                "problem": one.problem,
                "warnings": one.warnings,
            }
            for one in outcomes
        ]
        print_json({"made": len(made), "already": already, "failed": len(failed), "lines": told})
        return 1 if failed else 0
    for one in outcomes:
        warn(f"line {one.line.number}: {warning}" for warning in one.warnings)
    warn(f"{_called(one.line.number, one.line.output.name)}: {one.problem}" for one in failed)
    kept = f", {already} already done" if already else ""
    lost = f", {len(failed)} failed" if failed else ""
    tell(f"{table}: {len(made)} made{kept}{lost}")
    return 1 if failed else 0
