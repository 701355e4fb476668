"""A mouth that is drawn open: its opening is an area of colours, and the inner edge of the lips is the edge of that area.

Where the points tell that the lips are parted, the area is looked for within them; where they tell no more than the corners, as
four clicks do, it is what hangs on the corners, is unlike what lies around, and shows teeth or a hollow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Flags, Floats
from ..face.curves import smooth_step
from .colours import LIKE, commonest, lab, surroundings
from .filling import Pixels, flooded, grown, inside, without_holes
from .frame import FaceFrame
from .indices import FACE_OVAL, INNER_LIPS, LIP_RINGS, LOWER_INNER, UPPER_INNER
from .template import POINTS, load_template

_ACROSS = 240
"""Places along the mouth at which the picture is looked at."""
_BESIDE = 0.35
"""Of the mouth's width, how far beyond the points the edge is looked for."""
_SOFTLY, _SHADES = 1.5, 3 * LIKE
"""In Lab: from one place to the next less is a shade of what lies around a mouth, up to so far from it in all."""
_ALIKE = 14.0
"""In Lab, up to which two colours are one."""
_COLOURS = 4
_MOST_GROWN = 2.5
"""Times the points' own area: an opening that is larger has run out through a gap in its line."""
_ABOVE, _BELOW, _SAG = 0.9, 1.4, 0.35
"""Mouth widths over and under the corners that an unshown opening reaches at most, and within which it crosses their line."""
_OF_THE_FACE = 0.1
"""Share that a colour around a mouth has within the face, if it is not scenery alone."""
_NOSE, _CHIN = 2, 152
"""Mesh points that it stays between, or nearly so:"""
_UNDER_THE_CHIN = 0.6
"""mouth widths that it may reach below where a chin usually is, since a mouth that is wide open is drawn further down."""
_CHIN_ROOM = 0.15
"""Mouth widths that a chin is below the lips of an open mouth at least."""
_NARROW, _TALLER = 0.55, 0.12
"""Eye units: a mouth that is narrower than the first, an O, may reach farther up and down by the second."""
_SPILL = 0.25
"""Mouth widths that it reaches beyond the corners at most."""
_THICK = 0.08
"""Eye units that it is high at least: what is thinner is a line."""
_BAR = 0.22
"""Mouth widths that it is high where no teeth are in it: a dark bar that is lower is a thick line."""
_TEETH, _HOLLOW, _DARKER = (80.0, 20.0), 34.0, 20.0
"""In Lab: teeth are lighter than that and less colourful; a hollow is darker, and so much darker than the skin."""
_LIPS = 0.04
"""Eye units: what is thicker around an opening is lips rather than a line."""
_LIP_LINE, _SHOWN = 0.02, 0.3
"""Eye units: half as thick as a line in it at most; what share of it teeth and hollow have at least."""
_SKIN_BETWEEN = 0.7
"""Share between lips that is of the face's colour from which on nothing is open there."""
_LINE = 0.012
"""Eye units of the edge that are left to the lips, so that a line remains where they meet."""


def on_the_opening(picture: Pixels, mesh: Floats, frame: FaceFrame) -> Floats | None:
    """(468, 3) the mesh with the inner edge of its lips moved to the edge of the drawn opening; None where none is clear.

    Args:
        picture: (H, W, 4).
        mesh: (468, 3) pixels, with parted lips.
        frame: of the face.
    """
    window = _window(mesh)
    if window is None:
        return None
    shown = window.local[INNER_LIPS]
    places = window.places(shown.min(axis=0) - _BESIDE, shown.max(axis=0) + _BESIDE)
    opening = _opening(lab(window.colours(picture, places)), inside(shown, places))
    return None if opening is None else _on_the_edge(mesh, window, opening, places, _LINE * frame.unit)


def is_skin_between(picture: Pixels, mesh: Floats) -> bool:
    """Whether what lies between parted lips (of a mesh (468, 3) that a network saw) has the colour that is around them.

    Of fine lines a network takes the one below a mouth for its lower lip.
    """
    window = _window(mesh)
    if window is None:
        return False
    shown = window.local[INNER_LIPS]
    places = window.places(shown.min(axis=0) - _BESIDE, shown.max(axis=0) + _BESIDE)
    colours = lab(window.colours(picture, places))
    within = inside(shown, places)
    skin, _ = commonest(colours[~within])
    return bool(within.any()) and bool(
        (np.linalg.norm(colours[within] - skin, axis=-1) < LIKE).mean() >= _SKIN_BETWEEN
    )


