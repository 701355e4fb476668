# SPDX-License-Identifier: GPL-3.0-or-later
"""What a front view shows of a face: eye openings, nose, the slit between the lips, the profile of the chin.

Everything is in face units (see `frame.Frame`): x to the character's left, y up, z to the viewer, origin between the outer
eye corners.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...contract.landmarks import LEFT_EYE, RIGHT_EYE
from ..geometry.raster import View, front_view
from ..geometry.surface import Surface

NO_SLIT = "an opening between the lips"
"""The note where upper and lower lip seem to be one skin."""

SIZE = 640  # pixels of the front view; lengths in pixels below are meant for that many
HALF = 1.5  # half of its width, face units
CENTRE = (0.0, -0.45)

_LEAST_JUMP = 0.10  # of the distance along the skin, where the lips part in the middle
_END_JUMP = 0.025  # ... and near the corners
_STEP = 0.03  # in depth from pixel to pixel, where a lid ends and a socket lies behind
_MOUTH_BELOW_NOSE = (0.10, 0.95)


@dataclass
class Features:
    """What was found, (3,) points in face units by landmark number.

    Attributes:
        points: landmark → place.
        slit: (K, 2, 3) pairs of points on the upper and the lower lip's edge, from the character's right to its left.
        fused: whether the lips seem to be one skin.
        ridges: height of the ridge over the character's right (0) and left (1) eye.
        notes: what was not found.
    """

    points: dict[int, np.ndarray] = field(default_factory=dict)
    slit: np.ndarray | None = None
    fused: bool = False
    ridges: dict[int, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Front:
    """A front view of the skin, with what stands in its holes.

    Attributes:
        surface: skin and eyeballs, in face units.
        is_eye: (N,) whether a vertex belongs to an eyeball.
        view: what is seen.
        places: (H, W, 3) point seen at each pixel, NaN where nothing is.
        eye: (H, W) whether an eyeball is seen.
    """

    surface: Surface
    is_eye: np.ndarray
    view: View
    places: np.ndarray
    eye: np.ndarray

    @property
    def size(self) -> int:
        """Pixels of a side."""
        return len(self.eye)

    def pixels(self, count: int) -> int:
        """So many pixels of a view of the usual size, at least one."""
        return max(1, round(count * self.size / SIZE))


def look(surface: Surface, is_eye: np.ndarray, size: int = SIZE) -> Front:
    """Draw skin and eyeballs from the front, so many pixels a side."""
    view = front_view(surface.vertices, surface.triangles, CENTRE, HALF, size)
    places = view.seen(surface.vertices, surface.triangles)
    seen_eye = is_eye[surface.triangles[np.maximum(view.triangle, 0), 0]] & (view.triangle >= 0)
    return Front(surface, is_eye, view, places, seen_eye)


def find_eyes(front: Front, eyes: list[np.ndarray], radius: float, features: Features) -> None:
    """Eye corners and lids from the visible part of the eyeballs (or of the holes where they would be).

    Args:
        front: the view.
        eyes: centres of the character's right and left eye.
        radius: of the eyeballs, or a guess of half an eye's width.
        features: gets the points.
    """
    hole = front.eye | np.isnan(front.places[..., 0])
    for side, centre in enumerate(eyes):
        row, column = front.view.pixel_of(centre[0], centre[1])
        reach = max(4, int(1.25 * radius / front.view.pixel))
        r0, c0 = max(0, int(row) - reach), max(0, int(column) - reach)
        window = hole[r0 : r0 + 2 * reach, c0 : c0 + 2 * reach]
        if not front.is_eye.any():
            window = window | _behind(front.places[r0 : r0 + 2 * reach, c0 : c0 + 2 * reach, 2])
        mask = _largest_blob(window)
        if mask is None or mask.any(0).sum() < front.pixels(6) or mask[0].any() or mask[-1].any():
            features.notes.append(f"the {'left' if side else 'right'} eye's opening")
            continue
        _rows, columns = np.nonzero(mask)
        low, high = columns.min(), columns.max()

        def edge(at: float, upper: bool, mask: np.ndarray = mask, r0: int = r0, c0: int = c0) -> np.ndarray:
            inner = int(np.clip(round(at), low, high))  # noqa: B023 (called within this turn of the loop)
            rows_there = np.flatnonzero(mask[:, inner])
            row = rows_there.min() - 1 if upper else rows_there.max() + 1
            return _skin_near(front, r0 + row, c0 + inner)

        def corner(
            column: int, outward: int, mask: np.ndarray = mask, r0: int = r0, c0: int = c0
        ) -> np.ndarray:
            row = int(np.mean(np.flatnonzero(mask[:, column])))
            return _skin_near(front, r0 + row, c0 + column + outward)

        third = (high - low) / 3
        a, b = corner(low, -1), corner(high, 1)
        lids = [
            edge(low + third, True),
            edge(high - third, True),
            edge(high - third, False),
            edge(low + third, False),
        ]
        # From the picture's left to its right: the right eye begins with its outer corner, the left with its inner.
        numbers = RIGHT_EYE if side == 0 else LEFT_EYE
        for number, point in zip(numbers.tolist(), (a, lids[0], lids[1], b, lids[2], lids[3])):
            features.points[number] = point


def find_nose(front: Front, features: Features) -> None:
    """The nose's tip: what stands out most below the eyes."""
    x, y, z = (front.places[..., k] for k in range(3))
    region = (np.abs(x) < 0.22) & (y < -0.08) & (y > -0.8) & ~front.eye
    if not region.any():
        features.notes.append("the nose")
        return
    # A slope is subtracted so that lips and chin of a face that leans do not win.
    height = np.where(region, z + 0.15 * y, -np.inf)
    row, column = np.unravel_index(int(np.argmax(height)), height.shape)
    features.points[30] = front.places[row, column]


