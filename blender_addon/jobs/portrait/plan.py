# SPDX-License-Identifier: GPL-3.0-or-later
"""What one Blender tells the other to draw, as a file. Standard library only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

PLAN: Final = "plan.json"
CHARACTER: Final = "character.blend"
VIDEO: Final = "video.mp4"
DRAWN: Final = "drawn.txt"
"""How many pictures are drawn so far."""
DONE: Final = "done.json"
PROBLEM: Final = "problem.txt"


@dataclass(frozen=True)
class Plan:
    """A video to draw.

    Attributes:
        base: name of the armature that the picture hangs on.
        objects: names of all that is drawn, in `CHARACTER`.
        picture: its width and height in pixels.
        size: the video's width and height in pixels.
        scale: pixels of the video for each of the picture.
        first, last: scene frames.
        fps, fps_base: of the scene.
        background: colour behind what is transparent: linear red, green, blue, 0 to 1.
        sounds: (WAV file, scene frame at which it begins) each.
    """

    base: str
    objects: list[str]
    picture: list[int]
    size: list[int]
    scale: float
    first: int
    last: int
    fps: int
    fps_base: float
    background: list[float]
    sounds: list[list[Any]]

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        (folder / PLAN).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Plan:
        """Read it from a folder."""
        return cls(**json.loads((folder / PLAN).read_text(encoding="utf-8")))
