# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the generated shapes into ordinary shape keys."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...contract import ARKIT_NAMES
from ...errors import TalkingAnimationError
from .. import landmarks as face_landmarks
from ..anatomy import FACE_END, FusedLipsError, UnreadableFaceError
from ..gathering import Gathered, collecting
from ..landmark_search.features import NO_SLIT
from ..landmark_search.points import Landmarks
from ..steps import Pause, Progress, Steps, Work, run
from . import mouth_object
from .generate import Inside, Shapes, generate
from .mouth_names import mouth_by_name

GENERATED = "talking_animation_generated"
"""ID property of objects that carry generated shape keys: their names, line by line."""

_LEAST_VERTICES = 300  # a face with fewer has no lips to move
_STILL = 1e-4  # of the eye-corner distance: an object that moves less in a shape does not get it

_FUSED = (
    "The lips of '{}' are one skin, so the mouth cannot open: press Cut the Lips for Me in the Make It Talk-Ready panel, or "
    "model a mouth that can open."
)


@dataclass
class TalkReadyReport:
    """What was made.

    Attributes:
        face: name of the object that carries the face.
        shapes: names of the shape keys that it got.
        others: names of further objects that got shape keys (teeth, eyes, lashes).
        kept: names of shape keys that were there already and were left alone.
        notes: sentences about what could not be made.
    """

    face: str
    shapes: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """One line for the user."""
        others = f", and so did {', '.join(self.others)} where they move" if self.others else ""
        return f"'{self.face}' got {len(self.shapes)} of the {len(ARKIT_NAMES)} ARKit shapes{others}."


def make(obj: Any, progress: Progress | None = None, fill_mouth: bool = True) -> TalkReadyReport:
    """Give a character the ARKit shapes that it lacks, and wait for it; see `making`.

    Args:
        obj: any object of the character.
        progress: called with 0 to 1 and the name of the stage.
        fill_mouth: whether simple teeth and a tongue are added where nothing lies behind the lips.

    Raises:
        TalkingAnimationError: one sentence: why this mesh cannot be made to talk, and what to do. Nothing was changed.
    """
    return run(making(obj, fill_mouth), progress)


def making(obj: Any, fill_mouth: bool = True) -> Steps[TalkReadyReport]:
    """Give a character the ARKit shapes that it lacks, step by step; what it has is never changed.

    Where the steps are closed before their end, all is as it was.

    Args:
        obj: any object of the character.
        fill_mouth: whether simple teeth and a tongue are added where nothing lies behind the lips.

    Raises:
        TalkingAnimationError: one sentence: why this mesh cannot be made to talk, and what to do. Nothing was changed.
    """
    owner, landmarks = yield from face_landmarks.ensuring(obj)
    _check(owner)
    _check_landmarks(owner, landmarks)
    missing = [name for name in ARKIT_NAMES if name not in _key_names(owner)]
    neutral, deltas = face_landmarks.template()
    if not missing:
        raise TalkingAnimationError(f"'{owner.name}' has all ARKit shapes already: press Generate.")
    gathered = yield from collecting(owner, landmarks.posed)
    gathered = _near_face(gathered, owner, landmarks)
    yield Pause(0.1, "Reading the face")
    surface, whole = gathered.surface, gathered.whole(owner, landmarks)
    inside = Inside(mouth_by_name(gathered.objects), fill_mouth)
    try:
        shapes = yield Work(
            "Reading the face",
            lambda tell: generate(surface, whole, deltas, neutral, tell, inside),
            (0.1, 0.8),
        )
    except FusedLipsError as error:
        if NO_SLIT not in landmarks.notes:  # so that they can be cut
            face_landmarks.store(owner, replace(landmarks, notes=(*landmarks.notes, NO_SLIT)))
        raise TalkingAnimationError(_FUSED.format(owner.name)) from error
    except (ArithmeticError, IndexError, ValueError, np.linalg.LinAlgError) as error:
        told = f" ({error})" if isinstance(error, UnreadableFaceError) else ""
        raise TalkingAnimationError(
            f"'{owner.name}' cannot be made talk-ready{told}: press Edit Landmarks in the Landmarks panel, move the points to "
            "their places, confirm, and try again."
        ) from error
    gathered.check_unchanged()
    _check(owner)
    report = yield from _writing(gathered, owner, shapes)
    if shapes.mouth is not None:
        report.others.append(mouth_object.add(owner, landmarks, shapes.mouth).name)
        report.notes.append("Nothing was found behind the lips: simple teeth and a tongue were added.")
    return report


