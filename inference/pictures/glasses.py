"""Glasses in a photo: whether somebody wears some, and where their frame runs, so that it stays as rigid as it is."""

from __future__ import annotations

import numpy as np

from ..detection.mesh_points import OUTER_CORNERS
from ..face.arrays import Floats
from ..face.curves import smooth_step
from .filling import Pixels, luminance, sample
from .indices import CHEEKS, LOWER_LIDS, UPPER_LIDS

Lines = list[Floats]
"""Polylines (N, 2) in pixels of the picture."""

_EARS = (127, 356)
"""Where the arms of a pair of glasses leave the face, the picture's left first."""
_BRIDGE_COLUMNS = np.array([-0.06, -0.03, 0.0, 0.03, 0.06])
_BRIDGE_ROWS = np.arange(-0.2, 0.2, 0.008)
"""Eye units across and down from the middle between the eyes: where a bridge lies on the nose."""
_LINE_WIDTHS = (3, 5, 8)
"""Steps of the rows to what lies beside a line on the nose."""
_BRIDGE = 0.07
"""Share of the cheeks' brightness by which a bridge stands out: people filmed have up to 0.04 on bare noses, 0.13 on bridges."""
_ANGLES = np.linspace(0, 2 * np.pi, 72, endpoint=False)
_RADII = np.arange(0.2, 0.5, 0.01)
"""Eye units around an eye in which its rim is looked for; an ellipse of `_ROUND` times them across and down."""
_ROUND = np.array([1.15, 0.85])
_RIM_WIDTH = 0.035
_USUAL, _RIM = 0.29, 0.03
"""Radius of a rim that is not seen, as of lenses without a frame, and the share of brightness from which on one is."""
_CLEAR = 0.1
"""Share of brightness from which on a rim cannot be clearer."""
_STEP_COST = 0.006
_STILL, _FREE = 0.035, 0.12
"""Eye units from the frame up to which nothing bends, and from which on everything moves as it does."""


def glasses_of(picture: Pixels, points: Floats, unit: float) -> Lines:
    """The frame of the glasses that a photo's face wears: both rims, the bridge and the arms; [] where it wears none.

    Args:
        picture: (H, W, 4).
        points: (468 or more, 2 or more) of the face mesh, pixels.
        unit: pixels of an eye unit.
    """
    flat = points[:, :2].astype(np.float64)
    if not _bridge_strength(picture, flat, unit) > _BRIDGE * _cheeks(picture, flat):
        return []
    return frame_lines(picture, points, unit)


def _cheeks(picture: Pixels, flat: Floats) -> float:
    """How bright the skin beside the glasses is, 1 to 255."""
    return max(float(np.median(_brightness(picture, flat[list(CHEEKS)]))), 1.0)


def frame_lines(picture: Pixels, points: Floats, unit: float) -> Lines:
    """The frame where there is one, as `glasses_of`; rims that are not seen are taken for usual ones."""
    flat = points[:, :2].astype(np.float64)
    across, down = _axes(flat)
    cheeks = _cheeks(picture, flat)
    rims = []
    for eye in range(2):
        middle = (flat[UPPER_LIDS[eye]] + flat[LOWER_LIDS[eye]]).mean(axis=0) / 2
        ways = np.cos(_ANGLES)[:, None] * _ROUND[0] * across + np.sin(_ANGLES)[:, None] * _ROUND[1] * down
        radii = _rim(picture, middle, ways * unit, cheeks)
        rim = middle + ways * (radii * unit)[:, None]
        rims.append(np.concatenate([rim, rim[:1]]))
    rims.sort(key=lambda rim: float((rim @ across).mean()))
    left, right = rims
    bridge = np.stack([left[(left @ across).argmax()], right[(right @ across).argmin()]])
    arms = [
        np.stack([left[(left @ across).argmin()], flat[_EARS[0]]]),
        np.stack([right[(right @ across).argmax()], flat[_EARS[1]]]),
    ]
    return [*rims, bridge, *arms]


