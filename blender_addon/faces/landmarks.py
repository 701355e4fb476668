# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 landmarks of a character's face mesh: found, kept with the object, corrected by hand.

They are kept as an ID property of the object that carries the face, so they are saved, appended and linked with it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..characters import face_axes
from ..characters.character import Character, describe, related_objects
from ..contract import LANDMARK_COUNT, LANDMARK_GROUPS, messages, shape_table
from ..engine_process import question
from ..errors import TalkingAnimationError
from .geometry.surface import Surface, from_polygons, joined
from .landmark_search import fit, picture
from .landmark_search.frame import Frame
from .landmark_search.points import Landmarks

PROPERTY = "talking_animation_landmarks"
GUIDE = "talking_animation_guide_of"
GOOD_CONFIDENCE = 0.7
"""From here on landmarks are good enough to be used without a person's look at them."""

_VERSION = 1
_UP = np.array([0.0, 0.0, 1.0])
_MOVED = 2e-4  # how far a guide's point must be moved to count, face units
_RINGS = (
    "Right Eye",
    "Left Eye",
    "Outer Lips",
    "Inner Lips",
)  # groups whose last point is joined to the first
GUIDE_LINES: tuple[tuple[int, ...], ...] = tuple(
    (*range(first, end), *([first] if title in _RINGS else []))
    for title, (first, end) in LANDMARK_GROUPS.items()
)
"""The lines that make a guide of 68 points look like a face."""


@dataclass(frozen=True)
class Gathered:
    """A character's meshes as one surface in world space.

    Attributes:
        objects: the mesh objects, in order.
        starts: (len + 1,) first vertex of each in the surface.
        surface: all of them, at rest (shape keys off, modifiers off).
    """

    objects: list[Any]
    starts: np.ndarray
    surface: Surface

    def part(self, mesh_object: Any) -> slice:
        """The vertices of one object."""
        index = self.objects.index(mesh_object)
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    def local(self, landmarks: Landmarks) -> tuple[Any, Landmarks]:
        """The object that most landmarks lie on, and the landmarks in its own vertex numbers."""
        which = np.searchsorted(self.starts, landmarks.vertices[:, 0], side="right") - 1
        index = int(np.bincount(which).argmax())
        if (which != index).any():
            raise TalkingAnimationError(
                f"The face of '{self.objects[index].name}' is made of several objects: join them first (Ctrl J)."
            )
        return self.objects[index], replace(landmarks, vertices=landmarks.vertices - self.starts[index])

    def whole(self, mesh_object: Any, landmarks: Landmarks) -> Landmarks:
        """Landmarks of an object in the surface's vertex numbers."""
        return replace(landmarks, vertices=landmarks.vertices + self.part(mesh_object).start)


def template() -> tuple[np.ndarray, np.ndarray]:
    """Landmarks (68, 3) of the head that the engine ships a table of, and their motion (52, 68, 3) in each ARKit shape.

    Face units, float64.

    Raises:
        TalkingAnimationError: where the table is missing.
    """
    try:
        basis = shape_table.load_basis()
        return basis.neutral.astype(np.float64), basis.deltas.astype(np.float64)
    except (OSError, KeyError, ValueError) as error:
        raise TalkingAnimationError(
            "The engine's table of face shapes is missing: install the add-on's zip again."
        ) from error


def coordinates(block: Any, count: int) -> np.ndarray:
    """(N, 3) positions of a mesh's vertices or of a shape key's points, in the object's own space."""
    flat = np.empty(3 * count, np.float32)
    block.foreach_get("co", flat)
    return flat.reshape(-1, 3).astype(np.float64)


def rest_coordinates(mesh_object: Any) -> np.ndarray:
    """(N, 3) vertices of a mesh object as they are without shape keys, in its own space."""
    mesh = mesh_object.data
    keys = mesh.shape_keys
    source = keys.reference_key.data if keys is not None else mesh.vertices
    return coordinates(source, len(mesh.vertices))


