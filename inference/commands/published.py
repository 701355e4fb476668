"""``published``: which files of published systems are there, whose manners can be chosen, and the licences."""

from __future__ import annotations

import argparse
from typing import Any

from ..face.messages import PublishedRequest, PublishedResult, PublishedState
from ..face.names import PUBLISHED_SYSTEMS
from ..progress import Progress
from .terminal import add_json, print_json


def answer(request: PublishedRequest, progress: Progress) -> PublishedResult:
    """The state of the files; where it is asked for, their licence is accepted first.

    Raises:
        EngineError: accepting cannot be remembered (code ``output_unwritable``).
    """
    from ..published.state import published_state
    from ..published.systems import SYSTEMS

    system = SYSTEMS[request.system]
    if request.accept:
        system.terms.accept_or_raise(system.folder(request.folder))
    return PublishedResult(published_state(request.folder, request.system))


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser(
        "published", help="list the published systems, their files, speakers and licences"
    )
    parser.add_argument("--published-folder", metavar="FOLDER", help="where the files are")
    parser.add_argument("--system", choices=PUBLISHED_SYSTEMS, help="that one alone (default: all of them)")
    add_json(parser, "one JSON object, of makeittalk by default")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from ..face.checked_fields import as_json
    from ..published.state import published_state

    chosen, named = arguments.published_folder, arguments.system
    if arguments.json:
        print_json(as_json(published_state(chosen, named or PUBLISHED_SYSTEMS[0])))
        return 0
    for place, system in enumerate([named] if named else PUBLISHED_SYSTEMS):
        print("\n" * (place > 0), end="")
        _show(published_state(chosen, system))
    return 0


def _show(state: PublishedState) -> None:
    print(f"{state.folder}: {state.reason or f'{state.title} can be used ({state.use}).'}")
    print(state.needs)
    for file in state.files:
        need = "needed" if file.required else "optional"
        print(f"  {'found' if file.found else 'missing':8} {file.name:36} {need}: {file.content}")
    if state.speakers:
        print(f"  --published-speaker: {', '.join(state.speakers)}")
    print(state.licence)
    print("Accepted." if state.licence_accepted else "Not accepted yet.")
