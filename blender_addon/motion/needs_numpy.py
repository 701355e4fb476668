# SPDX-License-Identifier: GPL-3.0-or-later
"""Imported before everything that computes: raises TalkingAnimationError where this Python has no numpy."""

from __future__ import annotations

from .stored_motion import require_numpy

require_numpy()
