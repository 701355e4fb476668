# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is measured of a character's face bones, once: kept until the rig changes, since a dial asks again and again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from mathutils import Vector

from ...characters.character import Character
from ...characters.rotations import pure_rotation
from ...rigs.face_bones import ROLES, SIDES, FaceBones
from . import bone_points
from .brows import BrowResponse, measure_brow
from .controls import Freedom, FreedomFinder, tip_motion
from .frame import MOUTH_WIDTH, FaceFrame, find_frame
from .lids import LidPose, find_lid_poses
from .mouth import (
    JAW_TEST,
    Coupling,
    MouthResponse,
    ReadPoints,
    WatchedMouth,
    find_jaw,
    lip_freedoms,
    measure,
)
from .mouth_points import MouthPoints, find_mouth
from .overlap import ShapeMotion, shape_motion
from .probe import Poses, Probe, deformed_meshes

_SAMPLED_WEIGHTS: Final = 400  # vertices of a mesh
_STILL: Final = 1e-3  # outer eye-corner distances that are no motion
_PLAIN: Final = frozenset({"BOOLEAN", "INT", "FLOAT", "ENUM", "STRING"})
_ABOVE: Final = (0.35, 0.25)  # beside and above the middle of a mouth: skin that no jaw takes along
_ALONG: Final = 0.5  # of what goes farthest
_PULLED: Final = 0.1  # of an edge's length
_PLACES: Final = 9  # along the lips at which they are to meet
_SCALE: Final = (0.6, 1.7)  # a mouth's size against an average one
_FACE: Final = 1.8  # outer eye-corner distances around the mouth: the skin that is looked at
# How many bones are measured at most: a rig of hundreds has several for each place of a lip.
_MOST_LIPS, _MOST_CORNERS, _MOST_LIDS, _FEWEST = 9, 2, 5, 3
_BUDGET: Final = (
    10.0  # seconds for all poses of a rig; where they would take longer, fewer bones are measured
)
_clock = time.perf_counter


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
        warnings: sentences about why nothing would be seen.
    """

    face_bones: FaceBones
    frame: FaceFrame
    shapes: ShapeMotion
    mouth: MouthResponse | None = None
    lids: dict[str, LidPose] = field(default_factory=dict)
    brows: dict[str, BrowResponse] = field(default_factory=dict)
    rests: dict[str, np.ndarray] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


_known: dict[str, tuple[bytes, Study | None]] = {}


def forget() -> None:
    """Measure every character anew when it is asked for next."""
    _known.clear()


def study(character: Character) -> Study | None:
    """Measure a character's face bones; None where it has none, or they do not tell where the face is.

    The measurement is kept until the bones, their locks and drivers, or the meshes' shapes and weights change.
    """
    for _ in measuring(character):
        pass
    known = _known.get(character.armature.name) if _is_measurable(character) else None
    return known[1] if known is not None else None


def measuring(character: Character) -> Iterator[float]:
    """Measure a character's face bones a pose at a time, so that `study` knows them afterwards.

    Whoever stops asking closes it, and nothing is left behind. Meanwhile the file holds a copy of the rig: nothing else may
    change it.

    Yields:
        0 to 1: how much is done; nothing where all is known already.
    """
    if not _is_measurable(character):
        return
    armature, face_bones = character.armature, character.face_bones
    signature = _signature(character, face_bones)
    known = _known.get(armature.name)
    if known is not None and known[0] == signature:
        return
    _known.pop(armature.name, None)
    expected = _expected_poses(face_bones)
    poses = _study(character, face_bones)
    done = 0
    try:
        while True:
            try:
                next(poses)
            except StopIteration as end:
                _known[armature.name] = (signature, end.value)
                return
            done += 1
            yield min(done / expected, 1.0)
    finally:
        poses.close()


def _is_measurable(character: Character) -> bool:
    armature = character.armature
    return bool(
        armature is not None
        and armature.pose is not None
        and armature.library is None
        and character.face_bones
    )


def _expected_poses(face_bones: FaceBones) -> int:
    """About how many poses measuring takes."""
    lips = 3 * min(len(face_bones.lips), 2 * (_MOST_LIPS + _MOST_CORNERS))
    lids = len(face_bones.bones("lid_upper.left", "lid_lower.left"))
    return 8 + lips + (9 + min(lids, 2 * _MOST_LIDS) if lids else 0)


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
            bone.bone.use_deform,
            bone.rotation_mode,
            tuple(bone.lock_location),
            tuple(bone.lock_rotation),
            [_settings(constraint) for constraint in bone.constraints],
        )
        digest.update(repr(state).encode())
    data = armature.animation_data
    digest.update(repr(len(data.drivers) if data is not None else 0).encode())
    for mesh_object in _meshes(armature, face_bones):
        flat = np.empty(3 * len(mesh_object.data.vertices), np.float32)
        mesh_object.data.vertices.foreach_get("co", flat)
        digest.update(mesh_object.name.encode() + flat.tobytes())
        deformers = [_settings(modifier) for modifier in mesh_object.modifiers if modifier.type == "ARMATURE"]
        digest.update(repr(deformers).encode())
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


def _settings(owner: Any) -> list[Any]:
    """The values of a constraint's or a modifier's plain settings."""
    plain = (
        one for one in owner.bl_rna.properties if one.type in _PLAIN and not getattr(one, "is_array", False)
    )
    return [(one.identifier, getattr(owner, one.identifier)) for one in plain]


def _meshes(armature: Any, face_bones: FaceBones) -> list[Any]:
    """The meshes that face bones deform; of a rig whose controls do not deform, all that the armature deforms."""
    mouth = (*face_bones.bones("jaw"), *face_bones.lips)
    deforming = {bone.name for bone in armature.data.bones if bone.use_deform}
    meshes = deformed_meshes(armature, mouth) or deformed_meshes(armature, deforming)
    shown = [obj for obj in meshes if not obj.hide_render or obj.visible_get()]
    if shown or not meshes:
        return shown
    # All are hidden: of models for games, cages and what weights are painted on, the one with most of the bones.
    return [max(meshes, key=lambda obj: sum(group.name in deforming for group in obj.vertex_groups))]


def _study(character: Character, face_bones: FaceBones) -> Poses[Study | None]:
    armature = character.armature
    frame = find_frame(character, face_bones)
    if frame is None:
        return None
    result = Study(face_bones, frame, shape_motion(character, face_bones, frame))
    if result.shapes.lips and not result.shapes.mouth:  # the jaw alone opens what shapes form
        kept = tuple(match for match in face_bones.matches if not match.role.startswith("lip_"))
        face_bones = replace(face_bones, matches=kept)
    bones = armature.data.bones
    result.rests = {name: pure_rotation(bones[name].matrix_local) for name in face_bones.bones("tongue")}
    finder = FreedomFinder(armature)
    _note_shapes(result)
    talks = face_bones.talks and not result.shapes.mouth
    lids = face_bones.bones("lid_upper.left", "lid_upper.right", "lid_lower.left", "lid_lower.right")
    if talks or (lids and not result.shapes.blinks):

        def of_the_face(points: np.ndarray) -> np.ndarray:
            near = np.linalg.norm(frame.to_face(points) - frame.mouth, axis=1) < _FACE
            return np.asarray(near)

        with Probe(armature, _meshes(armature, face_bones), of_the_face) as probe:
            measured = _affordable(result, face_bones, probe)
            if talks:
                yield from _study_mouth(result, measured, finder, probe, armature)
            if lids and not result.shapes.blinks:
                result.lids = yield from find_lid_poses(finder, probe, armature, frame, measured)
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
        (shapes.mouth, ("jaw",), "mouth"),
        (
            shapes.mouth or shapes.lips,
            ("lip_upper", "lip_lower", "lip_corner.left", "lip_corner.right"),
            "mouth",
        ),
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


def _affordable(result: Study, face_bones: FaceBones, probe: Probe) -> FaceBones:
    """The face bones that are measured and moved: where there are several for each place, or poses take long, a part of them."""
    probe.pose([], np.zeros(0))
    begin = _clock()
    probe.shake()
    seconds = _clock() - begin
    share = min(1.0, _BUDGET / max(seconds * _expected_poses(face_bones), 1e-9))
    chosen = []
    for role in ROLES:
        names = face_bones.bones(role)
        most = {"lip_upper": _MOST_LIPS, "lip_lower": _MOST_LIPS}.get(role, len(names))
        most = _MOST_CORNERS if role.startswith("lip_corner") else most
        most = _MOST_LIDS if role.startswith("lid_") else most
        if role.startswith("li"):
            most = max(round(most * share), _FEWEST) if len(names) > _FEWEST else len(names)
        kept = _spread(result.frame, probe, names, most)
        chosen += [match for match in face_bones.matches if match.role == role and match.bone in kept]
        if len(kept) < len(names):
            result.notes[role] = f"{len(kept)} of its {len(names)} bones are moved, evenly spread."
    return replace(face_bones, matches=tuple(chosen))


def _spread(frame: FaceFrame, probe: Probe, names: tuple[str, ...], most: int) -> tuple[str, ...]:
    """At most so many of some bones, from one side of the face to the other."""
    if len(names) <= most:
        return names
    across = frame.to_face(probe.bone_ends(names)[:, 0])[:, 0].argsort(kind="stable")
    return tuple(names[across[index]] for index in np.linspace(0, len(names) - 1, most).round().astype(int))


def _study_mouth(
    result: Study, face_bones: FaceBones, finder: FreedomFinder, probe: Probe, armature: Any
) -> Poses[None]:
    frame = result.frame
    skin = frame.to_face(probe.vertices())
    near = np.flatnonzero(np.linalg.norm(skin - frame.mouth, axis=1) < 0.8)

    def skin_near() -> np.ndarray:
        return frame.to_face(probe.vertices()[near])

    jaw = None
    for name in face_bones.bones("jaw")[:1]:
        jaw = yield from _study_jaw(result, name, finder, probe, skin_near if len(near) else None)
    lips = lip_freedoms(finder, frame, face_bones.lips)
    if jaw is None and not lips:
        return
    points = None
    if len(near):
        lower = [freedom for freedom in lips if freedom.bone in face_bones.bones("lip_lower")]
        yield from _open(probe, frame, jaw, lower, skin_near)
        opened = frame.to_face(probe.vertices())
        points = find_mouth(skin, opened, probe.edges(), frame.mouth)
        places, moved = skin - frame.mouth, np.linalg.norm(opened - skin, axis=1)
        if jaw is not None and (_goes_along(places, moved, near) or not _is_headed(places, frame, armature)):
            result.warnings.append(
                f"The skin above the mouth of '{armature.name}' goes with the bone of its jaw, '{jaw.bone}', so the lips do not "
                "part: paint that bone's weights on lower lip and chin alone."
            )
        if float(np.abs(opened - skin)[near].max()) < _STILL and not _carries_objects(armature):
            result.warnings.append(
                f"The bones of the mouth of '{armature.name}' move, but no mesh goes with them: bind the mesh of the face to "
                "the armature, or paint weights for these bones."
            )
        elif points is None and jaw is not None and _stretches(skin, opened, probe.edges()):
            result.warnings.append(
                f"No lips of '{armature.name}' part as the bone of its jaw, '{jaw.bone}', moves: choose the bone that opens the "
                "mouth under Face > Mapping, or cut the mesh between the lips."
            )
        probe.pose([], np.zeros(0))
    if points is not None:
        watched = _watched(points, frame, probe, skin_near)
    else:
        watched = bone_points.lip_points(face_bones, probe, armature, frame)
    coupling = _coupling(face_bones, probe, armature, frame)
    result.mouth = yield from measure(probe, frame, jaw, lips, watched, coupling)


def _study_jaw(
    result: Study, name: str, finder: FreedomFinder, probe: Probe, skin_near: ReadPoints | None
) -> Poses[Freedom | None]:
    """What opens the jaw of a bone: told by the skin around the mouth, where there is any, else by the mouth on that bone."""
    frame = result.frame

    def mouth_on_jaw() -> np.ndarray:
        return frame.to_face(np.array([probe.carried(name, frame.to_armature(frame.mouth))]))

    jaw = None if skin_near is None else (yield from find_jaw(finder, probe, frame, name, skin_near))
    if jaw is None:
        jaw = yield from find_jaw(finder, probe, frame, name, mouth_on_jaw)
    if jaw is None and name not in finder.skipped:
        result.notes.setdefault("jaw", f"'{name}' opens nothing and was left alone.")
    return jaw


def _open(
    probe: Probe, frame: FaceFrame, jaw: Freedom | None, lower: list[Freedom], skin_near: ReadPoints
) -> Poses[None]:
    """Pose the mouth open: by its jaw, or, without one, with the lower lip drawn down."""
    if jaw is not None:
        test = min(jaw.high, JAW_TEST if jaw.kind == "rotation" else 0.4 * jaw.high)
        probe.pose([jaw], np.array([test]))
        return
    falls = np.zeros(len(lower))
    for number, freedom in enumerate(lower):
        falls[number] = _fall(probe, freedom, skin_near, frame)
        yield
    probe.pose(lower, 0.1 * falls * frame.unit if len(falls) else falls)


def _goes_along(places: np.ndarray, moved: np.ndarray, near: np.ndarray) -> bool:
    """Whether the skin between mouth and nose goes with a jaw.

    Args:
        places: (N, 3) the skin, from the middle of the mouth; outer eye-corner distances.
        moved: (N,) how far each vertex goes as the jaw opens.
        near: the vertices around the mouth.
    """
    above = near[(np.abs(places[near, 0]) < _ABOVE[0]) & (places[near, 1] > _ABOVE[1])]
    largest = float(moved[near].max())
    return bool(len(above)) and largest > _STILL and float(moved[above].mean()) > _ALONG * largest


def _stretches(skin: np.ndarray, opened: np.ndarray, edges: np.ndarray) -> bool:
    """Whether a jaw pulls at a skin, (N, 3) at rest and opened; no jaw of its own piece does, as a robot's, which has no lips."""
    before, after = (np.linalg.norm(at[edges[:, 0]] - at[edges[:, 1]], axis=1) for at in (skin, opened))
    return bool((np.abs(after - before) > _PULLED * before).any())


