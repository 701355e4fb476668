# SPDX-License-Identifier: GPL-3.0-or-later
"""How far around a shape key moves its mesh: a name alone moves nothing.

Exporters write whole sets of names whose shapes hold no motion, and vertex groups may mask a shape away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from ..host.blender_versions.shape_points import coordinates
from .measurements import kept
from .shape_offsets import NOWHERE, ShapeOffsets

_STILL: Final = 1e-4
"""Share of the face's size: what moves no vertex farther moves nothing."""
_ROUNDING: Final = 2e-6  # of the largest coordinate: motion that is no more than a number's rounding
_CORE: Final = 0.1  # of a shape's largest motion: what moves less is not counted to its place


def reaches(obj: Any, names: Iterable[str]) -> dict[str, float]:
    """How large the part of a mesh is that each shape key moves.

    Args:
        obj: a mesh object with shape keys.
        names: of its shape keys.

    Returns:
        Name → diagonal of the box around the vertices that the key moves clearly, against the key that it is relative to and
        weighted by its vertex group; in the object's own unit, 0 where it moves nothing.
    """
    wanted = list(names)
    known: dict[str, float] = kept(obj, "reaches", dict)
    if not all(name in known for name in wanted):
        known.update(_measured(obj, wanted))
    return {name: known[name] for name in wanted}


def place(obj: Any, names: Iterable[str]) -> tuple[tuple[float, ...], float]:
    """Where shape keys move a mesh: the middle and the radius of the box around all that any of them moves clearly.

    Args:
        obj: a mesh object with shape keys.
        names: of its shape keys; some of them move something.

    Returns:
        Both in the object's own space and unit.
    """
    wanted = tuple(names)
    known: tuple[tuple[float, ...], float] = kept(obj, ("place", wanted), lambda: _box_of(obj, wanted))
    return known


def _box_of(obj: Any, names: tuple[str, ...]) -> tuple[tuple[float, ...], float]:
    offsets = ShapeOffsets(obj)
    base = coordinates(obj.data.shape_keys.reference_key)
    moved = np.zeros(len(base), bool)
    for name in names:
        amount = np.linalg.norm(offsets.of(name), axis=1)
        moved |= amount > _CORE * amount.max(initial=0.0)
    moved &= (np.abs(base) < NOWHERE).all(axis=1)
    points = base[moved] if moved.any() else np.zeros((1, 3), np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    return tuple(map(float, (low + high) / 2)), float(np.linalg.norm(high - low)) / 2


def _measured(obj: Any, names: list[str]) -> dict[str, float]:
    key = obj.data.shape_keys
    offsets = ShapeOffsets(obj)
    base = coordinates(key.reference_key)
    noise = _ROUNDING * float(np.abs(base).max(initial=0.0))
    face = np.zeros(len(base), bool)
    largest: dict[str, float] = {}
    places: dict[str, float] = {}
    for name in names:
        moved = offsets.of(name)
        if not moved.any():
            largest[name] = places[name] = 0.0
            continue
        amount = np.linalg.norm(moved, axis=1)
        largest[name] = top = float(amount.max(initial=0.0))
        face |= amount > noise
        core = base[amount > max(_CORE * top, noise)]
        places[name] = float(np.linalg.norm(np.ptp(core, axis=0))) if len(core) else 0.0
    size = float(np.linalg.norm(np.ptp(base[face], axis=0))) if face.any() else 0.0
    least = max(_STILL * size, noise)
    # A shape that moves a single vertex has no extent, but moves something.
    return {name: max(places[name], top) if top > least else 0.0 for name, top in largest.items()}
