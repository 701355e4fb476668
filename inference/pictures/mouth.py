"""What is seen between the lips: a dark hollow, tongue and teeth in the picture's light, or the teeth that the picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..face.arrays import Flags, Floats, Indices
from ..face.curves import smooth_step
from ..face.face_picture import PICTURED, SHAPE_NAMES, Layer
from ..face.names import ARKIT_INDEX
from .drawn_mouth import DrawnMouth, plain, plain_tongue, teeth_band
from .fields import Mouth
from .filling import Pixels, blurred, fill, grown, inside, luminance, opaque, pixel_centres, sample
from .frame import FaceFrame
from .indices import LIP_RINGS, LOWER_INNER, LOWER_LIDS, UPPER_INNER, UPPER_LIDS
from .raster import rasterise
from .template import load_template

OWN_MOUTH = "own_mouth"
"""The layer of what the picture itself shows between parted lips."""
STANDING = ("upper_teeth", "lower_teeth", "tongue")
"""The layers that stand in the hollow of the mouth."""
MADE_LAYERS = ("mouth", *STANDING, "upper_lip_inside", "lower_lip_inside")
"""The layers between the lips that show nothing of the picture itself."""
_CHEEKS = ((50, 205, 101), (280, 425, 330))
"""Mesh points on the character's right and left cheek, whose colour tells the light."""
_PICTURED = SHAPE_NAMES.index(PICTURED)
_CAVITY_SHARES = (0.0, 0.0, 0.33, 0.67, 1.0, 1.0)
"""Row of the hollow → how far it is from the upper lip's edge, 0, to the lower one's, 1."""
_CAVITY_ROWS = len(_CAVITY_SHARES)
_TONGUE = (11, 9)
_TONGUE_HALF, _TONGUE_RISES = 0.22, 0.09
"""Eye units: half as wide as a tongue is, and how far above the lower teeth's edge it lies. In vowels it fills most of what is
open behind the teeth: in films of people the places where a low tongue left the hollow to be seen are 50 to 100 of 255 brighter.
These, how dark the hollow is and how low upper teeth stand were chosen on nineteen clips of GRID's s1, s4's first 25, s7, s16
and s31, twelve that begin with shut lips and seven with teeth: lips +0.22 and +0.29 dB, sharpness 0.82 and 1.14 (0.84, 1.22).
"""
_TONGUE_ROUND = 0.6
"""How far from its edge, 0, to its middle, 1, a tongue gets lighter than the hollow: it is round, and what is half seen cannot be
drawn.
"""
_DEPTHS = {"lips": 0.015, "own": 0.05, "upper": 0.12, "lower": 0.16, "tongue": 0.24}
"""Eye units that each layer lies further back than where anatomy has it: relief of a picture is flatter than a head."""
_OF_THE_SKIN, _OF_THE_LIPS, _OF_THE_WHITE, _BRIGHTEST = 0.72, 1.1, 0.9, 245.0
"""How bright teeth are at the most, whichever is brightest: of people before a camera the brightest tenth of what is seen
between the lips has 0.65 to 0.85 of the skin's brightness, and 1.0 to 1.2 of the lips'.
These, how dark the corners are, and how soft, were chosen on a clip each of GRID's s1, s7, s16 and s31: the most
decibels with a mean sharpness of 0.9 or more.
"""
_OF_WHITE, _OF_SKIN = 0.45, 0.4
"""Shares of the white's and of the skin's hue in that of teeth; the rest is the lips', whose light falls on them."""
_LOWER = 0.85
"""Times as bright as the upper teeth the lower ones are."""
_IN_SHADE = {"upper": 0.7, "lower": 0.85}
"""Times as bright as at their edge teeth are deep under the lip."""
_SHADE_REACH = {"upper": (0.02, 0.08), "lower": (0.06, 0.06)}
"""Eye units under the lip, from where the lips meet, from which on the shade is whole, and beyond it where it ends.

Little light falls between lips that hardly part: in films of people a slit of less than 0.07 shows upper teeth at 0.64 of the
lips' brightness, one of 0.12 at 0.83. Chosen on a dozen clips of GRID's s1, s4's first 25, s7, s16, s25, s27, s31, s33 and s34.
"""
_AT_THE_CORNERS = 0.55
"""Times as bright as in the middle they are where the corners of the mouth are."""
_FEWEST_WHITES = 3
_SOFT, _SOFTEST = 0.55, 3.0
"""Pixels of the picture over which the drawing of the teeth is softened at least and at most, as a lens does."""
OF_THE_SOFTNESS = 0.5
"""How soft teeth, and an edge that no lens drew, are drawn by how soft the picture's lips are on average: its sharpest edges are
sharper than most."""
LEAST_SOFTNESS = 0.005
"""Eye distances over which they are softened at least: what is inside moves and lies out of focus, however sharp the lips are.
It tells in large pictures, and was chosen on two of the first 25 large films of GRID's s4: as sharp as they are, 1.07 and 1.11.
"""
_GAPS = 0.35
"""How much darker teeth are between each other than in their middles."""
_COVERS = 0.12
"""Share of a softened tooth from which on it is drawn, over the hollow's colour."""
_LOWER_BY = {"upper": 0.065, "lower": 0.015}
"""Eye units that teeth stand lower than those of the template, whose lips hide more of them."""
_CLEAR, _OUTLIERS, _LOOKED_AT = 0.6, 0.2, 256
"""By how much of it what is dark in a picture is darker than what is bright, at least, unless there is haze; percent of either
that do not count; pixels across that are looked at. Photos, also dark, overexposed or old ones, have 0.7 and more.
"""
_AT_THE_LIPS = ("upper_lip_inside", "lower_lip_inside", OWN_MOUTH)
_BEHIND_ALL = 0.05
"""Eye units between the hollow and what stands in it."""
_EDGE = 0.05
"""Eye units that a layer goes on behind the lips."""


