# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a character's objects from showing that they are animated: hidden, in Edit Mode, at rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy
import numpy as np

from ..characters import sharing
from ..characters.character import Character
from ..characters.free_place import box_of, boxes_of
from ..characters.related import cache_of, key_of, related_objects
from ..characters.replaced_meshes import replacing_modifier
from ..errors import TalkingAnimationError
from ..faces.gathering import cages
from ..host.blender_versions import animation_data
from ..keys import actions
from ..rigs.face_shapes.recognition import known_names
from ..targets import lip_seam
from .problem import Problem, problem_of

_NAMED = 2  # how many of those who share a mesh are named
_NO_SIZE = 1e-9
_INSIDE = 0.9  # of a part's extent along each axis that lies within what it is a part of
_COPIED = re.compile(r"\.\d{3,}$")  # what Blender adds to a copy's name
_SAME = 0.01  # of a face's diagonal: how far the boxes of copies differ
_PART = 0.75  # of its diagonal: what is larger is another face in the same place, such as a copy


def of_objects(character: Character, scene: Any) -> Iterator[Problem]:
    """What hides a character's meshes, then what keeps them from following its bones."""
    for mesh in character.meshes:
        yield from _of_mesh(mesh.object, scene)
    yield from _of_drawn(character, scene)
    yield from _of_renders(character, scene)
    yield from _of_shared_meshes(character)
    yield from _of_several_faces(character)
    yield from _of_copies(character, scene)
    yield from _of_parts_left_out(character, scene)
    armature = character.armature
    if armature is None or not (character.head or character.eyes or character.face_bones):
        return
    if armature.data.pose_position == "REST":
        linked = armature.data.library is not None
        yield problem_of("REST_POSITION/LINKED" if linked else "REST_POSITION", armature.name, armature.data)
    with_shapes = [mesh.object for mesh in character.meshes]
    for obj in with_shapes or [other for other in character.objects if other.visible_get()]:
        for modifier in obj.modifiers:
            if modifier.type == "ARMATURE" and modifier.object == armature and not modifier.show_viewport:
                yield problem_of("MODIFIER_OFF", obj.name, modifier, modifier=modifier.name)


def _of_mesh(mesh_object: Any, scene: Any) -> Iterator[Problem]:
    name = mesh_object.name
    cache = cache_of(mesh_object)
    if cache is not None:
        yield problem_of("MESH_CACHE", name, cache, modifier=cache.name)
    replacing = replacing_modifier(mesh_object)
    if replacing is not None:
        yield problem_of(
            "MESH_REPLACED", name, repair=partial(_switch_off, replacing), modifier=replacing.name
        )
    if mesh_object.mode == "EDIT":
        yield problem_of("EDIT_MODE", name, repair=partial(_leave_edit_mode, mesh_object))
    if _has_no_size(mesh_object):
        yield problem_of("NO_SIZE", name)
    hidden = _hidden(mesh_object, scene)
    if hidden is not None:
        yield hidden


def _switch_off(modifier: Any) -> None:
    modifier.show_viewport = modifier.show_render = False


def _of_drawn(character: Character, scene: Any) -> Iterator[Problem]:
    """Where nothing is to be seen of a character that talks without shape keys: a drawing, its parts, a skin on bones."""
    shown = [obj for obj in _moved_otherwise(character) if not _is_switched(obj, "hide_viewport")]
    if not shown:
        return
    if all(map(_has_no_size, shown)):
        yield problem_of("NO_SIZE", shown[0].name)
    hidden = [_hidden(obj, scene) for obj in shown]
    if hidden[0] is not None and all(hidden):
        yield hidden[0]


def _moved_otherwise(character: Character) -> list[Any]:
    """The objects that show the talking animation of a character without face shapes."""
    if character.meshes:
        return []
    return [
        obj
        for obj in character.objects
        if obj.type not in {"EMPTY", "ARMATURE"} and _is_moved(obj, character)
    ]


def _is_moved(obj: Any, character: Character) -> bool:
    if any(actions.own_actions(datablock) for datablock in (obj, obj.data) if datablock is not None):
        return True
    armature = character.armature
    return armature is not None and any(
        modifier.type == "ARMATURE" and modifier.object == armature for modifier in obj.modifiers
    )


