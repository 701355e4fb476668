"""A cartoon: flat colours with one shade and one light, and lines around them."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Flags, Floats
from ..pictures.filling import luminance, sample
from .brows import around_eyes, brow_ink, face_area, lip_areas
from .canvas import between, blurred, guided
from .cropped_hair import cropped_hair
from .drawing import pen_lines
from .face_lines import face_ink, without_lids
from .inside import EyeColours, MouthColours
from .moustache import moustache
from .sheet import Sheet
from .skin import skin_likeness

_INK = np.array([52.0, 33.0, 38.0], np.float32)
_LEVELS = 6
"""Tones of what is not skin."""
_COLOURS, _SAMPLED, _EDGE = 13, 20_000, 60.0
"""How many colours what is not skin has, of how many pixels they are found, and how soft their borders are (levels²)."""
_FAR = (400.0, 1600.0)
"""Between which distances (levels²) from the nearest of them a colour stays its own: hair beside a coat would have its red."""
_AT_ONCE = 200_000
"""Pixels whose distances to all colours are known at a time: of a large photo's all they would take gigabytes."""
_LIGHT_COUNTS = 0.6
"""How much more than colours brightness counts where the nearest colour is looked for, so that no tone turns another hue."""
_IN_THE_FACE = 0.34
"""How much less like the skin's a colour in the face may be to be drawn as skin."""
_SHINE, _SHINE_HUE = (1.04, 1.16), (42.0, 30.0)
"""How much brighter than the skin, and how far from its hue in Lab, a gloss on it may be: it has the lamp's colour."""
_AMID, _AMID_SKIN = 0.25, (0.34, 0.45)
"""Eye units around a gloss, and how much of the person there is skin: beside hair, half of it."""
_SPILL = 0.05
"""Eye units from the person's outline within which colours are taken from further in."""
_DARK, _DARK_STRENGTH = (80.0, 150.0), 0.48
"""Between which values of the strongest channel a colour is dark, and how much less, of that, its weakest may then be."""
_SKIN_STRENGTH = 0.38
"""How much less, of its strongest colour, the skin has of its weakest, at the most."""
_RUDDY = 0.46
"""How far from its weakest to its strongest colour the skin's green lies at most: more of it would be olive."""
_CROPPED = 0.8
"""How bright, by the skin's brightness, cropped hair is taken to be at most; it is drawn as the square of that."""
_LAMP = (0.75, 1.9)
"""By how much a channel is made weaker or stronger at most, so that skin has the colour in which it is drawn."""
_BROWN, _PALE, _GREEN = 0.6, (1.15, 0.95), (1.35, 1.2)
"""How far from its weakest to its strongest colour hair's green lies at most, as brown does: more is olive. From which brightness
beside the skin's it may be yellow, and how much more green than red in that light is cloth's own.
"""


