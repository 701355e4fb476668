"""Where the eyes of a drawing are: an area of colour that is unlike what lies around it, or what a line encloses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..face.arrays import Flags, Floats, Indices
from .colours import LIKE, lab, surroundings
from .filling import Pixels, flooded, grown, labelled, luminance, pixel_centres, sample, without_holes
from .frame import FaceFrame
from .indices import IRISES, LOWER_LIDS, UPPER_LIDS

_REACHES = (0.46, 0.62)
"""Of the distance of the eyes' middles, how far an eye may reach, and eyes that touch each other."""
_UNLIKE_SKIN = (14.0, 20.0, 28.0, 40.0)
"""Distances in Lab from which on a colour is taken for the eye's, one after the other."""
_AROUND = 0.64
"""Where an eye's surroundings begin, share of its reach, squared."""
_INK = 35.0
"""Lightness in Lab up to which a colour may be that of lines."""
_LEAK, _STABLE, _SMALLEST = 0.12, 1.25, 0.15
"""Shares: of its reach's rim that an eye covers at most; by which it may grow from one distance to the next; of a usual eye."""
_TINT = 5.0
"""Distance in Lab up to which a colour around an eye is the skin's own, not that of lashes or of a shadow."""
_WHITER, _COLOURLESS = 4.0, 9.0
"""In Lab: white around an eye is so much lighter than the face's colour, and hardly coloured."""
_SOME_WHITE = 0.02
"""Share of white around an iris from which on a whole eye is looked for."""
_OWN_LID = 0.2
"""Share of what is beside an eye from which on the face's own colour is its lid's."""
_BROW, _LIMB = 0.15, 0.12
"""Of a usual eye's width, half as thick as a brow at most; of an eye, how much what hangs on it has and lashes have not."""
_HUGS, _MOSTLY = 0.2, 0.7
"""Of a usual eye's width, how far from it lashes reach, and what share of them."""
_PASSES, _NARROW = 0.75, 0.3
"""Of an eye's height, how tall what runs down beside it is at least, and of its own, how wide at most: no lashes are so."""
_GRAIN = 0.03
"""Of a usual eye's width, half as wide as gaps may be in a line that encloses an eye: crayon and chalk leave paper bare."""
_ALONE, _IRIS_ALONE = 0.4, 0.85
"""Of a usual eye, up to which what has a white may be no more than an iris, and what encloses it the eye rather than glasses;
up to the second where that is no larger than an eye, rather than as glasses."""
_GLASSES = (2.4, 1.6)
"""Times as high and as wide as a usual eye from which on what encloses one may be glasses."""
_HELD_WITHIN = 0.1
"""Share of what a line encloses from which on it is more than the softened edges within."""
_RING = 6
"""Pixels around an eye in which its lid's colour is looked for."""
_BEYOND_A_LINE, _SEEN_BEYOND = 0.15, 0.15
"""Of an eye's width, how far beyond it a lid's colour is looked for where a line is around it, and what share it has there."""
_MOST_PARTS = 24
_HELD = 0.9
"""Share of an iris that is within the eye that it is of."""
_LARGE, _LOOSE = 1.8, 0.45
"""Times as long as a usual eye, and what share of its box: an eye that hangs together with the line of a nose or brow."""
_WHOLE = 0.2
"""Share of white from which on an eye is one by itself, and what encloses it a pair of glasses."""
_IRIS = 0.04
"""Share that what is much darker than its white has of a whole eye at least."""
_LEVEL, _FULL, _FLAT, _LINE_THICK = 1.1, 0.6, 0.25, 0.12
"""A shut eye: how much wider than high it is, what share of its box it fills at most, or how flat it is; half its thickness."""


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
        shut: whether it is drawn shut, as one line.
    """

    left: int
    top: int
    places: Floats
    crop: Floats
    eye: Flags
    solid: Flags
    skin: Floats
    shut: bool


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
    return tuple(_eye_at(picture, middles.astype(np.float64), skin, mesh, eye) for eye in range(len(middles)))


def _eye_at(picture: Pixels, middles: Floats, skin: Floats, mesh: Floats, eye: int) -> DrawnEye:
    """One of two eyes whose middles (2, 2) are known; where it fills the usual reach it may go on to half way between them."""
    middle = middles[eye]
    apart = float(np.linalg.norm(middles[1] - middles[0]))
    near, far = _REACHES
    first: DrawnEye | None = None
    for share, lashes, white in (
        (near, True, False),
        (far, True, False),
        (near, False, False),
        (far, False, False),
        (near, True, True),
    ):
        crop = _crop_around(picture, middle, share * apart)
        oval = crop.away < 1
        if share > near:
            oval &= np.linalg.norm(crop.places - middles[1 - eye], axis=-1) > crop.off
        grounds = _grounds(crop, oval, lab(skin), white)
        usual = _usual_eye(mesh, eye, crop.places)
        told = _told_from(grounds, crop, oval, middle, usual, lashes)
        if told is None:
            continue
        made = _with_lid(crop, told[0], grounds, told[1], skin)
        by_ink = first is None and bool((told[1] & ~grounds.pale & ~grounds.own).any())
        if first is None:
            first = made
        sure = not by_ink if first is made else _holds(made, first)
        if sure and _is_whole(told[0], luminance(crop.colours)):
            return made  # rather than an iris alone, or what a line encloses that reaches farther
        if not by_ink and _whites(crop.lab, lab(skin)).mean() < _SOME_WHITE:
            break
    if first is not None:
        return first
    # hair or a brow that runs into the eye, or nothing at all
    crop = _crop_around(picture, middle, _REACHES[0] * apart)
    grounds = _grounds(crop, crop.away < 1, lab(skin), True)
    chosen = grounds.pale if grounds.pale.any() else np.ones_like(grounds.own)
    return _with_lid(crop, _usual_eye(mesh, eye, crop.places), grounds, chosen, skin)


def _holds(larger: DrawnEye, smaller: DrawnEye) -> bool:
    """Whether an eye is nearly all of it part of another one."""
    rows, columns = np.nonzero(smaller.eye)
    rows, columns = rows + smaller.top - larger.top, columns + smaller.left - larger.left
    height, width = larger.eye.shape
    kept = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return bool(larger.eye[rows[kept], columns[kept]].sum() >= _HELD * smaller.eye.sum())


@dataclass(frozen=True)
class _Crop:
    """The part of a picture around an eye: `DrawnEye`'s, and how far its pixels are from the eye's middle.

    Attributes:
        low: its corner, pixels.
        places, colours, solid: as `DrawnEye`'s places, crop and solid.
        lab: (h, w, 3) its colours in Lab.
        off, away: (h, w) pixels, and shares of the reach, squared.
    """

    low: Indices
    places: Floats
    colours: Floats
    solid: Flags
    lab: Floats
    off: Floats
    away: Floats


def _crop_around(picture: Pixels, middle: Floats, reach: float) -> _Crop:
    low, high = np.floor(middle - reach).astype(int), np.ceil(middle + reach).astype(int)
    places = pixel_centres(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
    seen = sample(picture, places)
    off = np.linalg.norm(places - middle, axis=-1)
    colours = seen[..., :3]
    return _Crop(low, places, colours, seen[..., 3] >= 127.5, lab(colours), off, (off / reach) ** 2)


def _whites(colours: Floats, skin: Floats) -> Flags:
    """(…,) which of (…, 3) Lab colours are a white that the face's own colour is not."""
    white = (colours[..., 0] > skin[0] + _WHITER) & (np.linalg.norm(colours[..., 1:], axis=-1) < _COLOURLESS)
    return np.asarray(white & (np.linalg.norm(colours - skin, axis=-1) >= _TINT))


