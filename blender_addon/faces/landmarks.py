# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 landmarks of a character's face mesh: found once, kept with the object.

They are kept as an ID property of the object that carries the face, so they are saved, appended and linked with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..characters.related import related_objects
from ..contract import LANDMARK_COUNT
from ..errors import TalkingAnimationError
from ..host.kept_values import whole
from .finding import GOOD_CONFIDENCE, finding, template
from .gathering import coordinates, gather, rest_coordinates, surface_of
from .landmark_search.features import NO_SLIT
from .landmark_search.points import Landmarks
from .steps import Progress, Steps, run

__all__ = [
    "GOOD_CONFIDENCE",
    "carrier",
    "clear",
    "coordinates",
    "ensuring",
    "find_landmarks",
    "gather",
    "lips_are_fused",
    "load",
    "rest_coordinates",
    "store",
    "surface_of",
    "template",
]

PROPERTY = "talking_animation_landmarks"

_VERSION = 1


def find_landmarks(
    obj: Any, use_engine: bool = True, by_picture: bool = False, progress: Progress | None = None
) -> tuple[Any, Landmarks]:
    """Find the landmarks of a character and wait for them; see `finding`. Nothing is stored.

    Raises:
        TalkingAnimationError: where no face is found.
    """
    return run(finding(obj, use_engine, by_picture), progress)


def store(obj: Any, landmarks: Landmarks) -> None:
    """Keep the landmarks with the object that carries the face.

    Raises:
        TalkingAnimationError: where the object is linked.
    """
    if obj.library is not None:
        raise TalkingAnimationError(
            f"'{obj.name}' is linked from another file: make a library override of it first."
        )
    obj[PROPERTY] = {
        "version": _VERSION,
        "vertices": [int(number) for number in landmarks.vertices.reshape(-1)],
        "weights": [float(number) for number in landmarks.weights.reshape(-1)],
        "confidence": float(landmarks.confidence),
        "source": landmarks.source,
        "notes": "; ".join(landmarks.notes),
        "posed": landmarks.posed,
        "mesh_vertices": len(obj.data.vertices),
    }


def load(obj: Any) -> Landmarks | None:
    """The landmarks kept with an object; None where there are none, or its mesh has other vertices since."""
    kept = obj.get(PROPERTY) if obj is not None and obj.type == "MESH" else None
    if kept is None:
        return None
    try:
        if whole(kept["version"], 1) != _VERSION:
            return None
        vertices = np.array(kept["vertices"], np.int64).reshape(LANDMARK_COUNT, 3)
        weights = np.array(kept["weights"], np.float64).reshape(LANDMARK_COUNT, 3)
        count = int(kept["mesh_vertices"])
        notes = tuple(part for part in str(kept["notes"]).split("; ") if part)
        confidence, source = float(kept["confidence"]), str(kept["source"])
        posed = bool(kept.get("posed", False))
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
    if not (np.isfinite(weights).all() and np.isfinite(confidence)):
        return None
    if count != len(obj.data.vertices) or vertices.min() < 0 or vertices.max() >= count:
        return None
    return Landmarks(vertices, weights, confidence, source, notes, posed)


def carrier(obj: Any) -> tuple[Any, Landmarks] | None:
    """The object of a character that carries landmarks, and these; None where none does."""
    return carried_among(related_objects(obj))


def carried_among(objects: Iterable[Any]) -> tuple[Any, Landmarks] | None:
    """The first of some objects that carries landmarks, and these; None where none does."""
    for other in objects:
        landmarks = load(other)
        if landmarks is not None:
            return other, landmarks
    return None


def ensuring(obj: Any) -> Steps[tuple[Any, Landmarks]]:
    """The landmarks kept with a character, else found and kept; step by step.

    Raises:
        TalkingAnimationError: where none can be found.
    """
    kept = carrier(obj)
    if kept is not None:
        return kept
    owner, landmarks = yield from finding(obj)
    store(owner, landmarks)
    return owner, landmarks


def lips_are_fused(obj: Any) -> bool:
    """Whether a character has known landmarks and no opening between the lips."""
    kept = carrier(obj)
    return kept is not None and NO_SLIT in kept[1].notes


def clear(obj: Any) -> bool:
    """Forget the landmarks of a character; whether there were any."""
    owners = [other for other in related_objects(obj) if PROPERTY in other]
    for owner in owners:
        del owner[PROPERTY]
    return bool(owners)
