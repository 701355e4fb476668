# SPDX-License-Identifier: GPL-3.0-or-later
"""What can draw the video of a talking picture, as panels, tables and the command line name it."""

from __future__ import annotations

from typing import Final

from ..contract.names import PORTRAIT_LOOKS

AUTOMATIC, BLENDER, ENGINE, REFINED = "AUTOMATIC", "BLENDER", "ENGINE", "REFINED"
PERSONAL: Final = "PERSONAL"
LOOKS: Final = {look.upper(): look for look in PORTRAIT_LOOKS}
"""The drawn looks that ship → the engine's own name for each."""
RENDERERS: Final = (AUTOMATIC, BLENDER, ENGINE, *LOOKS, REFINED)
"""Those that need no file."""
FILE: Final = ".npz"
"""How the file of a person's own renderer ends, or of a learned look."""


def is_named(text: str) -> bool:
    """Whether people write a renderer so: one of `RENDERERS` in small or large letters, or a file."""
    return text.upper() in RENDERERS or is_file(text)


def is_file(text: str) -> bool:
    """Whether it is the file of a person's own renderer or of a learned look, by its ending."""
    return text.casefold().endswith(FILE)
