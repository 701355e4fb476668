"""``capture``: the animation of a video of a talking face."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..face.frame_rates import frame_rate
from ..face.messages import AnimationResult, CaptureRequest
from ..face.outputs import keep_apart, refuse_nameless
from ..progress import Progress
from .results import animation_result, written
from .terminal import add_json, show_result

if TYPE_CHECKING:
    from ..capture import Captured


@dataclass
class _Report:
    """What was captured, as the command line shows it.

    Attributes:
        warnings: sentences that the user should read.
        fields: of the JSON object for programs.
        sentences: what people read.
    """

    warnings: tuple[str, ...]
    fields: dict[str, Any]
    sentences: list[str] = field(default_factory=list)

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""
        return {"type": "result", **self.fields, "warnings": list(self.warnings)}


def answer(request: CaptureRequest, progress: Progress) -> AnimationResult:
    """Turn a video into an animation. Raises EngineError as `capture.capture_clip` does."""
    from ..capture import capture_clip

    keep_apart([request.output], _files_read(Path(request.video)))
    captured = capture_clip(Path(request.video), progress, fps=request.fps, smooth=request.smooth)
    captured.animation.save(request.output)
    return animation_result(request.output, captured.animation, captured.warnings)


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser(
        "capture",
        help="make an animation of a video of a talking face (needs PyAV, which the full engine has)",
    )
    parser.add_argument("video", type=Path, help="the video, or a folder of images (and one WAV)")
    parser.add_argument(
        "-o", "--output", type=Path, help="the animation to write, in the format that it ends in"
    )
    parser.add_argument("--fps", help="frames per second, also as 24000/1001 (default: the video's own)")
    parser.add_argument(
        "--image-fps",
        default="25",
        help="rate of a folder of images, which does not know its own (default: %(default)s)",
    )
    parser.add_argument(
        "--tracker",
        choices=("auto", "mediapipe", "numpy"),
        default="auto",
        help="what finds the face: MediaPipe, or the engine itself (default: MediaPipe where it is installed)",
    )
    parser.add_argument("--no-filter", action="store_true", help="leave the tracker's tremor in")
    parser.add_argument(
        "--overlay", type=Path, metavar="MP4", help="also write the video with the face drawn into it"
    )
    parser.add_argument("--measure", action="store_true", help="tell how well the animation fits the video")
    add_json(parser)
    parser.set_defaults(run=_run, parser=parser)


def _run(arguments: argparse.Namespace) -> int:
    from ..capture import capture_clip
    from ..capture.overlay import OVERLAY
    from ..face.export import choose

    if arguments.output is None and arguments.overlay is None and not arguments.measure:
        arguments.parser.error("nothing to do: give -o OUTPUT, --overlay MP4 or --measure")
    keep_apart([arguments.output, arguments.overlay], _files_read(arguments.video))
    if arguments.output is not None:
        choose(arguments.output)
    if arguments.overlay is not None:
        refuse_nameless(arguments.overlay, [OVERLAY], "overlay")
    fps, image_fps = frame_rate(arguments.fps), frame_rate(arguments.image_fps, "--image-fps")

    def ask(progress: Progress) -> _Report:
        started = time.perf_counter()
        captured = capture_clip(
            arguments.video,
            progress,
            fps=fps,
            smooth=not arguments.no_filter,
            image_fps=image_fps,
            tracker=arguments.tracker,
        )
        return _reported(arguments, captured, time.perf_counter() - started, image_fps)

    return show_result(ask, arguments.json, lambda report: report.sentences)


def _files_read(video: Path) -> list[Path]:
    """A video, or what is read of a folder of images."""
    if not video.is_dir():
        return [video]
    from ..capture.image_folder import images_in, sounds_in

    return [video, *images_in(video), *sounds_in(video)]


def _reported(arguments: argparse.Namespace, captured: Captured, seconds: float, image_fps: float) -> _Report:
    """Write and measure what was asked for; ``seconds`` is how long capturing took."""
    from ..face.easing import sound_seconds
    from ..face.export import choose, export

    animation = captured.animation
    report = _Report(
        captured.warnings,
        {
            "output": None,
            "frames": len(animation),
            "fps": animation.fps,
            "duration": len(animation) / animation.fps,
        },
    )
    if arguments.output is not None:
        file_format, content = choose(arguments.output)
        seconds_heard = sound_seconds(animation)
        exported = export(animation, arguments.output, arguments.video, seconds_heard, file_format, content)
        result = animation_result(str(arguments.output), exported)
        report.fields |= {"output": result.output, "frames": result.frames}
        rate = f"captured at {len(captured.points) / seconds:.0f} pictures a second"
        report.sentences.append(f"{written(result)}, {rate}")
    if arguments.overlay is not None:
        from ..capture.overlay import draw_overlay

        draw_overlay(animation, arguments.video, arguments.overlay, image_fps)
        report.fields["overlay"] = str(arguments.overlay)
        report.sentences.append(f"{arguments.overlay}: the landmarks over the video")
    if arguments.measure:
        from ..capture.measure import HEADING, measure, report_line

        fit = measure(captured, seconds)
        report.fields["fit"] = asdict(fit)
        report.sentences.extend([HEADING, report_line(arguments.video.stem, fit)])
    return report
