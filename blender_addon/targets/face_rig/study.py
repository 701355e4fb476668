# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is measured of a character's face bones, once: kept until the rig changes, since a dial asks again and again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ...characters.character import Character
from ...characters.rotations import pure_rotation
from ...rigs.face_bones import SIDES, FaceBones
from . import bone_points
from .brows import BrowResponse, measure_brow
from .controls import FreedomFinder
from .frame import MOUTH_WIDTH, FaceFrame, find_frame
from .lids import LidPose, find_lid_poses
from .mouth import JAW_TEST, MouthResponse, WatchedMouth, find_jaw, lip_freedoms, measure
from .mouth_points import find_mouth
from .overlap import ShapeMotion, shape_motion
from .probe import Probe, deformed_meshes

_SAMPLED_WEIGHTS: Final = 400  # vertices of a mesh
_SCALE: Final = (0.6, 1.7)  # a mouth's size against an average one


@dataclass
class Study:
    """What is known of a character's face bones.

    Attributes:
        face_bones: the bones.
        frame: where the face is.
        shapes: what shape keys move already.
        mouth: how jaw and lips answer; None where bones do not move them.
        lids: side → the pose of the shut eye.
        brows: side → how the brow answers.
        rests: bone → (3, 3) its rest rotation in the armature's space.
        notes: role → sentence about what was left alone and why.
    """

    face_bones: FaceBones
    frame: FaceFrame
    shapes: ShapeMotion
    mouth: MouthResponse | None = None
    lids: dict[str, LidPose] = field(default_factory=dict)
    brows: dict[str, BrowResponse] = field(default_factory=dict)
    rests: dict[str, np.ndarray] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


_known: dict[str, tuple[bytes, Study | None]] = {}


def forget() -> None:
    """Measure every character anew when it is asked for next."""
    _known.clear()


def study(character: Character) -> Study | None:
    """Measure a character's face bones; None where it has none, or they do not tell where the face is.

    The measurement is kept until the bones, their locks and drivers, or the meshes' shapes and weights change.
    """
    armature = character.armature
    if armature is None or armature.pose is None or armature.library is not None:
        return None
    face_bones = character.face_bones
    if not face_bones:
        return None
    signature = _signature(character, face_bones)
    known = _known.get(armature.name)
    if known is None or known[0] != signature:
        known = _known[armature.name] = (signature, _study(character, face_bones))
    return known[1]


