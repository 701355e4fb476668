"""The command line's share in the published checkpoints: options of ``animate``, and ``published``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from . import licence
from .files import FILES, SPEAKERS, has, published_folder, read_speakers
from .settings import MODEL, PublishedSettings, unavailable_reason

if TYPE_CHECKING:
    from ..pipeline import Progress, Result, Settings


def add_options(animate: argparse.ArgumentParser) -> None:
    """The options of ``animate`` that choose and steer a published model."""
    defaults = PublishedSettings()
    group = animate.add_argument_group(
        "models", "docs/published-checkpoints.md says where their files come from"
    )
    group.add_argument(
        "--model",
        choices=("content", MODEL),
        default="content",
        help="the engine's own network, or MakeItTalk's that you have put into checkpoints/published "
        "(default: %(default)s)",
    )
    group.add_argument("--published-folder", metavar="FOLDER", help="where MakeItTalk's files are instead")
    group.add_argument("--published-speaker", metavar="ID", help="whose manner, one that `published` lists")
    group.add_argument(
        "--accept-licence", action="store_true", help="accept the licence of MakeItTalk's weights"
    )
    for option, text in (
        ("amp_lip_x", "MakeItTalk's lips across"),
        ("amp_lip_y", "MakeItTalk's lips up and down"),
        ("amp_pos", "MakeItTalk's head and face motion"),
        ("closure", "how firmly lips meet on p, b, m, 0 to 1"),
    ):
        group.add_argument(
            "--" + option.replace("_", "-"),
            type=float,
            default=getattr(defaults, option),
            help=f"{text} (default: %(default)g)",
        )


def published_settings(options: argparse.Namespace) -> PublishedSettings:
    """What was chosen with `add_options`; tells the licence on the error stream the first time."""
    folder = published_folder(options.published_folder)
    if options.accept_licence and not licence.is_accepted(folder):
        print(licence.NOTICE, file=sys.stderr)
    return PublishedSettings(
        folder=options.published_folder,
        speaker=options.published_speaker,
        amp_lip_x=options.amp_lip_x,
        amp_lip_y=options.amp_lip_y,
        amp_pos=options.amp_pos,
        closure=options.closure,
        accept_licence=options.accept_licence,
    )


def animate_request(request: Mapping[str, Any], audio: str, settings: Settings, progress: Progress) -> Result:
    """Answer a worker's ``animate`` request that names another model than the engine's own.

    Args:
        request: its ``model`` is `MODEL`; ``published`` may hold the fields of `PublishedSettings`.
        audio, settings, progress: see `pipeline.animate_makeittalk`.

    Raises:
        EngineError: an unknown model or setting (code ``bad_request``), and whatever `animate_makeittalk` raises.
    """
    if request["model"] != MODEL:
        raise EngineError(
            f"The engine has no model {request['model']!r}: choose content or {MODEL}.", "bad_request"
        )
    try:
        published = PublishedSettings(**request.get("published", {}))
    except TypeError as error:
        raise EngineError(
            f"The request's settings of {MODEL} are of the wrong kind ({error}).", "bad_request"
        ) from error
    from .pipeline import animate_makeittalk

    return animate_makeittalk(audio, settings, progress, published)


def add_subcommands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """``published``: which files are there, whose manners can be chosen, and the licence."""
    parser = commands.add_parser("published", help="list MakeItTalk's files and speakers, and their licence")
    parser.add_argument("--published-folder", metavar="FOLDER", help="where the files are")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_published)


def state(chosen: str | None = None) -> dict[str, object]:
    """Everything that a person or a panel needs to know about this model, as JSON-able values.

    Args:
        chosen: a folder instead of the usual one.

    Returns:
        ``name``; ``available`` and ``reason`` (a sentence, or None); ``folder``; ``files`` (name, content, required, found);
        ``speakers`` (names in ``emb.pickle``); ``licence`` (the notice) and ``licence_accepted``.
    """
    folder = published_folder(chosen)
    reason = unavailable_reason(folder)
    speakers: list[str] = []
    if has(folder, SPEAKERS):
        try:
            speakers = list(read_speakers(folder / SPEAKERS.name))
        except EngineError as error:
            reason = reason or error.message
    return {
        "name": MODEL,
        "available": reason is None,
        "reason": reason,
        "folder": str(folder),
        "files": [
            {
                "name": file.name,
                "content": file.content,
                "required": file.required,
                "found": has(folder, file),
            }
            for file in FILES
        ],
        "speakers": speakers,
        "licence": licence.NOTICE,
        "licence_accepted": licence.is_accepted(folder),
    }


def _published(options: argparse.Namespace) -> int:
    found = state(options.published_folder)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(f"{found['folder']}: {found['reason'] or 'MakeItTalk can be used (--model makeittalk).'}")
    for file in found["files"]:  # type: ignore[attr-defined]
        need = "needed" if file["required"] else "optional"
        print(f"  {'found' if file['found'] else 'missing':8} {file['name']:36} {need}: {file['content']}")
    speakers = found["speakers"]
    if speakers:
        print(f"  --published-speaker: {', '.join(speakers)}")  # type: ignore[arg-type]
    print(found["licence"])
    print("Accepted." if found["licence_accepted"] else "Not accepted yet.")
    return 0
