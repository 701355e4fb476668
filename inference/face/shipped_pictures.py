"""The table of the pictures that ship: drawings and portraits that talk at once, by a name. Needs nothing but Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_TABLE: Final = "pictures.json"


@dataclass(frozen=True)
class ShippedPicture:
    """A picture that ships.

    Attributes:
        name: by which scripts, tables and the command line call it.
        title: for people.
        path: of its file.
        points: where its face is, x and y one after the other, as `messages.PictureRequest` takes it; () where it is found.
        kind: "photo" or "drawing".
        source: who made it, and who may use it.
    """

    name: str
    title: str
    path: Path
    points: tuple[float, ...]
    kind: str
    source: str


def read(folders: Sequence[Path]) -> tuple[ShippedPicture, ...]:
    """All of them, in the order of their table.

    Args:
        folders: where they may lie; the first that has a table counts.

    Returns:
        () where none has one, or it is damaged: everything else goes on without them.
    """
    folder = next((folder for folder in folders if (folder / _TABLE).is_file()), None)
    if folder is None:
        return ()
    try:
        rows = json.loads((folder / _TABLE).read_text(encoding="utf-8"))["pictures"]
        return tuple(_of_row(row, folder) for row in rows)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def called(name: str, pictures: Sequence[ShippedPicture]) -> ShippedPicture | None:
    """The picture of that name, in small or capital letters; None where none has it."""
    wanted = name.strip().casefold()
    return next((shipped for shipped in pictures if shipped.name.casefold() == wanted), None)


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
