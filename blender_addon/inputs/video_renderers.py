# SPDX-License-Identifier: GPL-3.0-or-later
"""What can draw the video of a talking picture, as panels, tables and the command line name it."""

from __future__ import annotations

from typing import Final

from ..contract.names import FILM_POSES, PORTRAIT_LOOKS, PORTRAIT_VIEWS

AUTOMATIC, BLENDER, ENGINE, REFINED = "AUTOMATIC", "BLENDER", "ENGINE", "REFINED"
PERSONAL: Final = "PERSONAL"
LOOKS: Final = {look.upper(): look for look in PORTRAIT_LOOKS}
"""The drawn looks that ship → the engine's own name for each."""
RENDERERS: Final = (AUTOMATIC, BLENDER, ENGINE, *LOOKS, REFINED)
"""Those that need no file."""
POSES: Final = {pose.upper(): pose for pose in FILM_POSES}
"""How the head moves where the picture is a film: as it was filmed, or as the character's → the engine's own name."""
VIEWS: Final = {view.upper(): view for view in PORTRAIT_VIEWS}
"""What is seen: the whole picture, or a square around the head → the engine's own name."""
REPLAYED, FULL = next(iter(POSES)), next(iter(VIEWS))
FILE: Final = ".npz"
"""How the file of a person's own renderer ends, or of a learned look."""


def is_named(text: str) -> bool:
    """Whether people write a renderer so: one of `RENDERERS` in small or large letters, or a file."""
    return text.upper() in RENDERERS or is_file(text)


def is_file(text: str) -> bool:
    """Whether it is the file of a person's own renderer or of a learned look, by its ending."""
    return text.casefold().endswith(FILE)