def _signature(character: Character, face_bones: FaceBones) -> bytes:
    """Changes with what a measurement depends on; of the meshes' weights it sees a sample."""
    armature = character.armature
    digest = hashlib.sha1(repr((face_bones, character.head)).encode())
    pose = armature.pose.bones
    for match in face_bones.matches:
        bone = pose[match.bone]
        state = (
            tuple(tuple(row) for row in bone.bone.matrix_local),
            bone.bone.length,
            bone.bone.use_connect,
            bone.rotation_mode,
            tuple(bone.lock_location),
            tuple(bone.lock_rotation),
            [(constraint.type, constraint.mute, constraint.influence) for constraint in bone.constraints],
        )
        digest.update(repr(state).encode())
    data = armature.animation_data
    digest.update(repr(len(data.drivers) if data is not None else 0).encode())
    for mesh_object in _meshes(armature, face_bones):
        flat = np.empty(3 * len(mesh_object.data.vertices), np.float32)
        mesh_object.data.vertices.foreach_get("co", flat)
        digest.update(mesh_object.name.encode() + flat.tobytes())
        step = max(1, len(mesh_object.data.vertices) // _SAMPLED_WEIGHTS)
        groups = [
            [(group.group, round(group.weight, 4)) for group in mesh_object.data.vertices[index].groups]
            for index in range(0, len(mesh_object.data.vertices), step)
        ]
        digest.update(repr((groups, [group.name for group in mesh_object.vertex_groups])).encode())
    for mesh in character.meshes:
        digest.update(
            repr((mesh.object.name, sorted(mesh.shapes.items()), sorted(mesh.channels.items()))).encode()
        )
    return digest.digest()


def _meshes(armature: Any, face_bones: FaceBones) -> list[Any]:
    """The meshes that face bones deform; of a rig whose controls do not deform, all that the armature deforms."""
    mouth = (*face_bones.bones("jaw"), *face_bones.lips)
    return deformed_meshes(armature, mouth) or deformed_meshes(
        armature, (bone.name for bone in armature.data.bones if bone.use_deform)
    )


def _study(character: Character, face_bones: FaceBones) -> Study | None:
    armature = character.armature
    frame = find_frame(character, face_bones)
    if frame is None:
        return None
    result = Study(face_bones, frame, shape_motion(character, face_bones, frame))
    bones = armature.data.bones
    result.rests = {name: pure_rotation(bones[name].matrix_local) for name in face_bones.bones("tongue")}
    finder = FreedomFinder(armature)
    _note_shapes(result)
    talks = face_bones.talks and not result.shapes.mouth
    lids = face_bones.bones("lid_upper.left", "lid_upper.right", "lid_lower.left", "lid_lower.right")
    if talks or (lids and not result.shapes.blinks):
        with Probe(armature, _meshes(armature, face_bones)) as probe:
            if talks:
                _study_mouth(result, finder, probe, armature)
            if lids and not result.shapes.blinks:
                result.lids = find_lid_poses(finder, probe, armature, frame, face_bones)
    if not result.shapes.brows:
        for side in SIDES:
            brow = measure_brow(finder, armature, frame, face_bones.bones(f"brow.{side}"), side)
            if brow is not None:
                result.brows[side] = brow
    for match in face_bones.matches:
        if match.bone in finder.skipped and match.role not in result.notes:
            result.notes[match.role] = f"'{match.bone}' {finder.skipped[match.bone]} and was left alone."
    return result


def _note_shapes(result: Study) -> None:
    shapes = result.shapes
    for name, roles, part in (
        (shapes.mouth, ("jaw", "lip_upper", "lip_lower", "lip_corner.left", "lip_corner.right"), "mouth"),
        (shapes.blinks, ("lid_upper.left", "lid_upper.right", "lid_lower.left", "lid_lower.right"), "lids"),
        (shapes.brows, ("brow.left", "brow.right"), "brows"),
        (shapes.tongue, ("tongue",), "tongue"),
        (shapes.gaze, ("eye.left", "eye.right", "eye_target"), "eyes"),
    ):
        if name:
            for role in roles:
                result.notes[role] = f"Left at rest: shape keys such as '{name}' move the {part} already."
    for role in ("cheek.left", "cheek.right"):
        result.notes[role] = "Left at rest: cheeks follow the bones around them."
    if result.face_bones.bones("eye_target"):
        for role in ("eye.left", "eye.right"):
            result.notes.setdefault(role, "Left at rest: the eyes look at their target.")


def _study_mouth(result: Study, finder: FreedomFinder, probe: Probe, armature: Any) -> None:
    face_bones, frame = result.face_bones, result.frame
    jaw = None
    skin = frame.to_face(probe.vertices())
    near = np.flatnonzero(np.linalg.norm(skin - frame.mouth, axis=1) < 0.8)

    def skin_near() -> np.ndarray:
        return frame.to_face(probe.vertices()[near])

    def mouth_on_jaw() -> np.ndarray:
        mouth = frame.to_armature(frame.mouth)
        return frame.to_face(np.array([probe.carried(name, mouth) for name in face_bones.bones("jaw")[:1]]))

    for name in face_bones.bones("jaw")[:1]:
        jaw = find_jaw(finder, probe, frame, name, skin_near) if len(near) else None
        if jaw is None:
            jaw = find_jaw(finder, probe, frame, name, mouth_on_jaw)
        if jaw is None:
            result.notes.setdefault("jaw", f"'{name}' opens nothing and was left alone.")
    lips = lip_freedoms(finder, frame, face_bones.lips)
    if jaw is None and not lips:
        return
    points = None
    if len(near):
        if jaw is not None:
            test = min(jaw.high, JAW_TEST if jaw.kind == "rotation" else 0.4 * jaw.high)
            probe.pose([jaw], np.array([test]))
        else:  # without a jaw the lower lip is drawn down
            lower = [freedom for freedom in lips if freedom.bone in face_bones.bones("lip_lower")]
            falls = np.array([_fall(probe, freedom, skin_near, frame) for freedom in lower])
            probe.pose(lower, 0.1 * falls * frame.unit if len(falls) else falls)
        points = find_mouth(skin, frame.to_face(probe.vertices()), probe.edges(), frame.mouth)
        probe.pose([], np.zeros(0))
    if points is not None:
        vertices = points.vertices
        scale = float(np.clip(points.width / (0.92 * MOUTH_WIDTH), *_SCALE))
        watched = WatchedMouth(
            points.landmarks, lambda: frame.to_face(probe.vertices()[vertices]), scale, skin_near
        )
    else:
        watched = bone_points.lip_points(face_bones, probe, armature, frame)
    result.mouth = measure(probe, frame, jaw, lips, watched, face_bones.bones("lip_lower"))


def _fall(probe: Probe, freedom: Any, read: Any, frame: FaceFrame) -> float:
    """-1…1: how much of a control's motion lets the skin fall."""
    probe.pose([], np.zeros(0))
    rest = read()
    step = 0.05 * frame.unit if freedom.kind == "location" else 0.1
    probe.pose([freedom], np.array([step]))
    moved = rest[:, 1] - read()[:, 1]
    unit = step / frame.unit if freedom.kind == "location" else step
    return float(np.clip(moved[np.abs(moved).argmax()] / unit, -1, 1))
