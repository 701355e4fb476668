"""``mix``: one animation of the lips of one and the head of another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from ..face.frame_rates import frame_rate
from ..face.messages import AnimationResult, MixRequest
from ..face.names import FILLS
from ..face.outputs import keep_apart
from ..progress import Progress
from .results import animation_result, written
from .terminal import add_json, show_result

_MIXING: Final = "Mixing lips and head"


def answer(request: MixRequest, progress: Progress) -> AnimationResult:
    """Mix two animations. Raises EngineError as `face.mix.mix` and `FaceAnimation.load` do."""
    from ..face.animation import FaceAnimation
    from ..face.mix import mix

    keep_apart([request.output], [request.lips, request.head])
    progress(0.0, _MIXING)
    lips, head = FaceAnimation.load(request.lips), FaceAnimation.load(request.head)
    mixed = mix(lips, head, fps=request.fps, fill=request.fill)
    mixed.save(request.output)
    return animation_result(request.output, mixed)


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("mix", help="take the lips of one animation and the head of another")
    parser.add_argument("a", type=Path, help="an animation (.npz)")
    parser.add_argument("b", type=Path, help="another one (.npz)")
    for part, what, default in (
        ("lips", "lips, jaw, cheeks, visemes, mouth cues, and the length", "a"),
        ("head", "head rotation and translation", "the one that does not give the lips"),
        ("eyes", "blinks, lids and gaze", "as --head"),
        ("brows", "brows", "as --head"),
    ):
        parser.add_argument(
            f"--{part}", choices=("a", "b"), help=f"which one gives {what} (default: {default})"
        )
    parser.add_argument(
        "--fill",
        choices=FILLS,
        default="loop",
        help="where what is added is shorter than the lips: play it to and fro, or settle and hold (default: %(default)s)",
    )
    parser.add_argument("--fps", help="frames per second, also as 24000/1001 (default: that of the lips)")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the file to write, in the format that it ends in"
    )
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..face.animation import FaceAnimation
    from ..face.easing import sound_seconds
    from ..face.export import choose, export
    from ..face.mix import mix

    keep_apart([arguments.output], [arguments.a, arguments.b])
    file_format, content = choose(arguments.output)
    fps = frame_rate(arguments.fps)
    sources = {"a": FaceAnimation.load(arguments.a), "b": FaceAnimation.load(arguments.b)}
    lips = arguments.lips or "a"
    head = arguments.head or ("b" if lips == "a" else "a")

    def ask(progress: Progress) -> AnimationResult:
        progress(0.0, _MIXING)
        mixed = mix(
            sources[lips],
            sources[head],
            eyes_from=sources[arguments.eyes or head],
            brows_from=sources[arguments.brows or head],
            fps=fps,
            fill=arguments.fill,
        )
        sound = Path(str(mixed.source.get("audio") or mixed.source.get("video") or arguments.output.name))
        mixed = export(mixed, arguments.output, sound, sound_seconds(mixed), file_format, content)
        return animation_result(str(arguments.output), mixed)

    return show_result(ask, arguments.json, lambda result: [written(result)])
