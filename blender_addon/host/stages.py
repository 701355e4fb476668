# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while something is under way, in other languages, also with numbers and names in it. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    "Cutting the lips": "Lippen trennen",
    "Installing": "Installieren",
    "Looking for packages": "Pakete suchen",
    "Making the environment": "Umgebung anlegen",
    "Measuring the characters": "Figuren vermessen",
    "Moving lips and head": "Lippen und Kopf bewegen",
    "Moving the lips": "Lippen bewegen",
    "Preparing": "Vorbereiten",
    "Trying it": "Ausprobieren",
}
"""English → German, beside the stages that `translations` has."""

GERMAN_WITH_GAPS: Final = {
    "Downloading {}": "{} herunterladen",
    "Live: {} s": "Live: {} s",
    "Looking for {}": "{} suchen",
    "Putting the lines of '{}' together": "Zeilen von „{}“ zusammensetzen",
    "{} is here already": "{} ist schon da",
    "{} of {} lines": "{} von {} Zeilen",
    "{} of {} lines, about {} left": "{} von {} Zeilen, noch etwa {}",
}
"""The same for texts in which something stands that is in no language; see `texts_with_gaps`."""