class Cartoon:
    """See the module; a `looks.Look`."""

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture in flat colours, 0 to 255."""
        colours = flat_colours(sheet)
        ink = np.maximum(pen_lines(sheet, 0.33), sheet.at_size(sheet.outline))
        ink = 0.92 * np.maximum(ink * without_lids(sheet), face_ink(sheet, 0.8))
        hair = np.maximum(brow_ink(sheet), 0.9 * moustache(sheet))[..., None]
        colours = colours + (_hair_colour(sheet) - colours) * hair
        return colours + (_INK - colours) * ink[..., None]

    def eye(self, sheet: Sheet) -> EyeColours:
        """How an eye is drawn."""
        return EyeColours(
            white=np.array([250.0, 249, 246], np.float32),
            iris=_iris_colour(sheet),
            ink=_INK,
            spark=np.array([255.0, 255, 255], np.float32),
        )

    def mouth(self, sheet: Sheet) -> MouthColours:
        """How the mouth is drawn inside."""
        return MouthColours(
            hollow=np.array([88.0, 28, 36], np.float32),
            tongue=np.array([206.0, 92, 98], np.float32),
            teeth=np.array([252.0, 250, 245], np.float32),
            line=np.array([216.0, 200, 196], np.float32),
            lip=0.6 * _lip_colour(sheet) + 0.4 * _INK,
        )


def flat_colours(sheet: Sheet) -> Floats:
    """(H, W, 3) the picture in areas of few tones, before an even background."""
    unit = sheet.unit
    colours = _own_colours(sheet)
    for _ in range(3):
        guide = luminance(colours) / 255
        colours = guided(guide, colours, max(2, round(0.045 * unit)), 0.0025)
    soft = blurred(colours, 0.012 * unit)
    likeness = sheet.at_size(_skin_likeness(soft, sheet)) + _IN_THE_FACE * face_area(sheet)
    likeness = between(likeness, 0.42, 0.58)
    # Tones are made at the picture's own size, so that their edges are sharp.
    bright = sheet.at_size(luminance(soft)).clip(1, 255)
    soft = _in_white_light(sheet.at_size(blurred(colours, 0.03 * unit)).clip(0, 255), sheet)
    skin, of_skin = _skin_colour(sheet), _skin_tones(bright / max(float(luminance(sheet.features.skin)), 1.0))
    eyes = around_eyes(sheet)
    of_skin, likeness = of_skin + (1 - of_skin).clip(0) * eyes, np.maximum(likeness, eyes)
    tones = 255 * _stepped(bright / 255, _LEVELS)
    flat = soft * (tones / np.maximum(luminance(soft), 8))[..., None]
    flat = _in_few_colours(
        _calm_darks(_livelier(flat, 1.2)), (sheet.at_size(sheet.person) > 0.5) & (likeness < 0.5)
    )
    flat = flat + (skin * of_skin[..., None] * _warmth(of_skin) - flat) * likeness[..., None]
    cropped = cropped_hair(sheet)
    hair = 0.65 * skin * min(cropped.bright, _CROPPED) ** 2 + 0.35 * _INK
    flat = flat + (hair - flat) * cropped.where[..., None]
    for lip, tone in zip(lip_areas(sheet), (0.84, 1.0)):
        flat = flat + (tone * _drawn_lip(sheet, skin) - flat) * lip[..., None]
    behind = _behind(sheet)
    return (behind + (flat - behind) * sheet.at_size(sheet.person).clip(0, 1)[..., None]).clip(0, 255)


def _in_white_light(colours: Floats, sheet: Sheet) -> Floats:
    """(…, 3) colours, as bright as before, in the light in which skin has the colour that it is drawn in: hair is no mustard."""
    seen, wanted = (
        one / max(float(luminance(one)), 1.0) for one in (sheet.features.skin, _skin_colour(sheet))
    )
    lit = colours * (wanted / np.maximum(seen, 0.05)).clip(*_LAMP)
    bright = luminance(colours) / max(float(luminance(sheet.features.skin)), 1.0)
    brown = between(bright, *_PALE) * between(lit[..., 1] / np.maximum(lit[..., 0], 1), *_GREEN)
    lit[..., 1] = np.minimum(lit[..., 1], lit[..., 0])  # grey at the most: whose light it was is a guess
    lit[..., 2] = np.minimum(lit[..., 2], lit[..., 1])
    olive = (lit[..., 1] - lit[..., 2] - _BROWN * (lit[..., 0] - lit[..., 2])).clip(0)
    lit[..., 1] -= brown * olive
    lit *= (luminance(colours) / np.maximum(luminance(lit), 1))[..., None]
    red, green, blue = np.moveaxis(colours, -1, 0)
    reach = np.maximum(red - blue, 1)
    # Of the hues of skin and hair alone: white cloth stays white, and red cloth red.
    share = between(reach / np.maximum(red, 1), 0.1, 0.35) * between((green - blue) / reach, 0.1, 0.3)
    return np.asarray(colours + (lit - colours) * share[..., None], np.float32)


def _in_few_colours(colours: Floats, where: Flags) -> Floats:
    """(H, W, 3) each colour replaced by the nearest of `_COLOURS`, found where (H, W) it counts (k-means, Lloyd 1982)."""
    seen = colours[where]
    if len(seen) < 20 * _COLOURS:
        return colours
    seen = seen[:: max(1, len(seen) // _SAMPLED)].astype(np.float32)
    # Begun with the quantiles of how bright they are: the same picture always gives the same colours.
    order = seen[np.argsort(luminance(seen), kind="stable")]
    inks = order[((np.arange(_COLOURS) + 0.5) * len(order) / _COLOURS).astype(int)]
    for _ in range(12):
        nearest = _distances(seen, inks).argmin(axis=1)
        inks = np.stack(
            [
                seen[nearest == one].mean(axis=0) if (nearest == one).any() else inks[one]
                for one in range(_COLOURS)
            ]
        )
    result = np.empty(colours.shape, np.float32)
    rows = max(1, _AT_ONCE // colours.shape[1])
    for top in range(0, len(colours), rows):
        result[top : top + rows] = _mixed(colours[top : top + rows], inks)
    return result


def _mixed(colours: Floats, inks: Floats) -> Floats:
    """(h, w, 3) each colour replaced by the nearest of (K, 3), with a short way from one to the next; one far from all stays."""
    own = colours.reshape(-1, 3)
    away = _distances(own, inks)
    nearest = away.min(axis=1, keepdims=True)
    share = np.exp((nearest - away) / np.float32(_EDGE))
    mixed = (share / share.sum(axis=1, keepdims=True)) @ inks
    mixed += (own - mixed) * between(nearest, *_FAR)
    return np.asarray(mixed.reshape(colours.shape), np.float32)


def _distances(colours: Floats, inks: Floats) -> Floats:
    """(N, K) the square of how far colours (N, 3) are from others (K, 3)."""
    colours, inks = (one + _LIGHT_COUNTS * luminance(one)[..., None] for one in (colours, inks))
    squares = (colours**2).sum(axis=1)[:, None] + (inks**2).sum(axis=1)[None]
    return np.asarray(squares - 2 * colours @ inks.T, np.float32).clip(0)


def _livelier(colours: Floats, times: float) -> Floats:
    """Colours with so many times their strength, as far as there are such."""
    grey = luminance(colours)[..., None]
    return np.asarray((grey + times * (colours - grey)).clip(0, 255), np.float32)


def _own_colours(sheet: Sheet) -> Floats:
    """(h, w, 3) the photo's colours; along the person's outline, which the background's light tints, those from further in."""
    unit = sheet.unit
    if sheet.person.min() > 0.5:
        return sheet.colours
    own = between(blurred(sheet.person, _SPILL * unit), 0.8, 1.0)[..., None]
    near = blurred(own, _SPILL * unit)
    inner = blurred(sheet.colours * own, _SPILL * unit) / np.maximum(near, 1e-3)
    share = (1 - own) * between(near, 0.0, 0.1)
    return np.asarray(sheet.colours + (inner - sheet.colours) * share, np.float32)


