"""The commands ``style`` and ``personalize``: translate to calls, nothing else."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .example import Progress


def add_subcommands(commands: Any) -> None:
    """Add both to the command line's sub-parsers."""
    style = commands.add_parser("style", help="take the talking style of a person from a short clip")
    style.add_argument("clip", type=Path, help="5 to 20 s of video of a talking face, or an animation (.npz)")
    style.add_argument("-o", "--output", type=Path, help="the style file (.json) to write")
    style.add_argument("--audio", type=Path, help="the clip's sound (default: the video's own)")
    style.add_argument("--name", help="of the style (default: the output's or clip's file name)")
    style.add_argument(
        "--json", action="store_true", help="print code, statistics and nearness as one JSON object"
    )
    style.set_defaults(run=_style)

    person = commands.add_parser("personalize", help="learn one person's head and face manner from video")
    person.add_argument(
        "clips", type=Path, nargs="+", metavar="CLIP", help="videos of the person, 12 s or more together"
    )
    person.add_argument("-o", "--output", type=Path, required=True, help="the person's file (.npz) to write")
    person.add_argument("--name", help="of the person (default: the output's file name)")
    person.add_argument("--json", action="store_true", help="print the result as one JSON object")
    person.set_defaults(run=_personalize)


def _style(options: argparse.Namespace) -> int:
    import numpy as np

    from ..motion.manner.style_code import similarity
    from ..motion.manner.styles import save_style, shipped_styles
    from .example import read_example
    from .imitate import imitate

    name = options.name or (options.output or options.clip).stem
    example = read_example(options.clip, options.audio, _progress(options))
    style = imitate([example], name, f"As in {options.clip.name}")
    if options.output is not None:
        save_style(style, options.output)
    code = np.array(style.code)
    near = {
        item.name: round(similarity(code, np.array(item.code)), 3)
        for item in shipped_styles().values()
        if item.code
    }
    if options.json:
        report = {"type": "result", "output": str(options.output or ""), "code": style.code}
        print(json.dumps({**report, "statistics": style.statistics, "similarity": near}, ensure_ascii=False))
        return 0
    if options.output is not None:
        print(f"{options.output}: use it with --style {options.output}")
    closest = sorted(near, key=lambda key: -near[key])[:3]
    print("nearest shipped styles: " + ", ".join(f"{key} ({near[key]:.2f})" for key in closest))
    for key, value in style.statistics.items():
        print(f"  {key:28} {value:8.3f}")
    return 0


def _personalize(options: argparse.Namespace) -> int:
    from ..motion.manner.personal import save_person
    from .example import read_example
    from .personalize import personalize

    progress = _progress(options)
    count = len(options.clips)
    examples = [
        read_example(clip, None, partial(_within, progress, number / count, 1 / count))
        for number, clip in enumerate(options.clips)
    ]
    person = personalize(examples, options.name or options.output.stem)
    save_person(person, options.output)
    if options.json:
        report = {
            "type": "result",
            "output": str(options.output),
            "name": person.name,
            "seconds": person.seconds,
        }
        print(json.dumps({**report, "clips": len(examples)}, ensure_ascii=False))
    else:
        print(
            f"{options.output}: {person.name}, from {person.seconds:.1f} s of video; use it with --style {options.output}"
        )
    return 0


def _within(progress: Progress, start: float, share: float, fraction: float, stage: str) -> None:
    progress(start + share * fraction, stage)


def _progress(options: argparse.Namespace) -> Progress:
    show = sys.stderr.isatty() and not options.json

    def progress(fraction: float, stage: str) -> None:
        if show:
            print(f"\r{100 * fraction:3.0f} %  {stage:<30}", end="", file=sys.stderr, flush=True)

    return progress
