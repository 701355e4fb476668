"""The eyes of a drawing: an area of colour that a plate of skin with a lash line covers, and an iris that moves in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..detection.mesh_points import OUTER_CORNERS
from ..face.arrays import Flags, Floats, Indices
from ..face.face_picture import SHAPE_NAMES, Layer
from ..face.names import ARKIT_INDEX
from .colours import commonest, lab
from .filling import Pixels, fill, grown, luminance, pixel_centres, sample
from .frame import FaceFrame
from .indices import IRISES, LOWER_LIDS, SIDES, UPPER_LIDS

_REACH = (0.46, 0.46)
"""Of the distance of the eyes' middles, how far an eye may reach across and up or down."""
_LIKE_SKIN = 14.0
"""Distance in Lab up to which a colour may be the skin's."""
_UNLIKE_SKIN = (14.0, 20.0, 28.0, 40.0)
"""Distances in Lab from which on a colour is taken for the eye's, one after the other."""
_AROUND, _SKINS, _SKIN_SHARE = 0.64, 4, 0.1
"""Where an eye's surroundings begin, share of its reach, squared; how many colours they have at most, and of what share."""
_INK = 35.0
"""Lightness in Lab up to which a colour may be that of lines."""
_LEAK, _STABLE, _SMALLEST = 0.12, 1.25, 0.15
"""Shares: of its reach's rim that an eye covers at most; by which it may grow from one distance to the next; of a usual eye."""
_TINT = 5.0
"""Distance in Lab up to which a colour around an eye is the skin's own, not that of lashes or of a shadow."""
_LARGE, _LOOSE = 1.8, 0.45
"""Times as long as a usual eye, and what share of its box: an eye that hangs together with the line of a nose or brow."""
_WHOLE = 0.2
"""Share of white from which on an eye is one by itself, and what encloses it a pair of glasses."""
_STILL, _FREE = 0.04, 0.2
"""Eye units around an eye up to which, and from which on, the face does not and does move."""
_COLUMNS = 33
_AHEAD = (0.075, 0.055)
"""Eye units that an iris moves across and up and down at most."""
_FORWARD = {"white": 0.03, "iris": 0.05, "rim": 0.07, "lid": 0.1}
"""Eye units that the layers stand in front of the face."""
_THIN, _RIM, _SOFT = 0.03, 0.02, 0.008
"""Eye units: what is thinner is a line rather than an iris; how far around an eye an iris is hidden; an edge's softness."""
_LASH = 0.045
"""Eye units that the line of a shut eye is thick."""
_LID_TEXTURE, _LASH_ROWS = 32, 6


@dataclass(frozen=True)
class DrawnEye:
    """An eye, and the part of the picture around it.

    Attributes:
        left, top: its corner, pixels.
        places: (h, w, 2) the middles of its pixels.
        crop: (h, w, 3) its colours.
        eye: (h, w) which of them are the eye.
        solid: (h, w) where the picture is not clear.
        skin: (3,) the colour around it.
    """

    left: int
    top: int
    places: Floats
    crop: Floats
    eye: Flags
    solid: Flags
    skin: Floats


def drawn_eyes(
    picture: Pixels, points: Floats, mesh: Floats, frame: FaceFrame, skin: Floats
) -> tuple[DrawnEye, ...]:
    """Where a drawing's two eyes are, of SIDES.

    Args:
        picture: (H, W, 4).
        points: (478, 3) pixels, y down, z to the viewer; the irises are the last ten.
        mesh: (468, 3) the face as it is shown.
        frame: of the face.
        skin: (3,) its colour.
    """
    middles = np.array([points[rows[0], :2] for rows in IRISES])
    apart = float(np.linalg.norm(middles[1] - middles[0]))
    return tuple(
        _eye_at(picture, middle, apart, skin, mesh, eye)
        for eye, middle in enumerate(middles.astype(np.float64))
    )


def moving(eyes: tuple[DrawnEye, ...], mesh: Floats, frame: FaceFrame) -> Floats:
    """(468,) how far each point of a face moves: 0 in the drawn eyes, which keep their shape, 1 away from them."""
    free = np.ones(len(mesh))
    for eye in eyes:
        step = max(1, round(0.03 * frame.unit))
        places = eye.places[::step, ::step][eye.eye[::step, ::step]]
        if len(places):
            off = np.linalg.norm(mesh[:, None, :2] - places[None], axis=-1).min(axis=1) / frame.unit
            share = ((off - _STILL) / (_FREE - _STILL)).clip(0, 1)
            free = np.minimum(free, share * share * (3 - 2 * share))
    return free


