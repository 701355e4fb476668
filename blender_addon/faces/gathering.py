# SPDX-License-Identifier: GPL-3.0-or-later
"""A character's meshes as one surface in the world, and which of it is the head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import bpy
import numpy as np

from ..characters.character import Character
from ..characters.related import related_objects
from ..characters.shape_offsets import ShapeOffsets
from ..errors import TalkingAnimationError
from ..host.blender_versions import scenes
from . import placement
from .geometry.surface import Surface, from_polygons, joined, sewn
from .landmark_search.points import Landmarks
from .steps import Pause, Progress, Steps, Work, run

GUIDE = "talking_animation_guide_of"
"""ID property of the guide that landmarks are edited with: the name of the object that carries them."""

_STILL = 1e-5  # of a shape key's value
_Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

_LEAST_HEAD = 60  # vertices; fewer are no head
_OF_THE_HEAD = 0.4  # share of a vertex's weight that makes it the head's


@dataclass(frozen=True)
class Gathered:
    """A character's meshes as one surface in world space.

    Attributes:
        objects: the mesh objects, in order.
        starts: (len + 1,) first vertex of each in the surface.
        surface: all of them, shape keys off, modifiers off; posed by their armatures where that was asked for.
        places: how each lies in the world.
    """

    objects: list[Any]
    starts: np.ndarray
    surface: Surface
    places: list[placement.Placement]

    def part(self, mesh_object: Any) -> slice:
        """The vertices of one object."""
        index = self.objects.index(mesh_object)
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    def place(self, mesh_object: Any) -> placement.Placement:
        """How one object lies in the world."""
        return self.places[self.objects.index(mesh_object)]

    def local(self, landmarks: Landmarks) -> tuple[Any, Landmarks]:
        """The object that most landmarks lie on, and the landmarks in its own vertex numbers."""
        which = np.searchsorted(self.starts, landmarks.vertices[:, 0], side="right") - 1
        index = int(np.bincount(which).argmax())
        if (which != index).any():
            raise TalkingAnimationError(
                f"The face of '{self.objects[index].name}' is made of several objects: join them first (Ctrl J)."
            )
        return self.objects[index], replace(landmarks, vertices=landmarks.vertices - self.starts[index])

    def whole(self, mesh_object: Any, landmarks: Landmarks) -> Landmarks:
        """Landmarks of an object in the surface's vertex numbers."""
        return replace(landmarks, vertices=landmarks.vertices + self.part(mesh_object).start)

    def of(self, objects: list[Any]) -> Gathered:
        """Some of the objects alone."""
        keep = np.zeros(len(self.surface), bool)
        for other in objects:
            keep[self.part(other)] = True
        chosen = [other for other in self.objects if other in objects]
        parts = [self.part(other) for other in chosen]
        starts = np.cumsum([0, *[part.stop - part.start for part in parts]])
        return Gathered(
            chosen, starts, self.surface.submesh(keep)[0], [self.place(other) for other in chosen]
        )

    def check_unchanged(self) -> None:
        """Raise TalkingAnimationError where a mesh was edited since: what was found holds no longer."""
        for other in self.objects:
            part = self.part(other)
            if len(other.data.vertices) != part.stop - part.start:
                raise TalkingAnimationError(f"The mesh of '{other.name}' was changed meanwhile: try again.")


def coordinates(block: Any, count: int) -> np.ndarray:
    """(N, 3) positions of a mesh's vertices or of a shape key's points, in the object's own space."""
    flat = np.empty(3 * count, np.float32)
    block.foreach_get("co", flat)
    return flat.reshape(-1, 3).astype(np.float64)


def rest_coordinates(mesh_object: Any) -> np.ndarray:
    """(N, 3) vertices of a mesh object as they are without shape keys, in its own space."""
    mesh = mesh_object.data
    keys = mesh.shape_keys
    source = keys.reference_key.data if keys is not None else mesh.vertices
    return coordinates(source, len(mesh.vertices))


def shown_coordinates(mesh_object: Any) -> np.ndarray:
    """(N, 3) vertices of a mesh object as its shape keys now show them, in its own space."""
    keys = mesh_object.data.shape_keys
    rest = rest_coordinates(mesh_object)
    if keys is None or not keys.use_relative:
        return rest
    if mesh_object.show_only_shape_key:
        return coordinates(mesh_object.active_shape_key.data, len(rest))
    shown = [
        (block.name, block.value)
        for block in keys.key_blocks
        if not block.mute and abs(block.value) >= _STILL and block != keys.reference_key
    ]
    return rest + ShapeOffsets(mesh_object).driven(shown)


def surface_of(mesh_object: Any, place: placement.Placement | None = None, as_shown: bool = False) -> Surface:
    """One mesh object in world space, at rest or where a placement puts it; `as_shown` with what its shape keys show now."""
    arrays = _arrays_of(mesh_object)
    if as_shown:
        arrays = (shown_coordinates(mesh_object), *arrays[1:])
    return _surface_of(arrays, place or placement.at_rest(mesh_object))


def _arrays_of(mesh_object: Any) -> _Arrays:
    """Vertices, corners, and first corners and numbers of corners of the polygons, as Blender holds them."""
    mesh = mesh_object.data
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    starts, totals = np.empty(len(mesh.polygons), np.int32), np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    mesh.polygons.foreach_get("loop_total", totals)
    return rest_coordinates(mesh_object), corners, starts, totals


