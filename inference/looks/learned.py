"""A look that was learned from pictures (`train look`): the network draws the picture, and eyes and mouth take its colours."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from ..face.arrays import Floats
from .cartoon import Cartoon
from .face_lines import face_ink
from .inside import EyeColours, MouthColours
from .network import LookWeights, drawn, load_look
from .sheet import Sheet

_SAMPLED = 4_000
"""Pixels from which is told what becomes of a colour."""
_LINES = 0.55
"""How dark the strokes of lids and lips are."""


class LearnedLook:
    """See `apply.Look`.

    Args:
        path: the look's file.

    Raises:
        EngineError: see `network.load_look`.
    """

    def __init__(self, path: Path) -> None:
        self._weights: LookWeights = load_look(path)
        self._cartoon = Cartoon()
        self._last: tuple[Sheet, Floats] | None = None

    @cached_property
    def name(self) -> str:
        """What it was called when it was learned."""
        return str(self._weights.metadata.get("name", ""))

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture as the network draws it, 0 to 255."""
        picture = sheet.at_size(self._drawn(sheet)).clip(0, 255)
        ink = _LINES * face_ink(sheet)[..., None]
        return np.asarray(picture + (self._mapped(sheet, np.array([40.0, 30, 32])) - picture) * ink)

    def eye(self, sheet: Sheet) -> EyeColours:
        """A cartoon's eye in the colours of the look."""
        usual = self._cartoon.eye(sheet)
        white, iris, ink, spark = (
            self._mapped(sheet, one) for one in (usual.white, usual.iris, usual.ink, usual.spark)
        )
        return EyeColours(white, iris, ink, spark)

    def mouth(self, sheet: Sheet) -> MouthColours:
        """A cartoon's mouth in the colours of the look."""
        usual = self._cartoon.mouth(sheet)
        parts = (usual.hollow, usual.tongue, usual.teeth, usual.line, usual.lip)
        return MouthColours(*(self._mapped(sheet, one) for one in parts))

    def _drawn(self, sheet: Sheet) -> Floats:
        """(h, w, 3) the sheet as the network draws it; kept for what is asked of the same sheet next."""
        if self._last is None or self._last[0] is not sheet:
            self._last = (sheet, drawn(self._weights, sheet.colours))
        return self._last[1]

    def _mapped(self, sheet: Sheet, colour: Floats) -> Floats:
        """(3,) what becomes of a colour, on the whole: colours that are near it in the picture count most."""
        shown, became = sheet.colours.reshape(-1, 3), self._drawn(sheet).reshape(-1, 3)
        step = max(1, len(shown) // _SAMPLED)
        shown, became = shown[::step], became[::step]
        near = np.exp(-np.linalg.norm(shown - colour, axis=1) / 40) + 1e-4
        ones = np.column_stack([shown - colour, np.full(len(shown), 40.0)])
        root = np.sqrt(near)[:, None]
        held = np.vstack(
            [ones * root, np.eye(4) * [60, 60, 60, 1e-3]]
        )  # far from all that is seen, shift alone
        change = np.vstack([(became - shown) * root, np.zeros((4, 3))])
        solved = np.linalg.lstsq(held, change, rcond=None)[0]
        return np.asarray((colour + 40.0 * solved[3]).clip(0, 255), np.float32)
