# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of a mouth on the bones themselves, for armatures without a skin whose lips part."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...rigs.face_bones import FaceBones
from .frame import MOUTH_WIDTH, FaceFrame
from .mouth import WatchedMouth
from .mouth_points import CHIN
from .probe import Probe

# Landmarks over the mouth's width: upper and lower lip, from the picture's left.
_CHIN_BELOW = -0.4  # the mouth, outer eye-corner distances
_UPPER, _LOWER = (61, 61, 62, 63, 63), (67, 67, 66, 65, 65)


def lip_points(face_bones: FaceBones, probe: Probe, armature: Any, frame: FaceFrame) -> WatchedMouth:
    """Points on the lips' bones, and one that the jaw carries.

    A bone's head, which is its joint; the tail of a bone that is connected to its parent and can only turn.
    """
    jaws = face_bones.bones("jaw")[:1]
    uppers, lowers = face_bones.bones("lip_upper"), face_bones.bones("lip_lower")
    corners = (face_bones.bones("lip_corner.right"), face_bones.bones("lip_corner.left"))
    names = (*uppers, *lowers, *corners[0], *corners[1])
    end = np.array([int(armature.data.bones[name].use_connect) for name in names], np.int64)
    lips = frame.to_face(probe.bone_ends(names))[np.arange(len(names)), end]
    width = float(np.ptp(lips[:, 0])) if len(lips) > 1 else 0.0
    half = max(width / 2, 0.2)

    def among(row: tuple[int, ...], x: float) -> int:
        return row[int(np.clip(round((x / half + 1) * 2), 0, 4))]

    landmarks = [among(_UPPER, x) for x in lips[: len(uppers), 0].tolist()]
    landmarks += [among(_LOWER, x) for x in lips[len(uppers) : len(uppers) + len(lowers), 0].tolist()]
    landmarks += [60] * len(corners[0]) + [64] * len(corners[1])
    # Where there are no lips the jaw carries the lower one; else its point stands for the chin.
    still = [] if names else [frame.mouth]
    landmarks += ([CHIN] * len(jaws)) if names else [62, 66]
    place = frame.to_armature(frame.mouth + ((0.0, _CHIN_BELOW, 0.0) if names else 0.0))

    def read() -> np.ndarray:
        now = frame.to_face(probe.bone_ends(names))[np.arange(len(names)), end]
        carried = [frame.to_face(probe.carried(name, place)) for name in jaws]
        return np.array([*now, *still, *carried]).reshape(-1, 3)

    scale = float(np.clip(width / MOUTH_WIDTH, 0.6, 1.6)) if width > 0.2 else 1.0
    return WatchedMouth(np.array(landmarks), read, scale)
