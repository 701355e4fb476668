# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 landmarks as points in the scene, for constraints, hooks, drivers and geometry nodes: one mesh, or 68 empties.

An anchor lies in the middle between the outer eye corners, turned as the face looks and scaled to the distance of these
corners; the points below it are in the landmarks' own coordinates (docs/architecture.md). On a character the anchor follows
the head bone, or the character itself. Points that stand alone are a character of their own: their anchor is the user's to
place, and the head's motion lies below it. What moves them is `targets.landmark_points`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Matrix

from ...characters.character import ALONE, ROLE, Character
from ...characters.face_axes import LOOKING_FORWARD, measure_mesh
from ...characters.rotations import pure_rotation
from ...contract import LANDMARK_COUNT, LANDMARK_GROUPS
from ...errors import TalkingAnimationError
from ...faces import landmarks
from ...faces.guide import GUIDE_LINES
from ...faces.landmark_search.frame import frame_of_landmarks
from ...host.blender_versions import scenes
from ...host.kept_values import whole
from ..face_rig.frame import find_frame
from ..face_rig.probe import in_armature

BOUND, HEAD, MESH, POINT = "bound", "head", "mesh", "point"  # roles of objects, with `character.ALONE`
KINDS: Final = {
    "MESH": ("Mesh", "One mesh of 68 vertices, with vertex groups and the attribute 'landmark'"),
    "EMPTIES": ("Empties", "68 empties named Landmark 00 to Landmark 67"),
}
_ALONE_UNIT = 0.09  # metres: an adult's outer eye-corner distance
_LANDMARK: Final = "landmark"
"""Custom property of a point, and attribute of the mesh: the landmark's number."""
_EMPTY_SIZE = 0.02  # outer eye-corner distances


def group_of(point: int) -> str:
    """The name of the group that a landmark belongs to."""
    return next(name for name, (first, end) in LANDMARK_GROUPS.items() if first <= point < end)


# -- found ---------------------------------------------------------------------------------------------


def anchors(character: Character) -> list[Any]:
    """The anchors of a character's points; of points that stand alone their own root."""
    if character.stands_alone:
        return [character.root]
    return [part for part in character.objects if part.get(ROLE) == BOUND]


def parts(anchor: Any, role: str) -> list[Any]:
    """The objects below an anchor that have a role; points in order, without those that no longer know which they are."""
    below = [part for part in anchor.children_recursive if part.get(ROLE) == role]
    if role != POINT:
        return below
    return sorted((part for part in below if landmark_of(part) is not None), key=landmark_of)


def landmark_of(point: Any) -> Any:
    """Which landmark a point is, from 0; None where that is damaged."""
    return whole(point.get(_LANDMARK), 0, LANDMARK_COUNT - 1)


def objects_of(character: Character) -> list[Any]:
    """All objects of a character's points, anchors first."""
    tops = anchors(character)
    return tops + [part for top in tops for part in top.children_recursive if part.get(ROLE) is not None]


def datablocks(character: Character) -> list[Any]:
    """Everything of a character's points that may carry actions of ours."""
    carriers = []
    for part in objects_of(character):
        carriers += [part, part.data] if part.type == "MESH" else [part]
    return carriers


# -- made ----------------------------------------------------------------------------------------------


def make(character: Character | None, kind: str, scene: Any) -> Any:
    """Make points, at rest; returns their anchor.

    Args:
        character: whose; None for points that stand alone, at the scene's 3D cursor, looking along -Y.
        kind: one of `KINDS`.
        scene: where they are made.

    Raises:
        TalkingAnimationError: an unknown kind; a linked character; a character whose face cannot be measured.
    """
    if kind not in KINDS:
        raise TalkingAnimationError(f"Landmark points are {' or '.join(KINDS)}, not '{kind}'.")
    if character is not None and character.root.library is not None:
        raise TalkingAnimationError(
            f"'{character.root.name}' is linked from another file: make a library override of it first "
            "(Object > Library Override > Make)."
        )
    if character is not None:
        scenes.place(character.root)
    place = None if character is None else _measure(character)
    name = "Landmarks" if character is None else f"{character.root.name} landmarks"
    anchor = _empty(name, scene, BOUND if character is not None else ALONE, "CUBE", 0.1)
    if character is None:
        turned = np.eye(4)
        turned[:3, :3] = LOOKING_FORWARD * _ALONE_UNIT
        turned[:3, 3] = scene.cursor.location
        anchor.matrix_basis = Matrix(turned.tolist())
    else:
        assert place is not None
        _follow(anchor, character, place)
    neutral = landmarks.template()[0]
    if kind == "MESH":
        points = _mesh(f"{name} mesh", neutral, scene)
        points.parent = anchor
    else:
        top = anchor
        if character is None:  # the mesh carries the head's motion itself
            top = _empty("Landmarks head", scene, HEAD, "CIRCLE", 0.05)
            top.parent = anchor
        for number, where in enumerate(neutral):
            point = _empty(f"Landmark {number:02d}", scene, POINT, "PLAIN_AXES", _EMPTY_SIZE)
            point[_LANDMARK], point["group"] = number, group_of(number)
            point.location = [float(value) for value in where]
            point.parent = top
    scenes.place(anchor)
    return anchor