def _is_headed(places: np.ndarray, frame: FaceFrame, armature: Any) -> bool:
    """Whether anything on an armature lies above a mouth, which is taken to be where the skin that its jaw carries ends."""
    if float(places[:, 1].max()) > _ABOVE[1]:
        return True
    into = armature.matrix_world.inverted_safe()
    for obj in armature.children_recursive:
        corners = [into @ obj.matrix_world @ Vector(corner) for corner in obj.bound_box]
        tops = frame.to_face(np.array(corners))[:, 1] - frame.mouth[1]
        if obj.type == "MESH" and float(tops.max()) > _ABOVE[1]:
            return True
    return False


def _watched(points: MouthPoints, frame: FaceFrame, probe: Probe, skin_near: ReadPoints) -> WatchedMouth:
    """A mouth's landmarks on the skin and, without landmarks of their own, the places along the lips."""
    count = len(points.seam)
    chosen = np.unique(np.linspace(0, count - 1, min(count, _PLACES)).round().astype(int))
    seam = points.seam[chosen]
    vertices = np.concatenate([points.vertices, seam.reshape(-1)])
    landmarks = np.concatenate([points.landmarks, np.full(seam.size, -1)])
    first = len(points.vertices)
    scale = float(np.clip(points.width / (0.92 * MOUTH_WIDTH), *_SCALE))
    return WatchedMouth(
        landmarks,
        lambda: frame.to_face(probe.vertices()[vertices]),
        scale,
        np.arange(first, first + seam.size).reshape(-1, 2),
        points.along[chosen],
        skin_near,
    )


