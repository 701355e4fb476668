# SPDX-License-Identifier: GPL-3.0-or-later
"""Landmarks corrected by hand: a mesh of 68 points that lies over the face while they are edited."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..characters.character import describe
from ..characters.related import related_objects
from ..contract import LANDMARK_COUNT, LANDMARK_GROUPS
from ..errors import Cancelled, TalkingAnimationError
from ..host import kept_values
from ..host.blender_versions import scenes
from ..host.scene_frames import LAST_FRAME
from . import placement
from .finding import guessed
from .gathering import GUIDE, collecting, coordinates, leave_edit_mode, surface_of
from .geometry.surface import Surface
from .landmark_search import fit
from .landmark_search.frame import frame_of_landmarks
from .landmark_search.points import Landmarks
from .landmarks import ensuring, load, store, template
from .steps import Pause, Steps, run

_FRAME = "talking_animation_frame"
_STARTED = "talking_animation_started"
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


def _as_seen(owner: Any) -> Surface:
    """The object's mesh where its armature and its shape keys put it now: where a person sees the face."""
    return surface_of(owner, placement.posed(owner), as_shown=True)


def _as_seen_while_made(owner: Any, guide: Any) -> Surface:
    """The object's mesh as it was seen when a guide was laid over it, whichever frame is shown since."""
    scene = next(iter(guide.users_scene), None)
    frame = frame_of_guide(guide)
    if scene is None or frame == scene.frame_current_final:
        return _as_seen(owner)
    before = scene.frame_current, scene.frame_subframe
    try:
        scene.frame_set(int(frame // 1), subframe=frame % 1)
        return _as_seen(owner)
    finally:
        scene.frame_set(before[0], subframe=before[1])


def frame_of_guide(guide: Any) -> float:
    """The scene frame whose face a guide was laid over."""
    return kept_values.number(guide.get(_FRAME), -LAST_FRAME, LAST_FRAME) or 0.0


def _to_begin_with(obj: Any) -> Steps[tuple[Any, Landmarks]]:
    """The landmarks to be moved: those that are known or found, else an average face before the head, to be placed by hand."""
    try:
        return (yield from ensuring(obj))
    except Cancelled:
        raise
    except TalkingAnimationError:
        gathered = yield from collecting(obj)
        return gathered.local(guessed(gathered, describe(obj)))


def guide_of(obj: Any) -> Any:
    """The guide that is being edited for a character; None where there is none."""
    guides = [other for other in bpy.data.objects if other.get(GUIDE) is not None]
    if not guides:  # asked at every redraw, and nearly always so
        return None
    names = {other.name for other in related_objects(obj)}
    return next((guide for guide in guides if kept_values.text(guide[GUIDE]) in names), None)


def make_guide(obj: Any, scene: Any) -> Any:
    """Lay a mesh of 68 points over the face and wait for it; see `making_guide`."""
    return run(making_guide(obj, scene))


def making_guide(obj: Any, scene: Any) -> Steps[Any]:
    """Lay a mesh of 68 points over the face, to be moved in Edit Mode; it stands in face units, so X mirror works.

    Returns:
        Steps, whose result is the guide object.

    Raises:
        TalkingAnimationError: where the mesh cannot carry landmarks at all.
    """
    owner, landmarks = yield from _to_begin_with(obj)
    yield Pause(0.9, "Laying the points")
    old = guide_of(obj)
    if old is not None:
        remove_guide(old)
    points = landmarks.of(_as_seen(owner).vertices)
    frame = frame_of_landmarks(points, template()[0])
    mesh = bpy.data.meshes.new("Face Landmarks")
    lines = [pair for line in GUIDE_LINES for pair in zip(line, line[1:])]
    mesh.from_pydata([tuple(point) for point in frame.inside(points)], lines, [])
    guide = bpy.data.objects.new("Face Landmarks", mesh)
    guide.show_in_front = True
    guide.hide_render = True
    guide[GUIDE] = owner.name
    guide[_FRAME] = scene.frame_current_final
    guide[_STARTED] = [float(value) for value in frame.inside(points).reshape(-1)]
    mesh.use_mirror_x = True
    scene.collection.objects.link(guide)
    place = np.eye(4)
    place[:3, :3], place[:3, 3] = frame.axes * frame.unit, frame.origin
    guide.matrix_world = Matrix([[float(value) for value in row] for row in place])
    for layer in scene.view_layers:
        layer.update()
    return guide


def confirm_guide(guide: Any) -> tuple[Any, Landmarks]:
    """Take the guide's points as the landmarks, laid on the skin, and remove the guide.

    Raises:
        TalkingAnimationError: where points were removed or added, or the face is gone.
    """
    leave_edit_mode(guide)
    owner = bpy.data.objects.get(str(guide.get(GUIDE, "")))
    if owner is None or owner.type != "MESH":
        raise TalkingAnimationError("The character that these landmarks belong to is gone: remove the guide.")
    if len(guide.data.vertices) != LANDMARK_COUNT:
        raise TalkingAnimationError(
            f"The landmark guide has {len(guide.data.vertices)} points instead of {LANDMARK_COUNT}: undo, and only move points."
        )
    scenes.place(guide)
    place = np.array(guide.matrix_world, np.float64)
    points = coordinates(guide.data.vertices, LANDMARK_COUNT) @ place[:3, :3].T + place[:3, 3]
    start = _started(guide)
    moved = np.linalg.norm(coordinates(guide.data.vertices, LANDMARK_COUNT) - start, axis=1) > _MOVED
    old = load(owner)
    surface = _as_seen_while_made(owner, guide)
    vertices, weights = nearest_places(surface, points)
    if old is not None:  # points that were left alone stay exactly where they were
        vertices[~moved], weights[~moved] = old.vertices[~moved], old.weights[~moved]
    landmarks = Landmarks(vertices, weights, 1.0, "hand", posed=old is not None and old.posed)
    store(owner, landmarks)
    remove_guide(guide)
    return owner, landmarks


def _started(guide: Any) -> np.ndarray:
    """(68, 3) where the points of a guide were laid; at 0 where that is damaged, so that all of them count as moved."""
    kept = guide.get(_STARTED)
    try:
        return np.array([float(value) for value in kept]).reshape(LANDMARK_COUNT, 3)
    except (TypeError, ValueError, OverflowError):
        return np.zeros((LANDMARK_COUNT, 3))


def remove_guide(guide: Any) -> None:
    """Take a guide out of the file."""
    leave_edit_mode(guide)
    mesh = guide.data
    bpy.data.objects.remove(guide)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)


def nearest_places(surface: Surface, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The surface's places nearest to points."""
    middles = surface.vertices[surface.triangles].mean(axis=1)
    vertices, weights = np.zeros((len(points), 3), np.int64), np.zeros((len(points), 3))
    for number, point in enumerate(points):
        near = np.argsort(((middles - point) ** 2).sum(1))[:60]
        closest, inner = fit.closest_on_triangles(surface.vertices[surface.triangles[near]], point)
        best = int(np.argmin(((closest - point) ** 2).sum(1)))
        vertices[number], weights[number] = surface.triangles[near[best]], inner[best]
    return vertices, weights
