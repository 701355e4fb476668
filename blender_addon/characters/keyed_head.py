# SPDX-License-Identifier: GPL-3.0-or-later
"""The bone whose keys turn a head: it is the head bone also where it was renamed, which Blender's curves follow."""

from __future__ import annotations

import re
from typing import Any, Final

from ..host.blender_versions import animation_data
from ..keys import actions

GROUP: Final = "Head"
"""Title of the curves that turn a head."""
CHOICE: Final = "head_bone"
"""What an action remembers of the setting that its head bone was told by."""
_ROTATION: Final = re.compile(r'pose\.bones\["(.+)"\]\.rotation_\w+')


def keyed_head(armature: Any, choice: str) -> str:
    """The pose bone that the talking animation of an armature turns as its head.

    Args:
        armature: the object.
        choice: the name that the user gives the head bone; "" for none. Keys of another choice do not count: they may be those
            of a wrong bone, which the user has just taken back.

    Returns:
        Its name; "" where there is none.
    """
    bones = armature.pose.bones
    depths: dict[str, int] = {}
    own = [
        one for one in actions.own_actions(armature) if actions.record_of(one).get(CHOICE, choice) == choice
    ]
    for (path, _), curve in animation_data.own_curves(own, armature).items():
        rotation = _ROTATION.fullmatch(path)
        name = rotation[1].replace('\\"', '"').replace("\\\\", "\\") if rotation else ""
        # Blender renames a group that is called as the bone was.
        if name in bones and curve.group is not None and curve.group.name in (GROUP, name):
            depths[name] = len(bones[name].parent_recursive)
    return max(depths, key=lambda name: depths[name], default="")  # the neck, above it, takes its share
