"""A line drawing in ink: lines, black areas and hatching on paper."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from .brows import around_eyes, brow_ink
from .canvas import between, blurred, guided
from .cropped_hair import cropped_hair
from .face_lines import face_ink, without_lids
from .flow import edge_flow, sharpened
from .inside import EyeColours, MouthColours
from .moustache import moustache
from .sheet import Sheet

PAPER = np.array([250.0, 247.0, 240.0], np.float32)
INK = np.array([30.0, 28.0, 33.0], np.float32)
_HATCH, _FINEST = 0.032, 4.5
"""Eye units between the lines of a hatching, and pixels at least: finer ones would glitter as they move."""
_CROPPED = 0.42
"""How bright, by the skin's brightness, cropped hair is drawn at most."""
_SOFT = 0.75
"""Pixels over which the edge of a stroke is drawn, on either side."""


class LineDrawing:
    """See the module; a `looks.Look`."""

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture in ink, 0 to 255."""
        ink = np.maximum(pen_lines(sheet), hatching(sheet) * (1 - around_eyes(sheet)))
        ink = np.maximum(ink, 0.9 * sheet.at_size(sheet.outline))
        hair = np.maximum(brow_ink(sheet), moustache(sheet))
        ink = np.maximum(ink * without_lids(sheet), np.maximum(face_ink(sheet), hair))
        return PAPER + (INK - PAPER) * ink[..., None]

    def eye(self, sheet: Sheet) -> EyeColours:
        """How an eye is drawn."""
        return EyeColours(white=PAPER, iris=0.45 * PAPER + 0.55 * INK, ink=INK, spark=PAPER, hatched=True)

    def mouth(self, sheet: Sheet) -> MouthColours:
        """How the mouth is drawn inside."""
        grey = 0.5 * PAPER + 0.5 * INK
        return MouthColours(hollow=INK, tongue=grey, teeth=PAPER, line=INK, lip=INK)


def pen_lines(sheet: Sheet, dark: float = 0.5) -> Floats:
    """(H, W) lines and black areas, 0 to 1, at the picture's size.

    Args:
        sheet: drawn after.
        dark: how bright, by the skin's brightness, what becomes black is at most.
    """
    unit = sheet.unit
    # Dark cloth keeps its folds: what is dark all around is drawn brighter than it is.
    around = blurred(sheet.grey, 0.25 * unit)
    lifted = sheet.grey * (0.42 / np.maximum(around, 0.16)).clip(1, 1.7)
    flow = edge_flow(lifted, 0.022 * unit)
    ridges = sharpened(lifted, flow, max(0.7, 0.0055 * unit), 14.0, 0.03 * unit)
    return between(sheet.at_size(ridges), dark + 0.11, dark - 0.09)


def hatching(sheet: Sheet) -> Floats:
    """(H, W) strokes in the shade, 0 to 1, at the picture's size: wider and crossed where it is darker."""
    unit = sheet.unit
    tone = guided(sheet.grey, sheet.grey, max(2, round(0.05 * unit)), 0.01)
    tone = sheet.at_size(blurred(tone, 0.02 * unit))
    hair = cropped_hair(sheet).where
    cropped = tone + hair * (np.minimum(tone, _CROPPED) - tone)
    tone = np.maximum(tone, hair)  # crossed strokes would be a net over the head
    height, width = tone.shape
    apart = max(_HATCH * sheet.features.unit, _FINEST)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(apart)
    bent = 1.6 * np.sin(0.067 * x + 0.9) + 1.25 * np.sin(0.086 * y)
    first = _strokes((x + y) * 0.7071 + bent, apart, cropped, 0.86, 0.36)
    crossed = _strokes((x * 0.5 - y * 0.866) + bent, apart, tone, 0.62, 0.3)
    return np.maximum(first, crossed)


def _strokes(line: Floats, apart: float, tone: Floats, begin: float, full: float) -> Floats:
    """Strokes, one at every whole number and so many pixels apart, which begin where a tone is below one value and are widest at
    another.
    """
    row = np.floor(line)
    away = np.abs(line - row - 0.5) * apart  # pixels from a stroke's middle
    # No two strokes of a hand are alike.
    uneven = 0.035 * np.sin(12.9898 * row) * np.sin(78.233 * row + 1.7)
    half = 0.30 * apart * ((begin + uneven - tone) / (begin - full)).clip(0, 1) ** 0.8
    cover = ((half - away) / (2 * _SOFT) + 0.5).clip(0, 1)
    return np.asarray(cover * between(half, 0.05, 0.4), np.float32)
