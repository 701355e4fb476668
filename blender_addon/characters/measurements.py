# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured on a mesh's shape keys, kept until the mesh, its keys or their masks change.

Panels that are drawn again measure nothing, and each mask is read once, however many ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

_KEPT: Final = 64  # meshes
_PROBES: Final = 24  # vertices whose weights are looked at, to see whether masks were painted anew
_EDITING: Final = frozenset({"EDIT", "SCULPT", "WEIGHT_PAINT"})


@dataclass
class _Known:
    stamp: Any
    measured: dict[Hashable, Any] = field(default_factory=dict)
    edited: bool = False


_known: dict[int, _Known] = {}


def kept(obj: Any, subject: Hashable, measure: Callable[[], Any]) -> Any:
    """What was measured on a mesh's shape keys, kept as long as these.

    Args:
        obj: a mesh object with shape keys.
        subject: what is measured, and all that it depends on besides the mesh.
        measure: measures it.
    """
    measured = _known_of(obj).measured
    if subject not in measured:
        measured[subject] = measure()
    return measured[subject]


def forget() -> None:
    """Measure all meshes anew when they are asked for."""
    _known.clear()


def _known_of(obj: Any) -> _Known:
    number, stamp = obj.data.shape_keys.as_pointer(), _stamp_of(obj)
    known = _known.get(number)
    editing = obj.mode in _EDITING
    if known is None or known.stamp != stamp or (known.edited and not editing):
        while len(_known) >= _KEPT:
            del _known[next(iter(_known))]
        known = _known[number] = _Known(stamp)
    known.edited = known.edited or editing
    return known


def _stamp_of(obj: Any) -> Any:
    """What the measurements depend on, as far as it is quickly told."""
    key = obj.data.shape_keys
    masks = {block.vertex_group for block in key.key_blocks} - {""}
    return (
        key.name_full,
        getattr(
            key, "session_uid", 0
        ),  # Blender 4.2 and newer; before, what is deleted may lend its place in memory
        len(obj.data.vertices),
        tuple(
            (block.name, block.relative_key.name, block.vertex_group, block.slider_max)
            for block in key.key_blocks
        ),
        (tuple(group.name for group in obj.vertex_groups), _some_weights(obj.data)) if masks else (),
    )


def _some_weights(mesh: Any) -> tuple[tuple[int, int, float], ...]:
    count = len(mesh.vertices)
    return tuple(
        (index, entry.group, entry.weight)
        for index in range(0, count, max(1, count // _PROBES))
        for entry in mesh.vertices[index].groups
    )