def flattened(eyes: tuple[DrawnEye, ...], mesh: Floats, free: Floats) -> Floats:
    """(468, 3) the mesh, flat where the eyes are: nothing of the face comes before what is drawn there.

    Args:
        eyes: both.
        mesh: (468, 3) the face, z to the viewer.
        free: (468,) of `moving`.
    """
    flat = mesh.copy()
    side = mesh[:, 0] > mesh[list(OUTER_CORNERS), 0].mean()
    for eye in range(len(eyes)):
        near = (free < 1) & (side == (mesh[UPPER_LIDS[eye], 0].mean() > mesh[list(OUTER_CORNERS), 0].mean()))
        flat[near, 2] += ((1 - free) * (_depth(mesh, eye) - mesh[:, 2]))[near]
    return flat


def _depth(mesh: Floats, eye: int) -> float:
    return float(mesh[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]]), 2].max())


def drawn_eye_layers(
    eyes: tuple[DrawnEye, ...], points: Floats, mesh: Floats, frame: FaceFrame, ink: Floats
) -> tuple[list[Layer], dict[str, Pixels]]:
    """Whites, irises and lids of both eyes, and their textures.

    Args:
        eyes: of `drawn_eyes`.
        points, mesh, frame: as there.
        ink: (3,) the colour of lines.
    """
    layers: list[Layer] = []
    textures: dict[str, Pixels] = {}
    for eye, side in enumerate(SIDES):
        depth = _depth(mesh, eye)
        made, texture = _iris_layers(eyes[eye], points[IRISES[eye][0], :2], frame, depth, side)
        lid, lid_texture = _lid(eyes[eye], frame, depth, side, ink)
        layers += [*made, lid]
        textures |= {**texture, lid.texture: lid_texture}
    return layers, textures


