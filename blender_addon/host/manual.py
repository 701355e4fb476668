# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the manual's pages are: HTML in the installed add-on, the texts that they are made of in a copy of the repository."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_ADDON = Path(__file__).resolve().parent.parent
START = "user-guide"


def page(name: str = START, part: str = "") -> str:
    """The address of a page that this computer has; "" where it has none.

    Args:
        name: of the page, as its file in ``docs/`` has it.
        part: the heading to show, as addresses name it.
    """
    return _page_of(_ADDON, name, part)


@lru_cache(maxsize=64)
def _page_of(addon: Path, name: str, part: str) -> str:
    """`page`, sought once: a panel asks for it at each redraw, which must not ask the disk."""
    for path in (addon / "manual" / f"{name}.html", addon.parent / "docs" / f"{name}.md"):
        if path.is_file():
            return path.as_uri() + (f"#{part}" if part and path.suffix == ".html" else "")
    return ""
