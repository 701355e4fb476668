# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard behind a talking animation, for who shows it."""

from __future__ import annotations

from ..talking.heard import Heard, heard

__all__ = ["Heard", "heard"]
