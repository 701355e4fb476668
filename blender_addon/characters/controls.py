# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls of face shapes: the properties, bones and objects that their drivers read, and that an animator would key.

A control rig's shape keys are driven: by custom properties of the armature, by the place of a small bone or object beside the
face, or by a property that is driven by another in turn. Keys go where the animator's would: on what the drivers read. Shape keys
that follow other shape keys are a matter of `followers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import bpy
import numpy as np

from ..keys import property_values
from ..keys.channels import Rest, can_be_animated, driven_paths, drivers_of
from ..keys.ownership import RestReader, own_actions
from ..motion import driver_expressions
from .character import Character
from .driver_places import Place, can_be_keyed, limits_of, place_of
from .sharing import is_anothers

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
_WAYS: Final = np.geomspace(1e-6, 1.0, 2 * _STEPS)
"""Places at which a control is tried, of the furthest."""
_COMBINATIONS: Final[dict[str, Callable[..., Any]]] = {
    "AVERAGE": np.mean,
    "SUM": np.sum,
    "MIN": np.min,
    "MAX": np.max,
}

_Shown = tuple[float, np.ndarray, np.ndarray]
"""`Control.begin`, `places` and `weights`."""
_MOST_KEPT: Final = 4096
_kept: dict[Hashable, _Shown | None] = {}
"""By all that they are made of: a panel asks for hundreds of shapes again and again."""


@dataclass(frozen=True)
class _Function:
    """What a driver gives for values of one of its variables, or of what that is driven by in turn.

    Attributes:
        curve: the driver's.
        name: of the variable.
        others: the other variables at rest.
        inner: what gives the variable's values; None where they are given.
    """

    curve: Any
    name: str
    others: dict[str, float]
    inner: _Function | None = None

    def __call__(self, values: np.ndarray) -> np.ndarray | None:
        """Of the shape of the values; None where they cannot be told."""
        between = values if self.inner is None else self.inner(values)
        if between is None:
            return None
        return _given(self.curve, self.name, self.others, np.broadcast_to(between, values.shape))

    def recipe(self) -> tuple[Hashable, ...] | None:
        """All that it depends on; None where that is a curve with points."""
        driver = self.curve.driver
        inner = self.inner.recipe() if self.inner is not None else ()
        if inner is None or not _passes_on(self.curve):
            return None
        return (driver.type, driver.expression, driver.use_self, self.name, *self.others.items(), inner)


@dataclass(frozen=True)
class _Reach:
    """How a control may be moved.

    Attributes:
        present: its value at rest.
        kind: see `Place`.
        limits: its lowest and highest value.
        is_whole: whether it takes whole numbers alone.
        top: of the shape that it is to show.
    """

    present: float
    kind: str
    limits: tuple[float, float]
    is_whole: bool
    top: float


@dataclass(frozen=True)
class Control:
    """What is to be keyed in place of a driven shape.

    Attributes:
        datablock, data_path, index: the property.
        begin: its value where the shape is not there.
        places: (N,) its values, from where the shape begins to where it is shown wholly.
        weights: (N,) the shape's value at each, increasing.
    """

    datablock: Any
    data_path: str
    index: int
    begin: float
    places: np.ndarray
    weights: np.ndarray

    def at(self, weights: np.ndarray) -> np.ndarray:
        """(T,) the control's values for a shape's; (T,) 0 to 1."""
        places = np.interp(weights, self.weights, self.places)
        return np.where(weights <= self.weights[0], self.begin, places)


def controls_of(character: Character, rest: Rest | None = None) -> dict[Any, dict[str, Control]]:
    """Key → data path of a driven face shape → the control that moves it, as far as one can be told and keyed.

    Args:
        character: whose meshes.
        rest: how it is without its talking animation; None for what its actions say.
    """
    reading = _Reading(rest or RestReader())
    owners: set[Any] | None = None
    controls: dict[Any, dict[str, Control]] = {}
    for mesh in character.meshes:
        driven = driven_paths(mesh.key) & mesh.value_paths
        if not driven:
            continue
        owners = set(_owners(character, _read_at_once(character))) if owners is None else owners
        curves = [curve for curve in drivers_of(mesh.key) if curve.data_path in driven and not curve.mute]
        known = ((curve.data_path, _control_of(curve, mesh.key, owners, reading)) for curve in curves)
        controls[mesh.key] = {path: control for path, control in known if control is not None}
    return controls


def control_owners(character: Character) -> list[Any]:
    """What may carry keys of a character's controls.

    That is what the drivers of its face shapes read, also where they are muted, and those of its objects and their data that
    carry keys of ours.
    """
    read = _read_at_once(character)
    return [owner for owner in _owners(character, read) if owner in read or own_actions(owner)]


def _owners(character: Character, read: dict[Any, None]) -> list[Any]:
    """The character's objects, their data and what its drivers `read`, without what is linked or another character's."""
    own = [datablock for obj in character.objects for datablock in (obj, obj.data) if datablock is not None]
    return [
        owner
        for owner in dict.fromkeys([*own, *read])
        if owner.library is None and can_be_animated(owner) and not is_anothers(owner, character)
    ]


def _read_at_once(character: Character) -> dict[Any, None]:
    """Datablocks that drivers of face shapes read."""
    read: dict[Any, None] = {}
    for mesh in character.meshes:
        paths = mesh.value_paths
        for curve in drivers_of(mesh.key):
            if curve.data_path in paths:
                read.update(
                    (target.id, None)
                    for variable in curve.driver.variables
                    for target in variable.targets
                    if target.id is not None and not isinstance(target.id, (bpy.types.Scene, bpy.types.Key))
                )
    return read


class _Reading:
    """What drivers read, at rest; each datablock's drivers are looked through once."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self._drivers: dict[Any, dict[tuple[str, int], Any]] = {}

    def driver_of(self, place: Place) -> Any:
        """The curve of the driver that moves a place; None where it is free."""
        if place.datablock not in self._drivers:
            self._drivers[place.datablock] = {
                (curve.data_path, curve.array_index): curve
                for curve in drivers_of(place.datablock)
                if not curve.mute
            }
        return self._drivers[place.datablock].get((place.data_path, place.index))

    def at_rest(self, place: Place | None) -> float | None:
        """A place's value without the talking animation; None for none."""
        if place is None or not property_values.is_there(*place.where):
            return None
        return self.rest(*place.where)

    def sources(self, curve: Any, depth: int = 0) -> Iterator[tuple[Place, _Function]]:
        """What a driver reads that nothing drives, and what it then gives for the values of each, the others being at rest."""
        places = {variable.name: place_of(variable) for variable in curve.driver.variables}
        for name, place in places.items():
            present = {other: self.at_rest(read) for other, read in places.items() if other != name}
            others = {other: value for other, value in present.items() if value is not None}
            if place is None or len(others) < len(present):
                continue
            given = _Function(curve, name, others)
            inner = self.driver_of(place)
            if inner is None:
                yield place, given
            elif depth < _DEEPEST:
                for source, function in self.sources(inner, depth + 1):
                    yield source, replace(given, inner=function)


def _control_of(curve: Any, key: Any, owners: set[Any], reading: _Reading) -> Control | None:
    """The first of what a driver reads that can show its shape."""
    top = float(min(1.0, key.path_resolve(curve.data_path.rpartition(".")[0]).slider_max))
    if top <= 0:
        return None
    for place, function in reading.sources(curve):
        if place.datablock in owners and can_be_keyed(place):
            shown = _known(place, function, top, reading.rest)
            if shown is not None:
                return Control(*place.where, *shown)
    return None


def _known(place: Place, function: _Function, top: float, rest: Rest) -> _Shown | None:
    """See `_fitted`; kept, as far as all that it is made of is known."""
    whole = property_values.is_whole(*place.where)
    reach = _Reach(rest(*place.where), place.kind, limits_of(place), whole, top)
    recipe = function.recipe()
    if recipe is None:
        return _fitted(function, reach)
    if (recipe, reach) not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[recipe, reach] = _fitted(function, reach)
    return _kept[recipe, reach]


def _fitted(function: _Function, reach: _Reach) -> _Shown | None:
    """How a control shows a shape, from not there to `top`; None where it cannot."""
    (low, high), top = reach.limits, reach.top
    begin = _begin(function, reach)
    if begin is None:
        return None
    ways = _FURTHEST.get(reach.kind, _FURTHEST_ELSE) * _WAYS
    both = (np.stack([ways, -ways]) + begin).clip(low, high)
    values = function(both)
    if values is None:
        return None
    values = np.where(np.isfinite(values), values, -np.inf)
    goals = np.minimum(values.max(axis=1), top)
    firsts = (values >= goals[:, None] - _NOTHING).argmax(axis=1)
    # The way on which more of the shape is shown, or the shorter one.
    side = int(goals[1] > goals[0] + _NOTHING or (goals[1] > goals[0] - _NOTHING and firsts[1] < firsts[0]))
    end = float(both[side, firsts[side]])
    if goals[side] < _ENOUGH * top:
        return None
    if reach.is_whole and abs(end - begin) < _FEWEST_STEPS:
        return None
    places = np.linspace(begin, end, _STEPS + 1)
    values = function(places)
    if values is None or not np.isfinite(values).all() or (np.diff(values) < -_NOTHING).any():
        return None
    shown = np.flatnonzero(values > _NOTHING)  # a control may move a while before its shape does
    first = max(int(shown[0]) - 1, 0)
    places, values = places[first:], values[first:]
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(values)) > 0])
    return begin, places[rising], values[rising]


def _begin(function: _Function, reach: _Reach) -> float | None:
    """Where a control leaves its shape alone: as it is at rest, else where it does nothing; None where it never does."""
    usual = 1.0 if reach.kind == "scale" else 0.0
    ends = [limit for limit in reach.limits if math.isfinite(limit)]
    for value in (reach.present, usual, 1.0, *ends):
        shown = function(np.array([value]))
        if shown is not None and abs(float(shown.flat[0])) < _NOTHING:
            return value
    return None


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
    if _passes_on(curve):
        return given
    return np.array([curve.evaluate(value) for value in given.flat]).reshape(given.shape)


def _passes_on(curve: Any) -> bool:
    """Whether a driver's curve leaves what the driver gives as it is."""
    return _is_straight(curve) and all(_changes_nothing(modifier) for modifier in curve.modifiers)


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