@dataclass(frozen=True)
class Light:
    """The picture's colours at the mouth, sRGB 0 to 255.

    Attributes:
        lips: (3,) of the lips.
        right, left: (3,) of the skin on either cheek.
        white: (3,) of what is white in the face, as the eyes tell; about the skin's where they do not.
    """

    lips: Floats
    right: Floats
    left: Floats
    white: Floats

    def skin(self, across: Floats) -> Floats:
        """(…, 3) skin at places from -1, the character's right, to 1."""
        share = ((across + 1) / 2).clip(0, 1)[..., None]
        return np.asarray((1 - share) * self.right + share * self.left, np.float32)


def light_of(picture: Pixels, mesh: Floats) -> Light:
    """The colours around the mouth of (468, 3) mesh points of a picture."""
    lips = sample(picture[..., :3], mesh[LIP_RINGS[[1, 2, 5, 6], 2:9].ravel(), :2])
    cheeks = [np.median(_patch(picture, mesh, points), axis=0) for points in _CHEEKS]
    right, left = cheeks
    return Light(np.median(lips, axis=0), right, left, _white(picture, mesh, (right + left) / 2))


def _white(picture: Pixels, mesh: Floats, skin: Floats) -> Floats:
    """(3,) the colour of the eyes' white: of what lies between the lids the bright and little coloured part."""
    middle = (mesh[UPPER_LIDS, :2] + mesh[LOWER_LIDS, :2]) / 2
    between = np.concatenate([middle[:, 1:4], middle[:, 5:8]], axis=1).reshape(-1, 2)
    colours = sample(picture[..., :3], between)
    strength = (colours.max(axis=-1) - colours.min(axis=-1)) / np.maximum(colours.max(axis=-1), 1)
    bright = luminance(colours)
    grey = float(luminance(skin))
    chosen = (bright > 0.6 * grey) & (strength <= np.median(strength))
    if chosen.sum() < _FEWEST_WHITES:
        return np.asarray(0.5 * skin + 0.5 * grey, np.float32)
    return np.asarray(np.median(colours[chosen], axis=0), np.float32)


def softness(picture: Pixels, mesh: Floats) -> float:
    """Pixels, sigma of a Gaussian, over which the edges of the lips of (468, 3) mesh points are softened in a picture.

    An edge that is softened by so much has `1 / (2 sigma²)` times as much energy in its second derivative as in its first.
    """
    outline = np.concatenate([mesh[LIP_RINGS[0]], mesh[LIP_RINGS[4]][::-1]])[:, :2]
    low = np.floor(outline.min(axis=0)).astype(int) - 1
    size = np.ceil(outline.max(axis=0)).astype(int) + 1 - low
    bright = luminance(sample(picture[..., :3], pixel_centres(low[0], low[1], size[0], size[1])))
    if min(bright.shape) < 5:
        return _SOFT
    down, across = np.gradient(bright)
    steep = (down**2 + across**2)[1:-1, 1:-1]
    middle = bright[1:-1, 1:-1]
    bent = 4 * middle - bright[:-2, 1:-1] - bright[2:, 1:-1] - bright[1:-1, :-2] - bright[1:-1, 2:]
    edges = steep >= np.quantile(steep, 0.8)
    sigma = np.sqrt(steep[edges].mean() / (2 * max(float((bent[edges] ** 2).mean()), 1e-6)))
    return float(np.clip(sigma, _SOFT, _SOFTEST))


def _patch(picture: Pixels, mesh: Floats, points: tuple[int, ...]) -> Floats:
    corners = mesh[list(points), :2]
    shares = np.random.RandomState(0).dirichlet((1, 1, 1), 60).astype(np.float32)
    return sample(picture[..., :3], shares @ corners)


