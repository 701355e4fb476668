"""``evaluate-portrait``: pictures that talk, as the videos that are baked of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...face.names import PORTRAIT_RENDERERS
from ...face.outputs import keep_apart
from .pictures import add_films
from .told import Subparsers, told


def add_parsers(subparsers: Subparsers) -> None:
    """Add it to the ``add_subparsers`` object."""
    portrait = subparsers.add_parser(
        "evaluate-portrait",
        help="baked videos of pictures that talk: the lips found again in them, and beside filmed faces",
    )
    add_films(portrait, 3, "portraits that say the voices")
    portrait.add_argument(
        "--people",
        nargs="+",
        default=[],
        help="speakers whose first picture is a portrait that says the voices",
    )
    portrait.add_argument(
        "--voices",
        type=Path,
        nargs="+",
        default=[Path("demo/hello.wav")],
        help="what they say (default: demo/hello.wav)",
    )
    portrait.add_argument(
        "--renderer",
        metavar="{" + ",".join(PORTRAIT_RENDERERS) + ",FILE.npz}",
        default=PORTRAIT_RENDERERS[0],
        help="what draws (default: %(default)s)",
    )
    portrait.add_argument(
        "--personalize",
        type=int,
        metavar="CLIPS",
        help="learn a renderer of each speaker from so many held-out clips, and measure others with it, beside warp",
    )
    portrait.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="where --personalize keeps its renderers, and takes those that are there",
    )
    portrait.add_argument(
        "--own-mesh",
        action="store_true",
        help="move the speakers' pictures by the films' own mesh, not the shapes nearest to it; with --personalize by both",
    )
    portrait.add_argument(
        "--parts",
        action="store_true",
        help="tell instead what the lips' error is made of: what is left of it where one thing is as filmed",
    )
    portrait.add_argument(
        "--speed",
        action="store_true",
        help="measure how long the first of --pictures takes instead, with the first voice",
    )
    portrait.add_argument(
        "--sheet",
        type=Path,
        metavar="PICTURE",
        help="draw a clip's mouth of each speaker: filmed, warped, by --renderer",
    )
    portrait.add_argument("--json", type=Path, help="write the figures here")
    portrait.set_defaults(run=told(_evaluate_portrait))


def _evaluate_portrait(arguments: argparse.Namespace) -> int:
    from inference.portrait.renderers import check_renderer

    from ..evaluation import picture_table, portrait_table
    from ..evaluation.portrait_bars import measure_baked_film
    from ..figures import write_figures

    if arguments.data is None and (arguments.people or not arguments.pictures):
        print("evaluate-portrait needs the data, or --pictures.")
        return 2
    if arguments.clips < 1:
        print("evaluate-portrait --clips is at least 1.")
        return 2
    keep_apart([arguments.json, arguments.sheet], [*arguments.voices, *arguments.pictures])
    check_renderer(arguments.renderer)
    if arguments.speed:
        return _measure_portrait_speed(arguments)
    if arguments.personalize is not None:
        return _measure_personal(arguments)
    if arguments.parts:
        return _measure_parts(arguments)
    films = (
        picture_table.films(
            arguments.data,
            arguments.speakers,
            arguments.clips,
            lambda clip: measure_baked_film(clip, arguments.renderer, arguments.own_mesh),
        )
        if arguments.data
        else {}
    )
    if films and arguments.sheet is not None:
        _draw_portrait_sheet(arguments)
    if films:
        print("\n".join(portrait_table.film_lines(films)), flush=True)
    faces = {path.name: portrait_table.portrait(path) for path in arguments.pictures}
    if arguments.data:
        faces.update(portrait_table.first_pictures(arguments.data, arguments.people))
    portraits = portrait_table.portraits(faces, arguments.voices, arguments.renderer)
    if portraits:
        print("\n".join(portrait_table.portrait_lines(portraits)), flush=True)
    if arguments.json is not None:
        rows = portrait_table.portrait_rows(portraits)
        write_figures({"films": films, "portraits": rows}, arguments.json)
    return 0


def _measure_personal(arguments: argparse.Namespace) -> int:
    from ..evaluation.personal_renderers import measure_personal, personal_lines
    from ..figures import write_figures

    if arguments.data is None or arguments.keep is None:
        print("evaluate-portrait --personalize needs the data, and --keep.")
        return 2
    if arguments.personalize < 1:
        print("evaluate-portrait --personalize is at least 1.")
        return 2
    figures = measure_personal(
        arguments.data,
        arguments.speakers,
        arguments.personalize,
        arguments.clips,
        arguments.keep,
        arguments.sheet,
        arguments.own_mesh,
    )
    print("\n".join(personal_lines(figures)), flush=True)
    if arguments.json is not None:
        write_figures(figures, arguments.json)
    return 0


def _measure_parts(arguments: argparse.Namespace) -> int:
    from ..evaluation import lip_error_parts, picture_table
    from ..figures import write_figures

    if arguments.data is None:
        print("evaluate-portrait --parts needs the data.")
        return 2
    parts = picture_table.films(
        arguments.data,
        arguments.speakers,
        arguments.clips,
        lambda clip: lip_error_parts.measure_parts(clip, arguments.renderer, arguments.own_mesh),
    )
    print("\n".join(lip_error_parts.parts_lines(parts)), flush=True)
    if arguments.json is not None:
        write_figures(parts, arguments.json)
    return 0


def _draw_portrait_sheet(arguments: argparse.Namespace) -> None:
    from ..evaluation.picture_table import held_out
    from ..evaluation.portrait_sheet import draw_sheet

    draw_sheet(
        [clip for speaker in arguments.speakers for clip in held_out(arguments.data, speaker, 1)],
        arguments.sheet,
        list(dict.fromkeys((PORTRAIT_RENDERERS[0], arguments.renderer))),
        arguments.own_mesh,
    )


def _measure_portrait_speed(arguments: argparse.Namespace) -> int:
    from ..evaluation import portrait_speed
    from ..figures import write_figures

    if not arguments.pictures:
        print("evaluate-portrait --speed needs --pictures.")
        return 2
    figures = portrait_speed.measure_speed(arguments.pictures[0], arguments.voices[0], arguments.renderer)
    print("\n".join(portrait_speed.speed_lines(figures)))
    if arguments.json is not None:
        write_figures(figures, arguments.json)
    return 0
