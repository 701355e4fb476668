"""The one exception that reaches a user."""

from __future__ import annotations


class EngineError(Exception):
    """A problem that the user can do something about.

    Attributes:
        message: one sentence that names the file, the problem and the remedy.
        code: a short stable word for programs, such as ``"bad_audio"``.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Damaged(ValueError):
    """A file does not hold what it should; the text says why. Whoever reads it tells the user."""
