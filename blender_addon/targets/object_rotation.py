# SPDX-License-Identifier: GPL-3.0-or-later
"""Head motion for a character without a head bone: keys on the object's delta rotation and location.

The user's own rotation and location stay untouched and editable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..characters.character import Character
from ..characters.face_axes import measure
from ..characters.rotations import euler_matrices, from_mode, pure_rotation, to_mode
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..contract.dialled import dialled
from ..keys.channels import Channel, driven_paths
from ..motion.easing import HEAD_EASE, eased


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

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that turn the whole object about the face's own axes.

        It turns about its origin; where that lies far outside of the head, about the place where a neck would be.
        """
        outcome = Outcome()
        item = character.root
        mode = item.rotation_mode
        if mode == "AXIS_ANGLE":
            outcome.warnings.append(
                f"The head of '{item.name}' stays still, since its rotation mode is Axis Angle: "
                "choose XYZ Euler or Quaternion for head motion."
            )
            return outcome
        path = "delta_rotation_quaternion" if mode == "QUATERNION" else "delta_rotation_euler"
        if {path, "delta_location"} & driven_paths(item):
            outcome.warnings.append(
                f"'{item.name}' has drivers on its delta transform: its head stays still."
            )
            return outcome
        if character.armature is not None:
            outcome.warnings.append(
                f"No head bone was found in '{item.name}', so the whole object turns: "
                "choose the head bone in the panel, or set the Head dial to 0."
            )
        motion = dialled(animation, settings.dials)
        turn = euler_matrices(eased(motion.head_rotation, motion.fps, *HEAD_EASE))
        shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)

        face = measure(character)
        mesh = character.meshes[0].object
        place = item.matrix_world.inverted_safe() @ mesh.matrix_world
        axes = pure_rotation(place) @ face.axes
        scale = np.array(item.scale) * np.array(item.delta_scale)
        unit = face.unit * float(np.mean(np.abs(place.to_scale())))

        count = 4 if mode == "QUATERNION" else 3
        rest = [settings.rest(item, path, index) for index in range(count)]
        delta = from_mode(rest, mode)
        own = from_mode(list(item.rotation_quaternion if mode == "QUATERNION" else item.rotation_euler), mode)
        total = delta @ own
        local = axes @ turn @ axes.T
        # Blender composes delta @ own: turning by `local` in the object's own axes is this much before `own`.
        values = to_mode(total @ local @ total.T @ delta, mode)
        for index in range(count):
            outcome.channels.append(Channel(item, path, index, "Head", values[:, index], rest[index]))

        centre = np.array(place @ _vector(face.centre))
        pivot = centre - axes[:, 1] * face.height * 0.35
        if np.linalg.norm(centre) < face.height:  # the origin lies in or near the head: the user's own pivot
            pivot = np.zeros(3)
        scaled_pivot = scale * pivot
        moved = (total @ (scaled_pivot[:, None] - local @ scaled_pivot[:, None]))[:, :, 0]
        moved = moved + (shift * unit * float(np.mean(np.abs(scale)))) @ (total @ axes).T
        for index in range(3):
            at_rest = settings.rest(item, "delta_location", index)
            values = (at_rest + moved[:, index]).astype(np.float32)
            outcome.channels.append(Channel(item, "delta_location", index, "Head", values, at_rest))
        return outcome


def _vector(values: np.ndarray) -> object:
    from mathutils import Vector

    return Vector([float(value) for value in values])
