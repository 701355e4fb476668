# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character's shape keys move already, so that bones do not move it twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...characters.character import Character, FaceMesh
from ...characters.rotations import pure_rotation
from ...characters.shape_offsets import ShapeOffsets
from ...host.blender_versions.shape_points import coordinates
from ...rigs.face_bones import FaceBones
from .. import lip_seam
from .frame import FaceFrame
from .probe import in_armature

_OPENS: Final = (
    0.08  # a shape that lets skin below the nose fall this far (outer eye-corner distances) opens the mouth
)
_MOVES: Final = 0.03
_CHANNELS: Final = {"blinks": ("eyeBlink",), "brows": ("brow",), "tongue": ("tongue",), "gaze": ("eyeLook",)}


@dataclass(frozen=True)
class ShapeMotion:
    """Which parts of a face the character's shape keys move: each "" or the name of a shape key that does.

    `mouth` is one that opens it as a jaw does, `lips` one that moves them beside it.
    """

    mouth: str = ""
    lips: str = ""
    blinks: str = ""
    brows: str = ""
    tongue: str = ""
    gaze: str = ""


def shape_motion(character: Character, face_bones: FaceBones, frame: FaceFrame) -> ShapeMotion:
    """Measure what the recognised shape keys of a character's meshes move.

    A shape with the right name that moves nothing does not count; eyes count as moved where shapes move the very vertices
    that the eyes' bones carry, or, without such vertices, where there are shapes that look about.
    """
    result: dict[str, str] = {}
    eye_bones = face_bones.bones("eye.left", "eye.right")
    eyeballs = False
    opener = lip_seam.opener_by_names(character)
    for mesh in character.meshes:
        mesh_object = mesh.object
        place = in_armature(mesh_object, character.armature)
        turn = pure_rotation(place) * np.array(place.to_scale())
        base = coordinates(mesh.key.reference_key).astype(np.float64)
        where = frame.to_face(base @ np.array(place)[:3, :3].T + np.array(place)[:3, 3])
        carried = _carried(mesh_object, eye_bones)
        shapes = ShapeOffsets(mesh_object)
        eyeballs |= bool(carried.any())
        for channel, names in _driven(mesh).items():
            of_mouth = "mouth" if channel == opener else "lips"
            part = next((p for p, prefixes in _CHANNELS.items() if channel.startswith(prefixes)), of_mouth)
            if part in result or (part == "lips" and channel.startswith(("eye", "cheek", "nose"))):
                continue
            for name in names:
                if name not in mesh.key.key_blocks:
                    continue
                moved = shapes.of(name) @ turn.T @ frame.axes / frame.unit
                if _counts(part, moved, where, carried):
                    result[part] = name
    if not eyeballs and "gaze" not in result and character.has_gaze_shapes:
        result["gaze"] = next(
            (name for mesh in character.meshes for key, names in _driven(mesh).items()
             if key.startswith("eyeLook") for name in names), "",
        )  # fmt: skip
    return ShapeMotion(**result)


def _driven(mesh: FaceMesh) -> dict[str, tuple[str, ...]]:
    """Channel → the shape keys that it drives."""
    if mesh.channels:
        return {channel: tuple(name for name, _ in drives) for channel, drives in mesh.channels.items()}
    return mesh.shapes


def _counts(part: str, moved: np.ndarray, where: np.ndarray, carried: np.ndarray) -> bool:
    if not len(moved):
        return False
    if part in ("mouth", "lips"):
        below = where[:, 1] < -0.4
        return bool(below.any() and -moved[below, 1].min() > _OPENS)
    if part == "gaze":
        return bool(carried.any() and np.linalg.norm(moved[carried], axis=1).max() > 0.01)
    return bool(np.linalg.norm(moved, axis=1).max() > _MOVES)


def _carried(mesh_object: Any, bones: Iterable[str]) -> np.ndarray:
    """(N,) which vertices of a mesh object belong wholly to some bones."""
    wanted = {group.index for group in mesh_object.vertex_groups if group.name in set(bones)}
    result = np.zeros(len(mesh_object.data.vertices), bool)
    if wanted:
        for vertex in mesh_object.data.vertices:
            result[vertex.index] = any(g.group in wanted and g.weight > 0.9 for g in vertex.groups)
    return result
