# SPDX-License-Identifier: GPL-3.0-or-later
"""Bones for the controls of a drawn face: an armature below the drawing, weights on its points, and a modifier.

Each bone's own x is to the picture's right, y up, z to the viewer, so that its location is what its control moves.
"""

from __future__ import annotations

import json
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Vector

from ...characters.character import ROLE
from ...host.blender_versions import bones, grease_pencil
from ...host.kept_values import whole
from ...host.scene_frames import LAST_FRAME
from ...keys import actions
from ...motion.drawn_face import HEAD, DrawnFace
from ...motion.drawn_weights import weights_of
from .drawing import OWN_GROUPS, Reading, flattened, own_frames

RIG: Final = "drawing_rig"  # the role of the armature
STILL: Final = "Still"
_MADE_OF = "talking_animation_made_of"  # the armature remembers what it was made for
_FRAME = "talking_animation_frame"
_BONE = 0.04  # in eye distances


def bone(control: str) -> str:
    """The bone and the vertex group of a control: no name that a user's own rig has."""
    return OWN_GROUPS + control


def find(obj: Any) -> Any:
    """The armature that was added for a drawing; None where there is none."""
    return next((child for child in obj.children if child.get(ROLE) == RIG), None)


def frame_of(armature: Any) -> int:
    """The scene's frame whose drawing an armature was made for; before all drawings where that is damaged."""
    known = whole(armature.get(_FRAME))
    return -LAST_FRAME if known is None else known


def build(obj: Any, reading: Reading, number: int, by_bones: bool) -> Any:
    """Give a drawing its armature, or bring the one that it has up to date; returns it.

    Args:
        obj: the drawing.
        reading: what is drawn, with a face.
        number: the scene's frame at which it was read.
        by_bones: whether the armature is to move the drawing; else its keys are there to be drawn from.
    """
    face = reading.face
    assert face is not None
    made_of = _fingerprint(face, reading)
    armature = find(obj)
    if armature is None:
        armature = _new(obj)
    loosen(obj, armature)
    if armature.get(_MADE_OF) != made_of:
        actions.remove(armature)
        _make_bones(armature, reading, face)  # it stays the same object, which others may know by now
        armature[_MADE_OF] = made_of
    armature[_FRAME] = number
    if by_bones and grease_pencil.keeps_weights():
        bind(obj, reading, armature)
    return armature


def _fingerprint(face: DrawnFace, reading: Reading) -> str:
    places = [[control.name, *np.round(control.place, 4).tolist()] for control in face.controls]
    return json.dumps(
        [places, np.round([reading.plane.viewer, reading.plane.up], 2).tolist(), round(reading.depth, 4)]
    )


def _new(obj: Any) -> Any:
    name = f"{obj.name} controls"
    armature: Any = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    armature[ROLE] = RIG
    armature.parent = obj
    armature.data.display_type = "WIRE"  # thin, so that the drawing is seen below them
    armature.show_in_front = True
    for scene in obj.users_scene:
        scene.collection.objects.link(armature)
    return armature


def _make_bones(armature: Any, reading: Reading, face: DrawnFace) -> None:
    """Give an armature the bones of a face, in place of those that it has."""
    with bones.editing(armature) as edited:
        for bone_ in list(edited):
            edited.remove(bone_)
        _add_bones(edited, reading, face)
    for pose_bone in armature.pose.bones:
        pose_bone.rotation_mode = "XYZ"
        pose_bone.matrix_basis.identity()


def _add_bones(edited: Any, reading: Reading, face: DrawnFace) -> None:
    plane = reading.plane

    def place(flat: np.ndarray) -> Vector:
        deep = plane.deep(np.asarray(flat)) + plane.viewer * reading.depth
        return Vector(deep.tolist())

    def add(name: str, flat: np.ndarray, length: float, parent: Any) -> Any:
        made = edited.new(bone(name))
        made.head = place(flat)
        made.tail = made.head + Vector(plane.up.tolist()) * length
        made.align_roll(Vector(plane.viewer.tolist()))
        made.parent = parent
        return made

    add(STILL, face.pivot, 0.1 * face.unit, None)
    head = add(HEAD, face.pivot, 0.3 * face.unit, None)
    for control in face.controls:
        add(control.name, control.place, _BONE * face.unit, head)


def is_bound(obj: Any, armature: Any) -> bool:
    """Whether an armature moves the points of a drawing."""
    return bool(grease_pencil.armatures(obj, armature))


def bind(obj: Any, reading: Reading, armature: Any) -> None:
    """Weigh all of the user's drawings, and let the bones move them; the reading has a face."""
    face = reading.face
    assert face is not None
    names = [bone(name) for name in (*face.names, STILL)]
    for name in names:
        if name not in obj.vertex_groups:  # another object may show the same drawing
            obj.vertex_groups.new(name=name)
    for layer in obj.data.layers:
        if grease_pencil.is_locked(layer):
            continue
        ours = own_frames(obj).get(grease_pencil.layer_name(layer), set())
        for frame in layer.frames:
            if frame.frame_number in ours:
                continue
            strokes = grease_pencil.read(layer, frame)
            weights = weights_of(face, flattened(obj, reading.plane, layer, frame, strokes))
            still = np.maximum(1.0 - weights.sum(axis=1, keepdims=True), 0.0)
            still[still < 1e-6] = 0.0
            grease_pencil.weigh(obj, frame, names, np.concatenate([weights, still], axis=1))
    grease_pencil.add_armature(obj, armature.name, armature)


def loosen(obj: Any, armature: Any) -> None:
    """The drawing without its weights and modifier."""
    grease_pencil.remove_armature(obj, armature)
    if any(other.data == obj.data and other != obj and find(other) for other in bpy.data.objects):
        return  # its groups are those of another object that shows the same drawing and talks, too
    names = {bone_.name for bone_ in armature.data.bones}
    for group in list(obj.vertex_groups):
        if group.name in names and group.name.startswith(OWN_GROUPS):
            obj.vertex_groups.remove(group)


def remove(obj: Any) -> bool:
    """Take the armature, the weights and the modifier off a drawing; returns whether there were any."""
    armature = find(obj)
    if armature is None:
        return False
    loosen(obj, armature)
    actions.remove(armature)
    data = armature.data
    bpy.data.objects.remove(armature)
    if not data.users:
        bpy.data.armatures.remove(data)
    return True