def _calm_darks(colours: Floats) -> Floats:
    """Colours of which dark ones are not strong: in dark hair a photo's red and green glimmers would be drawn as spots."""
    top = np.maximum(colours.max(axis=-1), 1)
    strength = 1 - colours.min(axis=-1) / top
    most = _DARK_STRENGTH + (1 - _DARK_STRENGTH) * between(top, *_DARK)
    share = np.minimum(1, most / np.maximum(strength, 1e-3))[..., None]
    grey = luminance(colours)[..., None]
    return np.asarray(grey + (colours - grey) * share, np.float32)


def _skin_colour(sheet: Sheet) -> Floats:
    """(3,) the skin's own colour, never stronger than an illustrator would take it, and a little brighter."""
    skin = sheet.features.skin
    grey = float(luminance(skin))
    strength = float(skin.max() - skin.min()) / max(float(skin.max()), 1.0)
    calm = grey + (skin - grey) * min(1.0, _SKIN_STRENGTH / max(strength, 1e-3))
    if calm[0] > calm[2]:
        calm[1] = min(calm[1], calm[2] + _RUDDY * (calm[0] - calm[2]))
    grey = float(luminance(calm))
    brighter = grey + 0.35 * max(0.0, 215 - grey) * min(1.0, grey / 150)
    return np.asarray((calm * brighter / max(grey, 1)).clip(0, 250), np.float32)


