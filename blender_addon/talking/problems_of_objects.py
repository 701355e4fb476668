# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a character's objects from showing that they are animated: hidden, in Edit Mode, at rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from ..characters import sharing
from ..characters.character import Character, cache_of
from ..errors import TalkingAnimationError
from .problem import Problem, problem_of

_NAMED = 2  # how many of those who share a mesh are named


def of_objects(character: Character, scene: Any) -> Iterator[Problem]:
    """What hides a character's meshes, then what keeps them from following its bones."""
    for mesh in character.meshes:
        yield from _of_mesh(mesh.object, scene)
    yield from _of_shared_meshes(character)
    armature = character.armature
    if armature is None or not (character.head or character.eyes):
        return
    if armature.data.pose_position == "REST" and armature.data.library is None:
        yield problem_of("REST_POSITION", armature.name, armature.data)
    for mesh in character.meshes:
        for modifier in mesh.object.modifiers:
            if modifier.type == "ARMATURE" and modifier.object == armature and not modifier.show_viewport:
                yield problem_of("MODIFIER_OFF", mesh.object.name, modifier, modifier=modifier.name)


def _of_mesh(mesh_object: Any, scene: Any) -> Iterator[Problem]:
    name = mesh_object.name
    cache = cache_of(mesh_object)
    if cache is not None:
        yield problem_of("MESH_CACHE", name, cache, modifier=cache.name)
    if mesh_object.mode == "EDIT":
        yield problem_of("EDIT_MODE", name, repair=partial(_leave_edit_mode, mesh_object))
    if scene.objects.get(name) != mesh_object:
        yield problem_of("NOT_IN_SCENE", name)
    elif mesh_object.hide_viewport or mesh_object.hide_get():
        yield problem_of("HIDDEN/OBJECT", name, repair=partial(_show, mesh_object))
    elif not mesh_object.visible_get():
        yield problem_of("HIDDEN/COLLECTION", name)


def _of_shared_meshes(character: Character) -> Iterator[Problem]:
    names = {mesh.key: mesh.object.data.name for mesh in character.meshes}
    told: set[str] = set()
    for key, roots in sharing.sharers(character).items():
        others = ", ".join(f"'{root.name}'" for root in roots[:_NAMED])
        others += f" and {len(roots) - _NAMED} more" if len(roots) > _NAMED else ""
        if others not in told:  # once for the same characters, however many meshes they share
            told.add(others)
            words = {"others": others, "mesh": names[key], "remedy": sharing.REMEDY}
            yield problem_of("SHARED_MESH", character.root.name, **words)


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
