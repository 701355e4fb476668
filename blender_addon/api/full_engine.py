# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the full engine's private environment."""

from __future__ import annotations

from pathlib import Path

from ..engine_process import full_environment
from ..engine_process.full_environment import (
    Setup,
    is_there,
    obstacle,
    python,
    remove,
    warning,
)
from ..host.blender_versions.interface import allow_online_access
from ..host.settings import EMBEDDED, FULL

__all__ = [
    "EMBEDDED",
    "FULL",
    "Setup",
    "allow_online_access",
    "folder",
    "is_there",
    "obstacle",
    "python",
    "remove",
    "warning",
]


def folder() -> Path:
    """Where the environment is, or would be made."""
    return full_environment.in_use() or full_environment.folder()
