# SPDX-License-Identifier: GPL-3.0-or-later
"""One question to the engine, answered while Blender waits: for what takes a second or two."""

from __future__ import annotations

import time
from typing import Any

from ..contract import messages
from ..errors import TalkingAnimationError
from ..host import engine_folder
from . import shared

_POLL_SECONDS = 0.01


def ask(request: messages.Request, seconds: float = 60.0) -> dict[str, Any]:
    """Send a request and wait for its result.

    Raises:
        TalkingAnimationError: the engine's own sentence, or that it did not answer in time.
    """
    process = shared.get(engine_folder.find_root())
    process.submit(request)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in process.poll():
            if message["type"] == "result":
                return message
            if message["type"] == "error":
                raise TalkingAnimationError(str(message.get("message", "The engine failed.")))
        time.sleep(_POLL_SECONDS)
    process.cancel()
    raise TalkingAnimationError(
        f"The engine did not answer within {seconds:.0f} seconds: try again, or restart Blender."
    )