@dataclass(frozen=True)
class _Grounds:
    """What an eye is told from.

    Attributes:
        colours: (K, 3) Lab.
        off: (h, w, K) how far each pixel of the crop is from them.
        own: (K,) which are the face's own colour.
        pale: (K,) which are no ink's.
    """

    colours: Floats
    off: Floats
    own: Flags
    pale: Flags


def _grounds(crop: _Crop, oval: Flags, skin: Floats, also_white: bool) -> _Grounds:
    """The colours around an eye; unless it is asked for, without a white that is none of the face's: a large eye's own."""
    colours = surroundings(crop.lab[(crop.away > _AROUND) & oval], skin)
    own = np.linalg.norm(colours - skin, axis=-1) < LIKE
    if not also_white:
        kept = ~_whites(colours, skin)
        colours, own = (colours[kept], own[kept]) if kept.any() else (skin[None], np.ones(1, bool))
    off = np.linalg.norm(crop.lab[:, :, None] - colours, axis=-1)
    return _Grounds(colours, off, own, colours[:, 0] > _INK)  # what is dark is rather lines


def _told_from(
    grounds: _Grounds, crop: _Crop, oval: Flags, middle: Floats, usual: Flags, lashes: bool
) -> tuple[Flags, Flags] | None:
    """(h, w) an eye, and which grounds (K,) it was told from; None where it has no bounds."""
    own, pale = grounds.own, grounds.pale
    dark = own if own.any() and not pale[own].any() else np.zeros_like(own)  # then what is pale is glasses
    for chosen in (dark, pale, np.ones_like(own)):
        if chosen.any():
            there = grounds.off[..., chosen].min(axis=-1)
            region = _region(there, luminance(crop.colours), oval, crop, middle, usual, lashes)
            if region is not None:
                return _without_limbs(region, usual, crop, middle, lashes), dark if dark.any() else chosen
    return None


