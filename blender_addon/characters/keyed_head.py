# SPDX-License-Identifier: GPL-3.0-or-later
"""The bone whose keys turn a head: it is the head bone also where it was renamed, which Blender's curves follow."""

from __future__ import annotations

import re
from typing import Any, Final

from ..host.blender_versions import animation_data
from ..keys import actions

_GROUP: Final = "Head"
_ROTATION: Final = re.compile(r'pose\.bones\["(.+)"\]\.rotation_\w+')


def keyed_head(armature: Any) -> str:
    """The pose bone that the talking animation of an armature turns as its head; "" where there is none."""
    bones = armature.pose.bones
    depths: dict[str, int] = {}
    for (path, _), curve in animation_data.own_curves(actions.own_actions(armature), armature).items():
        rotation = _ROTATION.fullmatch(path)
        name = rotation[1].replace('\\"', '"').replace("\\\\", "\\") if rotation else ""
        # Blender renames a group that is called as the bone was.
        if name in bones and curve.group is not None and curve.group.name in (_GROUP, name):
            depths[name] = len(bones[name].parent_recursive)
    return max(depths, key=lambda name: depths[name], default="")  # the neck, above it, takes its share
