# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures that ship: drawings and portraits that can be made to talk at once, by a name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..contract import shipped_pictures as table
from ..contract.shipped_pictures import ShippedPicture
from ..errors import TalkingAnimationError

_ADDON: Final = Path(__file__).resolve().parent.parent
_FOLDERS: Final = (_ADDON / "sample" / "pictures", _ADDON.parent / "demo" / "pictures")
"""Inside the installed add-on, else in the repository."""


@cache
def shipped_pictures() -> tuple[ShippedPicture, ...]:
    """All of them, in the order of their table; none in a copy of the add-on without them."""
    return table.read(_FOLDERS)


def called(name: Any) -> ShippedPicture | None:
    """The picture of that name, in small or capital letters; None where none has it, and for what is no name."""
    return table.called(name, shipped_pictures()) if isinstance(name, str) else None


def check_name(picture: Any) -> None:
    """Notice what looks like such a name but is none, and no file either.

    Raises:
        TalkingAnimationError: one sentence with the names.
    """
    if not isinstance(picture, str) or not picture.strip() or not shipped_pictures():
        return
    is_path = os.path.splitext(picture)[1] or os.path.basename(picture) != picture or os.path.exists(picture)
    if not is_path and called(picture) is None:
        names = ", ".join(shipped.name for shipped in shipped_pictures())
        raise TalkingAnimationError(
            f"There is no picture named '{picture}': choose one that ships ({names}), or the path of a file."
        )
