# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a character's keys still say what was generated, or were changed by hand since."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ..characters.character import Character
from ..contract import Dials
from ..contract.animation import FaceAnimation
from ..host.blender_versions import animation_data
from ..keys import actions, nla
from .write import channels_of

_OFF: Final = 0.03  # weights, or radians: less is not seen
_PROBES: Final = 24  # frames at which each curve is looked at


def is_as_generated(character: Character, motion: FaceAnimation, dials: Dials) -> bool:
    """Whether nothing but what was generated moves a character: no key changed by hand, no strip stretched.

    Args:
        character: as it was found.
        motion: what it carries, at the scene's rate, before any dial.
        dials: the character's.
    """
    by_datablock, _ = channels_of(character, motion, dials)
    return all(_is_kept(datablock, channels) for datablock, channels in by_datablock.items())


def _is_kept(datablock: Any, channels: list[Any]) -> bool:
    placed = nla.own_strip(datablock)
    if placed is not None and _is_stretched(placed[1]):
        return False
    for action in actions.own_actions(datablock):
        curves = animation_data.curve_set(action, datablock)
        by_path = curves.by_path() if curves is not None else {}
        for channel in channels:
            curve = by_path.get((channel.data_path, channel.index))
            if curve is None or not len(curve.keyframe_points) or curve.mute:
                return False
            first = curve.keyframe_points[0].co[0]
            probes = np.unique(np.linspace(0, len(channel.values) - 1, _PROBES).astype(int))
            if any(abs(curve.evaluate(first + at) - channel.values[at]) > _OFF for at in probes):
                return False
    return True


def _is_stretched(strip: Any) -> bool:
    """Whether a strip plays its action in another way than once, whole and at its pace."""
    length = strip.action_frame_end - strip.action_frame_start
    whole = strip.action.frame_range[1] - strip.action.frame_range[0]
    fades = strip.blend_in > 0 or strip.blend_out > 0
    return (
        fades
        or strip.use_reverse
        or abs(strip.frame_end - strip.frame_start - length) > 0.5
        or abs(length - whole) > 0.5
    )
