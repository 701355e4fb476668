# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces drawn in strokes talk: keys on the bones that move their points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...characters.character import Character
from ...characters.head_place import HeadPlace
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import Dials, FaceAnimation
from ...contract.dialled import dialled
from ...host.blender_versions import grease_pencil
from ...keys.channels import Channel, Rest
from ...motion import drawn_motion
from ...motion.drawn_face import HEAD, DrawnFace
from . import drawing, frames, rig


class DrawnStrokes(Target):
    """A face that is drawn in Grease Pencil strokes."""

    name = "grease_pencil"
    title = "drawing"

    def present(self, character: Character) -> bool:
        """Where a drawing has a mouth that can open, and nothing stands in the way."""
        return bool(_talking(character))

    def talks(self, character: Character) -> bool:
        """Always: its mouth is what it is known by."""
        return True

    def notices(self, item: Any) -> bool:
        """Drawings in strokes."""
        return grease_pencil.is_drawing(item)

    def stamp(self, objects: list[Any]) -> Any:
        """Names of layers and materials, what is chosen of parts, and how much is drawn."""
        return tuple(_stamp(item) for item in objects if _is_drawing(item))

    def summary(self, character: Character) -> str:
        """Which drawing."""
        return "a face drawn in strokes"

    def why_not(self, character: Character) -> str:
        """What the first drawing lacks."""
        for item in _drawings(character):
            reason = drawing.obstacle(item, drawing.read(item, drawing.frame_now()))
            if reason:
                return reason
        return ""

    def datablocks(self, character: Character) -> list[Any]:
        """The armatures that were added."""
        found = (rig.find(item) for item in _drawings(character))
        return [armature for armature in found if armature is not None]

    def set_up(self, character: Character) -> None:
        """Add the armature, and where it is to move the drawing weights and a modifier."""
        number = drawing.frame_now()
        for item in _drawings(character):
            reading = drawing.read(item, number)
            if not drawing.obstacle(item, reading):
                frames.remove(item)
                rig.build(item, reading, number, by_bones=not frames.are_wanted(item))

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """The face as the drawing's object carries it."""
        item = _talking(character)[0]
        reading = drawing.read(item, drawing.frame_now())
        face, plane = reading.face, reading.plane
        assert face is not None
        origin = plane.deep(face.centre) + plane.viewer * reading.depth
        axes = np.stack([plane.right, plane.up, plane.viewer], axis=1)
        return HeadPlace.of(item.matrix_world, axes, origin, face.unit)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves of the locations of bones, and of the turn of the head's."""
        outcome = Outcome()
        motion = dialled(animation, settings.dials)
        for item in _drawings(character):
            armature = rig.find(item)
            if armature is None:
                continue
            face = drawing.read(item, rig.frame_of(armature)).face
            if face is not None and all(rig.bone(name) in armature.pose.bones for name in face.names):
                outcome.channels += _channels(armature, face, motion, settings.rest)
            else:
                outcome.warnings.append(
                    f"The drawing '{item.name}' changed since its talking animation was generated: generate it again."
                )
        return outcome

    def follow(self, animation: FaceAnimation, character: Character, dials: Dials, start: int) -> list[str]:
        """Draw frame by frame, where that is wanted."""
        told: list[str] = []
        for item in _drawings(character):
            armature = rig.find(item)
            if armature is not None and frames.are_wanted(item):
                told += frames.draw(item, rig.frame_of(armature), dialled(animation, dials), start)
        return told

    def clear(self, character: Character) -> bool:
        """Take away the armature, its weights and modifier, and the keyframes that were drawn."""
        cleared = False
        for item in _drawings(character):
            cleared |= frames.remove(item)
            cleared |= rig.remove(item)
        return cleared


def _is_drawing(item: Any) -> bool:
    return grease_pencil.is_drawing(item) and item.data is not None


def _drawings(character: Character) -> list[Any]:
    return [item for item in character.objects if _is_drawing(item)]


def _talking(character: Character) -> list[Any]:
    number = drawing.frame_now()
    return [item for item in _drawings(character) if not drawing.obstacle(item, drawing.read(item, number))]


def _stamp(item: Any) -> Any:
    layers = tuple(
        (grease_pencil.layer_name(layer), layer.hide, layer.lock, len(layer.frames))
        for layer in item.data.layers
    )
    names = tuple(slot.name for slot in item.material_slots)
    return item, layers, names, tuple(sorted(drawing.chosen_parts(item).items()))


def _channels(armature: Any, face: DrawnFace, motion: FaceAnimation, rest: Rest) -> list[Channel]:
    """A face's curves."""
    moves = drawn_motion.motion_of(face, motion)
    channels = []

    def add(bone: str, name: str, index: int, group: str, values: np.ndarray) -> None:
        path = f'pose.bones["{rig.bone(bone)}"].{name}'
        column = np.ascontiguousarray(values, np.float32)
        channels.append(Channel(armature, path, index, group, column, rest(armature, path, index)))

    for number, control in enumerate(face.controls):
        for index in range(2):
            add(control.name, "location", index, control.group, moves.moved[:, number, index])
    for index in range(2):
        add(HEAD, "location", index, HEAD, moves.head[:, index])
    add(HEAD, "rotation_euler", 2, HEAD, moves.head[:, 2])
    return channels
