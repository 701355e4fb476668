# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls with the names of face shapes where no shape key moves the mouth: a face board of properties or small bones.

A rig's face may move by drivers alone: bones that read `["jawOpen"]` of the armature, nodes, materials, nameless shape keys. What
they read is known by its name then, as a shape key is: a custom property of anything, a bone or object that is moved, turned or
scaled within limits of its own, an input of Geometry Nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import bpy

from ..host.blender_versions import node_inputs
from ..keys import property_values
from ..keys.channels import driven_paths, drivers_of
from ..rigs.face_shapes import recognition
from ..rigs.face_shapes.recognition import Choices, ControlChoice, MeshNames
from ..rigs.table import MappingRow
from . import chosen_controls
from .chosen_controls import NamedControl
from .driver_places import Place, place_of
from .related import armature_of, related_objects

_DEEPEST: Final = 4
"""Datablocks whose drivers read others, one behind the other."""
_FEWEST: Final = 3
"""Channels of the face that must have controls of their names, the jaw's or a vowel's among them: "A" alone says nothing."""
_UNDECIDED: Final = Choices()
_TRANSFORMS: Final = {"location", "rotation_euler", "scale"}
_LAST_NAME: Final = re.compile(r'.*\["(?P<name>(?:[^"\\]|\\.)*)"\]', re.DOTALL)


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
        rows: of the mapping table.
        notes: sentences about controls that a person chose and that cannot be driven.
    """

    controls: dict[str, tuple[NamedControl, ...]] = field(default_factory=dict)
    channels: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    mouth: str = ""
    conventions: tuple[str, ...] = ()
    unclear: str = ""
    unclear_kind: str = ""
    unlimited: tuple[Place, ...] = ()
    unread: str = ""
    rows: tuple[MappingRow, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether they move anything."""
        return bool(self.channels)

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
    owners = tuple(datablock.name for datablock in named.datablocks)
    return drivers, owners, tuple(map(_constraints_of, named.unlimited))


def _constraints_of(place: Place) -> int:
    """How many constraints what is moved has; -1 where it is gone or renamed."""
    try:
        return len(place.owner.constraints)
    except ValueError:  # a path that leads nowhere
        return -1


def find(objects: list[Any], choices: Choices = _UNDECIDED, mouth: str = "") -> NamedControls:
    """The controls of a character that move its face.

    Args:
        objects: the character's.
        choices: what a person decided.
        mouth: which of `recognition.SYSTEMS` its shape keys move the mouth by; then names say nothing, and only what was chosen
            counts. "" where they do not.
    """
    chosen = chosen_controls.resolve(choices.controls, _named(objects), objects)
    by_name, unclear = ({}, {}) if mouth else _places(objects)
    rows = {channel: names for channel, names in choices.rows.items() if not names}
    recognised = recognition.recognise(
        [MeshNames("", (*by_name, *chosen.controls))],
        Choices({**rows, **chosen.rows}, mouth or choices.mouth),
    )
    channels = {row.channel: row.drives for row in recognised.rows[0] if row.driven and row.targets}
    moves_mouth = [name for name in recognition.SYSTEMS.get(recognised.mouth, ()) if name in channels]
    enough = (
        len(moves_mouth) >= _FEWEST or "jawOpen" in channels or not chosen.rows.keys().isdisjoint(moves_mouth)
    )
    if not enough and not chosen.rows:
        name = _mouth_name(unclear)
        unread = "" if mouth else _unread(objects)
        if not name:
            return NamedControls(unread=unread, notes=chosen.notes)
        unlimited = tuple(place for places in unclear.values() for place in places)
        kind = unclear[name][0].kind
        return NamedControls(
            unclear=name, unclear_kind=kind, unlimited=unlimited, unread=unread, notes=chosen.notes
        )
    if not enough:  # a few letters are no mouth, though a person pointed the eyes at something
        channels = {channel: drives for channel, drives in channels.items() if channel in chosen.rows}
    used = {name for drives in channels.values() for name, _ in drives}
    every = {**{name: tuple(places) for name, places in by_name.items()}, **chosen.controls}
    controls = {name: places for name, places in every.items() if name in used}
    return NamedControls(
        controls,
        channels,
        recognised.mouth if enough and moves_mouth else "",
        tuple(name for name in recognised.conventions if name != recognition.USER),
        rows=tuple(_row_of(row, every) for row in recognised.rows[0] if row.targets),
        notes=chosen.notes,
    )


def _row_of(row: MappingRow, controls: Mapping[str, tuple[NamedControl, ...]]) -> MappingRow:
    """A row of the mapping table that says whose control it is."""
    return replace(row, kind="CONTROL", object=controls[row.targets[0]][0].datablock.name)


