# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels make their menus and sliders of: (name → label, description) of what there is to choose."""

from __future__ import annotations

from ..contract.dials import rows as dial_rows
from ..contract.names import ALL_VOICES, CHANNELS, MOST_VOICES
from ..keys.cue_markers import KINDS as CUE_KINDS
from ..targets.landmark_points.objects import KINDS as POINT_KINDS

__all__ = ["ALL_VOICES", "CHANNELS", "CUE_KINDS", "MOST_VOICES", "POINT_KINDS", "dial_rows"]