def _with_lid(crop: _Crop, region: Flags, grounds: _Grounds, chosen: Flags, skin: Floats) -> DrawnEye:
    """The eye; its lid has the colour of what it was told from, the face's own where that is beside it."""
    face = skin
    off = np.where(chosen, grounds.off, np.inf)
    around = grown(region, _RING) & ~grown(region, 2)
    like = around & (off.min(axis=-1) < LIKE)
    if like.sum() > 8:
        nearest = off.argmin(axis=-1)
        counts = np.bincount(nearest[like], minlength=len(grounds.colours))
        own = np.where(grounds.own & chosen, counts, 0)
        most = own.argmax() if own.max() >= _OWN_LID * counts.sum() else counts.argmax()
        like &= nearest == most
        alike = like & (off[..., most] < _TINT)
        skin = np.median(crop.colours[alike if alike.sum() > 8 else like], axis=0)
        if not (grounds.pale[most] or grounds.own[most]):
            skin = _beyond_the_line(crop, region, grounds, face, skin)
    left, top = int(crop.low[0]), int(crop.low[1])
    shut = _is_line(region, luminance(crop.colours))
    return DrawnEye(
        left, top, crop.places, crop.colours, region, crop.solid, np.asarray(skin, np.float32), shut
    )


def _beyond_the_line(crop: _Crop, region: Flags, grounds: _Grounds, face: Floats, line: Floats) -> Floats:
    """(3,) the colour beyond the line that is around an eye: the face's, or what is pale there; the line's where it goes on."""
    reach = round(_BEYOND_A_LINE * extent(region)[1])
    beyond = grown(region, _RING + reach) & ~grown(region, _RING)
    for colours in (lab(face)[None], grounds.colours[grounds.pale]):
        for colour in colours:
            like = beyond & (np.linalg.norm(crop.lab - colour, axis=-1) < LIKE)
            if like.sum() > max(8, _SEEN_BEYOND * beyond.sum()):
                return np.asarray(np.median(crop.colours[like], axis=0), np.float32)
    return line


def _is_line(region: Flags, bright: Floats) -> bool:
    """Whether an eye is a line from one side to the other, as shut eyes are drawn, rather than a dot or an eye with a white."""
    height, width = extent(region)
    if width < _LEVEL * height or _has_white(region, bright) or region.sum() > _FULL * height * width + width:
        return width > 0 and height < _FLAT * width and not _has_white(region, bright)
    return not grown(region, -max(1, int(np.ceil(_LINE_THICK * width)))).any()


