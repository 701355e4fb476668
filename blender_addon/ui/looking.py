# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking up a character that was just added: it is picked, and the 3D View turns to its face."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bpy.types import Context
from mathutils import Euler, Vector

from ..api import sample_voice
from ..api.characters import box_of

_FROM = (math.radians(84), 0.0, math.radians(14))
"""A little from above and from the side, as a portrait is."""
_DISTANCE = 1.9
"""In heights of what is looked at."""
_ABOVE = 0.12
"""How far above its middle, where the face is, the view aims; in heights."""


def look_at(context: Context, root: Any) -> None:
    """Let the 3D View that a button was pressed in show a character from the front; nothing where there is none.

    Args:
        context: the button's.
        root: the character's root; its front looks along its own -y.
    """
    view = getattr(context.space_data, "region_3d", None)
    # Blender does not place what is hidden, such as the drawings of a chart.
    box = box_of([part for part in (root, *root.children_recursive) if part.visible_get()])
    if view is None or not len(box):
        return
    view.view_perspective = "PERSP"
    view.view_rotation = root.matrix_world.to_quaternion() @ Euler(_FROM).to_quaternion()
    size = float(np.max(box[1] - box[0]))
    view.view_location = Vector(box.mean(axis=0) + [0.0, 0.0, _ABOVE * size])
    view.view_distance = _DISTANCE * size


def pick(context: Context, root: Any) -> None:
    """Select a character that was just added and let the panel work on it, with the sample voice where none was chosen."""
    for selected in context.selected_objects:
        selected.select_set(False)
    root.select_set(True)
    context.view_layer.objects.active = root
    chosen = context.scene.talking_animation
    chosen.character = root
    sample = sample_voice()
    if not chosen.audio and sample is not None:
        chosen.audio = str(sample)  # so that the next click makes it talk


def take_up(context: Context, root: Any) -> None:
    """Pick a character that was just added, and look at it."""
    pick(context, root)
    look_at(context, root)
