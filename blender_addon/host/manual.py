# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the manual's pages are: HTML in the installed add-on, the texts that they are made of in a copy of the repository."""

from __future__ import annotations

from pathlib import Path

_ADDON = Path(__file__).resolve().parent.parent
START = "user-guide"


def page(name: str = START, part: str = "") -> str:
    """The address of a page that this computer has; "" where it has none.

    Args:
        name: of the page, as its file in ``docs/`` has it.
        part: the heading to show, as addresses name it.
    """
    for path in (_ADDON / "manual" / f"{name}.html", _ADDON.parent / "docs" / f"{name}.md"):
        if path.is_file():
            return path.as_uri() + (f"#{part}" if part and path.suffix == ".html" else "")
    return ""
