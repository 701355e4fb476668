# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the add-on's preferences."""

from __future__ import annotations

from ..host.log import set_level as set_log_level
from ..host.settings import Settings, current, remember

__all__ = ["Settings", "current", "remember", "set_log_level"]
