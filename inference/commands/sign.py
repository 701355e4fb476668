"""``inference sign VIDEO``: a video's Content Credentials, signed by the user's own key."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..face.names import SIGNING_ALGORITHMS
from ..face.outputs import keep_apart
from .terminal import tell


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser(
        "sign", help="sign what a video that portrait made says of itself (C2PA Content Credentials)"
    )
    parser.add_argument("video", type=Path, help="an .mp4 or .mov file as portrait wrote it")
    parser.add_argument("-o", "--output", type=Path, help="the signed video (default: in place of it)")
    parser.add_argument(
        "--certificate", type=Path, required=True, metavar="PEM", help="chain of certificates, yours first"
    )
    parser.add_argument("--key", type=Path, required=True, metavar="PEM", help="your private key")
    parser.add_argument(
        "--algorithm",
        choices=SIGNING_ALGORITHMS,
        default=SIGNING_ALGORITHMS[0],
        help="as the key is (default: %(default)s)",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..portrait.content_credentials import sign_video

    output = arguments.output or arguments.video
    keep_apart([output], [arguments.certificate, arguments.key])
    if arguments.output is not None:
        keep_apart([arguments.output], [arguments.video])
    sign_video(arguments.video, output, arguments.certificate, arguments.key, arguments.algorithm)
    tell(f"{output}: signed")
    return 0
