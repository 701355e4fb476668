# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces drawn in strokes talk: keys on the bones that move their points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import FRAMES, LAYERS, MATERIALS
from ...characters.head_place import HeadPlace
from ...characters.rotations import rotation_matrices, rotation_path, turned
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import Dials, FaceAnimation
from ...contract.dialled import dialled
from ...host.blender_versions import grease_pencil
from ...keys.channels import Channel, Rest
from ...motion import drawn_motion
from ...motion.drawn_face import HEAD, DrawnFace
from . import drawing, frames, rig
from .drawing import Reading

_OF_DRAWINGS = (FRAMES, LAYERS, MATERIALS)


class DrawnStrokes(Target):
    """A face that is drawn in Grease Pencil strokes."""

    name = "grease_pencil"
    title = "drawing"

    def present(self, character: Character) -> bool:
        """Where a drawing has a mouth that can open, and nothing stands in the way."""
        return any(not obstacle for _, _, obstacle in _readings(character))

    def talks(self, character: Character) -> bool:
        """Always: its mouth is what it is known by."""
        return True

    def notices(self, obj: Any) -> bool:
        """Drawings in strokes."""
        return grease_pencil.is_drawing(obj)

    def summary(self, character: Character) -> str:
        """Which drawing."""
        return "a face drawn in strokes"

    def why_not(self, character: Character) -> str:
        """What the first drawing lacks."""
        return next((obstacle for _, _, obstacle in _readings(character) if obstacle), "")

    def not_live(self, character: Character) -> str:
        """Only bones move strokes without new drawings, and they come with keys."""
        names = [obj.name for obj in _drawings(character)]
        moved = [obj for obj in _drawings(character) if rig.find(obj) and not frames.are_wanted(obj)]
        if moved or not names:
            return ""
        if not grease_pencil.keeps_weights():
            return f"This Blender moves the strokes of '{names[0]}' by new drawings alone, which a live preview does not make."
        why = next(filter(None, map(frames.needs_drawings, _drawings(character))), "")
        return why or (
            f"The strokes of '{names[0]}' move in a live preview once bones move them: choose Bones in the panel Grease Pencil, "
            "and generate."
        )

    def datablocks(self, character: Character) -> list[Any]:
        """The armatures that were added."""
        every = (obj for obj in character.objects if grease_pencil.is_drawing(obj))
        rigs = (rig.find(obj) for obj in every)  # also where its mouth is swapped by now
        return [armature for armature in rigs if armature is not None]

    def set_up(self, character: Character) -> None:
        """Add the armature, and where it is to move the drawing weights and a modifier."""
        for obj, reading, obstacle in _readings(character):
            if not obstacle:
                frames.remove(obj)
                number = drawing.present_frame(obj)
                rig.build(obj, reading, number, by_bones=not frames.are_wanted(obj))

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """The face as the drawing's object carries it."""
        obj, reading, _ = next(row for row in _readings(character) if not row[2])
        face, plane = reading.face, reading.plane
        assert face is not None
        origin = plane.deep(face.centre) + plane.viewer * reading.depth
        axes = np.stack([plane.right, plane.up, plane.viewer], axis=1)
        return HeadPlace.of(obj.matrix_world, axes, origin, face.unit)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves of the locations of bones, and of the turn of the head's."""
        outcome = Outcome(warnings=_left_still(character))
        motion = dialled(animation, settings.dials)
        for obj in _drawings(character):
            armature = rig.find(obj)
            if armature is None:
                continue
            face = drawing.read(obj, rig.frame_of(armature)).face
            if face is not None and all(rig.bone(name) in armature.pose.bones for name in face.names):
                outcome.channels += _channels(armature, face, motion, settings.rest)
            else:
                outcome.warnings.append(
                    f"The drawing '{obj.name}' changed since its talking animation was generated: generate it again."
                )
        return outcome

    def follow(self, animation: FaceAnimation, character: Character, dials: Dials, start: int) -> list[str]:
        """Draw frame by frame, where that is wanted; else let bones move it. Either may have been chosen since it was generated,
        or become the only way, as where a layer was scaled.
        """
        told: list[str] = []
        for obj in _drawings(character):
            armature = rig.find(obj)
            if armature is None:
                continue
            if frames.are_wanted(obj):
                rig.loosen(obj, armature)  # else its points would be moved twice
                told += frames.draw(obj, rig.frame_of(armature), dialled(animation, dials), start)
            elif frames.remove(obj) or not rig.is_bound(obj, armature):
                reading = drawing.read(obj, rig.frame_of(armature))
                if reading.face is not None:
                    rig.bind(obj, reading, armature)
        return told

    def clear(self, character: Character) -> bool:
        """Take away the armature, its weights and modifier, and the keyframes that were drawn."""
        cleared = False
        for obj in list(filter(grease_pencil.is_drawing, character.objects)):
            cleared |= frames.remove(obj)
            cleared |= rig.remove(obj)
        return cleared


