# SPDX-License-Identifier: MIT
"""What a person sees on the terminal, and the one way to stop with a sentence."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

_begin = time.monotonic()


class BuildError(Exception):
    """Ends build.py with one sentence and exit code 1."""


def say(text: str) -> None:
    """Print one progress line, with the time since the start before it."""
    seconds = int(time.monotonic() - _begin)
    print(f"[{seconds // 60}:{seconds % 60:02d}] {text}", flush=True)


def counted(text: str, done: int, total: int, begin: float, *, last: bool = False) -> None:
    """Show a count that moves on one terminal line (in a log file: one line a tenth)."""
    spent = time.monotonic() - begin
    left = f", about {spent / done * (total - done):.0f} s left" if 0 < done < total else ""
    line = f"       {text}: {done} of {total}{left}"
    if sys.stdout.isatty():
        print(f"\r{line:<78}", end="\n" if last else "", flush=True)
    elif last or done % max(1, total // 5) == 0:
        print(line, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    timeout: float | None = None,
) -> str:
    """Run a program quietly and return its output; say what failed, with its last lines, where it did."""
    words = [str(word) for word in command]
    handle: TextIO | int = subprocess.PIPE
    try:
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            handle = log.open("w", encoding="utf-8", errors="replace")
        finished = subprocess.run(
            words,
            cwd=cwd,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        raise BuildError(f"{what} failed: there is no program {words[0]}.") from None
    except subprocess.TimeoutExpired:
        raise BuildError(f"{what} did not end within {timeout:.0f} s: {shlex.join(words)}") from None
    finally:
        if not isinstance(handle, int):
            handle.close()
    output = finished.stdout or (log.read_text(encoding="utf-8", errors="replace") if log else "")
    if finished.returncode != 0:
        lines = deque((line for line in output.splitlines() if line.strip()), maxlen=25)
        raise BuildError(
            f"{what} failed (exit code {finished.returncode}).\n"
            + "\n".join(f"    {line}" for line in lines)
            + f"\n    the command was: {shlex.join(words)}"
        )
    return output
