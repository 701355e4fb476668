# SPDX-License-Identifier: GPL-3.0-or-later
"""The same from a command line, for `blender --command talking_animation` and examples/generate.py."""

from __future__ import annotations

import argparse
import math
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import bpy

from .. import api
from ..characters import registry
from ..characters.character import key_of
from ..contract import dials
from ..errors import TalkingAnimationError
from ..host.blender_versions import interface, sequencer
from ..inputs import manner, videos
from ..jobs.scene_report import SceneReport
from . import scene as headless_scene


class _Parser(argparse.ArgumentParser):
    """Ends with exit code 2 after one sentence, as argparse does, but never exits Blender by itself."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        found = super().parse_args(args, namespace)
        if not (headless_scene.wants(found) or found.audio or found.video):
            self.error("one of the arguments --audio, --video, --scene and --lines is required")
        return found

    def error(self, message: str) -> Any:
        raise TalkingAnimationError(f"{message[:1].upper()}{message[1:]} (--help lists the options).")


def parser(program: str = "talking_animation") -> argparse.ArgumentParser:
    """The options."""
    result = _Parser(prog=program, description="Make a character of a .blend file say a voice recording.")
    add = result.add_argument
    add("blend", nargs="?", help="the .blend file, where none is open yet")
    add(
        "--audio",
        default="",
        metavar="FILE",
        help="voice recording, or the name of a sound strip: strip:NAME; may be left out with --video",
    )
    headless_scene.add_options(result)
    add("--save", metavar="FILE", help="write the .blend file with the keys here")
    add("--character", metavar="NAME", help="object of the character (default: the only one that can talk)")
    add(
        "--start",
        type=int,
        default=None,
        metavar="FRAME",
        help="frame at which the recording starts (default: 1)",
    )
    add(
        "--style",
        default=manner.AUTO,
        help="way of speaking: a style's name, its .json, a person's .npz, a mixture such as calm:0.3,lively:0.7, or auto, "
        "which is as lively as the voice (default: auto)",
    )
    add(
        "--speaker",
        metavar="auto|none|FOLDER",
        help="whether the voice says how lively the style is, or the folder of persons' .npz files that it chooses from "
        "(default: auto with --style auto, else none)",
    )
    add(
        "--pose",
        choices=manner.POSES,
        default=manner.POSES[0],
        help="where the head's motion comes from: the voice, a person's own clip, or none (default: generated)",
    )
    add(
        "--video",
        metavar="FILE",
        help="a video of a talking face to take motion from (needs the full engine)",
    )
    for part in ("lips", "head"):
        add(
            f"--{part}-from",
            choices=("video", "voice"),
            default="video",
            help=f"with --video: what the {part} follow (default: video)",
        )
    add(
        "--model",
        choices=(manner.CONTENT, manner.MAKEITTALK),
        default=manner.CONTENT,
        help="the engine's own networks or MakeItTalk's published ones (default: content)",
    )
    add("--published-folder", metavar="FOLDER", help="where MakeItTalk's files are")
    add("--published-speaker", metavar="NAME", help="whose manner MakeItTalk takes")
    add(
        "--accept-licence",
        action="store_true",
        help="accept the licence of MakeItTalk's files (CC BY-NC 4.0)",
    )
    add("--seed", type=int, default=0, help="another number gives another take (default: 0)")
    add(
        "--placement",
        choices=("nla", "action"),
        default="nla",
        help="NLA strip or active action (default: nla)",
    )
    add("--no-sound", action="store_true", help="do not add the recording to the sequencer")
    add("--keep-range", action="store_true", help="leave the scene's frame range alone")
    for row in dials.rows():
        add(
            "--" + row["name"].replace("_", "-"),
            type=_ranged(row["minimum"], row["maximum"]),
            default=row["default"],
            metavar=f"{row['minimum']:g}…{row['maximum']:g}",
            help=f"{row['description'][:1].lower()}{row['description'][1:]} (default: {row['default']:g})",
        )
    add(
        "--keys",
        choices=("frames", "linear", "bezier", "stepped"),
        default="frames",
        help="which keys: one a frame, as few as the tolerance allows, held drawings (default: frames)",
    )
    add(
        "--tolerance",
        type=_ranged(0.001, 0.2),
        default=0.01,
        help="how far linear and bezier keys may be off (default: 0.01)",
    )
    add(
        "--hold",
        type=_ranged(1, 12),
        default=2,
        help="frames that a stepped drawing is held for (default: 2)",
    )
    add(
        "--blend-in",
        type=_ranged(0, 1000),
        default=0.0,
        metavar="FRAMES",
        help="the NLA strip fades in (default: 0)",
    )
    add(
        "--blend-out",
        type=_ranged(0, 1000),
        default=0.0,
        metavar="FRAMES",
        help="the NLA strip fades out (default: 0)",
    )
    add("--cues", choices=("markers", "text", "strips"), help="also show the mouth cues in this way")
    add("--render", metavar="FILE", help="render the scene with sound to this MP4 file")
    add("--engine-python", metavar="FILE", default="", help="Python of a full engine (with torch)")
    return result


def _ranged(minimum: float, maximum: float) -> Callable[[str], float]:
    """What argparse reads a number of that range with."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {minimum:g} to {maximum:g}")
        return value

    return read


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
    if isinstance(report, SceneReport):
        return headless_scene.tell(report, options, _say)
    for warning in report.warnings:
        _say(f"Warning: {warning}", sys.stderr)
    _say(report.message)
    return 0 if report.curves else 1


