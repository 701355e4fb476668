# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an armature's face is and which way it looks, read off its bones at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ...characters.character import Character
from ...rigs.face_bones import SIDES, FaceBones
from .jaw_skin import JawSkin, jaw_skin

# Outer eye-corner distances between the centres of the eyes (anthropometric means, 63 : 90 mm).
_CORNERS_TO_PUPILS: Final = 1.43
# The mouth's middle seen from the middle between the eyeballs' centres, and the mouth's width, of an average face.
MOUTH_FROM_EYES: Final = np.array([0.0, -0.85, 0.42])
MOUTH_WIDTH: Final = 0.534
_EYE_FROM_CORNERS: Final = -0.12  # the eyeballs' centres lie behind the outer eye corners
_SNAP: Final = np.cos(np.radians(25.0))
_NOTHING: Final = 1e-9

Ends = dict[str, tuple[np.ndarray, np.ndarray]]
"""Bone → its joint (head) and its tip (tail), (3,) each, in the armature's space at rest."""


@dataclass(frozen=True)
class FaceFrame:
    """A face in its armature's space at rest.

    Attributes:
        axes: (3, 3), columns: to the picture's right (the character's left), up, to the viewer.
        origin: (3,) middle between the outer eye corners.
        unit: outer eye-corner distance.
        eyes: (2, 3) centres of the character's own left and right eyeball, in face coordinates.
        mouth: (3,) middle of the mouth, in face coordinates, as far as bones tell.
    """

    axes: np.ndarray
    origin: np.ndarray
    unit: float
    eyes: np.ndarray
    mouth: np.ndarray

    def to_face(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 3) of the armature's space in face coordinates: unit outer eye-corner distance."""
        return np.asarray((points - self.origin) @ self.axes / self.unit)

    def to_armature(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 3) in face coordinates in the armature's space."""
        return np.asarray(points @ self.axes.T * self.unit + self.origin)