@dataclass(frozen=True)
class Inside:
    """What the layers of one mouth are made with.

    Attributes:
        mouth: the mouth.
        frame: of its face.
        fields: (52, 468, 3) pixels that the shapes move the mesh.
        light: of the picture.
        scale: the teeth's size, 1 for the template's.
        soft: pixels over which the picture's own lips are softened.
    """

    mouth: Mouth
    frame: FaceFrame
    fields: Floats
    light: Light
    scale: float
    soft: float

    def places(self, points: Floats) -> Floats:
        """(…, 3) points of the template in eye units → pixels, by where the lips meet."""
        template = load_template()
        middle = template.points[[UPPER_INNER[5], LOWER_INNER[5]]].mean(axis=0)
        own = self.mouth.neutral[[UPPER_INNER[5], LOWER_INNER[5]]].mean(axis=0)
        return np.asarray(own + self.frame.directions((points - middle) * self.scale), np.float32)

    def with_jaw(self, points: Floats) -> Floats:
        """(53, N, 3) pixels: how points of the template, (N, 3) in eye units, move that are fixed to the lower jaw."""
        jaw = load_template().jaw
        moved = np.einsum("sij,nj->sni", jaw[..., :3], points) + jaw[:, None, :, 3]
        shapes = np.zeros((len(SHAPE_NAMES), len(points), 3), np.float32)
        shapes[: len(jaw)] = self.frame.directions(moved)
        return shapes

    def back(self, name: str) -> Floats:
        """(3,) pixels that a layer is moved away from the viewer."""
        return np.array([0, 0, -_DEPTHS[name] * self.frame.unit], np.float32)


def mouth_layers(
    picture: Pixels,
    mouth: Mouth,
    frame: FaceFrame,
    fields: Floats,
    relief: Layer,
    drawn: DrawnMouth | None = None,
) -> tuple[list[Layer], dict[str, Pixels]]:
    """The layers behind the lips, from the back to the front, and their textures.

    Args:
        picture: (H, W, 4).
        mouth: the mouth.
        frame: of its face.
        fields: (52, 468, 3) pixels that the shapes move the mesh.
        relief: the face, open between its lips.
        drawn: how the mouth of a drawing is drawn; None for a photo.
    """
    corners = mouth.neutral[UPPER_INNER[[0, -1]]]
    template = load_template().points[UPPER_INNER[[0, -1]]]
    width = np.linalg.norm(corners[1] - corners[0]) / frame.unit
    ratio = float(width / np.linalg.norm(template[1] - template[0]))
    scale, soft = float(np.clip(ratio, 0.8, 1.1)), softness(picture, mouth.shown)
    room = Inside(mouth, frame, fields, light_of(picture, mouth.shown), scale, soft)
    own = own_mouth(picture, room, relief) if mouth.gap else None
    lining, grows = (_LINING, _LINING_OF_GAP) if own is None or not own.teeth else _LINING_BESIDE_TEETH
    if drawn is not None:  # a drawn line keeps its width
        lining, grows = max(_LINING, drawn.line / 2), 0.0
    linings = [_lip_lining(room, upper, lining, grows) for upper in (True, False)]
    layers = [_cavity(room), _tongue(room), *linings]
    if drawn is None:
        layers.insert(2, _teeth(room, "lower"))
        textures = {
            "mouth": _cavity_texture(room.light),
            "tongue": _tongue_texture(room.light),
            "lower_teeth": _teeth_texture(room, "lower", None if own is None else own.enamel),
            "upper_teeth": _teeth_texture(room, "upper"),
            "lips": _lining_texture(picture, mouth.shown),
        }
        textures = {name: _veiled(made, picture, room.light) for name, made in textures.items()}
    else:
        textures = {
            "mouth": plain(drawn.hollow),
            "tongue": plain_tongue(drawn.tongue),
            "upper_teeth": teeth_band(drawn.teeth),
            "lips": plain(drawn.ink) if drawn.line else _lining_texture(picture, mouth.shown),
        }
    if own is None or not own.teeth:
        layers.append(_teeth(room, "upper"))
    else:
        del textures["upper_teeth"]
    if own is not None:
        layers.append(own.layer)
        textures[own.layer.texture] = own.texture
    return layers, textures


def _veiled(texture: Pixels, picture: Pixels, light: Light) -> Pixels:
    """What is inside, as pale beside the lips as all that is dark is in a hazy, faded or misted picture; else as it is."""
    step = max(1, min(picture.shape[:2]) // _LOOKED_AT)
    dark, bright = np.percentile(luminance(picture[::step, ::step, :3]), (_OUTLIERS, 100 - _OUTLIERS))
    contrast = (1 - float(dark) / max(float(bright), 1.0)) / _CLEAR
    if contrast >= 1:
        return texture
    veiled = texture.astype(np.float32)
    veiled[..., :3] = light.lips + contrast * (veiled[..., :3] - light.lips)
    return np.round(veiled).clip(0, 255).astype(np.uint8)


def hollow_last(layers: Sequence[Layer], frame: FaceFrame) -> list[Layer]:
    """The layers, with the hollow of the mouth behind all that stands in it; its edge stays at the lips."""
    named = {layer.name: layer for layer in layers}
    inside_it = [layer for layer in layers if layer.name != "mouth"]
    deepest = min(float(layer.points[:, 2].min()) for layer in inside_it if layer.name not in _AT_THE_LIPS)
    hollow = named["mouth"]
    points = hollow.points.reshape(_CAVITY_ROWS, 11, 3).copy()
    points[1:-1, 1:-1, 2] = np.minimum(points[1:-1, 1:-1, 2], deepest - _BEHIND_ALL * frame.unit)
    points = points.reshape(-1, 3)
    if OWN_MOUTH in named:  # also at its edge
        own = named[OWN_MOUTH].points
        off = np.linalg.norm(points[:, None, :2] - own[None, :, :2], axis=-1)
        near = np.where(off < 0.15 * frame.unit, own[:, 2], np.inf).min(axis=1)
        points[:, 2] = np.minimum(points[:, 2], near - 0.02 * frame.unit)
    return [replace(hollow, points=points), *inside_it]


def grid_triangles(rows: int, columns: int) -> Indices:
    """(M, 3) of a grid whose rows run from the top, points from the left; counter-clockwise as the viewer sees them."""
    places = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = places[:-1, :-1], places[:-1, 1:], places[1:, :-1], places[1:, 1:]
    return np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)])


