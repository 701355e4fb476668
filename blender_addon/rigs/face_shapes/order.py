# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that hold naming conventions of face shapes, each in a tuple `CONVENTIONS`: a new one is one line here.

Where two conventions cover as many shapes of a character the earlier one wins, so a new one belongs behind what it resembles.
"""

from __future__ import annotations

from typing import Final

MODULES: Final[tuple[str, ...]] = (
    "arkit_faces",
    "rocketbox",
    "reallusion",
    "metahuman",
    "daz",
    "makehuman",
    "game_faces",
    "oculus",
    "vrchat",
    "vrm",
    "mmd",
    "mouth_shapes",
    "common",
    "spoken_words",
)
