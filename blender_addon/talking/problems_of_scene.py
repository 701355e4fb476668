# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a scene keeps a talking animation from playing as it was made: its rate, its range."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..characters.character import Character
from ..characters.remembered import frame_rate
from . import carried, edit
from .problem import RANGE, Problem, problem_of


def of_scene(character: Character, scene: Any) -> Iterator[Problem]:
    """How a scene's rate and range do not fit a character's talking animation."""
    yield from _of_rate(character, scene)
    render = scene.render
    if render.frame_map_old != render.frame_map_new:
        words = {"old": render.frame_map_old, "new": render.frame_map_new}
        yield problem_of("FRAME_MAP", scene.name, repair=partial(_unstretch, render), **words)
    frames = carried.frames_of(character)
    if frames is not None:
        yield from _of_range(scene, round(frames[0]), round(frames[1]))


def _of_rate(character: Character, scene: Any) -> Iterator[Problem]:
    record = carried.record_as_found(character)
    made_for, plays = float(record.get("fps") or 0.0), frame_rate(scene)
    if not made_for or abs(made_for - plays) <= 1e-3:
        return
    if record.get("lines"):
        yield problem_of("FPS/SCENE", scene.name, made_for=made_for, plays=plays)
    else:
        again = partial(edit.apply_dials, character.root, scene=scene)
        yield problem_of("FPS/RECORDING", scene.name, repair=again, made_for=made_for, plays=plays)


def _of_range(scene: Any, first: int, last: int) -> Iterator[Problem]:
    if scene.frame_start > first or scene.frame_end < last:
        yield problem_of(
            RANGE,
            scene.name,
            repair=partial(_widen_range, scene, first, last),
            start=scene.frame_start,
            end=scene.frame_end,
            first=first,
            last=last,
        )
    start, end = scene.frame_preview_start, scene.frame_preview_end
    if scene.use_preview_range and (start > first or end < last):
        yield problem_of("PREVIEW_RANGE", scene.name, scene, start=start, end=end)


def _unstretch(render: Any) -> None:
    render.frame_map_old = render.frame_map_new = 100


def _widen_range(scene: Any, first: int, last: int) -> None:
    scene.frame_start, scene.frame_end = min(scene.frame_start, first), max(scene.frame_end, last)
