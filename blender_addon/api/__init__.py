# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts call; the operators are thin callers of it.

from blender_addon import api                       # or bl_ext.user_default.talking_animation.api
report = api.generate(bpy.data.objects["Rig"], "//line.wav", start_frame=1, style="auto")
print(report.message)

The modules beside this one are what windows ask besides, by subject; `mapping` is for scripts too.
"""

from __future__ import annotations

from ..motion import needs_numpy  # noqa: F401  (first, so that a sentence says so)

# isort: split

from pathlib import Path

from ..characters.character import describe
from ..characters.remembered import dials_of, with_dials
from ..contract import Dials
from ..engine_process.shared import close_engine, diagnostics
from ..errors import TalkingAnimationError
from ..inputs.sample_voices import shipped
from ..inputs.scene_script.lines import from_table as lines_of_table
from ..inputs.scene_script.lines import of_scene as lines_of_scene
from ..inputs.shipped_pictures import ShippedPicture, shipped_pictures
from ..jobs.lesson import person_from_videos, renderer_from_films, style_from_video
from ..jobs.look import LookReport, draw_look
from ..jobs.one_recording import Job, generate, generate_from_video
from ..jobs.options import LISTENING, GenerateOptions
from ..jobs.picture import PictureReport, make_picture_talk
from ..jobs.portrait.bake import bake_portrait
from ..jobs.portrait.options import PortraitOptions, PortraitReport
from ..jobs.scene_report import SceneReport
from ..jobs.whole_scene import SceneJob, animate_scene
from ..motion.key_reduction import KeyStyle
from ..talking.carried import has_animation, in_nla, motion_file
from ..talking.edit import apply_dials, apply_key_style, push_to_nla, remove, write_again
from ..talking.extras import (
    add_cues,
    add_points,
    has_cues,
    has_points,
    remove_cues,
    remove_points,
)
from ..talking.problems import Problem, repair
from ..talking.problems import find_problems as check
from ..talking.shut_lips import release_lips, shut_lips
from ..talking.write import Report
from . import mapping
from .motion_cache import use_folder as use_cache_folder
from .pictures import render_as_picture

__all__ = [
    "LISTENING",
    "Dials",
    "GenerateOptions",
    "Job",
    "KeyStyle",
    "LookReport",
    "PictureReport",
    "PortraitOptions",
    "PortraitReport",
    "Problem",
    "Report",
    "SceneChoice",
    "SceneJob",
    "SceneReport",
    "ShippedPicture",
    "TalkingAnimationError",
    "add_cues",
    "add_points",
    "animate_scene",
    "apply_dials",
    "apply_key_style",
    "bake_portrait",
    "check",
    "close_engine",
    "describe",
    "diagnostics",
    "dials_of",
    "draw_look",
    "generate",
    "generate_from_video",
    "has_animation",
    "has_cues",
    "has_points",
    "in_nla",
    "lines_of_scene",
    "lines_of_table",
    "make_picture_talk",
    "mapping",
    "motion_file",
    "person_from_videos",
    "push_to_nla",
    "release_lips",
    "remove",
    "remove_cues",
    "remove_points",
    "render_as_picture",
    "renderer_from_films",
    "repair",
    "sample_voice",
    "shipped_pictures",
    "shut_lips",
    "style_from_video",
    "use_cache_folder",
    "with_dials",
    "write_again",
]

SceneChoice = GenerateOptions
"""The name of 0.1.0 for the options of a whole scene."""


def sample_voice() -> Path | None:
    """The recording that ships to try things out with; None in a copy of the add-on without it."""
    return shipped("hello.wav")