def run(options: argparse.Namespace) -> api.Report | SceneReport:
    """Generate, save and render as the parsed options say.

    Raises:
        TalkingAnimationError: one sentence.
    """
    for path in (options.save, options.render, options.json or None):
        _check_writable(path)
    if options.blend:
        _open(options.blend)
    if options.engine_python:
        from ..host import settings

        settings.fallback.engine_python = options.engine_python
        preferences = settings.preferences()
        if preferences is not None:
            preferences.engine_python = options.engine_python  # type: ignore[attr-defined]
    scene = bpy.context.scene
    chosen = api.Dials(**{name: getattr(options, name) for name in dials.NAMES})
    keys = api.KeyStyle(options.keys.upper(), options.tolerance, int(options.hold))
    if headless_scene.wants(options):
        whole = headless_scene.run(options, chosen, keys, _published(options), _show_progress)
        if whole.characters:
            _keep(scene, options)
        return whole
    start = options.start
    audio: Any = options.audio
    if audio.startswith("strip:"):
        name = audio[len("strip:") :]
        audio = next((strip for strip in sequencer.all_sequencer_strips(scene) if strip.name == name), None)
        if audio is None:
            raise TalkingAnimationError(f"The sequencer has no strip named '{name}'.")
    elif start is None:
        start = 1
    character = pick(options.character, scene)
    report = api.generate(
        character,
        audio,
        start_frame=start,
        style=options.style,
        speaker=options.speaker,
        pose=options.pose,
        published=_published(options),
        filmed=_filmed(options),
        seed=options.seed,
        placement=options.placement.upper(),
        add_sound=not options.no_sound,
        extend_range=not options.keep_range,
        dials=chosen,
        keys=keys,
        scene=scene,
        progress=_show_progress,
    )
    if max(options.blend_in, options.blend_out) > 0:
        api.push_to_nla(character, options.blend_in, options.blend_out)
    if options.cues:
        api.add_cues(character, options.cues.upper(), scene)
    _keep(scene, options)
    return report


def _keep(scene: Any, options: argparse.Namespace) -> None:
    """Save and render, if asked for."""
    if options.save:
        _save(options.save)
    if options.render:
        _render(scene, options.render)


def _filmed(options: argparse.Namespace) -> videos.Filmed | None:
    if not options.video:
        return None
    return videos.filmed(options.video, options.lips_from.upper(), options.head_from.upper())


def _published(options: argparse.Namespace) -> dict[str, Any] | None:
    """The settings of the published model; None where it was not chosen."""
    if options.model == manner.CONTENT:
        return None
    found = {"folder": options.published_folder, "speaker": options.published_speaker}
    return {**found, "accept_licence": options.accept_licence}


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
    talking = [
        character
        for item in scene.objects
        if item.library is None and registry.notices(item) and not (character := api.describe(item)).problem
    ]
    if not talking:
        for item in scene.objects:  # perhaps one that could, were it not linked
            if key_of(item) is not None:
                raise TalkingAnimationError(api.describe(item).problem)
        raise TalkingAnimationError(
            "No object of this file has face shapes or face bones with names that are known, such as jawOpen."
        )
    # What was added to the scene as a character of its own only counts where nobody else can talk.
    faces = [character for character in talking if not character.stands_alone] or talking
    roots = list(dict.fromkeys(character.root for character in faces))
    if len(roots) > 1:
        names = ", ".join(sorted(f"'{item.name}'" for item in roots))
        raise TalkingAnimationError(
            f"Several characters can talk ({names}): choose one with --character NAME."
        )
    return roots[0]


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
        interface.set_video_output(scene, os.path.abspath(path))
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
