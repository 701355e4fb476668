"""Hair that is cropped so short that skin shines through: by its colour it would be skin, and its head bald."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Floats, Indices
from .brows import outlined
from .canvas import between, blurred, read
from .sheet import Sheet

_MIDDLE, _CHIN, _TOP = 9, 152, 10
"""Points of the mesh between the brows, at the chin and at the top of the forehead."""
_WIDEST, _RAYS = np.radians(100.0), 81
"""How far to either side of straight up a hairline is sought, and along how many ways out of the face."""
_NEAREST = 0.45
"""Eye units from between the brows within which there is no hairline."""
_STEPS = 96
"""Places along a way, from `_NEAREST` to where the person ends."""
_BESIDE = 0.09
"""Eye units on either side of a place whose brightness is compared, and from the outline, where every head darkens."""
_BEND = 2.0
"""How much a hairline's way costs that goes out by an eye unit from one ray to the next."""
_DARKER = (0.10, 0.14)
"""How much darker, by the skin inside of it, hair is than that along half of the hairline: none, and surely."""
_SHORT = (0.42, 0.32)
"""Eye units from the hairline to the outline of the head, in the middle half, where hair is longer, and where it is cropped."""
_BRIGHT = (0.55, 0.62)
"""How bright, by the skin inside of it, at least: what is darker, hats as well, is drawn dark as it is."""
_SOFT = 0.02
_CUT = 0.25
"""Share of the ways over the forehead that may end at the picture's border: there nothing tells how long hair is."""


@dataclass(frozen=True)
class CroppedHair:
    """Where short hair lies.

    Attributes:
        where: (H, W) 0 to 1 at the picture's size.
        bright: how bright it is, by the brightness of the skin beside it.
    """

    where: Floats
    bright: float


def cropped_hair(sheet: Sheet) -> CroppedHair:
    """Short hair between the forehead and the outline of the head; none where nothing is known of what is behind the person.

    Sought is the way over the head along which it becomes darker outwards (by dynamic programming, as intelligent scissors do:
    Mortensen, Barrett, SIGGRAPH 1995). Long hair, which stands further off, and dark hair and hats are none.
    """
    width, height = sheet.size
    nothing = CroppedHair(np.zeros((height, width), np.float32), 1.0)
    if sheet.person.min() > 0.5:
        return nothing
    ways, ends, start, cut = _ways(sheet)
    upper = np.abs(np.arange(_RAYS) - _RAYS // 2) <= _RAYS // 4
    if cut[upper].mean() > _CUT:
        return nothing
    reach = np.linspace(0, 1, _STEPS)
    far = start + (ends - start)[:, None] * reach  # (rays, steps) pixels from the middle
    places = sheet.features.mesh[_MIDDLE] * sheet.scale + far[..., None] * ways[:, None]
    tone = read(blurred(sheet.grey, 0.015 * sheet.unit), places[..., 0] - 0.5, places[..., 1] - 0.5)
    darker, beyond = _darker(tone, far, ends, sheet.unit)
    line = _smoothest(darker, far / sheet.unit)
    rays = np.arange(_RAYS)
    long = float(np.median((ends - far[rays, line])[upper & ~cut])) / sheet.unit
    bright = float(np.median(beyond[rays, line]))
    edge = float(np.median(darker[rays, line]))
    sure = _share(edge, _DARKER) * _share(long, _SHORT) * _share(bright, _BRIGHT)
    if not sure:
        return nothing
    rim = places[rays, line] / sheet.scale
    outer = sheet.features.mesh[_MIDDLE] + ways * ((ends + 0.1 * sheet.unit) / sheet.scale)[:, None]
    where = between(outlined(sheet, np.concatenate([rim, outer[::-1]]), _SOFT), 0.3, 0.7)
    return CroppedHair(where * sheet.at_size(sheet.person).clip(0, 1) * np.float32(sure), bright)


def _share(value: float, between_these: tuple[float, float]) -> float:
    return float(between(np.array(value), *between_these))


def _ways(sheet: Sheet) -> tuple[Floats, Floats, float, NDArray[np.bool_]]:
    """(R, 2) directions out of the face over its forehead, (R,) how far along them the person ends, from where on hair is
    sought, in pixels of the sheet, and (R,) along which of them the picture ends before the person does.
    """
    mesh = sheet.features.mesh * sheet.scale
    up = mesh[_TOP] - mesh[_CHIN]
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    angles = np.linspace(-_WIDEST, _WIDEST, _RAYS)[:, None]
    ways = np.cos(angles) * up + np.sin(angles) * np.array([-up[1], up[0]])
    far = np.arange(0.0, 2.5 * sheet.unit)
    places = mesh[_MIDDLE] + far[:, None] * ways[:, None]
    height, width = sheet.person.shape
    there = read(sheet.person, places[..., 0] - 0.5, places[..., 1] - 0.5) > 0.5
    is_inside = ((places >= 0) & (places < (width, height))).all(axis=-1)
    there &= is_inside
    start = _NEAREST * sheet.unit
    last = np.where(there.all(axis=1), len(far) - 1, there.argmin(axis=1))
    cut = ~is_inside[np.arange(_RAYS), last]
    return ways, np.maximum(far[last], start + 2 * _BESIDE * sheet.unit), start, cut


def _darker(tone: Floats, far: Floats, ends: Floats, unit: float) -> tuple[Floats, Floats]:
    """(R, S) how much darker it is just beyond each place than before it, and how bright all beyond is, by what is before it."""
    count = np.arange(1, _STEPS + 1)
    summed = np.pad(np.cumsum(tone, axis=1), ((0, 0), (1, 0)))
    steps = np.maximum(1, np.round(_BESIDE * unit / np.maximum(far[:, 1] - far[:, 0], 1e-6))).astype(int)
    rows = np.arange(len(tone))[:, None]
    first, last = (count - 1 - steps[:, None]).clip(0), (count - 1 + steps[:, None]).clip(0, _STEPS)
    before = (summed[rows, count - 1] - summed[rows, first]) / np.maximum(count - 1 - first, 1)
    after = (summed[rows, last] - summed[:, :-1]) / np.maximum(last - count + 1, 1)
    inner = np.maximum(before, 0.05)
    darker = 1 - after / inner
    darker[:, 0] = 0
    darker[far > ends[:, None] - _BESIDE * unit] = -1
    return darker, np.asarray(after / inner)


def _smoothest(gain: Floats, far: Floats) -> Indices:
    """(R,) which step of each ray the smoothest way with the most gain goes through."""
    total, came = gain[0], []
    for ray in range(1, len(gain)):
        cost = total[None] - _BEND * np.abs(far[ray][:, None] - far[ray - 1][None])
        came.append(cost.argmax(axis=1))
        total = cost.max(axis=1) + gain[ray]
    way = [int(total.argmax())]
    for back in came[::-1]:
        way.append(int(back[way[-1]]))
    return np.array(way[::-1])
