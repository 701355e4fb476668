# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn: the strokes of a Grease Pencil object, which part of a face each is, and the face that they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import bpy
import numpy as np

from ...contract.errors import Damaged
from ...contract.json_text import json_object
from ...host.blender_versions import grease_pencil
from ...host.kept_values import text, whole
from ...motion import drawn_face
from ...motion.drawn_face import DrawnFace, Plane, Stroke
from ...rigs import drawn_parts

OWN_FRAMES: Final = "talking_animation_drawings"
"""Custom property of a drawing, JSON: by layer, the frames of keyframes that were drawn for a talking animation."""
OWN_GROUPS: Final = "Talk "
"""How vertex groups and bones that were added begin: no name that a user's own rig has."""
_LEAST_CLOSED, _MEETS = 8, 0.04
"""Points of a line that may be closed by hand, and how near its ends are then, of its reach."""
_SAMPLES: Final = 32
_SHARES: Final = np.linspace(0.0, 1.0, _SAMPLES)
MOST_GUESSED: Final = 400
"""Strokes of a drawing whose face is found by where they lie: of more, names alone tell what matters."""
BY_NAME: Final = "NAME"
"""A stroke's part is what its layer or its material is called."""


@dataclass(frozen=True)
class Drawn:
    """What a layer shows.

    Attributes:
        layer, frame: it and its keyframe.
        strokes: as they are drawn.
        flat: the same in the plane, with their parts.
    """

    layer: Any
    frame: Any
    strokes: grease_pencil.Strokes
    flat: list[Stroke]


@dataclass(frozen=True)
class Reading:
    """A drawing at a frame.

    Attributes:
        plane: in which it lies.
        depth: how far that is in front of the object's origin.
        layers: what is drawn, layer by layer.
        face: what face it is; None where no mouth was found.
    """

    plane: Plane
    depth: float
    layers: list[Drawn]
    face: DrawnFace | None


def own_frames(obj: Any) -> dict[str, set[int]]:
    """The keyframes that were drawn for a talking animation, by the names of layers."""
    try:
        kept = json_object(text(obj.get(OWN_FRAMES)) or "{}")
    except Damaged:
        return {}
    return {
        name: {frame for frame in frames if whole(frame) is not None}
        for name, frames in kept.items()
        if isinstance(frames, list)
    }


def users_frame(obj: Any, layer: Any, number: int) -> Any:
    """The user's own keyframe that a layer shows at a scene's frame; its first where that is later; None where it has none."""
    ours = own_frames(obj).get(grease_pencil.layer_name(layer), set())
    frames = [frame for frame in layer.frames if frame.frame_number not in ours]
    before = [frame for frame in frames if frame.frame_number <= number]
    if before:
        return max(before, key=lambda frame: frame.frame_number)
    return min(frames, key=lambda frame: frame.frame_number, default=None)


def chosen_parts(obj: Any) -> dict[tuple[str, int], str]:
    """What the user, or *Find the Face*, says of single strokes: (layer, number of the stroke) → part."""
    state = getattr(obj, "talking_drawing", None)
    if state is None:
        return {}
    return {(row.layer, row.stroke): row.part for row in state.strokes if row.part != BY_NAME}


def named_part(layer: str, material: str) -> str:
    """The part that names tell: the layer's, unless that is the whole face's and the material's is more particular."""
    by_layer, by_material = drawn_parts.part_of(layer), drawn_parts.part_of(material)
    return by_material if by_material and by_layer in ("", drawn_parts.OUTLINE) else by_layer


def shown_strokes(obj: Any, number: int) -> list[tuple[Any, Any, grease_pencil.Strokes]]:
    """Layers that are not hidden, the user's keyframe that each shows at a scene's frame, and what is drawn in it."""
    shown = []
    for layer in obj.data.layers:
        frame = users_frame(obj, layer, number) if grease_pencil.is_shown(layer) else None
        if frame is not None:
            shown.append((layer, frame, grease_pencil.read(layer, frame)))
    return shown


def read(obj: Any, number: int) -> Reading:
    """A drawing as the user drew it at a scene's frame; what is hidden is left out."""
    shown = shown_strokes(obj, number)
    points = [strokes.points for _, _, strokes in shown if len(strokes.points)]
    whole = np.concatenate(points) if points else np.zeros((0, 3))
    plane = drawn_face.plane_of(whole)

    def drawn() -> list[Drawn]:
        return [
            Drawn(layer, frame, strokes, flattened(obj, plane, layer, frame, strokes))
            for layer, frame, strokes in shown
        ]

    layers = drawn()
    tilt = drawn_face.tilt_of([stroke for row in layers for stroke in row.flat])
    if tilt:
        plane = drawn_face.turned(plane, tilt)
        layers = drawn()
    depth = float(np.median(whole @ plane.viewer)) if len(whole) else 0.0
    face = drawn_face.fit([stroke for drawn in layers for stroke in drawn.flat])
    return Reading(plane, depth, layers, face)


