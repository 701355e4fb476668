"""``personalize``: one person's head and face manner, from videos of 12 s or more."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..face.messages import PersonalizeRequest, PersonResult
from ..face.outputs import keep_apart
from ..progress import Progress, share_of
from .terminal import ProgressLine, print_json


def answer(request: PersonalizeRequest, progress: Progress) -> PersonResult:
    """Learn a manner. Raises EngineError as `imitation.example.read_example` and `imitation.personalize` do."""
    from ..imitation.example import read_example
    from ..imitation.personalize import personalize
    from ..motion.manner.personal import save_person

    keep_apart([request.output], request.clips)
    output, share = Path(request.output), 0.8 / len(request.clips)
    examples = [
        read_example(clip, None, share_of(progress, number * share, share))
        for number, clip in enumerate(request.clips)
    ]
    progress(0.8, "Learning the manner")
    person = personalize(examples, request.name or output.stem)
    save_person(person, output)
    return PersonResult(request.output, person.name, person.seconds)


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("personalize", help="learn one person's head and face manner from video")
    parser.add_argument(
        "clips", type=Path, nargs="+", metavar="CLIP", help="videos of the person, 12 s or more together"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the person's file (.npz) to write")
    parser.add_argument("--name", help="of the person (default: the output's file name)")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..imitation.example import read_example
    from ..imitation.personalize import personalize
    from ..motion.manner.personal import save_person

    keep_apart([arguments.output], arguments.clips)
    line = ProgressLine(quiet=arguments.json)
    count = len(arguments.clips)
    examples = [
        read_example(clip, None, share_of(line, number / count, 1 / count))
        for number, clip in enumerate(arguments.clips)
    ]
    person = personalize(examples, arguments.name or arguments.output.stem)
    line.end()
    save_person(person, arguments.output)
    if arguments.json:
        print_json(
            {
                "type": "result",
                "output": str(arguments.output),
                "name": person.name,
                "seconds": person.seconds,
                "clips": len(examples),
            }
        )
    else:
        print(
            f"{arguments.output}: {person.name}, from {person.seconds:.1f} s of video; "
            f"use it with --style {arguments.output}"
        )
    return 0
