# SPDX-License-Identifier: GPL-3.0-or-later
"""A mouth chart made from a face that is drawn in strokes: a copy with one drawing for each mouth, shown by a Time Offset."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ...characters import drawing_choices
from ...errors import TalkingAnimationError
from ...host.blender_versions import grease_pencil
from ...motion import drawn_motion
from ...motion.drawn_weights import weights_of
from ...motion.mouth_drawings import MOUTHS, held_mouths
from . import drawing, frames, rig
from .drawing import Reading

_ASIDE: Final = 1.2
"""Widths of the drawing by which the copy stands beside it."""


def chart_of(obj: Any, number: int) -> Any:
    """Copy a drawn face, and give the copy a drawing for each mouth; returns the copy, which talks by swapping them.

    Args:
        obj: the drawing's object; it stays as it is.
        number: the scene's frame whose drawing it is made from.

    Raises:
        TalkingAnimationError: where no mouth that opens is drawn; one sentence.
    """
    reading = drawing.read(obj, number)
    obstacle = drawing.obstacle(obj, reading)
    if obstacle:
        raise TalkingAnimationError(obstacle)
    copy = _copied(obj)
    width = float(np.ptp(np.concatenate([drawn.strokes.points for drawn in reading.layers])[:, 0]))
    copy.location.x += _ASIDE * width * obj.scale.x
    first = max(int(drawn.frame.frame_number) for drawn in reading.layers)
    _draw(copy, reading, first)
    drawing_choices.by_frames(copy, "mouth", {cue: first + place for place, cue in enumerate(MOUTHS)})
    return copy


def _copied(obj: Any) -> Any:
    """A copy of a drawing that neither talks nor remembers that it did."""
    copy = obj.copy()
    copy.name, copy.data = f"{obj.name} chart", obj.data.copy()
    for datablock in (copy, copy.data):
        datablock.animation_data_clear()
    for name in ("source", "uid", "owner", "cues", "drawings"):
        copy.talking_animation.property_unset(name)
    armature = rig.find(obj)
    if armature is not None:
        rig.loosen(copy, armature)
    frames.remove(copy)
    for collection in obj.users_collection:
        collection.objects.link(copy)
    return copy


def _draw(copy: Any, reading: Reading, first: int) -> None:
    """One keyframe for each mouth on the layers that mouths move, and none but the first on the others."""
    face = reading.face
    assert face is not None
    motion, held = held_mouths()
    moves = drawn_motion.motion_of(face, motion)
    layers = {grease_pencil.layer_name(layer): layer for layer in copy.data.layers}
    for drawn in reading.layers:
        layer = layers[grease_pencil.layer_name(drawn.layer)]
        kept = int(drawn.frame.frame_number)
        others = [frame for frame in grease_pencil.frame_numbers(layer) if frame != kept]
        grease_pencil.remove_frames(layer, others)
        rest = reading.plane.flat(drawn.strokes.points).astype(np.float32)
        chosen = [held[cue] for cue in MOUTHS]
        weights = weights_of(face, drawn.flat)
        positions = drawn_motion.positions(
            face, rest, weights, drawn_motion.DrawnMotion(moves.moved[chosen], moves.head[chosen])
        )
        if np.abs(positions - rest).max(initial=0.0) > 1e-6 * face.unit:
            filled = [stroke.filled for stroke in drawn.flat]
            moved = drawn.strokes.points + reading.plane.deep(positions - rest)
            grease_pencil.add_frames(
                layer,  # the first is the drawing as it is
                [grease_pencil.Moved(first + place, moved[place], filled) for place in range(1, len(MOUTHS))],
            )
