# SPDX-License-Identifier: GPL-3.0-or-later
"""The dials: the engine's own `inference/face/dials.py` and `dial_curves.py`, so that panel and engine do the same.

The engine runs in a process of its own, and its package is not on Blender's path. These two are made to be used by both sides:
they need numpy at most. They are loaded under a name inside this add-on, so that they meet no other `inference`.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import engine

if TYPE_CHECKING:
    from inference.face.dials import Dials

_PACKAGE = f"{__package__}._engine"


def _engine_module(name: str) -> ModuleType:
    """A module of the engine by its dotted name inside `inference`."""
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(engine.find_root() / "inference")]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")


def curves() -> Any:
    """`inference.face.dial_curves`: what the dials do to arrays. Needs numpy, hence not loaded before it is used."""
    return _engine_module("motion.dial_curves")


def table() -> list[dict[str, Any]]:
    """Name, label, description, unit, default and range of each dial."""
    rows: list[dict[str, Any]] = _engine_module("motion.dials").table()["dials"]
    return rows


if not TYPE_CHECKING:
    Dials = _engine_module("motion.dials").Dials

NAMES = tuple(row["name"] for row in table())


def checked(**values: float) -> Dials:
    """Dials of these values; those not named keep their default.

    Raises:
        ValueError: for a value out of its range; the text names it.
    """
    for row in table():
        value = values.get(row["name"], row["default"])
        if not row["minimum"] <= value <= row["maximum"]:
            raise ValueError(f"{row['name']} must be {row['minimum']:g} to {row['maximum']:g}, not {value:g}")
    return Dials(**values)
