# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the videos of talking pictures."""

from __future__ import annotations

from typing import Any

from ..characters.pictures import origin_of
from ..host.engine_folder import has_refiner
from ..inputs import pictures
from ..inputs.video_renderers import is_named
from ..inputs.videos import no_learning_reason
from ..jobs.lesson import MouthLesson, MouthReport
from ..jobs.portrait.bake import PortraitJob, bake_lines
from ..jobs.portrait.bake_all import AllPortraitsJob, PortraitsReport, talking_pictures
from ..jobs.portrait.by_engine import reason_for as engine_reason
from ..jobs.portrait.options import (
    AUTOMATIC,
    BLENDER,
    ENGINE,
    FULL,
    LOOKS,
    PERSONAL,
    POSES,
    REFINED,
    RENDERERS,
    REPLAYED,
    VIEWS,
    PortraitOptions,
    PortraitReport,
)
from ..jobs.portrait.output_file import beside_the_file
from ..jobs.portrait.pictured import obstacle

__all__ = [
    "AUTOMATIC",
    "BLENDER",
    "ENGINE",
    "FULL",
    "LOOKS",
    "PERSONAL",
    "POSES",
    "REFINED",
    "RENDERERS",
    "REPLAYED",
    "VIEWS",
    "AllPortraitsJob",
    "MouthLesson",
    "MouthReport",
    "PortraitJob",
    "PortraitOptions",
    "PortraitReport",
    "PortraitsReport",
    "bake_lines",
    "beside_the_file",
    "engine_reason",
    "has_refiner",
    "is_film",
    "is_named",
    "is_picture",
    "no_learning_reason",
    "obstacle",
    "talking_pictures",
]


def is_film(obj: Any) -> bool:
    """Whether an object is a film's first picture that was made to talk, or a part of one."""
    origin = origin_of(obj)
    return origin is not None and pictures.is_film(origin.path)


def is_picture(obj: Any) -> bool:
    """Whether an object is a picture that was made to talk, or a part of one."""
    return origin_of(obj) is not None