def held_by_lips(layer: Layer) -> Floats | None:
    """(N, 22) how far each of a layer's points goes with those of `UPPER_INNER`, then of `LOWER_INNER`.

    None for a layer that does not hang on the lips' edges, as teeth do not, and for one that was not made here.
    """
    columns = np.arange(11)
    shares: Sequence[float]
    match layer.name:
        case "mouth":
            shares = _CAVITY_SHARES
        case "upper_lip_inside":
            shares = (0.0,) * 3
        case "lower_lip_inside":
            shares = (1.0,) * 3
        case name if name == OWN_MOUTH:
            framed = int(len(layer.points) != _OWN_ROWS * 13)
            shares = np.pad(np.linspace(0, 1, _OWN_ROWS), framed, mode="edge").tolist()
            columns = np.clip(np.arange(-1 - framed, 12 + framed), 0, 10)
        case _:
            return None
    if len(layer.points) != len(shares) * len(columns):
        return None
    along, across = np.eye(11, dtype=np.float32)[columns], np.array(shares, np.float32)[:, None, None]
    return np.concatenate([(1 - across) * along, across * along], axis=2).reshape(-1, 22)


def _as_layer(
    name: str, points: Floats, uv: Floats, triangles: Indices, shapes: Floats, texture: str = ""
) -> Layer:
    return Layer(
        name=name,
        texture=texture or name,
        points=points.astype(np.float32),
        uv=uv.astype(np.float32),
        triangles=triangles.astype(np.int32),
        shapes=shapes.astype(np.float16),
        head=np.ones(len(points), np.float32),
    )


# -- The hollow --------------------------------------------------------------------------------------------

_CAVITY_TEXTURE = (64, 48)
_HOLLOW = 0.55
"""Times as bright as the lips the hollow is at its darkest: light comes in through the lips."""
_HOLLOW_AT_LIPS = 0.14
"""Of the lips' brightness, how much brighter it is at their edges in the middle; its corners stay dark."""
_DEEPER = 1.2
"""To what power its hue is that of the lips: light that was thrown back more than once has taken it more than once."""


def _cavity(room: Inside) -> Layer:
    """A hollow that hangs on the edges of both lips, so that it fills the opening whatever they do."""
    neutral, unit = room.mouth.neutral, room.frame.unit
    up = room.frame.directions(np.array([0.0, 1.0, 0.0])) / unit
    across = room.frame.directions(np.array([1.0, 0.0, 0.0])) / unit
    wide = np.linspace(-1, 1, 11)[:, None] * across * _EDGE * unit
    upper, lower = neutral[UPPER_INNER] + wide, neutral[LOWER_INNER] + wide
    moved = np.zeros((len(SHAPE_NAMES), 2, 11, 3), np.float32)
    moved[:-1, 0], moved[:-1, 1] = room.fields[:, UPPER_INNER], room.fields[:, LOWER_INNER]
    moved[-1, 0], moved[-1, 1] = room.mouth.pictured[UPPER_INNER], room.mouth.pictured[LOWER_INNER]
    shares = np.array(_CAVITY_SHARES)[:, None, None]
    points = (1 - shares) * upper + shares * lower
    points[0] += up * 0.07 * unit
    points[-1] -= up * 0.05 * unit
    depth = np.array([0.1, 0.5, 0.7, 0.7, 0.5, 0.1])[:, None] * np.ones(11)
    depth[:, [0, -1]] = np.minimum(depth[:, [0, -1]], 0.11)
    points[..., 2] -= depth * unit
    shapes = ((1 - shares) * moved[:, :1] + shares * moved[:, 1:]).reshape(len(SHAPE_NAMES), -1, 3)
    points[1:3] += up * 0.01 * unit
    points[3:5] -= up * 0.01 * unit
    triangles = grid_triangles(_CAVITY_ROWS, 11)
    width, height = _CAVITY_TEXTURE
    u, v = np.meshgrid(np.linspace(0, width, 11), np.linspace(0, height, _CAVITY_ROWS))
    count = 11 * _CAVITY_ROWS
    return _as_layer(
        "mouth",
        points.reshape(count, 3),
        np.stack([u, v], -1).reshape(count, 2),
        triangles,
        shapes,
    )