def _drawings(character: Character) -> list[Any]:
    """The drawings that are moved: those whose mouths are swapped are not, too."""
    swapped = [
        drawings.object_named(chart.where.name, character.objects)
        for chart in drawings.mapped_of(character.root).charts
        if chart.feature == "mouth" and chart.kind in _OF_DRAWINGS
    ]
    return [obj for obj in character.objects if grease_pencil.is_drawing(obj) and obj not in swapped]


def _readings(character: Character) -> Iterator[tuple[Any, Reading, str]]:
    """Each drawing as it is now, and why it cannot be made to talk; "" where it can."""
    for obj in _drawings(character):
        reading = drawing.read(obj, drawing.present_frame(obj))
        yield obj, reading, drawing.obstacle(obj, reading)


def _left_still(character: Character) -> list[str]:
    """Sentences about drawings that are parts of the face of another one, and have no mouth that could move them.

    Each dial that moves asks: what talks itself is not read for it.
    """
    every = _drawings(character)
    rigs = [rig.find(obj) for obj in every]
    talking = next((obj for obj, armature in zip(every, rigs) if armature is not None), None)
    if talking is None:
        return []
    told = []
    for obj, armature in zip(every, rigs):
        reading = drawing.read(obj, drawing.present_frame(obj)) if armature is None else None
        if reading is None or reading.face is not None:
            continue
        if any(stroke.part for drawn in reading.layers for stroke in drawn.flat):
            told.append(
                f"The drawing '{obj.name}' is a part of the face that '{talking.name}' talks with, but an object of its own, and "
                "stays still: join both (Object > Join), so that it moves with the mouth."
            )
    return told


def _channels(armature: Any, face: DrawnFace, motion: FaceAnimation, rest: Rest) -> list[Channel]:
    """A face's curves."""
    moves = drawn_motion.motion_of(face, motion)
    channels = []

    def path_of(bone: str, name: str) -> str:
        return f'pose.bones["{rig.bone(bone)}"].{name}'

    def add(bone: str, name: str, index: int, group: str, values: np.ndarray) -> None:
        path = path_of(bone, name)
        column = np.ascontiguousarray(values, np.float32)
        channels.append(Channel(armature, path, index, group, column, rest(armature, path, index)))

    for number, control in enumerate(face.controls):
        for index in range(2):
            add(control.name, "location", index, control.group, moves.moved[:, number, index])
    for index in range(2):
        add(HEAD, "location", index, HEAD, moves.head[:, index])
    mode = armature.pose.bones[rig.bone(HEAD)].rotation_mode
    name, count = rotation_path(mode)
    path = path_of(HEAD, name)
    turns = rotation_matrices(moves.head[:, 2:] * np.array([0.0, 0.0, 1.0]))
    values = turned([rest(armature, path, index) for index in range(count)], mode, turns)
    for index in range(count) if count == 4 else (2,):
        add(HEAD, name, index, HEAD, values[:, index])
    return channels
