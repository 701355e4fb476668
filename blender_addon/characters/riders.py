# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters that hang on another one: a rider on a horse, a parrot on a shoulder, a dummy on a hand, a second head.

What hangs below a character is a part of it – teeth, eyes, brows, glasses with shape keys of the face's names – or somebody else.
It is somebody else where all of this is so:

* it is parented to the character and not deformed by its armature: a mesh, or an armature of its own;
* it has a mouth of its own: shape keys of a known naming that move something, on itself or on what its armature carries; of an
  armature a head bone will do;
* the character has such a mouth as well, or a jaw's bone, or for another armature a head bone;
* the two faces lie apart where objects are now and bones are at rest: the middle of neither is within the other, or near it;
* for a mesh, neither it nor what it hangs on up to the body has keys, drivers or constraints that bring it to its place, but for
  a plain Child Of of the body or one of its bones.

An empty that carries one such character and nothing of the body's face is that one's: with it go its eyes, its hat and whatever
else hangs there. An empty that shows a collection with a face of its own is somebody else as a mesh would be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mathutils import Matrix, Vector

from ..keys.ownership import all_own_actions
from ..rigs import head_bones
from ..rigs.face_bones import FaceBones
from ..rigs.face_bones.recognition import recognise_names
from ..rigs.face_shapes import recognition
from ..rigs.face_shapes.recognition import MeshNames
from ..rigs.matching import match_bones
from . import shape_reach
from .constraints import acts_wholly

_SEATS: Final = frozenset({"ARMATURE", "MESH"})
_SMALLEST: Final = 0.05
"""Of an object's size: a face is at least as large."""
_AROUND: Final = 1.5
"""Radii of a face in which what belongs to it has its middle."""


@dataclass(frozen=True)
class _Place:
    """Where a face is in the body's own space: about a middle, as far as a radius."""

    middle: Vector
    radius: float

    def is_apart_from(self, other: _Place) -> bool:
        """Whether they are two faces."""
        return bool((self.middle - other.middle).length > _AROUND * max(self.radius, other.radius))


def has_head(armature: Any) -> bool:
    """Whether an armature object has a bone with the name of a head."""
    return bool(_head_bones(armature))


def may_ride(obj: Any) -> bool:
    """Whether an object could be the seat of a character on another one: a quick look at it alone."""
    return obj.parent is not None and (obj.type == "EMPTY" or _may_have_a_face(obj))


def _may_have_a_face(obj: Any) -> bool:
    """Whether an object that hangs on another one could be somebody else by itself, not by what hangs below it."""
    if obj.type == "ARMATURE":
        return obj.data is not None
    if obj.type == "EMPTY":
        return bool(_instanced(obj))
    return not _skins(obj) and bool(_mouth_names(obj))


def may_carry(body: Any) -> bool:
    """Whether an object could carry another character: a quick look at it alone."""
    return body.type in _SEATS and body.data is not None


def riders(body: Any, members: Collection[Any]) -> set[Any]:
    """Those of what hangs on a body that begin a character of their own.

    Args:
        body: an armature object, or the mesh that carries the rest.
        members: all that hangs on it or is deformed by it, itself included.
    """
    if not may_carry(body):
        return set()
    # A quick look first: a scene's props may be thousands.
    hung = [obj for obj in members if obj.parent is not None and (obj.type in _SEATS or _shows(obj))]
    seats = [obj for obj in hung if obj is not body and _may_have_a_face(obj) and not _is_moved(obj, body)]
    if not seats:
        return set()
    faces = [obj for obj in members if obj.type == "MESH" and _mouth_names(obj)]
    carried = {seat: _carried_by(seat, faces) for seat in seats}
    of_seats = {face for group in carried.values() for face in group}
    own = [face for face in faces if face is body or (body in _skins(face) and face not in of_seats)]
    places = {seat: place for seat in seats if (place := _face_of(seat, carried[seat], body)) is not None}
    at_home = [_of_shapes(face, _at_rest(face, body)) for face in own] or _by_jaw(body)
    home = _by_head(body, body)
    if (
        not at_home and places and home is not None
    ):  # a head that is not skinned is the body's where its bone is
        at_home = [min(places.values(), key=lambda place: float((place.middle - home.middle).length))]
    apart = {seat for seat, place in places.items() if at_home and all(map(place.is_apart_from, at_home))}
    heads = _heads_elsewhere(body, home, seats)
    return (
        apart | heads.keys() | _carriers(body, members, {**heads, **{seat: places[seat] for seat in apart}})
    )


