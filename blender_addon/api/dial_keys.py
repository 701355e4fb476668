# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of dials that have keys of their own."""

from __future__ import annotations

from ..talking.dial_keys import are_keyed, are_waiting, clear, driven, is_keyed
from ..talking.edit import Change, change_dials
from ..talking.shut_lips import are_held

__all__ = ["Change", "are_held", "are_keyed", "are_waiting", "change_dials", "clear", "driven", "is_keyed"]