def _region(
    off: Floats, bright: Floats, oval: Flags, crop: _Crop, middle: Floats, usual: Flags, lashes: bool
) -> Flags | None:
    """What is unlike the skin around a place, and whatever that encloses; None where it has no bounds.

    The least unlike colours that will do: with a shadow or a blush beside the eye it has no bounds until they no longer count.

    Args:
        off: (h, w) distance in Lab from the skin.
        bright: (h, w) luminance.
        oval: (h, w) where the eye may be.
        crop: of the picture.
        middle: (2,) of the eye.
        usual: (h, w) what an eye of such a face usually covers.
        lashes: whether thick ones are the eye's; they may hang together with hair.
    """
    rim = (crop.away < 1) & ~grown(crop.away < 1, -2) & oval
    known: list[Flags | None] = []
    for least in _UNLIKE_SKIN:
        unlike = (off > least) & oval
        region = without_holes(connected(unlike, crop.places, middle))
        whole = _is_whole(region, bright)
        alone = _IRIS_ALONE * usual.sum()  # a dot of crayon has light and dark in it, too
        if not whole or region.sum() < alone:
            gap = max(1, round(_GRAIN * extent(usual)[1]))
            bridged = grown(without_holes(grown(unlike, gap)), -gap) | unlike
            larger = connected(bridged, crop.places, middle)
            small = region.sum() <= _ALONE * usual.sum() or not _is_as_large_as_glasses(larger, usual)
            eye = _is_whole(larger, bright) and (small or not whole)
            eye |= whole and _shines_within(larger, unlike, crop)
            if eye and (larger & rim).sum() <= _LEAK * rim.sum():
                region = larger
            elif not whole:
                region = connected(without_holes(unlike), crop.places, middle)
        for part in (region, _without_limbs(region, usual, crop, middle, lashes)):
            fits = part.sum() >= _SMALLEST * usual.sum() and (part & rim).sum() <= _LEAK * rim.sum()
            if fits and (_has_white(part, bright) or not _strays(part, usual)):
                known.append(part)
                break
        else:
            known.append(None)
    fitting = [region for region in known if region is not None]
    fitting = [region for region in fitting if _is_whole(region, bright)] or fitting
    for region, stricter in zip(fitting, fitting[1:]):
        if region.sum() <= _STABLE * stricter.sum():
            return region
    return fitting[0] if fitting else None


def _shines_within(enclosed: Flags, unlike: Flags, crop: _Crop) -> bool:
    """Whether what lies within a line and was taken for skin is an iris, its pupil and what shines in it being all that is told
    from some hair or ear: it is dark and of another colour than what is around that line, unlike skin behind glasses.
    """
    within, beside = enclosed & ~unlike, grown(enclosed, _RING) & ~grown(enclosed, 2)
    if within.sum() < _HELD_WITHIN * enclosed.sum() or not beside.any():
        return False
    inner, outer = (np.median(crop.lab[mask], axis=0) for mask in (within, beside))
    return bool(inner[0] < outer[0] and np.linalg.norm(inner - outer) > LIKE)


def _without_limbs(region: Flags, usual: Flags, crop: _Crop, middle: Floats, lashes: bool) -> Flags:
    """An eye without what hangs on it, a brow or hair: what its line encloses and that line, or what is thick of it.

    Lashes are its own: thin ones, and thick ones that lie on its edge, where that is asked for.
    """
    thin = max(1, round(_BROW * extent(usual)[1]))
    bright = luminance(crop.colours)
    enclosed = without_holes(_with_most_white(region & (crop.lab[..., 0] > _INK), bright))
    within = enclosed[np.unravel_index(crop.off.argmin(), enclosed.shape)]
    if within and _is_whole(enclosed, bright):
        eye = grown(enclosed, min(thin, _line_below(enclosed, region)) + 1) & region
    else:
        eye = grown(connected(grown(region, -thin), crop.places, middle), thin + 1) & region
    if not eye.any():
        return region
    rest, near = region & ~eye, grown(eye, max(1, round(_HUGS * extent(usual)[1])))
    largest = _LIMB * eye.sum()
    for part in _parts(rest, rest):
        height, width = extent(part)
        if height > _PASSES * extent(eye)[0] and width < _NARROW * height:
            continue  # the line of a face that the eye touches
        if part.sum() < largest or (lashes and (part & near).sum() > _MOSTLY * part.sum()):
            eye = eye | part
    return eye


