"""Moustaches: hair amid the skin of the face, which by its hue alone would be a shade of it."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from ..pictures.colours import lab
from .brows import lip_areas, outlined
from .canvas import between, blurred, guided
from .sheet import Sheet

_SIDES = ((117, 50, 205), (346, 280, 425))
"""Points of the mesh on either cheek, above where hair grows."""
_AROUND = (98, 2, 327, 426, 436, 432, 335, 291, 61, 106, 212, 216, 206)
"""Points of the mesh around where a moustache grows: from below the nose to beside the corners of the mouth."""
_HAIR = (0.80, 0.70)
"""How bright, by the cheeks' brightness 1, the darkest skin there is, and the brightest hair."""
_NEAR, _DARKER = 0.18, (0.87, 0.83)
"""Eye units around a place, and how bright, by what is around it, hair is: a shade goes on further."""
_LEAST = (0.33, 0.37)
"""How much of the place for it is darker than what is around it where there is a moustache: folds and stubble are less."""
_REDDER = (1.2, 1.1)
"""How many times as red as the cheeks, for its lightness, a shade on skin is, and at most hair."""


def moustache(sheet: Sheet) -> Floats:
    """(H, W) 1 on a moustache, 0 elsewhere, at the picture's size; 0 where a mask covers the mouth.

    Whether there is one is doubted: what is told from shades by neither edge nor colour is none.
    """
    width, height = sheet.size
    nothing = np.zeros((height, width), np.float32)
    if sheet.features.hidden.mouth:
        return nothing
    mesh, unit = sheet.features.mesh, sheet.features.unit
    tone = guided(sheet.grey, sheet.grey, max(2, round(0.04 * sheet.unit)), 0.002)
    tone = sheet.at_size(blurred(tone, 0.02 * sheet.unit))
    sides = [mesh[list(points)] for points in _SIDES]
    # From the picture's left to its right: of a face that hangs upside down the sides are the other way round.
    cheeks = np.array(sorted((side[:, 0].mean(), np.median(_at(tone, side))) for side in sides))
    lit = np.interp(np.arange(width) + 0.5, *cheeks.T)
    where = outlined(sheet, mesh[list(_AROUND)], 0.02)
    for lip in lip_areas(sheet):
        where = where * (1 - lip)
    darker = where * between(tone / np.maximum(blurred(tone, _NEAR * unit), 0.05), *_DARKER)
    sure = _share(float(darker.sum() / max(float(where.sum()), 1.0)), *_LEAST)
    hair = where * between(tone / np.maximum(lit, 0.05), *_HAIR)
    surely = hair > 0.5
    if not sure or not surely.any():
        return nothing
    colours = sheet.at_size(blurred(sheet.colours, 0.02 * sheet.unit))
    of_skin = _redness(np.concatenate([_at(colours, side) for side in sides]))
    sure *= _share(_redness(colours[surely]) / max(of_skin, 0.02), *_REDDER)
    return np.asarray(between(blurred(hair, 0.015 * unit), 0.4, 0.6) * np.float32(sure))


def _share(value: float, low: float, high: float) -> float:
    return float(between(np.array(value), low, high))


def _redness(colours: Floats) -> float:
    """Of colours (N, 3), how red one is for its lightness; the median."""
    lightness, red, _ = lab(colours.clip(1)).T
    return float(np.median(red / np.maximum(lightness, 1)))


def _at(field: Floats, places: Floats) -> Floats:
    """(N, …) what a field at the picture's size holds at places (N, 2)."""
    x, y = places.astype(int).T
    return np.asarray(field[y.clip(0, field.shape[0] - 1), x.clip(0, field.shape[1] - 1)])
