"""The engine's commands around filmed faces: ``capture`` and ``mix``. Heavy imports happen inside the handlers."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_subcommands(subparsers: Subparsers) -> None:
    """Add both commands; each parsed namespace has ``run``, which takes it and returns the exit code."""
    capture = subparsers.add_parser(
        "capture", help="make an animation of a video of a talking face (needs the full engine)"
    )
    capture.add_argument("video", type=Path, help="the video, or a folder of images (and one WAV)")
    capture.add_argument("-o", "--output", type=Path, help="the animation to write (.npz)")
    capture.add_argument("--fps", type=float, help="frames per second (default: the video's own)")
    capture.add_argument(
        "--image-fps",
        type=float,
        default=25.0,
        help="rate of a folder of images, which does not know its own (default: %(default)s)",
    )
    capture.add_argument("--no-filter", action="store_true", help="leave the tracker's tremor in")
    capture.add_argument(
        "--overlay", type=Path, metavar="MP4", help="also write the video with the face drawn into it"
    )
    capture.add_argument("--measure", action="store_true", help="tell how well the animation fits the video")
    capture.add_argument(
        "--json", action="store_true", help="print the result or the error as one JSON object"
    )
    capture.set_defaults(run=_capture, parser=capture)

    mix = subparsers.add_parser("mix", help="take the lips of one animation and the head of another")
    mix.add_argument("a", type=Path, help="an animation (.npz)")
    mix.add_argument("b", type=Path, help="another one (.npz)")
    for part, what, default in (
        ("lips", "lips, jaw, cheeks, visemes, mouth cues, and the length", "a"),
        ("head", "head rotation and translation", "the one that does not give the lips"),
        ("eyes", "blinks, lids and gaze", "as --head"),
        ("brows", "brows", "as --head"),
    ):
        mix.add_argument(f"--{part}", choices=("a", "b"), help=f"which one gives {what} (default: {default})")
    mix.add_argument(
        "--fill",
        choices=("loop", "hold"),
        default="loop",
        help="where what is added is shorter than the lips: play it to and fro, or settle and hold (default: %(default)s)",
    )
    mix.add_argument("--fps", type=float, help="frames per second (default: that of the lips)")
    mix.add_argument("-o", "--output", type=Path, required=True, help="the animation to write (.npz)")
    mix.add_argument("--json", action="store_true", help="print the result or the error as one JSON object")
    mix.set_defaults(run=_mix)


def _capture(options: argparse.Namespace) -> int:
    from .clip import capture_clip

    if options.output is None and options.overlay is None and not options.measure:
        options.parser.error("nothing to do: give -o OUTPUT, --overlay MP4 or --measure")
    show = sys.stderr.isatty() and not options.json

    def progress(fraction: float, stage: str) -> None:
        if show:
            print(f"\r{100 * fraction:3.0f} %  {stage:<30}", end="", file=sys.stderr, flush=True)

    started = time.perf_counter()
    result = capture_clip(
        options.video, progress, fps=options.fps, smooth=not options.no_filter, image_fps=options.image_fps
    )
    seconds = time.perf_counter() - started
    if show:
        print(file=sys.stderr)
    animation = result.animation
    report: dict[str, Any] = {
        "type": "result",
        "output": str(options.output) if options.output else None,
        "frames": len(animation),
        "fps": animation.fps,
        "duration": len(animation) / animation.fps,
        "warnings": list(result.warnings),
    }
    lines = []
    if options.output is not None:
        animation.save(options.output)
        lines.append(
            f"{options.output}: {len(animation)} frames at {animation.fps:g} fps, captured at "
            f"{len(result.points) / seconds:.0f} pictures a second"
        )
    if options.overlay is not None:
        from .overlay import draw_overlay

        draw_overlay(animation, options.video, options.overlay, options.image_fps)
        report["overlay"] = str(options.overlay)
        lines.append(f"{options.overlay}: the landmarks over the video")
    if options.measure:
        from .measure import HEADING, measure, report_line

        fit = measure(result, seconds)
        report["fit"] = fit.__dict__
        lines.extend([HEADING, report_line(options.video.stem, fit)])
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for warning in result.warnings:
        print(f"inference: {warning}", file=sys.stderr)
    print("\n".join(lines))
    return 0


def _mix(options: argparse.Namespace) -> int:
    from ..face.animation import FaceAnimation
    from ..face.mix import mix

    sources = {"a": FaceAnimation.load(options.a), "b": FaceAnimation.load(options.b)}
    lips = options.lips or "a"
    head = options.head or ("b" if lips == "a" else "a")
    mixed = mix(
        sources[lips],
        sources[head],
        eyes_from=sources[options.eyes or head],
        brows_from=sources[options.brows or head],
        fps=options.fps,
        fill=options.fill,
    )
    mixed.save(options.output)
    if options.json:
        report = {
            "type": "result", "output": str(options.output), "frames": len(mixed), "fps": mixed.fps,
            "duration": mixed.duration, "warnings": [],
        }  # fmt: skip
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{options.output}: {len(mixed)} frames at {mixed.fps:g} fps")
    return 0
