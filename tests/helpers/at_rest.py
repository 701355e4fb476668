"""Rest values of a character without any animation."""

from __future__ import annotations

from typing import Any


class AtRest:
    """What targets ask for the value of a property that has no keys."""

    def __call__(self, datablock: Any, path: str, index: int) -> float:
        value = datablock.path_resolve(path)
        return float(value if isinstance(value, (int, float)) else value[index])

    def animated(self, datablock: Any, path: str) -> bool:
        """Never."""
        return False
