"""What only the published model asks for, and whether it can run here. Light: neither torch nor scipy is imported."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..errors import EngineError
from .files import check_files, published_folder

MODEL = "makeittalk"
_NEEDED = ("torch", "scipy")


@dataclass(frozen=True)
class PublishedSettings:
    """What only this model asks for.

    Attributes:
        folder: where the files are; None for `files.published_folder`'s choice.
        speaker: whose manner, one of ``emb.pickle``'s names; None for the voice's own.
        amp_lip_x, amp_lip_y: how far the content branch's lips work across and up and down, 0…5.
        amp_pos: how much of the speaker-aware branch's motion, head included, 0…5.
        closure: how firmly lips meet where the engine hears p, b and m, 0…1; 0 leaves MakeItTalk's lips alone.
        accept_licence: the user accepts the weights' licence, now and from now on.
    """

    folder: str | None = None
    speaker: str | None = None
    amp_lip_x: float = 2.0
    amp_lip_y: float = 2.0
    amp_pos: float = 0.5
    closure: float = 1.0
    accept_licence: bool = False

    def __post_init__(self) -> None:
        """Raise EngineError (code ``bad_request``) for a value out of range."""
        if not all(isinstance(text, (str, type(None))) for text in (self.folder, self.speaker)):
            raise EngineError("folder and speaker of a published model must be texts.", "bad_request")
        for name, largest in (("amp_lip_x", 5.0), ("amp_lip_y", 5.0), ("amp_pos", 5.0), ("closure", 1.0)):
            value = getattr(self, name)
            if not 0 <= value <= largest:
                raise EngineError(f"{name} must be 0 to {largest:g}, not {value}.", "bad_request")


def check_engine() -> None:
    """Raise EngineError (code ``backend_unavailable``) where this Python is not the full engine's."""
    if not all(find_spec(name) for name in _NEEDED):
        raise EngineError(
            "MakeItTalk's networks need the full engine: run python build.py setup --full.",
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
