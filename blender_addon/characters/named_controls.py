# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls with the names of face shapes where no shape key moves the mouth: a face board of properties or small bones.

A rig's face may move by drivers alone: bones that read `["jawOpen"]` of the armature, nodes, materials, nameless shape keys. What
they read is known by its name then, as a shape key is: a custom property of anything, a bone or object that is moved, turned or
scaled within limits of its own, an input of Geometry Nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..host.blender_versions import node_inputs
from ..keys import property_values
from ..keys.channels import can_be_animated, driven_paths, drivers_of
from ..rigs.face_shapes import recognition
from ..rigs.face_shapes.recognition import MeshNames
from .driver_places import Place, can_be_keyed, limits_of, place_of
from .related import armature_of

_DEEPEST: Final = 4
"""Datablocks whose drivers read others, one behind the other."""
_FEWEST: Final = 3
"""Channels of the face that must have controls of their names, the jaw's or a vowel's among them: "A" alone says nothing."""
_FEWEST_STEPS: Final = 10
"""Whole numbers between a control's ends: with fewer it would jump."""
_PERCENT: Final = 100.0
_ENDLESS: Final = 1e6
"""Limits beyond it are none: Blender's own of a number that has none are the largest that it knows."""
_DIGITS: Final = 5
"""In which two ways are compared."""
_BY_HUNDREDS: Final = 10.0
"""A property that ends beyond it is one of per cent or the like, of which its end shows the shape wholly."""
_TRANSFORMS: Final = {"location", "rotation_euler", "scale"}
_LAST_NAME: Final = re.compile(r'.*\["(?P<name>(?:[^"\\]|\\.)*)"\]', re.DOTALL)


@dataclass(frozen=True)
class NamedControl:
    """A property that shows a face shape.

    Attributes:
        datablock, data_path, index: the property.
        begin, end: its values where the shape is not there, and where it is shown wholly.
    """

    datablock: Any
    data_path: str
    index: int
    begin: float
    end: float


@dataclass(frozen=True)
class NamedControls:
    """What moves a face by names.

    Attributes:
        controls: name → what has it.
        channels: channel → (name, gain) of all that it drives.
        mouth: which of `recognition.SYSTEMS` moves the mouth; "" where nothing does.
        conventions: identifiers of the naming conventions, as of shape keys.
        unclear: a name whose bone or object moves a face by drivers, and of which nothing says how far; "" where there is none.
        unclear_kind: how these drivers read it: "location", "rotation_euler" or "scale".
        unlimited: all places of which nothing says how far they go, where there is such a name.
        unread: a property's name that no driver of the character reads; "" where there is none.
    """

    controls: dict[str, tuple[NamedControl, ...]] = field(default_factory=dict)
    channels: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    mouth: str = ""
    conventions: tuple[str, ...] = ()
    unclear: str = ""
    unclear_kind: str = ""
    unlimited: tuple[Place, ...] = ()
    unread: str = ""

    def __bool__(self) -> bool:
        """Whether they move a mouth."""
        return bool(self.mouth)

    @property
    def datablocks(self) -> list[Any]:
        """What has the controls, each once."""
        places = (control.datablock for controls in self.controls.values() for control in controls)
        return list(dict.fromkeys(places))


def stamp_of(objects: list[Any], named: NamedControls) -> tuple[Any, ...]:
    """What `find` depends on, as far as it can be asked at each redraw.

    It changes with the number of drivers of the objects, their data, shapes, materials and nodes, and when what has a control
    gets another name. Not with drivers of what these read in turn, when a driver is muted or reads something else, or when
    properties and inputs of nodes come or go.

    Args:
        objects: a character's.
        named: what was found of them; where limits are what was missing, constraints of the bones and objects that lack them
            count, too.

    Raises:
        ReferenceError: what was found is gone.
    """
    drivers = tuple(len(drivers_of(owner)) for obj in objects for owner in _owners(obj))
    found = tuple(datablock.name for datablock in named.datablocks)
    return drivers, found, tuple(map(_constraints_of, named.unlimited))


