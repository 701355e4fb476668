"""The look that AnimatePortrait gives a still (`published.drawn_still`), with the eyes and mouth of our line drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats
from ..looks.canvas import resized
from ..looks.drawing import INK, PAPER, LineDrawing
from ..looks.face_lines import face_ink
from ..looks.sheet import Sheet

_UNIT = 107.0
"""Pixels between the outer eye corners in the pictures that the network was trained on: a face fills 0.7 of 256 pixels."""
_MOST_PIXELS = 1_000_000
_LEAST_SIDE = 16
_LINES = 0.7
"""How dark our own strokes of lids and lips are."""


class PublishedDrawing(LineDrawing):
    """See `looks.apply.Look`.

    Args:
        path: ``static/drawing.pth`` of AnimatePortrait.

    Raises:
        EngineError: see `DrawnStill`; torch is not installed (code ``package_missing``).
    """

    def __init__(self, path: Path) -> None:
        try:
            from ..published.drawn_still import DrawnStill
        except ModuleNotFoundError as error:
            raise EngineError(
                f"{path.name} needs the Python package torch: set up the full engine, or choose the look drawing.",
                "package_missing",
            ) from error
        self._network = DrawnStill(path)

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture as the network draws it, in our ink on our paper, before an empty background."""
        height, width = sheet.colours.shape[:2]
        scale = min(_UNIT / sheet.unit, float(np.sqrt(_MOST_PIXELS / (height * width))))
        size = tuple(max(_LEAST_SIDE, round(side * scale / 4) * 4) for side in (width, height))
        drawn = self._network.draw(resized(sheet.colours, (size[0], size[1])).clip(0, 255))
        bright = resized(drawn, sheet.size).clip(0, 1)
        person = sheet.at_size(sheet.person).clip(0, 1)
        ink = np.maximum((1 - bright) * person, _LINES * face_ink(sheet))
        return np.asarray(PAPER + (INK - PAPER) * ink[..., None])
