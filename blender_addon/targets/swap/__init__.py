# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawings that are swapped: a mouth chart, eyes and brows, one drawing at a time."""

from __future__ import annotations

from .target import Swap

__all__ = ["Swap"]
