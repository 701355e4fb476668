# SPDX-License-Identifier: GPL-3.0-or-later
"""Driven shape keys that talk without keys of their own: by a control that is keyed, or as those of a face that they follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..keys.channels import driven_paths
from .character import Character, FaceMesh
from .controls import controls_of


def following_paths(mesh: FaceMesh, character: Character) -> set[str]:
    """Data paths of a mesh's driven shape keys that need no keys of their own.

    Those have a control that is keyed, or drivers that read nothing but shape keys of the character that talk. What follows one
    that is driven by anything else, or one that no channel of the face drives, does not count.
    """
    known: dict[Any, set[str]] = {}
    meshes = {other.key: other for other in character.meshes}

    def leaders(key: Any) -> set[str]:
        """Data paths of a Key's shapes that talk; only what is asked for is looked at."""
        if key in meshes and key not in known:
            free = meshes[key].value_paths - driven_paths(key)
            known[key] = free | controls_of(meshes[key]).keys()
        return known.get(key, set())

    paths: dict[str, bool] = {}
    data = mesh.key.animation_data
    for driver in data.drivers if data is not None else ():
        if driver.mute:
            continue
        variables = driver.driver.variables
        follows = bool(len(variables)) and all(_reads_a_leader(variable, leaders) for variable in variables)
        paths[driver.data_path] = paths.get(driver.data_path, True) and follows
    following = {path for path, follows in paths.items() if follows}
    return following | (leaders(mesh.key) & paths.keys())


def _reads_a_leader(variable: Any, leaders: Callable[[Any], set[str]]) -> bool:
    target = variable.targets[0]
    return variable.type == "SINGLE_PROP" and target.data_path in leaders(target.id)
