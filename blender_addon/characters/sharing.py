# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters that share what is keyed: a mesh (linked duplicates), whose shape keys are one and the same, or a face board."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bpy

from ..errors import TalkingAnimationError
from ..keys.ownership import own_actions, record_of
from . import named_controls
from .character import Character
from .related import armature_of, key_of, related_objects

REMEDY = "make it single-user (Object > Relations > Make Single User > Object & Data)"


def sharers(character: Character) -> dict[Any, list[Any]]:
    """Shape keys (Key datablocks) of a character → the roots of other characters, in any scene, that show them too."""
    keys: dict[Any, list[Any]] = {mesh.key: [] for mesh in character.meshes}
    shown = {mesh.object.data for mesh in character.meshes}
    if all(data.users <= 1 for data in shown):
        return {}
    members = set(character.objects)
    for other in bpy.data.objects:
        if other.data not in shown or other in members or not other.users_scene:
            continue
        root = armature_of(other) or other
        others = keys[key_of(other)]
        if root != character.root and root not in others:
            others.append(root)
    return {key: others for key, others in keys.items() if others}


def is_anothers(datablock: Any, character: Character) -> bool:
    """Whether another character's talking animation lies on a datablock: that of one who is in the file still, and has it.

    A character that hangs on this one, such as a rider on a horse, is another all the same. What a copy of a character got with
    its own parts, or with the face board that was copied with it, is the copy's.
    """
    made_for = {str(record_of(action).get("character", "")) for action in own_actions(datablock)}
    made_for -= {"", str(character.root.talking_animation.uid)}
    if not made_for:
        return False
    members = set(character.objects)
    present: Iterable[Any] = bpy.data.objects
    others = [
        obj
        for obj in present
        if obj.talking_animation.uid in made_for and not (obj in members and character.is_part(obj))
    ]
    return any(_has(other, datablock) for other in others)


def _has(root: Any, datablock: Any) -> bool:
    """Whether something is of another character, or what its drivers read."""
    objects = related_objects(root)
    own = datablock in objects or any(obj.data == datablock for obj in objects)
    return own or datablock in named_controls.read_by(objects)


def refuse_to_overwrite(character: Character, owners: dict[Any, str]) -> None:
    """Raise TalkingAnimationError where another character's talking animation lies on shape keys that this one shares with it.

    Args:
        character: who is to be animated.
        owners: shape keys → the id of the character whose talking animation they carry.
    """
    for key, others in sharers(character).items():
        owner = _owner(owners.get(key, ""), [character.root, *others])
        if owner is not None and owner != character.root:
            name = next(mesh.object.data.name for mesh in character.meshes if mesh.key == key)
            raise TalkingAnimationError(
                f"'{character.root.name}' and '{owner.name}' share the mesh '{name}', which carries the talking animation of "
                f"'{owner.name}': {REMEDY}, or remove that animation first."
            )


def _owner(uid: str, roots: Iterable[Any]) -> Any:
    """Whose id it is; a copy of a character has its id until it gets one of its own."""
    same = [root for root in roots if uid and root.talking_animation.uid == uid]
    return next((root for root in same if root.talking_animation.owner == root.name), None) or next(
        iter(same), None
    )
