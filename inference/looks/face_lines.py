"""The strokes of a face that are drawn in any light: lashes, folds of the lids, the line between the lips."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from ..pictures.filling import inside, pixel_centres
from .canvas import between, blurred
from .cover import cover_ink
from .features import Eye
from .sheet import Sheet
from .strokes import stroke, tapered

_LASHES, _LOWER_LID, _FOLD, _LIPS, _UNDER_LIP = 0.027, 0.010, 0.010, 0.016, 0.010
"""Eye units that the strokes are thick."""
_NOSE = ((129, 64, 98), (358, 294, 327), (97, 2, 326))
"""Points of the mesh along the wings of the nose and below it."""
_NOSTRIL = 0.010
_FOLD_RAISED = 0.03
"""Eye units by which the fold is drawn higher than it is: what lies below stretches to four times its height as the lid shuts."""
_LID_RIM = 0.02
"""Eye units around eyes and upper lids in which nothing but their own strokes is drawn."""


def without_lids(sheet: Sheet) -> Floats:
    """(H, W) 0 on the eyes and the lids that shut over them, which stretch what is drawn on them; 1 elsewhere."""
    width, height = sheet.size
    result = np.ones((height, width), np.float32)
    unit = sheet.features.unit
    for eye in sheet.features.eyes:
        outline = np.concatenate([eye.upper[:1], eye.fold, eye.upper[-1:], eye.lower[-2:0:-1]])
        rim = 2 * _LID_RIM * unit + 2
        low = np.floor(outline.min(axis=0) - rim).astype(int).clip(0, (width, height))
        high = np.ceil(outline.max(axis=0) + rim).astype(int).clip(0, (width, height))
        places = pixel_centres(low[0], low[1], *(high - low).clip(0))
        if not places.size:
            continue
        lids = blurred(inside(outline, places).astype(np.float32), _LID_RIM * unit)
        part = result[low[1] : high[1], low[0] : high[0]]
        np.minimum(part, between(lids, 0.3, 0.05), out=part)
    return result


def face_ink(sheet: Sheet, lips: float = 1.0) -> Floats:
    """(H, W) strokes, 0 to 1, at the picture's size; where a mask covers mouth and nose, its edge instead.

    Args:
        sheet: drawn after.
        lips: how dark the strokes of the mouth are.
    """
    width, height = sheet.size
    ink = np.zeros((height, width), np.float32)
    unit = sheet.features.unit
    for eye in sheet.features.eyes:
        _eye_ink(ink, eye, unit)
    if sheet.features.hidden.mouth:  # a mask lies on the nose, too
        return np.maximum(ink, cover_ink(sheet))
    for way in _NOSE:
        stroke(ink, sheet.features.mesh[list(way)], tapered(_NOSTRIL * unit, 0.1, 0.2), 0.8)
    upper, lower = sheet.features.upper_lip, sheet.features.lower_lip
    line = _LIPS * unit
    stroke(ink, upper[3] - [0, 0.3 * line], tapered(line, 0.35, 0.35), lips)
    stroke(ink, lower[3] + [0, 0.2 * line], tapered(0.6 * line, 0.3, 0.3), lips)
    stroke(ink, lower[0][2:9], tapered(_UNDER_LIP * unit, 0.1, 0.1), 0.8 * lips)
    stroke(ink, upper[0][1:10], tapered(0.6 * _UNDER_LIP * unit, 0.2, 0.2), 0.55 * lips)
    return ink


def _eye_ink(ink: Floats, eye: Eye, unit: float) -> None:
    """The lids of an eye; strokes lie on the skin, so that they go with it."""
    thick = _LASHES * unit
    # From the nose outwards, where lashes are thickest; a little beyond the corner of the eye.
    upper = eye.upper if eye.outward > 0 else eye.upper[::-1]
    lower = eye.lower if eye.outward > 0 else eye.lower[::-1]
    fold = eye.fold if eye.outward > 0 else eye.fold[::-1]
    beyond = upper[-1] + np.array([eye.outward * 0.035, -0.02]) * unit
    way = np.concatenate([upper - [0, 0.28 * thick], beyond[None]])
    stroke(ink, way, thick * np.array([0.25, 0.55, 0.8, 0.95, 1.0, 1.0, 0.9, 0.6, 0.15]))
    stroke(ink, lower[3:] + [0, 0.5 * _LOWER_LID * unit], tapered(_LOWER_LID * unit, 0.1, 0.7), 0.85)
    stroke(ink, fold - [0, _FOLD_RAISED * unit], tapered(_FOLD * unit, 0.1, 0.3), 0.75)
