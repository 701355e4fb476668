# SPDX-License-Identifier: GPL-3.0-or-later
"""Tali, the demo character: a head-and-shoulders bust built wholly by code.

`build(scene)` adds the character, `build_stage(scene, character)` camera, lights and backdrop, and
`configure_workbench(scene)` the render settings of the demo video. Needs bpy, numpy and nothing else; runs in Blender 3.4 to 5.x.
"""

from __future__ import annotations

from .character import build
from .shape_keys import ARKIT_NAMES
from .stage import build_stage, configure_workbench

__all__ = ["ARKIT_NAMES", "build", "build_stage", "configure_workbench"]
