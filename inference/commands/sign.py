"""``inference sign VIDEO``: a video's Content Credentials, signed by the user's own key."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..face.names import SIGNING_ALGORITHMS
from ..face.outputs import keep_apart
from ..progress import Progress
from .terminal import add_json, show_result


@dataclass(frozen=True)
class _Signed:
    """A video that was signed, as the command line shows it."""

    output: str
    warnings: tuple[str, ...] = ()

    def as_message(self) -> dict[str, Any]:
        """The JSON object for programs."""
        return {"type": "result", **asdict(self)}


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
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..portrait.content_credentials import sign_video

    output = arguments.output or arguments.video
    keep_apart([output], [arguments.certificate, arguments.key])
    if arguments.output is not None:
        keep_apart([arguments.output], [arguments.video])

    def ask(progress: Progress) -> _Signed:
        sign_video(arguments.video, output, arguments.certificate, arguments.key, arguments.algorithm)
        return _Signed(str(output))

    return show_result(ask, arguments.json, lambda signed: [f"{signed.output}: signed"])