def _constraints_of(place: Place) -> int:
    """How many constraints what is moved has; -1 where it is gone or renamed."""
    try:
        return len(place.owner.constraints)
    except ValueError:  # a path that leads nowhere
        return -1


def find(objects: list[Any]) -> NamedControls:
    """The controls of a character of whom no shape key moves the mouth."""
    found, unclear = _places(objects)
    recognised = recognition.recognise([MeshNames("", tuple(found))])
    channels = {row.channel: row.drives for row in recognised.rows[0] if row.driven and row.targets}
    of_mouth = [name for name in recognition.SYSTEMS.get(recognised.mouth, ()) if name in channels]
    if len(of_mouth) < _FEWEST and "jawOpen" not in of_mouth:
        name = _mouth_name(unclear)
        if not name:
            return NamedControls(unread=_unread(objects))
        unlimited = tuple(place for places in unclear.values() for place in places)
        kind = unclear[name][0].kind
        return NamedControls(unclear=name, unclear_kind=kind, unlimited=unlimited, unread=_unread(objects))
    used = {name for drives in channels.values() for name, _ in drives}
    controls = {name: tuple(places) for name, places in found.items() if name in used}
    return NamedControls(controls, channels, recognised.mouth, recognised.conventions)


def notices(obj: Any) -> bool:
    """Whether drivers of an object, its shapes or materials, inputs of its nodes or what its materials show have names of a
    mouth: a quick look, which follows no driver to what another one moves.

    A driver of a material or node group that reads another character, who has that too, is this other one's: what a prop shares
    with a face makes it none.
    """
    names = [name for name, _ in node_inputs.numbers(obj)]
    # Nodes are looked through only for such a name.
    own = set(recognition.known_names(tuple(_custom_numbers(obj))))
    names += [name for name in _attributes(obj) if name in own] if own else []
    foreign: list[tuple[str, Any, Any]] = []
    own_owners = {obj, obj.data, getattr(obj.data, "shape_keys", None)}
    parts = _parts_of(obj)
    for owner in _owners(obj):
        for curve in drivers_of(owner):
            places = (place_of(variable) for variable in curve.driver.variables if not curve.mute)
            for place in places:
                name = _name_of(place) if place is not None else ""
                if place is None or not name:
                    continue
                if owner in own_owners or _is_part(place.datablock, parts):
                    names.append(name)
                else:
                    foreign.append((name, owner, place.datablock))
    if not foreign or not _mouth_name([*names, *(name for name, *_ in foreign)]):
        return bool(names) and bool(_mouth_name(names))
    pairs = dict.fromkeys((owner, datablock) for _, owner, datablock in foreign)
    others = {pair: _is_of_another(*pair) for pair in pairs}
    names += [name for name, owner, datablock in foreign if not others[owner, datablock]]
    return bool(names) and bool(_mouth_name(names))


def _parts_of(obj: Any) -> list[Any]:
    """An object, its data, what moves it, and that one's data."""
    armature = armature_of(obj)
    return [obj, obj.data, *([armature, armature.data] if armature is not None else [])]


def _is_part(datablock: Any, parts: list[Any]) -> bool:
    """Whether something is among an object's `_parts_of`, or moved by what moves it."""
    return datablock in parts or (isinstance(datablock, bpy.types.Object) and armature_of(datablock) in parts)


def _is_of_another(owner: Any, datablock: Any) -> bool:
    """Whether any object with a material, nodes or a node group is one with what their drivers read."""
    present: Iterable[Any] = bpy.data.objects
    return any(_is_part(datablock, _parts_of(other)) and owner in _owners(other) for other in present)