def _cavity_texture(light: Light) -> Pixels:
    """Darkest in the middle, never black: light comes in through the lips."""
    width, height = _CAVITY_TEXTURE
    places = (pixel_centres(0, 0, width, height) / [width, height] - 0.5) * 2
    edge = np.clip(np.abs(places[..., 1:]) ** 2.5, 0, 1) * (1 - places[..., :1] ** 2)
    return opaque(hollow_of(light) * (1 + _HOLLOW_AT_LIPS / _HOLLOW * edge))


def hollow_of(light: Light) -> Floats:
    """(3,) the hollow's colour where it is darkest: deeper than lips or skin, whichever is redder; grey where both are."""
    skin = (light.left + light.right) / 2
    hue = max(_tint(light.lips), _tint(skin), key=lambda tint: float(tint[0]))
    return np.asarray(_tint(hue**_DEEPER * 100) * luminance(light.lips) * _HOLLOW, np.float32)


# -- The inside of the lips ---------------------------------------------------------------------------------

_LINING = 0.014
"""Eye units that the inside of each lip is seen below or above its edge, in the middle of the mouth."""
_LINING_OF_GAP = 0.08
"""Of the lips' gap, what the inside of each covers as they part: the edges of a face mesh lie outside of what is seen open."""
_LINING_BESIDE_TEETH = (0.008, 0.03)
"""The same two where the picture shows teeth: they reach up to the lips' edges there, so little of the inside is seen later."""
_LINING_SHADES = ((1.0, 0.68), (1.0, 0.86))
"""Times as bright as the upper, the lower lip its inside is, at its edge and where it ends: the upper lip throws a shadow."""
_LINING_TEXTURE = (88, 16)


def _lip_lining(room: Inside, upper: bool, thick: float, grows: float) -> Layer:
    """The moist inside of a lip: it rounds the opening and hides the slit where lips just touch.

    In the picture itself it is not seen: there it lies folded up behind the lip.
    """
    unit = room.frame.unit
    row = UPPER_INNER if upper else LOWER_INNER
    edge = room.mouth.neutral[row]
    way = room.frame.directions(np.array([0.0, -1.0 if upper else 1.0, 0.0])) / unit
    tall = np.sin(np.linspace(0, np.pi, 11))[:, None] ** 0.4 * thick * unit * way
    back = np.array([0, 0, -_DEPTHS["lips"] * unit])
    points = np.stack([edge - 0.6 * thick * unit * way, edge, edge + tall]) + back
    moved = np.zeros((len(SHAPE_NAMES), 3, 11, 3), np.float32)
    moved[:-1] = room.fields[:, None, row]
    parting = room.fields[:, LOWER_INNER] - room.fields[:, UPPER_INNER]
    moved[:-1, 2] += (grows if upper else -grows) * parting * [1, 1, 0]
    moved[-1] = room.mouth.pictured[row]
    moved[-1, 0] -= 0.8 * tall  # wholly behind the lip, whose edge is a curve
    moved[-1, 1] -= 1.5 * tall
    moved[-1, 2] -= 2.6 * tall
    u, v = np.meshgrid(np.linspace(0, _LINING_TEXTURE[0], 11), [0.0, 2.0, 8.0])
    uv = np.stack([u, v if upper else _LINING_TEXTURE[1] - v], -1).reshape(-1, 2)
    order = slice(None) if upper else slice(None, None, -1)
    return _as_layer(
        "upper_lip_inside" if upper else "lower_lip_inside",
        points[order].reshape(-1, 3),
        uv.reshape(3, 11, 2)[order].reshape(-1, 2),
        grid_triangles(3, 11),
        moved[:, order].reshape(len(SHAPE_NAMES), -1, 3),
        texture="lips",
    )


