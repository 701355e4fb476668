# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the engine's files lie, and what can be read of them without starting it. Standard library only."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..errors import TalkingAnimationError


def find_root(addon: Path | None = None) -> Path:
    """The folder that holds `inference/` and `checkpoints/`: inside the installed add-on, else beside it.

    Raises:
        TalkingAnimationError: where neither has it.
    """
    addon = addon or Path(__file__).resolve().parent.parent
    for root in (addon / "engine", addon.parent):
        if (root / "inference" / "worker.py").is_file():
            return root
    raise TalkingAnimationError("The add-on's engine folder is missing: install the add-on's zip again.")


def fingerprint(root: Path) -> str:
    """SHA-256 over everything in the engine that decides what it makes of a recording."""
    digest = hashlib.sha256()
    for folder in ("inference", "checkpoints"):
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.suffix in {".py", ".npz", ".json"} and "training" not in inside.parts:
                digest.update(inside.as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def has_refiner() -> bool:
    """Whether the network that refines the mouth of talking photos ships with this engine."""
    try:
        return (find_root() / "checkpoints" / "portrait.npz").is_file()
    except TalkingAnimationError:
        return False


def shipped_styles(root: Path) -> list[tuple[str, str, str]]:
    """Styles as (name, label, description), read without starting the engine."""
    try:
        with open(root / "inference" / "motion" / "manner" / "styles.json", encoding="utf-8") as stream:
            table = json.load(stream)
        rows = table.get("styles", table) if isinstance(table, dict) else table
        if isinstance(rows, dict):
            rows = [{"name": name, **row} for name, row in rows.items()]
        styles = [
            (str(row["name"]), str(row.get("label", row["name"])), str(row.get("description", "")))
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        styles = []
    return styles or [("natural", "Natural", "Everyday conversation")]