def surface_of(mesh_object: Any) -> Surface:
    """One mesh object at rest in world space."""
    mesh = mesh_object.data
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    starts, totals = np.empty(len(mesh.polygons), np.int32), np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    mesh.polygons.foreach_get("loop_total", totals)
    place = np.array(mesh_object.matrix_world, np.float64)
    world = rest_coordinates(mesh_object) @ place[:3, :3].T + place[:3, 3]
    return from_polygons(world, corners.astype(np.int64), starts.astype(np.int64), totals.astype(np.int64))


def gather(item: Any) -> Gathered:
    """The meshes of the character that an object belongs to.

    Raises:
        TalkingAnimationError: where there is no mesh with faces.
    """
    bpy.context.view_layer.update()
    _leave_edit_mode(item)
    objects = [
        other
        for other in related_objects(item)
        if other.type == "MESH" and len(other.data.polygons) and GUIDE not in other
    ]
    if not objects:
        raise TalkingAnimationError(f"'{item.name}' has no mesh with faces: pick the character's head mesh.")
    surfaces = [surface_of(other) for other in objects]
    return Gathered(objects, np.cumsum([0, *[len(surface) for surface in surfaces]]), joined(surfaces))


def find_landmarks(item: Any, use_engine: bool = True) -> tuple[Any, Landmarks]:
    """Find the landmarks of a character: by its mesh and shape keys, and by a picture where those do not suffice.

    Args:
        item: any object of the character.
        use_engine: whether the engine's face detector may be asked.

    Returns:
        The object that carries the face, and the landmarks. Nothing is stored.

    Raises:
        TalkingAnimationError: where no face is found.
    """
    gathered = gather(item)
    hint, parting = _shapes_tell(describe(item), gathered)
    try:
        landmarks = fit.search(gathered.surface, _UP, template()[0], hint, parting)
    except ValueError as error:
        raise TalkingAnimationError(
            f"No face was found on '{item.name}' ({error}): turn it upright so that it looks along an axis, or place "
            "the landmarks by hand."
        ) from error
    if landmarks.confidence < GOOD_CONFIDENCE and use_engine:
        seen = _by_picture_if_possible(gathered, hint)
        landmarks = seen if seen is not None else landmarks
    return gathered.local(landmarks)


def by_picture(item: Any) -> tuple[Any, Landmarks]:
    """Find the landmarks with the engine's face detector on a front view.

    Raises:
        TalkingAnimationError: where the detector sees no face.
    """
    gathered = gather(item)
    hint, _ = _shapes_tell(describe(item), gathered)
    return gathered.local(_ask_detector(gathered, hint))


def _by_picture_if_possible(gathered: Gathered, hint: Frame | None) -> Landmarks | None:
    try:
        return _ask_detector(gathered, hint)
    except TalkingAnimationError:  # then what geometry found has to do
        return None


def _ask_detector(gathered: Gathered, hint: Frame | None) -> Landmarks:
    try:
        seen = picture.portrait(gathered.surface, _UP, hint)
    except ValueError as error:
        raise TalkingAnimationError(f"The character cannot be drawn from the front: {error}.") from error
    with tempfile.TemporaryDirectory(prefix="talking_animation_") as folder:
        source, output = Path(folder) / "front.npz", Path(folder) / "landmarks.npz"
        np.savez_compressed(source, picture=seen.picture)
        question.ask(messages.LandmarksRequest(str(source), str(output)))
        with np.load(output, allow_pickle=False) as data:
            pixels = data["landmarks"].astype(np.float64)
    return picture.lay_back(seen, pixels)


def _shapes_tell(character: Character, gathered: Gathered) -> tuple[Frame | None, np.ndarray | None]:
    """Where the face is and which vertices the jaw moves, from shape keys; None where they tell nothing."""
    mesh = next((mesh for mesh in character.meshes if mesh.object in gathered.objects), None)
    if mesh is None:
        return None, None
    place = np.array(mesh.object.matrix_world, np.float64)
    hint = None
    told = any(name.startswith(("eyeBlink", "eyeWide", "browDown")) for name in mesh.shapes)
    if told and {"jawOpen", "mouthFunnel", "mouthPucker", "mouthClose"} & set(mesh.shapes):
        axes = face_axes.measure_mesh(mesh)
        turned = place[:3, :3] @ axes.axes
        size = float(np.cbrt(abs(np.linalg.det(place[:3, :3]))))
        eyes = eyes_middle(mesh)
        if eyes is not None:
            turned = turned / np.linalg.norm(turned, axis=0)
            hint = Frame(turned, place[:3, :3] @ eyes + place[:3, 3], axes.unit * size)
    parting = None
    if "jawOpen" in mesh.shapes:
        count = len(mesh.object.data.vertices)
        moved = sum(_offsets(mesh.key.key_blocks[name], count) for name in mesh.shapes["jawOpen"])
        parting = np.zeros(len(gathered.surface))
        parting[gathered.part(mesh.object)] = np.linalg.norm(moved @ place[:3, :3].T, axis=1)
    return hint, parting


