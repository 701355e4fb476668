# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes a while: polled by buttons beside Blender's window, waited for by scripts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

Progress = Callable[[float, str], None]

_POLL_SECONDS = 0.005
_Report = TypeVar("_Report")


class Job(Protocol[_Report]):
    """Something under way, such as `jobs.Job`.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: what came of it; None until done.
    """

    fraction: float
    stage: str
    report: _Report | None

    def poll(self) -> bool:
        """Go on for a moment; returns whether it is done, and raises what ends it."""

    def cancel(self) -> None:
        """Stop. Safe to call at any time."""


def wait(job: Job[_Report], progress: Progress | None = None) -> _Report:
    """Wait until a job is done; whatever interrupts that, such as an error, cancels the job.

    Args:
        job: just started.
        progress: called with 0 to 1 and the name of the stage, whenever one has changed.

    Returns:
        The job's report.
    """
    shown: tuple[float, str] | None = None
    try:
        while not job.poll():
            if progress is not None and shown != (job.fraction, job.stage):
                shown = (job.fraction, job.stage)
                progress(*shown)
            time.sleep(_POLL_SECONDS)
    except BaseException:
        job.cancel()
        raise
    assert job.report is not None
    return job.report