def flattened(obj: Any, plane: Plane, layer: Any, frame: Any, strokes: grease_pencil.Strokes) -> list[Stroke]:
    """The strokes of a layer's keyframe in the plane of the drawing, with their parts."""
    name = grease_pencil.layer_name(layer)
    chosen = {**_grouped_parts(obj, name, frame), **chosen_parts(obj)}
    slots = [slot.material for slot in obj.material_slots]
    told: dict[int, tuple[bool, bool, str]] = {}
    for slot in map(int, np.unique(strokes.materials)):
        material = slots[slot] if 0 <= slot < len(slots) else None
        style = getattr(material, "grease_pencil", None)
        filled = bool(style is not None and style.show_fill)
        lined = style is None or bool(style.show_stroke)
        told[slot] = filled, lined, named_part(name, material.name if material is not None else "")
    points = plane.flat(strokes.points)
    drawn = []
    for number, slot in enumerate(strokes.materials.tolist()):
        filled, lined, part = told[slot]
        part = chosen.get((name, number), part)
        own = points[strokes.of(number)]
        matters = bool(part) or len(strokes) <= MOST_GUESSED
        closed = bool(strokes.cyclic[number]) or (matters and _meets_itself(own))
        drawn.append(Stroke(own, closed, filled, part, lined))
    return drawn


def _meets_itself(points: np.ndarray) -> bool:
    """Whether a line (N, 2) ends where it begins, or beyond: closed by hand, though not as a property of its stroke."""
    if len(points) < _LEAST_CLOSED:
        return False
    reach = float(np.ptp(points, axis=0).max())
    if not reach:
        return False
    near = _MEETS * reach
    if math.dist(points[0], points[-1]) <= near:
        return True
    begins, ends = _sampled(points[: len(points) // 4 + 1]), _sampled(points[-(len(points) // 4) - 1 :])
    if (begins.min(axis=0) - ends.max(axis=0) > near).any() or (
        ends.min(axis=0) - begins.max(axis=0) > near
    ).any():
        return False
    across, up = (np.subtract.outer(begins[:, axis], ends[:, axis]) for axis in (0, 1))
    return float(np.min(across * across + up * up)) <= near * near


def _sampled(points: np.ndarray) -> np.ndarray:
    """(_SAMPLES, 2) places along a line, as far from each other."""
    steps = points[1:] - points[:-1]
    along = np.zeros(len(points))
    np.cumsum(np.hypot(steps[:, 0], steps[:, 1]), out=along[1:])
    places = along[-1] * _SHARES
    return np.stack([np.interp(places, along, points[:, 0]), np.interp(places, along, points[:, 1])], axis=1)


def _grouped_parts(obj: Any, layer: str, frame: Any) -> dict[tuple[str, int], str]:
    """What the user's vertex groups say of single strokes whose layer says nothing."""
    every = [group.name for group in obj.vertex_groups]
    names = [name for name in every if not name.startswith(OWN_GROUPS) and drawn_parts.part_of(name)]
    if not names or drawn_parts.part_of(layer) not in ("", drawn_parts.OUTLINE):
        return {}
    groups = enumerate(grease_pencil.groups_of(obj, frame, names))
    return {(layer, stroke): drawn_parts.part_of(name) for stroke, name in groups if name}


def linked_elsewhere(obj: Any) -> str:
    """One sentence where a drawing is another file's, which this one cannot keep anything of; else ""."""
    if obj.library is None and obj.data.library is None:
        return ""
    return (
        f"The drawing '{obj.name}' is linked from another file and cannot be animated here: make it local first "
        "(Object > Relations > Make Local)."
    )


def obstacle(obj: Any, reading: Reading) -> str:
    """Why a drawing cannot be made to talk, in one sentence; "" where it can."""
    name = obj.name
    linked = linked_elsewhere(obj)
    if linked:
        return linked
    if not any(len(drawn.strokes.points) for drawn in reading.layers):
        return f"The drawing '{name}' has no strokes to be seen: draw a face, show its layers, or give them opacity."
    if reading.face is None:
        return (
            f"No mouth was found in the drawing '{name}': name its layers or materials after the parts of the face, such as "
            "Mouth, or press Find the Face; where each mouth is a drawing of its own, press Map Drawings."
        )
    if not reading.face.single:
        return (
            f"The drawing '{name}' has several mouths beside each other: hide the layers of all but one, or draw each face as an "
            "object of its own; where each mouth is a drawing to be swapped, press Map Drawings."
        )
    if not reading.face.opens and _is_half(obj, reading.face):
        return (
            f"Half of the mouth of the drawing '{name}' is drawn, the rest comes from its Mirror modifier: apply that modifier "
            "before the face talks."
        )
    if not reading.face.opens and reading.face.mouth.right <= reading.face.mouth.left:
        return f"The mouth of the drawing '{name}' has no width: draw it from corner to corner."
    if not reading.face.opens:
        return (
            f"The mouth of the drawing '{name}' is a single line, which cannot open: draw it as a closed stroke, or draw an "
            "Upper Lip and a Lower Lip."
        )
    locked = [
        drawn.layer for drawn in reading.layers if grease_pencil.is_locked(drawn.layer) and _has_face(drawn)
    ]
    if locked:
        return (
            f"The layer '{grease_pencil.layer_name(locked[0])}' of the drawing '{name}' is locked: unlock it, and the group that "
            "it is in, in the list of layers."
        )
    return ""


def _is_half(obj: Any, face: DrawnFace) -> bool:
    """Whether a mouth lies on one side of the middle that a Mirror modifier mirrors about."""
    mirrored = any(modifier.show_viewport for modifier in grease_pencil.mirrors(obj))
    return mirrored and face.mouth.left * face.mouth.right >= -1e-3 * face.mouth.width**2


def _has_face(drawn: Drawn) -> bool:
    return any(stroke.part for stroke in drawn.flat)


def present_frame(obj: Any) -> int:
    """The present frame of the window's scene, where that shows a drawing, else of the first scene that does."""
    scene: Any = bpy.context.scene
    if scene not in obj.users_scene:
        scene = next(iter(obj.users_scene), scene)
    return int(scene.frame_current)
