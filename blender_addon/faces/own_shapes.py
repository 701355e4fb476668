# SPDX-License-Identifier: GPL-3.0-or-later
"""How a character's own shape keys move its 68 landmarks, for the engine to fit a motion to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..characters.character import Character, FaceMesh
from ..characters.shape_offsets import ShapeOffsets
from ..contract import ARKIT_NAMES, messages
from ..rigs.face_shapes.recognition import EXPRESSIONS
from . import landmarks as face_landmarks
from .landmark_search.frame import frame_of_landmarks

# Without these a mouth cannot follow landmarks; characters that lack them keep the general weights.
_NEEDED = frozenset({"jawOpen"})
_LEAST_SHAPES = 6
_STILL = 1e-5  # of the eye-corner distance: a shape that moves no landmark farther is left out


@dataclass(frozen=True)
class Measured:
    """How a character's landmarks move with its shapes, in face units.

    Attributes:
        names: (S,) ARKit shapes.
        deltas: (S, 68, 3) float32 at weight 1.
        neutral: (68, 3) float32.
    """

    names: tuple[str, ...]
    deltas: np.ndarray
    neutral: np.ndarray

    @property
    def digest(self) -> str:
        """A short text that changes with what was measured."""
        data = "\n".join(self.names).encode() + self.deltas.tobytes() + self.neutral.tobytes()
        return hashlib.sha256(data).hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Write the file that the engine's `retarget` reads."""
        np.savez_compressed(path, names=np.array(self.names), deltas=self.deltas, neutral=self.neutral)


def obstacle(character: Character) -> str:
    """Why motion cannot be fitted to a character's own shapes, in one sentence without full stop; "" where it can."""
    if not character.meshes:
        return "The character has no face shapes"
    if character.mouth not in ("", EXPRESSIONS):
        return "The character's mouth is moved by visemes, which are fitted on their own"
    if _face_mesh(character) is None:
        return "The character's landmarks are not known yet: find them in the Landmarks panel"
    if _trusted(character) is None:
        return (
            "The character's landmarks were found with too little confidence: press Edit Landmarks, put them right and "
            "press Confirm"
        )
    return ""


def _trusted(character: Character) -> FaceMesh | None:
    """The mesh whose landmarks are good enough to be used."""
    mesh = _face_mesh(character)
    known = face_landmarks.load(mesh.object) if mesh is not None else None
    return mesh if known is not None and known.confidence >= face_landmarks.GOOD_CONFIDENCE else None


def _face_mesh(character: Character) -> FaceMesh | None:
    for mesh in character.meshes:
        if face_landmarks.load(mesh.object) is not None:
            return mesh
    return None


def measure(character: Character) -> Measured | None:
    """Measure a character whose landmarks are known; None where nothing can be fitted.

    Shape keys are measured one by one against the key they are relative to, without modifiers; what several keys do for
    one ARKit shape is added up as it is driven.
    """
    mesh = _face_mesh(character)
    if mesh is None or obstacle(character):
        return None
    landmarks = face_landmarks.load(mesh.object)
    assert landmarks is not None
    place = np.array(mesh.object.matrix_world, np.float64)
    rest = landmarks.of(face_landmarks.rest_coordinates(mesh.object)) @ place[:3, :3].T + place[:3, 3]
    frame = frame_of_landmarks(rest, face_landmarks.template()[0])
    shapes = ShapeOffsets(mesh.object)
    names, deltas = [], []
    for name in ARKIT_NAMES:
        motion = landmarks.of(shapes.driven(mesh.channels.get(name, ())))
        motion = motion @ place[:3, :3].T @ frame.axes / frame.unit
        if np.abs(motion).max() > _STILL:
            names.append(name)
            deltas.append(motion)
    if not set(names) >= _NEEDED or len(names) < _LEAST_SHAPES:
        return None
    return Measured(tuple(names), np.array(deltas, np.float32), np.asarray(frame.inside(rest), np.float32))


def wanted(character: Character) -> Measured | None:
    """What to fit to when a character is made to talk: measured where it is switched on and the landmarks can be trusted."""
    state = getattr(character.root, "talking_animation_face", None)
    if state is not None and not state.fit_own_shapes:
        return None
    return measure(character) if _trusted(character) is not None else None


class Fitting:
    """The step after a motion was made: the engine fits it to a character's own shapes.

    Args:
        measured: how the character's landmarks move.
        motion: the file with the motion that fits everyone.
        folder: for what the engine reads.
    """

    def __init__(self, measured: Measured, motion: Path, folder: Path) -> None:
        self._measured, self._folder = measured, folder
        self.motion = motion

    @property
    def result(self) -> Path:
        """Where the fitted motion is kept, next to the other."""
        return self.motion.with_name(f"{self.motion.stem}-{self._measured.digest}{self.motion.suffix}")

    def request(self, output: str) -> messages.RetargetRequest:
        """What to ask the engine."""
        shapes = self._folder / "shapes.npz"
        self._measured.save(shapes)
        return messages.RetargetRequest(str(self.motion), str(shapes), output)


def fitting(character: Character, motion: Path, folder: Path) -> Fitting | None:
    """The fitting that a character asks for; None where it keeps the general motion."""
    measured = wanted(character)
    return Fitting(measured, motion, folder) if measured is not None else None
