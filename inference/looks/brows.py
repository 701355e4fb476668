"""Brows, the skin around the eyes and the lips as areas of their own: what an illustrator draws in any light."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..face.arrays import Floats
from ..pictures.filling import inside, pixel_centres
from ..pictures.indices import FACE_OVAL
from .canvas import between, blurred
from .sheet import Sheet
from .skin import skin_likeness
from .strokes import curve, stroke, tapered

_UPPER = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
_LOWER = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))
"""Points of the mesh along the upper and the lower edge of each brow, from the picture's left to its right."""
_THICKEST = 0.055
"""Eye units that a brow is thick in its middle, at most."""
_HAIRS = 15
_HAIR = 0.012
"""Eye units that a stroke for its hairs is thick."""
_FAINT, _PLAIN = 0.03, 0.16
"""By how much, with the skin's brightness 1, a brow is darker than the skin around it: hardly seen, and plain."""
_CHEEK, _BELOW = ((50,), (280,)), ((23, 230), (253, 450))
"""Points of the mesh on either cheek, and below either eye."""
_AROUND = ((-0.4, 1.4, 0.15), (-1.4, 0.5, 0.15), (0.6, 1.4, 0.5))
"""Between which places across a brow (0 its upper, 1 its lower edge) skin is looked for, and how much of them it is at least; in
the last where glasses are dark."""
_UNLIKE = 0.3
"""How like the skin's, 0 to 1, the likest colours there are at the most where it is covered."""
_CALM, _BAGS = 0.10, 0.12
"""Eye units around lids and brows in which no shade is drawn, and further below the eyes."""


def brow_ink(sheet: Sheet) -> Floats:
    """(H, W) the brows, 0 to 1, at the picture's size: one tapered shape each, with hairs along it.

    A brow lies where the photo is darkest across it; one that the photo hardly shows is thinner and lighter, and one that
    is covered is none.
    """
    width, height = sheet.size
    ink = np.zeros((height, width), np.float32)
    unit = sheet.features.unit
    for number, (upper, lower) in enumerate(zip(_UPPER, _LOWER)):
        if not brow_is_seen(sheet, number):
            continue
        way, thick, plain = _found(sheet, upper, lower)
        inner_first = way[0, 0] > sheet.features.mesh[168, 0]
        if not inner_first:
            way, thick = way[::-1], thick[::-1]
        shape = np.array([0.55, 0.9, 1.0, 0.95, 0.8, 0.55, 0.12])
        stroke(ink, way, thick.mean() * (0.55 + 0.45 * plain) * shape, 0.55 + 0.4 * plain)
        _hairs(ink, way, float(thick.mean()), unit, 0.5 + 0.4 * plain)
    return ink


def brow_is_seen(sheet: Sheet, number: int) -> bool:
    """Whether neither hair nor a hat nor glasses cover a brow, the right one (0) or the left one: there is skin around it.

    What is covered from above has none from well above it to its middle; behind dark glasses it has none below, and both
    are covered where one is.
    """
    if sheet.features.hidden.dark_eyes:
        return all(_has_skin_around(sheet, one, _AROUND) for one in range(2))
    return _has_skin_around(sheet, number, _AROUND[:-1])


def _has_skin_around(sheet: Sheet, number: int, around: Sequence[tuple[float, float, float]]) -> bool:
    """Whether there is skin in every one of such parts as `_AROUND` has."""
    mesh = sheet.features.mesh
    top, bottom = curve(mesh[list(_UPPER[number])], 7), curve(mesh[list(_LOWER[number])], 7)
    # Half a face can lie in the shade, or all around the eyes below a hat; no hair falls below them.
    hidden = sheet.features.hidden
    near = (*(() if hidden.mouth else _CHEEK[number]), *(() if hidden.dark_eyes else _BELOW[number]))
    skins = [sheet.features.skin, *_at(sheet.colours, mesh[list(near)], sheet.scale)]
    for first, last, share in around:
        across = np.linspace(first, last, 25)[:, None, None]
        colours = _at(sheet.colours, top + across * (bottom - top), sheet.scale).clip(20)
        like = np.max([skin_likeness(colours, skin) for skin in skins], axis=0)
        if np.median(np.quantile(like, 1 - share, axis=0)) < _UNLIKE:
            return False
    return True


def _at(field: Floats, places: Floats, scale: float) -> Floats:
    """(…) or (…, C) what a sheet's field holds at places (…, 2) of the picture."""
    x, y = np.moveaxis((places * scale).astype(int), -1, 0)
    return np.asarray(field[y.clip(0, field.shape[0] - 1), x.clip(0, field.shape[1] - 1)])


