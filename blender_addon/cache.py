# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of generated motion: one `FaceAnimation` file for each recording and choice of settings.

With it a dial acts at once, and the same request again needs no engine.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import bpy

from .errors import TalkingAnimationError


def folder(chosen: str = "") -> Path:
    """The cache folder, made where it is missing.

    Args:
        chosen: the folder from the preferences; "" for Blender's own folder for a user's data files.

    Raises:
        TalkingAnimationError: where it cannot be made or written to.
    """
    if chosen:
        path = Path(bpy.path.abspath(chosen))
    else:
        path = Path(bpy.utils.user_resource("DATAFILES", path="talking_animation"))
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise TalkingAnimationError(
            f"The cache folder '{path}' cannot be written to: choose another one in the add-on's preferences."
        )
    return path


def file_for(path: Path, **what: Any) -> Path:
    """The file for a request: its name is the SHA-256 of everything that decides the motion."""
    text = json.dumps(what, sort_keys=True, ensure_ascii=False)
    return path / f"{hashlib.sha256(text.encode()).hexdigest()[:40]}.npz"


def files(path: Path) -> list[Path]:
    """The cached motion files."""
    return sorted(path.glob("*.npz"))


def size(path: Path) -> int:
    """Bytes of all cached motion."""
    return sum(item.stat().st_size for item in files(path))


def clear(path: Path) -> int:
    """Delete all cached motion; returns how many files."""
    found = files(path)
    for item in found:
        item.unlink(missing_ok=True)
    return len(found)
