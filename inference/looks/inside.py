"""What lies behind lids and lips, drawn anew: eyes as an illustrator draws them, teeth as one band, a flat hollow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import FacePicture, Layer
from ..pictures.drawn_mouth import plain, plain_tongue
from ..pictures.filling import Pixels, inside, luminance, opaque, pixel_centres
from ..pictures.mouth import OWN_MOUTH
from ..pictures.template import load_template
from .canvas import between, blurred, resized
from .features import Eye, Features
from .sheet import Sheet

_FINER = 4
"""Pixels of a drawn texture for one of the photo's."""
_MOST_SIDE = 512
_TEETH = 0.62
"""How bright teeth are at least, by the skin's brightness."""
_ALL_TEETH = 0.6
"""Share of an opening from which on what is bright in it is taken for a row of teeth from corner to corner."""


@dataclass(frozen=True)
class EyeColours:
    """(3,) each, 0 to 255, of an eye; `hatched` for an iris of strokes instead of a flat one."""

    white: Floats
    iris: Floats
    ink: Floats
    spark: Floats
    hatched: bool = False


@dataclass(frozen=True)
class MouthColours:
    """(3,) each, 0 to 255, of a mouth's inside."""

    hollow: Floats
    tongue: Floats
    teeth: Floats
    line: Floats
    lip: Floats


def drawn_eye(eye: Eye, colours: EyeColours, places: Floats, pixel: float) -> Floats:
    """(…, 3) what of an eye is seen at places of the picture.

    Args:
        eye: drawn.
        colours: of it.
        places: (…, 2) pixels of the picture.
        pixel: how large what is drawn at a place is, pixels of the picture.
    """
    off = (places - eye.iris) / eye.radius
    away = np.linalg.norm(off, axis=-1)
    soft = 0.75 * pixel / eye.radius

    def mixed(below: Floats, colour: Floats, share: Floats) -> Floats:
        return below + (colour - below) * share[..., None]

    result = np.broadcast_to(colours.white, (*places.shape[:-1], 3)).astype(np.float32)
    # The upper lid throws a shade on the white and on the iris.
    lid = np.interp(places[..., 0], eye.upper[:, 0], eye.upper[:, 1])
    below_lid = (places[..., 1] - lid) / eye.radius
    shade = between(below_lid, 0.75, 0.1)
    result = mixed(
        result, 0.72 * colours.white + 0.28 * colours.ink, shade * (0.0 if colours.hatched else 0.8)
    )
    disc = between(away, 1 + soft, 1 - soft)
    if colours.hatched:
        angle = np.arctan2(off[..., 1], off[..., 0])
        rays = between(np.abs(np.sin(11 * angle + 0.6 * np.sin(3 * angle))), 0.75, 0.2)
        dark = np.maximum(between(off[..., 1], 0.15, -0.75), rays * between(away, 0.25, 0.7))
        fill = mixed(
            np.broadcast_to(colours.white, result.shape), colours.iris, np.float32(0.35) + 0.65 * dark
        )
    else:
        bright = between(off[..., 1], -0.6, 0.9)
        fill = np.broadcast_to(colours.iris, result.shape) * (0.62 + 0.5 * bright[..., None])
    result = mixed(result, fill.clip(0, 255), disc)
    ring = between(away, 0.78 - soft, 0.86) * disc
    result = mixed(result, colours.ink, ring)
    result = mixed(result, colours.ink, between(away, 0.44 + soft, 0.44 - soft))
    result = mixed(result, colours.ink, 0.55 * shade * disc)
    spark = np.linalg.norm(off - np.array([-0.3, -0.36]), axis=-1)
    return mixed(result, colours.spark, between(spark, 0.23 + soft, 0.23 - soft))


