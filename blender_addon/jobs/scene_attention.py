# SPDX-License-Identifier: GPL-3.0-or-later
"""What each character of a whole scene hears of the others, and where it sees them: what it reacts to while it listens."""

from __future__ import annotations

from typing import Any, Final

import bpy

from ..characters.character import Character, describe
from ..characters.head_place import HeadPlace
from ..contract.turns import Stretch, Turn, View
from ..keys.ownership import RestReader, is_own, users_strips
from ..motion.dialogue import Hearing, spoken_turns
from .scene_tasks import CharacterTask, SceneWork

_FOLLOWED: Final = 1.0  # seconds between two looks at where somebody is who moves
_MOST_FRAMES: Final = 600  # that are looked at: a scene may take a while to show one
_STILL: Final = "still"

_Places = dict[str, HeadPlace | None]
"""Where everybody's head is at one frame, by the character's root; None where that cannot be seen."""


def hearings(work: SceneWork, characters: list[CharacterTask], span: tuple[int, int]) -> dict[str, Hearing]:
    """What each character hears, by its root; {} where nobody is to react.

    Args:
        work: its options say how much they react.
        characters: those whose lines are read.
        span: first frame of the conversation, and the frame after its last.
    """
    if work.options.listening <= 0 or len(characters) < 2:
        return {}
    begin = span[0]
    spoken = {
        task.root: spoken_turns([part for _, part in task.parts], work.fps, begin) for task in characters
    }
    looked_at = _looked_at(work, spoken, begin)

    def seen(listener: str, speaker: str, turn: tuple[Stretch, ...]) -> tuple[View, ...]:
        views = []
        for frame, places in looked_at.items():
            time = turn[0][0] if frame is None else (frame - begin) / work.fps
            here, there = places.get(listener), places.get(speaker)
            view = here.view_of(there) if here is not None and there is not None else None
            if view is not None and turn[0][0] - 0.5 / work.fps <= time < turn[-1][1]:
                views.append(View(round(time, 4), round(view[0], 4), round(view[1], 4)))
        return tuple(views)

    return {
        task.root: Hearing(
            tuple(
                Turn(turn, seen(task.root, speaker, turn))
                for speaker, turns in spoken.items()
                if speaker != task.root
                for turn in turns
            ),
            work.options.listening,
            work.derived_seed(f"{task.root}\nlistening"),
            task.usual_manner.options.pose != _STILL,
        )
        for task in characters
    }


def _looked_at(
    work: SceneWork, spoken: dict[str, list[tuple[Stretch, ...]]], begin: int
) -> dict[int | None, _Places]:
    """Where everybody is while somebody speaks, by frame, in order; where nobody moves, once, for all frames (None)."""
    scene = work.present_scene()
    roots = [root for name in spoken if (root := bpy.data.objects.get(name)) is not None]
    characters = [describe(root) for root in roots]
    for layer in scene.view_layers:
        layer.update()
    if not any(_moves(character) for character in characters):
        return {None: _places(characters, scene)}
    turns = [turn for turns in spoken.values() for turn in turns]
    spacing = max(_FOLLOWED, sum(turn[-1][1] - turn[0][0] for turn in turns) / _MOST_FRAMES)
    frames: set[int] = set()
    for turn in turns:
        count = 1 + int((turn[-1][1] - turn[0][0]) / spacing)
        frames.update(begin + round((turn[0][0] + number * spacing) * work.fps) for number in range(count))
    present = scene.frame_current, scene.frame_subframe
    places: dict[int | None, _Places] = {}
    try:
        for frame in sorted(frames):
            scene.frame_set(frame)
            places[frame] = _places(characters, scene)
    finally:
        scene.frame_set(present[0], subframe=present[1])
    return places


def _moves(character: Character) -> bool:
    """Whether the user's own animation may carry a character about."""
    carrier = character.root
    while carrier is not None:
        data = carrier.animation_data
        if data is not None and (
            (data.action is not None and not is_own(data.action)) or users_strips(data) or len(data.drivers)
        ):
            return True
        if any(not constraint.mute for constraint in carrier.constraints):
            return True
        carrier = carrier.parent
    return False


def _places(characters: list[Character], scene: Any) -> _Places:
    rest = RestReader()
    return {character.root.name: _place(character, scene, rest) for character in characters}


def _place(character: Character, scene: Any, rest: RestReader) -> HeadPlace | None:
    """Where a head is; None for who is off screen, or has none."""
    shown = [mesh.object for mesh in character.meshes] or [character.root]
    layers = [layer.objects for layer in scene.view_layers]
    if not any(not part.hide_render and any(part.name in layer for layer in layers) for part in shown):
        return None
    places = (target.head_place(character, rest) for target in character.targets)
    return next((place for place in places if place is not None), None)