def _found(sheet: Sheet, upper: tuple[int, ...], lower: tuple[int, ...]) -> tuple[Floats, Floats, float]:
    """(7, 2) the middle of a brow, (7,) how thick it is, pixels; and how plainly the photo shows it, 0 to 1."""
    unit = sheet.features.unit
    top, bottom = curve(sheet.features.mesh[list(upper)], 7), curve(sheet.features.mesh[list(lower)], 7)
    across = np.linspace(-0.4, 1.4, 37)[:, None, None]
    places = top + across * (bottom - top)  # (37, 7, 2)
    tone = blurred(_at(sheet.grey, places, sheet.scale), 1.0)
    skin = np.percentile(tone, 85, axis=0)
    dark = (skin - tone).clip(0)
    plain = float(between(np.median(dark.max(axis=0)), _FAINT, _PLAIN))
    share = np.maximum(dark - 0.4 * dark.max(axis=0), 0) + 1e-3
    share[(across[:, 0, 0] < -0.15) | (across[:, 0, 0] > 1.15)] *= 0.2
    middle = (share * across[..., 0]).sum(axis=0) / share.sum(axis=0)
    middle = 0.5 + plain * (np.convolve(np.pad(middle, 1, mode="edge"), [0.25, 0.5, 0.25], "valid") - 0.5)
    way = top + middle[:, None] * (bottom - top)
    thick = 0.62 * np.linalg.norm(bottom - top, axis=1)
    return way, np.minimum(thick, _THICKEST * unit), plain


def _hairs(ink: Floats, way: Floats, thick: float, unit: float, strength: float) -> None:
    """Strokes of a brow's hairs, from its inner end (first) outwards: steep there, along it further out."""
    places = curve(way, _HAIRS + 4)
    for number in range(_HAIRS):
        t = number / (_HAIRS - 1)
        ahead = places[min(number + 3, len(places) - 1)] - places[number]
        lean = (0.9 - 1.0 * t) * thick
        root = places[number] + np.array([0.0, (0.42 - 0.3 * t) * thick])
        tip = places[number] + ahead * (0.45 + 0.55 * t) - np.array([0.0, max(lean, 0.0) * 0.8])
        stroke(
            ink,
            np.stack([root, (root + tip) / 2 + 0.04 * ahead, tip]),
            tapered(_HAIR * unit, 0.5, 0.1),
            strength,
        )


def around_eyes(sheet: Sheet) -> Floats:
    """(H, W) 1 on lids, brows that are seen and between them, smoothly 0 a little beyond: there, shade reads as dirt."""
    result = np.zeros((sheet.size[1], sheet.size[0]), np.float32)
    mesh = sheet.features.mesh
    for number, eye in enumerate(sheet.features.eyes):
        upper = mesh[list(_UPPER[number])] if brow_is_seen(sheet, number) else eye.fold
        below = eye.lower[::-1] + np.array([0.0, _BAGS * sheet.features.unit], np.float32)
        outline = np.concatenate([upper, below])
        result = np.maximum(result, outlined(sheet, outline, _CALM))
    return between(result, 0.08, 0.5)


def face_area(sheet: Sheet) -> Floats:
    """(H, W) 1 within the face's oval, smoothly 0 towards its edge."""
    return between(outlined(sheet, sheet.features.mesh[FACE_OVAL], 0.05), 0.5, 1.0)


def lip_areas(sheet: Sheet) -> tuple[Floats, Floats]:
    """(H, W) 1 on the upper and on the lower lip, their edges a pixel wide; 0 where a mask covers them."""
    features = sheet.features
    if features.hidden.mouth:
        nothing = np.zeros((sheet.size[1], sheet.size[0]), np.float32)
        return nothing, nothing
    upper = np.concatenate([features.upper_lip[0], features.upper_lip[3][::-1]])
    lower = np.concatenate([features.lower_lip[3], features.lower_lip[0][::-1]])
    return outlined(sheet, upper, 0.004), outlined(sheet, lower, 0.004)


def outlined(sheet: Sheet, outline: Floats, soft: float) -> Floats:
    """(H, W) 1 within an outline, blurred by so many eye units, a pixel at least."""
    width, height = sheet.size
    result = np.zeros((height, width), np.float32)
    sigma = max(0.7, soft * sheet.features.unit)
    low = np.floor(outline.min(axis=0) - 3 * sigma - 1).astype(int).clip(0, (width, height))
    high = np.ceil(outline.max(axis=0) + 3 * sigma + 1).astype(int).clip(0, (width, height))
    if (high > low).all():
        places = pixel_centres(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
        shown = inside(outline, places).astype(np.float32)
        result[low[1] : high[1], low[0] : high[0]] = blurred(shown, sigma)
    return result