def can_be_chosen(objects: list[Any]) -> list[ControlChoice]:
    """All controls of a character that a channel may be pointed at."""
    return chosen_controls.available(_named(objects), objects)


def ends_of(objects: list[Any], choice: ControlChoice) -> tuple[float, float] | None:
    """How far a chosen control of a character goes now; None where nothing says so, or it is not there."""
    resolved = chosen_controls.resolve({"": choice}, _named(objects), objects).controls
    return next(
        ((control.begin, control.end) for controls in resolved.values() for control in controls), None
    )


def any_can_be_chosen(objects: list[Any]) -> bool:
    """Whether there may be one: a quick look, for panels."""
    return any(True for _ in _named(objects))


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
    read, shared = _read_beside(obj)
    names += read
    if shared and _mouth_name([*names, *(name for name, *_ in shared)]):
        pairs = dict.fromkeys((owner, datablock) for _, owner, datablock in shared)
        others = {pair: _is_of_another(*pair) for pair in pairs}
        names += [name for name, owner, datablock in shared if not others[owner, datablock]]
    return bool(names) and bool(_mouth_name(names))


def _read_beside(obj: Any) -> tuple[list[str], list[tuple[str, Any, Any]]]:
    """Names of what an object's drivers read; and (name, material or nodes, datablock) of what may be another's to read."""
    reads = [
        (owner, place)
        for owner in _owners(obj)
        for curve in drivers_of(owner)
        if not curve.mute
        for variable in curve.driver.variables
        if (place := place_of(variable)) is not None
    ]
    names: list[str] = []
    shared: list[tuple[str, Any, Any]] = []
    if not reads:
        return names, shared
    parts = _parts_of(obj)
    own_owners = {obj, obj.data, getattr(obj.data, "shape_keys", None)}
    for owner, place in reads:
        name = _name_of(place)
        if name and (owner in own_owners or _is_part(place.datablock, parts)):
            names.append(name)
        elif name:
            shared.append((name, owner, place.datablock))
    return names, shared


def _parts_of(obj: Any) -> list[Any]:
    """An object, its data, what moves it, and that one's data."""
    armature = armature_of(obj)
    return [obj, obj.data, *([armature, armature.data] if armature is not None else [])]


def _is_part(datablock: Any, parts: list[Any]) -> bool:
    """Whether something is among an object's `_parts_of`, or moved by what moves it."""
    return datablock in parts or (isinstance(datablock, bpy.types.Object) and armature_of(datablock) in parts)


def _is_of_another(owner: Any, datablock: Any) -> bool:
    """Whether somebody whom a datablock belongs to has a material, nodes or a node group whose drivers read it."""
    present: Iterable[Any] = bpy.data.objects
    theirs = (
        [datablock]
        if isinstance(datablock, bpy.types.Object)
        else [obj for obj in present if obj.data == datablock]
    )
    return any(owner in _owners(part) for obj in theirs for part in related_objects(obj))


def _places(objects: list[Any]) -> tuple[dict[str, list[NamedControl]], dict[str, list[Place]]]:
    """Name → what has it and can be keyed; names of bones and objects of which nothing says how far they go → these."""
    by_name: dict[str, dict[tuple[Any, str, int], NamedControl]] = {}
    unclear: dict[str, list[Place]] = {}
    named = list(dict.fromkeys(_named(objects)))
    known = set(recognition.known_names(tuple(dict.fromkeys(name for name, _ in named))))
    for name, place in named:
        if name not in known or not chosen_controls.is_free(place):
            continue
        ends = chosen_controls.ends_of(place)
        if ends is not None:
            by_name.setdefault(name, {})[place.where] = NamedControl(*place.where, *ends)
        elif place.kind:
            unclear.setdefault(name, []).append(place)
    return {name: list(places.values()) for name, places in by_name.items()}, unclear


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


def _unread(objects: list[Any]) -> str:
    """The name of a property that stands for a mouth by its name, and that nothing reads; "" where there is none."""
    names = [name for obj in objects for name in _custom_numbers(obj)]
    if not _mouth_name(names):
        return ""
    read = {name for name, _ in _named(objects)}
    return _mouth_name(name for name in names if name not in read)


def _custom_numbers(obj: Any) -> list[str]:
    """Names of the numbers that an object and its data have and that no driver moves; ticks are none."""
    free: list[str] = []
    for owner in (obj, obj.data):
        rows = owner.items() if owner is not None else ()
        numbers = [
            name for name, value in rows if isinstance(value, (int, float)) and not isinstance(value, bool)
        ]
        driven = driven_paths(owner) if numbers else set()
        free += [name for name in numbers if _path_of(name) not in driven]
    return free


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
    if named.mouth:
        parts += ["lips", *(["jaw"] if not named.channels.keys().isdisjoint(recognition.OPENERS) else [])]
    return {role for part in parts for role in _ROLES_OF[part]}
