"""The edge of what covers a mouth: a mask as bright as the skin would leave a line drawing's face empty."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from ..pictures.colours import lab
from .brows import face_area
from .canvas import between
from .sheet import Sheet, edge_line

_LIKE, _UNLIKE = 10.0, 22.0
"""How far in Lab from the colour around the mouth what surely covers it is, and what surely does not."""


def cover_ink(sheet: Sheet) -> Floats:
    """(H, W) a line along the edge of a mask within the face, 0 to 1, at the picture's size; 0 where nothing covers the mouth."""
    colour = sheet.features.cover
    if colour is None:
        return np.zeros((sheet.size[1], sheet.size[0]), np.float32)
    away = np.linalg.norm(lab(sheet.colours) - colour, axis=-1)
    line = sheet.at_size(edge_line(between(away, _UNLIKE, _LIKE), sheet.unit))
    return np.asarray(line * face_area(sheet), np.float32)