def generated_names(obj: Any) -> list[str]:
    """Names of the generated shape keys that an object still has."""
    kept = str(obj.get(GENERATED, ""))
    present = _key_names(obj)
    return [name for name in kept.split("\n") if name and name in present]


def remove(obj: Any) -> int:
    """Take all generated shape keys off a character again, and teeth and tongue that were added; how many keys there were.

    The Basis goes too where nothing else is left and it was made with them.
    """
    from ...characters.related import related_objects

    count = 0
    related = [other for other in related_objects(obj) if other.type == "MESH"]
    for other in related:
        if GENERATED in other:
            names = generated_names(other)
            _take_back(other, names)
            count += len(names)
    for other in related:  # last, since one of them may be the object itself
        if mouth_object.MOUTH in other:
            mouth_object.delete(other)
    return count


def _take_back(mesh_object: Any, names: list[str]) -> None:
    """Take generated keys off an object, and the Basis that was made with them where nothing else is left."""
    present = _key_names(mesh_object)  # a person may have deleted some meanwhile
    for name in (name for name in names if name in present):
        mesh_object.shape_key_remove(mesh_object.data.shape_keys.key_blocks[name])
    keys = mesh_object.data.shape_keys
    if keys is not None and len(keys.key_blocks) == 1 and mesh_object.get(GENERATED + "_basis"):
        mesh_object.shape_key_remove(keys.key_blocks[0])
    left = generated_names(mesh_object)
    if left:
        mesh_object[GENERATED] = "\n".join(left)
        return
    for name in (GENERATED, GENERATED + "_basis"):
        if name in mesh_object:
            del mesh_object[name]


def _check(owner: Any) -> None:
    if owner.library is not None or owner.data.library is not None:
        raise TalkingAnimationError(
            f"'{owner.name}' is linked from another file: open that file, or make it local, and try again."
        )
    if owner.mode != "OBJECT":
        raise TalkingAnimationError("Switch to Object Mode first.")
    if len(owner.data.vertices) < _LEAST_VERTICES:
        raise TalkingAnimationError(
            f"'{owner.name}' has only {len(owner.data.vertices)} vertices, too few for lips and lids that move: "
            "subdivide it (apply a Subdivision Surface modifier) and try again."
        )
    if owner.data.shape_keys is not None and not owner.data.shape_keys.use_relative:
        raise TalkingAnimationError(
            f"The shape keys of '{owner.name}' are absolute: tick Relative in its shape key settings first."
        )


def _check_landmarks(owner: Any, landmarks: Landmarks) -> None:
    """Refuse to build on landmarks that were only guessed; what a person confirmed is taken as it is."""
    if landmarks.source == "hand" or not landmarks.notes:
        return
    if landmarks.confidence < face_landmarks.GOOD_CONFIDENCE and [*landmarks.notes] != [NO_SLIT]:
        raise TalkingAnimationError(
            f"The face of '{owner.name}' was not found surely (missing: {', '.join(landmarks.notes)}): "
            "press Edit Landmarks, move the points to their places, confirm, and try again."
        )
    if NO_SLIT in landmarks.notes:
        raise TalkingAnimationError(_FUSED.format(owner.name))


