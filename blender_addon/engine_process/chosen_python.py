# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python runs the engine, as the preferences say."""

from __future__ import annotations

import bpy

from ..host import settings
from . import full_environment


def current() -> str:
    """The Python of the full engine that is in force; "" for Blender's own."""
    chosen = settings.current()
    return python_of(chosen.engine, chosen.engine_python)


def python_of(engine: str, chosen: str) -> str:
    """The Python that runs the engine.

    Args:
        engine: `settings.EMBEDDED`, `settings.FULL`, or "" where the choice of a Python alone says which.
        chosen: the Python that the user chose for the full engine; "" for the one that the add-on made.

    Returns:
        "" for Blender's own: for the embedded engine, and where no full one was made yet.
    """
    if engine == settings.EMBEDDED:
        return ""
    if chosen:
        return bpy.path.abspath(chosen)
    return full_environment.python() if engine == settings.FULL else ""