def without_riders(body: Any, members: Collection[Any]) -> list[Any]:
    """What belongs to a body, of all that hangs on it, in the same order."""
    seats = riders(body, members)
    if not seats:
        return list(members)
    left: set[Any] = set()
    for obj in members:
        part = obj
        while part is not None and part is not body and part not in seats:
            part = part.parent
        if part in seats or (seats.intersection(_skins(obj)) and body not in _skins(obj)):
            left.add(obj)
    return [obj for obj in members if obj not in left]


def _is_moved(seat: Any, body: Any) -> bool:
    """Whether what is no armature is brought to its place by constraints, keys or drivers: where it lies at one frame tells
    nothing then.
    """
    return seat.type != "ARMATURE" and any(
        any(not constraint.mute and not _is_child_of(constraint, body) for constraint in part.constraints)
        or _is_animated(part)
        for part in _between(seat, body)
    )


def _is_child_of(constraint: Any, body: Any) -> bool:
    """Whether a constraint does as parenting to a body or one of its bones would."""
    return (
        constraint.type == "CHILD_OF"
        and constraint.target == body
        and acts_wholly(constraint)
        and all(
            getattr(constraint, f"use_{kind}_{axis}")
            for kind in ("location", "rotation", "scale")
            for axis in "xyz"
        )
    )


def _is_animated(obj: Any) -> bool:
    """Whether an object has drivers, or keys that are not the add-on's."""
    own = obj.animation_data
    if own is None:
        return False
    strips = (strip.action for track in own.nla_tracks for strip in track.strips)
    actions = {action for action in (own.action, *strips) if action is not None}
    return bool(own.drivers or actions.difference(all_own_actions(obj)))


def _between(obj: Any, body: Any) -> list[Any]:
    """An object and what it hangs on, below a body."""
    chain = [obj, *_above(obj)]
    return chain[: chain.index(body)] if body in chain else chain


def _heads_elsewhere(body: Any, home: _Place | None, seats: Iterable[Any]) -> dict[Any, _Place]:
    """Armatures with a head bone of their own, away from the body's → where that is."""
    if home is None:
        return {}
    heads = {seat: _by_head(seat, body) for seat in seats if seat.type == "ARMATURE"}
    return {seat: head for seat, head in heads.items() if head is not None and head.is_apart_from(home)}


def _carriers(body: Any, members: Collection[Any], apart: Mapping[Any, _Place]) -> set[Any]:
    """Empties on a body that carry one other character, and nothing of the body's face.

    Args:
        body, members: as for `riders`.
        apart: who is somebody else → where their face is.
    """
    carried: dict[Any, list[_Place]] = {}
    for seat, place in apart.items():
        above = _between(seat, body)[1:]
        if apart.keys().isdisjoint(above):  # a rider's parrot is no second rider
            for part in above:
                if part.type == "EMPTY":
                    carried.setdefault(part, []).append(place)
    if not carried:
        return set()
    for obj in members:
        if body in _skins(obj) or _mouth_names(obj):
            chain = _between(obj, body)
            if apart.keys().isdisjoint(chain):
                for part in chain:
                    carried.pop(part, None)
    return {
        empty
        for empty, places in carried.items()
        if not any(place.is_apart_from(places[0]) for place in places)
    }


def _carried_by(seat: Any, faces: Iterable[Any]) -> list[Any]:
    """The faces that are a seat's: itself, what its armature deforms, what hangs below it."""
    return [face for face in faces if face is seat or seat in _skins(face) or seat in _above(face)]


def _above(obj: Any) -> list[Any]:
    chain = []
    while obj.parent is not None:
        obj = obj.parent
        chain.append(obj)
    return chain


def _skins(obj: Any) -> list[Any]:
    """The armatures that deform an object."""
    return [mod.object for mod in obj.modifiers if mod.type == "ARMATURE" and mod.object is not None]


# -- where faces are -----------------------------------------------------------------------------------


def _face_of(seat: Any, faces: list[Any], body: Any) -> _Place | None:
    """Where a seat's face is; None where it has none that shapes move, or the body's armature moves it as well."""
    if seat.type == "ARMATURE" and any(body in _skins(face) for face in faces):
        return None  # an armature for the body's own face
    if seat.type == "EMPTY":
        face = _most_known(_instanced(seat))
        shown = Matrix.Translation(-seat.instance_collection.instance_offset) @ face.matrix_world
        return _of_shapes(face, _at_rest(seat, body) @ shown)
    own = [seat] if seat in faces else faces
    face = _most_known(own) if own else None
    return _of_shapes(face, _at_rest(face, body)) if face is not None else None


def _most_known(faces: list[Any]) -> Any:
    """Of several faces the one with most known names."""
    return max(faces, key=lambda face: len(_mouth_names(face)))


def _instanced(empty: Any) -> list[Any]:
    """The faces in the collection that an empty shows."""
    return (
        [obj for obj in empty.instance_collection.all_objects if _mouth_names(obj)] if _shows(empty) else []
    )


