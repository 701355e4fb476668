# SPDX-License-Identifier: GPL-3.0-or-later
"""Any numeric property of any datablock, moved by a channel of the face."""

from __future__ import annotations

from .target import AnyProperty

__all__ = ["AnyProperty"]
