# SPDX-License-Identifier: GPL-3.0-or-later
"""Driven shape keys that talk without keys of their own: by a control that is keyed, or as those of a face that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..keys.channels import driven_paths, drivers_of
from .character import Character
from .controls import controls_of


def following_paths(character: Character) -> dict[Any, set[str]]:
    """Key → data paths of a character's driven shape keys that need no keys of their own.

    Those have a control that is keyed, or drivers that read nothing but shape keys of the character that talk. What follows one
    that is driven by anything else, or one that no channel of the face drives, does not count.
    """
    controlled = controls_of(character)
    leaders = {
        mesh.key: (mesh.value_paths - driven_paths(mesh.key)) | controlled.get(mesh.key, {}).keys()
        for mesh in character.meshes
    }
    return {
        mesh.key: _following(mesh.key, leaders) | controlled.get(mesh.key, {}).keys()
        for mesh in character.meshes
    }


def _following(key: Any, leaders: Mapping[Any, set[str]]) -> set[str]:
    """Data paths of the shape keys of a Key whose drivers read leaders alone."""
    paths: dict[str, bool] = {}
    for driver in drivers_of(key):
        if driver.mute:
            continue
        variables = driver.driver.variables
        follows = bool(len(variables)) and all(_reads_a_leader(variable, leaders) for variable in variables)
        paths[driver.data_path] = paths.get(driver.data_path, True) and follows
    return {path for path, follows in paths.items() if follows}


def _reads_a_leader(variable: Any, leaders: Mapping[Any, set[str]]) -> bool:
    target = variable.targets[0]
    return variable.type == "SINGLE_PROP" and target.data_path in leaders.get(target.id, ())