def _warmth(share: Floats) -> Floats:
    """(…, 3) what a tone of the skin is multiplied with: shades are redder."""
    depth = (1 - share).clip(0, 0.5)[..., None]
    return np.asarray(1 + depth * np.array([0.12, -0.10, -0.12]), np.float32)


def _stepped(values: Floats, levels: int) -> Floats:
    """Values of 0 to 1 in so many steps, with a short way from one to the next."""
    scaled = values * levels
    low = np.floor(scaled)
    return np.asarray((low + 0.45 + between(scaled - low, 0.94, 1.0)) / levels)


def _skin_tones(share: Floats) -> Floats:
    """How bright the skin is drawn, by its own brightness 1: deep shade, shade, flat, light."""
    deep = 0.58 + 0.20 * between(share, 0.49, 0.52)
    return np.asarray(
        deep + 0.22 * between(share, 0.765, 0.795) + 0.06 * between(share, 1.17, 1.2), np.float32
    )


def _skin_likeness(colours: Floats, sheet: Sheet) -> Floats:
    """(h, w) how like the skin's a colour is, 0 to 1; a gloss amid skin is skin, which else would have a spot of paint."""
    skin, reach = sheet.features.skin, _AMID * sheet.unit
    like = skin_likeness(colours, skin)
    amid = blurred(like * sheet.person, reach) / np.maximum(blurred(sheet.person, reach), 1e-3)
    brighter = luminance(colours) / max(float(luminance(skin)), 1.0)
    shine = between(brighter, *_SHINE) * between(amid, *_AMID_SKIN) * skin_likeness(colours, skin, _SHINE_HUE)
    return blurred(np.maximum(like, shine), 0.01 * sheet.unit)


def _behind(sheet: Sheet) -> Floats:
    """(3,) an even colour for what lies behind the person: the mean of what is there, lighter."""
    away = sheet.person < 0.2
    if not away.any():
        return np.array([214.0, 226, 232], np.float32)
    mean = np.median(sheet.colours[away], axis=0)
    grey = float(luminance(mean))
    colour = 205 + 0.6 * (mean - grey)
    return np.asarray(colour.clip(0, 255), np.float32)


def _iris_colour(sheet: Sheet) -> Floats:
    """(3,) the irises' colour, livelier than the photo's."""
    seen = []
    for eye in sheet.features.eyes:
        angles = np.linspace(0.1, 0.9, 9) * np.pi
        ways = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        places = eye.iris + 0.68 * eye.radius * ways
        seen.append(sample(sheet.colours, (places * sheet.scale).astype(np.float32)))
    if not seen:
        return np.array([110.0, 80, 60], np.float32)
    colour = np.median(np.concatenate(seen), axis=0)
    grey = float(luminance(colour))
    return np.asarray(((colour - grey) * 1.8 + max(grey, 75)).clip(20, 235), np.float32)


def _drawn_lip(sheet: Sheet, skin: Floats) -> Floats:
    """(3,) the lips' colour beside that of the skin as it is drawn: never the skin's own."""
    seen = _lip_colour(sheet) * np.float32(luminance(skin) / max(float(luminance(sheet.features.skin)), 1.0))
    usual = skin * np.array([0.90, 0.62, 0.62], np.float32)
    return np.asarray((0.4 * seen + 0.6 * usual).clip(0, 255), np.float32)


def _hair_colour(sheet: Sheet) -> Floats:
    """(3,) of brows and moustache: the skin's darkened, near to ink."""
    return np.asarray(0.35 * 0.45 * sheet.features.skin + 0.65 * _INK, np.float32)


def _lip_colour(sheet: Sheet) -> Floats:
    places = sheet.features.lower_lip[1:3, 2:9].reshape(-1, 2)
    return np.asarray(np.median(sample(sheet.colours, places * np.float32(sheet.scale)), axis=0), np.float32)