def find_mouth(front: Front, features: Features, parting: np.ndarray | None = None) -> None:
    """The slit between the lips: neighbours in the picture that are far apart along the skin.

    Args:
        front: the view.
        features: gets the points; holds the nose.
        parting: (N,) how far each vertex moves when the jaw opens, face units, where shape keys tell: neighbours that do not
            move alike are parted too.
    """
    tip = features.points.get(30)
    if tip is None:
        return
    skin = front.surface
    seed = int(np.argmin(np.linalg.norm(skin.vertices - tip, axis=1) + 9.0 * front.is_eye))
    along = skin.distances([seed], limit=3.0)
    along[~np.isfinite(along)] = 3.0
    distance = front.view.seen(along, skin.triangles)
    tops, bottoms = np.nan_to_num(distance[:-1], nan=3.0), np.nan_to_num(distance[1:], nan=3.0)
    jump = np.abs(bottoms - tops)
    if parting is not None:
        moves = np.nan_to_num(front.view.seen(parting, skin.triangles))
        jump = np.maximum(jump, np.abs(np.diff(moves, axis=0)))
    columns = front.view.pixel_of(np.array([tip[0]]), np.zeros(1))[1]
    middle = round(float(columns[0]))
    first, last = (
        int(front.view.pixel_of(np.zeros(1), np.array([tip[1] - below]))[0][0]) for below in _MOUTH_BELOW_NOSE
    )
    slit: dict[int, tuple[int, int]] = {}
    centre = _mouth_rows(jump, middle, first, last, front)
    if centre is None:
        features.fused = True
        features.notes.append(NO_SLIT)
        return
    for direction in (-1, 1):
        rows, column = centre, middle
        while 2 < column < front.size - 3:
            slit[column] = rows
            column += direction
            tracked = _follow(jump[:, column], rows, front.pixels(4))
            if tracked is None:
                break
            rows = tracked
    numbers = sorted(slit)
    upper = np.array([_skin_near(front, slit[c][0], c) for c in numbers])
    lower = np.array([_skin_near(front, slit[c][1] + 1, c) for c in numbers])
    features.slit = np.stack([upper, lower], axis=1)
    width = upper[-1, 0] - upper[0, 0]
    if width < 0.12:
        features.fused, features.slit = True, None
        features.notes.append(NO_SLIT)
        return
    for number, share, lip in (
        (60, 0.0, upper), (61, 0.25, upper), (62, 0.5, upper), (63, 0.75, upper), (64, 1.0, upper),
        (65, 0.75, lower), (66, 0.5, lower), (67, 0.25, lower),
    ):  # fmt: skip
        at = upper[0, 0] + share * width
        nearest = int(np.argmin(np.abs(lip[:, 0] - at)))
        features.points[number] = lip[nearest]
    for number, end in ((60, 0), (64, -1)):
        features.points[number] = (upper[end] + lower[end]) / 2


def find_profile(front: Front, features: Features) -> None:
    """Under the nose, the outer edges of the lips and the chin, read on the middle line."""
    if 30 not in features.points or 62 not in features.points:
        return
    tip, mouth_up, mouth_low = features.points[30], features.points[62], features.points[66]
    line = _column(front, tip[0])

    def between(high: float, low: float) -> np.ndarray:
        return line[(line[:, 1] < high) & (line[:, 1] > low)]

    above = between(tip[1] - 0.02, mouth_up[1] + 0.02)
    if len(above) > 8:
        # The deepest place under the chord from the nose's tip to the upper lip's front.
        lip = above[above[:, 1] < mouth_up[1] + 0.4 * (tip[1] - mouth_up[1])]
        front_lip = lip[np.argmax(lip[:, 2])] if len(lip) else mouth_up
        features.points[33] = _farthest_behind(above[above[:, 1] > front_lip[1]], tip, front_lip)
    below = between(mouth_low[1] - 0.12, mouth_low[1] - 0.95)
    if len(below) > 8:
        # Where the chin turns under: the farthest point forwards and downwards, 45 degrees each.
        steep = np.flatnonzero(np.diff(below[:, 2]) < -0.05)
        if len(steep):
            below = below[: steep[0] + 1]
        features.points[8] = below[np.argmax(below[:, 2] - below[:, 1])]
    else:
        features.notes.append("the chin")


