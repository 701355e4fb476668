"""Looks that published networks give a still (`published.drawn_still`, `published.cartoon_still`), with our eyes and mouth."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..errors import EngineError
from ..face.arrays import Floats
from ..looks.apply import Look
from ..looks.canvas import between, resized
from ..looks.cartoon import Cartoon
from ..looks.drawing import INK, PAPER, LineDrawing
from ..looks.face_lines import face_ink
from ..looks.sheet import Sheet
from ..pictures.filling import pixel_centres, sample

_UNIT = 107.0
"""Pixels between the outer eye corners in the pictures that AnimatePortrait's was trained on: a face fills 0.7 of 256 pixels."""
_MOST_PIXELS = 1_000_000
_LEAST_SIDE = 16
_LINES = 0.7
"""How dark our own strokes of lids and lips are."""
_ABOVE, _BELOW, _BESIDE = 0.8, 0.3, 0.3
"""How far beyond a face's points, of their height and width, the square reaches that is shown to a cartoon's network."""
_FINER = 4
"""How many times as large what the network draws is made before it is laid back, so that it stays smooth."""
_RIM = 0.06
"""Share of that square's side over which it fades into our own cartoon."""


def published_look(path: Path) -> Look:
    """The look of a published network's file, told by what it holds.

    Raises:
        EngineError: see `DrawnStill` and `CartoonStill`; torch is not installed (code ``package_missing``).
    """
    try:
        from ..published.cartoon_still import is_cartoons
    except ModuleNotFoundError as error:
        raise EngineError(
            f"{path.name} needs the Python package torch: set up the full engine, or choose the look drawing or cartoon.",
            "package_missing",
        ) from error
    return PublishedCartoon(path) if is_cartoons(path) else PublishedDrawing(path)


class PublishedDrawing(LineDrawing):
    """See `looks.apply.Look`.

    Args:
        path: ``static/drawing.pth`` of AnimatePortrait.

    Raises:
        EngineError: see `DrawnStill`.
    """

    def __init__(self, path: Path) -> None:
        from ..published.drawn_still import DrawnStill

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


class PublishedCartoon(Cartoon):
    """See `looks.apply.Look`: the network draws the head, as published a square around it; what lies beyond is our own cartoon's.

    Args:
        path: ``static/cartoon.pt`` of AnimatePortrait, which is Photo2Cartoon's.

    Raises:
        EngineError: see `CartoonStill`.
    """

    def __init__(self, path: Path) -> None:
        from ..published.cartoon_still import SIDE, CartoonStill

        self._network, self._side = CartoonStill(path), SIDE

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture, 0 to 255."""
        own = super().picture(sheet)
        corner, across, down = _square(sheet.features.mesh[MESH_TO_IBUG])
        shares = pixel_centres(0, 0, self._side, self._side) / np.float32(self._side)
        places = corner + shares[..., :1] * across + shares[..., 1:] * down
        drawn = self._network.draw(_seen(sheet, places, float(np.hypot(*across)) / self._side))

        fine = resized(drawn, (_FINER * self._side, _FINER * self._side))
        corners = np.stack([corner, corner + across, corner + down, corner + across + down])
        left, top = np.floor(corners.min(axis=0)).astype(int).clip(0, sheet.size)
        right, bottom = np.ceil(corners.max(axis=0)).astype(int).clip(0, sheet.size)
        off = pixel_centres(left, top, right - left, bottom - top) - corner.astype(np.float32)
        sides = np.stack([across, down], axis=-1).astype(np.float32)
        inside = off @ sides / np.float32(across @ across)
        head = sample(fine, inside * np.float32(len(fine)))
        away = np.minimum(inside, 1 - inside).min(axis=-1)
        window = (slice(top, bottom), slice(left, right))
        share = between(away, 0.0, _RIM) * sheet.at_size(sheet.person)[window].clip(0, 1)
        result = own.copy()
        result[window] += (head - result[window]) * share[..., None]
        lines = _LINES * face_ink(sheet)[..., None]
        ink = self.eye(sheet).ink
        return np.asarray((result + (ink - result) * lines).clip(0, 255), np.float32)


def _square(points: Floats) -> tuple[Floats, Floats, Floats]:
    """(2,) each: the top left corner of the square around a head that stands upright in it, and its sides to the right and down.

    Args:
        points: (68, 2) iBUG, pixels.
    """
    right = points[45] - points[36]
    right = right / max(float(np.hypot(*right)), 1e-6)
    below = np.array([-right[1], right[0]])
    along = np.stack([points @ right, points @ below], axis=-1)
    low, high = along.min(axis=0), along.max(axis=0)
    width, height = high - low
    low = low - [_BESIDE * width, _ABOVE * height]
    high = high + [_BESIDE * width, _BELOW * height]
    side = float((high - low).max())
    low = (low + high - side) / 2
    return low[0] * right + low[1] * below, side * right, side * below


def _seen(sheet: Sheet, places: Floats, pixel: float) -> Floats:
    """(h, w, 3) the person on white at places (h, w, 2) of the picture; white beyond it, too.

    Args:
        sheet: shown.
        places: pixels of the picture.
        pixel: how large what is seen at a place is, pixels of the picture.
    """
    height, width = sheet.colours.shape[:2]
    scale = min(1.0, 1 / max(pixel * sheet.scale, 1e-6))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shown = np.concatenate([sheet.colours, sheet.person[..., None]], axis=-1)
    at = (places * (np.array(size) / np.array(sheet.size))).astype(np.float32)
    seen = sample(resized(shown, size), at)
    within = ((places >= 0) & (places <= np.array(sheet.size))).all(axis=-1, keepdims=True)
    share = seen[..., 3:].clip(0, 1) * within
    return np.asarray((seen[..., :3] * share + 255 * (1 - share)).clip(0, 255), np.float32)
