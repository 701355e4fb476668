"""A result never replaces what it is made of, and has a name. Needs nothing but Python."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from .errors import EngineError

_Path = str | os.PathLike[str]


def real(path: _Path) -> Path:
    """The absolute path without links; of links that lead round in a circle as far as they lead anywhere.

    `Path.resolve` raises for those, before anybody can say which file it is.
    """
    return Path(os.path.realpath(path))


def keep_apart(outputs: Iterable[_Path | None], inputs: Iterable[_Path | None]) -> None:
    """Refuse to write over what is read, before anything is read or written.

    The same file is the same however it is spelled: by links of either kind, relative, or in the other case where the file
    system knows only one.

    Args:
        outputs: the files to write; None for one that is not wanted.
        inputs: the files and folders to read. A folder stands for itself: name the files in it that are read.

    Raises:
        EngineError: an output is one of the inputs, or two outputs are one file (code ``output_is_input``).
    """
    written = [path for path in outputs if path]
    read = [path for path in inputs if path]
    for place, output in enumerate(written):
        for given in read:
            if _same(output, given):
                spelled = "" if os.fspath(output) == os.fspath(given) else f" ({output} is the same file)"
                raise EngineError(
                    f"The result would replace {given}, which it is made of{spelled}: write it to another file.",
                    "output_is_input",
                )
        for other in written[:place]:
            if _same(output, other) or os.path.realpath(output) == os.path.realpath(other):
                raise EngineError(
                    f"Two results would be written to {output}: give each a file of its own.",
                    "output_is_input",
                )


def refuse_nameless(output: _Path, endings: Iterable[str], what: str) -> None:
    """Refuse a name that is an ending alone, which every system takes for a name without an ending.

    Args:
        output: the file to write.
        endings: those that mean something for it, in small letters, with their dot.
        what: it is, in one word, for the name that is proposed.

    Raises:
        EngineError: it is one of these (code ``bad_format``).
    """
    name = Path(output).name
    if name.lower() in endings:
        example = f"{what}{name.lower()}"
        raise EngineError(
            f"{os.fspath(output)} has no name before {name}: give it one, such as {example}.",
            "bad_format",
        )


def _same(one: _Path, other: _Path) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):  # one of them is not there, or is no path at all
        return False
