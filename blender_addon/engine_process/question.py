# SPDX-License-Identifier: GPL-3.0-or-later
"""One question to the engine, answered while Blender waits: for what takes a second or two."""

from __future__ import annotations

import time

from ..contract import messages
from ..errors import TalkingAnimationError
from ..host import engine_folder
from . import shared

_POLL_SECONDS = 0.01


def ask(request: messages.Request, seconds: float = 60.0) -> messages.Answer:
    """Send a request and wait for its result.

    Raises:
        TalkingAnimationError: the engine's own sentence, or that it did not answer in time.
    """
    process = shared.get(engine_folder.find_root())
    process.submit(request)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for answer in process.poll():
            if isinstance(answer, messages.Failure):
                raise TalkingAnimationError(answer.message)
            if not isinstance(answer, messages.Progress):
                return answer
        time.sleep(_POLL_SECONDS)
    process.cancel()
    raise TalkingAnimationError(
        f"The engine did not answer within {seconds:.0f} seconds: try again, or restart Blender."
    )
