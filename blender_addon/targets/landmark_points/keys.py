# SPDX-License-Identifier: GPL-3.0-or-later
"""The landmarks as they are: keys on the vertices of a mesh, or on empties, in the landmarks' own coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...characters.character import ALONE, POINTS, Character
from ...contract import FaceAnimation
from ...contract.dialled import dialled
from ...motion.easing import FACE_EASE, HEAD_EASE, eased
from .. import Channel, Outcome, TargetSettings
from . import objects


def apply(animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
    """Curves that move a character's landmark points; and the head of points that stand alone, which have no other."""
    outcome = Outcome()
    tops = objects.anchors(character.root)
    if not tops:
        return outcome
    motion = dialled(animation, settings.dials)
    away = (motion.landmarks - motion.neutral).reshape(len(motion), -1)
    moved = eased(away, motion.fps, *FACE_EASE).reshape(-1, objects.COUNT, 3) + motion.neutral
    for top in tops:
        for item in objects.parts(top, objects.MESH):
            for point in range(min(objects.COUNT, len(item.data.vertices))):
                path = f"vertices[{point}].co"
                _add(outcome, item.data, path, objects.group_of(point), moved[:, point], settings)
        for item in objects.parts(top, objects.POINT):
            point = int(item["landmark"])
            _add(outcome, item, "location", objects.group_of(point), moved[:, point], settings)
    if character.root.get(POINTS) == ALONE:
        heads = objects.parts(character.root, objects.HEAD)
        turn = eased(motion.head_rotation, motion.fps, *HEAD_EASE)
        shift = eased(motion.head_translation, motion.fps, *HEAD_EASE)
        for item in heads or objects.parts(character.root, objects.MESH):
            item.rotation_mode = "XYZ"
            _add(outcome, item, "rotation_euler", "Head", turn, settings)
            _add(outcome, item, "location", "Head", shift, settings)
    return outcome


def _add(
    outcome: Outcome, datablock: Any, path: str, group: str, values: np.ndarray, settings: TargetSettings
) -> None:
    for index in range(3):
        rest = settings.rest(datablock, path, index)
        column = np.ascontiguousarray(values[:, index], np.float32)
        outcome.channels.append(Channel(datablock, path, index, group, column, rest))
