# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be written: curves of properties, with the values that they have at rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np


class Rest(Protocol):
    """Knows how a character is without its talking animation."""

    def __call__(self, datablock: Any, data_path: str, index: int) -> float:
        """A property's value."""

    def animated(self, datablock: Any, data_path: str) -> bool:
        """Whether the user's own NLA strips animate the property."""


@dataclass
class Channel:
    """One curve to write.

    Attributes:
        datablock: what it animates: an object or a Key.
        data_path, index: the property.
        group: title of its group in the animation editors.
        values: (N,) one value a frame from the start frame on, float32.
        rest: the property's value without the talking animation.
        over_others: may add to the user's own NLA strips below (rotations), instead of replacing them.
        held: each value stands until the next, whatever the key style (a drawing, a tick): keys are where it changes.
    """

    datablock: Any
    data_path: str
    index: int
    group: str
    values: np.ndarray
    rest: float
    over_others: bool = False
    held: bool = False


def driven_paths(datablock: Any) -> set[str]:
    """Data paths of a datablock that drivers own; keys on them would have no effect. Muted drivers own nothing."""
    data = datablock.animation_data
    return {driver.data_path for driver in data.drivers if not driver.mute} if data is not None else set()


def following_paths(datablock: Any, leaders: Collection[Any]) -> set[str]:
    """Data paths of a datablock's shape keys whose drivers follow the shape keys of a face, as teeth and lashes do.

    Args:
        datablock: a Key.
        leaders: the Keys of a character's meshes. What follows one that is itself driven does not count.
    """
    paths: dict[str, bool] = {}
    for driver in datablock.animation_data.drivers if datablock.animation_data is not None else ():
        if driver.mute:
            continue
        variables = driver.driver.variables
        follows = bool(len(variables)) and all(_reads_a_leader(variable, leaders) for variable in variables)
        paths[driver.data_path] = paths.get(driver.data_path, True) and follows
    return {path for path, follows in paths.items() if follows}


def _reads_a_leader(variable: Any, leaders: Collection[Any]) -> bool:
    if variable.type != "SINGLE_PROP":
        return False
    target = variable.targets[0]
    path = target.data_path
    return target.id in leaders and path.startswith("key_blocks[") and path not in driven_paths(target.id)
