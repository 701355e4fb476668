"""``styles``: the talking styles that ship."""

from __future__ import annotations

import argparse
from typing import Any

from .terminal import add_json, print_json


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("styles", help="list the styles that ship")
    add_json(parser, "all that is known of them as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..motion.manner.styles import shipped_styles

    styles = shipped_styles().values()
    if arguments.json:
        keys = ("name", "label", "description", "statistics", "code")
        print_json([{key: getattr(style, key) for key in keys} for style in styles])
    else:
        for style in styles:
            print(f"{style.name:12} {style.description}")
    return 0