def eyes_middle(mesh: Any) -> np.ndarray | None:
    """Middle of what the blinks move, in the object's space."""
    rest, centres = rest_coordinates(mesh.object), []
    for name in ("eyeBlinkLeft", "eyeBlinkRight"):
        for key in mesh.shapes.get(name, ()):
            weights = np.linalg.norm(_offsets(mesh.key.key_blocks[key], len(rest)), axis=1)
            if weights.sum() > 1e-9:
                centres.append((rest * weights[:, None]).sum(0) / weights.sum())
    return np.mean(centres, axis=0) if len(centres) == 2 else None


def _offsets(block: Any, count: int) -> np.ndarray:
    return coordinates(block.data, count) - coordinates(block.relative_key.data, count)


# -- kept with the object ------------------------------------------------------------------------------


def store(item: Any, landmarks: Landmarks) -> None:
    """Keep the landmarks with the object that carries the face.

    Raises:
        TalkingAnimationError: where the object is linked.
    """
    if item.library is not None:
        raise TalkingAnimationError(
            f"'{item.name}' is linked from another file: make a library override of it first."
        )
    item[PROPERTY] = {
        "version": _VERSION,
        "vertices": [int(number) for number in landmarks.vertices.reshape(-1)],
        "weights": [float(number) for number in landmarks.weights.reshape(-1)],
        "confidence": float(landmarks.confidence),
        "source": landmarks.source,
        "notes": "; ".join(landmarks.notes),
        "mesh_vertices": len(item.data.vertices),
    }


