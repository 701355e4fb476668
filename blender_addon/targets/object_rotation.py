# SPDX-License-Identifier: GPL-3.0-or-later
"""Head motion for a character without a head bone: keys on the object's delta rotation and location.

The user's own rotation and location stay untouched and editable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from mathutils import Matrix, Vector

from ..characters.character import Character
from ..characters.face_axes import measure
from ..characters.head_place import HeadPlace
from ..characters.rotations import euler_matrices, from_mode, pure_rotation, to_mode
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import HEAD_EASE, eased
from ..keys.channels import Channel, Rest, driven_paths

_NECK_BELOW = 0.35  # the middle of the head, of the head's height


class ObjectRotation(Target):
    """A head that is an object of its own."""

    name = "object_rotation"
    title = "object"

    def present(self, character: Character) -> bool:
        """Where no bone turns the head."""
        alone = character.stands_alone or character.root.library is not None
        return bool(character.meshes) and not character.head and not alone

    def summary(self, character: Character) -> str:
        """That the whole object turns."""
        return "head turns with the object"

    def datablocks(self, character: Character) -> list[Any]:
        """The object."""
        return [character.root]

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """The face as the object carries it."""
        head, root = _head_of(character), character.root
        above = root.matrix_world @ root.matrix_basis.inverted_safe()
        return HeadPlace.of(above @ _basis_at_rest(root, rest), head.axes, head.eyes, head.unit)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that turn the whole object about the face's own axes.

        It turns about its origin; where that lies far outside of the head, about the place where a neck would be.
        """
        head_object = character.root
        outcome = Outcome()
        obstacle = _obstacle(head_object)
        if obstacle:
            outcome.warnings.append(obstacle)
            return outcome
        if character.armature is not None:
            outcome.warnings.append(
                f"No head bone was found in '{head_object.name}', so the whole object turns: "
                "choose the head bone in the panel, or set the Head dial to 0."
            )
        motion = dialled(animation, settings.dials)
        turn = euler_matrices(eased(motion.head_rotation, motion.fps, *HEAD_EASE))
        shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)
        head = _head_of(character)
        local = head.axes @ turn @ head.axes.T
        own, delta = _rotations(head_object, settings.rest)
        total = delta @ own
        # Blender composes delta @ own: turning by `local` in the object's own axes is this much before `own`.
        values = to_mode(total @ local @ total.T @ delta, head_object.rotation_mode)
        _add(outcome, head_object, _path(head_object), values, settings)
        scale = np.array(head_object.scale) * np.array(head_object.delta_scale)
        pivot = scale * head.pivot
        moved = (total @ (pivot[:, None] - local @ pivot[:, None]))[:, :, 0]
        moved = moved + (shift * head.unit * float(np.mean(np.abs(scale)))) @ (total @ head.axes).T
        rest = [settings.rest(head_object, "delta_location", index) for index in range(3)]
        _add(outcome, head_object, "delta_location", (rest + moved).astype(np.float32), settings)
        return outcome


@dataclass(frozen=True)
class _Head:
    """Where a head is in its object's space.

    Attributes:
        axes: (3, 3), columns: to the picture's right, up, to the viewer.
        unit: outer eye-corner distance.
        pivot: (3,) what it turns about.
        eyes: (3,) the middle between the eyes; the middle of the head where that is not known.
    """

    axes: np.ndarray
    unit: float
    pivot: np.ndarray
    eyes: np.ndarray


def _head_of(character: Character) -> _Head:
    """It turns about the object's origin where that lies in or near the head: the user's own pivot; else about a neck."""
    face = measure(character)
    place = character.root.matrix_world.inverted_safe() @ character.meshes[0].object.matrix_world
    axes = pure_rotation(place) @ face.axes
    unit = face.unit * float(np.mean(np.abs(place.to_scale())))
    centre = np.array(place @ Vector([float(value) for value in face.centre]))
    eyes = centre if face.eyes is None else np.array(place @ Vector([float(value) for value in face.eyes]))
    near = np.linalg.norm(centre) < face.height
    pivot = np.zeros(3) if near else centre - axes[:, 1] * face.height * _NECK_BELOW
    return _Head(axes, unit, pivot, eyes)


def _path(head_object: Any) -> str:
    """The property that turns an object beside its own rotation."""
    return (
        "delta_rotation_quaternion" if head_object.rotation_mode == "QUATERNION" else "delta_rotation_euler"
    )


def _obstacle(head_object: Any) -> str:
    """Why an object's head stays still, in one sentence; "" where it need not."""
    if head_object.rotation_mode == "AXIS_ANGLE":  # has no delta
        return (
            f"The head of '{head_object.name}' stays still, since its rotation mode is Axis Angle: "
            "choose XYZ Euler or Quaternion for head motion."
        )
    if {_path(head_object), "delta_location"} & driven_paths(head_object):
        return f"'{head_object.name}' has drivers on its delta transform: its head stays still."
    return ""


def _rotations(head_object: Any, rest: Rest) -> tuple[np.ndarray, np.ndarray]:
    """(3, 3) an object's own rotation and, at rest, its delta rotation."""
    mode = head_object.rotation_mode
    own = head_object.rotation_quaternion if mode == "QUATERNION" else head_object.rotation_euler
    values = [rest(head_object, _path(head_object), index) for index in range(len(own))]
    return from_mode(list(own), mode), from_mode(values, mode)


def _basis_at_rest(head_object: Any, rest: Rest) -> Matrix:
    """An object's own transform, with its deltas as they are at rest."""
    if head_object.rotation_mode == "AXIS_ANGLE":  # has no delta rotation, and is not turned
        return head_object.matrix_basis
    own, delta = _rotations(head_object, rest)
    shift = [rest(head_object, "delta_location", index) for index in range(3)]
    scale = np.array(head_object.scale) * np.array(head_object.delta_scale)
    basis = np.eye(4)
    basis[:3, :3] = delta @ own * scale
    basis[:3, 3] = np.array(head_object.location) + shift
    return Matrix(basis.tolist())


def _add(outcome: Outcome, head_object: Any, path: str, values: np.ndarray, settings: TargetSettings) -> None:
    for index, column in enumerate(values.T):
        outcome.channels.append(
            Channel(head_object, path, index, "Head", column, settings.rest(head_object, path, index))
        )