def _is_switched(obj: Any, name: str) -> bool:
    """Whether an object is hidden now and then by its talking animation, as drawings are of which one is shown at a time."""
    own = animation_data.own_curves(actions.own_actions(obj), obj)
    return bool(getattr(obj, name)) and (name, 0) in own


def _has_no_size(obj: Any) -> bool:
    return max(abs(value) for row in obj.matrix_world.to_3x3() for value in row) < _NO_SIZE


def _hidden(obj: Any, scene: Any) -> Problem | None:
    """Why an object is not to be seen in the viewport; None where it is."""
    name = obj.name
    # Linked objects may have the same name as local ones.
    if scene.objects.get(name) != obj and obj not in scene.objects[:]:
        return problem_of("NOT_IN_SCENE", name)
    if obj.hide_viewport or obj.hide_get():
        return problem_of("HIDDEN/OBJECT", name, repair=partial(_show, obj))
    return None if obj.visible_get() else problem_of("HIDDEN/COLLECTION", name)


def _of_renders(character: Character, scene: Any) -> Iterator[Problem]:
    """Where nothing of a face comes into a render; of several meshes one may well be kept out of it, such as a proxy."""
    faces = [mesh.object for mesh in character.meshes] or [
        obj for obj in _moved_otherwise(character) if not _is_switched(obj, "hide_render")
    ]
    here = set(scene.objects)
    faces = [obj for obj in faces if obj in here]
    if not faces:
        return
    shown = _rendered(scene.collection)
    rendered = {obj for obj in here & shown if not obj.hide_render}
    if not rendered.isdisjoint(faces) or not cages(rendered).isdisjoint(faces):  # or what a face deforms
        return
    first = faces[0]
    if first in shown:
        yield problem_of(
            "NOT_RENDERED/OBJECT", first.name, repair=partial(setattr, first, "hide_render", False)
        )
    else:
        yield problem_of("NOT_RENDERED/COLLECTION", first.name)


def _rendered(collection: Any) -> set[Any]:
    """The objects of a collection and those below it that are not kept out of renders as a whole."""
    shown = set(collection.objects)
    for below in collection.children:
        if not below.hide_render:
            shown |= _rendered(below)
    return shown


def _of_shared_meshes(character: Character) -> Iterator[Problem]:
    names = {mesh.key: mesh.object.data.name for mesh in character.meshes}
    told: set[str] = set()
    for key, roots in sharing.sharers(character).items():
        others = _listed(list(roots))
        if others not in told:  # once for the same characters, however many meshes they share
            told.add(others)
            words = {"others": others, "mesh": names[key], "remedy": sharing.REMEDY}
            yield problem_of("SHARED_MESH", character.root.name, **words)


def _of_several_faces(character: Character) -> Iterator[Problem]:
    """Faces beside each other that hang on one thing; teeth and beards lie where their face is."""
    if len(character.meshes) < 2:
        return
    faces = [mesh.object for mesh in character.meshes if lip_seam.find_on(mesh) is not None]
    if not faces:
        return
    boxes = {obj: box_of([obj]) for obj in faces}
    beside = [obj for obj in faces[1:] if _is_beside(boxes[obj], boxes[faces[0]])]
    if beside:
        words = {
            "others": _listed(beside),
            "whole": character.root.name,
            "remedy": "give each an armature of its own"
            if character.armature
            else "parent them to nothing they share",
        }
        yield problem_of("SEVERAL_FACES", faces[0].name, **words)