def load(item: Any) -> Landmarks | None:
    """The landmarks kept with an object; None where there are none, or its mesh has other vertices since."""
    kept = item.get(PROPERTY) if item is not None and item.type == "MESH" else None
    if kept is None:
        return None
    try:
        vertices = np.array(kept["vertices"], np.int64).reshape(LANDMARK_COUNT, 3)
        weights = np.array(kept["weights"], np.float64).reshape(LANDMARK_COUNT, 3)
        count = int(kept["mesh_vertices"])
        notes = tuple(part for part in str(kept["notes"]).split("; ") if part)
        confidence, source = float(kept["confidence"]), str(kept["source"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if count != len(item.data.vertices) or vertices.min() < 0 or vertices.max() >= count:
        return None
    return Landmarks(vertices, weights, confidence, source, notes)


def carrier(item: Any) -> tuple[Any, Landmarks] | None:
    """The object of a character that carries landmarks, and these; None where none does."""
    for other in related_objects(item):
        landmarks = load(other)
        if landmarks is not None:
            return other, landmarks
    return None


def ensure(item: Any) -> tuple[Any, Landmarks]:
    """The landmarks kept with a character, else found and kept.

    Raises:
        TalkingAnimationError: where none can be found.
    """
    kept = carrier(item)
    if kept is not None:
        return kept
    owner, landmarks = find_landmarks(item)
    store(owner, landmarks)
    return owner, landmarks


def clear(item: Any) -> bool:
    """Forget the landmarks of a character; whether there were any."""
    owners = [other for other in related_objects(item) if PROPERTY in other]
    for owner in owners:
        del owner[PROPERTY]
    return bool(owners)


# -- corrected by hand ---------------------------------------------------------------------------------


def guide_of(item: Any) -> Any:
    """The guide that is being edited for a character; None where there is none."""
    guides = [other for other in bpy.data.objects if GUIDE in other]
    if not guides:  # asked at every redraw, and nearly always so
        return None
    names = {other.name for other in related_objects(item)}
    return next((guide for guide in guides if guide[GUIDE] in names), None)


def make_guide(item: Any, scene: Any) -> Any:
    """Lay a mesh of 68 points over the face, to be moved in Edit Mode; it stands in face units, so X mirror works.

    Returns:
        The guide object.
    """
    from .anatomy import frame_of_landmarks

    old = guide_of(item)
    if old is not None:
        remove_guide(old)
    owner, landmarks = ensure(item)
    surface = surface_of(owner)
    points = landmarks.of(surface.vertices)
    frame = frame_of_landmarks(points, template()[0])
    mesh = bpy.data.meshes.new("Face Landmarks")
    lines = [pair for line in GUIDE_LINES for pair in zip(line, line[1:])]
    mesh.from_pydata([tuple(point) for point in frame.inside(points)], lines, [])
    guide = bpy.data.objects.new("Face Landmarks", mesh)
    guide.show_in_front = True
    guide.hide_render = True
    guide[GUIDE] = owner.name
    guide["talking_animation_started"] = [float(value) for value in frame.inside(points).reshape(-1)]
    mesh.use_mirror_x = True
    scene.collection.objects.link(guide)
    place = np.eye(4)
    place[:3, :3], place[:3, 3] = frame.axes * frame.unit, frame.origin
    guide.matrix_world = Matrix([[float(value) for value in row] for row in place])
    bpy.context.view_layer.update()
    return guide


def confirm_guide(guide: Any) -> tuple[Any, Landmarks]:
    """Take the guide's points as the landmarks, laid on the skin, and remove the guide.

    Raises:
        TalkingAnimationError: where points were removed or added, or the face is gone.
    """
    _leave_edit_mode(guide)
    owner = bpy.data.objects.get(str(guide.get(GUIDE, "")))
    if owner is None or owner.type != "MESH":
        raise TalkingAnimationError("The character that these landmarks belong to is gone: remove the guide.")
    if len(guide.data.vertices) != LANDMARK_COUNT:
        raise TalkingAnimationError(
            f"The landmark guide has {len(guide.data.vertices)} points instead of {LANDMARK_COUNT}: undo, and only move points."
        )
    bpy.context.view_layer.update()
    place = np.array(guide.matrix_world, np.float64)
    points = coordinates(guide.data.vertices, LANDMARK_COUNT) @ place[:3, :3].T + place[:3, 3]
    start = np.array(guide.get("talking_animation_started", np.zeros(3 * LANDMARK_COUNT))).reshape(
        LANDMARK_COUNT, 3
    )
    moved = np.linalg.norm(coordinates(guide.data.vertices, LANDMARK_COUNT) - start, axis=1) > _MOVED
    old = load(owner)
    surface = surface_of(owner)
    vertices, weights = _nearest(surface, points)
    if old is not None:  # points that were left alone stay exactly where they were
        vertices[~moved], weights[~moved] = old.vertices[~moved], old.weights[~moved]
    landmarks = Landmarks(vertices, weights, 1.0, "hand")
    store(owner, landmarks)
    remove_guide(guide)
    return owner, landmarks


def remove_guide(guide: Any) -> None:
    """Take a guide out of the file."""
    _leave_edit_mode(guide)
    mesh = guide.data
    bpy.data.objects.remove(guide)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)


def _nearest(surface: Surface, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The surface's places nearest to points."""
    middles = surface.vertices[surface.triangles].mean(axis=1)
    vertices, weights = np.zeros((len(points), 3), np.int64), np.zeros((len(points), 3))
    for number, point in enumerate(points):
        near = np.argsort(((middles - point) ** 2).sum(1))[:60]
        closest, inner = fit.closest_on_triangles(surface.vertices[surface.triangles[near]], point)
        best = int(np.argmin(((closest - point) ** 2).sum(1)))
        vertices[number], weights[number] = surface.triangles[near[best]], inner[best]
    return vertices, weights


def _leave_edit_mode(item: Any) -> None:
    """Write what Edit Mode holds back into the mesh."""
    if item.mode == "EDIT" and hasattr(item, "update_from_editmode"):
        item.update_from_editmode()
