"""The packages that only the full engine has."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Final

from .errors import EngineError

_CLONE: Final = Path(__file__).resolve().parent.parent / "build.py"


def how_to_get() -> str:
    """What to do for the full engine, in the middle of a sentence: who has the zip has no build.py."""
    if _CLONE.is_file():
        return "run python build.py setup --full and use the Python that it names"
    return "make or choose one in the add-on's preferences"


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
            f"{purpose} needs the full engine, whose package {name.split('.')[0]} is missing here: {otherwise}, or "
            f"{how_to_get()}.",
            "full_engine_needed",
        ) from error
