"""The packages of this repository as `tools.rooms` reads them: once for all tests, since that parses every module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tools import rooms

ROOT = Path(__file__).resolve().parents[2]


@cache
def package(name: str) -> rooms.Package:
    """One of `rooms.PACKAGES`."""
    return rooms.read(ROOT, name)
