# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels make their menus and sliders of: (name → label, description) of what there is to choose."""

from __future__ import annotations

from ..contract.dials import rows as dial_rows
from ..keys.cue_markers import KINDS as CUE_KINDS
from ..targets.landmark_points.objects import KINDS as POINT_KINDS

__all__ = ["CUE_KINDS", "POINT_KINDS", "dial_rows"]
