"""The mouth of a drawing: the line it is, found again in the picture, and what is inside in the drawing's own colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats, Indices
from .colours import BLACK, BOARD, lab
from .filling import Pixels, luminance, pixel_centres, sample
from .frame import FaceFrame
from .indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from .template import POINTS, load_template

_SEARCH = 0.13
"""Eye units up and down in which the line between the lips is looked for."""
_STEPS = 53
_BEND = 0.6
"""How dear it is for the line to bend."""
_BOWS, _BOWED = (0.0, 0.2, 0.4, 0.6, -0.2), 0.2
"""Mouth widths that the line of a mouth may hang below its corners, and how dear it is to do so by one, of a line's contrast."""
_ENDS, _AT_THE_END = 6.0, 0.03
"""How dear an eye unit is that a line ends above or below a corner, beyond the second."""
_LINE, _DRAWN = 0.17, 0.6
"""Eye units: what is thicker is no line; the share of its way on which a line is seen at least."""
_FOLLOWS = 0.12
"""Eye units around the lips within which the face goes with them to their line."""
_CONTRAST = 25.0
"""How much darker than the skin a line is at least, 0 to 255."""
_LIGHTER = 3.0
"""How many times as much lighter than a board what is drawn on it is as anything is darker."""
_THICKEST = 0.12
_GREY = 14.0
"""Colourfulness in Lab below which a drawing is one in grey."""
_WHITE = 90.0
"""Lightness in Lab from which on a colour that is hardly one is the white that a drawing's teeth have."""
_ORANGE = 0.2
"""Of a colour's red, how much more green than blue it may have to be a tongue's."""


@dataclass(frozen=True)
class DrawnMouth:
    """How a drawing's mouth is drawn.

    Attributes:
        ink: (3,) colour of its line.
        line: eye units, how thick the line is; 0 where there is none.
        hollow, tongue, teeth: (3,) flat colours of what is inside.
    """

    ink: Floats
    line: float
    hollow: Floats
    tongue: Floats
    teeth: Floats


def on_the_line(picture: Pixels, mesh: Floats, frame: FaceFrame) -> Floats:
    """(468, 3) the mesh with its lips moved to where the line between them is drawn; as it was where none is.

    The darkest way from one corner of the mouth to the other that does not bend much, beside a straight or a bowed one.
    """
    seam = (mesh[UPPER_INNER] + mesh[LOWER_INNER]) / 2
    down = _unit(frame.directions(np.array([0.0, -1.0, 0.0]))[:2])
    columns = np.linspace(0, 10, 41)
    line = np.stack([np.interp(columns, np.arange(11), seam[:, axis]) for axis in range(2)], -1)
    bowed = line[:, None] + np.array(_BOWS)[:, None] * _bow(line)[:, None, None] * down
    ways = [_line_beside(picture, bowed[:, number], down, frame.unit) for number in range(len(_BOWS))]
    dear = [np.inf if way is None else way.cost + _BOWED * abs(bow) for way, bow in zip(ways, _BOWS)]
    chosen = int(np.argmin(dear))
    way = ways[chosen]
    if way is None:
        way = _thick_line(picture, line, down, frame.unit)
        if way is None:
            return mesh
        chosen = 0
    off = (bowed[:, chosen] - line) @ down + way.off
    return _lips_moved(mesh, seam, np.interp(np.arange(11), columns, off), down, frame.unit)


@dataclass(frozen=True)
class _Way:
    """A line along a mouth.

    Attributes:
        cost: a place of it, 0 to 1: smaller where it is darker.
        off: (C,) pixels that it lies below the places it was looked for beside.
    """

    cost: float
    off: Floats


def _bow(line: Floats) -> Floats:
    """(C,) pixels that a bow as deep as the mouth is wide lies below (C, 2) places along it."""
    across = line[-1] - line[0]
    width = float(np.linalg.norm(across))
    share = (line - line[0]) @ across / max(width, 1.0) ** 2
    return np.asarray(width * (1 - (2 * share - 1) ** 2).clip(0))


