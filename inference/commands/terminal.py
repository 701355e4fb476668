"""What the command line prints: how far it is, warnings, and JSON for programs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..face.errors import on_one_line
from ..progress import Progress

if TYPE_CHECKING:
    from ..published.licence import Terms


class Shown(Protocol):
    """What came of a command: the messages' answers, and others that only the command line has."""

    @property
    def warnings(self) -> Iterable[str]:
        """Sentences that the user should read."""

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""


Result = TypeVar("Result", bound=Shown)


class ProgressLine:
    """A line on the error stream that is written over and over: `Progress` for people.

    Args:
        quiet: show nothing; nor is anything shown where the error stream is no terminal.
    """

    def __init__(self, quiet: bool) -> None:
        self._shown = sys.stderr.isatty() and not quiet

    def __call__(self, fraction: float, stage: str) -> None:
        """Show 0…1 and the stage."""
        if self._shown:
            print(f"\r{100 * fraction:3.0f} %  {stage:<30}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """What is printed next begins a new line."""
        if self._shown:
            print(file=sys.stderr)


def tell(text: str) -> None:
    """Print a line that has names in it."""
    print(on_one_line(text))


def warn(warnings: Iterable[str]) -> None:
    """Tell people what they should know, on the error stream."""
    for warning in warnings:
        print(f"inference: {on_one_line(warning)}", file=sys.stderr)


def show_terms(terms: Terms, folder: Path) -> None:
    """Show on the error stream what is accepted for a folder's files, unless it has been before."""
    if not terms.is_accepted(folder):
        print(terms.notice, file=sys.stderr)


def add_json(
    parser: argparse.ArgumentParser, what: str = "the result or the error as one JSON object"
) -> None:
    """``--json``, for programs; ``what`` it prints."""
    parser.add_argument("--json", action="store_true", help=f"print {what}")


def show_result(
    ask: Callable[[Progress], Result],
    as_json: bool,
    told: Callable[[Result], Iterable[str]],
    failed: Callable[[Result], bool] = lambda result: False,
) -> int:
    """Ask for something that takes a while, show how far it is, and print what came of it.

    Args:
        ask: called with what shows how far it is.
        as_json: print one JSON object and nothing else.
        told: the sentences that people read of it, after its warnings.
        failed: whether scripts are to take what came of it for a failure all the same.

    Returns:
        The exit code.

    Raises:
        EngineError: as what is asked for does.
    """
    line = ProgressLine(quiet=as_json)
    result = ask(line)
    line.end()
    if as_json:
        print_json(result.as_message())
    else:
        warn(result.warnings)
        for text in told(result):
            tell(text)
    return int(failed(result))


def print_json(report: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print one JSON object, or a list of them."""
    print(json.dumps(report, ensure_ascii=False))