def on_an_unshown_opening(picture: Pixels, mesh: Floats, frame: FaceFrame) -> Floats | None:
    """As `on_the_opening` of a mesh whose lips touch, where the picture shows an opening all the same; None where it does not.

    A line is none, nor are lips of one colour with a line between them.
    """
    window = _window(mesh)
    if window is None:
        return None
    above, below = float(window.local[_NOSE, 1]), float(window.local[_CHIN, 1])
    unit = frame.unit / window.width
    highest = max(-_ABOVE, above)
    tries = [(highest, 0.0)]
    if _NARROW * unit > 1:
        tries.append((highest, _TALLER * unit))
    if above > -_ABOVE:  # what a network takes for a nose may be the edge of a mouth that is wide open
        tries.append((-_ABOVE, 0.0))
    for top, taller in tries:
        low = np.array([-_BESIDE, top - taller])
        high = np.array([1 + _BESIDE, min(_BELOW, below + _UNDER_THE_CHIN) + taller])
        if (high - low).min() <= 0:
            continue
        places = window.places(low, high)
        face = inside(window.local[FACE_OVAL], places)
        finer = unit * _ACROSS / (1 + 2 * _BESIDE)  # places of an eye unit
        opening = _unshown(lab(window.colours(picture, places)), places, finer, face)
        if opening is not None:
            return _with_a_chin(_on_the_edge(mesh, window, opening, places, 0.0), window)
    return None


@dataclass(frozen=True)
class _Window:
    """Where the picture is looked at, in mouth widths from the corner at the picture's left: along the mouth, and down.

    Attributes:
        corner: (2,) pixels.
        width: of the mouth, pixels.
        axes: (2, 2) both directions.
        local: (468, 2) the mesh.
    """

    corner: Floats
    width: float
    axes: Floats
    local: Floats

    def places(self, low: Floats, high: Floats) -> Floats:
        """(h, w, 2) from one place to another."""
        step = (1 + 2 * _BESIDE) / _ACROSS
        return np.stack(np.meshgrid(*(np.arange(low[axis], high[axis], step) for axis in range(2))), axis=-1)

    def colours(self, picture: Pixels, places: Floats) -> Pixels:
        """(h, w, 3) of a picture."""
        pixels = np.floor(places * self.width @ self.axes + self.corner).astype(int)
        pixels = pixels.clip(0, np.array([picture.shape[1], picture.shape[0]]) - 1)
        return picture[pixels[..., 1], pixels[..., 0], :3]


def _window(mesh: Floats) -> _Window | None:
    corners = mesh[UPPER_INNER[[0, -1]], :2].astype(np.float64)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    if width < 4:
        return None
    across = (corners[1] - corners[0]) / width
    axes = np.array([across, (-across[1], across[0])])
    return _Window(corners[0], width, axes, (mesh[:, :2] - corners[0]) @ axes.T / width)


def _on_the_edge(mesh: Floats, window: _Window, opening: Flags, places: Floats, line: float) -> Floats:
    """The mesh with its lips' inner edges so many pixels within an opening."""
    edges = _edges(opening, places, window.local, line / window.width)
    shift = edges - window.local[np.stack([UPPER_INNER, LOWER_INNER])]
    return _moved(mesh, shift, window.width * window.axes)


def _with_a_chin(parted: Floats, window: _Window) -> Floats:
    """The mesh with its lips on an opening, and its chin and jaw below them.

    Clicks tell of neither, and a mouth that is wide open may reach as far down as a chin usually is.
    """
    lips = np.unique(LIP_RINGS)
    local = (parted[:, :2] - window.corner) @ window.axes.T / window.width
    lack = float(local[lips, 1].max()) + _CHIN_ROOM - float(local[_CHIN, 1])
    if lack <= 0:
        return parted
    below = smooth_step(window.local[:, 1] / max(float(window.local[_CHIN, 1]), 1e-6))
    below[lips] = 0
    moved = parted.copy()
    moved[:POINTS, :2] += (lack * below)[:, None] * window.width * window.axes[1]
    return moved