def eye_parts(eye: Eye, colours: EyeColours, texture: Pixels) -> tuple[Layer, Pixels]:
    """An eye's layer and texture, drawn finer than the photo's was."""
    height, width = texture.shape[:2]
    finer = max(1, min(_FINER, _MOST_SIDE // max(width, height)))
    places = in_picture(eye.layer, pixel_centres(0, 0, width * finer, height * finer) / np.float32(finer))
    pixel = float(np.linalg.norm(places[0, 1] - places[0, 0]))
    layer = replace(eye.layer, uv=eye.layer.uv * np.float32(finer))
    return layer, opaque(drawn_eye(eye, colours, places, pixel))


def in_picture(layer: Layer, places: Floats) -> Floats:
    """(…, 2) places in the texture of a flat layer as places in the picture at rest; pixels of either."""
    at_rest = layer.at_rest[:, :2]
    low, span = layer.uv.min(axis=0), np.ptp(layer.uv, axis=0)
    scale = np.ptp(at_rest, axis=0) / np.maximum(span, 1e-6)
    return np.asarray((places - low) * scale + at_rest.min(axis=0), np.float32)


def covered_mouth(picture: Floats, features: Features) -> MouthColours:
    """A mouth all of the colour (H, W, 3) that is drawn where lips would be: what a mask shows as it is pulled apart."""
    x, y = np.concatenate([features.upper_lip, features.lower_lip]).reshape(-1, 2).astype(int).T
    seen = picture[y.clip(0, len(picture) - 1), x.clip(0, picture.shape[1] - 1)]
    colour = np.asarray(np.median(seen, axis=0), np.float32)
    return MouthColours(colour, colour, colour, colour, colour)


def mouth_textures(face: FacePicture, colours: MouthColours) -> Mapping[str, Pixels]:
    """The textures of what lies behind the lips that need no photo: those of them that a face picture has."""
    drawn = {
        "mouth": plain(colours.hollow),
        "tongue": plain_tongue(colours.tongue),
        "lips": plain(colours.lip),
        "upper_teeth": teeth(colours, "upper"),
        "lower_teeth": teeth(colours, "lower"),
    }
    return {name: texture for name, texture in drawn.items() if name in face.textures}


def teeth(colours: MouthColours, name: str) -> Pixels:
    """The template's teeth of one jaw as a band with a line at its edge."""
    template = load_template()
    drawn = template.upper if name == "upper" else template.lower
    cover = drawn[..., 2] > 127
    height, width = cover.shape
    seen = cover.any(axis=0)
    rows = np.arange(height, dtype=np.float32)[:, None] + 0.5
    columns = np.arange(width)
    if name == "upper":
        edge = np.where(seen, height - cover[::-1].argmax(axis=0), 0)
        far = np.polyval(np.polyfit(columns[seen], edge[seen], 2), columns) - rows
    else:
        edge = np.where(seen, cover.argmax(axis=0), height)
        far = rows - np.polyval(np.polyfit(columns[seen], edge[seen], 2), columns)
    line = 0.014 * width
    share = between(far, 1.15 * line, 0.85 * line)[..., None]
    white = colours.teeth if name == "upper" else 0.85 * colours.teeth + 0.15 * colours.hollow
    texture = opaque(np.asarray(white + (colours.line - white) * share, np.float32))
    texture[..., 3] = np.where((far > 0) & seen, 255, 0)
    return texture


def own_mouth(face: FacePicture, sheet: Sheet, colours: MouthColours) -> tuple[Layer, Pixels] | None:
    """What a photo shows between parted lips: teeth as one white area, all else as the hollow; None where it shows nothing."""
    layer = next((one for one in face.layers if one.name == OWN_MOUTH), None)
    if layer is None:
        return None
    texture = face.textures[layer.texture]
    height, width = texture.shape[:2]
    crop = sheet.clear(texture[..., :3].astype(np.float32))
    opening = inside(sheet.features.mouth, in_picture(layer, pixel_centres(0, 0, width, height)))
    bright = luminance(crop)
    strength = (crop.max(axis=-1) - crop.min(axis=-1)) / np.maximum(crop.max(axis=-1), 1)
    known = bright[opening] if opening.any() else bright.ravel()
    limit = max(0.62 * float(np.percentile(known, 90)), _TEETH * float(luminance(sheet.features.skin)))
    white = between(bright, limit - 12, limit + 12) * between(strength, 0.55, 0.4)
    if opening.any() and white[opening].mean() > _ALL_TEETH:
        white = np.ones_like(white)
    finer = max(1, min(_FINER, _MOST_SIDE // max(width, height)))
    share = resized(blurred(white, 0.02 * width), (width * finer, height * finer))
    share = between(share, 0.4, 0.6)[..., None]
    drawn = opaque(colours.hollow + (colours.teeth - colours.hollow) * share)
    return replace(layer, uv=layer.uv * np.float32(finer)), drawn
