# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing moves? What of a scene keeps a talking animation from showing, each with a way to mend it."""

from __future__ import annotations

import functools
from typing import Any

import bpy

from ..characters.character import Character, describe
from ..characters.followers import following_paths
from ..host.blender_versions import scenes
from .carriers import carrying, datablocks
from .problem import RANGE, TOLD_WHEN_WRITTEN, Problem, problem_of
from .problems_of_changes import of_changes
from .problems_of_constraints import of_constraints
from .problems_of_nla import of_animation_data
from .problems_of_objects import of_objects
from .problems_of_scene import of_scene
from .problems_of_shapes import of_drivers, of_empty_shapes, of_shape_keys

__all__ = ["Problem", "after_writing", "find_problems", "repair"]


def after_writing(obj: Any, scene: Any, extended: bool) -> list[str]:
    """What keeps an animation that was just written from showing, but for what its report says anyway.

    Args:
        obj: any object of the character.
        scene: the scene it plays in.
        extended: whether the scene's range was to reach its end; else it is meant not to.
    """
    skipped = TOLD_WHEN_WRITTEN | (set() if extended else {RANGE})
    return [problem.message for problem in find_problems(obj, scene) if problem.code not in skipped]


def find_problems(character: Any, scene: Any = None, at_a_glance: bool = False) -> list[Problem]:
    """What keeps a character's talking animation from showing.

    Args:
        character: any object of the character.
        scene: None for the present scene.
        at_a_glance: leaves out what has to ask the disk or to move something in the file, which a panel may not.

    Returns:
        Problems, those that hide most first; [] where all is well or it has no talking animation.
    """
    scene = scene or bpy.context.scene
    described = describe(character)
    ours = carrying(described)
    if not ours:
        return []
    names = {datablock: _spoken_of(datablock, described) for datablock in ours}
    problems: list[Problem] = list(of_changes(described, scene, names, at_a_glance))
    for datablock, name in names.items():
        problems += of_animation_data(datablock, name)
        problems += of_constraints(datablock, name)
    following = functools.cache(functools.partial(following_paths, described))
    for mesh in described.meshes:
        problems += (of_shape_keys if mesh.key in ours else of_drivers)(mesh, described, following)
    problems += of_empty_shapes(described)
    problems += of_objects(described, scene)
    problems += of_scene(described, scene)
    for target in described.targets:
        sentence = target.problem(described)
        if sentence:
            problems.append(problem_of("TARGET", target.name, sentence=sentence))
    for number, sentence in enumerate(described.linked):
        problems.append(problem_of("LINKED", str(number), sentence=sentence))
    return problems


def repair(character: Any, scene: Any = None, code: str = "", subject: str = "") -> list[str]:
    """Mend what keeps a character's talking animation from showing.

    Args:
        character: any object of the character.
        scene: None for the present scene.
        code: mend problems of this code only; "" for all.
        subject: mend the problem about this only; "" for all.

    Returns:
        The sentences of the problems that are left.

    Raises:
        TalkingAnimationError: where one could not be mended; what was mended before stays so.
    """
    scene = scene or bpy.context.scene
    tried: set[tuple[str, str]] = set()  # codes and sentences: one object may have two problems of a kind
    while True:  # each anew: mending one may end or change another
        waiting = [
            problem
            for problem in find_problems(character, scene)
            if problem.repair is not None
            and (not code or problem.code == code)
            and (not subject or problem.subject == subject)
            and (problem.code, problem.message) not in tried
        ]
        if not waiting:
            break
        problem = waiting[0]
        tried.add((problem.code, problem.message))
        assert problem.repair is not None
        problem.repair()
        described = describe(character)
        for datablock in datablocks(described):
            datablock.update_tag()  # some NLA settings alone do not make Blender evaluate again
        scenes.place(described.root)
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    return [problem.message for problem in find_problems(character, scene)]


def _spoken_of(datablock: Any, character: Character) -> str:
    """How to speak of a datablock: shape keys go by their object's name."""
    names = (mesh.object.name for mesh in character.meshes if mesh.key == datablock)
    return next(names, datablock.name)
