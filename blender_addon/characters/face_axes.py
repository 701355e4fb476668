# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way a face looks: its axes, centre and size, measured on what its shapes move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..host.blender_versions.shape_points import coordinates
from .character import Character, FaceMesh
from .pictures import origin_of
from .shape_offsets import ShapeOffsets

# Outer eye-corner distance over the distance between the eyes' centres (anthropometric means, about 90 : 63 mm),
# and over the width of a head.
_CORNERS_TO_PUPILS = 1.43
_CORNERS_TO_HEAD_WIDTH = 0.6
_BEHIND = 0.25  # of the eyes' distance; they lie before the rest of a head by at least that

LOOKING_FORWARD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])

_Part = tuple[np.ndarray, np.ndarray]
"""Weighted centre of what shapes move, (3,), and the direction that they move it in, (3,)."""


@dataclass(frozen=True)
class FaceAxes:
    """A face in its mesh object's own space.

    Attributes:
        axes: (3, 3), columns: to the picture's right (the character's left), up, to the viewer.
        centre: (3,) middle of the head.
        height: of the head along its own up axis.
        unit: outer eye-corner distance.
        eyes: (3,) the middle between the eyes; None where no shape tells where they are.
        measured: whether `unit` is that of its eyes; else it was told from the size of what there is.
        sideways: (3,) unit vector from the right eye to the left one, as they lie, while `axes` are the mesh's own nearest; None
            where no shape tells where they are.
        swapped: whether what is called left shuts the right eye: such a face would look backwards. The axes are as it looks.
    """

    axes: np.ndarray
    centre: np.ndarray
    height: float
    unit: float
    eyes: np.ndarray | None = None
    measured: bool = False
    sideways: np.ndarray | None = None
    swapped: bool = False


def measure(character: Character) -> FaceAxes:
    """Measure a character's face on the mesh that has most shapes."""
    return measure_mesh(character.meshes[0])


def measure_mesh(mesh: FaceMesh) -> FaceAxes:
    """Measure a face on one mesh; where its shapes tell nothing, it looks along -Y with Z up."""
    base = coordinates(mesh.key.reference_key).astype(np.float64)
    if not len(base):
        return FaceAxes(LOOKING_FORWARD, np.zeros(3), 1.0, 0.1)
    low, high = base.min(0), base.max(0)
    centre = (low + high) / 2
    origin = origin_of(mesh.object)
    if origin is not None:  # a relief looks along -Y, whatever its shapes move
        return FaceAxes(LOOKING_FORWARD, centre, float(np.ptp(base[:, 2])), origin.unit, measured=True)

    left, right, mouth, jaw = _moved_parts(mesh, base)
    axes = LOOKING_FORWARD
    pupils, eyes, between, swapped = None, None, None, False
    if left is not None and right is not None and np.linalg.norm(left[0] - right[0]) > 1e-6:
        pupils = float(np.linalg.norm(left[0] - right[0]))
        sideways = _snapped(left[0] - right[0])
        eyes, between = (left[0] + right[0]) / 2, (left[0] - right[0]) / pupils
        # Without a mouth: lids shut downwards.
        upward = _snapped(eyes - mouth[0] if mouth is not None else -(left[1] + right[1]), (sideways,))
        forward = np.cross(sideways, upward)
        swapped = _lies_behind(eyes, base, upward, forward, pupils)
        if swapped:
            sideways, forward, between = -sideways, -forward, -between
        axes = np.stack([sideways, upward, forward], axis=1)
    elif jaw is not None and mouth is not None:
        forward = _snapped(mouth[0] - centre)
        upward = _snapped(-jaw[1], (forward,))
        axes = np.stack([np.cross(upward, forward), upward, forward], axis=1)

    size = np.abs(axes.T @ (high - low))
    unit = pupils * _CORNERS_TO_PUPILS if pupils else float(size[0]) * _CORNERS_TO_HEAD_WIDTH
    return FaceAxes(axes, centre, float(size[1]), unit, eyes, pupils is not None, between, swapped)


