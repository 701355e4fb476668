# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaze on eye bones, or on the target that they look at, for characters whose shapes do not turn the eyes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..characters.character import Character
from ..characters.rotations import euler_matrices
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import FACE_EASE, eased
from .face_rig.controls import FreedomFinder, Motion, channels
from .face_rig.gaze import gaze_motion
from .face_rig.study import study
from .head_bones import add_rotation, armature_face_axes


class Eyes(Target):
    """Eye bones, or the target that they look at."""

    name = "eyes"
    title = "bones"

    def present(self, character: Character) -> bool:
        """On every armature that can be animated; what turns the eyes is found when it is applied."""
        return character.armature is not None and character.root.library is None

    def datablocks(self, character: Character) -> list[Any]:
        """The armature object."""
        return [character.root] if character.armature is not None else []

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that turn both eye bones or move their target; nothing where shape keys turn the eyeballs."""
        outcome = Outcome()
        motion = dialled(animation, settings.dials)
        known = study(character)
        if known is not None and known.face_bones.bones("eye.left", "eye.right", "eye_target"):
            if not known.shapes.gaze:
                finder = FreedomFinder(character.armature)
                freedoms, values = gaze_motion(
                    character.armature,
                    known.face_bones,
                    finder,
                    known.frame,
                    motion.eye_rotation.astype(np.float64),
                )
                looking = Motion(freedoms, eased(values, motion.fps, *FACE_EASE), "Gaze")
                outcome.channels += channels(character.armature, looking, settings)
            return outcome
        if character.eyes is None or character.has_gaze_shapes:
            return outcome
        yaw, pitch = eased(motion.eye_rotation, motion.fps, *FACE_EASE).T
        turn = euler_matrices(np.stack([-pitch, yaw, np.zeros_like(yaw)], axis=1))
        axes, _ = armature_face_axes(character)
        for name in character.eyes:
            add_rotation(
                outcome, character, character.armature.pose.bones[name], axes, turn, settings, "Gaze"
            )
        return outcome
