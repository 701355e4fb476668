# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut-outs: planes and bones of a mouth, eyes and brows that move, turn and stretch in their picture."""

from __future__ import annotations

from .target import CutOut

__all__ = ["CutOut"]
