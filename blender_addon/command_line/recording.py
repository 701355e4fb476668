# SPDX-License-Identifier: GPL-3.0-or-later
"""The same from a command line, for `blender --command talking_animation` and examples/generate.py."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy

from .. import api
from ..api import drawings, portraits
from ..characters import registry
from ..characters.related import key_of
from ..contract import EngineError, fault_reports
from ..contract.outputs import keep_apart
from ..errors import TalkingAnimationError
from ..host import settings, unforeseen
from ..host.blender_versions import interface, sequencer
from ..inputs.pictures import files_of
from ..jobs.portrait.output_file import refuse_changed, refuse_nameless_video
from ..jobs.scene_report import SceneReport
from . import scene as whole_scene
from .arguments import face_of, options_of, parser, wants_scene
from .terminal import rendering, say, show_progress


def command(arguments: Sequence[str]) -> int:
    """Do what the arguments say; prints one line.

    Returns:
        0 only where keys were written (and saved, and rendered, if asked for); 2 for wrong arguments; else 1.
    """
    return _done(arguments)[0]


def last_command(arguments: Sequence[str]) -> int:
    """The same where Blender ends afterwards, so that only files are left of it.

    Returns:
        As `command`; 2 as well where all went well and none of --save, --render, --bake and a table's column bake kept it.
    """
    code, kept = _done(arguments)
    if code == 0 and not kept and bpy.app.background:
        say(
            "Nothing was kept: add --save FILE.blend, --render FILE.mp4 or, for a picture, --bake FILE.mp4.",
            sys.stderr,
        )
        return 2
    return code


def _done(arguments: Sequence[str]) -> tuple[int, bool]:
    """Do what the arguments say; returns the exit code, and whether a file keeps what was made, or nothing was, as for --help."""
    try:
        options = parser().parse_args(list(arguments))
    except TalkingAnimationError as error:
        say(f"Error: {error}", sys.stderr)
        return 2, True
    except SystemExit as end:  # --help
        return int(end.code or 0), True
    return _obeyed(options)


def _obeyed(options: argparse.Namespace) -> tuple[int, bool]:
    """Do what the options say, and tell how it went; returns as `_done`."""
    kept = bool(options.save or options.render or options.bake)
    try:
        report = run(options)
        if isinstance(report, SceneReport):
            kept = bool(options.save or options.render or report.videos)
            _keep_diagnostics(*(line.problem for line in report.lines))
            return whole_scene.tell(report, options, say), kept
    except TalkingAnimationError as error:
        say(f"Error: {error}", sys.stderr)
        _keep_diagnostics(str(error))
        return 1, kept
    except KeyboardInterrupt:
        say("Cancelled.", sys.stderr)
        return 1, kept
    except Exception as error:
        told = unforeseen.sentence("The animation", error)
        say(f"Error: {told}", sys.stderr)
        _keep_diagnostics(told)
        return 1, kept
    finally:
        api.use_cache_folder(None)
        settings.override(engine=None, engine_python=None)
        api.close_engine()
    for warning in report.warnings:
        say(f"Warning: {warning}", sys.stderr)
    say(report.message)
    return (0 if report.curves else 1), kept


def _keep_diagnostics(*told: str) -> None:
    """Where a sentence asks for diagnostics, say in which file they are: there is no button to copy them."""
    if not any("diagnostics" in sentence.casefold() for sentence in told):
        return
    kept = fault_reports.keep(api.diagnostics())
    if kept is None:
        say(api.diagnostics(), sys.stderr)
    else:
        say(
            f"The diagnostics are in '{kept}': read them first, they name folders of this computer.",
            sys.stderr,
        )


def run(options: argparse.Namespace) -> api.Report | SceneReport:
    """Generate, save and render as the parsed options say.

    Raises:
        TalkingAnimationError: one sentence.
    """
    for path in (options.save, options.render, options.json or None):
        _check_writable(path)
    _check_bake(options)
    _keep_inputs(options)
    if options.blend:
        _open(options.blend)
    _use_engine(options)
    scene = bpy.context.scene
    if not wants_scene(options):
        report = _one_recording(options, scene)
        _keep(scene, options, (report.start, report.end))
        return report
    whole = whole_scene.run(options, options_of(options), show_progress)
    if whole.characters:
        if options.bake or any(line.bake for line in whole.lines):
            _bake_lines(whole, options, scene)
        _keep(scene, options)
    return whole


def _use_engine(options: argparse.Namespace) -> None:
    """The folder of its cache and the Python that runs it, as the options say."""
    if options.cache:
        api.use_cache_folder(os.path.abspath(options.cache))
    if options.engine_python:
        settings.override(engine=settings.FULL, engine_python=options.engine_python)


def _one_recording(options: argparse.Namespace, scene: Any) -> api.Report:
    """Let one character say one recording, with its cues, its fades and its video."""
    wanted = options_of(options)
    audio: Any = options.audio
    if audio.startswith("strip:"):
        name = audio[len("strip:") :]
        audio = next((strip for strip in sequencer.all_sequencer_strips(scene) if strip.name == name), None)
        if audio is None:
            raise TalkingAnimationError(f"The sequencer has no strip named '{name}': correct --audio.")
    elif wanted.start_frame is None:
        wanted = replace(wanted, start_frame=1)
    character = _picture(options, scene) if options.picture else pick(options.character, scene)
    if options.take_over:
        say(drawings.take_over(character))
    report = api.generate(character, audio, scene=scene, progress=show_progress, **vars(wanted))
    if max(options.blend_in, options.blend_out) > 0:
        api.push_to_nla(character, options.blend_in, options.blend_out)
    if options.cues:
        api.add_cues(character, options.cues.upper(), scene)
    if options.bake:
        _bake(character, options, scene)
    return report


def _bake(character: Any, options: argparse.Namespace, scene: Any) -> None:
    """The video of a talking picture."""
    wanted = {**_drawn_with(options), "preview": options.bake_preview}
    made = api.bake_portrait(character, options.bake, scene=scene, progress=show_progress, **wanted)
    for warning in made.warnings:
        say(f"Warning: {warning}", sys.stderr)
    say(made.message)


def _drawn_with(options: argparse.Namespace) -> dict[str, Any]:
    """What draws, one of the renderers or a person's own, and what is seen."""
    chosen = portraits.PortraitOptions().drawn_with(options.bake_with, options.bake_pose, options.bake_view)
    return {name: getattr(chosen, name) for name in ("renderer", "personal", "film_pose", "view")}