def _moved_parts(
    mesh: FaceMesh, base: np.ndarray
) -> tuple[_Part | None, _Part | None, _Part | None, _Part | None]:
    """Left eye, right eye, mouth and jaw; None for those that no shape moves."""
    shapes = ShapeOffsets(mesh.object)

    def moved(*names: str) -> _Part | None:
        centres, directions = [], []
        for name in names:
            shared = tuple(key for key, gain in mesh.channels.get(name, ()) if gain > 0 and ":" in name)
            for shape_key in mesh.shapes.get(name, shared):
                offsets = shapes.of(shape_key).astype(np.float64)
                weights = np.linalg.norm(offsets, axis=1)
                if weights.sum() > 1e-9:
                    centres.append((base * weights[:, None]).sum(0) / weights.sum())
                    directions.append(offsets.sum(0) / weights.sum())
        return (np.mean(centres, 0), np.mean(directions, 0)) if centres else None

    left = moved("eyeBlinkLeft") or moved("eyeWideLeft") or moved("browDownLeft")
    right = moved("eyeBlinkRight") or moved("eyeWideRight") or moved("browDownRight")
    mouth = moved("mouthFunnel", "mouthPucker") or moved("mouthClose") or moved("jawOpen")
    jaw = moved("jawOpen") or moved("viseme:aa", "vowel:A", "mouth:D")
    mouth = mouth or jaw
    if left is None or right is None:
        both = _shared_blink(mesh, shapes, base, mouth[0] if mouth is not None else None)
        left, right = both or (left, right)
    return left, right, mouth, jaw


def _lies_behind(
    eyes: np.ndarray, base: np.ndarray, upward: np.ndarray, forward: np.ndarray, pupils: float
) -> bool:
    """Whether eyes lie clearly behind the rest of the head at their height, the way that it seems to look."""
    near = np.abs((base - eyes) @ upward) < pupils / 2
    return bool(near.any()) and float((eyes - base[near].mean(axis=0)) @ forward) < -_BEHIND * pupils


def _shared_blink(
    mesh: FaceMesh, shapes: ShapeOffsets, base: np.ndarray, mouth: np.ndarray | None
) -> tuple[_Part, _Part] | None:
    """Centre and motion of the left and the right eye where one shape key shuts both; None where there is no such key."""
    rights = {name for name, _ in mesh.channels.get("eyeBlinkRight", ())}
    keys = [name for name, gain in mesh.channels.get("eyeBlinkLeft", ()) if gain > 0 and name in rights]
    if not keys:
        return None
    offsets = shapes.of(keys[0]).astype(np.float64)
    weights = np.linalg.norm(offsets, axis=1)
    if weights.sum() < 1e-9:
        return None
    middle = (base * weights[:, None]).sum(0) / weights.sum()
    spread = (((base - middle) ** 2) * weights[:, None]).sum(0)
    axis = int(np.argmax(spread))
    halves = []
    for side in (base[:, axis] > middle[axis], base[:, axis] <= middle[axis]):
        share = weights * side
        if share.sum() < 1e-9:
            return None
        halves.append(
            ((base * share[:, None]).sum(0) / share.sum(), (offsets * side[:, None]).sum(0) / share.sum())
        )
    left, right = halves
    # Which is which: the eyes are in front of the rest of the head at their height.
    sideways = _snapped(left[0] - right[0])
    down = left[1] + right[1] if mouth is None else mouth - middle
    upward = _snapped(-down, (sideways,))
    distance = np.linalg.norm(left[0] - right[0])
    near = np.abs((base - middle) @ upward) < distance
    forward = middle - base[near].mean(0)
    return (left, right) if np.cross(sideways, upward) @ forward >= 0 else (right, left)


def _snapped(direction: np.ndarray, without: tuple[np.ndarray, ...] = ()) -> np.ndarray:
    """The coordinate axis nearest to a direction, other than the given ones."""
    strength = np.abs(direction)
    for taken in without:
        strength = np.where(np.abs(taken) > 0.5, -1.0, strength)
    axis = int(np.argmax(strength))
    result = np.zeros(3)
    result[axis] = 1.0 if direction[axis] >= 0 else -1.0
    return result
