# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the manual."""

from __future__ import annotations

from ..host.manual import START, page

__all__ = ["START", "page"]
