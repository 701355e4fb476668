"""What the command line prints: how far it is, warnings, and JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..face.errors import on_one_line

if TYPE_CHECKING:
    from ..published.licence import Terms


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


def print_json(report: dict[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(report, ensure_ascii=False))
