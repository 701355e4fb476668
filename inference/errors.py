"""The one exception that reaches a user, under the name that the engine uses everywhere."""

from __future__ import annotations

from .face.errors import EngineError

__all__ = ["EngineError"]
