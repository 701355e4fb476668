# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of a live preview."""

from __future__ import annotations

from ..contract.messages import NO_MICROPHONE
from ..engine_process.shared import known_capabilities
from ..jobs.live import MICROPHONE, RECORDING, LiveChoice, LiveJob, LiveReport, why_not_unrecorded

__all__ = [
    "MICROPHONE", "NO_MICROPHONE", "RECORDING", "LiveChoice", "LiveJob", "LiveReport", "no_microphone", "why_not_unrecorded",
]  # fmt: skip


def no_microphone() -> str:
    """Why the engine cannot listen to a microphone, in one sentence; "" where it can, or has not said yet."""
    known = known_capabilities()
    return known.microphone if known is not None else ""
