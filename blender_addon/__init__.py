# SPDX-License-Identifier: GPL-3.0-or-later
"""Talking Animation: a voice recording makes a character talk."""

from __future__ import annotations

bl_info = {
    "name": "Talking Animation",
    "author": "Talking Animation contributors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D View > Sidebar (N) > Talking",
    "description": "A voice recording makes a character talk: lips, head, brows, blinks and gaze, offline",
    "category": "Animation",
    "support": "COMMUNITY",
}


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    from . import without_numpy

    if without_numpy.is_needed():
        without_numpy.register()
        return
    from . import registration

    registration.register()


def unregister() -> None:
    """Called by Blender when the add-on is switched off or Blender quits."""
    from . import without_numpy

    if without_numpy.is_registered():
        without_numpy.unregister()
        return
    from . import registration

    registration.unregister()
