"""``animate``: the talking animation of a voice recording."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..face.frame_rates import frame_rate
from ..face.messages import AnimateOptions, AnimateRequest, AnimationResult, PublishedSettings
from ..face.names import (
    CONTENT,
    FORMAT_CONTENTS,
    FORMATS,
    MODEL_OPTIONS,
    MODELS,
    POSES,
    STYLE_AVATAR,
)
from ..face.outputs import keep_apart
from ..progress import Progress
from .recording_options import add_recording_options, add_take, text_given
from .results import animation_result, written
from .terminal import add_json, show_result, show_terms

if TYPE_CHECKING:
    from ..hearing.backends import Backend
    from ..pipeline import Result


def answer(request: AnimateRequest, progress: Progress) -> AnimationResult:
    """Animate a recording. Raises EngineError as `pipeline.animate` and `published.pipeline.animate_makeittalk` do."""
    options = request.options
    _check_text(options)
    keep_apart([request.output], _files_read(request.audio, options))
    backend = shared_backend(options.backend, options.device) if options.model == CONTENT else None
    result = _animated(request.audio, options, progress, backend)
    result.animation.save(request.output)
    return animation_result(request.output, result.animation, result.warnings, result.duration)


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("animate", help="make the talking animation of a voice recording")
    parser.add_argument("voice", type=Path, help="the recording: WAV, or any format with the full engine")
    _add_output(parser)
    _add_manner(parser)
    parser.add_argument("--backend", choices=("auto", "numpy", "torch"), default="auto")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_json(parser)
    _add_model(parser)
    parser.set_defaults(run=_run)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        help="npz: everything; json, tsv: Rhubarb's mouth cues; csv: Live Link Face's ARKit table "
        "(default: what OUTPUT ends in, or npz)",
    )
    parser.add_argument(
        "--content",
        choices=FORMAT_CONTENTS,
        help="what a json or csv file holds: mouth cues (json), the 52 ARKit shapes with head and eyes or the 15 "
        "Oculus visemes for each frame (json, csv)",
    )
    parser.add_argument(
        "--fps", default="25", help="frames per second, also as 24000/1001 (default: %(default)s)"
    )


def _add_manner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--style",
        default="auto",
        help="a style's name, a style's .json, a person's .npz, a mixture such as calm:0.3,lively:0.7, or auto: natural, as "
        "lively as the voice (default: %(default)s)",
    )
    parser.add_argument(
        "--speaker",
        help="auto: the voice says how lively the style is; none; or a folder of persons' .npz files, of which the one whose "
        "voice it is drives (default: auto with --style auto, else none)",
    )
    add_recording_options(parser)
    parser.add_argument(
        "--pose",
        choices=POSES,
        default="generated",
        help="where the head's motion comes from: the voice, a person's own clip, or none (default: %(default)s)",
    )
    add_take(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    """The options that choose and steer a published model."""
    defaults = PublishedSettings()
    group = parser.add_argument_group(
        "models", "docs/published-checkpoints.md says where their files come from"
    )
    group.add_argument(
        "--model",
        choices=MODELS,
        default=CONTENT,
        help="the engine's own network, MakeItTalk's that you have put into checkpoints/published, or another's in a "
        "folder of its name in there (default: %(default)s)",
    )
    group.add_argument("--published-folder", metavar="FOLDER", help="where the published files are instead")
    group.add_argument("--published-speaker", metavar="ID", help="whose manner, one that `published` lists")
    group.add_argument(
        "--published-head",
        metavar="FILE",
        help="atcnet_lstm_general.pth of Audio-driven-TalkingFace-HeadPose, or one tuned to a person: it moves the head",
    )
    group.add_argument(
        "--published-letters",
        metavar="NPY",
        help="what DeepSpeech 0.9 hears in the recording, 29 probabilities for every 20 ms, for style_avatar",
    )
    group.add_argument(
        "--published-style",
        metavar="NPY[:NUMBER]",
        help="a style code of style_avatar's (default: the average of its corpus)",
    )
    group.add_argument(
        "--accept-licence",
        action="store_true",
        help="accept the licence of the published weights that are used",
    )
    for option, text in (
        ("amp_lip_x", "MakeItTalk's lips across"),
        ("amp_lip_y", "MakeItTalk's lips up and down"),
        ("amp_pos", "MakeItTalk's head and face motion"),
        ("closure", "how firmly lips meet on p, b, m, 0 to 1"),
    ):
        group.add_argument(
            "--" + option.replace("_", "-"),
            type=float,
            default=getattr(defaults, option),
            help=f"{text} (default: %(default)g)",
        )


def _run(arguments: argparse.Namespace) -> int:
    from ..face.export import choose, export

    options = _options(arguments)
    _check_model_options(arguments, options)
    keep_apart([arguments.output], [*_files_read(arguments.voice, options), arguments.text_file or ""])
    file_format, content = choose(arguments.output, arguments.format, arguments.content)
    _show_licences(options)

    def ask(progress: Progress) -> AnimationResult:
        made = _animated(arguments.voice, options, progress)
        animation = export(
            made.animation, arguments.output, arguments.voice, made.duration, file_format, content
        )
        return animation_result(str(arguments.output), animation, made.warnings, made.duration)

    return show_result(
        ask, arguments.json, lambda result: [f"{written(result)} ({result.duration:.1f} s of sound)"]
    )


def _options(arguments: argparse.Namespace) -> AnimateOptions:
    names = ("style", "speaker", "channel", "voice_in_file", "pose", "seed", "backend", "device", "model")
    only_published = ("amp_lip_x", "amp_lip_y", "amp_pos", "closure", "accept_licence")
    published = PublishedSettings(
        folder=arguments.published_folder,
        speaker=arguments.published_speaker,
        head_weights=arguments.published_head,
        letters=arguments.published_letters,
        style_code=arguments.published_style,
        **{name: getattr(arguments, name) for name in only_published},
    )
    rest = {name: getattr(arguments, name) for name in names}
    text = text_given(arguments)
    return AnimateOptions(fps=frame_rate(arguments.fps), published=published, text=text, **rest)


def _check_model_options(arguments: argparse.Namespace, options: AnimateOptions) -> None:
    """Raise EngineError (code ``bad_request``) for an option that is nothing to the model that was chosen."""
    usual = vars(PublishedSettings())
    for option, models in MODEL_OPTIONS.items():
        if vars(arguments)[option] == usual.get(option) or options.model in models:
            continue
        if option == "accept_licence" and options.published.head_weights:
            continue
        raise EngineError(
            f"--{option.replace('_', '-')} is nothing to --model {options.model}: leave it out, or choose "
            f"--model {' or '.join(models)}.",
            "bad_request",
        )


def _check_text(options: AnimateOptions) -> None:
    """Raise EngineError (code ``bad_request``) where a text is given, and what makes the motion cannot use it."""
    if options.model not in MODEL_OPTIONS["text"] and (options.text or "").strip():
        raise EngineError(
            f"The model {options.model} cannot use the text of a recording: leave the text out, or choose the model {CONTENT}.",
            "bad_request",
        )


def _files_read(audio: str | Path, options: AnimateOptions) -> list[str | Path]:
    """Everything that an animation is made of."""
    styles = [part.rpartition(":")[0] or part for part in options.style.split(",")]
    read: list[str | Path] = [audio, options.style, *styles]
    if options.speaker and Path(options.speaker).is_dir():
        read += Path(options.speaker).glob("*.npz")
    published = options.published
    read += [path for path in (published.head_weights, published.letters) if path]
    if published.style_code:
        from ..published.style_avatar_files import code_file

        read.append(code_file(published.style_code)[0])
    if options.model != CONTENT:
        from ..published.systems import SYSTEMS

        system = SYSTEMS[options.model]
        folder = system.folder(published.folder)
        read += [file.path(folder) for file in system.files]
    return read


def _animated(
    audio: str | Path, options: AnimateOptions, progress: Progress, backend: Backend | None = None
) -> Result:
    """What the model that was chosen makes of a recording."""
    if _head_is_published(options):
        from ..published.head import check_published_head, with_published_head

        weights = check_published_head(options)
        return with_published_head(_talking(audio, options, progress, backend), weights)
    return _talking(audio, options, progress, backend)


def _head_is_published(options: AnimateOptions) -> bool:
    return bool(options.published.head_weights) and options.pose == "generated"


def _talking(
    audio: str | Path, options: AnimateOptions, progress: Progress, backend: Backend | None
) -> Result:
    """The same, with the model's own head."""
    if options.model == CONTENT:
        from ..pipeline import animate

        return animate(audio, options, progress, backend, keep=_head_is_published(options))
    if options.model == STYLE_AVATAR:
        from ..published.style_avatar_motion import animate_style_avatar

        return animate_style_avatar(audio, options, progress)
    from ..published.pipeline import animate_makeittalk

    return animate_makeittalk(audio, options, progress)


def _show_licences(options: AnimateOptions) -> None:
    """On the error stream, the first time that they are accepted."""
    published = options.published
    if not published.accept_licence:
        return
    from ..published.licence import HEAD_POSES
    from ..published.systems import SYSTEMS

    if options.model != CONTENT:
        system = SYSTEMS[options.model]
        show_terms(system.terms, system.folder(published.folder))
    if _head_is_published(options):
        show_terms(HEAD_POSES, Path(str(published.head_weights)).parent)


@cache
def shared_backend(name: str = "auto", device: str = "auto") -> Backend:
    """See `backends.load_backend`; kept, since the next recording needs it as well."""
    from ..hearing.backends import load_backend

    return load_backend(name, device)