def _is_beside(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two boxes share no space."""
    return bool((np.minimum(one[1], other[1]) < np.maximum(one[0], other[0])).any())


def _listed(objects: list[Any]) -> str:
    names = ", ".join(f"'{obj.name}'" for obj in objects[:_NAMED])
    return names + (f" and {len(objects) - _NAMED} more" if len(objects) > _NAMED else "")


def _of_copies(character: Character, scene: Any) -> Iterator[Problem]:
    """A copy of a face, by its name too, that was left where it was made."""
    members = set(character.objects)
    faces = [mesh.object for mesh in character.meshes if mesh.object.visible_get()]
    named: dict[str, list[Any]] = {_COPIED.sub("", face.name): [] for face in faces}
    begins = tuple(named)
    for other in scene.objects:  # once for all faces: a scene may hold thousands
        name = other.name
        alike = named.get(_COPIED.sub("", name)) if name.startswith(begins) else None
        if alike is not None and other.type == "MESH" and other not in members:
            alike.append(other)
    for face in faces:
        count = len(face.data.vertices)
        for other in named[_COPIED.sub("", face.name)]:  # else somebody else, or what a face deforms
            if len(other.data.vertices) != count or not count:
                continue
            if (
                other.data == face.data
                or not other.visible_get()
                or actions.own_actions(key_of(other) or other)
            ):
                continue
            own, copy = box_of([face]), box_of([other])
            if float(np.abs(own - copy).max()) < _SAME * float(np.linalg.norm(own[1] - own[0])):
                yield problem_of("COVERED", face.name, other=other.name)
                break


def _of_parts_left_out(character: Character, scene: Any) -> Iterator[Problem]:
    """Teeth within a head, or a head around teeth, that hang on nothing of the character's."""
    members = set(character.objects)
    faces = [mesh.object for mesh in character.meshes if mesh.object.visible_get()]
    if not faces:
        return
    others = [
        obj for obj in scene.objects if key_of(obj) is not None and obj not in members and obj.visible_get()
    ]
    boxes, of_others = boxes_of(faces), boxes_of(others)
    touching = (
        np.minimum(of_others[:, None, 1], boxes[:, 1]) >= np.maximum(of_others[:, None, 0], boxes[:, 0])
    ).all(axis=2)
    for number in touching.any(axis=1).nonzero()[0]:  # few, of thousands perhaps
        other = others[number]
        if actions.own_actions(key_of(other)) or not known_names(tuple(key_of(other).key_blocks.keys())):
            continue
        for face, box in zip(faces, boxes):
            (inner, part), (outer, whole) = sorted(
                [(box, face), (of_others[number], other)],
                key=lambda one: float(np.linalg.norm(np.ptp(one[0], axis=0))),
            )
            if _is_within(inner, outer) and not _has_own_rig(other, members):
                words = {"beside": face.name, "remedy": _joining(part, whole)}
                yield problem_of("LEFT_OUT", other.name, **words)
                break


def _has_own_rig(obj: Any, members: set[Any]) -> bool:
    """Whether an object hangs on an armature that is none of a character's: it is somebody else, however close."""
    return any(relative.type == "ARMATURE" and relative not in members for relative in related_objects(obj))


def _is_within(part: np.ndarray, whole: np.ndarray) -> bool:
    """Whether a box is a small part of another one's space."""
    sizes = part[1] - part[0]
    shared = np.minimum(part[1], whole[1]) - np.maximum(part[0], whole[0])
    small = np.linalg.norm(sizes) < _PART * np.linalg.norm(whole[1] - whole[0])
    return bool(small and (shared >= _INSIDE * sizes).all() and (shared >= 0).all())


def _joining(part: Any, whole: Any) -> str:
    """What lets two objects talk together."""
    above = [whole]
    while above[-1].parent is not None:
        above.append(above[-1].parent)
    common = part
    while common is not None and common not in above:
        common = common.parent
    if common is not None:
        return f"pick '{common.name}', to which both belong, and generate again"
    return f"parent '{part.name}' to '{whole.name}', pick '{whole.name}' and generate again"


def _show(mesh_object: Any) -> None:
    mesh_object.hide_viewport = False
    mesh_object.hide_set(False)


def _leave_edit_mode(mesh_object: Any) -> None:
    layer = bpy.context.view_layer
    before = layer.objects.active
    layer.objects.active = mesh_object
    if bpy.ops.object.mode_set.poll():
        bpy.ops.object.mode_set(mode="OBJECT")
    layer.objects.active = before
    if mesh_object.mode == "EDIT":
        raise TalkingAnimationError(f"Press Tab in the 3D View to leave Edit Mode of '{mesh_object.name}'.")
