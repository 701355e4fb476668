"""The pictures that ship with the add-on, by their names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..paths import ENGINE_ROOT

_FOLDERS = (ENGINE_ROOT / "demo" / "pictures", ENGINE_ROOT.parent / "sample" / "pictures")
"""In the repository, or inside the installed add-on."""


@dataclass(frozen=True)
class ShippedPicture:
    """A picture that ships: its file, where its face is (as `PictureRequest.points`), and its kind."""

    path: Path
    points: tuple[float, ...]
    kind: str


def shipped_pictures() -> dict[str, ShippedPicture]:
    """By their names; none in a copy without them."""
    for folder in _FOLDERS:
        try:
            rows = json.loads((folder / "pictures.json").read_text(encoding="utf-8"))["pictures"]
            return {str(row["name"]): _of_row(row, folder) for row in rows}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return {}


def _of_row(row: dict[str, Any], folder: Path) -> ShippedPicture:
    points: tuple[float, ...] = ()
    if "points" in row:
        pairs = json.loads((folder / row["points"]).read_text(encoding="utf-8"))["points"]
        points = tuple(float(number) for pair in pairs for number in pair)
    return ShippedPicture(folder / str(row["file"]), points, str(row["kind"]))
