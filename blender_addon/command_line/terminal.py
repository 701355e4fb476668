# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line says: sentences, and how far it is, on one line where somebody watches."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import Any, Final, TextIO

import bpy

_STEP: Final = 10
"""Percent between two lines of a log, where nobody watches."""
_STATISTICS: Final = ("Fra:", "Append frame", " Time:", "Saved:")
"""What Blender's lines of a picture that went well begin with."""
_TOLD: Final = 20
"""So many of Blender's own last lines are told where rendering fails."""
_OUTPUT: Final = 1  # the number of standard output, for Blender's own lines
_shown: tuple[str, int] = ("", -1)
_open_line = 0  # characters of the line that the next progress replaces
_progress_stream: TextIO | None = None  # where progress goes while Blender's own output is held back


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a sentence on a line of its own; on standard output, or on another stream."""
    global _open_line
    if _open_line:
        _open_line = 0
        print(file=_progress_to(), flush=True)
    stream = stream or sys.stdout
    print(_printable(text, stream), file=stream, flush=True)


def show_progress(fraction: float, stage: str) -> None:
    """Show how far it is: in a terminal always on the same line, in a log one line for every tenth of a stage.

    Args:
        fraction: 0 to 1.
        stage: what is being done.
    """
    global _shown, _open_line
    percent = round(100 * min(max(fraction, 0.0), 1.0))
    stream = _progress_to()
    if stream.isatty():
        if (stage, percent) == _shown:
            return
        line = f"{stage} {percent:3d} %"[: max(shutil.get_terminal_size().columns - 1, 20)]
        print(_printable(f"\r{line.ljust(_open_line)}", stream), end="", file=stream, flush=True)
        _open_line = len(line)
        _shown = (stage, percent)
    elif stage != _shown[0] or percent // _STEP != _shown[1] // _STEP:
        print(_printable(f"{stage} {percent:3d} %", stream), file=stream, flush=True)
        _shown = (stage, percent)


def _printable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding lacks written out as numbers: a console's code page knows few names of files."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _progress_to() -> TextIO:
    return _progress_stream or sys.stdout


@contextlib.contextmanager
def rendering(frames: tuple[int, int]) -> Iterator[None]:
    """Within it each picture that Blender writes is shown as progress, in place of what Blender itself says of it.

    Where it ends with an exception, Blender's last lines are printed to standard error.

    Args:
        frames: the first and the last one that are rendered.
    """
    count = max(frames[1] - frames[0] + 1, 1)
    done = 0

    def written(*_: Any) -> None:
        nonlocal done
        done += 1
        show_progress(done / count, "Rendering")

    with _held_back() as held:
        show_progress(0.0, "Rendering")
        bpy.app.handlers.render_write.append(written)
        try:
            yield
        except BaseException:
            lines = [line for line in held().splitlines() if line.strip()]
            told = [line for line in lines if not line.startswith(_STATISTICS)][-_TOLD:]
            if told:
                say("\n".join(told), sys.stderr)
            raise
        finally:
            bpy.app.handlers.render_write.remove(written)


@contextlib.contextmanager
def _held_back() -> Iterator[Any]:
    """Within it what Blender prints goes to a file; gives a function that reads it. Nothing where there is no console."""
    global _progress_stream
    try:
        sys.stdout.flush()
        terminal = os.dup(_OUTPUT)
    except (AttributeError, OSError):
        yield lambda: ""
        return
    with (
        tempfile.TemporaryFile() as file,
        os.fdopen(terminal, "w", encoding="utf-8", errors="replace") as out,
    ):

        def read() -> str:
            file.seek(0)
            return file.read().decode("utf-8", "replace")

        os.dup2(file.fileno(), _OUTPUT)
        _progress_stream = out if _is_the_console(sys.stdout) else None
        try:
            yield read
        finally:
            sys.stdout.flush()
            os.dup2(terminal, _OUTPUT)
            _progress_stream = None


def _is_the_console(stream: TextIO) -> bool:
    """Whether what is written to a stream comes out where Blender's own lines do."""
    try:
        return stream.fileno() == _OUTPUT
    except (OSError, ValueError):  # a script has taken the output over
        return False