def remove(character: Character) -> bool:
    """Delete a character's points; returns whether there were any. Points that stand alone go with their root."""
    points = objects_of(character)
    meshes = {part.data for part in points if part.type == "MESH"}
    for part in points:
        for child in part.children:
            if child.get(ROLE) is None:  # the user's own stays where it is
                where = child.matrix_world.copy()
                child.parent = None
                child.matrix_world = where
    for part in reversed(points):
        bpy.data.objects.remove(part)
    for mesh in meshes:
        if not mesh.users:
            bpy.data.meshes.remove(mesh)
    return bool(points)


def _empty(name: str, scene: Any, role: str, look: str, size: float) -> Any:
    empty = bpy.data.objects.new(name, None)
    empty.empty_display_type, empty.empty_display_size = look, size
    empty[ROLE] = role
    scene.collection.objects.link(empty)
    return empty


def _mesh(name: str, points: np.ndarray, scene: Any) -> Any:
    edges = [pair for line in GUIDE_LINES for pair in zip(line, line[1:])]
    data = bpy.data.meshes.new(name)
    data.from_pydata([tuple(map(float, point)) for point in points], edges, [])
    numbers = data.attributes.new(name=_LANDMARK, type="INT", domain="POINT")
    numbers.data.foreach_set("value", np.arange(LANDMARK_COUNT, dtype=np.int32))
    mesh_object = bpy.data.objects.new(name, data)
    mesh_object[ROLE] = MESH
    scene.collection.objects.link(mesh_object)
    for title, (first, end) in LANDMARK_GROUPS.items():
        mesh_object.vertex_groups.new(name=title).add(list(range(first, end)), 1.0, "REPLACE")
    for number in range(LANDMARK_COUNT):  # what a constraint needs to follow one point
        mesh_object.vertex_groups.new(name=f"Landmark {number:02d}").add([number], 1.0, "REPLACE")
    return mesh_object


# -- placed --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """A face in the space of what carries it: the armature at rest, else the character's root.

    Attributes:
        axes: (3, 3), columns: to the picture's right, up, to the viewer.
        origin: (3,) middle between the outer eye corners.
        unit: outer eye-corner distance.
    """

    axes: np.ndarray
    origin: np.ndarray
    unit: float

    def matrix(self) -> Matrix:
        """From landmarks to that space."""
        whole = np.eye(4)
        whole[:3, :3] = self.axes * self.unit
        whole[:3, 3] = self.origin
        return Matrix(whole.tolist())


def _measure(character: Character) -> _Place:
    """Where a character's face is: from its landmarks where they are known, else from what its shapes or bones tell."""
    for mesh in character.meshes:
        mesh_object = mesh.object
        known = landmarks.load(mesh_object)
        if known is not None:
            place = np.array(_to_carrier(character, mesh_object), np.float64)
            rest = known.of(landmarks.rest_coordinates(mesh_object)) @ place[:3, :3].T + place[:3, 3]
            seen = frame_of_landmarks(rest, landmarks.template()[0])
            return _Place(seen.axes, seen.origin, seen.unit)
    if character.meshes:
        mesh = character.meshes[0]
        mesh_object = mesh.object
        to_carrier = _to_carrier(character, mesh_object)
        place = np.array(to_carrier, np.float64)
        face = measure_mesh(mesh)
        eyes = face.eyes
        if eyes is None:  # an average face's eyes lie a little above the middle of the head, in front
            eyes = face.centre + face.axes @ np.array([0.0, 0.05 * face.height, 0.4 * face.height])
        unit = face.unit * float(np.mean(np.abs(to_carrier.to_scale())))
        return _Place(pure_rotation(to_carrier) @ face.axes, place[:3, :3] @ eyes + place[:3, 3], unit)
    bones = character.face_bones
    frame = find_frame(character, bones) if character.armature is not None else None
    if frame is None:
        raise TalkingAnimationError(
            f"Where the face of '{character.root.name}' is cannot be told: pick another object of the character, or add "
            "points that stand alone and place them yourself."
        )
    return _Place(frame.axes, frame.origin, frame.unit)


def _to_carrier(character: Character, mesh_object: Any) -> Matrix:
    """From a mesh object's space to that of what carries the face."""
    if character.armature is not None:
        return in_armature(mesh_object, character.armature)
    return character.root.matrix_world.inverted_safe() @ mesh_object.matrix_world


def _follow(anchor: Any, character: Character, place: _Place) -> None:
    """Let an anchor follow the head bone, else the character, from where the face is at rest."""
    anchor.parent = character.root
    if character.armature is None or not character.head:
        anchor.matrix_basis = place.matrix()
        return
    bone = character.armature.data.bones[character.head]
    anchor.parent_type, anchor.parent_bone = "BONE", bone.name
    # Children of a bone hang on its tail.
    carrier = bone.matrix_local @ Matrix.Translation((0.0, bone.length, 0.0))
    anchor.matrix_basis = carrier.inverted_safe() @ place.matrix()
