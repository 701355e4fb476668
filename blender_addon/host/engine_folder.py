# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the engine's files lie, and what can be read of them without starting it. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import re
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


def version(root: Path) -> str:
    """The product's version, read without starting the engine; "" where its file is missing or says none."""
    try:
        text = (root / "inference" / "__init__.py").read_text(encoding="utf-8")
    except OSError:
        return ""
    told = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return told[1] if told is not None else ""


def published_files(root: Path) -> Path:
    """Where the engine seeks files of published systems that the user brings, unless told otherwise."""
    return root / "checkpoints" / "published"


def fingerprint(root: Path) -> str:
    """SHA-256 over everything in the engine that decides what it makes of a recording; of what the user brings the motion made
    of it knows by itself.

    Asked at every click: files are read again only once one of them is another than it was.
    """
    return _digest(root, tuple(sorted(_deciding(root))))


_File = tuple[list[str], int, int, int, int]


def _deciding(root: Path) -> list[_File]:
    """The parts of each such file's path, and numbers that change as soon as the file does."""
    files: list[_File] = []
    folders = [["inference"], ["checkpoints"]]
    brought = published_files(root)
    while folders:
        parts = folders.pop()
        try:
            entries = list(os.scandir(root.joinpath(*parts)))
        except FileNotFoundError:
            continue
        for entry in entries:
            inside = [*parts, entry.name]
            if entry.is_dir():
                if entry.name != "training" and Path(entry.path) != brought:
                    folders.append(inside)
            elif entry.name.endswith((".py", ".npz", ".json")):
                known = os.stat(entry.path)  # what the entry itself tells lacks some of it on Windows
                files.append((inside, known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino))
    return files


def _digest(root: Path, files: tuple[_File, ...]) -> str:
    global _last
    if _last is None or _last[:2] != (root, files):
        digest = hashlib.sha256()
        for parts, *_ in files:
            digest.update("/".join(parts).encode())
            digest.update(hashlib.sha256(root.joinpath(*parts).read_bytes()).digest())
        _last = root, files, digest.hexdigest()
    return _last[2]


_last: tuple[Path, tuple[_File, ...], str] | None = None


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
