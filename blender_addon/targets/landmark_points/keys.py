# SPDX-License-Identifier: GPL-3.0-or-later
"""The landmarks as they are: keys on the vertices of a mesh, or on empties, in the landmarks' own coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...characters.character import ALONE, ROLE, Character
from ...characters.head_place import HeadPlace
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import LANDMARK_COUNT, FaceAnimation
from ...contract.dialled import dialled
from ...contract.easing import FACE_EASE, HEAD_EASE, eased
from ...keys.channels import Channel, Rest
from . import objects


class LandmarkPoints(Target):
    """Points that were added for the landmarks: a mesh, or empties."""

    name = "landmark_points"
    title = "points"

    def present(self, character: Character) -> bool:
        """Where there are some."""
        return bool(objects.anchors(character))

    def talks(self, character: Character) -> bool:
        """Where they stand alone."""
        return character.stands_alone

    def notices(self, obj: Any) -> bool:
        """Points that stand alone."""
        return bool(obj.get(ROLE) == ALONE)

    def summary(self, character: Character) -> str:
        """Only where they stand alone: beside a face they go without saying."""
        return "68 landmark points" if character.stands_alone else ""

    def datablocks(self, character: Character) -> list[Any]:
        """The objects of the points, and their mesh."""
        return objects.datablocks(character)

    def clear(self, character: Character) -> bool:
        """Delete the points of a face; points that stand alone are the user's, and stay."""
        return not character.stands_alone and objects.remove(character)

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """Of points that stand alone: their anchor, below which their head moves."""
        if not character.stands_alone:
            return None
        return HeadPlace.of(character.root.matrix_world, np.eye(3), np.zeros(3), 1.0)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that move a character's landmark points; and the head of points that stand alone, which have no other."""
        outcome = Outcome()
        tops = objects.anchors(character)
        motion = dialled(animation, settings.dials)
        away = (motion.landmarks - motion.neutral).reshape(len(motion), -1)
        moved = eased(away, motion.fps, *FACE_EASE).reshape(-1, LANDMARK_COUNT, 3) + motion.neutral
        for top in tops:
            for carrier in objects.parts(top, objects.MESH):
                for point in range(min(LANDMARK_COUNT, len(carrier.data.vertices))):
                    path = f"vertices[{point}].co"
                    _add(outcome, carrier.data, path, objects.group_of(point), moved[:, point], settings)
            for carrier in objects.parts(top, objects.POINT):
                point = objects.landmark_of(carrier)
                _add(outcome, carrier, "location", objects.group_of(point), moved[:, point], settings)
        if character.stands_alone:
            heads = objects.parts(character.root, objects.HEAD)
            turn = eased(motion.head_rotation, motion.fps, *HEAD_EASE)
            shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)
            for carrier in heads or objects.parts(character.root, objects.MESH):
                carrier.rotation_mode = "XYZ"
                _add(outcome, carrier, "rotation_euler", "Head", turn, settings)
                _add(outcome, carrier, "location", "Head", shift, settings)
        return outcome


def _add(
    outcome: Outcome, datablock: Any, path: str, group: str, values: np.ndarray, settings: TargetSettings
) -> None:
    for index in range(3):
        rest = settings.rest(datablock, path, index)
        column = np.ascontiguousarray(values[:, index], np.float32)
        outcome.channels.append(Channel(datablock, path, index, group, column, rest))
