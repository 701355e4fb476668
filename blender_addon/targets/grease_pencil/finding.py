# SPDX-License-Identifier: GPL-3.0-or-later
"""*Find the Face*: what each stroke of a drawing seems to be, kept with the drawing for the user to correct."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import TalkingAnimationError
from ...host.blender_versions import grease_pencil
from ...keys import nla
from ...motion import drawn_face, drawn_guess
from ...rigs import drawn_parts
from . import drawing, rig


@dataclass(frozen=True)
class PartLine:
    """A stroke and the part that it was taken for.

    Attributes:
        row: its number in the list of the strokes that were found.
        part: one of `drawn_parts.PARTS`, or `drawing.BY_NAME`.
        points: (N, 3) of the world; a closed stroke ends where it begins.
    """

    row: int
    part: str
    points: np.ndarray


def part_lines(obj: Any, number: int) -> list[PartLine]:
    """The strokes that were found, as they are drawn at a scene's frame; those that are gone are left out.

    Every redraw of a 3D viewport asks for them, so no face is fitted here.
    """
    rows = {
        (row.layer, row.stroke): (place, row.part) for place, row in enumerate(obj.talking_drawing.strokes)
    }
    if not rows:
        return []
    matrix = np.array(obj.matrix_world)
    lines = []
    for layer, _, strokes in drawing.shown_strokes(obj, number):
        name = grease_pencil.layer_name(layer)
        world = strokes.points @ matrix[:3, :3].T + matrix[:3, 3]
        for stroke in range(len(strokes)):
            told = rows.get((name, stroke))
            if told is not None:
                points = world[strokes.of(stroke)]
                closed = np.concatenate([points, points[:1]]) if strokes.cyclic[stroke] else points
                lines.append(PartLine(*told, closed))
    return lines


def talking_spans(obj: Any) -> list[tuple[float, float]]:
    """First and last scene frame of each talking animation that moves a drawing; it rests at both. Goes through all objects of
    the file and all keyed curves: nothing for each redraw.
    """
    armature = rig.find(obj)
    return nla.frames_of(armature) if armature is not None else []


def find_face(obj: Any, number: int) -> str:
    """Propose a part for each stroke of a drawing at a scene's frame; returns what was found, in one sentence.

    Strokes whose layer or material tells their part keep it.

    Raises:
        TalkingAnimationError: it is linked, empty, of too many strokes, or has no mouth that is found; what was kept stays.
    """
    linked = drawing.linked_elsewhere(obj)
    if linked:
        raise TalkingAnimationError(linked)
    reading = drawing.read(obj, number)
    names = [
        (grease_pencil.layer_name(drawn.layer), stroke)
        for drawn in reading.layers
        for stroke in range(len(drawn.flat))
    ]
    strokes = [stroke for drawn in reading.layers for stroke in drawn.flat]
    if not strokes:
        raise TalkingAnimationError(
            f"The drawing '{obj.name}' has no strokes to be seen: draw a face, show its layers, or give them opacity."
        )
    if len(strokes) > drawing.MOST_GUESSED:
        raise TalkingAnimationError(
            f"The drawing '{obj.name}' has {len(strokes)} strokes, too many to find a face by where they lie: name its layers "
            "after the parts of the face instead, such as Mouth."
        )
    guessed = drawn_guess.guess(strokes)
    parts = [stroke.part or part for stroke, part in zip(strokes, guessed)]
    told = drawn_face.with_sides([replace(stroke, part=part) for stroke, part in zip(strokes, parts)])
    face = drawn_face.fit(told)
    if face is None:
        raise TalkingAnimationError(
            f"No face was found in the drawing '{obj.name}': it needs two eyes and a mouth below them, or layers that are "
            "named after them."
        )
    state = obj.talking_drawing
    state.strokes.clear()
    for (layer, stroke), part in zip(names, (stroke.part for stroke in told)):
        row = state.strokes.add()
        row.layer, row.stroke, row.part = layer, stroke, part or drawing.BY_NAME
    titles = dict.fromkeys(drawn_parts.PARTS[stroke.part] for stroke in told if stroke.part)
    return f"Found in '{obj.name}': {', '.join(titles)}."


def forget(obj: Any) -> None:
    """Let names alone tell the parts again."""
    obj.talking_drawing.strokes.clear()
