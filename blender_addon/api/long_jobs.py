# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of that which takes a while."""

from __future__ import annotations

from ..host.unforeseen import sentence as unforeseen
from ..jobs.job import Job as LongJob
from ..jobs.job import wait

__all__ = ["LongJob", "unforeseen", "wait"]
