"""``published``: which of MakeItTalk's files are there, whose manners can be chosen, and the licence."""

from __future__ import annotations

import argparse
from typing import Any

from ..face.messages import PublishedRequest, PublishedResult
from ..progress import Progress
from .terminal import print_json


def answer(request: PublishedRequest, progress: Progress) -> PublishedResult:
    """The state of the files; where it is asked for, their licence is accepted first.

    Raises:
        EngineError: accepting cannot be remembered (code ``output_unwritable``).
    """
    from ..published.files import published_folder
    from ..published.licence import MAKEITTALKS
    from ..published.state import published_state

    folder = published_folder(request.folder)
    if request.accept:
        MAKEITTALKS.accept_or_raise(folder)
    return PublishedResult(published_state(request.folder))


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("published", help="list MakeItTalk's files and speakers, and their licence")
    parser.add_argument("--published-folder", metavar="FOLDER", help="where the files are")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..face.checked_fields import as_json
    from ..published.state import published_state

    state = published_state(arguments.published_folder)
    if arguments.json:
        print_json(as_json(state))
        return 0
    print(f"{state.folder}: {state.reason or 'MakeItTalk can be used (--model makeittalk).'}")
    for file in state.files:
        need = "needed" if file.required else "optional"
        print(f"  {'found' if file.found else 'missing':8} {file.name:36} {need}: {file.content}")
    if state.speakers:
        print(f"  --published-speaker: {', '.join(state.speakers)}")
    print(state.licence)
    print("Accepted." if state.licence_accepted else "Not accepted yet.")
    return 0