def _surface_of(arrays: _Arrays, place: placement.Placement) -> Surface:
    vertices, *polygons = arrays
    corners, starts, totals = (held.astype(np.int64) for held in polygons)
    return from_polygons(place.outside(vertices), corners, starts, totals)


def gather(obj: Any, as_posed: bool = False) -> Gathered:
    """The meshes of the character that an object belongs to, waited for; see `collecting`."""
    return run(collecting(obj, as_posed))


def collecting(obj: Any, as_posed: bool = False) -> Steps[Gathered]:
    """The meshes of the character that an object belongs to, step by step.

    Args:
        obj: any object of the character.
        as_posed: where its armatures pose them, else where they rest.

    Raises:
        TalkingAnimationError: where there is no mesh with faces.
    """
    scenes.place(obj)
    leave_edit_mode(obj)
    objects = _shown(
        [
            other
            for other in related_objects(obj)
            if other.type == "MESH" and len(other.data.polygons) and GUIDE not in other
        ]
    )
    if not objects:
        raise TalkingAnimationError(f"'{obj.name}' has no mesh with faces: pick the character's head mesh.")
    arrays, places = [], []
    for other in objects:
        places.append(placement.posed(other) if as_posed else placement.at_rest(other))
        arrays.append(_arrays_of(other))
        yield Pause(0.0, "Reading the meshes")

    def build(_: Progress) -> Gathered:
        surfaces = [sewn(_surface_of(held, place)) for held, place in zip(arrays, places)]
        starts = np.cumsum([0, *[len(surface) for surface in surfaces]])
        whole = joined(surfaces)
        whole.parts  # noqa: B018 (worked out here, where it may take a while)
        return Gathered(objects, starts, whole, places)

    return (yield Work("Reading the meshes", build, (0.0, 0.05)))


def _shown(objects: list[Any]) -> list[Any]:
    """Without cages and the like: what only deforms others, is drawn as wires or hidden, where something else is not."""
    data: Any = bpy.data
    deforming = cages(data.objects)
    chosen = objects
    for shown in (
        lambda other: other not in deforming,
        lambda other: other.display_type not in {"WIRE", "BOUNDS"},
        lambda other: other.visible_get(),
        _is_rendered,
    ):
        chosen = [other for other in chosen if shown(other)] or chosen
    return chosen


def cages(objects: Iterable[Any]) -> set[Any]:
    """The meshes that deform some of these objects as their cages, and are not to be seen themselves."""
    return {
        modifier.object
        for other in objects
        for modifier in other.modifiers
        if modifier.type == "MESH_DEFORM" and modifier.object is not None
    }


def _is_rendered(other: Any) -> bool:
    collections = other.users_collection
    return not other.hide_render and (not collections or any(not owner.hide_render for owner in collections))


def is_posed(gathered: Gathered) -> bool:
    """Whether armatures put some of the meshes elsewhere than where they rest."""
    return any(placement.is_posed(other) for other in gathered.objects)


def head_of(character: Character, gathered: Gathered) -> np.ndarray | None:
    """Which vertices the head bone moves, waited for; see `seeking_head`."""
    return run(seeking_head(character, gathered))


def seeking_head(character: Character, gathered: Gathered) -> Steps[np.ndarray | None]:
    """(N,) which vertices the head bone and those below it move; None where no bone tells."""
    rig = character.armature
    if rig is None or not character.head or character.head not in rig.data.bones:
        return None
    bone = rig.data.bones[character.head]
    names = {bone.name, *(below.name for below in bone.children_recursive)}
    head = np.zeros(len(gathered.surface), bool)
    for other in gathered.objects:
        share = placement.share_of_bones(other, rig, names)
        if share is not None:
            head[gathered.part(other)] = share > _OF_THE_HEAD
        yield Pause(0.05, "Looking for the head")
    return head if head.sum() >= _LEAST_HEAD else None


def upright_turns(gathered: Gathered, character: Character) -> list[np.ndarray]:
    """(3, 3) turns that may set a character upright and square: as it stands, and as its own axes do, z or y upwards."""
    turns = [np.eye(3)]
    own = np.array(character.root.matrix_world, np.float64)[:3, :3]
    largest = max(gathered.objects, key=lambda other: len(other.data.vertices))
    for axes in (own, np.array(largest.matrix_world, np.float64)[:3, :3]):
        length = np.linalg.norm(axes, axis=0)
        if length.min() < 1e-12:
            continue
        straight = (axes / length).T
        for upward in (np.eye(3), np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])):
            turn = upward @ straight
            if not any(_same_views(turn, other) for other in turns):
                turns.append(turn)
    return turns


def _same_views(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two turns show the same four sides of a thing, the same way up."""
    between = one @ other.T
    return bool(between[2, 2] > 0.98 and np.abs(between[:2, :2]).max() > 0.98)


def leave_edit_mode(obj: Any) -> None:
    """Write what Edit Mode holds back into the mesh."""
    if obj.mode == "EDIT" and hasattr(obj, "update_from_editmode"):
        obj.update_from_editmode()
