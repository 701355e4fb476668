# SPDX-License-Identifier: GPL-3.0-or-later
"""Head motion for a character without a head bone: keys on the object's delta rotation and location.

The user's own rotation and location stay untouched and editable; only a rotation by axis and angle is keyed itself, as it has no
delta.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from mathutils import Matrix, Vector

from ..characters.character import Character
from ..characters.face_axes import measure
from ..characters.head_place import HeadPlace
from ..characters.rotations import euler_matrices, from_mode, identity, pure_rotation, rotation_path, turned
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
        obstacle = _obstacle(head_object, settings.rest)
        if obstacle:
            outcome.warnings.append(obstacle)
            return outcome
        if character.armature is not None:
            outcome.warnings.append(
                f"No head bone was found in '{head_object.name}', so the whole object turns: "
                "choose the Head Bone under Options, or set the Head dial to 0."
            )
        motion = dialled(animation, settings.dials)
        turn = euler_matrices(eased(motion.head_rotation, motion.fps, *HEAD_EASE))
        shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)
        head = _head_of(character)
        local = head.axes @ turn @ head.axes.T
        own, keyed = _rotations(head_object, settings.rest)
        mode = head_object.rotation_mode
        total = from_mode(keyed, mode) @ own
        # Blender composes delta @ own: turning by `local` in the object's own axes is this much before `own`.
        values = turned(keyed, mode, total @ local @ total.T, about_own_axes=False)
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
    """The property that turns an object beside its own rotation, where it has one."""
    name, _ = rotation_path(head_object.rotation_mode)
    return name if head_object.rotation_mode == "AXIS_ANGLE" else f"delta_{name}"


def _obstacle(head_object: Any, rest: Rest) -> str:
    """Why an object's head stays still, in one sentence; "" where it need not."""
    if head_object.rotation_mode == "AXIS_ANGLE" and rest.animated(head_object, _path(head_object)):
        return (
            f"The head of '{head_object.name}' stays still, since its rotation by axis and angle is animated already: "
            "choose XYZ Euler or Quaternion for head motion."
        )
    if {_path(head_object), "delta_location"} & driven_paths(head_object):
        return f"'{head_object.name}' has drivers on its {_named(head_object)}: its head stays still."
    return ""


def _named(head_object: Any) -> str:
    return "rotation" if head_object.rotation_mode == "AXIS_ANGLE" else "delta transform"


def _rotations(head_object: Any, rest: Rest) -> tuple[np.ndarray, list[float]]:
    """(3, 3) the rotation of an object that stays, and the value at rest of the property that is keyed."""
    mode = head_object.rotation_mode
    name, count = rotation_path(mode)
    own = identity(mode) if mode == "AXIS_ANGLE" else list(getattr(head_object, name))
    return from_mode(own, mode), [rest(head_object, _path(head_object), index) for index in range(count)]


def _basis_at_rest(head_object: Any, rest: Rest) -> Matrix:
    """An object's own transform, with its deltas as they are at rest."""
    own, keyed = _rotations(head_object, rest)
    shift = [rest(head_object, "delta_location", index) for index in range(3)]
    scale = np.array(head_object.scale) * np.array(head_object.delta_scale)
    basis = np.eye(4)
    basis[:3, :3] = from_mode(keyed, head_object.rotation_mode) @ own * scale
    basis[:3, 3] = np.array(head_object.location) + shift
    return Matrix(basis.tolist())


def _add(outcome: Outcome, head_object: Any, path: str, values: np.ndarray, settings: TargetSettings) -> None:
    for index, column in enumerate(values.T):
        outcome.channels.append(
            Channel(head_object, path, index, "Head", column, settings.rest(head_object, path, index))
        )
