# SPDX-License-Identifier: GPL-3.0-or-later
"""Head and neck: keys on the pose bones that turn them, in each bone's own rest axes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ..characters.character import Character
from ..characters.face_axes import LOOKING_FORWARD, measure_mesh
from ..characters.head_place import HeadPlace
from ..characters.keyed_head import GROUP
from ..characters.pictures import origin_of
from ..characters.rotations import (
    euler_matrices,
    from_mode,
    identity,
    pure_rotation,
    rotation_path,
    turned,
)
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import HEAD_EASE, eased
from ..contract.head_limits import softly_limited
from ..keys.channels import Channel, Rest, driven_paths
from .face_rig.frame import find_frame
from .face_rig.probe import in_armature

NECK_SHARE = 0.35  # of the head's rotation; the head bone makes the rest


class HeadBones(Target):
    """Neck and head of an armature."""

    name = "head_bones"
    title = "bones"

    def present(self, character: Character) -> bool:
        """Where a bone that turns the head was found or chosen."""
        return bool(character.head)

    def summary(self, character: Character) -> str:
        """The bone's name."""
        return f"head bone '{character.head}'"

    def datablocks(self, character: Character) -> list[Any]:
        """The armature object."""
        return [character.root]

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """The face as the head bone carries it."""
        axes, unit = armature_face_axes(character)
        carried = character.armature.matrix_world @ _carried(character, rest)
        return HeadPlace.of(carried, axes, _between_eyes(character), unit)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that turn the neck and the head bone and shift the head, about the face's own axes."""
        outcome = Outcome()
        motion = dialled(animation, settings.dials)
        angles = eased(motion.head_rotation, motion.fps, *HEAD_EASE)
        picture = origin_of(character.root)
        if picture is not None:
            angles = softly_limited(angles, picture.head_limit)
        shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)
        pose = character.armature.pose
        axes, unit = armature_face_axes(character)
        turn = euler_matrices(angles)
        if character.neck:
            share = euler_matrices(angles * NECK_SHARE)
            add_rotation(outcome, character, pose.bones[character.neck], axes, share, settings, GROUP)
            turn = np.swapaxes(share, 1, 2) @ turn
        head = pose.bones[character.head]
        add_rotation(outcome, character, head, axes, turn, settings, GROUP)
        if not head.bone.use_connect:
            _add_translation(outcome, character, head, (shift * unit) @ axes.T, settings)
        return outcome


def armature_face_axes(character: Character) -> tuple[np.ndarray, float]:
    """The face's axes (3, 3) and its outer eye-corner distance, in the armature's space at rest.

    Measured on the mesh with most shapes; without such a mesh read off the face's bones, else it looks along -Y.
    """
    if not character.meshes:
        frame = find_frame(character, character.face_bones)
        if frame is None:
            bone = character.armature.data.bones[character.head]
            return LOOKING_FORWARD, 0.5 * float(bone.length)
        return frame.axes, frame.unit
    mesh = character.meshes[0]
    face = measure_mesh(mesh)
    to_armature = in_armature(mesh.object, character.armature)
    unit = face.unit * float(np.mean([abs(value) for value in to_armature.to_scale()]))
    return pure_rotation(to_armature) @ face.axes, unit


def _between_eyes(character: Character) -> np.ndarray:
    """(3,) the middle between the eyes, in the armature's space at rest; where nothing tells, the middle of the head bone."""
    if character.meshes:
        mesh = character.meshes[0]
        eyes = measure_mesh(mesh).eyes
        if eyes is not None:
            place = in_armature(mesh.object, character.armature)
            return np.array(place @ Vector([float(value) for value in eyes]))
    frame = find_frame(character, character.face_bones)
    if frame is not None:
        return frame.origin
    bone = character.armature.data.bones[character.head]
    return np.array((bone.head_local + bone.tail_local) / 2)


def _carried(character: Character, rest: Rest) -> Matrix:
    """Where the head bone takes what is at rest, in the armature's space, were there no talking animation."""
    chain = [character.armature.pose.bones[character.head]]
    above = [bone.name for bone in chain[0].parent_recursive]
    while character.neck in above and chain[-1].name != character.neck:
        chain.append(chain[-1].parent)
    parent = chain[-1].parent
    carried = parent.matrix @ parent.bone.matrix_local.inverted() if parent is not None else Matrix()
    for bone in reversed(chain):
        own = bone.matrix_basis
        if bone.name in (character.head, character.neck):
            own = Matrix(_turned_at_rest(character, bone, rest).tolist()).to_4x4()
        carried = carried @ bone.bone.matrix_local @ own @ bone.bone.matrix_local.inverted()
    return carried


def _turned_at_rest(character: Character, bone: Any, rest: Rest) -> np.ndarray:
    """(3, 3) how the user has turned a pose bone."""
    name, count = rotation_path(bone.rotation_mode)
    path = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].{name}'
    if rest.animated(character.armature, path):
        return np.eye(3)
    return from_mode([rest(character.armature, path, index) for index in range(count)], bone.rotation_mode)


def add_rotation(
    outcome: Outcome,
    character: Character,
    bone: Any,
    axes: np.ndarray,
    turn: np.ndarray,
    settings: TargetSettings,
    group: str,
) -> None:
    """Add the curves that turn a pose bone.

    Args:
        outcome: what they are added to.
        character: whose bone it is.
        bone: the pose bone.
        axes: (3, 3) the face's axes in the armature's space.
        turn: (T, 3, 3) rotations about the face's axes.
        settings: dials and rest values.
        group: title of the curves' group.
    """
    prefix = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].'
    name, count = rotation_path(bone.rotation_mode)
    path = prefix + name
    if path in driven_paths(character.armature):
        outcome.warnings.append(f"The bone '{bone.name}' has drivers on its rotation and was left to them.")
        return
    rest = [settings.rest(character.armature, path, index) for index in range(count)]
    if settings.rest.animated(character.armature, path):  # the strip then adds to the user's own
        rest = identity(bone.rotation_mode)
    to_face = pure_rotation(bone.bone.matrix_local).T @ axes
    values = turned(rest, bone.rotation_mode, to_face @ turn @ to_face.T)
    for index in range(count):
        outcome.channels.append(
            Channel(character.armature, path, index, group, values[:, index], rest[index], over_others=True)
        )


def _add_translation(
    outcome: Outcome, character: Character, bone: Any, shift: np.ndarray, settings: TargetSettings
) -> None:
    path = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].location'
    if path in driven_paths(character.armature):
        return
    local = shift @ pure_rotation(bone.bone.matrix_local)
    animated = settings.rest.animated(character.armature, path)
    for index in range(3):
        rest = 0.0 if animated else settings.rest(character.armature, path, index)
        values = (rest + local[:, index]).astype(np.float32)
        outcome.channels.append(
            Channel(character.armature, path, index, GROUP, values, rest, over_others=True)
        )
