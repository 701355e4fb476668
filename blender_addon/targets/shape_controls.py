# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls of face shapes: where a rig's drivers own its shape keys, what those drivers read gets the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..characters.character import Character
from ..characters.controls import control_owners, controls_of
from ..characters.related import value_path
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import FaceAnimation
from ..keys import property_values
from ..keys.channels import Channel, Rest, driven_paths
from .shape_keys import Driver


@dataclass
class Move:
    """How a control moves from where it begins: as far as the furthest of its shapes asks, up and down apart, such as a smile and
    its frown.
    """

    begin: float
    group: str
    up: np.ndarray
    down: np.ndarray

    def joined_by(self, moved: np.ndarray) -> None:
        """Show one more shape."""
        self.up, self.down = np.maximum(self.up, moved), np.minimum(self.down, moved)

    def channel(self, datablock: Any, data_path: str, index: int, rest: Rest) -> Channel:
        """The control's curve."""
        values = (self.begin + self.up + self.down).astype(np.float32)
        whole = property_values.is_whole(datablock, data_path, index)
        return Channel(
            datablock,
            data_path,
            index,
            self.group,
            values.round() if whole else values,
            rest(datablock, data_path, index),
            held=whole,
            begin=self.begin,
        )


class ShapeControls(Target):
    """What the drivers of face shapes read."""

    name = "shape_controls"
    title = "controls"

    def present(self, character: Character) -> bool:
        """Where drivers own some of its face shapes."""
        return any(driven_paths(mesh.key) & mesh.value_paths for mesh in character.meshes)

    def datablocks(self, character: Character) -> list[Any]:
        """What holds the controls, also of shapes whose drivers were muted since."""
        return control_owners(character)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """A curve for each control, whatever number of shapes on whatever number of meshes it moves."""
        driver = Driver(animation, character, settings.dials)
        moves: dict[tuple[Any, str, int], Move] = {}
        controls = controls_of(character, settings.rest)
        for mesh in character.meshes:
            known = controls.get(mesh.key, {})
            for name, group, weights in driver.curves(mesh) if known else ():
                control = known.get(value_path(name))
                if control is None:
                    continue
                block = mesh.key.key_blocks[name]
                moved = control.at(np.clip(weights, block.slider_min, block.slider_max)) - control.begin
                nothing = np.zeros_like(moved)
                place = (control.datablock, control.data_path, control.index)
                moves.setdefault(place, Move(control.begin, group, nothing, nothing)).joined_by(moved)
        outcome = Outcome()
        outcome.channels += [move.channel(*place, settings.rest) for place, move in moves.items()]
        return outcome
