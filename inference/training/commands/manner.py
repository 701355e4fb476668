"""``measure-styles``, ``measure-persons`` and ``evaluate-manner``: heads, brows and blinks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ...errors import EngineError
from .told import Subparsers, told


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    measure = subparsers.add_parser(
        "measure-styles", help="measure the shipped styles and the corpus that style codes are z-scored over"
    )
    judge = subparsers.add_parser(
        "evaluate-manner", help="figures of styles, persons, heads and blinks against real people"
    )
    judge.add_argument(
        "--clips",
        type=Path,
        metavar="FOLDER",
        help="only the table of heads, for this folder of talking faces: videos, or what 'capture' made of them",
    )
    judge.add_argument(
        "--voices",
        type=Path,
        metavar="DATA",
        help="only the table of heads that are made for voices: folder with speech/utterances.tsv",
    )
    judge.add_argument(
        "--plot",
        type=Path,
        metavar="PICTURE",
        help="draw the heads of the first few --voices, two takes of the first (.png)",
    )
    judge.add_argument("--style", default="auto", help="of the heads that are made for --clips and --voices")
    persons = subparsers.add_parser(
        "measure-persons", help="learn where voices differ, from which each voice's own manner is drawn"
    )
    persons.add_argument("data", type=Path, help="folder with speech/utterances.tsv")
    persons.set_defaults(run=told(_measure_persons))
    for parser, work in ((measure, _measure_styles), (judge, _evaluate_manner)):
        optional: dict[str, Any] = {"nargs": "?"} if parser is judge else {}
        parser.add_argument(
            "data", type=Path, help="folder with speech/utterances.tsv and grid/<speaker>/*.mp4", **optional
        )
        parser.add_argument("corpus", type=Path, help="GRID as 'prepare' made it, for its splits", **optional)
        parser.add_argument(
            "--cache", type=Path, default=Path(".corpora/captured"), help="captured clips are kept here"
        )
        parser.set_defaults(run=told(work))


def _measure_styles(arguments: argparse.Namespace) -> int:
    from ..evaluation.manner import measure_styles

    measure_styles(arguments.data / "grid", arguments.corpus, arguments.data / "speech", arguments.cache)
    return 0


def _measure_persons(arguments: argparse.Namespace) -> int:
    from ..recipes.persons import measure_persons

    print(f"Learned from {measure_persons(arguments.data / 'speech')} speakers.")
    return 0


def _evaluate_manner(arguments: argparse.Namespace) -> int:
    from ..evaluation import heads, manner

    if arguments.clips is not None or arguments.voices is not None:
        if arguments.clips is not None:
            if not arguments.clips.is_dir():
                raise EngineError(
                    f"{arguments.clips} is not a folder: give one of talking faces.", "file_missing"
                )
            print(
                "\n".join(heads.head_table(heads.evaluate_clips(arguments.clips, arguments.style))),
                flush=True,
            )
        if arguments.voices is not None:
            voices = heads.lines_of(arguments.voices / "speech")
            print("\n".join(heads.evaluate_voices(voices, arguments.style)), flush=True)
            if arguments.plot is not None:
                heads.draw_voices(voices, arguments.plot, arguments.style)
        return 0
    if arguments.corpus is None:
        print("evaluate-manner needs the data and a prepared corpus, or --clips, or --voices.")
        return 2
    grid, corpus, cache = arguments.data / "grid", arguments.corpus, arguments.cache
    heard = manner.voices(arguments.data / "speech", "test", 4)
    for lines in (
        manner.evaluate_contrast(heard),
        manner.evaluate_styles(heard),
        manner.evaluate_copies(grid, corpus, cache, heard),
        manner.evaluate_persons(grid, corpus, cache),
        manner.evaluate_blinks(heard),
    ):
        print("\n".join(lines), flush=True)
    return 0