def _bake_lines(report: SceneReport, options: argparse.Namespace, scene: Any) -> None:
    """A video of each line of a picture."""
    chosen = portraits.PortraitOptions(**_drawn_with(options), preview=options.bake_preview)
    for made in portraits.bake_lines(report, options.bake, chosen, scene=scene, progress=show_progress):
        say(made.message)


def _check_bake(options: argparse.Namespace) -> None:
    """Notice before the work that its videos could not be kept."""
    _drawn_with(options)
    if not options.bake:
        return
    if not wants_scene(options):
        refuse_nameless_video(options.bake)
        suffix = os.path.splitext(options.bake)[1]
        if suffix.casefold() not in ("", ".mp4"):
            name = os.path.basename(options.bake)
            raise TalkingAnimationError(f"'{name}' is no name of an MP4 video: let --bake end in .mp4.")
        _check_writable(options.bake if suffix else f"{options.bake}.mp4")
    elif not os.path.isdir(options.bake):
        raise TalkingAnimationError(
            f"With --scene and --lines, --bake takes a folder, and '{options.bake}' is none: make it, or choose another one."
        )


def _picture(options: argparse.Namespace, scene: Any) -> Any:
    """The character that a picture becomes."""
    made = api.make_picture_talk(
        options.picture,
        scene=scene,
        points=face_of(options),
        faces=options.face,
        kind=options.picture_kind,
        glasses=options.glasses,
        pack=not options.link_picture,
        progress=show_progress,
    )
    for warning in made.warnings:
        say(f"Warning: {warning}", sys.stderr)
    root = made.roots[0]
    if not options.keep_camera:
        video = bool(options.render)
        api.render_as_picture(root, scene, even=video, smooth=video)
    return root


def _keep(scene: Any, options: argparse.Namespace, frames: tuple[int, int] | None = None) -> None:
    """Save and render, if asked for; of the scene only those frames, where they are given."""
    if options.save:
        _save(options.save)
    if options.render:
        _render(scene, options.render, frames or (scene.frame_start, scene.frame_end))


