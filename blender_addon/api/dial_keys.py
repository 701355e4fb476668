# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of dials that have keys of their own."""

from __future__ import annotations

from ..talking.dial_keys import are_keyed, are_waiting, clear, driven, is_keyed

__all__ = ["are_keyed", "are_waiting", "clear", "driven", "is_keyed"]
