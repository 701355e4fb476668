# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels offer to try things out with."""

from __future__ import annotations

from ..inputs.sample_voices import sample_voice_of, sample_voices

__all__ = ["sample_voice_of", "sample_voices"]
