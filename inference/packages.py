"""The packages that only the full engine has."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import EngineError


def load_package(name: str, purpose: str, otherwise: str) -> ModuleType:
    """Import a package of the full engine.

    Args:
        name: of the package, or of a module in it.
        purpose: what needs it, for the sentence: "Reading a video".
        otherwise: what can be done without it: "capture from Blender's panel".

    Raises:
        EngineError: where it is not installed (code ``full_engine_needed``).
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineError(
            f"{purpose} needs the full engine, whose package {name.split('.')[0]} is missing here: {otherwise}, or run "
            "python build.py setup --full and use the Python that it names.",
            "full_engine_needed",
        ) from error
