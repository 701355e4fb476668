# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking up a character that was just added: it is picked, and the 3D View turns to its face."""

from __future__ import annotations

import math
from typing import Any, Final

import bpy
import numpy as np
from bpy.types import Context
from mathutils import Euler, Quaternion, Vector

from ..api import pictures, sample_voice
from ..api.characters import box_of
from ..api.drawings import is_flat
from ..api.grease_pencil import is_drawing

_FROM: Final = (math.radians(84), 0.0, math.radians(14))
"""A little from above and from the side, as a portrait is."""
_FROM_THE_FRONT: Final = (math.radians(90), 0.0, 0.0)
"""As what is flat is looked at."""
_DISTANCE: Final = 1.9
"""In heights of what is looked at."""
_ABOVE: Final = 0.12
"""How far above its middle, where the face is, the view aims; in heights."""


def look_at(context: Context, root: Any) -> None:
    """Let the 3D View show a character from the front, with the images that are on it; nothing where there is no view.

    Args:
        context: a button's.
        root: the character's root; its front looks along its own -y.
    """
    context.view_layer.update()  # it may just have been put to its place
    # Blender does not place what is hidden, such as the drawings of a chart.
    shown = [part for part in (root, *root.children_recursive) if part.visible_get()]
    space, box = _space(context), box_of(shown)
    if space is None or not len(box):
        return
    images = pictures.shows_images(shown)
    if images and space.shading.type == "SOLID":
        space.shading.color_type = "TEXTURE"  # in the other colours of the solid view they are blank
    flat = images or all(part.type == "EMPTY" or is_flat(part) or is_drawing(part) for part in shown)
    _turn(space, root, box, _FROM_THE_FRONT if flat else _FROM, 0.0 if flat else _ABOVE)


def look_at_board(context: Context, board: Any) -> None:
    """Let the 3D View show a picture whose points are to be placed, straight from the front."""
    space, box = _space(context), pictures.box_of_board(board)
    if space is not None:
        _turn(space, None, box, _FROM_THE_FRONT, 0.0)


def _space(context: Context) -> Any:
    """The 3D View that a button was pressed in, else (after a file browser) the largest one; None where there is none."""
    space: Any = context.space_data
    if space is not None and space.type == "VIEW_3D":
        return space
    windows = context.window_manager.windows
    areas = [area for window in windows for area in window.screen.areas if area.type == "VIEW_3D"]
    return max(areas, key=lambda area: area.width * area.height).spaces.active if areas else None


def _turn(space: Any, root: Any, box: Any, angles: tuple[float, float, float], above: float) -> None:
    view = space.region_3d
    front = root.matrix_world.to_quaternion() if root is not None else Quaternion()
    view.view_perspective = "PERSP"
    view.view_rotation = front @ Euler(angles).to_quaternion()
    size = float(np.max(box[1] - box[0]))
    view.view_location = Vector(box.mean(axis=0) + [0.0, 0.0, above * size])
    view.view_distance = _DISTANCE * size


def pick(context: Context, root: Any) -> None:
    """Select a character that was just added and let the panel work on it, with the sample voice where none was chosen.

    Whoever edits something meanwhile leaves its mode first: no other object can be active before.
    """
    active = context.view_layer.objects.active
    if active is not None and active.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
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
