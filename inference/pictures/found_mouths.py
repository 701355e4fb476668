"""Where a drawing's mouth ends: a face network sees drawn mouths shorter or longer than they are, and the drawing itself tells.

What is drawn at the mouth is unlike what lies around it; of that, the part that lies where the mouth was found is the mouth, and
its ends are the corners.
"""

from __future__ import annotations

import numpy as np

from ..detection.mesh_points import OUTER_CORNERS
from ..face.arrays import Flags, Floats, Indices
from .colours import LIKE, lab, surroundings
from .filling import Pixels, grown, labelled, without_holes
from .indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from .template import POINTS

_STEPS = 110
"""Places of an eye distance at which the picture is looked at."""
_BESIDE, _ABOVE, _BELOW = 0.3, 0.25, 0.5
"""Eye distances around the found mouth that are looked at."""
_WIDE_OPEN, _FULL = 0.5, 0.6
"""Eye distances farther down that a mouth may reach which is wide open, and what share of its box it has."""
_NOSE, _NOSE_SHARE = 2, 0.6
"""Mesh point under the nose, and how far up to it is looked at."""
_NARROWEST, _WIDEST, _FARTHEST = 0.5, 1.9, 0.2
"""Times as wide as it was found that a mouth may be, and eye distances that its middle may lie beside where it was found."""
_ENOUGH = 0.12
"""Eye distances that a mouth is wide at least."""
_END = 0.04
"""Share of a mouth's width at whose ends its corners lie."""
_UNLIKE = (LIKE, LIKE / 2)
"""In Lab: how much what is drawn is unlike what lies around it; the second where the first finds nothing."""
_LINE, _LIP = 0.06, 0.12
"""Eye distances: what is thinner is a line, and how much farther than another line of the lips one may lie."""
_GAP = 1
"""Places that are missing in a line."""
_GROUND = 0.25
"""Share of what lies around a mouth that a colour has to have to be skin, beside the most frequent one."""
_BULGE = 0.12
"""Of its width, how far a drawn mouth that is open reaches beyond its corners."""
_ON_IT, _CHIN_SHARE = 0.06, 0.7
"""Eye distances from the line of a chin on which a mouth was found, and the share of the mouth's width along which it was."""
_SMALL = 32.0
"""Pixels of an eye distance from which on a drawing tells it better than a network does."""
_AROUND = 0.15
"""Eye distances over which the face around the mouth goes with it less and less."""


def on_the_drawn_mouth(picture: Pixels, points: Floats) -> Floats:
    """(478, 3) points of a face that was found in a drawing, the corners of its mouth where they are drawn.

    As they were where nothing or more than a mouth is drawn there.

    Args:
        picture: (H, W, 4).
        points: (478, 3) pixels, in the order of MediaPipe's face mesh with irises.
    """
    eyes = points[list(OUTER_CORNERS), :2].astype(np.float64)
    unit = float(np.linalg.norm(eyes[1] - eyes[0]))
    corners = points[UPPER_INNER[[0, -1]], :2].astype(np.float64)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    if unit < _SMALL or width < 4:
        return points
    across = (corners[1] - corners[0]) / width
    axes = np.array([across, (-across[1], across[0])])
    local = (points[:, :2] - corners.mean(axis=0)) @ axes.T / unit
    half = 0.5 * width / unit
    lips = local[np.unique(LIP_RINGS), 1]
    seam = (local[UPPER_INNER] + local[LOWER_INNER]) / 2
    along = np.arange(-half - _BESIDE, half + _BESIDE, 1 / _STEPS)
    highest = float(lips.min()) - _ABOVE
    lowest = float(lips.max()) + _BELOW
    # Of a face without a nose, what a network takes for one may be the mouth; of a mouth that is wide open, the teeth may be.
    for top, bottom, open_wide in (
        (max(highest, _NOSE_SHARE * float(local[_NOSE, 1])), lowest, False),
        (highest, lowest, False),
        (highest, lowest + _WIDE_OPEN, True),
    ):
        down = np.arange(top, bottom, 1 / _STEPS)
        places = np.stack(np.meshgrid(along, down), axis=-1)
        pixels = np.floor(places * unit @ axes + corners.mean(axis=0)).astype(int)
        pixels = pixels.clip(0, np.array([picture.shape[1], picture.shape[0]]) - 1)
        colours = lab(picture[pixels[..., 1], pixels[..., 0], :3])
        ends = _ends(colours, along, down, seam, half, open_wide)
        if ends is not None:
            return _moved(points, corners, corners.mean(axis=0) + ends * unit @ axes, unit)
    ends = _ends_above_a_chin(colours, along, down, seam, half)
    return (
        points if ends is None else _moved(points, corners, corners.mean(axis=0) + ends * unit @ axes, unit)
    )


