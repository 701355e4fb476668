# SPDX-License-Identifier: GPL-3.0-or-later
"""The same from a command line, for `blender --command talking_animation` and examples/generate.py."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import bpy

from . import api, versions
from .errors import TalkingAnimationError


class _Parser(argparse.ArgumentParser):
    """Ends with exit code 2 after one sentence, as argparse does, but never exits Blender by itself."""

    def error(self, message: str) -> Any:
        raise TalkingAnimationError(f"{message[:1].upper()}{message[1:]} (--help lists the options).")


def parser(program: str = "talking_animation") -> argparse.ArgumentParser:
    """The options."""
    result = _Parser(prog=program, description="Make a character of a .blend file say a voice recording.")
    add = result.add_argument
    add("blend", nargs="?", help="the .blend file, where none is open yet")
    add(
        "--audio",
        required=True,
        metavar="FILE",
        help="voice recording, or the name of a sound strip: strip:NAME",
    )
    add("--save", metavar="FILE", help="write the .blend file with the keys here")
    add("--character", metavar="NAME", help="object of the character (default: the only one that can talk)")
    add(
        "--start",
        type=int,
        default=None,
        metavar="FRAME",
        help="frame at which the recording starts (default: 1)",
    )
    add("--style", default="natural", help="way of speaking (default: natural)")
    add("--seed", type=int, default=0, help="another number gives another take (default: 0)")
    add(
        "--placement",
        choices=("nla", "action"),
        default="nla",
        help="NLA strip or active action (default: nla)",
    )
    add("--no-sound", action="store_true", help="do not add the recording to the sequencer")
    add("--keep-range", action="store_true", help="leave the scene's frame range alone")
    for dial in ("lips", "head", "brows", "blinks", "gaze"):
        add(f"--{dial}", type=_dial, default=1.0, metavar="0…2", help=f"how strongly: {dial} (default: 1)")
    add("--render", metavar="FILE", help="render the scene with sound to this MP4 file")
    add("--engine-python", metavar="FILE", default="", help="Python of a full engine (with torch)")
    return result


def _dial(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 2.0:
        raise ValueError(text)
    return value


def command(arguments: Sequence[str]) -> int:
    """Do what the arguments say; prints one line.

    Returns:
        0 only where keys were written (and saved, and rendered, if asked for); 2 for wrong arguments; else 1.
    """
    try:
        options = parser().parse_args(list(arguments))
    except TalkingAnimationError as error:
        _say(f"Error: {error}", sys.stderr)
        return 2
    except SystemExit as end:  # --help
        return int(end.code or 0)
    try:
        report = run(options)
    except TalkingAnimationError as error:
        _say(f"Error: {error}", sys.stderr)
        return 1
    except KeyboardInterrupt:
        _say("Cancelled.", sys.stderr)
        return 1
    except Exception as error:
        traceback.print_exc()
        _say(f"Error: something unforeseen happened ({type(error).__name__}: {error}).", sys.stderr)
        return 1
    finally:
        api.close_engine()
    for warning in report.warnings:
        _say(f"Warning: {warning}", sys.stderr)
    _say(report.message)
    return 0 if report.curves else 1


def run(options: argparse.Namespace) -> api.Report:
    """Generate, save and render as the parsed options say.

    Raises:
        TalkingAnimationError: one sentence.
    """
    for path in (options.save, options.render):
        _check_writable(path)
    if options.blend:
        _open(options.blend)
    if options.engine_python:
        from . import settings

        settings.fallback.engine_python = options.engine_python
        preferences = settings.preferences()
        if preferences is not None:
            preferences.engine_python = options.engine_python  # type: ignore[attr-defined]
    scene = bpy.context.scene
    start = options.start
    audio: Any = options.audio
    if audio.startswith("strip:"):
        name = audio[len("strip:") :]
        audio = next((strip for strip in versions.all_sequencer_strips(scene) if strip.name == name), None)
        if audio is None:
            raise TalkingAnimationError(f"The sequencer has no strip named '{name}'.")
    elif start is None:
        start = 1
    report = api.generate(
        pick(options.character, scene),
        audio,
        start_frame=start,
        style=options.style,
        seed=options.seed,
        placement=options.placement.upper(),
        add_sound=not options.no_sound,
        extend_range=not options.keep_range,
        dials=api.Dials(options.lips, options.head, options.brows, options.blinks, options.gaze),
        scene=scene,
        progress=_show_progress,
    )
    if options.save:
        _save(options.save)
    if options.render:
        _render(scene, options.render)
    return report


def pick(name: str | None, scene: Any) -> Any:
    """The character of that name; without a name the active object, else the only character of the scene.

    Raises:
        TalkingAnimationError: where there is none, or more than one to choose from.
    """
    if name:
        found = bpy.data.objects.get(name)
        if found is None:
            raise TalkingAnimationError(f"There is no object named '{name}' in this file.")
        return found
    active = bpy.context.view_layer.objects.active
    if active is not None and not api.describe(active).problem:
        return active
    roots: dict[Any, None] = {}
    for item in scene.objects:
        if item.type in {"MESH", "ARMATURE"} and item.library is None:
            found = api.describe(item)
            if not found.problem:
                roots[found.root] = None
    if not roots:
        for item in scene.objects:  # perhaps one that could, were it not linked
            if item.type == "MESH" and item.data.shape_keys is not None:
                raise TalkingAnimationError(api.describe(item).problem)
        raise TalkingAnimationError(
            "No object of this file has face shapes with ARKit names, such as jawOpen."
        )
    if len(roots) > 1:
        names = ", ".join(sorted(f"'{item.name}'" for item in roots))
        raise TalkingAnimationError(
            f"Several characters can talk ({names}): choose one with --character NAME."
        )
    return next(iter(roots))


def _check_writable(path: str | None) -> None:
    """Notice before the work that its result could not be kept."""
    if path is None:
        return
    full = os.path.abspath(path)
    folder = os.path.dirname(full)
    if not os.path.isdir(folder):
        raise TalkingAnimationError(f"The folder '{folder}' does not exist: make it, or choose another one.")
    if not os.access(full if os.path.exists(full) else folder, os.W_OK) or os.path.isdir(full):
        raise TalkingAnimationError(f"'{full}' cannot be written to: choose another place.")


def _open(path: str) -> None:
    if not os.path.isfile(path):
        raise TalkingAnimationError(f"'{path}' does not exist.")
    try:
        bpy.ops.wm.open_mainfile(filepath=os.path.abspath(path))
    except RuntimeError as error:
        raise TalkingAnimationError(f"'{path}' cannot be opened: is it a .blend file?") from error


def _save(path: str) -> None:
    try:
        bpy.ops.wm.save_as_mainfile(filepath=os.path.abspath(path), check_existing=False)
    except RuntimeError as error:
        raise TalkingAnimationError(f"'{path}' cannot be saved: choose another place.") from error


def _render(scene: Any, path: str) -> None:
    if scene.camera is None:
        raise TalkingAnimationError(f"The scene '{scene.name}' has no camera to render with: add one.")
    try:
        versions.set_video_output(scene, os.path.abspath(path))
        bpy.ops.render.render(animation=True, scene=scene.name)
    except (RuntimeError, TypeError) as error:
        raise TalkingAnimationError(
            f"'{path}' cannot be rendered: {str(error).strip().splitlines()[-1]}"
        ) from error
    if not os.path.isfile(path):
        raise TalkingAnimationError(f"'{path}' was not rendered: see the messages above.")


_shown = ""


def _show_progress(fraction: float, stage: str) -> None:
    global _shown
    line = f"{stage} {100 * fraction:3.0f} %"
    if line != _shown:
        _shown = line
        _say(line)


def _say(text: str, stream: Any = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)
