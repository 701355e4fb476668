# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures that ship: drawings and portraits that can be made to talk at once, by a name."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..errors import TalkingAnimationError

_ADDON: Final = Path(__file__).resolve().parent.parent
_FOLDERS: Final = (_ADDON / "sample" / "pictures", _ADDON.parent / "demo" / "pictures")
"""Inside the installed add-on, else in the repository."""
_TABLE: Final = "pictures.json"


@dataclass(frozen=True)
class ShippedPicture:
    """A picture that ships.

    Attributes:
        name: by which scripts, tables and the command line call it.
        title: for people.
        path: of its file.
        points: where its face is, x and y one after the other, as `make_picture_talk` takes it; () where it is found.
        kind: "photo" or "drawing".
        source: who made it, and who may use it.
    """

    name: str
    title: str
    path: Path
    points: tuple[float, ...]
    kind: str
    source: str


@cache
def shipped_pictures() -> tuple[ShippedPicture, ...]:
    """All of them, in the order of their table; none in a copy of the add-on without them."""
    folder = next((folder for folder in _FOLDERS if (folder / _TABLE).is_file()), None)
    if folder is None:
        return ()
    try:
        rows = json.loads((folder / _TABLE).read_text(encoding="utf-8"))["pictures"]
        return tuple(_of_row(row, folder) for row in rows)
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # a damaged copy of the add-on lacks them; everything else goes on


def _of_row(row: dict[str, Any], folder: Path) -> ShippedPicture:
    points: tuple[float, ...] = ()
    if "points" in row:
        pairs = json.loads((folder / row["points"]).read_text(encoding="utf-8"))["points"]
        points = tuple(float(number) for pair in pairs for number in pair)
    return ShippedPicture(
        str(row["name"]),
        str(row["title"]),
        folder / str(row["file"]),
        points,
        str(row["kind"]),
        str(row["source"]),
    )


def called(name: Any) -> ShippedPicture | None:
    """The picture of that name, in small or capital letters; None where none has it, and for what is no name."""
    if not isinstance(name, str):
        return None
    wanted = name.strip().casefold()
    return next((shipped for shipped in shipped_pictures() if shipped.name.casefold() == wanted), None)


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
