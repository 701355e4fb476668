# SPDX-License-Identifier: GPL-3.0-or-later
"""The one sentence for what nobody foresaw: it says what was tried and where the report is; the log keeps the traceback."""

from __future__ import annotations

from . import log


def sentence(tried: str, error: Exception) -> str:
    """Write an unforeseen error to the log, in full, and give the sentence for the user, which has nothing of it.

    Args:
        tried: what was tried, as the beginning of a sentence: "'Find Landmarks'", "This line".
        error: what came of it.
    """
    log.logger.error("%s failed", tried, exc_info=(type(error), error, error.__traceback__))
    return (
        f"{tried} failed of a fault in the add-on: what happened is in its log, so press Copy Diagnostics in the add-on's "
        "preferences, which puts a report on the clipboard, and report it."
    )
