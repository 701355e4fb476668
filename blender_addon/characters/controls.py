# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls of face shapes: the properties, bones and objects that their drivers read, and that an animator would key.

A control rig's shape keys are driven: by custom properties of the armature, by the place of a small bone or object beside the
face, or by a property that is driven by another in turn. Keys go where the animator's would: on what the drivers read. Shape keys
that follow other shape keys are a matter of `followers`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import bpy
import numpy as np

from ..keys import property_values
from ..keys.channels import Rest, driven_paths
from ..keys.ownership import RestReader
from ..motion import driver_expressions
from . import constraints
from .character import FaceMesh

_DEEPEST: Final = 4
"""Properties that are driven by others, one behind the other."""
_ENOUGH: Final = 0.25
"""Of a shape's slider: a control that brings it less far is none."""
_NOTHING: Final = 1e-3
"""Of a shape: as good as not there."""
_EXACT: Final = 1e-5
_STEPS: Final = 64
_FEWEST_STEPS: Final = 10
"""Whole numbers between a shape's ends: with fewer it would jump."""
_FURTHEST: Final = {"location": 100.0, "rotation_euler": math.pi, "scale": 10.0}
"""How far a control may be moved: units of its space, radians, times."""
_FURTHEST_ELSE: Final = 1000.0
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
_TRANSFORMS: Final = {"LOC": "location", "ROT": "rotation_euler", "SCALE": "scale"}

_COMBINATIONS: Final[dict[str, Callable[..., Any]]] = {
    "AVERAGE": np.mean,
    "SUM": np.sum,
    "MIN": np.min,
    "MAX": np.max,
}

_Function = Callable[[np.ndarray], "np.ndarray | None"]


@dataclass(frozen=True)
class _Place:
    """A number that a driver reads."""

    datablock: Any
    data_path: str
    index: int

    @property
    def where(self) -> tuple[Any, str, int]:
        """As `keys.property_values` asks for it."""
        return self.datablock, self.data_path, self.index

    @property
    def kind(self) -> str:
        """Of a transform: location, rotation_euler or scale; "" for anything else."""
        match = _MOVED.match(self.data_path)
        return match["kind"] if match is not None else ""


@dataclass(frozen=True)
class Control:
    """What is to be keyed in place of a driven shape.

    Attributes:
        datablock, data_path, index: the property.
        places: (N,) its values, from where the shape is not there to where it is shown wholly.
        weights: (N,) the shape's value at each, increasing.
    """

    datablock: Any
    data_path: str
    index: int
    places: np.ndarray
    weights: np.ndarray

    def at(self, weights: np.ndarray) -> np.ndarray:
        """(T,) the control's values for a shape's; (T,) 0 to 1."""
        places = np.interp(weights, self.weights, self.places)
        return np.where(weights <= self.weights[0], self.places[0], places)


def controls_of(mesh: FaceMesh, rest: Rest | None = None) -> dict[str, Control]:
    """Data path of a mesh's driven face shapes → the control that moves each, as far as one can be told and keyed.

    Args:
        mesh: one of a character's.
        rest: how the character is without its talking animation; None for what its actions say.
    """
    data = mesh.key.animation_data
    if data is None or not len(data.drivers):
        return {}
    wanted, known = mesh.value_paths, rest or RestReader()
    controls = {}
    for curve in data.drivers:
        if not curve.mute and curve.data_path in wanted:
            control = _control_of(curve, _top(mesh.key, curve.data_path), known)
            if control is not None:
                controls[curve.data_path] = control
    return controls


def control_owners(key: Any) -> list[Any]:
    """Datablocks that hold a control of any shape of a Key, also where its driver is muted."""
    data = key.animation_data
    if data is None:
        return []
    return list(dict.fromkeys(place.datablock for curve in data.drivers for place, _ in _read_by(curve)))


def _top(key: Any, path: str) -> float:
    return float(min(1.0, key.path_resolve(path.rpartition(".")[0]).slider_max))


def _control_of(curve: Any, top: float, rest: Rest) -> Control | None:
    """The first of what a driver reads that can show its shape."""
    if top <= 0:
        return None
    for place, function in _read_by(curve):
        if _can_be_keyed(place):
            table = _table(place, function, top, rest)
            if table is not None:
                return Control(*place.where, *table)
    return None


def _can_be_keyed(place: _Place) -> bool:
    datablock, kind = place.datablock, place.kind
    if datablock.library is not None or isinstance(datablock, bpy.types.Scene):
        return False
    if not (kind or _CUSTOM.search(place.data_path)):
        return False
    if kind:
        owner = (
            datablock.path_resolve(place.data_path.rpartition(".")[0])
            if "." in place.data_path
            else datablock
        )
        if constraints.is_held(owner, _KINDS[kind]):
            return False
    return property_values.is_there(*place.where)


