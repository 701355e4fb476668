"""What is there of MakeItTalk, and whether it can run here. Light: neither torch nor scipy is imported."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ..errors import EngineError
from ..face.messages import PublishedFileState, PublishedState
from ..face.names import MAKEITTALK
from .files import FILES, SPEAKERS, check_files, has, published_folder, read_speakers
from .licence import MAKEITTALKS

_NEEDED = ("torch", "scipy")


def check_engine() -> None:
    """Raise EngineError (code ``backend_unavailable``) where this Python is not the full engine's."""
    if not all(find_spec(name) for name in _NEEDED):
        raise EngineError(
            "Published networks need the full engine: run python build.py setup --full.",
            "backend_unavailable",
        )


def unavailable_reason(folder: Path | None = None) -> str | None:
    """Why this model cannot run here (one sentence for a tooltip), or None where it can."""
    try:
        check_engine()
        check_files(folder or published_folder())
    except EngineError as error:
        return error.message
    return None


def published_state(chosen: str | None = None) -> PublishedState:
    """Everything that a person or a panel needs to know about this model.

    Args:
        chosen: a folder instead of the usual one.
    """
    folder = published_folder(chosen)
    reason = unavailable_reason(folder)
    speakers: tuple[str, ...] = ()
    if has(folder, SPEAKERS):
        try:
            speakers = tuple(read_speakers(folder / SPEAKERS.name))
        except EngineError as error:
            reason = reason or error.message
    return PublishedState(
        name=MAKEITTALK,
        available=reason is None,
        reason=reason,
        folder=str(folder),
        files=tuple(
            PublishedFileState(file.name, file.content, file.required, has(folder, file)) for file in FILES
        ),
        speakers=speakers,
        licence=MAKEITTALKS.notice,
        licence_accepted=MAKEITTALKS.is_accepted(folder),
    )
