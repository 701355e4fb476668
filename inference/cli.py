"""The door for people: ``python -m inference animate VOICE -o OUT``. Translates to calls, nothing else."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from pathlib import Path
from typing import Final

from . import __version__
from .commands import (
    animate,
    batch,
    capture,
    dials,
    mix,
    personalize,
    picture,
    portrait,
    published,
    sign,
    style,
    styles,
)
from .commands.terminal import print_json
from .errors import EngineError
from .face import fault_reports
from .face.errors import is_full, of_the_system
from .face.messages import REQUESTS, Failure, Request

_NAME: Final = "inference"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 a problem that was told in one sentence, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # any file's name can be printed
    options = argparse.Namespace(command="")
    try:
        options = _parser().parse_args(arguments)
        code = int(options.run(options) or 0)
        sys.stdout.flush()
        return code
    except EngineError as error:
        failure = Failure(error.code, error.message)
    except MemoryError:
        failure = REQUESTS.get(options.command, Request).lacks_memory()
    except KeyboardInterrupt:
        print(f"{_NAME}: stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        if _cannot_be_printed(error):
            return 1
        told = of_the_system(error)
        failure = (
            Failure(told.code, told.message) if told is not None else _of_our_own(options.command, error)
        )
    except Exception as error:
        failure = _of_our_own(options.command, error)
    if getattr(options, "json", False) is True:  # of some commands it is a file to write
        print_json(failure.as_message())
    else:
        print(f"{_NAME}: {failure.message}", file=sys.stderr)
    return 1


def _of_our_own(command: str, error: Exception) -> Failure:
    """What is told of a fault that nobody foresaw; what happened is kept in a file, or else stands above."""
    report = fault_reports.of_error(error, __version__)
    kept = fault_reports.keep(report)
    if kept is None:
        print(report, file=sys.stderr)
    return Failure("internal", fault_reports.sentence(f"'{command}'", "the engine", kept))


def _cannot_be_printed(error: OSError) -> bool:
    """Whether an error is that nobody takes what is printed: `head` has ended, which is as it should be, or a disk is full."""
    if error.filename is not None or not (error.errno == errno.EPIPE or is_full(error)):
        return False
    if told := of_the_system(error):
        try:
            sys.stdout.flush()
        except OSError:
            print(f"{_NAME}: {told.message}", file=sys.stderr)
        else:  # it was another file's
            return False
    else:
        try:
            os.write(sys.stdout.fileno(), b"\n")
        except BrokenPipeError:
            pass
        else:  # it was another pipe
            return False
    with Path(os.devnull).open("w") as nowhere:  # else Python tries once more as it ends, and complains
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_NAME, description="Voice recordings to facial animation, offline.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (
        animate,
        published,
        dials,
        styles,
        style,
        personalize,
        capture,
        mix,
        picture,
        portrait,
        sign,
        batch,
    ):
        command.add_parser(commands)
    try:
        from .training.commands import add_subcommands
    except ImportError:  # the installed add-on has no training room
        pass
    else:
        add_subcommands(commands)
    return parser