def _table(
    place: _Place, function: _Function, top: float, rest: Rest
) -> tuple[np.ndarray, np.ndarray] | None:
    """Values of a control and of the shape at each, from not there to `top`; None where it cannot show the shape."""
    begin = _begin(place, function, rest)
    low, high = property_values.limits(place.datablock, place.data_path)
    furthest = _FURTHEST.get(place.kind, _FURTHEST_ELSE)
    ways = np.geomspace(furthest * 1e-6, furthest, 2 * _STEPS)
    both = np.stack([ways, -ways]) + begin
    both = both.clip(low, high) if math.isfinite(low) or math.isfinite(high) else both
    values = function(both)
    if values is None:
        return None
    values = np.where(np.isfinite(values), values, -np.inf)
    goals = np.minimum(values.max(axis=1), top)
    firsts = (values >= goals[:, None] - _NOTHING).argmax(axis=1)
    # The way on which more of the shape is shown, or the shorter one.
    side = int(goals[1] > goals[0] + _NOTHING or (goals[1] > goals[0] - _NOTHING and firsts[1] < firsts[0]))
    end, reached = float(both[side, firsts[side]]), float(goals[side])
    if reached < _ENOUGH * top:
        return None
    if property_values.is_whole(*place.where) and abs(end - begin) < _FEWEST_STEPS:
        return None
    places = np.linspace(begin, end, _STEPS + 1)
    values = function(places)
    if values is None or (np.diff(values) < -_NOTHING).any():
        return None
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(values)) > 0])
    last_still = (
        int(np.argmax(values > values[0] + _NOTHING)) - 1
    )  # a control may move a while before its shape does
    rising[1 : last_still + 1] = False
    rising[max(last_still, 0)] = True
    if last_still > 0:
        rising[0] = False
    return places[rising], values[rising]


def _begin(place: _Place, function: _Function, rest: Rest) -> float:
    """Where a control leaves its shape alone: as it is at rest, else where it does nothing."""
    present = rest(*place.where)
    for value in (present, 1.0 if place.kind == "scale" else 0.0):
        shown = function(np.array([value]))
        if shown is not None and abs(float(shown.flat[0])) < _NOTHING:
            return value
    return present


def _read_by(curve: Any, depth: int = 0) -> Iterator[tuple[_Place, _Function]]:
    """What a driver reads that nothing drives, and what it then gives for the values of each, the others being as they are."""
    driver = curve.driver
    places = {variable.name: _place_of(variable) for variable in driver.variables}
    for name, place in places.items():
        present = {other: _present(read) for other, read in places.items() if other != name}
        others = {other: value for other, value in present.items() if value is not None}
        if place is None or len(others) < len(present):
            continue
        given = partial(_given, curve, name, others)
        if place.data_path not in driven_paths(place.datablock):
            yield place, given
        elif depth < _DEEPEST:
            for inner in place.datablock.animation_data.drivers:
                if not inner.mute and (inner.data_path, inner.array_index) == (place.data_path, place.index):
                    for source, function in _read_by(inner, depth + 1):
                        yield source, partial(_behind, given, function)


def _present(place: _Place | None) -> float | None:
    if place is None or not property_values.is_there(*place.where):
        return None
    return property_values.read(*place.where)


def _behind(outer: _Function, inner: _Function, values: np.ndarray) -> np.ndarray | None:
    between = inner(values)
    return None if between is None else outer(np.broadcast_to(between, values.shape))


def _given(curve: Any, name: str, others: dict[str, float], values: np.ndarray) -> np.ndarray | None:
    """What a driver gives for values of one of its variables."""
    driver = curve.driver
    if driver.type == "SCRIPTED":
        read = {**others, name: values}
        given = None if driver.use_self else driver_expressions.evaluated(driver.expression, read)
        if given is None:
            return None
        given = np.broadcast_to(given, values.shape)
    else:
        numbers = np.stack([values, *(np.full(values.shape, value) for value in others.values())])
        given = _COMBINATIONS[driver.type](numbers, axis=0)
    if _is_straight(curve) and all(_changes_nothing(modifier) for modifier in curve.modifiers):
        return given
    return np.array([curve.evaluate(value) for value in given.flat]).reshape(given.shape)


def _is_straight(curve: Any) -> bool:
    """Whether a driver's curve has no points, or the two with which Blender 5 begins it."""
    points = curve.keyframe_points
    if len(points) != 2 or curve.extrapolation != "LINEAR":
        return not len(points)
    corners = [corner for point in points for corner in (point.handle_left, point.co, point.handle_right)]
    return all(abs(corner.x - corner.y) < _EXACT for corner in corners)


def _changes_nothing(modifier: Any) -> bool:
    """Whether a modifier of a driver's curve is off, or the one that Blender gives each."""
    if modifier.mute:
        return True
    straight = (
        modifier.type == "GENERATOR" and modifier.mode == "POLYNOMIAL" and not modifier.use_restricted_range
    )
    return straight and not modifier.use_additive and tuple(modifier.coefficients) == (0.0, 1.0)


def _place_of(variable: Any) -> _Place | None:
    """What a driver's variable reads; None for a distance, a place in the world and the like, which no single key moves."""
    target = variable.targets[0]
    if target.id is None:
        return None
    if variable.type == "SINGLE_PROP":
        match = _PLACE.match(target.data_path)
        if match is None or not match["path"]:
            return None
        index = int(match["number"] or 0) if match["axis"] is None else "xyz".index(match["axis"])
        return _Place(target.id, match["path"], index)
    return _transform(target) if variable.type == "TRANSFORMS" else None


def _transform(target: Any) -> _Place | None:
    """The channel of an object or a bone that a driver reads as a transform of its own space."""
    kind, _, axis = target.transform_type.partition("_")
    obj, path = target.id, _TRANSFORMS.get(kind, "")
    if not path or axis not in ("X", "Y", "Z") or not isinstance(obj, bpy.types.Object):
        return None
    owner: Any = obj
    prefix = ""
    if target.bone_target and obj.pose is not None:
        owner = obj.pose.bones.get(target.bone_target)
        prefix = f'pose.bones["{bpy.utils.escape_identifier(target.bone_target)}"].'
    own = target.transform_space == "LOCAL_SPACE" or (owner is obj and obj.parent is None)
    if owner is None or not own or (kind == "ROT" and len(owner.rotation_mode) != 3):
        return None
    return _Place(obj, prefix + path, "XYZ".index(axis))
