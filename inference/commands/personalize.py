"""``personalize``: one person's head and face manner, or how their mouth looks, from videos of 12 s or more."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..face.messages import PersonalizeRequest, PersonResult
from ..face.names import PERSONAL_RENDERER
from ..face.outputs import keep_apart, real, refuse_nameless
from ..progress import Progress, share_of
from .terminal import add_json, show_result

if TYPE_CHECKING:
    from ..motion.manner.personal import Person


def answer(request: PersonalizeRequest, progress: Progress) -> PersonResult:
    """Learn a manner, or a renderer.

    Raises:
        EngineError: as `imitation.example.read_example` and `imitation.personalize`, or `imitation.mouth.personal` do.
    """
    if request.renderer:
        return _renderer(request, progress)
    keep_apart([request.output], request.clips)
    person, _, told = _learnt(request.clips, Path(request.output), request.name, progress)
    return PersonResult(request.output, person.name, person.seconds, told)


def _learnt(
    clips: Sequence[str | Path], output: Path, name: str | None, progress: Progress
) -> tuple[Person, int, tuple[str, ...]]:
    """Learn a manner and write it; the person, of how many clips, and what the user should know."""
    from ..imitation.doubts import doubts
    from ..imitation.example import read_example
    from ..imitation.left_out import read_each, telling
    from ..imitation.personalize import personalize
    from ..motion.manner.personal import save_person

    share = 0.8 / len(clips)
    examples, left_out = read_each(
        clips, lambda number, clip: read_example(clip, None, share_of(progress, number * share, share))
    )
    progress(0.8, "Learning the manner")
    try:
        person = personalize(examples, name or output.stem)
    except EngineError as error:
        raise telling(error, left_out) from error
    save_person(person, output)
    return person, len(examples), (*left_out, *doubts(examples))


def _renderer(request: PersonalizeRequest, progress: Progress) -> PersonResult:
    """Learn how the mouth looks."""
    from ..packages import load_package

    clips, output = [real(clip) for clip in request.clips], Path(request.output)
    keep_apart([output], clips)
    if not os.access(output.parent, os.W_OK):
        raise EngineError(
            f"{output} cannot be written: choose a folder that is there and can be written to.",
            "output_unwritable",
        )
    if output.suffix.lower() != PERSONAL_RENDERER:
        raise EngineError(
            f"A renderer's file ends in {PERSONAL_RENDERER}, not as {output.name} does.", "bad_output"
        )
    load_package("cv2", "Learning a renderer", "learn it on a computer with the full engine")
    from ..imitation.mouth.personal import learn_renderer

    learnt = learn_renderer(clips, request.name or output.stem, progress)
    learnt.memory.save(output)
    return PersonResult(
        request.output,
        request.name or output.stem,
        learnt.seconds,
        warnings=learnt.warnings,
        gain=learnt.refined - learnt.drawn,
        sharpness=learnt.sharpness,
    )


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("personalize", help="learn one person's head and face manner from video")
    parser.add_argument(
        "clips", type=Path, nargs="+", metavar="CLIP", help="videos of the person, 12 s or more together"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the person's file (.npz) to write")
    parser.add_argument(
        "--renderer",
        action="store_true",
        help="learn how the mouth looks, for portrait's --renderer, not the manner; takes a minute or two, needs the full engine",
    )
    parser.add_argument("--name", help="of the person (default: the output's file name)")
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    refuse_nameless(arguments.output, [PERSONAL_RENDERER], "person")
    return _run_renderer(arguments) if arguments.renderer else _run_manner(arguments)


def _run_renderer(arguments: argparse.Namespace) -> int:
    request = PersonalizeRequest(
        tuple(map(str, arguments.clips)), str(arguments.output), arguments.name, renderer=True
    )
    return show_result(lambda progress: answer(request, progress), arguments.json, _told)


def _told(result: PersonResult) -> list[str]:
    return [
        f"{result.output}: the mouth of {result.name}, from {result.seconds:.1f} s of film; held-back film: {result.gain:.1f} dB "
        f"nearer than the warp, {result.sharpness:.2f} as sharp as filmed before it is encoded; "
        f"use it with portrait --renderer {result.output}"
    ]


@dataclass(frozen=True)
class _Manner:
    """A manner that was written.

    Attributes:
        person: whose.
        clips: of how many.
        output: the file.
        warnings: sentences that the user should read.
    """

    person: Person
    clips: int
    output: Path
    warnings: tuple[str, ...]

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""
        return {
            "type": "result",
            "output": str(self.output),
            "name": self.person.name,
            "seconds": self.person.seconds,
            "clips": self.clips,
            "warnings": list(self.warnings),
        }

    def told(self) -> list[str]:
        """What people read."""
        return [
            f"{self.output}: {self.person.name}, from {self.person.seconds:.1f} s of video; use it with --style {self.output}"
        ]


def _run_manner(arguments: argparse.Namespace) -> int:
    def learn(progress: Progress) -> _Manner:
        keep_apart([arguments.output], arguments.clips)
        person, count, told = _learnt(arguments.clips, arguments.output, arguments.name, progress)
        return _Manner(person, count, arguments.output, told)

    return show_result(learn, arguments.json, _Manner.told)