def pick(name: str | None, scene: Any) -> Any:
    """The character of that name; without a name the active object, else the only character of the scene.

    Raises:
        TalkingAnimationError: where there is none, or more than one to choose from.
    """
    if name:
        named = bpy.data.objects.get(name)
        if named is None:
            raise TalkingAnimationError(
                f"There is no object named '{name}' in this file: correct --character, or leave it out."
            )
        return named
    active = bpy.context.view_layer.objects.active
    if active is not None and not api.describe(active).problem:
        return active
    talking = [
        character
        for obj in scene.objects
        if obj.library is None and registry.notices(obj) and not (character := api.describe(obj)).problem
    ]
    if not talking:
        for obj in scene.objects:  # perhaps one that could, were it not linked
            if key_of(obj) is not None:
                raise TalkingAnimationError(api.describe(obj).problem)
        raise TalkingAnimationError(
            "No object of this file has face shapes or face bones with names that are known, such as jawOpen."
        )
    # What was added to the scene as a character of its own only counts where nobody else can talk.
    faces = [character for character in talking if not character.stands_alone] or talking
    roots = list(dict.fromkeys(character.root for character in faces))
    if len(roots) > 1:
        names = ", ".join(sorted(f"'{obj.name}'" for obj in roots))
        raise TalkingAnimationError(
            f"Several characters can talk ({names}): choose one with --character NAME."
        )
    return roots[0]


def _keep_inputs(options: argparse.Namespace) -> None:
    """Notice before the work that a result would replace what it is made of; a .blend file may be saved over itself."""
    recordings = [options.audio, options.video, options.lines, options.style, *files_of(options.picture)]
    try:
        keep_apart([options.save, options.render, options.json, options.bake], recordings)
        keep_apart([options.render, options.json, options.bake], [options.blend or bpy.data.filepath])
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error


def _check_writable(path: str | None) -> None:
    """Notice before the work that its result could not be kept."""
    if path is None:
        return
    refuse_changed(path)
    full = os.path.abspath(path)
    folder = os.path.dirname(full)
    if not os.path.isdir(folder):
        raise TalkingAnimationError(f"The folder '{folder}' does not exist: make it, or choose another one.")
    if not os.access(full if os.path.exists(full) else folder, os.W_OK) or os.path.isdir(full):
        raise TalkingAnimationError(f"'{full}' cannot be written to: choose another place.")


def _open(path: str) -> None:
    if not os.path.isfile(path):
        raise TalkingAnimationError(f"'{path}' does not exist: correct the path of the .blend file.")
    try:
        bpy.ops.wm.open_mainfile(filepath=os.path.abspath(path))
    except RuntimeError as error:
        raise TalkingAnimationError(f"'{path}' cannot be opened: is it a .blend file?") from error


def _save(path: str) -> None:
    try:
        bpy.ops.wm.save_as_mainfile(filepath=os.path.abspath(path), check_existing=False)
    except RuntimeError as error:
        raise TalkingAnimationError(f"'{path}' cannot be saved: choose another place.") from error


def _rendered(**settings: Any) -> None:
    """Blender's own rendering."""
    bpy.ops.render.render(**settings)


def _render(scene: Any, path: str, frames: tuple[int, int]) -> None:
    if scene.camera is None:
        raise TalkingAnimationError(f"The scene '{scene.name}' has no camera to render with: add one.")
    before = scene.frame_start, scene.frame_end
    try:
        interface.set_video_output(scene, os.path.abspath(path))
        scene.frame_end = max(frames[1], 0)
        scene.frame_start = max(frames[0], 0)  # Blender renders no frames before 0
        with rendering((scene.frame_start, scene.frame_end)):
            _rendered(animation=True, scene=scene.name)
    except (RuntimeError, TypeError) as error:
        raise TalkingAnimationError(
            f"'{path}' cannot be rendered: see what Blender says above, and whether you may write to that folder."
        ) from error
    finally:
        scene.frame_start, scene.frame_end = before
    if not os.path.isfile(path):
        raise TalkingAnimationError(f"'{path}' was not rendered: see the messages above.")
