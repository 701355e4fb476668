# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an image sequence whose images are the drawings of a chart."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import bpy

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import IMAGES, ChartMapping

_NUMBER: Final = re.compile(r"\d+(?=\D*$)")  # the last one of a file's name is that of the image


def lacking_image(chart: ChartMapping, character: Character) -> str:
    """The name of the file of a drawing that a sequence on disk lacks; "" where it lacks none, or is no sequence on disk."""
    place = drawings.property_of(chart.where, character.objects) if chart.kind == IMAGES else None
    image = _image_of(*place) if place is not None else None
    if image is None or image.source != "SEQUENCE" or image.packed_file is not None:
        return ""
    first = Path(bpy.path.abspath(image.filepath, library=image.library))
    digits = _NUMBER.search(first.stem)
    if digits is None:
        return ""
    before, after = first.stem[: digits.start()], first.stem[digits.end() :]
    names = (
        f"{before}{int(number):0{len(digits[0])}d}{after}{first.suffix}"
        for number in chart.drawings.values()
        if isinstance(number, (int, float))
    )
    return next((name for name in names if not os.path.exists(first.parent / name)), "")


def _image_of(datablock: Any, path: str) -> Any:
    """The image whose frame offset a path is: of a node, a modifier, or an empty that shows it; None where it is none."""
    owner = path.rpartition("image_user")[0].rstrip(".")
    shows = datablock.path_resolve(owner) if owner else datablock
    image = getattr(shows, "image", None) or getattr(shows, "data", None)
    return image if isinstance(image, bpy.types.Image) else None