@dataclass(frozen=True)
class _Places:
    """What a face's bones tell of where it is, in the armature's space at rest; None for what they do not tell.

    Attributes:
        eyes: (2, 3) the character's own left and right.
        exact: whether these are the eyeballs' centres; else they are the middles of the lids.
        corners: (2, 3) of the mouth, left and right.
        mouth: (3,) its middle.
        jaw: (3,) its tip.
        head: (2, 3) joint and tip of the head bone.
    """

    eyes: np.ndarray | None
    exact: bool
    corners: np.ndarray | None
    mouth: np.ndarray | None
    jaw: np.ndarray | None
    head: np.ndarray | None

    @classmethod
    def read(cls, face_bones: FaceBones, ends: Ends, head_bone: str) -> _Places:
        """Heads of bones are joints; tails are what an importer made up, so that they are asked last."""

        def middle(*roles: str, end: int = 0) -> np.ndarray | None:
            points = [ends[name][end] for name in face_bones.bones(*roles) if name in ends]
            return np.mean(points, axis=0) if points else None

        def both(*roles: str) -> np.ndarray | None:
            left, right = (middle(*(f"{role}.{side}" for role in roles)) for side in SIDES)
            return np.array([left, right]) if left is not None and right is not None else None

        eyes = both("eye")
        mouth = middle("lip_upper", "lip_lower")
        return cls(
            eyes if eyes is not None else both("lid_upper", "lid_lower"),
            eyes is not None,
            both("lip_corner"),
            mouth if mouth is not None else middle("lip_corner.left", "lip_corner.right"),
            middle("jaw", end=1),
            np.array(ends[head_bone]) if head_bone in ends else None,
        )

    def up(self, sideways: np.ndarray) -> np.ndarray | None:
        """Unit vector from the mouth to the eyes, with an average face's tilt turned back: its mouth stands before its eyes."""
        if self.eyes is None or self.mouth is None:
            return None
        upward = _without((self.eyes[0] + self.eyes[1]) / 2 - self.mouth, sideways)
        tilt = np.arctan2(MOUTH_FROM_EYES[2], -MOUTH_FROM_EYES[1])
        return np.asarray(np.cos(tilt) * upward + np.sin(tilt) * np.cross(sideways, upward))

    def unit(self, sideways: np.ndarray, skin: JawSkin | None) -> float:
        """The outer eye corners' distance: by the eyes, else the mouth, the jaw's skin, the head bone; 0 where none tells."""
        sizes = []
        if self.eyes is not None:
            sizes.append(abs(float((self.eyes[0] - self.eyes[1]) @ sideways)) * _CORNERS_TO_PUPILS)
        if self.corners is not None:
            sizes.append(abs(float((self.corners[0] - self.corners[1]) @ sideways)) / MOUTH_WIDTH)
        if skin is not None:
            sizes.append(skin.unit(sideways))
        if self.head is not None:
            sizes.append(0.5 * float(np.linalg.norm(self.head[1] - self.head[0])))
        return next((size for size in sizes if size > _NOTHING), 0.0)

    def origin(self, axes: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
        """(3,) middle between the outer eye corners, and (2, 3) the eyeballs' centres, which lie behind it."""
        back = axes[:, 2] * _EYE_FROM_CORNERS * unit
        if self.eyes is not None:
            return self.eyes.mean(axis=0) - (back if self.exact else 0.0), self.eyes
        # The eyes of an average face above the mouth, or what stands nearest to it.
        known = (self.mouth, self.jaw, None if self.head is None else self.head[1])
        place = next((point for point in known if point is not None), np.zeros(3))
        origin = place - axes @ (MOUTH_FROM_EYES + (0, 0, _EYE_FROM_CORNERS)) * unit
        pair = np.array([origin + axes[:, 0] * side * unit / _CORNERS_TO_PUPILS / 2 for side in (1, -1)])
        return origin, pair + back


def find_frame(character: Character, face_bones: FaceBones) -> FaceFrame | None:
    """The face's frame from the bones' rest places, whatever way the character was modelled to look.

    Left and right come from the bones in pairs, up from the eyes over the mouth (corrected by an average face's tilt), and
    snaps to the armature's nearest axis within 25°, since faces are modelled upright. Where nothing comes in pairs, the skin that
    the jaw carries tells what is left and right.

    Returns:
        None where the bones tell too little.
    """
    bones = character.armature.data.bones
    ends: Ends = {bone.name: (np.array(bone.head_local), np.array(bone.tail_local)) for bone in bones}
    places = _Places.read(face_bones, ends, character.head)
    skin = jaw_skin(character.armature, face_bones) if places.eyes is None and places.mouth is None else None
    sideways = _sideways(face_bones, ends)
    upward = None
    if sideways is None and skin is not None:
        upward = _way_up(character.armature, character.head)
        sideways = skin.sideways(upward)
    if sideways is None:
        return None
    if upward is None:
        upward = places.up(sideways)
    if upward is None:
        upward = _body_axis(bones.get(character.head or next(iter(face_bones.bones("jaw")), "")), sideways)
    if upward is None or not np.isfinite(upward).all():
        return None
    upward = _snapped(upward, sideways)
    axes = np.stack([sideways, upward, np.cross(sideways, upward)], axis=1)
    unit = places.unit(sideways, skin)
    if not unit:
        return None
    if skin is not None:
        places = replace(places, mouth=skin.mouth(axes))
    origin, eyes = places.origin(axes, unit)
    to_face = FaceFrame(axes, origin, unit, np.zeros((2, 3)), np.zeros(3)).to_face
    if places.mouth is not None:
        mouth = to_face(places.mouth)
    else:
        mouth = to_face(eyes).mean(axis=0) + MOUTH_FROM_EYES
    return FaceFrame(axes, origin, unit, to_face(eyes), mouth)


def _body_axis(bone: Any, sideways: np.ndarray) -> np.ndarray | None:
    """The way up from an armature's root to a bone; along the bone where it is the root."""
    if bone is None:
        return None
    root = bone.parent_recursive[-1] if bone.parent is not None else bone
    way = np.array(bone.head_local) - np.array(root.head_local)
    if np.linalg.norm(way) < 0.1 * bone.length:
        way = np.array(bone.tail_local) - np.array(bone.head_local)
    return _without(way, sideways)


def _way_up(armature: Any, head_bone: str) -> np.ndarray:
    """Unit vector from an armature's root to its head; the scene's way up where the head is the root, or there is none."""
    bone = armature.data.bones.get(head_bone)
    way = np.zeros(3)
    if bone is not None and bone.parent is not None:
        way = np.array(bone.head_local) - np.array(bone.parent_recursive[-1].head_local)
    if np.linalg.norm(way) < _NOTHING:
        way = np.linalg.pinv(np.array(armature.matrix_world)[:3, :3])[:, 2]
    return np.asarray(way / max(float(np.linalg.norm(way)), _NOTHING))


def _sideways(face_bones: FaceBones, ends: Ends) -> np.ndarray | None:
    """Unit vector from the character's right to its left."""
    total = np.zeros(3)
    for role in ("eye", "lid_upper", "lid_lower", "lip_corner", "brow"):
        left, right = (face_bones.bones(f"{role}.{side}") for side in SIDES)
        if left and len(left) == len(right):
            total += sum(ends[one][0] - ends[other][0] for one, other in zip(left, right))
    if np.linalg.norm(total) < 1e-9:  # of the body, where the face has no pairs
        for name in ends:
            for one, other in ((".L", ".R"), ("_L", "_R"), (".l", ".r"), ("_l", "_r"), ("Left", "Right")):
                if one in name and name.replace(one, other) in ends:
                    total += ends[name][0] - ends[name.replace(one, other)][0]
                    break
    length = float(np.linalg.norm(total))
    return total / length if length > 1e-9 else None


def _without(vector: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The unit vector of what of a vector is square to an axis."""
    square = vector - (vector @ axis) * axis
    return np.asarray(square / max(float(np.linalg.norm(square)), 1e-12))


def _snapped(upward: np.ndarray, sideways: np.ndarray) -> np.ndarray:
    """The armature's own axis that is near to a direction and square to another; else the direction."""
    for axis in (*np.eye(3), *-np.eye(3)):
        if abs(axis @ sideways) < 0.1 and axis @ upward > _SNAP:
            return _without(axis, sideways)
    return upward


def lateral(frame: FaceFrame) -> np.ndarray:
    """(3,) the axis, in the armature's space, about which positive angles nod down and open a jaw."""
    return np.asarray(frame.axes[:, 0])
