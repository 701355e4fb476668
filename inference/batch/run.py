"""A whole table: what is done is left alone, what fails costs nobody else, and what is left can be taken up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from ..errors import EngineError
from ..progress import Progress
from .done import Done, recipe_of
from .lines import Line
from .processes import Outcome

_TWICE = (
    "Another batch made it at the same time: run one at a time, or give each rows of its own with --rows."
)


class Maker(Protocol):
    """Whoever makes lines: `processes.Processes`, `cluster.Cluster`."""

    def outcomes(self, lines: Sequence[Line]) -> Iterator[Outcome]:
        """Make lines; yields what became of each as it ends."""
        ...


def run(lines: Sequence[Line], done: Done, maker: Maker, progress: Progress) -> tuple[list[Outcome], int]:
    """Make all lines that are not done.

    Args:
        lines: of a table.
        done: what is done, which grows.
        maker: who makes them.
        progress: is told how many of those that were left have ended.

    Returns:
        What became of the lines that were not done yet, in the table's order, and how many were.
    """
    ended = {line.number: Outcome(line, line.problem) for line in lines if line.problem}
    # Before the work: what is saved while a line runs is not what its output is made of.
    recipes = {line.number: recipe_of(line) for line in lines if not line.problem}
    left = [line for line in lines if not line.problem and not done.has(line, recipes[line.number])]
    already = len(lines) - len(left) - len(ended)
    for line in left:
        if problem := _no_folder(line):
            ended[line.number] = Outcome(line, problem)
    left = [line for line in left if line.number not in ended]
    stamps = {line.number: done.stamp(line) for line in left}
    for count, outcome in enumerate(maker.outcomes(left) if left else (), start=1):
        number = outcome.line.number
        if not outcome.problem and done.stamp(outcome.line) != stamps[number]:
            outcome = replace(outcome, warnings=(*outcome.warnings, _TWICE))
        ended[number] = _remembered(outcome, done, recipes[number])
        progress(count / len(left), f"{count} of {len(left)}")
    return [ended[number] for number in sorted(ended)], already


def _no_folder(line: Line) -> str:
    """Why there is no folder for an output; "" where there is one now."""
    try:
        line.output.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        return f"{error.filename}, where it was to go, is no folder: choose another one."
    except OSError as error:
        return f"Its folder {line.output.parent} cannot be made ({error.strerror}): choose another one."
    return ""


def _remembered(outcome: Outcome, done: Done, recipe: str) -> Outcome:
    """The outcome; what was made is made again next time where nobody can remember it, and that is said."""
    if outcome.problem:
        return outcome
    try:
        if done.add(outcome.line, recipe):
            return outcome
        reason = "what it is made of could not be read before"
    except FileNotFoundError:
        return Outcome(
            outcome.line,
            f"{outcome.line.output} was not written, though nothing went wrong: try it by itself.",
        )
    except (EngineError, OSError) as error:
        reason = f"that it is done cannot be written ({error})"
    warning = f"It will be made again next time, as {reason}."
    return Outcome(outcome.line, warnings=(*outcome.warnings, warning))
