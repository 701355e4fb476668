"""``live``: a face that talks while somebody speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..face.messages import LiveRequest, LiveResult
from ..progress import Progress

if TYPE_CHECKING:
    from ..live.session import Session

_present: Session | None = None


def answer(request: LiveRequest, progress: Progress) -> LiveResult:
    """Go on with a session, or begin one. Raises EngineError as `Session` does."""
    global _present
    from ..errors import EngineError
    from ..face.live_frames import packed
    from ..face.outputs import keep_apart
    from ..live.session import Session
    from .animate import shared_backend

    if request.output is not None and request.audio is not None:
        keep_apart([request.output], [request.audio])
    session, begins = _present, False
    if session is None or session.name != request.session:
        if session is not None:
            session.close()
        _present = None
        session, begins = Session(request, shared_backend()), True
        _present = session
    elif session.ended and not request.last:
        raise EngineError("This live preview has ended: start another one.", "bad_request")
    first = session.given
    frames = session.go_on(request.samples, request.last)
    warnings = session.warnings if begins else ()
    if request.output is not None and request.last:
        warnings += session.keep_sound(request.output)
    return LiveResult(
        first=first,
        fps=frames.fps,
        frames=packed(frames),
        heard=session.seconds,
        lost=session.lost,
        ended=session.ended,
        output=request.output if request.last else None,
        warnings=warnings,
    )