def _coupling(face_bones: FaceBones, probe: Probe, armature: Any, frame: FaceFrame) -> Coupling:
    """The lips' bones in their order along the mouth."""
    right, left = face_bones.bones("lip_corner.right"), face_bones.bones("lip_corner.left")
    chains = []
    for role in ("lip_upper", "lip_lower"):
        names = (*right, *face_bones.bones(role), *left)
        across = frame.to_face(probe.bone_ends(names)[:, 0])[:, 0].argsort(kind="stable")
        chains.append(tuple(names[index] for index in across))

    def way(freedom: Freedom) -> np.ndarray:
        moved = tip_motion(armature, freedom, freedom.kind == "rotation")
        return np.asarray(moved @ frame.axes / frame.unit)

    return Coupling(tuple(chains), frozenset((*right, *left)), face_bones.bones("lip_lower"), way)


def _carries_objects(armature: Any) -> bool:
    """Whether objects hang on its bones, as the parts of a puppet do."""
    return any(obj.parent_type == "BONE" and obj.type == "MESH" for obj in armature.children)


def _fall(probe: Probe, freedom: Any, read: Any, frame: FaceFrame) -> float:
    """-1…1: how much of a control's motion lets the skin fall."""
    probe.pose([], np.zeros(0))
    rest = read()
    step = 0.05 * frame.unit if freedom.kind == "location" else 0.1
    probe.pose([freedom], np.array([step]))
    moved = rest[:, 1] - read()[:, 1]
    unit = step / frame.unit if freedom.kind == "location" else step
    return float(np.clip(moved[np.abs(moved).argmax()] / unit, -1, 1))