def _places(objects: list[Any]) -> tuple[dict[str, list[NamedControl]], dict[str, list[Place]]]:
    """Name → what has it and can be keyed; names of bones and objects of which nothing says how far they go → these."""
    found: dict[str, dict[tuple[Any, str, int], NamedControl]] = {}
    unclear: dict[str, list[Place]] = {}
    named = list(dict.fromkeys(_named(objects)))
    known = set(recognition.known_names(tuple(dict.fromkeys(name for name, _ in named))))
    for name, place in named:
        datablock = place.datablock
        if name not in known or datablock.library is not None or not can_be_animated(datablock):
            continue
        if place.data_path in driven_paths(datablock) or not can_be_keyed(place):
            continue
        ends = _ends(place)
        if ends is not None:
            found.setdefault(name, {})[place.where] = NamedControl(*place.where, *ends)
        elif place.kind:
            unclear.setdefault(name, []).append(place)
    return {name: list(places.values()) for name, places in found.items()}, unclear


def _named(objects: list[Any]) -> Iterator[tuple[str, Place]]:
    """What drivers of a character's datablocks read, and inputs of its nodes, each with its own name."""
    for variable in _variables(objects):
        place = place_of(variable)
        if place is None or isinstance(place.datablock, bpy.types.Scene):
            continue
        name = _name_of(place)
        if name:
            yield name, place
    for obj in objects:
        for name, path in node_inputs.numbers(obj):
            yield name, Place(obj, path, 0)
        for name in _attributes(obj):
            path = _path_of(name)
            for owner in (obj, obj.data):
                if owner is not None and property_values.is_there(owner, path, 0):
                    yield name, Place(owner, path, 0)
                    break


def _name_of(place: Place) -> str:
    """The name of a custom property, or of the bone or object that is moved; "" where a place is neither."""
    path, _, last = place.data_path.rpartition(".")
    if not path and last in _TRANSFORMS:
        return str(place.datablock.name)
    match = _LAST_NAME.fullmatch(path if last in _TRANSFORMS else place.data_path)
    return bpy.utils.unescape_identifier(match["name"]) if match is not None else ""


def _variables(objects: list[Any]) -> Iterator[Any]:
    """Variables of the drivers that move anything of a character, and of what these read in turn."""
    return (variable for curve in _drivers(objects) for variable in curve.driver.variables)


def read_by(objects: list[Any]) -> list[Any]:
    """Datablocks that drivers of a character's, muted ones too, read, and that these read in turn."""
    targets = (
        target.id
        for curve in _drivers(objects, muted=True)
        for variable in curve.driver.variables
        for target in variable.targets
    )
    return [datablock for datablock in dict.fromkeys(targets) if datablock is not None]


def _drivers(objects: list[Any], muted: bool = False) -> Iterator[Any]:
    """Curves of the drivers that move anything of a character, and of what these read in turn; with those that are `muted`."""
    seen: set[Any] = set()
    level = [owner for obj in objects for owner in _owners(obj)]
    for _ in range(_DEEPEST):
        behind: list[Any] = []
        for owner in level:
            if owner in seen:
                continue
            seen.add(owner)
            for curve in drivers_of(owner):
                if curve.mute and not muted:
                    continue
                yield curve
                for variable in curve.driver.variables:
                    behind += [target.id for target in variable.targets if target.id is not None]
        level = behind


def _owners(obj: Any) -> list[Any]:
    """What of an object may have drivers: itself, its data, shape keys, materials and nodes."""
    data = obj.data
    owners = [obj, data, getattr(data, "shape_keys", None)]
    for slot in obj.material_slots:
        if slot.material is not None:
            owners += [slot.material, slot.material.node_tree]
    owners += [modifier.node_group for modifier in obj.modifiers if modifier.type == "NODES"]
    return [owner for owner in owners if owner is not None]


def _attributes(obj: Any) -> list[str]:
    """Names of the properties that an object's materials show by Attribute nodes."""
    trees = [slot.material.node_tree for slot in obj.material_slots if slot.material is not None]
    return [
        node.attribute_name.strip('[]"')
        for tree in trees
        if tree is not None
        for node in tree.nodes
        if node.type == "ATTRIBUTE" and node.attribute_type in ("OBJECT", "INSTANCER")
    ]


