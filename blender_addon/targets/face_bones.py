# SPDX-License-Identifier: GPL-3.0-or-later
"""Face bones: jaw, lips, lids, brows and tongue follow the animation's landmarks, each bone in its own axes.

How the skin (or, without one, the bones) answers to each control is measured on a copy of the rig, so that bones of any
roll, rotation mode, parent or constraint, and rigs of controls, need no rules of their own. What shape keys move already is
left to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
import numpy as np

from ..characters.character import Character
from ..characters.head_place import HeadPlace
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import ARKIT_NAMES, FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import FACE_EASE, eased
from ..keys.channels import Rest, driven_paths
from ..rigs.face_bones import ROLES, SIDES
from .face_rig.brows import brow_values
from .face_rig.controls import FreedomFinder, Motion, channels
from .face_rig.frame import find_frame
from .face_rig.lids import lid_values
from .face_rig.mouth import landmark_gaps, solve
from .face_rig.study import Study, measuring, study
from .face_rig.tongue import tongue_motion
from .named_controls import without_limits

_BLINKS = [ARKIT_NAMES.index(name) for name in ("eyeBlinkLeft", "eyeBlinkRight")]


class FaceBoneTarget(Target):
    """Jaw, lips, lids, brows and tongue of an armature."""

    name = "face_bones"
    title = "bones"

    def present(self, character: Character) -> bool:
        """Where face bones are known by their names, or were chosen."""
        return bool(character.face_bones)

    def talks(self, character: Character) -> bool:
        """Where they move a mouth."""
        return character.face_bones.talks

    def notices(self, obj: Any) -> bool:
        """Armatures."""
        return bool(obj.type == "ARMATURE")

    def summary(self, character: Character) -> str:
        """How many bones of which convention."""
        return character.face_bones.summary

    def problem(self, character: Character) -> str:
        """Where drivers turn the jaw, and what they read could be keyed if it were known how far it goes."""
        return without_limits(character) if _jaw_is_driven(character) else ""

    def datablocks(self, character: Character) -> list[Any]:
        """The armature object."""
        return [character.root] if character.armature is not None else []

    def prepare(self, character: Character) -> Iterator[float]:
        """Measure the rig, a pose at a time."""
        return measuring(character)

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """The face as its bones lie at rest; what turns a head bone knows better."""
        frame = find_frame(character, character.face_bones)
        if character.head or character.armature is None or frame is None:
            return None
        return HeadPlace.of(character.armature.matrix_world, frame.axes, frame.origin, frame.unit)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that pose the face's bones; nothing where the character has none, or its shape keys do all.

        Args:
            animation: what is said.
            character: whose armature's bones are recognised by their names (`rigs.face_bones`).
            settings: dials and rest values.
        """
        outcome = Outcome()
        board = self.problem(character)
        if board:
            outcome.warnings.append(board)
        known = study(character)
        armature = character.armature
        if known is None:
            if character.face_bones.talks:
                outcome.warnings.append(
                    f"The bones of '{armature.name}' do not tell where its face is and which way it looks, so none of them is "
                    "moved: choose its eyes' bones under Face > Mapping, or bind the skin of its face to its jaw."
                )
            return outcome
        for motion in _motions(animation, character, known, settings):
            motion.values = eased(motion.values, animation.fps, *FACE_EASE)
            outcome.channels += channels(armature, motion, settings)
        outcome.warnings += known.warnings
        notes = (known.notes.get(role, "") for role in ROLES)  # the mouth's first
        told = list(dict.fromkeys(note for note in notes if "left alone" in note))
        outcome.warnings += told[:3]
        if len(told) > 3:
            outcome.warnings.append(f"{len(told) - 3} more face bones of '{armature.name}' were left alone.")
        return outcome


def _jaw_is_driven(character: Character) -> bool:
    driven = driven_paths(character.armature)
    jaws = [bpy.utils.escape_identifier(name) for name in character.face_bones.bones("jaw")]
    return any(path.startswith(f'pose.bones["{jaw}"].') for path in driven for jaw in jaws)


def _motions(
    animation: FaceAnimation, character: Character, known: Study, settings: TargetSettings
) -> list[Motion]:
    scaled = dialled(animation, settings.dials)
    motions: list[Motion] = []
    moves = (scaled.landmarks - scaled.neutral).astype(np.float64)
    if known.mouth is not None:
        values = solve(known.mouth, moves, landmark_gaps(scaled.landmarks))
        motions.append(Motion(known.mouth.freedoms, values, "Lips"))
    motions += [Motion(brow.freedoms, brow_values(brow, moves), "Brows") for brow in known.brows.values()]
    for side, column in zip(SIDES, _BLINKS):
        pose = known.lids.get(side)
        if pose is not None:
            values = lid_values(pose, scaled.arkit[:, column], scaled.eye_rotation[:, 1])
            motions.append(Motion(pose.freedoms, values, "Blinks"))
    names = known.face_bones.bones("tongue")
    if names and not known.shapes.tongue:
        finder = FreedomFinder(character.armature)
        visemes = scaled.visemes.astype(np.float64)
        motions.append(Motion(*tongue_motion(finder, known.frame, known.rests, names, visemes), "Lips"))
    return [motion for motion in motions if motion.freedoms]
