# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes: those that are there for a moment only, and those that no window shows."""

from __future__ import annotations

from typing import Any

import bpy


def remove_scene(scene: Any) -> None:
    """Delete a scene.

    Blender 4.3 crashes where `bpy.data.scenes.remove` is called while it runs a `--command`; a batch of one does not.
    """
    bpy.data.batch_remove([scene])


def place(obj: Any) -> None:
    """Let Blender work out where an object is, and what is about it, in whichever scene it lies.

    Of a scene that no window shows Blender works out nothing by itself: everything there seems to lie at the origin.
    """
    present: Any = bpy.context.view_layer
    present.update()
    if present.objects.get(obj.name) != obj:
        for scene in obj.users_scene:
            for layer in scene.view_layers:
                layer.update()
