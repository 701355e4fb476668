# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole scene from a command line: `--scene` for the sequencer's strips, `--lines` for a table."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from ..characters.character import describe
from ..contract import Dials
from ..errors import TalkingAnimationError
from ..inputs.scene_script import lines
from ..jobs.scene_report import SceneReport
from ..jobs.whole_scene import SceneChoice, animate_scene
from ..motion.key_reduction import KeyStyle
from ..talking import edit, extras

_NOT_WITH_SCENES = ("audio", "video", "start")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a whole scene."""
    add = parser.add_argument
    add(
        "--scene",
        action="store_true",
        help="animate all sound strips of the sequencer that are lines of characters",
    )
    add(
        "--lines",
        default="",
        metavar="FILE",
        help="animate all lines of this CSV file: character,audio,start,style,seed,speed",
    )
    add(
        "--no-idle",
        action="store_true",
        help="with --scene or --lines: characters are still while they listen",
    )
    add(
        "--json",
        default="",
        metavar="FILE",
        help="with --scene or --lines: also write what became of each line",
    )


def wants(options: argparse.Namespace) -> bool:
    """Whether the options ask for a whole scene.

    Raises:
        TalkingAnimationError: where they ask for other things too.
    """
    if not (options.scene or options.lines):
        if options.json or options.no_idle:
            raise TalkingAnimationError(
                "--json and --no-idle need --scene or --lines (--help lists the options)."
            )
        return False
    chosen = "--lines" if options.lines else "--scene"
    if options.scene and options.lines:
        raise TalkingAnimationError("Choose --scene or --lines, not both (--help lists the options).")
    for name in _NOT_WITH_SCENES:
        if getattr(options, name, None) not in (None, ""):
            raise TalkingAnimationError(
                f"--{name} is for a single line and does not go with {chosen} (--help lists the options)."
            )
    return True


def run(
    options: argparse.Namespace,
    dials: Dials,
    keys: KeyStyle,
    published: dict[str, Any] | None,
    progress: Callable[[float, str], None],
) -> SceneReport:
    """Animate the open file's scene as the options say.

    Args:
        options: see `headless.parser`.
        dials, keys: what the options ask for; defaults keep each character's own.
        published: see `jobs.generate`.
        progress: told about every stage.

    Raises:
        TalkingAnimationError: where nothing can be done for any line.
    """
    scene = bpy.context.scene
    script = lines.from_table(options.lines, scene) if options.lines else lines.of_scene(scene)
    if options.character:
        item = bpy.data.objects.get(options.character)
        if item is None:
            raise TalkingAnimationError(f"There is no object named '{options.character}' in this file.")
        root = describe(item).root.name
        script.lines = [line for line in script.lines if line.character == root]
        if not script.lines:
            raise TalkingAnimationError(f"No line of this scene belongs to '{root}'.")
    choice = SceneChoice(
        style=options.style,
        speaker=options.speaker,
        pose=options.pose,
        published=published,
        seed=options.seed,
        placement=options.placement.upper(),
        add_sound=not options.no_sound,
        extend_range=not options.keep_range,
        idle=not options.no_idle,
    )
    report = animate_scene(
        script,
        choice,
        scene=scene,
        dials=None if dials == Dials() else dials,
        keys=None if keys == KeyStyle() else keys,
        progress=progress,
    )
    for name in report.characters:
        if max(options.blend_in, options.blend_out) > 0:
            edit.push_to_nla(bpy.data.objects[name], options.blend_in, options.blend_out)
        if options.cues:
            extras.add_cues(bpy.data.objects[name], options.cues.upper(), scene)
    return report


def tell(report: SceneReport, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what became of the lines, and write it as JSON if asked for; returns the exit code."""
    say("")
    say(report.table().rstrip())
    if options.json:
        text = json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n"
        Path(os.path.abspath(options.json)).write_text(text, encoding="utf-8")
    return 0 if report.done and not report.failed else 1
