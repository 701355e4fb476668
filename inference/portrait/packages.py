"""The packages that drawing and writing a video need, which only the full engine has."""

from __future__ import annotations

import importlib
from types import ModuleType

from ..errors import EngineError


def load_package(name: str) -> ModuleType:
    """Import a package of the full engine.

    Raises:
        EngineError: where it is not installed (code ``full_engine_needed``).
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineError(
            f"This video needs the full engine, whose package {name.split('.')[0]} is missing here: run python build.py setup "
            "--full and use the Python that it names, or write a folder of PNG pictures.",
            "full_engine_needed",
        ) from error