def _shows(empty: Any) -> bool:
    """Whether an empty shows a collection."""
    return bool(empty.instance_type == "COLLECTION" and empty.instance_collection is not None)


def _of_shapes(face: Any, matrix: Matrix) -> _Place:
    """Where the shapes of a face move it, in the space that a matrix takes its own to."""
    middle, radius = shape_reach.place(face, _mouth_names(face))
    size = max(abs(matrix.to_scale()[axis]) for axis in range(3))
    return _Place(matrix @ Vector(middle), max(radius, _SMALLEST * _extent(face)) * size)


def _extent(obj: Any) -> float:
    """The diagonal of an object's box in its own space."""
    corners = [Vector(corner) for corner in obj.bound_box]
    return float((corners[6] - corners[0]).length)


def _by_jaw(body: Any) -> list[_Place]:
    """Where a face is that an armature's bones move."""
    if body.type != "ARMATURE" or body.data is None:
        return []
    bones = face_bones_of(body.name, tuple(bone.name for bone in body.data.bones), frozenset())
    jaws = bones.bones("jaw") if bones.talks else []
    return [_of_bone(body.data.bones[jaw], Matrix()) for jaw in jaws[:1] if jaw in body.data.bones]


def _by_head(armature: Any, body: Any) -> _Place | None:
    """Where an armature's head bone is; None where it has none."""
    names = _head_bones(armature) if armature.type == "ARMATURE" else ()
    return _of_bone(armature.data.bones[names[0]], _at_rest(armature, body)) if names else None


def _of_bone(bone: Any, matrix: Matrix) -> _Place:
    head, tail = matrix @ bone.head_local, matrix @ bone.tail_local
    return _Place((head + tail) / 2, float((tail - head).length))


def _at_rest(obj: Any, body: Any) -> Matrix:
    """What takes an object's own space to the body's, the body's bones being in their rest pose."""
    chain = _between(obj, body)
    matrix = Matrix()
    if obj is not body and chain[-1].parent is None:  # deformed by it, hung on something else
        matrix = body.matrix_world.inverted_safe() @ chain.pop().matrix_world
    for part in reversed(chain):
        matrix = matrix @ _seat(part, part.parent) @ part.matrix_parent_inverse @ part.matrix_basis
        for constraint in part.constraints:
            if _is_child_of(constraint, body):
                matrix = _of_target(constraint) @ constraint.inverse_matrix @ body.matrix_world @ matrix
    return matrix


def _of_target(constraint: Any) -> Matrix:
    """Where the bone of a Child Of is at rest, in its armature."""
    armature = constraint.target.data if constraint.target.type == "ARMATURE" else None
    bone = armature.bones.get(constraint.subtarget) if armature is not None else None
    return bone.matrix_local if bone is not None else Matrix()


def _seat(part: Any, parent: Any) -> Matrix:
    """Where what hangs on a bone hangs, in the bone's armature."""
    bone = parent.data.bones.get(part.parent_bone) if part.parent_type == "BONE" and parent.data else None
    if bone is None:
        return Matrix()
    return bone.matrix_local @ Matrix.Translation((0.0, bone.length, 0.0))


# -- names ---------------------------------------------------------------------------------------------


def _mouth_names(obj: Any) -> tuple[str, ...]:
    """Names of a mesh's shape keys that are known, where some of them move a mouth; () for any other object."""
    key = obj.data.shape_keys if obj.type == "MESH" and obj.data is not None else None
    if key is None or len(key.key_blocks) < 2 or not len(obj.data.vertices):
        return ()
    names = tuple(key.key_blocks.keys()[1:])
    known = _known_of_a_mouth(names)
    if not known:
        return ()
    reached = shape_reach.reaches(obj, known)
    moving = tuple(name for name in known if reached[name] > 0)
    return moving if _known_of_a_mouth(moving) else ()


@lru_cache(maxsize=256)
def _known_of_a_mouth(names: tuple[str, ...]) -> tuple[str, ...]:
    known = recognition.known_names(names)
    return known if known and recognition.recognise([MeshNames("", known)]).mouth else ()


@lru_cache(maxsize=64)
def face_bones_of(armature: str, names: tuple[str, ...], hidden: frozenset[str]) -> FaceBones:
    """`rigs.face_bones.recognition.recognise_names`, kept."""
    return recognise_names(armature, names, hidden)


def _head_bones(armature: Any) -> tuple[str, ...]:
    return _names_head(tuple(armature.data.bones.keys())) if armature.data is not None else ()


@lru_cache(maxsize=64)
def _names_head(bones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(match_bones(bones, head_bones.HEAD, head_bones.PREFIXES))
