# SPDX-License-Identifier: GPL-3.0-or-later
"""A character that is shown talking without any key: its targets' values are set, and given back exactly as they were."""

from __future__ import annotations

import contextlib
from typing import Any

import bpy
import numpy as np

from ..characters.character import Character
from ..characters.remembered import dials_of
from ..characters.target import TargetSettings
from ..contract import FaceAnimation
from ..keys import actions, property_values
from ..keys.channels import Channel, each_once
from ..motion.live_motion import joined

_LOOK_AT_SHAPES_ONLY = ("shape_keys", "shape_controls")
"""Targets that ask nothing of a character that Blender has to evaluate first."""

_Place = tuple[Any, str, int]
"""Datablock, data path and index of a property."""


class LiveCharacter:
    """What a live preview moves. Nothing else may change the character meanwhile.

    Args:
        character: a described one that can talk, and whose targets were prepared.

    Attributes:
        warnings: sentences about what does not show, as far as known.
    """

    def __init__(self, character: Character) -> None:
        self._character = character
        self._dials = dials_of(character.root.talking_animation)
        self._before: dict[_Place, float] = {}  # of every property that was set
        self._curves: dict[_Place, Channel] = {}
        self._motion: FaceAnimation | None = None
        self._first = 0.0
        self.warnings: list[str] = []

    def take(self, frames: FaceAnimation, first: int) -> None:
        """New frames are there: make curves of them.

        Args:
            frames: at least one.
            first: number of the first.
        """
        self._motion, known = joined(self._motion, frames)
        self._first = (first - known) / frames.fps
        channels: list[Channel] = []
        self.rest()  # targets look at the character as it is, and that is not how it is shown
        if any(target.name not in _LOOK_AT_SHAPES_ONLY for target in self._character.targets):
            layer: Any = bpy.context.view_layer
            layer.update()
        settings = TargetSettings(self._dials, actions.RestReader())
        for target in self._character.targets:
            outcome = target.apply(self._motion, self._character, settings)
            self.warnings += [text for text in outcome.warnings if text not in self.warnings]
            channels += outcome.channels
        self._curves = {channel.place: channel for channel in each_once(channels)}

    def show(self, instant: float) -> None:
        """Let it look as it does at an instant: seconds since the sound began; the nearest frame at hand where there is none."""
        if self._motion is None:
            return
        place = min(max((instant - self._first) * self._motion.fps, 0.0), len(self._motion) - 1)
        for key in dict.fromkeys((*self._before, *self._curves)):
            channel = self._curves.get(key)
            # A shape that keeps still in these frames has no curve: it rests.
            self._set(key, self._before[key] if channel is None else _read(channel, place))
        self._tell_blender()

    def _set(self, key: _Place, value: float) -> None:
        # Such as the points of a face, which are only there with its keys.
        with contextlib.suppress(ValueError):
            if key not in self._before:
                self._before[key] = property_values.read(*key)
            property_values.assign(*key, value)

    def rest(self) -> None:
        """Everything is as it was before, until it is shown again. Safe to call at any time, also where the file was changed or
        closed meanwhile.
        """
        for key, value in self._before.items():
            with contextlib.suppress(ReferenceError, ValueError):
                property_values.assign(*key, value)
        with contextlib.suppress(ReferenceError):
            self._tell_blender()

    def _tell_blender(self) -> None:
        for datablock in {key[0] for key in self._before}:
            datablock.update_tag()


def _read(channel: Channel, place: float) -> float:
    """A curve's value at a frame between others."""
    values = channel.values
    place = min(place, len(values) - 1)
    before = int(place)
    if channel.held or before + 1 >= len(values):
        return float(values[before])
    return float(np.interp(place, (before, before + 1), values[before : before + 2]))