def _lining_texture(picture: Pixels, shown: Floats) -> Pixels:
    """The lips' own colours at their inner edges, darker inwards: the upper lip's above, the lower one's below."""
    width, height = _LINING_TEXTURE
    along = (np.arange(width) + 0.5) / width * 10
    rows = []
    for rings, shades in zip((LIP_RINGS[:4], LIP_RINGS[4:]), _LINING_SHADES):
        places = 0.4 * shown[rings[3], :2] + 0.6 * shown[rings[2], :2]  # the line where lips meet is dark
        places = np.stack([np.interp(along, np.arange(11), places[:, axis]) for axis in range(2)], -1)
        colours = sample(picture[..., :3], places)
        kernel = np.ones(7) / 7
        padded = np.pad(colours, ((3, 3), (0, 0)), mode="edge")
        smooth = np.stack([np.convolve(padded[:, channel], kernel, "valid") for channel in range(3)], -1)
        shade = np.linspace(*shades, height // 2)[:, None, None]
        rows.append(smooth * shade)
    return opaque(np.concatenate([rows[0], rows[1][::-1]]))


# -- Teeth and tongue --------------------------------------------------------------------------------------


def _teeth(room: Inside, name: str) -> Layer:
    """The teeth of one jaw on a grid with their own depth: the upper ones stay with the skull."""
    template = load_template()
    depth = template.upper_depth if name == "upper" else template.lower_depth
    drawn = template.upper if name == "upper" else template.lower
    height, width = depth.shape
    rows, columns = 9, 21
    u, v = np.meshgrid(np.linspace(0, width, columns), np.linspace(0, height, rows))
    uv = np.stack([u, v], -1).reshape(-1, 2)
    whole = fill(depth[..., None], drawn[..., 2] > 200)
    z = sample(whole, uv)[:, 0]
    left, top, right, bottom = template.mouth_box
    points = np.stack(
        [left + (right - left) * uv[:, 0] / width, top + (bottom - top) * uv[:, 1] / height, z], -1
    )
    shapes = room.with_jaw(points * [1, 1, 0] + [0, 0, z.max()])  # as one piece, so nothing folds
    if name == "upper":
        shapes[:] = 0
    places = room.places(points - [0, _LOWER_BY[name], 0]) + room.back(name)
    return _as_layer(f"{name}_teeth", places, uv, grid_triangles(rows, columns), shapes)


def _teeth_texture(room: Inside, name: str, shown: Floats | None = None) -> Pixels:
    """Teeth and gums of the template in the picture's light, shaded by the lips: bright at their edges in the middle, dim at the
    sides and under the lip. Where the picture shows this person's own teeth, these have their colour (3,).

    As soft as the picture's own pixels: what is finer than they are would only glitter. Their edges end in the hollow's colour,
    because what is half seen cannot be drawn.
    """
    template, light = load_template(), room.light
    drawn = (template.upper if name == "upper" else template.lower).astype(np.float32) / 255
    shade, flesh, cover = drawn[..., 0:1], drawn[..., 1:2], drawn[..., 2]
    height, width = cover.shape
    left, top, right, bottom = template.mouth_box
    shares = pixel_centres(0, 0, width, height) / [width, height]
    across = left + (right - left) * shares[..., 0]
    above = top + (bottom - top) * shares[..., 1] - _LOWER_BY[name] - _seam()
    skin = light.skin(2 * shares[..., 0] - 1)
    least = max(_OF_THE_LIPS * float(luminance(light.lips)), _OF_THE_WHITE * float(luminance(light.white)))
    grey = np.maximum(_OF_THE_SKIN * luminance(skin), least)[..., None] * (_LOWER if name == "lower" else 1.0)
    tint = (
        _OF_WHITE * _tint(light.white)
        + _OF_SKIN * _tint(skin)
        + (1 - _OF_WHITE - _OF_SKIN) * _tint(light.lips)
    )
    enamel = (grey * tint).clip(0, _BRIGHTEST)
    if shown is not None:
        enamel = np.broadcast_to(_LOWER * shown, enamel.shape)
    gums = 0.55 * light.lips + 0.25 * skin
    colour = (1 - flesh) * enamel * (1 - _GAPS + _GAPS * shade) + flesh * gums * (0.75 + 0.25 * shade)
    hollow = hollow_of(light)
    lit = _shade(across, above, name)[..., None]
    reflected = luminance(colour)[..., None] * _tint(
        hollow
    )  # in the shade lies the light that the mouth throws back
    colour = np.maximum(lit * (lit * colour + (1 - lit) * reflected), hollow)
    colour = fill(colour, cover > 0.6)
    texels = width / ((right - left) * room.scale * room.frame.unit)
    soft = max(OF_THE_SOFTNESS * room.soft, LEAST_SOFTNESS * room.frame.unit)
    whole = blurred(np.concatenate([colour, cover[..., None]], axis=-1), soft * texels)
    seen = whole[..., 3:]
    colour = seen * whole[..., :3] + (1 - seen) * hollow
    return np.round(np.concatenate([colour, 255.0 * (seen > _COVERS)], axis=-1)).clip(0, 255).astype(np.uint8)


def _seam() -> float:
    """Eye units, y up, where the template's lips meet in their middle."""
    points = load_template().points
    return float(points[[UPPER_INNER[5], LOWER_INNER[5]], 1].mean())


def _shade(across: Floats, above: Floats, name: str) -> Floats:
    """(…,) how bright teeth are at places in eye units from the middle of the seam, y up, of their brightest."""
    corner = abs(float(load_template().points[UPPER_INNER[0], 0]))
    aside = smooth_step((np.abs(across) / corner - 0.3) / 0.65)
    under = above if name == "upper" else -above
    whole, ends = _SHADE_REACH[name]
    covered = smooth_step((under + ends) / (whole + ends))
    return np.asarray((1 - (1 - _AT_THE_CORNERS) * aside) * (1 - (1 - _IN_SHADE[name]) * covered))


def _tint(colours: Floats) -> Floats:
    """(…, 3) colours of brightness 1."""
    return np.asarray(colours / np.maximum(luminance(colours), 1)[..., None], np.float32)


def _tongue(room: Inside) -> Layer:
    """A dome behind the lower teeth that goes with the jaw, and comes out over the lower lip with `tongueOut`."""
    template = load_template()
    columns, rows = _TONGUE
    _, top, _, bottom = template.mouth_box
    cover = template.lower[..., 2] > 200
    row = int(np.flatnonzero(cover[:, cover.shape[1] // 2])[0])
    edge = top + (bottom - top) * row / cover.shape[0]
    front = float(template.lower_depth[row + 4, cover.shape[1] // 2])
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(0, 1, rows))
    x = _TONGUE_HALF * u * (0.75 + 0.25 * v)
    y = edge + _TONGUE_RISES + 0.035 * (1 - u**2) - 0.18 * v
    z = front - 0.06 - 0.12 * (1 - v) ** 2
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    shapes = room.with_jaw(points)
    out = np.zeros_like(points)
    out[:, 1] = 0.02 - 0.10 * v.ravel()
    out[:, 2] = 0.55 + 0.35 * v.ravel()
    shapes[ARKIT_INDEX["tongueOut"]] = room.frame.directions(out)
    uv = np.stack([(u + 1) * 32, v * 48], -1).reshape(-1, 2)
    return _as_layer(
        "tongue", room.places(points) + room.back("tongue"), uv, grid_triangles(rows, columns), shapes
    )


def _tongue_texture(light: Light) -> Pixels:
    places = pixel_centres(0, 0, 64, 48)
    u, v = places[..., 0] / 32 - 1, places[..., 1] / 48
    glow = 0.62 + 0.26 * np.exp(-((v - 0.35) ** 2) / 0.08) * (1 - 0.5 * u**2) - 0.08 * np.exp(-(u**2) / 0.01)
    colour = (0.8 * light.lips + 0.2 * light.skin(u)) * glow[..., None]
    deeper = colour * _tint(light.lips) ** (_DEEPER - 1)  # the mouth around it throws its own light back
    colour = luminance(colour)[..., None] * _tint(deeper)
    off_the_edge = 0.98 - np.abs(u) ** 2.5 - np.abs(2 * v - 1) ** 2.5
    inside_it = off_the_edge > 0
    lit = smooth_step(off_the_edge / _TONGUE_ROUND)[..., None]
    colour = lit * np.maximum(colour, 0.5 * light.lips) + (1 - lit) * hollow_of(light)
    alpha = np.where(inside_it, 255.0, 0.0)[..., None]
    return np.concatenate([np.round(colour), alpha], axis=-1).clip(0, 255).astype(np.uint8)


# -- What the picture itself shows -------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnMouth:
    """The picture's own pixels between parted lips.

    Attributes:
        layer, texture: of them.
        enamel: (3,) the colour of teeth that are seen, which stay with the skull; None where there are none, and all of it hides
            behind the upper lip as the mouth shuts.
    """

    layer: Layer
    texture: Pixels
    enamel: Floats | None

    @property
    def teeth(self) -> bool:
        """Whether teeth are seen."""
        return self.enamel is not None


_OWN_ROWS = 9
_WHITISH = 0.42
"""How coloured teeth are at the most, of 1."""
_BY_DAY = np.array([212, 161, 125], np.float32)
_COLOURED = (0.5, 0.6)
"""Skin by day, and how coloured a face's is from which on its light is taken to be, and wholly: a lamp's, a sunset's. Chosen on
60 pictures of GRID's s1, s7, s16 and s31, as filmed and in a warmer light.
"""
_LAMP = 4.0
"""By how much a channel is made weaker or stronger at most: of one that a lamp hardly has, little is known."""


def own_mouth(picture: Pixels, room: Inside, relief: Layer) -> OwnMouth:
    """The opening of a mouth as the picture shows it: all that the relief leaves free between the lips."""
    unit = room.frame.unit
    shown = room.mouth.shown
    upper, lower = shown[UPPER_INNER], shown[LOWER_INNER]
    outline = np.concatenate([upper, lower[::-1]])[:, :2]
    up = room.frame.directions(np.array([0.0, 1.0, 0.0])) / unit
    across = room.frame.directions(np.array([1.0, 0.0, 0.0])) / unit
    shares = np.linspace(0, 1, _OWN_ROWS)[:, None, None]
    points = (1 - shares) * upper + shares * lower
    points[0] += up * _EDGE * unit
    points[-1] -= up * _EDGE * unit
    points = np.concatenate(
        [points[:, :1] - across * _EDGE * unit, points, points[:, -1:] + across * _EDGE * unit], axis=1
    )
    points[..., 2] -= _DEPTHS["own"] * unit
    low = np.floor(outline.min(axis=0) - 2 * _EDGE * unit).astype(int)
    size = np.ceil(outline.max(axis=0) + 2 * _EDGE * unit).astype(int) - low
    places = pixel_centres(low[0], low[1], size[0], size[1])
    crop = sample(picture[..., :3], places)
    opening = inside(outline, places)
    free = ~_covered(relief.at_rest, relief.triangles, low, size)
    core = grown(opening, -1)
    kept = grown(opening, 2) | free
    texture = np.where(kept[..., None], crop, fill(crop, core if core.any() else kept))
    teeth = _teeth_seen(crop, opening, room.light)
    edge = _teeth_end(teeth, places, upper, lower)
    # In the neutral face what lies below the teeth is drawn up behind them, all of it where there are none.
    last = min(edge * (_OWN_ROWS - 1), _OWN_ROWS - 2.2)
    stop = points[int(last)] + (last % 1) * (points[int(last) + 1] - points[int(last)])
    stop = stop if edge else points[0] + up * 0.03 * unit
    below = np.arange(_OWN_ROWS) > last if edge else np.ones(_OWN_ROWS, bool)
    neutral = np.where(below[:, None, None], stop, points)
    triangles = grid_triangles(_OWN_ROWS, 13)
    if (free & ~_covered(points.reshape(-1, 3), triangles, low, size)).any():
        points, neutral = _framed(points, outline, across, _EDGE * unit), _around_it(neutral)
        triangles = grid_triangles(*points.shape[:2])
    points, neutral = points.reshape(-1, 3), neutral.reshape(-1, 3)
    shapes = np.zeros((len(SHAPE_NAMES), len(points), 3), np.float32)
    shapes[_PICTURED] = points - neutral
    rest = points - shapes[_PICTURED].astype(np.float16).astype(np.float32)
    layer = _as_layer(OWN_MOUTH, rest, points[:, :2] - low, triangles, shapes)
    return OwnMouth(layer, opaque(texture), _enamel_of(crop[teeth]) if edge else None)


def _covered(points: Floats, triangles: Indices, low: Indices, size: Indices) -> Flags:
    """(h, w) which pixels of a part of the picture a mesh covers; the part begins at a pixel and is (w, h) large."""
    covered = np.zeros((size[1], size[0]), bool)
    covered.flat[rasterise(points - [*low, 0], triangles, (int(size[0]), int(size[1]))).pixels] = True
    return covered


def _around_it(grid: Floats) -> Floats:
    """(R + 2, C + 2, 3) a grid (R, C, 3) whose outermost points are there twice."""
    return np.pad(grid, ((1, 1), (1, 1), (0, 0)), mode="edge")


def _framed(grid: Floats, outline: Floats, across: Floats, beyond: float) -> Floats:
    """(R + 2, C + 2, 3) a grid (R, C, 3) with a frame around it that holds all of an outline, wherever that lies.

    Between its lips' edges alone a grid leaves out what bulges beside a corner of the mouth, as in an O that is drawn tall.

    Args:
        grid: pixels.
        outline: (N, 2) pixels.
        across: (3,) the way across the mouth, of any length.
        beyond: pixels that the frame is larger on each side.
    """
    framed = _around_it(grid)
    along = across[:2] / np.linalg.norm(across[:2])
    places, down = framed[..., :2], np.array([-along[1], along[0]])
    for axis, first, last in ((along, places[:, 0], places[:, -1]), (down, places[0], places[-1])):
        reach = np.concatenate([outline, grid[..., :2].reshape(-1, 2)]) @ axis
        for edge, to in ((first, reach.min() - beyond), (last, reach.max() + beyond)):
            edge += (to - edge @ axis)[:, None] * axis
    return framed


def _enamel_of(colours: Floats) -> Floats:
    """(3,) what of (N, 3) colours of teeth their lit fronts have: the upper half, without gaps and shades."""
    bright = luminance(colours)
    return np.asarray(np.median(colours[bright >= np.median(bright)], axis=0), np.float32)


def _teeth_seen(crop: Floats, opening: Flags, light: Light) -> Flags:
    """(h, w) where in the opening teeth are seen; nowhere if it is too little to be teeth."""
    skin = (light.left + light.right) / 2
    bright = luminance(crop) > 0.5 * float(luminance(skin))
    teeth = opening & bright & (_strength(crop * _without_the_cast(skin)) < _WHITISH)
    return np.asarray(teeth & (teeth.sum() >= 0.2 * opening.sum()))


def _without_the_cast(skin: Floats) -> Floats:
    """(3,) by what colours are multiplied, so that skin of this colour looks as by day; 1 where it does already."""
    cast = smooth_step((_strength(skin) - _COLOURED[0]) / (_COLOURED[1] - _COLOURED[0]))
    lamp = (_tint(_BY_DAY) / np.maximum(_tint(skin), 1e-3)).clip(1 / _LAMP, _LAMP)
    return np.asarray(lamp**cast, np.float32)


def _strength(colours: Floats) -> Floats:
    """(…,) how coloured they are (…, 3): 0 for greys, 1 where a channel is 0."""
    most = colours.max(axis=-1)
    return np.asarray((most - colours.min(axis=-1)) / np.maximum(most, 1))


def _teeth_end(teeth: Flags, places: Floats, upper: Floats, lower: Floats) -> float:
    """How far down the opening the upper teeth reach, 0 to 1; 0 where no teeth are seen."""
    if not teeth.any():
        return 0.0
    share = np.zeros(21)
    middle = slice(3, 8)
    for place, part in enumerate(np.linspace(0, 1, 21)):
        line = ((1 - part) * upper + part * lower)[middle, :2]
        column = np.clip((line[:, 0] - places[0, 0, 0]).round().astype(int), 0, teeth.shape[1] - 1)
        row = np.clip((line[:, 1] - places[0, 0, 1]).round().astype(int), 0, teeth.shape[0] - 1)
        share[place] = teeth[row, column].mean()
    bare = np.flatnonzero(share < 0.4)
    bare = bare[bare > 4]
    end = 1.0 if not len(bare) else float(bare[0]) / 20
    return 1.0 if end > 0.8 else end
