# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of panels, warnings and errors in other languages, by what they are about. Standard library only."""

from __future__ import annotations

from typing import Final

from . import (
    of_characters,
    of_engine,
    of_faces,
    of_files,
    of_films_seen,
    of_motion,
    of_pictures_seen,
    of_recordings_heard,
    of_work,
)

_ALL: Final = (
    *(of_motion, of_characters, of_files, of_work, of_faces),
    *(of_recordings_heard, of_films_seen, of_pictures_seen, of_engine),
)
GERMAN: Final = {english: german for module in _ALL for english, german in module.GERMAN.items()}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {english: german for module in _ALL for english, german in module.PARTS.items()}
"""The same for parts of sentences, which stand in the gaps of others."""
