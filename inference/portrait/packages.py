"""The packages that drawing and writing a video need, which only the full engine has."""

from __future__ import annotations

from types import ModuleType

from .. import packages


def load_package(name: str) -> ModuleType:
    """Import a package of the full engine, see `packages.load_package`."""
    return packages.load_package(name, "This video", "write a folder of PNG pictures")