def _parts(start: Flags, mask: Flags) -> Iterator[Flags]:
    """What of a mask hangs together with some places, one part after the other; of very many the first."""
    parts = labelled(mask)
    for number in np.unique(parts[start & mask])[:_MOST_PARTS]:
        yield parts == number


def _with_most_white(mask: Flags, bright: Floats) -> Flags:
    """The part of a mask that has most of what is nearly as bright as its brightest."""
    if not mask.any():
        return mask
    white = mask & (bright > 0.8 * float(np.percentile(bright[mask], 98)))
    return max(_parts(white, mask), key=lambda part: int((part & white).sum()))


def _line_below(enclosed: Flags, region: Flags) -> int:
    """Pixels that a region goes on below what its line encloses: how thick that line is."""
    columns = np.flatnonzero(enclosed.any(axis=0))
    last = len(enclosed) - 1 - enclosed[::-1, columns].argmax(axis=0)
    free = np.pad(~region, ((0, 1), (0, 0)), constant_values=True)
    below = [int(free[row + 1 :, column].argmax()) for row, column in zip(last, columns)]
    return int(np.median(below))


def _strays(region: Flags, usual: Flags) -> bool:
    """Whether an area goes far beyond a usual eye, and leaves most of the box that it lies in free: lines that lead elsewhere."""
    (height, width), (usual_height, usual_width) = extent(region), extent(usual)
    large = height > _LARGE * usual_height or width > _LARGE * usual_width
    return large and float(region.sum()) < _LOOSE * height * width


def _is_as_large_as_glasses(region: Flags, usual: Flags) -> bool:
    return any(size > most * common for size, most, common in zip(extent(region), _GLASSES, extent(usual)))


def extent(mask: Flags) -> tuple[int, int]:
    """Height and width of what is marked."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1) if len(rows) else (0, 0)


def _has_white(region: Flags, bright: Floats) -> bool:
    """Whether an area looks like a whole eye rather than like an iris alone."""
    if not region.any():
        return False
    top = float(np.percentile(bright[region], 98))
    return top > 120 and float((bright[region] > 0.8 * top).mean()) > _WHOLE


def _is_whole(region: Flags, bright: Floats) -> bool:
    """Whether an area has both, white and something dark in it, as a whole eye does: a light dot in a line is the iris of one."""
    if not _has_white(region, bright):
        return False
    inner = grown(region, -2)  # an edge is softened
    top = float(np.percentile(bright[region], 98))
    return bool(inner.any()) and float((bright[inner] < 0.6 * top).mean()) > _IRIS


def _usual_eye(mesh: Floats, eye: int, places: Floats) -> Flags:
    ring = mesh[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]]), :2]
    middle, half = ring.mean(axis=0), np.ptp(ring, axis=0) / 2 * [1.1, 1.4]
    return np.asarray((((places - middle) / np.maximum(half, 1)) ** 2).sum(axis=-1) < 1)


def connected(mask: Flags, places: Floats, middle: Floats) -> Flags:
    """What of a mask hangs together with its place nearest to the middle."""
    if not mask.any():
        return mask
    off = np.where(mask, np.linalg.norm(places - middle, axis=-1), np.inf)
    region = np.zeros_like(mask)
    region[np.unravel_index(off.argmin(), mask.shape)] = True
    return flooded(region, mask)