def _eye_at(picture: Pixels, middle: Floats, apart: float, skin: Floats, mesh: Floats, eye: int) -> DrawnEye:
    reach = np.array(_REACH) * apart
    low, high = np.floor(middle - reach).astype(int), np.ceil(middle + reach).astype(int)
    places = pixel_centres(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
    seen = sample(picture, places)
    crop, solid = seen[..., :3], seen[..., 3] >= 127.5
    colours = lab(crop)
    away = (((places - middle) / reach) ** 2).sum(axis=-1)
    skins = _surroundings(colours[(away > _AROUND) & (away < 1)], lab(skin))
    off = np.linalg.norm(colours[:, :, None] - skins, axis=-1)
    usual = _usual_eye(mesh, eye, places)
    pale = skins[:, 0] > _INK  # what is dark is rather lines, of a face that is not dark itself
    own = np.linalg.norm(skins - lab(skin), axis=-1) < _LIKE_SKIN
    dark = own if own.any() and not pale[own].any() else np.zeros_like(own)  # then what is pale is glasses
    region = None
    for chosen in (dark, pale, np.ones_like(own)):
        if chosen.any():
            there = off[..., chosen].min(axis=-1)
            region = _region(there, luminance(crop), away < 1, places, middle, usual)
        if region is not None:
            break
    else:  # hair or a brow that runs into the eye, or nothing at all
        region, chosen = usual, pale if pale.any() else np.ones_like(own)
    # A lid has the colour of what the eye was told from, of a dark face the face's own: neither ink nor glasses.
    off = np.where(dark if dark.any() else chosen, off, np.inf)
    around = grown(region, 6) & ~grown(region, 2)
    like = around & (off.min(axis=-1) < _LIKE_SKIN)
    if like.sum() > 8:
        nearest = off.argmin(axis=-1)
        most = np.bincount(nearest[like], minlength=len(skins)).argmax()
        like &= nearest == most
        alike = like & (off[..., most] < _TINT)
        skin = np.median(crop[alike if alike.sum() > 8 else like], axis=0)
    return DrawnEye(int(low[0]), int(low[1]), places, crop, region, solid, np.asarray(skin, np.float32))


def _surroundings(colours: Floats, usual: Floats) -> Floats:
    """(K, 3) the colours that an eye lies in, Lab, the most frequent first: skin, fur, hair."""
    found: list[Floats] = []
    left = colours
    while len(left) and len(found) < _SKINS:
        middle, _ = commonest(left)
        like = np.linalg.norm(left - middle, axis=-1) < _LIKE_SKIN
        if like.sum() < _SKIN_SHARE * len(colours):
            break
        found.append(middle)
        left = left[~like]
    return np.array(found or [usual], np.float32)


def _region(
    off: Floats, bright: Floats, oval: Flags, places: Floats, middle: Floats, usual: Flags
) -> Flags | None:
    """What is unlike the skin around a place, and whatever that encloses; None where it has no bounds.

    The least unlike colours that will do: with a shadow or a blush beside the eye it has no bounds until they no longer count.

    Args:
        off: (h, w) distance in Lab from the skin.
        bright: (h, w) luminance.
        oval: (h, w) where the eye may be.
        places: (h, w, 2) of the pixels.
        middle: (2,) of the eye.
        usual: (h, w) what an eye of such a face usually covers.
    """
    rim = oval & ~grown(oval, -2)
    known: list[Flags | None] = []
    for least in _UNLIKE_SKIN:
        unlike = (off > least) & oval
        region = _without_holes(_connected(unlike, places, middle))
        if not _has_white(region, bright):
            region = _connected(_without_holes(unlike), places, middle)
        fits = region.sum() >= _SMALLEST * usual.sum() and (region & rim).sum() <= _LEAK * rim.sum()
        fits = fits and (_has_white(region, bright) or not _strays(region, usual))
        known.append(region if fits else None)
    fitting = [region for region in known if region is not None]
    for region, stricter in zip(fitting, fitting[1:]):
        if region.sum() <= _STABLE * stricter.sum():
            return region
    return fitting[0] if fitting else None


def _strays(region: Flags, usual: Flags) -> bool:
    """Whether an area goes far beyond a usual eye, and leaves most of the box that it lies in free: lines that lead elsewhere."""
    (height, width), (usual_height, usual_width) = _extent(region), _extent(usual)
    large = height > _LARGE * usual_height or width > _LARGE * usual_width
    return large and float(region.sum()) < _LOOSE * height * width


def _extent(mask: Flags) -> tuple[int, int]:
    """Height and width of what is marked."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1) if len(rows) else (0, 0)


def _has_white(region: Flags, bright: Floats) -> bool:
    """Whether an area looks like a whole eye rather than like an iris alone."""
    if not region.any():
        return False
    top = float(np.percentile(bright[region], 98))
    return top > 120 and float((bright[region] > 0.8 * top).mean()) > _WHOLE


def _usual_eye(mesh: Floats, eye: int, places: Floats) -> Flags:
    ring = mesh[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]]), :2]
    middle, half = ring.mean(axis=0), np.ptp(ring, axis=0) / 2 * [1.1, 1.4]
    return np.asarray((((places - middle) / np.maximum(half, 1)) ** 2).sum(axis=-1) < 1)


def _connected(mask: Flags, places: Floats, middle: Floats) -> Flags:
    """What of a mask hangs together with its place nearest to the middle."""
    if not mask.any():
        return mask
    off = np.where(mask, np.linalg.norm(places - middle, axis=-1), np.inf)
    region = np.zeros_like(mask)
    region[np.unravel_index(off.argmin(), mask.shape)] = True
    return _flooded(region, mask)


def _without_holes(mask: Flags) -> Flags:
    """A mask and whatever it encloses."""
    border = np.zeros_like(mask)
    border[0], border[-1], border[:, 0], border[:, -1] = True, True, True, True
    return ~_flooded(border & ~mask, ~mask)


def _flooded(start: Flags, mask: Flags) -> Flags:
    """What of a mask hangs together with some of its places: along whole rows and columns by turns."""
    while True:
        larger = _along_rows(_along_rows(start, mask).T, mask.T).T
        if (larger == start).all():
            return start
        start = larger


def _along_rows(start: Flags, mask: Flags) -> Flags:
    begins = mask.copy()
    begins[:, 1:] &= ~mask[:, :-1]
    runs = np.cumsum(begins.ravel()).reshape(mask.shape)
    reached = np.zeros(int(runs[-1, -1]) + 1, bool)
    reached[runs[start & mask]] = True
    return np.asarray(reached[runs] & mask)


def _grid(columns: Floats, rows: Floats, depth: float) -> Floats:
    """(rows × columns, 3) of (C,) x and (R, C) y."""
    x = np.broadcast_to(columns, rows.shape)
    return np.stack([x, rows, np.full(rows.shape, depth)], axis=-1).reshape(-1, 3)


def _triangles(rows: int, columns: int) -> Indices:
    places = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = places[:-1, :-1], places[:-1, 1:], places[1:, :-1], places[1:, 1:]
    return np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)])


def _made(name: str, points: Floats, uv: Floats, triangles: Indices, shapes: Floats) -> Layer:
    return Layer(
        name,
        name,
        points.astype(np.float32),
        uv.astype(np.float32),
        triangles.astype(np.int32),
        shapes.astype(np.float16),
        np.ones(len(points), np.float32),
    )


# -- The iris ----------------------------------------------------------------------------------------------


def _iris_layers(
    window: DrawnEye, middle: Floats, frame: FaceFrame, depth: float, side: str
) -> tuple[list[Layer], dict[str, Pixels]]:
    """White and iris of an eye that has both, and the rim that an iris moves behind; none of one that is a dot or a line."""
    seen = _white_and_iris(window, middle, frame.unit)
    if seen is None:
        return [], {}
    white, iris, core = seen
    columns = np.nonzero(iris)[1]
    eye_columns = np.nonzero(core.any(axis=0))[0]
    room = min(columns.min() - eye_columns.min(), eye_columns.max() - columns.max())
    most = np.array([max(0.0, float(room)), max(0.0, 0.5 * float(room))])
    most = np.minimum(most, np.array(_AHEAD) * frame.unit)
    filled = fill(window.crop, white & ~grown(iris, 2))
    whole = np.where(iris[..., None], filled, window.crop)  # elsewhere the picture's very pixels
    rim = grown(window.eye, max(1, round(_RIM * frame.unit))) & ~(white | iris)
    lower = side.lower()
    covers = {
        f"eye_white_{lower}": (whole, grown(iris, 2) & core, "white"),
        f"iris_{lower}": (window.crop, iris, "iris"),
        f"eye_rim_{lower}": (window.crop, rim, "rim"),
    }
    height, width = iris.shape
    flat = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    layers, textures = [], {}
    for name, (colours, shown, part) in covers.items():
        forward = np.full(4, depth + _FORWARD[part] * frame.unit)
        points = np.column_stack([flat + [window.left, window.top], forward])
        shapes = np.zeros((len(SHAPE_NAMES), 4, 3))
        if part == "iris":
            shapes = _gaze(frame, most, side)
        layers.append(_made(name, points, flat, _triangles(2, 2), shapes))
        texture = np.concatenate([colours, np.where(shown & window.solid, 255, 0)[..., None]], axis=-1)
        textures[name] = np.round(texture).clip(0, 255).astype(np.uint8)
    return layers, textures


def _white_and_iris(window: DrawnEye, middle: Floats, unit: float) -> tuple[Flags, Flags, Flags] | None:
    """The white of an eye, its iris, and what of it lies within its outline; None where it has no white or no iris."""
    core = grown(window.eye, -max(2, round(0.025 * unit)))
    if not core.any():
        return None
    bright = luminance(window.crop)
    top = float(np.percentile(bright[core], 98))
    white = core & (bright > 0.8 * top) & (top > 120)
    thin = max(1, round(_THIN * unit))
    white = _flooded(white & ~grown(core, -thin), white)  # what shines in an iris does not reach the outline
    dark = core & ~white
    iris = grown(_connected(grown(dark, -thin), window.places, middle), thin + 1) & dark  # without lashes
    if not iris.any():
        iris = _connected(dark, window.places, middle)
    iris = _without_holes(iris & _rounded(iris, white))
    iris = grown(iris, max(1, round(_SOFT * unit))) & core  # its edge is softened
    white &= ~iris
    if white.sum() < 0.08 * core.sum() or iris.sum() < 0.05 * core.sum():
        return None
    return white, iris, core


def _rounded(iris: Flags, white: Flags) -> Flags:
    """The oval that an iris is, told by the rows in which there is white on both sides of it; what reaches beyond is a lash."""
    columns = np.arange(iris.shape[1])
    middle = np.where(iris, columns, 0).sum() / max(1, int(iris.sum()))
    beside = (white & (columns < middle)).any(axis=1) & (white & (columns > middle)).any(axis=1)
    rows = np.flatnonzero(beside & iris.any(axis=1))
    if len(rows) < 5:
        return np.ones_like(iris)
    first, last = iris[rows].argmax(axis=1), iris.shape[1] - 1 - iris[rows][:, ::-1].argmax(axis=1)
    middle = float(np.median(first + last)) / 2
    half = (last - first + 1) / 2
    kept = np.ones(len(rows), bool)
    for _ in range(3):
        bend = np.polyfit(rows[kept], half[kept] ** 2, 2)
        off = np.abs(np.sqrt(np.polyval(bend, rows).clip(0)) - half)
        kept = off <= max(1.0, 2 * float(np.median(off)))
        if kept.sum() < 5:
            break
    widest = float(np.percentile(half, 90))
    if bend[0] > -0.2:  # no oval: it is narrower neither at its top nor at its bottom
        return np.broadcast_to(np.abs(columns - middle) <= widest, iris.shape)
    reach = np.sqrt(np.polyval(bend, np.arange(len(iris))).clip(0)) + (
        np.polyval(bend, np.arange(len(iris))) > 0
    )
    return np.asarray(np.abs(columns - middle) <= reach[:, None])


def _gaze(frame: FaceFrame, most: Floats, side: str) -> Floats:
    """(53, 4, 3) how an iris moves that may move so many pixels across and up."""
    shapes = np.zeros((len(SHAPE_NAMES), 4, 3))
    outward = 1.0 if side == "Left" else -1.0
    ways = {"Out": (outward, 0), "In": (-outward, 0), "Up": (0, 1), "Down": (0, -1)}
    for way, (across, up) in ways.items():
        moved = frame.directions(np.array([across, up, 0.0]) * np.array([*most, 0]) / frame.unit)
        shapes[ARKIT_INDEX[f"eyeLook{way}{side}"]] = moved * [1, 1, 0]
    return shapes


# -- The lid -----------------------------------------------------------------------------------------------


def _lid(window: DrawnEye, frame: FaceFrame, depth: float, side: str, ink: Floats) -> tuple[Layer, Pixels]:
    """A plate that is rolled up to nothing above the eye, and comes down over it with a blink."""
    columns = np.flatnonzero(window.eye.any(axis=0))
    first, last = int(columns[0]), int(columns[-1]) + 1
    upper = np.array([window.eye[:, column].argmax() for column in columns], float)
    lower = np.array([len(window.eye) - window.eye[::-1, column].argmax() for column in columns], float)
    x = np.linspace(first - 1, last + 1, _COLUMNS)
    spacing = x[1] - x[0]
    top = np.interp(x, columns + 0.5, -_eased(-upper, spacing)) - 1
    bottom = np.interp(x, columns + 0.5, _eased(lower, spacing)) + 1
    height = (bottom - top).max()
    lash = min(0.5, max(2.0, _LASH * frame.unit) / max(height, 1))
    rolled = np.stack([top, top, top])
    shut = np.stack([top, top + (1 - lash) * (bottom - top), bottom])
    points = _grid(x + window.left, rolled + window.top, depth + _FORWARD["lid"] * frame.unit)
    shapes = np.zeros((len(SHAPE_NAMES), len(points), 3))
    down = (shut - rolled).reshape(-1)
    shapes[ARKIT_INDEX[f"eyeBlink{side}"], :, 1] = down
    shapes[ARKIT_INDEX[f"eyeSquint{side}"], :, 1] = 0.25 * down
    u, v = np.meshgrid(np.linspace(0, _LID_TEXTURE, _COLUMNS), [0.0, _LID_TEXTURE - _LASH_ROWS, _LID_TEXTURE])
    texture = np.empty((_LID_TEXTURE, _LID_TEXTURE, 4))
    texture[..., :3] = window.skin
    texture[_LID_TEXTURE - _LASH_ROWS :, :, :3] = ink
    texture[..., 3] = 255
    layer = _made(
        f"lid_{side.lower()}", points, np.stack([u, v], -1).reshape(-1, 2), _triangles(3, _COLUMNS), shapes
    )
    return layer, np.round(texture).clip(0, 255).astype(np.uint8)


def _eased(values: Floats, spacing: float) -> Floats:
    """The values made smooth, never smaller than they were, nor when taken so far apart and joined by straight lines."""
    width = max(1, len(values) // 24)
    reach = width + int(np.ceil(spacing))
    padded = np.pad(values, reach, mode="edge")
    largest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    padded = np.pad(largest, width, mode="edge")
    return np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), "valid")
