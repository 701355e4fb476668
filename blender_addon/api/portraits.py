# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the videos of talking pictures."""

from __future__ import annotations

from ..host.engine_folder import has_refiner
from ..jobs.portrait.bake import PortraitJob, bake_lines
from ..jobs.portrait.options import (
    AUTOMATIC,
    BLENDER,
    ENGINE,
    PERSONAL,
    REFINED,
    RENDERERS,
    PortraitOptions,
    PortraitReport,
)
from ..jobs.portrait.output_file import beside_the_file
from ..jobs.portrait.pictured import obstacle

__all__ = [
    "AUTOMATIC",
    "BLENDER",
    "ENGINE",
    "PERSONAL",
    "REFINED",
    "RENDERERS",
    "PortraitJob",
    "PortraitOptions",
    "PortraitReport",
    "bake_lines",
    "beside_the_file",
    "has_refiner",
    "obstacle",
]
