# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that are there for a moment only."""

from __future__ import annotations

from typing import Any

import bpy


def remove_scene(scene: Any) -> None:
    """Delete a scene.

    Blender 4.3 crashes where `bpy.data.scenes.remove` is called while it runs a `--command`; a batch of one does not.
    """
    bpy.data.batch_remove([scene])
