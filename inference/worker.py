"""The door for the add-on: JSON lines in, JSON lines out (the protocol is in ``docs/architecture.md``).

Run as ``python -m inference.worker``, or by path inside Blender's own binary
(``blender -b --factory-startup --python inference/worker.py``).
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

if not __package__:  # run by path, inside Blender's binary: make the engine importable
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inference.processor import use_all_of_it

use_all_of_it()  # before numpy, which comes with the commands

from inference.commands import (  # noqa: E402
    animate,
    capabilities,
    capture,
    landmarks,
    live,
    mix,
    personalize,
    picture,
    portrait,
    published,
    retarget,
    style,
)
from inference.errors import EngineError  # noqa: E402
from inference.face import messages  # noqa: E402
from inference.face.errors import of_the_system  # noqa: E402
from inference.progress import Progress  # noqa: E402

_UNFORESEEN = "The engine failed of a fault of its own: what happened is in its log, so copy the diagnostics and report it."

HANDLERS: Final[dict[type[messages.Request], Callable[[Any, Progress], messages.Answer]]] = {
    messages.AnimateRequest: animate.answer,
    messages.CapabilitiesRequest: capabilities.answer,
    messages.CaptureRequest: capture.answer,
    messages.LandmarksRequest: landmarks.answer,
    messages.LiveRequest: live.answer,
    messages.MixRequest: mix.answer,
    messages.PersonalizeRequest: personalize.answer,
    messages.PictureRequest: picture.answer,
    messages.PortraitRequest: portrait.answer,
    messages.PublishedRequest: published.answer,
    messages.RetargetRequest: retarget.answer,
    messages.StyleRequest: style.answer,
}
"""Who answers a request: the function of its command's module."""


def main() -> int:
    """Answer requests until the input closes; returns the exit code."""
    # The protocol owns standard output: whatever else is printed (by a library, by Blender) must not mix in.
    # What is no character in a file's name becomes JSON's own escape.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", newline="\n")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8", errors="replace")
    try:
        Worker(replies).serve(requests)
    except BrokenPipeError:  # the add-on has gone
        return 0
    return 0


class Worker:
    """Serves requests one after the other.

    Args:
        replies: text stream that the JSON lines are written to.
    """

    def __init__(self, replies: IO[str]) -> None:
        self._replies = replies

    def serve(self, requests: IO[str]) -> None:
        """Announce the capabilities, then answer each line of ``requests`` until it ends."""
        try:
            self._send(capabilities.capabilities().as_message())
        except EngineError as error:
            self._send(messages.Failure(error.code, error.message).as_message())
            return
        for line in requests:
            if line.strip():
                self.answer(line)

    def answer(self, line: str) -> None:
        """Answer one request with progress lines and one result or error line."""
        message = _json_object(line)
        request: messages.Request | None = None
        identity = None if message is None else message.get("id")

        def reply(answer: messages.Answer) -> None:
            self._send({**answer.as_message(), "id": identity})

        def progress(fraction: float, stage: str) -> None:
            reply(messages.Progress(round(fraction, 4), stage))

        try:
            if message is None:
                raise EngineError("The request is not a JSON object: update the add-on.", "bad_request")
            request = messages.request_of(message)
            reply(HANDLERS[type(request)](request, progress))
        except EngineError as error:
            reply(messages.Failure(error.code, error.message))
        except MemoryError:
            asked = type(request) if request is not None else messages.Request
            reply(asked.lacks_memory())
        except BrokenPipeError:
            raise
        except Exception as error:
            told = of_the_system(error) if isinstance(error, OSError) else None
            if told is not None:
                reply(messages.Failure(told.code, told.message))
                return
            # The one place where a fault of ours becomes a sentence; the trace goes to the log.
            traceback.print_exc()
            reply(messages.Failure("internal", _UNFORESEEN))

    def _send(self, message: dict[str, Any]) -> None:
        self._replies.write(json.dumps(message, ensure_ascii=False) + "\n")
        self._replies.flush()


def _json_object(line: str) -> dict[str, Any] | None:
    """The line's JSON object; None where it is something else."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


if __name__ == "__main__":
    code = main()
    if "bpy" in sys.modules:
        # Inside Blender a plain exit would run its whole shutdown; nothing here needs that.
        os._exit(code)
    raise SystemExit(code)