def _ends(
    colours: Floats, along: Floats, down: Floats, seam: Floats, half: float, open_wide: bool
) -> Floats | None:
    """(2, 2) where what is drawn at a mouth ends at the left and at the right; None where it is no mouth.

    Args:
        colours: (h, w, 3) Lab.
        along, down: (w,), (h,) eye distances from the middle between the found corners.
        seam: (11, 2) where the lips meet, as found.
        half: of the found width.
        open_wide: whether only a mouth counts that is so.
    """
    off = _off_the_ground(colours)
    for unlike in _UNLIKE:
        drawn = off > unlike
        mouth = _mouth_in(labelled(grown(drawn, _GAP)) * drawn, along, down, seam, half)
        if mouth is not None:
            rows, columns = np.nonzero(mouth)
            x, y = along[columns], down[rows]
            width = float(np.ptp(x))
            if open_wide:
                whole = without_holes(mouth)
                if np.ptp(y) < _BELOW or whole.sum() < _FULL * width * np.ptp(y) * _STEPS**2:
                    return None
                middle = float(y.min() + y.max()) / 2  # an oval is widest there
                return np.array([(x.min(), middle), (x.max(), middle)])
            if (
                len(x) > _LIP * width * _STEPS**2
                and np.abs([x.min() + half, x.max() - half]).max() < _BULGE * width
            ):
                return None  # the outline of an open mouth swells beyond its corners
            reach = _END * width
            ends = ((x.min(), y[x <= x.min() + reach]), (x.max(), y[x >= x.max() - reach]))
            # The side of an open mouth may be upright: of it, what is nearest to the corner that was found.
            return np.array([(place, np.clip(0.0, high.min(), high.max())) for place, high in ends])
    return None


def _off_the_ground(colours: Floats) -> Floats:
    """(h, w) how far (h, w, 3) Lab colours are from those that a mouth lies in."""
    rim = np.ones(colours.shape[:2], bool)
    rim[2:-2, 2:-2] = False
    around = colours[rim]
    grounds = surroundings(around, colours.reshape(-1, 3).mean(axis=0))
    shares = (np.linalg.norm(around[:, None] - grounds, axis=-1) < LIKE).mean(axis=0)
    grounds = grounds[(shares >= _GROUND) | (np.arange(len(grounds)) == 0)]
    return np.asarray(np.linalg.norm(colours[:, :, None] - grounds, axis=-1).min(axis=-1))


def _ends_above_a_chin(
    colours: Floats, along: Floats, down: Floats, seam: Floats, half: float
) -> Floats | None:
    """As `_ends`, where a mouth was found on the line of a chin: the small one that is drawn above it. None where it was not."""
    upper = down < _ON_IT  # what lies below a chin has other colours
    colours, down = colours[upper], down[upper]
    drawn = _off_the_ground(colours) > LIKE
    parts = labelled(grown(drawn, _GAP)) * drawn
    near = np.abs(down[:, None] - np.interp(along, seam[:, 0], seam[:, 1])[None]) < _ON_IT
    border = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    chin = np.isin(
        parts, np.setdiff1d(np.intersect1d(parts[:, 0], parts[:, -1]), 0)
    )  # it goes on at both sides
    if (chin & near).any(axis=0)[np.abs(along) < half].mean() < _CHIN_SHARE:
        return None
    lowest: tuple[float, Floats] | None = None
    for number in np.setdiff1d(np.unique(parts), np.append(border, 0)):
        rows, columns = np.nonzero(parts == number)
        x, y = along[columns], down[rows]
        if np.ptp(x) < _ENOUGH or np.ptp(x) < np.ptp(y) or abs(x.min() + x.max()) > _FARTHEST:
            continue
        above = chin[rows.max() :, columns.min() : columns.max()].any(axis=0).all()
        if above and (lowest is None or y.mean() > lowest[0]):
            ends = [(x[side], y[side]) for side in (x.argmin(), x.argmax())]
            lowest = float(y.mean()), np.array(ends)
    return None if lowest is None else lowest[1]


def _mouth_in(parts: Indices, along: Floats, down: Floats, seam: Floats, half: float) -> Flags | None:
    """(h, w) what of the numbered parts of a picture is the mouth; None where none may be. Arguments as `_ends`."""
    border = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    near = np.abs(down[:, None] - np.interp(along, seam[:, 0], seam[:, 1])[None])
    known: list[tuple[float, float, float, Flags]] = []
    for number in np.setdiff1d(np.unique(parts), np.append(border, 0)):
        part = parts == number
        columns = along[part.any(axis=0)]
        width, middle = float(np.ptp(columns)), float(columns.max() + columns.min()) / 2
        shared = min(float(columns.max()), half) - max(float(columns.min()), -half)
        fits = max(_ENOUGH, 2 * half * _NARROWEST) <= width <= 2 * half * _WIDEST and shared >= half
        if not fits or abs(middle) >= _FARTHEST:
            continue  # before its holes are filled: a hatched drawing has hundreds of parts
        far = float(near[without_holes(part)].min()) + abs(middle)
        if far < _FARTHEST:
            known.append((far, width, float(part.sum()) / len(columns) / _STEPS, part))
    if not known:
        return None
    nearest = min(known, key=lambda one: one[0])
    # Lips of several lines: the longest of them has the corners.
    lines = [one for one in known if one[2] < _LINE and one[0] < nearest[0] + _LIP]
    return max([nearest, *lines], key=lambda one: one[1])[3]


def _moved(points: Floats, corners: Floats, wanted: Floats, unit: float) -> Floats:
    """The points with a mouth between other corners: turned, resized and shifted, the face around it less and less."""
    before, after = corners[1] - corners[0], wanted[1] - wanted[0]
    scale = complex(*after) / complex(*before)
    turn = np.array([[scale.real, scale.imag], [-scale.imag, scale.real]])
    flat = points[:POINTS, :2].astype(np.float64)
    goal = (flat - corners.mean(axis=0)) @ turn + wanted.mean(axis=0)
    lips = flat[np.unique(LIP_RINGS)]
    off = np.linalg.norm(flat[:, None] - lips[None], axis=-1).min(axis=1) / unit
    share = np.exp(-((off / _AROUND) ** 2))[:, None]
    moved = points.copy()
    moved[:POINTS, :2] = flat + share * (goal - flat)
    return moved
