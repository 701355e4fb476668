"""Two eyes of a drawing that are each other's mirror image: of one that hatching or hair cuts short, the other tells the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..face.arrays import Flags, Floats, Indices
from .colours import lab
from .drawn_eye_areas import DrawnEye, extent
from .filling import grown
from .indices import IRISES

_SHORT = 0.9
"""Times the other's area up to which an eye is one that was cut short."""
_FULL = 0.58
"""Of its box that the other fills at least: together with a brow it tells nothing."""
_INK = 20.0
"""In Lab, by how much darker than the lid the lines of an eye are at least."""
_SHIFTED = 0.08
"""Of the other's width, how far an eye may lie beside its mirror image."""
_COVERED, _WITHIN = 0.85, 0.95
"""Shares: of the other's lines that are drawn here, too, where they are missed; of the eye that lies within its mirror image."""
_SOUGHT_AT = 100
"""Pixels of a window's longer side up to which every shift is tried."""
_NEAR = 1
"""Pixels that a line may lie beside its mirror image."""


def twins(eyes: tuple[DrawnEye, ...], points: Floats) -> tuple[DrawnEye, ...]:
    """Both eyes, the smaller one as large as its mirror image where that one's lines are drawn around it.

    Args:
        eyes: of `drawn_eyes`.
        points: (478, 3) pixels; the irises are the last ten.
    """
    if len(eyes) != 2 or any(eye.shut for eye in eyes):
        return eyes
    small = int(np.argmin([eye.eye.sum() for eye in eyes]))
    cut, whole = eyes[small], eyes[1 - small]
    if cut.eye.sum() > _SHORT * whole.eye.sum() or whole.eye.sum() < _FULL * np.prod(extent(whole.eye)):
        return eyes
    middles = np.array([points[rows[0], :2] for rows in IRISES], np.float64)
    region = _mirrored_onto(cut, whole, middles)
    if region is None:
        return eyes
    made = replace(cut, eye=cut.eye | region)
    return (made, whole) if small == 0 else (whole, made)


def _mirrored_onto(cut: DrawnEye, whole: DrawnEye, middles: Floats) -> Flags | None:
    """(h, w) of an eye's window the other's mirror image, if its lines are drawn there, too; None where they are not."""
    across = (middles[1] - middles[0]) / np.linalg.norm(middles[1] - middles[0])
    from_the_middle = cut.places - middles.mean(axis=0)
    mirrored = cut.places - 2 * (from_the_middle @ across)[..., None] * across
    pixels = np.floor(mirrored).astype(int) - (whole.left, whole.top)
    lines, own = _lines(whole) & whole.eye, _lines(cut)
    reach = max(1, round(_SHIFTED * extent(whole.eye)[1]))
    offset = _best_shift(lines, pixels[own], reach)
    image, region = (_at(mask, pixels + offset) for mask in (lines, whole.eye))
    missed = image & ~grown(cut.eye, _NEAR)
    if not missed.any() or (missed & grown(own, _NEAR)).sum() < _COVERED * missed.sum():
        return None
    return region if (cut.eye & grown(region, 2 * _NEAR)).sum() >= _WITHIN * cut.eye.sum() else None


def _best_shift(lines: Flags, pixels: Indices, reach: int) -> Indices:
    """(2,) by how much pixels (N, 2) are shifted, so far at most, where most of them lie on lines (h, w).

    In a large window shifts are tried in wide steps, beside wider lines, and the best one is made finer from step to step:
    every shift at every pixel would take the fourth power of the window's size.
    """
    step = -(-max(lines.shape) // _SOUGHT_AT)
    best, tries = np.zeros(2, int), -(-reach // step)
    while True:
        wide, some = grown(lines, step if step > 1 else 0), pixels[::step]
        ways = step * np.arange(-tries, tries + 1)
        shifts = np.stack(np.meshgrid(ways, ways), axis=-1).reshape(-1, 2) + best
        shifts = shifts[(np.abs(shifts) <= reach).all(axis=1)]
        best = shifts[int(np.argmax([_at(wide, some + shift).sum() for shift in shifts]))]
        if step == 1:
            return np.asarray(best)
        step, tries = (step + 1) // 2, 2


def _lines(eye: DrawnEye) -> Flags:
    """(h, w) what in the window is darker than the lid."""
    return np.asarray(lab(eye.crop)[..., 0] < lab(eye.skin)[0] - _INK)


def _at(mask: Flags, pixels: Indices) -> Flags:
    """(…,) a mask (h, w) at pixels (…, 2), x and y; nothing beyond it."""
    height, width = mask.shape
    kept = ((pixels >= 0) & (pixels < (width, height))).all(axis=-1)
    clipped = pixels.clip(0, (width - 1, height - 1))
    return np.asarray(mask[clipped[..., 1], clipped[..., 0]] & kept)
