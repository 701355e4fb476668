"""``evaluate-pictures``: pictures that talk, drawn frame by frame."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...face.outputs import keep_apart
from .told import Subparsers, told


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    pictures = subparsers.add_parser(
        "evaluate-pictures",
        help="pictures that talk against filmed faces, and what each picture does by itself",
    )
    add_films(pictures, 6, "portraits that are measured by themselves")
    pictures.add_argument(
        "--voice", type=Path, default=Path("demo/hello.wav"), help="what they say (default: demo/hello.wav)"
    )
    pictures.add_argument("--json", type=Path, help="write the figures here")
    pictures.set_defaults(run=told(_evaluate_pictures))


def add_films(parser: argparse.ArgumentParser, clips: int, pictures: str) -> None:
    """What a measurement of pictures that talk takes: films of faces, so many clips a speaker, and pictures by themselves."""
    parser.add_argument(
        "data",
        type=Path,
        nargs="?",
        help="folder with grid/<speaker>/*.mp4; grid_hq is taken where it is there",
    )
    parser.add_argument(
        "--speakers", nargs="*", default=["s26", "s4"], help="whose held-out clips (default: s26 s4)"
    )
    parser.add_argument("--clips", type=int, default=clips, help="so many of each speaker, spread evenly")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help=pictures)


def _evaluate_pictures(arguments: argparse.Namespace) -> int:
    from ..evaluation import picture_table
    from ..evaluation.picture_films import measure_film
    from ..figures import write_figures

    if arguments.data is None and not arguments.pictures:
        print("evaluate-pictures needs the data, or --pictures.")
        return 2
    if arguments.clips < 1:
        print("evaluate-pictures --clips is at least 1.")
        return 2
    keep_apart([arguments.json], [arguments.voice, *arguments.pictures])
    films = (
        picture_table.films(arguments.data, arguments.speakers, arguments.clips, measure_film)
        if arguments.data
        else {}
    )
    if films:
        print("\n".join(picture_table.film_lines(films)), flush=True)
    pictures = picture_table.pictures(arguments.pictures, arguments.voice)
    if pictures:
        print("\n".join(picture_table.picture_lines(pictures)), flush=True)
    if arguments.json is not None:
        write_figures({"films": films, "pictures": pictures}, arguments.json)
    return 0
