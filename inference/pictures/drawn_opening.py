"""A mouth that is drawn open: its opening is an area of colours, and the inner edge of the lips is the edge of that area."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Flags, Floats
from .colours import lab
from .filling import Pixels, grown, inside
from .frame import FaceFrame
from .indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from .template import POINTS, load_template

_ACROSS = 240
"""Places along the mouth at which the picture is looked at."""
_BESIDE = 0.35
"""Of the mouth's width, how far beyond the points the edge is looked for."""
_ALIKE = 14.0
"""In Lab, up to which two colours are one."""
_COLOURS = 4
_MOST_GROWN = 2.5
"""Times the points' own area: an opening that is larger has run out through a gap in its line."""
_LINE = 0.012
"""Eye units of the edge that are left to the lips, so that a line remains where they meet."""


def on_the_opening(picture: Pixels, mesh: Floats, frame: FaceFrame) -> Floats:
    """(468, 3) the mesh with the inner edge of its lips moved to the edge of the drawn opening; as it was where none is clear.

    Args:
        picture: (H, W, 4).
        mesh: (468, 3) pixels, with parted lips.
        frame: of the face.
    """
    corners = mesh[UPPER_INNER[[0, -1]], :2].astype(np.float64)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    if width < 4:
        return mesh
    across = (corners[1] - corners[0]) / width
    axes = np.array([across, (-across[1], across[0])])  # along the mouth, and down
    local = (mesh[:, :2] - corners[0]) @ axes.T / width
    shown = np.concatenate([local[UPPER_INNER], local[LOWER_INNER][-2:0:-1]])
    low, high = shown.min(axis=0) - _BESIDE, shown.max(axis=0) + _BESIDE
    step = (1 + 2 * _BESIDE) / _ACROSS
    places = np.stack(np.meshgrid(*(np.arange(low[axis], high[axis], step) for axis in range(2))), axis=-1)
    pixels = np.floor(places * width @ axes + corners[0]).astype(int)
    pixels = pixels.clip(0, np.array([picture.shape[1], picture.shape[0]]) - 1)
    opening = _opening(lab(picture[pixels[..., 1], pixels[..., 0], :3]), inside(shown, places))
    if opening is None:
        return mesh
    edges = _edges(opening, places, local, _LINE * frame.unit / width)
    return _moved(mesh, edges - local[np.stack([UPPER_INNER, LOWER_INNER])], width * axes)


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