def _unshown(colours: Floats, places: Floats, unit: float, face: Flags) -> Flags | None:
    """The area of an opening without its line, of (h, w, 3) Lab around a mouth; None where there is none.

    What it lies in are colours of the face (h, w): scenery may be as dark as the opening.
    """
    rim = max(2, len(colours) // 12)
    band = np.ones(colours.shape[:2], bool)
    band[rim:-rim, rim:-rim] = False
    grounds = surroundings(colours[band], colours.reshape(-1, 3).mean(axis=0))
    if (band & face).any():
        off = np.linalg.norm(colours[band & face][:, None] - grounds, axis=-1)
        own = (off < LIKE).mean(axis=0) >= _OF_THE_FACE
        grounds = grounds[own] if own.any() else grounds
    ground = float(grounds[0, 0])
    area = without_holes(
        ~_shaded(colours, np.linalg.norm(colours[:, :, None] - grounds, axis=-1).min(axis=-1))
    )
    along, down = places[0, :, 0], places[:, 0, 1]
    middle = (along > 0.25) & (along < 0.75)
    seam = area & middle & (np.abs(down) < _SAG)[:, None]
    if not seam.any():
        return None
    nearest = np.where(seam, np.abs(down)[:, None] + np.abs(along - 0.5)[None], np.inf)
    start = np.zeros_like(area)
    start[np.unravel_index(nearest.argmin(), area.shape)] = True
    area = flooded(start, area)
    columns = along[area.any(axis=0)]
    if columns.min() < -_SPILL or columns.max() > 1 + _SPILL or columns.min() > 0.25 or columns.max() < 0.75:
        return None
    if area[[0, -1]].any():
        return None
    inner = _within_its_line(area, colours, middle, ground, unit)
    if not inner.any() or np.median(inner.sum(axis=0)[middle]) < _THICK * unit:
        return None
    chroma = np.linalg.norm(colours[..., 1:], axis=-1)
    teeth = inner & (colours[..., 0] > _TEETH[0]) & (chroma < _TEETH[1])
    hollow = inner & (colours[..., 0] < min(_HOLLOW, ground - _DARKER))
    deep = max(1, round(_LIP_LINE * unit))
    hollow = grown(grown(hollow, -deep), deep) & hollow  # without the lines between lips or teeth
    if not teeth.any() and inner.sum(axis=0).max() < _BAR / (along[1] - along[0]):
        return None
    return inner if (teeth | hollow).sum() >= _SHOWN * inner.sum() else None


def _shaded(colours: Floats, off: Floats) -> Flags:
    """(h, w) what is of a ground, told by how far it is from them, with what softly shades off from it."""
    across = np.linalg.norm(np.diff(colours, axis=1), axis=-1) < _SOFTLY
    down = np.linalg.norm(np.diff(colours, axis=0), axis=-1) < _SOFTLY
    soft = off < _SHADES
    soft[:, 1:] &= across
    soft[:, :-1] &= across
    soft[1:] &= down
    soft[:-1] &= down
    return flooded(off <= LIKE, soft | (off <= LIKE))


def _within_its_line(area: Flags, colours: Floats, middle: Flags, ground: float, unit: float) -> Flags:
    """An area without the line, or the painted lips, around it, where it has them and they are darker than the ground."""
    ring = grown(area, -2) & ~grown(area, -4)
    if not ring.any():
        return np.zeros_like(area)
    ink, _ = commonest(colours[ring])
    if ink[0] > ground - _DARKER:
        return grown(area, -2)
    inked = area & (np.linalg.norm(colours - ink, axis=-1) < LIKE)
    thick: tuple[list[int], list[int]] = [], []
    for column in np.flatnonzero(middle & area.any(axis=0)):
        rows = np.flatnonzero(area[:, column])
        for way, known in zip((rows, rows[::-1]), thick):
            free = ~inked[way[2:], column]
            known.append(int(free.argmax()) + 2 if free.any() else len(way))
    # Above and below: where teeth touch the edge, what is dark at the other one is a hollow without a line.
    line, other = sorted(float(np.median(known)) for known in thick)
    if (
        line <= 2 < other <= _LIPS * unit
    ):  # unless that is as thin as a line: teeth hide it on their side alone
        rim = ~grown(area, 1 - round(other))
        within = grown(area, -1) & ~(rim & inked)
        return flooded(within & middle, within)
    if _LIPS * unit < line < 0.4 * area.sum(axis=0)[middle].mean():
        between = grown(area, -2) & ~inked  # without the softened edge of the lips
        return without_holes(flooded(between & middle, between))
    # What has its line's colour all through is a hollow without one.
    return grown(area, -2 if line >= 0.4 * area.sum(axis=0)[middle].mean() else 1 - round(line))


def _opening(colours: Floats, within: Flags) -> Flags | None:
    """The area of the colours that lie well within the points, as far as it hangs together; None where it has no edge."""
    depth = max(1, int(0.2 * within.sum(axis=0).max()))
    core = grown(within, -depth)
    if core.sum() < 20:
        return None
    coarse = (colours // 8).astype(int)
    kinds, counts = np.unique(coarse[core], axis=0, return_counts=True)
    chosen = kinds[np.argsort(-counts)[:_COLOURS]][np.sort(counts)[::-1][:_COLOURS] > 0.05 * core.sum()]
    means = [colours[core & (coarse == kind).all(axis=-1)].mean(axis=0) for kind in chosen]
    if not means:
        return None
    unlike = np.min([np.linalg.norm(colours - mean, axis=-1) for mean in means], axis=0)
    alike = unlike < _ALIKE
    area = core & alike
    for _ in range(2 * _ACROSS):
        more = grown(area, 1) & alike
        if more.sum() == area.sum():
            break
        area = more
    reaches_out = area[[0, -1]].any() or area[:, [0, -1]].any()
    if reaches_out or area.sum() > _MOST_GROWN * within.sum() or area.sum() < 0.3 * within.sum():
        return None
    return area


def _edges(opening: Flags, places: Floats, local: Floats, line: float) -> Floats:
    """(2, 11, 2) where the upper and the lower lip's inner edge lie, in mouth widths."""
    columns = np.flatnonzero(opening.any(axis=0))
    first, last = places[0, columns[[0, -1]], 0] + np.array([line, -line])
    top = np.array([places[opening[:, column].argmax(), 0, 1] for column in columns]) + line
    bottom = (
        np.array([places[len(opening) - 1 - opening[::-1, column].argmax(), 0, 1] for column in columns])
        - line
    )
    middle = (top + bottom) / 2
    top, bottom = np.minimum(top, middle), np.maximum(bottom, middle)
    edges = np.empty((2, 11, 2))
    for lip, (rows, edge) in enumerate(((UPPER_INNER, top), (LOWER_INNER, bottom))):
        along = local[rows, 0]
        part = (along - along[0]) / max(along[-1] - along[0], 1e-6)
        edges[lip, :, 0] = first + np.maximum.accumulate(part.clip(0, 1)) * (last - first)
        edges[lip, :, 1] = np.interp(edges[lip, :, 0], places[0, columns, 0], edge)
    edges[:, [0, -1]] = edges[:, [0, -1]].mean(axis=0)
    return edges


def _moved(mesh: Floats, shift: Floats, axes: Floats) -> Floats:
    """The mesh with its lips moved by (2, 11, 2) mouth widths, and less and less what lies around them."""
    moved = mesh.copy()
    template = load_template().points[:POINTS, :2]
    rings = LIP_RINGS.reshape(2, 4, 11)
    for lip in range(2):
        inner = template[rings[lip, 3]]
        off = np.linalg.norm(template[:, None] - inner[None], axis=-1)
        nearest = off.argmin(axis=1)
        mine = np.ones(POINTS, bool)
        mine[rings[1 - lip, :, 1:-1]] = False
        above = template[:, 1] > np.interp(template[:, 0], inner[:, 0], inner[:, 1])
        mine &= above if lip == 0 else ~above
        mine[rings[lip]] = True
        share = np.exp(-((off.min(axis=1) / 0.2) ** 2))
        share[rings[lip]] = 1.0
        nearest[rings[lip]] = np.arange(11)
        moved[mine, :2] += ((share[:, None] * shift[lip, nearest]) @ axes)[mine]
    # Corners belong to both lips and were moved twice.
    ends = rings[:, :, [0, -1]].reshape(-1, 2)
    for side, column in enumerate((0, 10)):
        vertices = np.unique(ends[:, side])
        moved[vertices, :2] = mesh[vertices, :2] + shift[0, column] @ axes
    return moved
