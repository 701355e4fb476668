# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole scene from a command line: `--scene` for the sequencer's strips, `--lines` for a table."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bpy

from ..characters.character import describe
from ..contract import Dials
from ..errors import TalkingAnimationError
from ..inputs.scene_script import lines
from ..jobs.options import GenerateOptions
from ..jobs.scene_report import SceneReport
from ..jobs.whole_scene import animate_scene
from ..motion.key_reduction import KeyStyle
from ..talking import edit, extras


def run(
    options: argparse.Namespace, wanted: GenerateOptions, progress: Callable[[float, str], None]
) -> SceneReport:
    """Animate the open file's scene as the options say.

    Args:
        options: see `arguments.parser`.
        wanted: what they ask for; default dials and keys keep each character's own.
        progress: told about every stage.

    Raises:
        TalkingAnimationError: where nothing can be done for any line.
    """
    scene = bpy.context.scene
    script = lines.from_table(options.lines, scene) if options.lines else lines.of_scene(scene)
    only = ""
    if options.character:
        obj = bpy.data.objects.get(options.character)
        if obj is None:
            raise TalkingAnimationError(f"There is no object named '{options.character}' in this file.")
        only = describe(obj).root.name
    choice = replace(
        wanted,
        dials=None if wanted.dials == Dials() else wanted.dials,
        keys=None if wanted.keys == KeyStyle() else wanted.keys,
    )
    report = animate_scene(script, choice, scene=scene, only=only, progress=progress)
    for name in report.characters:
        if max(options.blend_in, options.blend_out) > 0:
            edit.push_to_nla(bpy.data.objects[name], options.blend_in, options.blend_out)
        if options.cues:
            extras.add_cues(bpy.data.objects[name], options.cues.upper(), scene)
    return report


def tell(report: SceneReport, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what became of the lines, and write it as JSON if asked for; returns the exit code.

    Raises:
        TalkingAnimationError: where that file cannot be written.
    """
    say("")
    say(report.table().rstrip())
    if options.json:
        text = json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n"
        path = os.path.abspath(options.json)
        try:
            Path(path).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise TalkingAnimationError(
                f"'{path}' cannot be written ({error.strerror or error}): make room there, or choose another place."
            ) from error
    return 0 if report.done and not report.failed else 1
