# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels ask of the folder of generated motion."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..engine_process import cache
from ..host import settings
from ..talking.carried import used_motion


@dataclass(frozen=True)
class Contents:
    """What the folder holds.

    Attributes:
        folder: where it is.
        files: how many there are.
        megabytes: how large they are together.
    """

    folder: Path
    files: int
    megabytes: float


def use_folder(folder: str | os.PathLike[str] | None) -> None:
    """Keep motion in another folder than the preferences say, as long as Blender runs.

    Args:
        folder: made where it is missing; "//" means beside the .blend file. None for that of the preferences again.
    """
    settings.override(cache_folder=None if folder is None else os.fspath(folder))


def contents(chosen: str) -> Contents:
    """What the cache folder holds.

    Args:
        chosen: the folder from the preferences; "" for the usual one.

    Raises:
        TalkingAnimationError: where it cannot be made or written to.
    """
    folder = cache.folder(chosen)
    return Contents(folder, len(cache.files(folder)), cache.size(folder) / 1e6)


def clear(everything: bool = False) -> tuple[int, int]:
    """Delete generated motion; returns how many files were deleted and how many are left.

    Args:
        everything: whether also what characters of the open file still need for their dials.

    Raises:
        TalkingAnimationError: as `contents`.
    """
    folder = cache.folder(settings.current().cache_folder)
    deleted = cache.clear(folder, set() if everything else used_motion())
    return deleted, len(cache.files(folder))
