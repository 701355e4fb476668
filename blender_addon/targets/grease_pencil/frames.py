# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawing anew for every frame, or every second or third: keyframes of the user's own layers, which *Remove* takes away."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from ...contract import FaceAnimation
from ...host.blender_versions import drawing_layers, grease_pencil
from ...motion import drawn_motion
from ...motion.drawn_face import DrawnFace, Plane, Stroke
from ...motion.drawn_motion import DrawnMotion
from ...motion.drawn_weights import weights_of
from ...motion.key_reduction import held_frames
from . import drawing

BONES, DRAWINGS = "BONES", "DRAWINGS"
WAYS: Final = {
    BONES: (
        "Bones",
        "An armature moves the points: its keys stay editable, and the drawing stays one drawing",
    ),
    DRAWINGS: ("Drawings", "A new drawing for every frame, or every second or third"),
}

_POINTS_AT_ONCE = 1_000_000  # of all frames together, so that a long talk of a large drawing fits into memory


def are_wanted(obj: Any) -> bool:
    """Whether a drawing is to be drawn anew frame by frame: chosen, or the only way that this Blender has for its layers."""
    state = getattr(obj, "talking_drawing", None)
    chosen = state is not None and state.way == DRAWINGS
    return chosen or not grease_pencil.keeps_weights() or bool(needs_drawings(obj))


def needs_drawings(obj: Any) -> str:
    """Why bones cannot move a drawing as it is, in one sentence; "" where they can."""
    bent = bent_layer(obj)
    if bent is not None:
        return (
            f"The layer '{grease_pencil.layer_name(bent)}' of the drawing '{obj.name}' is turned or scaled, which bones cannot "
            "follow: it is drawn anew frame by frame. For bones, set the layer's rotation and scale back."
        )
    ours = drawing.own_frames(obj)
    for layer in filter(_takes_part, obj.data.layers):
        name = grease_pencil.layer_name(layer)
        own = ours.get(name, ())
        if not grease_pencil.has_handles(frame for frame in layer.frames if frame.frame_number not in own):
            continue
        return (
            f"Strokes of the layer '{name}' of the drawing '{obj.name}' are Bézier curves, whose "
            "handles bones do not move: it is drawn anew frame by frame. For bones, make them poly curves (Stroke > Set Curve "
            "Type)."
        )
    return ""


def bent_layer(obj: Any) -> Any:
    """The first layer that bones would move other than the rest, as it is turned or scaled; None for none. Hidden and locked ones
    take no part.
    """
    return next(
        (layer for layer in obj.data.layers if _takes_part(layer) and not grease_pencil.keeps_shape(layer)),
        None,
    )


def _takes_part(layer: Any) -> bool:
    return grease_pencil.is_shown(layer) and not grease_pencil.is_locked(layer)


def hold_of(obj: Any) -> int:
    """For how many frames a drawing stays: 1, 2 or 3."""
    return int(getattr(getattr(obj, "talking_drawing", None), "hold", 1))


def remove(obj: Any) -> bool:
    """Take away the keyframes that were drawn; returns whether there were any."""
    ours = drawing.own_frames(obj)
    gone = 0
    for layer in obj.data.layers:
        gone += grease_pencil.remove_frames(layer, ours.get(grease_pencil.layer_name(layer), ()))
    if drawing.OWN_FRAMES in obj:
        del obj[drawing.OWN_FRAMES]
        obj.data.update_tag()  # what is shown must not hold on to keyframes that are gone
    return bool(gone)


