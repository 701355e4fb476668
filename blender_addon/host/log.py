# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's log: to the console as much as the preferences ask for, and the last lines for diagnostics.

Tracebacks are for diagnostics; the console shows them where the preferences ask for more than warnings.
"""

from __future__ import annotations

import copy
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

LEVELS: Final = ("ERROR", "WARNING", "INFO", "DEBUG")
NAME: Final = "talking_animation"
_KEPT = 80
_FORMAT = "%(asctime)s %(name)s %(levelname)s: %(message)s"

if TYPE_CHECKING:
    _Stream = logging.StreamHandler[Any]
else:
    _Stream = logging.StreamHandler

logger = logging.getLogger(NAME)
_recent: deque[str] = deque(maxlen=_KEPT)


class _Writable(logging.Formatter):
    """Lines that any console and the clipboard take: a file's name may be no UTF-8."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).encode("utf-8", "backslashreplace").decode("utf-8")


class _Console(_Stream):
    """Shows a fault without its traceback, unless more than warnings is asked for."""

    def format(self, record: logging.LogRecord) -> str:
        if self.level > logging.INFO:
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        return super().format(record)


class _Recent(logging.Handler):
    """Keeps the last lines, whatever the console shows."""

    def emit(self, record: logging.LogRecord) -> None:
        _recent.append(self.format(record))


def recent() -> list[str]:
    """The last lines, oldest first."""
    return list(_recent)


def set_level(level: str) -> None:
    """Show so much on the console: one of `LEVELS`."""
    for handler in logger.handlers:
        if not isinstance(handler, _Recent):
            handler.setLevel(getattr(logging, level if level in LEVELS else "WARNING"))


def start(level: str = "WARNING") -> None:
    """Begin to log; safe to call again."""
    stop()
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    for handler in (_Recent(), _Console()):
        handler.setFormatter(_Writable(_FORMAT))
        logger.addHandler(handler)
    set_level(level)


def stop() -> None:
    """End logging."""
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