def _key_names(mesh_object: Any) -> set[str]:
    keys = mesh_object.data.shape_keys if mesh_object.type == "MESH" else None
    return {block.name for block in keys.key_blocks} if keys is not None else set()


def _near_face(gathered: Gathered, owner: Any, landmarks: Landmarks) -> Gathered:
    """The face and what lies wholly within it: eyes, teeth, tongue, lashes; not hair, clothes or props."""
    points = landmarks.of(gathered.surface.vertices[gathered.part(owner)])
    unit = float(np.linalg.norm(points[45] - points[36]))
    middle = points[[36, 45, 48, 54, 8]].mean(0)
    radius = float(np.linalg.norm(points - middle, axis=1).max()) + 0.5 * FACE_END * unit
    chosen = []
    for other in gathered.objects:
        where = gathered.surface.vertices[gathered.part(other)]
        inside = np.linalg.norm(where - middle, axis=1).max() < radius
        editable = other.library is None and other.data.library is None
        if other == owner or (inside and editable and other.data.users == 1):
            chosen.append(other)
    return gathered.of(chosen)


def _writing(gathered: Gathered, owner: Any, shapes: Shapes) -> Steps[TalkReadyReport]:
    """Make the shape keys, one after the other."""
    report = TalkReadyReport(owner.name)
    names = [name for name in ARKIT_NAMES if name in shapes.offsets]
    made: list[tuple[Any, str]] = []
    try:
        for mesh_object in gathered.objects:
            present, part, place = (
                _key_names(mesh_object),
                gathered.part(mesh_object),
                gathered.place(mesh_object),
            )
            base = face_landmarks.rest_coordinates(mesh_object)
            added: list[str] = []
            for number, name in enumerate(names):
                motion = shapes.offsets[name][part]
                if mesh_object != owner and np.abs(motion).max() < _STILL * shapes.anatomy.frame.unit:
                    continue
                if name in present:
                    report.kept += [name] if mesh_object == owner else []
                    continue
                _add_key(mesh_object, name, base + place.back(motion))
                made.append((mesh_object, name))
                added.append(name)
                yield Pause(0.8 + 0.2 * number / len(names), "Writing shape keys")
            _note(mesh_object, owner, added, report)
    except BaseException:  # stopped, or something failed: as if nothing had been
        for mesh_object in gathered.objects:
            with contextlib.suppress(ReferenceError):  # one that is gone
                _take_back(mesh_object, [name for other, name in made if other == mesh_object])
        raise
    _tell_what_lacks(shapes, report)
    return report


def _add_key(mesh_object: Any, name: str, points: np.ndarray) -> None:
    if mesh_object.data.shape_keys is None:
        mesh_object.shape_key_add(name="Basis", from_mix=False)
        mesh_object[GENERATED + "_basis"] = True
    block = mesh_object.shape_key_add(name=name, from_mix=False)
    block.relative_key = mesh_object.data.shape_keys.reference_key
    block.value = 0.0
    block.data.foreach_set("co", np.ascontiguousarray(points, np.float32).reshape(-1))


def _note(mesh_object: Any, owner: Any, added: list[str], report: TalkReadyReport) -> None:
    """Remember which keys were added to an object (changes the report)."""
    if not added:
        return
    mesh_object[GENERATED] = "\n".join([*generated_names(mesh_object), *added])
    mesh_object.data.update()
    if mesh_object == owner:
        report.shapes = added
    else:
        report.others.append(mesh_object.name)


def _tell_what_lacks(shapes: Shapes, report: TalkReadyReport) -> None:
    if not shapes.anatomy.eyes:
        report.notes.append("No eyeballs were found, so the gaze has no shapes.")
    if shapes.anatomy.empty_mouth and shapes.mouth is None:
        report.notes.append("No teeth or tongue were found behind the lips.")
    if report.kept:
        report.notes.append(f"{len(report.kept)} shape keys were there already and were left as they are.")
