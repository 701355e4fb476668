# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of a plain face: its landmarks, and the shape keys that are generated around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bpy

from ..faces import landmarks
from ..faces.gathering import GUIDE
from ..faces.guide import confirm_guide, frame_of_guide, guide_of, make_guide, remove_guide
from ..faces.landmark_search.features import NO_SLIT
from ..faces.landmark_search.points import Landmarks
from ..faces.landmarks import GOOD_CONFIDENCE, lips_are_fused
from ..faces.landmarks import carried_among as known_landmarks
from ..faces.landmarks import clear as clear_landmarks
from ..faces.own_shapes import obstacle as obstacle_to_fitting
from ..faces.talk_ready.apply import generated_names
from ..faces.talk_ready.apply import make as make_talk_ready
from ..faces.talk_ready.apply import remove as remove_generated
from ..faces.talk_ready.preview import SECONDS as PREVIEW_SECONDS
from ..faces.talk_ready.preview import pose_at as preview_pose
from ..faces.talk_ready.preview import show as show_shapes
from ..jobs.faces import CutLipsJob, GuideJob, LandmarksJob, TalkReadyJob

__all__ = [
    "GOOD_CONFIDENCE",
    "NO_SLIT",
    "PREVIEW_SECONDS",
    "CutLipsJob",
    "GuideJob",
    "LandmarksJob",
    "TalkReadyJob",
    "clear_landmarks",
    "confirm_guide",
    "frame_of_guide",
    "generated_names",
    "generated_on",
    "guide_of",
    "keep_landmarks",
    "known_landmarks",
    "lips_are_fused",
    "make_guide",
    "make_talk_ready",
    "obstacle_to_fitting",
    "owner_of_guide",
    "preview_pose",
    "remove_generated",
    "remove_guide",
    "show_shapes",
]


def owner_of_guide(obj: Any) -> Any:
    """The object whose landmarks a guide is for, None where it is gone; an object that is no guide is its own."""
    return bpy.data.objects.get(str(obj[GUIDE])) if GUIDE in obj else obj


def keep_landmarks(obj: Any, from_picture: bool = False) -> tuple[Any, Landmarks]:
    """Find a character's landmarks and keep them with the object that carries the face; returns both.

    Args:
        obj: any object of the character.
        from_picture: whether the engine's face detector looks at a front view, else the mesh tells.

    Raises:
        TalkingAnimationError: where no face is found, or it is linked.
    """
    owner, points = landmarks.find_landmarks(obj, by_picture=from_picture)
    landmarks.store(owner, points)
    return owner, points


def generated_on(objects: Iterable[Any]) -> Any:
    """Of a character's objects the one that carries the generated shapes of the face; None where none does."""
    carriers = [other for other in objects if other.type == "MESH" and generated_names(other)]
    return max(carriers, key=lambda other: len(generated_names(other)), default=None)
