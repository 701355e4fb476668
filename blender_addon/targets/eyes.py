# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaze on eye bones, for characters whose shapes do not turn the eyes."""

from __future__ import annotations

import numpy as np

from ..animation_data import Animation, eased
from ..character import Character
from . import FACE_EASE, Outcome, TargetSettings
from .bones import add_rotation, armature_face_axes
from .rotations import euler_matrices


def apply(animation: Animation, character: Character, settings: TargetSettings) -> Outcome:
    """Curves that turn both eye bones; nothing where the character has none or looks with shapes."""
    outcome = Outcome()
    if character.eyes is None or character.has_gaze_shapes:
        return outcome
    motion = animation.scaled(settings.dials)
    yaw, pitch = eased(motion.eye_rotation, motion.fps, *FACE_EASE).T
    turn = euler_matrices(np.stack([-pitch, yaw, np.zeros_like(yaw)], axis=1))
    axes, _ = armature_face_axes(character)
    for name in character.eyes:
        add_rotation(outcome, character, character.armature.pose.bones[name], axes, turn, settings, "Gaze")
    return outcome
