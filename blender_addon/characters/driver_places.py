# SPDX-License-Identifier: GPL-3.0-or-later
"""Places that drivers read and that keys can go on: properties, and transforms of objects and bones in their own space."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import bpy

from ..keys import property_values
from . import constraints

_PLACE: Final = re.compile(r"^(?P<path>.*?)(?:\[(?P<number>\d+)\]|\.(?P<axis>[xyz]))?$", re.DOTALL)
_MOVED: Final = re.compile(
    r'^(?P<bone>pose\.bones\["(?:[^"\\]|\\.)*"\])?\.?(?P<kind>location|rotation_euler|scale)$'
)
_CUSTOM: Final = re.compile(r'\["(?:[^"\\]|\\.)*"\]$')
_KINDS: Final[dict[str, constraints.Kind]] = {
    "location": "location",
    "rotation_euler": "rotation",
    "scale": "scale",
}
_OWN_SPACES: Final = {"TRANSFORM_SPACE", "LOCAL_SPACE"}
_ANGLES: Final = {3, 4}
"""Letters of rotation modes about axes: "XYZ", "AUTO"."""
_TRANSFORMS: Final = {"LOC": "location", "ROT": "rotation_euler", "SCALE": "scale"}


@dataclass(frozen=True)
class Place:
    """A number that a driver reads."""

    datablock: Any
    data_path: str
    index: int
    limited: bool = False
    """Whether a driver reads it behind its constraints, as a place in its own space."""

    @property
    def where(self) -> tuple[Any, str, int]:
        """As `keys.property_values` asks for it."""
        return self.datablock, self.data_path, self.index

    @property
    def kind(self) -> str:
        """Of a transform: location, rotation_euler or scale; "" for anything else."""
        match = _MOVED.match(self.data_path)
        return match["kind"] if match is not None else ""

    @property
    def owner(self) -> Any:
        """What a transform is of: an object or a pose bone."""
        path = self.data_path.rpartition(".")[0]
        return self.datablock.path_resolve(path) if path else self.datablock


def can_be_keyed(place: Place) -> bool:
    """Whether keys on a place show: a custom property, or a transform that no constraint takes."""
    kind = place.kind
    if not property_values.is_there(*place.where) or not (kind or _CUSTOM.search(place.data_path)):
        return False
    return not kind or not constraints.is_held(place.owner, _KINDS[kind])


def limits_of(place: Place, as_meant: bool = False) -> tuple[float, float]:
    """How far a control can be moved, and for a driver that reads it behind its constraints, how far that shows.

    Args:
        place: the control.
        as_meant: its constraints also count where the driver reads it before them: they say how far it is meant to go.
    """
    low, high = property_values.limits(place.datablock, place.data_path)
    if (place.limited or as_meant) and place.kind:
        for constraint in place.owner.constraints:
            limited = constraints.limits(constraint, _KINDS[place.kind])
            if (
                limited is not None
                and constraints.acts_wholly(constraint)
                and _is_of_own_space(constraint, place)
            ):
                low, high = max(low, limited[place.index][0]), min(high, limited[place.index][1])
    return low, max(low, high)


def _is_of_own_space(constraint: Any, place: Place) -> bool:
    """Whether a constraint's limits are values of what is keyed; the world's are, of an object without a parent."""
    own = place.owner == place.datablock and place.datablock.parent is None
    return own or constraint.owner_space in constraints.LOCAL_SPACES


def place_of(variable: Any) -> Place | None:
    """What a driver's variable reads; None for a distance, a place in the world and the like, which no single key moves."""
    target = variable.targets[0]
    if target.id is None:
        return None
    if variable.type == "SINGLE_PROP":
        match = _PLACE.match(target.data_path)
        if match is None or not match["path"]:
            return None
        index = int(match["number"] or 0) if match["axis"] is None else "xyz".index(match["axis"])
        return Place(target.id, match["path"], index)
    return _transform(target) if variable.type == "TRANSFORMS" else None


def _transform(target: Any) -> Place | None:
    """The channel of an object or a bone that a driver reads as a transform of its own, before or behind its constraints."""
    kind, _, axis = target.transform_type.partition("_")
    obj, path = target.id, _TRANSFORMS.get(kind, "")
    if not path or axis not in ("X", "Y", "Z") or not isinstance(obj, bpy.types.Object):
        return None
    owner: Any = obj
    prefix = ""
    if target.bone_target and obj.pose is not None:
        owner = obj.pose.bones.get(target.bone_target)
        prefix = f'pose.bones["{bpy.utils.escape_identifier(target.bone_target)}"].'
    own = target.transform_space in _OWN_SPACES or (owner is obj and obj.parent is None)
    if owner is None or not own:
        return None
    if kind == "ROT" and not {len(owner.rotation_mode), len(target.rotation_mode)} <= _ANGLES:
        return None
    limited = target.transform_space != "TRANSFORM_SPACE"
    return Place(obj, prefix + path, "XYZ".index(axis), limited)
