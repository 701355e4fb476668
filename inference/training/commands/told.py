"""What is wrong with a training command's files or packages, told in one sentence."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from ...errors import EngineError

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def told(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, with what a user can mend told in one sentence."""

    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except ModuleNotFoundError as error:
            raise EngineError(
                f"Training needs the Python package {error.name}, which is not installed: see docs/training.md.",
                "package_missing",
            ) from error
        except FileNotFoundError as error:
            raise EngineError(
                f"{error.filename} was not found." if error.filename else str(error), "file_missing"
            ) from error

    return run