def freedom(places: Floats, lines: Lines, unit: float) -> Floats:
    """(N,) float32, how far what lies at (N, 2) pixels may move: 0 on a frame, 1 a little off, smoothly between them."""
    nearest = np.full(len(places), np.inf)
    for line in lines:
        for start, end in zip(line[:-1], line[1:]):
            way = end - start
            share = ((places - start) @ way / max(float(way @ way), 1e-9)).clip(0, 1)
            nearest = np.minimum(nearest, np.linalg.norm(places - start - share[:, None] * way, axis=1))
    return np.asarray(smooth_step((nearest / unit - _STILL) / (_FREE - _STILL)), np.float32)


def _axes(flat: Floats) -> tuple[Floats, Floats]:
    """Across and down the face, of length 1, in the picture."""
    way = flat[OUTER_CORNERS[1]] - flat[OUTER_CORNERS[0]]
    across = way / max(float(np.linalg.norm(way)), 1e-6)
    return across, np.array([-across[1], across[0]])


def _brightness(picture: Pixels, places: Floats) -> Floats:
    return luminance(sample(picture[..., :3], places))


def _bridge_strength(picture: Pixels, flat: Floats, unit: float) -> float:
    """By how much the clearest line across the nose between the eyes is darker or brighter than what lies on both sides."""
    across, down = _axes(flat)
    middle = flat[list(OUTER_CORNERS)].mean(axis=0)
    places = middle + unit * (_BRIDGE_COLUMNS[:, None, None] * across + _BRIDGE_ROWS[:, None] * down)
    bright = _brightness(picture, places)
    clearest = np.zeros(len(_BRIDGE_COLUMNS))
    for width in _LINE_WIDTHS:
        line = _line(bright[:, width:-width], bright[:, : -2 * width], bright[:, 2 * width :])
        clearest = np.maximum(clearest, line.max(axis=1))
    return float(np.median(clearest))


def _line(middle: Floats, before: Floats, after: Floats) -> Floats:
    """How far something stands out from both sides; 0 where it is an edge or a slope."""
    first, second = middle - before, middle - after
    return np.where(first * second > 0, np.minimum(np.abs(first), np.abs(second)), 0.0)


def _rim(picture: Pixels, middle: Floats, ways: Floats, cheeks: float) -> Floats:
    """(72,) eye units, the radius of a rim around an eye; `_USUAL` where none is seen below the eye."""

    def ring(radii: Floats) -> Floats:
        return _brightness(picture, middle + ways[:, None] * radii[:, None])

    clear = _line(ring(_RADII), ring(_RADII - _RIM_WIDTH), ring(_RADII + _RIM_WIDTH)) / cheeks
    clear = clear.clip(0, _CLEAR)
    path = _clearest_path(clear)
    below = (np.sin(_ANGLES) > 0.4) & (np.abs(np.cos(_ANGLES)) < 0.92)
    seen = clear[np.arange(len(_ANGLES)), path]
    return _RADII[path] if seen[below].mean() > _RIM else np.full(len(_ANGLES), _USUAL)


def _clearest_path(clear: Floats) -> Floats:
    """(A,) columns of a closed way through (A, R) rows that is as clear as can be and has no jumps."""
    count, columns = clear.shape
    rows = np.concatenate([clear, clear])  # twice round, so that it closes
    best, steps = rows[0].copy(), []
    for row in rows[1:]:
        options = np.full((5, columns), -np.inf)
        for number, step in enumerate(range(-2, 3)):
            source = slice(max(0, -step), columns - max(0, step))
            options[number, max(0, step) : columns + min(0, step)] = best[source] - abs(step) * _STEP_COST
        chosen = options.argmax(axis=0)
        best = options.max(axis=0) + row
        steps.append(chosen - 2)
    path = [int(best.argmax())]
    for taken in reversed(steps):
        path.append(path[-1] - int(taken[path[-1]]))
    path.reverse()
    half = count // 2
    closed = np.array(path[half : half + count])
    return np.roll(closed, half)