def draw(obj: Any, number: int, motion: FaceAnimation, start: int) -> list[str]:
    """Draw a talking animation in place of the one before.

    Args:
        obj: the drawing's object.
        number: the scene's frame whose drawing it is made from.
        motion: with its dials applied.
        start: scene frame of its first frame.

    Returns:
        Sentences about what was left out.
    """
    remove(obj)
    reading = drawing.read(obj, number)
    if reading.face is None:
        return []
    moves = drawn_motion.motion_of(reading.face, motion)
    closed = np.zeros(len(moves.head), bool)
    closed[: len(motion.closed)] = motion.closed[: len(closed)]
    drawn, shown = held_frames(closed, len(closed), hold_of(obj))
    moves = DrawnMotion(moves.moved[shown], moves.head[shown])
    ours: dict[str, list[int]] = {}
    kept = 0
    for layer in obj.data.layers:
        if not _takes_part(layer) or not len(layer.frames):
            continue
        wanted = [start + int(frame) for frame in drawn]
        kept += len(set(wanted[1:-1]).intersection(grease_pencil.frame_numbers(layer)))
        made = _draw_layer(
            obj, layer, reading.plane, reading.face, dict(zip(wanted, range(len(wanted)))), moves
        )
        if made:
            ours[grease_pencil.layer_name(layer)] = made
    obj[drawing.OWN_FRAMES] = json.dumps(ours)  # keys of properties are shorter than names of layers may be
    obj.data.update_tag()
    told = []
    by_bones = obj.talking_drawing.way == BONES and grease_pencil.keeps_weights()
    why = needs_drawings(obj) if by_bones else ""
    if why:
        told.append(why)
    first = min(
        (number for layer in obj.data.layers for number in grease_pencil.frame_numbers(layer)), default=start
    )
    if first > start:
        told.append(
            f"The drawing '{obj.name}' begins at frame {first}, so nothing is drawn of its talk before: move its first keyframe "
            f"to frame {start} or earlier."
        )
    shifted = drawing_layers.shifted_by(obj, ours)
    if shifted is not None:
        told.append(
            f"The Time Offset modifier '{shifted.name}' of the drawing '{obj.name}' shows other frames than the present one, so "
            "the drawn talk is not seen as it should be: switch it off, or let bones move the drawing."
        )
    if kept:
        told.append(
            f"The drawing '{obj.name}' has keyframes of its own while it talks, which stay as they are: the mouth rests on "
            "them. Move them, or let bones move the drawing."
        )
    return told


def _draw_layer(
    obj: Any, layer: Any, plane: Plane, face: DrawnFace, rows: dict[int, int], motion: DrawnMotion
) -> list[int]:
    """Draw on one layer; returns the new keyframes.

    Args:
        obj, layer: where.
        plane, face: as it was read.
        rows: scene frame → row of the motion.
        motion: of the controls.
    """
    order = grease_pencil.frame_numbers(layer)
    missing = [number for number in rows if number > order[0] and number not in order]
    bases = {number: order[bisect_right(order, number) - 1] for number in missing}
    changing = set(bases.values())
    sources: dict[int, tuple[grease_pencil.Strokes, list[Stroke]]] = {}
    for frame in layer.frames:
        if frame.frame_number in changing:
            strokes = grease_pencil.read(layer, frame)
            flat = drawing.flattened(obj, plane, layer, frame, strokes)
            sources[frame.frame_number] = strokes, flat

    def moved() -> Iterator[grease_pencil.Moved]:
        for base in sorted(changing):
            shown = {number: rows[number] for number in missing if bases[number] == base}
            yield from _moved(plane, face, *sources[base], shown, motion)

    return grease_pencil.add_frames(layer, moved())


def _moved(
    plane: Plane,
    face: DrawnFace,
    strokes: grease_pencil.Strokes,
    flat: list[Stroke],
    rows: dict[int, int],
    motion: DrawnMotion,
) -> Iterator[grease_pencil.Moved]:
    """The strokes of one of the user's keyframes at scene frames → rows of the motion."""
    rest = plane.flat(strokes.points).astype(np.float32)
    weights = weights_of(face, flat)
    filled = [stroke.filled for stroke in flat]
    numbers = list(rows)
    some = max(1, _POINTS_AT_ONCE // max(len(rest), 1))
    for start in range(0, len(numbers), some):
        drawn = numbers[start : start + some]
        chosen = [rows[number] for number in drawn]
        moves = DrawnMotion(motion.moved[chosen], motion.head[chosen])
        shift = drawn_motion.positions(face, rest, weights, moves) - rest
        for number, points in zip(drawn, strokes.points + plane.deep(shift)):
            yield grease_pencil.Moved(number, points, filled)
