# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the manner of speaking: styles, and videos that teach them."""

from __future__ import annotations

from ..contract.names import CONTENT, STYLE_AVATAR
from ..inputs.manner import AUTO, of_scene, shipped
from ..inputs.videos import NEEDS_TORCH, Filmed, filmed, own_files
from ..inputs.videos import unavailable_reason as why_no_videos
from ..jobs.lesson import Lesson, LessonReport

__all__ = [
    "AUTO",
    "CONTENT",
    "NEEDS_TORCH",
    "STYLE_AVATAR",
    "Filmed",
    "Lesson",
    "LessonReport",
    "filmed",
    "of_scene",
    "own_files",
    "shipped",
    "why_no_videos",
]
