"""``inference dials IN.npz -o OUT``: a generated animation changed without the networks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..face.dials import Dials, out_of_range, table
from ..face.messages import AnimationResult
from ..face.names import FORMAT_CONTENTS, FORMATS
from ..face.outputs import keep_apart
from ..progress import Progress
from .results import animation_result, written
from .terminal import add_json, show_result


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("dials", help="change how strongly, smoothly and when each part moves")
    parser.add_argument("animation", type=Path, help="an .npz file that animate wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write, as for animate")
    parser.add_argument("--format", choices=tuple(FORMATS), help="as for animate")
    parser.add_argument("--content", choices=FORMAT_CONTENTS, help="as for animate")
    for row in table()["dials"]:
        unit = " s" if row["unit"] == "seconds" else ""
        parser.add_argument(
            "--" + row["name"].replace("_", "-"),
            type=float,
            default=row["default"],
            metavar=f"{row['minimum']:g}…{row['maximum']:g}{unit}",
            help=f"{row['description'][:1].lower()}{row['description'][1:]} (default: {row['default']:g})",
        )
    add_json(parser)
    parser.set_defaults(run=_run)


def checked_dials(options: argparse.Namespace) -> Dials:
    """The dials in parsed options.

    Raises:
        EngineError: where one is out of its range (code ``bad_request``).
    """
    values = {row["name"]: getattr(options, row["name"]) for row in table()["dials"]}
    wrong = out_of_range(values)
    if wrong is not None:
        raise EngineError(f"--{wrong[0].replace('_', '-')} {wrong[1]}.", "bad_request")
    return Dials(**values)


def _run(options: argparse.Namespace) -> int:
    from ..face.animation import FaceAnimation
    from ..face.dialled import dialled
    from ..face.easing import sound_seconds
    from ..face.export import choose, export

    dials = checked_dials(options)
    chosen, content = choose(options.output, options.format, options.content)
    keep_apart([options.output], [options.animation])

    def ask(progress: Progress) -> AnimationResult:
        animation = dialled(FaceAnimation.load(options.animation), dials)
        sound = Path(str(animation.source.get("audio") or options.animation.name))
        animation = export(animation, options.output, sound, sound_seconds(animation), chosen, content)
        return animation_result(str(options.output), animation)

    return show_result(ask, options.json, lambda result: [written(result)])