def _ends(place: Place) -> tuple[float, float] | None:
    """A control's values where its shape is not there, and where it is shown wholly; None where nothing says so."""
    low, high = limits_of(place, as_meant=True)
    if place.kind:
        begin = 1.0 if place.kind == "scale" else 0.0
        ways = [limit - begin for limit in (low, high) if abs(limit) < _ENDLESS]
        # Both ways alike: upwards. Rounded, as limits are single-precision numbers.
        furthest = max(ways, key=lambda way: (round(abs(way), _DIGITS), way), default=0.0)
        return (begin, begin + furthest) if furthest else None
    whole = property_values.is_whole(*place.where)
    begin = min(max(0.0, low), high)
    if high - begin > _BY_HUNDREDS:
        end = high if high <= 10 * _PERCENT else (_PERCENT if whole else 1.0)
    else:
        shown = high if whole else min(high, 1.0)  # whole numbers have no other way to be between
        end = shown if high > begin else low
    if whole and abs(end - begin) < _FEWEST_STEPS:
        return None
    return (begin, end) if end != begin else None


def _unread(objects: list[Any]) -> str:
    """The name of a property that stands for a mouth by its name, and that nothing reads; "" where there is none."""
    names = [name for obj in objects for name in _custom_numbers(obj)]
    if not _mouth_name(names):
        return ""
    read = {name for name, _ in _named(objects)}
    return _mouth_name(name for name in names if name not in read)


def _custom_numbers(obj: Any) -> list[str]:
    """Names of the numbers that an object and its data have and that no driver moves; ticks are none."""
    found: list[str] = []
    for owner in (obj, obj.data):
        rows = owner.items() if owner is not None else ()
        numbers = [
            name for name, value in rows if isinstance(value, (int, float)) and not isinstance(value, bool)
        ]
        driven = driven_paths(owner) if numbers else set()
        found += [name for name in numbers if _path_of(name) not in driven]
    return found


def _path_of(name: str) -> str:
    """The data path of a custom property."""
    return f'["{bpy.utils.escape_identifier(name)}"]'


def _mouth_name(names: Iterable[str]) -> str:
    """The first of several names that move a mouth; "" where they are too few to say so."""
    known = tuple(dict.fromkeys(names))
    if not recognition.known_names(known):
        return ""
    recognised = recognition.recognise([MeshNames("", known)])
    system = recognition.SYSTEMS.get(recognised.mouth, ())
    shown = [row for row in recognised.rows[0] if row.channel in system and row.targets]
    opener = next((row.targets[0] for row in shown if row.channel == "jawOpen"), "")
    return opener or (shown[0].targets[0] if len(shown) >= _FEWEST else "")


_ROLES_OF: Final[dict[str, tuple[str, ...]]] = {
    "lid": ("lid_upper", "lid_lower"),
    "brow": ("brow",),
    "eye": ("eye", "eye_target"),
    "tongue": ("tongue",),
    "jaw": ("jaw",),
    "lips": ("lip_upper", "lip_lower", "lip_corner", "cheek"),
}
"""Roles of face bones that follow controls of the face's parts."""
_CHANNELS_OF: Final[dict[str, Callable[[str], bool]]] = {
    "lid": lambda channel: channel.startswith("eyeBlink"),
    "brow": lambda channel: channel.startswith("brow"),
    "eye": lambda channel: channel.startswith("eyeLook"),
    "tongue": lambda channel: channel.startswith("tongue"),
}


def led_roles(named: NamedControls) -> set[str]:
    """Roles of face bones, without their sides, that such controls move already.

    As shape keys do (`targets.face_rig.overlap`): the lips' bones open a mouth as well, so what opens it has them all, and what
    only forms it leaves the jaw to its bone.
    """
    parts = [part for part, of in _CHANNELS_OF.items() if any(map(of, named.channels))]
    if named:
        parts += ["lips", *(["jaw"] if not named.channels.keys().isdisjoint(recognition.OPENERS) else [])]
    return {role for part in parts for role in _ROLES_OF[part]}
