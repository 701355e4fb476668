# SPDX-License-Identifier: MIT
"""Reads TOML on every Python that build.py runs on: the standard library's reader, or on 3.10 the one inside pip."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tools.terminal import BuildError


def read(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary.

    Raises:
        BuildError: where there is no such file, it is no TOML, or this Python has no reader.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            from pip._vendor import tomli as tomllib
        except ImportError:
            raise BuildError(
                f"{path.name} cannot be read: Python 3.10 reads TOML only with pip. "
                "Run this with Python 3.11 or newer, or install pip (python3 -m ensurepip)."
            ) from None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BuildError(f"{path} cannot be read: {problem.strerror}.") from None
    except tomllib.TOMLDecodeError as problem:
        raise BuildError(f"{path} is no TOML: {problem}.") from None