def find_brow_ridges(front: Front, features: Features) -> None:
    """How high the bony ridge over each eye is: where the skin above the upper lid stands out most."""
    for side, lids in enumerate(((37, 38), (43, 44))):
        if lids[0] not in features.points:
            continue
        lid = (features.points[lids[0]] + features.points[lids[1]]) / 2
        line = _column(front, lid[0])
        line = line[(line[:, 1] > lid[1] + 0.08) & (line[:, 1] < lid[1] + 0.45)]
        if len(line) < 10:
            continue
        ridge = int(np.argmax(line[:, 2]))
        if 3 < ridge < len(line) - 3:  # else the brow is smooth, as on many a cartoon
            features.ridges[side] = float(line[ridge, 1])


def _column(front: Front, x: float) -> np.ndarray:
    """(K, 3) what is seen at one x, from the top down."""
    column = int(
        np.clip(round(float(front.view.pixel_of(np.array([x]), np.zeros(1))[1][0])), 0, front.size - 1)
    )
    line = front.places[:, column]
    return np.asarray(line[np.isfinite(line[:, 0])])


def _farthest_behind(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    if not len(points):
        return (start + end) / 2
    along = end[1:] - start[1:]
    across = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1e-9)
    offset = (points[:, 1:] - start[1:]) @ across
    behind = offset if across[1] < 0 else -offset
    return np.asarray(points[np.argmax(behind)])


def _mouth_rows(jump: np.ndarray, middle: int, first: int, last: int, front: Front) -> tuple[int, int] | None:
    """Rows of the jumps at the mouth's middle column: the topmost break that is wide enough."""
    aside, near_rows, far = front.pixels(12), front.pixels(3), front.pixels(80)
    first, last = max(first, 0), min(last, len(jump))
    if not aside <= middle < jump.shape[1] - aside or first >= last:
        return None
    strip = jump[first:last, middle - aside : middle + aside + 1]
    for row in range(len(strip)):
        near = strip[max(0, row - near_rows) : row + near_rows + 1].max(0)
        if (near > _LEAST_JUMP).mean() > 0.8 and jump[first + row, middle] > _LEAST_JUMP:
            rows = np.flatnonzero(jump[first + row : min(last, first + row + far), middle] > _LEAST_JUMP)
            return first + row, first + row + _end_of_opening(rows, front.pixels(40))
    return None


def _end_of_opening(rows: np.ndarray, most: int) -> int:
    """The last of the breaks that belong to the same opening: an open mouth has one at each lip."""
    return int(rows[rows <= most].max()) if len(rows) else 0


def _follow(jumps: np.ndarray, rows: tuple[int, int], reach: int) -> tuple[int, int] | None:
    """The slit's rows in the next column; None where it ends."""
    low, high = max(0, rows[0] - reach), rows[1] + reach + 1
    near = np.flatnonzero(jumps[low:high] > _END_JUMP)
    if not len(near):
        return None
    return low + int(near.min()), low + int(near.max())


def _skin_near(front: Front, row: int, column: int) -> np.ndarray:
    """The skin's point seen nearest to a pixel."""
    for reach in range(12):
        r0, c0 = max(0, row - reach), max(0, column - reach)
        places = front.places[r0 : row + reach + 1, c0 : column + reach + 1]
        usable = np.isfinite(places[..., 0]) & ~front.eye[r0 : row + reach + 1, c0 : column + reach + 1]
        if usable.any():
            rows, columns = np.nonzero(usable)
            nearest = np.argmin((rows + r0 - row) ** 2 + (columns + c0 - column) ** 2)
            return np.asarray(places[rows[nearest], columns[nearest]])
    return np.asarray(front.places[row, column])


def _behind(depth: np.ndarray) -> np.ndarray:
    """The pixels of a window that cannot be reached from its border without a step in depth: an empty socket."""
    filled = np.nan_to_num(depth, nan=-9.0)
    down, right = np.abs(np.diff(filled, axis=0)) < _STEP, np.abs(np.diff(filled, axis=1)) < _STEP
    reached = np.zeros(depth.shape, bool)
    reached[[0, -1]] = reached[:, [0, -1]] = True
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1] & down
        grown[:-1] |= reached[1:] & down
        grown[:, 1:] |= reached[:, :-1] & right
        grown[:, :-1] |= reached[:, 1:] & right
        if np.array_equal(grown, reached):
            return np.asarray(~reached)
        reached = grown


def _largest_blob(mask: np.ndarray) -> np.ndarray | None:
    """The connected patch of a mask with most pixels."""
    if not mask.any():
        return None
    label = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        spread = label.copy()
        for axis in (0, 1):
            for step in (1, -1):
                moved = np.roll(label, step, axis=axis)
                edge: list[slice | int] = [slice(None), slice(None)]
                edge[axis] = 0 if step == 1 else -1
                moved[tuple(edge)] = 0
                spread = np.maximum(spread, moved)
        spread = np.where(mask, spread, 0)
        if np.array_equal(spread, label):
            break
        label = spread
    numbers, counts = np.unique(label[label > 0], return_counts=True)
    return np.asarray(label == numbers[np.argmax(counts)])
