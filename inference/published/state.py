"""What is there of a published system, and whether it can run here. Light: neither torch nor scipy is imported."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ..errors import EngineError
from ..face.messages import PublishedFileState, PublishedState
from ..face.names import MAKEITTALK
from ..packages import how_to_get
from .files import SPEAKERS, PublishedFile, check_files, has, read_speakers
from .systems import SYSTEMS, System

_NEEDED = ("torch", "scipy")


def check_engine() -> None:
    """Raise EngineError (code ``backend_unavailable``) where this Python is not the full engine's."""
    if not all(find_spec(name) for name in _NEEDED):
        raise EngineError(
            f"Published networks need the full engine: {how_to_get()}.",
            "backend_unavailable",
        )


def ready(
    system: System,
    chosen: str | None = None,
    accepting: bool = False,
    needed: Sequence[PublishedFile] | None = None,
) -> Path:
    """Let nobody pass for whom a system's networks cannot run.

    Args:
        system: a row of `systems.SYSTEMS`.
        chosen: a folder instead of the usual one.
        accepting: whether the user accepts the licence now.
        needed: the files that it takes; None for those that the system needs.

    Returns:
        The folder with its files.

    Raises:
        EngineError: the full engine is missing (code ``backend_unavailable``), files are missing (``published_missing``), or the
            licence is not accepted (``licence``).
    """
    folder = system.folder(chosen)
    check_engine()
    check_files(folder, system.files if needed is None else needed, system.title)
    system.terms.require(folder, accepting)
    return folder


def unavailable_reason(folder: Path | None = None, system: str = MAKEITTALK) -> str | None:
    """Why this system cannot run here (one sentence for a tooltip), or None where it can."""
    try:
        check_engine()
        SYSTEMS[system].check(folder or SYSTEMS[system].folder())
    except EngineError as error:
        return error.message
    return None


def published_state(chosen: str | None = None, system: str = MAKEITTALK) -> PublishedState:
    """Everything that a person or a panel needs to know about a published system.

    Args:
        chosen: a folder instead of the usual one.
        system: a name of `systems.SYSTEMS`.
    """
    row = SYSTEMS[system]
    folder = row.folder(chosen)
    reason = unavailable_reason(folder, system)
    speakers: tuple[str, ...] = ()
    if any(file.name == SPEAKERS.name for file in row.files) and has(folder, SPEAKERS):
        try:
            speakers = tuple(read_speakers(SPEAKERS.path(folder)))
        except EngineError as error:
            reason = reason or error.message
    return PublishedState(
        name=system,
        available=reason is None,
        reason=reason,
        folder=str(folder),
        files=tuple(
            PublishedFileState(file.name, file.content, file.required, has(folder, file))
            for file in row.files
        ),
        speakers=speakers,
        licence=row.terms.notice,
        licence_accepted=row.terms.is_accepted(folder),
        title=row.title,
        use=row.use,
        needs=row.needs,
    )
