# SPDX-License-Identifier: GPL-3.0-or-later
"""How far around a shape key moves its mesh: a name alone moves nothing.

Exporters write whole sets of names whose shapes hold no motion, and vertex groups may mask a shape away. What is measured is
kept until the mesh, its keys or their masks change, so that panels that are drawn again measure nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ..host.blender_versions.shape_points import coordinates
from .shape_offsets import ShapeOffsets

_STILL: Final = 1e-4
"""Share of the face's size: what moves no vertex farther moves nothing."""
_ROUNDING: Final = 2e-6  # of the largest coordinate: motion that is no more than a number's rounding
_CORE: Final = 0.1  # of a shape's largest motion: what moves less is not counted to its place
_KEPT: Final = 64  # meshes


@dataclass
class _Known:
    stamp: Any
    reaches: dict[str, float] = field(default_factory=dict)
    others: dict[Any, Any] = field(default_factory=dict)
    edited: bool = False


_known: dict[int, _Known] = {}


def reaches(item: Any, names: Iterable[str]) -> dict[str, float]:
    """How large the part of a mesh is that each shape key moves.

    Args:
        item: a mesh object with shape keys.
        names: of its shape keys.

    Returns:
        Name → diagonal of the box around the vertices that the key moves clearly, against the key that it is relative to and
        weighted by its vertex group; in the object's own unit, 0 where it moves nothing.
    """
    wanted = list(names)
    known = _known_of(item)
    if not all(name in known.reaches for name in wanted):
        known.reaches.update(_measured(item, wanted))
    return {name: known.reaches[name] for name in wanted}


def kept(item: Any, subject: Hashable, measure: Callable[[], Any]) -> Any:
    """What else was measured on a mesh's shape keys, kept as long as these.

    Args:
        item: a mesh object with shape keys.
        subject: what is measured, and all that it depends on besides the mesh.
        measure: measures it.
    """
    known = _known_of(item)
    if subject not in known.others:
        known.others[subject] = measure()
    return known.others[subject]


def _known_of(item: Any) -> _Known:
    number, stamp = item.data.shape_keys.as_pointer(), _stamp_of(item)
    known = _known.get(number)
    editing = item.mode in {"EDIT", "SCULPT"}
    if known is None or known.stamp != stamp or (known.edited and not editing):
        while len(_known) >= _KEPT:
            del _known[next(iter(_known))]
        known = _known[number] = _Known(stamp)
    known.edited = known.edited or editing
    return known


def forget() -> None:
    """Measure all meshes anew when they are asked for."""
    _known.clear()


def _stamp_of(item: Any) -> Any:
    """What the measurements depend on, as far as it is quickly told."""
    key = item.data.shape_keys
    masks = {block.vertex_group for block in key.key_blocks} - {""}
    return (
        key.name_full,
        getattr(
            key, "session_uid", 0
        ),  # Blender 4.2 and newer; before, what is deleted may lend its place in memory
        len(item.data.vertices),
        tuple(
            (block.name, block.relative_key.name, block.vertex_group, block.slider_max)
            for block in key.key_blocks
        ),
        tuple(group.name for group in item.vertex_groups) if masks else (),
    )


def _measured(item: Any, names: list[str]) -> dict[str, float]:
    key = item.data.shape_keys
    offsets = ShapeOffsets(item)
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