def _line_beside(picture: Pixels, line: Floats, down: Floats, unit: float) -> _Way | None:
    """The line that is drawn beside (C, 2) places; None where there is none.

    A line is darker than what is above and below it: a moustache, a beard or a shadow is too thick for one.
    """
    dark, around, offsets = _looked_at(picture, line, down, unit)
    deep = around - dark
    ends = _ENDS * (np.abs(offsets) / unit - _AT_THE_END).clip(0)
    cost = 1 - deep / 255
    cost[[0, -1]] += ends
    way = _darkest(cost)
    places = np.arange(len(line)), way
    seen = deep[places] > _CONTRAST
    if seen.mean() < _DRAWN:
        return None
    off = _middles(dark, way, (around[places] + dark[places]) / 2, offsets)
    # In the gaps of crayon and chalk the line has no edges.
    columns = np.arange(len(line))
    return _Way(float(cost[places].mean()), np.interp(columns, columns[seen], off[seen]))


def _thick_line(picture: Pixels, line: Floats, down: Floats, unit: float) -> _Way | None:
    """As `_line_beside`, of a bar that is too thick for a line: what is darker than the most of what is there."""
    dark, _, offsets = _looked_at(picture, line, down, unit)
    skin = float(np.median(dark))
    cost = dark / 255
    cost[0] += 0.02 * np.abs(np.arange(_STEPS) - _STEPS // 2) / 4
    way = _darkest(cost)
    places = np.arange(len(line)), way
    if np.mean(dark[places] < skin - _CONTRAST) < _DRAWN:
        return None
    return _Way(float(cost[places].mean()), _middles(dark, way, (skin + dark[places]) / 2, offsets))


def _looked_at(picture: Pixels, line: Floats, down: Floats, unit: float) -> tuple[Floats, Floats, Floats]:
    """How dark it is around a mouth, how dark it would be there without lines, (C, S) 0 to 255, and (S,) pixels down."""
    step = 2 * _SEARCH / (_STEPS - 1)
    thick = round(_LINE / step)
    steps = np.arange(-(_STEPS // 2) - thick, _STEPS // 2 + thick + 1)
    dark = luminance(sample(picture[..., :3], line[:, None] + (steps * step * unit)[:, None] * down))
    kept = slice(thick, -thick)
    if _is_dark_ground(dark[:, kept]):  # lines on black are light
        dark = 255 - dark
    lightest = np.lib.stride_tricks.sliding_window_view(dark, thick + 1, axis=1).max(axis=-1)
    around = np.lib.stride_tricks.sliding_window_view(lightest, thick + 1, axis=1).min(axis=-1)
    return dark[:, kept], around, steps[kept] * step * unit


def _is_dark_ground(bright: Floats) -> bool:
    """Whether what is looked at is black, or a dark board on which what is drawn is much lighter and nothing is darker."""
    darkest, ground, lightest = np.percentile(bright, (5, 50, 95))
    return bool(
        ground < BLACK or (ground < BOARD and lightest - ground > _LIGHTER * (ground - darkest) + _CONTRAST)
    )


def _middles(dark: Floats, way: Indices, limits: Floats, offsets: Floats) -> Floats:
    """(C,) pixels down of the middles of the stretches around a way that are darker than (C,) limits."""
    middles = [_middle_of(*given) for given in zip(dark, way, limits)]
    return np.asarray(np.interp(middles, np.arange(len(offsets)), offsets))


def _lips_moved(mesh: Floats, seam: Floats, shift: Floats, down: Floats, unit: float) -> Floats:
    """(468, 3) the mesh with the seam (11, 3) of its lips moved down by (11,) pixels, and less and less what lies around."""
    moved = mesh.copy()
    template = load_template().points[:POINTS, :2]
    lips = np.unique(LIP_RINGS)
    off = np.linalg.norm(template[:, None] - template[lips][None], axis=-1).min(axis=1)
    share = np.exp(-((off / max(_FOLLOWS, float(np.abs(shift).max()) / unit)) ** 2))
    across = np.interp(template[:, 0], template[UPPER_INNER, 0], shift)
    moved[:POINTS, :2] += (share * across)[:, None] * down
    wanted = seam[:, :2] + shift[:, None] * down
    for inner in (UPPER_INNER, LOWER_INNER):
        moved[inner, :2] = wanted
    return moved


def _darkest(cost: Floats) -> Indices:
    """(C,) for each column of (C, S) costs the step of the cheapest way, by dynamic programming."""
    steps = np.arange(cost.shape[1])
    bend = _BEND * ((steps[:, None] - steps[None]) / 4) ** 2
    total, back = cost[0], []
    for column in range(1, len(cost)):
        reach = total[None] + bend
        back.append(reach.argmin(axis=1))
        total = reach.min(axis=1) + cost[column]
    way = [int(total.argmin())]
    for chosen in back[::-1]:
        way.append(int(chosen[way[-1]]))
    return np.array(way[::-1])


def _middle_of(dark: Floats, place: int, limit: float) -> float:
    """The middle of the stretch around a step that is darker than a limit."""
    first = last = int(place)
    while first > 0 and dark[first - 1] < limit:
        first -= 1
    while last < len(dark) - 1 and dark[last + 1] < limit:
        last += 1
    return (first + last) / 2


def drawn_mouth(picture: Pixels, mesh: Floats, frame: FaceFrame, palette: Pixels, skin: Floats) -> DrawnMouth:
    """The colours and the line of a drawing's mouth, once its lips lie on the line."""
    seam = (mesh[UPPER_INNER, :2] + mesh[LOWER_INNER, :2])[2:9] / 2
    down = _unit(frame.directions(np.array([0.0, -1.0, 0.0]))[:2])
    offsets = np.linspace(-_THICKEST, _THICKEST, 97)
    colours = sample(picture[..., :3], seam[:, None] + offsets[:, None] * frame.unit * down)
    dark = luminance(colours)
    if luminance(skin) < BLACK or _is_dark_ground(dark):
        dark, skin_is = 255 - dark, 255 - float(luminance(skin))
    else:
        skin_is = float(luminance(skin))
    inked = dark < (skin_is + float(dark[:, 48].mean())) / 2
    thick = []
    for row in inked:
        if row[48]:
            above, below = row[48::-1].argmin(), row[48:].argmin()
            if above and below:
                thick.append((above + below - 1) * (offsets[1] - offsets[0]))
    line = float(np.median(thick)) if len(thick) > 3 else 0.0
    ink = np.median(colours[:, 47:50].reshape(-1, 3), axis=0) if line else 0.5 * skin
    whites = [colour for colour in palette.astype(np.float32) if _is_white(colour)]
    teeth = max(whites, key=lambda white: float(luminance(white)), default=np.full(3, 248.0))
    darkest = palette[luminance(palette).argmin()].astype(np.float32) if len(palette) else np.full(3, 30.0)
    reds = [colour for colour in palette.astype(np.float32) if _is_red(colour)]
    hollow = 0.55 * darkest + 0.45 * np.array([150.0, 45, 50])
    tongue = reds[0] if reds else 0.25 * skin + 0.75 * np.array([205.0, 85, 90])
    if len(palette) and np.linalg.norm(lab(palette)[:, 1:], axis=1).max() < _GREY:  # a pencil has no red
        hollow, tongue = np.full(3, luminance(hollow)), np.full(3, luminance(tongue))
    return DrawnMouth(ink.astype(np.float32), line, hollow, tongue, teeth)


def _is_red(colour: Floats) -> bool:
    red, green, blue = (float(channel) for channel in colour)
    return red > 150 and green < 0.55 * red and blue < 0.7 * red and green - blue < _ORANGE * red


def _is_white(colour: Floats) -> bool:
    lightness, *hue = lab(colour)
    return bool(lightness > _WHITE and np.linalg.norm(hue) < _GREY)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def plain(colour: Floats, size: tuple[int, int] = (8, 8)) -> Pixels:
    """(h, w, 4) of one colour."""
    texture = np.empty((size[1], size[0], 4))
    texture[..., :3], texture[..., 3] = colour, 255
    return np.round(texture).clip(0, 255).astype(np.uint8)


def plain_tongue(colour: Floats) -> Pixels:
    """(48, 64, 4) a flat oval."""
    places = pixel_centres(0, 0, 64, 48)
    u, v = places[..., 0] / 32 - 1, places[..., 1] / 24 - 1
    texture = plain(colour, (64, 48))
    texture[..., 3] = np.where(np.abs(u) ** 2.5 + np.abs(v) ** 2.5 < 0.98, 255, 0)
    return texture


def teeth_band(colour: Floats) -> Pixels:
    """The template's upper teeth as one flat band."""
    drawn = load_template().upper
    texture = plain(colour, (drawn.shape[1], drawn.shape[0]))
    cover = drawn[..., 2] > 127
    bottom = np.where(cover.any(axis=0), cover.shape[0] - cover[::-1].argmax(axis=0), 0)
    columns = np.arange(len(bottom))
    seen = bottom > 0
    curve = np.polyval(np.polyfit(columns[seen], bottom[seen], 2), columns)
    rows = np.arange(cover.shape[0])[:, None]
    texture[..., 3] = np.where((rows < curve) & seen, 255, 0)
    return texture
