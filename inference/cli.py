"""The door for people: ``python -m inference animate VOICE -o OUT``. Translates to calls, nothing else."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import __version__
from .commands.dials import add_dials_command
from .errors import EngineError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 a problem that was told in one sentence, 2 wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except EngineError as error:
        if getattr(options, "json", False) is True:  # of some commands it is a file to write
            print(
                json.dumps(
                    {"type": "error", "code": error.code, "message": error.message}, ensure_ascii=False
                )
            )
        else:
            print(f"{parser.prog}: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="inference", description="Voice recordings to facial animation, offline."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)

    animate = commands.add_parser("animate", help="make the talking animation of a voice recording")
    animate.add_argument("voice", type=Path, help="the recording: WAV, or any format with the full engine")
    animate.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    animate.add_argument(
        "--format",
        choices=("npz", "json", "tsv", "csv"),
        help="npz: everything; json, tsv: Rhubarb's mouth cues; csv: Live Link Face's ARKit table "
        "(default: what OUTPUT ends in, or npz)",
    )
    animate.add_argument(
        "--content",
        choices=("cues", "arkit", "visemes"),
        help="what a json or csv file holds: mouth cues (json), the 52 ARKit shapes with head and eyes or the 15 "
        "Oculus visemes for each frame (json, csv)",
    )
    animate.add_argument("--fps", type=float, default=25.0, help="frames per second (default: %(default)s)")
    animate.add_argument(
        "--style",
        default="auto",
        help="a style's name, a style's .json, a person's .npz, a mixture such as calm:0.3,lively:0.7, or auto: natural, as "
        "lively as the voice (default: %(default)s)",
    )
    animate.add_argument(
        "--speaker",
        help="auto: the voice says how lively the style is; none; or a folder of persons' .npz files, of which the one whose "
        "voice it is drives (default: auto with --style auto, else none)",
    )
    animate.add_argument(
        "--pose",
        choices=("generated", "replayed", "still"),
        default="generated",
        help="where the head's motion comes from: the voice, a person's own clip, or none (default: %(default)s)",
    )
    animate.add_argument(
        "--seed", type=int, default=0, help="which take of blinks and head motion (default: %(default)s)"
    )
    animate.add_argument("--backend", choices=("auto", "numpy", "torch"), default="auto")
    animate.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    animate.add_argument(
        "--json", action="store_true", help="print the result or the error as one JSON object"
    )
    animate.set_defaults(run=_animate)

    from .published import commands as published

    published.add_options(animate)
    published.add_subcommands(commands)

    add_dials_command(commands)

    styles = commands.add_parser("styles", help="list the styles that ship")
    styles.add_argument("--json", action="store_true")
    styles.set_defaults(run=_styles)

    from .imitation.commands import add_subcommands as add_imitation

    add_imitation(commands)

    from .capture.commands import add_subcommands as add_capture

    add_capture(commands)

    try:
        from .training.commands import add_subcommands
    except ImportError:  # the installed add-on has no training room
        pass
    else:
        add_subcommands(commands)
    return parser


def _animate(options: argparse.Namespace) -> int:
    from .face.export import choose, export
    from .pipeline import Settings, animate

    chosen, content = choose(options.output, options.format, options.content)
    show = sys.stderr.isatty() and not options.json

    def progress(fraction: float, stage: str) -> None:
        if show:
            print(f"\r{100 * fraction:3.0f} %  {stage:<30}", end="", file=sys.stderr, flush=True)

    settings = Settings(
        fps=options.fps,
        style=options.style,
        speaker=options.speaker,
        pose=options.pose,
        seed=options.seed,
        backend=options.backend,
        device=options.device,
    )
    if options.model == "content":
        result = animate(options.voice, settings, progress)
    else:
        from .published.commands import published_settings
        from .published.pipeline import animate_makeittalk

        result = animate_makeittalk(options.voice, settings, progress, published_settings(options))
    export(result.animation, options.output, options.voice, result.duration, chosen, content)
    if show:
        print(file=sys.stderr)
    if options.json:
        report = {
            "type": "result",
            "output": str(options.output),
            "frames": len(result.animation),
            "fps": result.animation.fps,
            "duration": result.duration,
            "warnings": list(result.warnings),
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        for warning in result.warnings:
            print(f"inference: {warning}", file=sys.stderr)
        print(
            f"{options.output}: {len(result.animation)} frames at {result.animation.fps:g} fps "
            f"({result.duration:.1f} s of sound)"
        )
    return 0


def _styles(options: argparse.Namespace) -> int:
    from .motion.manner.styles import shipped_styles

    styles = shipped_styles().values()
    if options.json:
        keys = ("name", "label", "description", "statistics", "code")
        print(json.dumps([{key: getattr(style, key) for key in keys} for style in styles]))
    else:
        for style in styles:
            print(f"{style.name:12} {style.description}")
    return 0
