# SPDX-License-Identifier: GPL-3.0-or-later
"""Shape keys whose drivers follow those of a face, as those of teeth and lashes do: they talk without keys of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..keys.channels import driven_paths
from .character import Character, FaceMesh


def following_paths(mesh: FaceMesh, character: Character) -> set[str]:
    """Data paths of a mesh's shape keys whose drivers read nothing but shape keys of the character that talk.

    What follows one that is itself driven, or one that no channel of the face drives, does not count.
    """
    leaders = {other.key: other.value_paths - driven_paths(other.key) for other in character.meshes}
    paths: dict[str, bool] = {}
    data = mesh.key.animation_data
    for driver in data.drivers if data is not None else ():
        if driver.mute:
            continue
        variables = driver.driver.variables
        follows = bool(len(variables)) and all(_reads_a_leader(variable, leaders) for variable in variables)
        paths[driver.data_path] = paths.get(driver.data_path, True) and follows
    return {path for path, follows in paths.items() if follows}


def _reads_a_leader(variable: Any, leaders: Mapping[Any, set[str]]) -> bool:
    target = variable.targets[0]
    return variable.type == "SINGLE_PROP" and target.data_path in leaders.get(target.id, ())
