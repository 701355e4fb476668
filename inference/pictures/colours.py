"""What a picture's colours tell: whether it is drawn, of which colours, and how unlike two of them look."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Flags, Floats
from ..face.srgb import linear
from .filling import Pixels, blurred, luminance

_LOOKED_AT = 160
"""Pixels across the face at which its colours are counted."""
_FLAT_SHARE, _FEW, _FEW_SHARE = 0.55, 12, 0.7
"""A drawing: more than this share of its pixels is like its neighbour, and so many colours make up more than that share."""
_FAR, _FAR_SHARE = 30, 0.4
"""A drawing: more than that share is also like what lies so many times in the face's width away; of grey or enlarged photos,
whose neighbours are alike, it is 0.3 at most, of drawings 0.55 and more."""
_BLOCK, _GRID, _MOST_LOOKED_AT = 8, 3.5, 640
"""Pixels of a JPEG's blocks, how many times larger than within them steps from one to the next are where little was kept of a
photo, and how many pixels of a face that is told by at most. In drawings' JPEGs steps are 3.1 times as large at most, but for two
of 35 at a quality of 3.
"""
_BLOCKS_FAR_SHARE = 0.5
"""`_FAR_SHARE` of a copy in which the blocks run into each other; a drawing in large square pixels is still flat there."""
_TEXTURED_FEW, _TEXTURED_WIDE, _LIKE_AREAS, _TEXTURE = 0.75, 0.42, 8.0, 2.8
"""A drawing in crayon, pencil or water colours: more than the first share is of few colours, in a smooth copy the second share is
alike a tenth of the face's width away, and half of it is off that copy by the last, 0 to 255. Of photos, also dark, grey, sepia,
overexposed or noisy ones, the second share is 0.39 at most; smooth pictures of a computer's have no texture.
"""
_SMOOTH_COPY = 80
"""Pixels across the face of that copy, and twice as many of what is smoothed."""
_FEWER, _LESS_WIDE = 0.82, 0.3
"""As the first two of `_TEXTURED_FEW` where there are still fewer colours: glowing lines on black and tiles have less that is
alike. Photos with a texture, also overexposed noisy ones, have 0.81 of few colours at most.
"""
_CONTRAST, _MOST_CONTRAST = 140.0, 8.0
"""Between dark and light of a face as it is looked at, 0 to 255, and by how much it is multiplied for that at most."""
_GREY = 24.0
"""Between the channels of nearly all of a picture that is grey, or of one tone as sepia is, 0 to 255; without that tone."""
_PALETTE = 12
LIKE = 14.0
"""Distance in Lab up to which two colours may be one, the skin's for example."""
BLACK, BOARD = 40.0, 80.0
"""How bright a face is at most on which lines are light, 0 to 255, and a board's, where what is drawn on it tells so."""
_GROUNDS, _GROUND_SHARE = 4, 0.1
"""How many colours surroundings have at most, and of what share."""


def lab(colours: NDArray[Any]) -> Floats:
    """(…, 3) CIE Lab under D65 of sRGB colours (…, 3), 0 to 255."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear(np.asarray(colours, np.float32) / 255) @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def commonest(colours: Floats) -> tuple[Floats, Flags]:
    """The most frequent of (N, 3) Lab colours, (3,), and which (N,) are counted to it: those in the same cell of six units."""
    coarse = np.floor(colours / 6).astype(np.int64) @ np.array([10_000, 100, 1])
    _, back, counts = np.unique(coarse, return_inverse=True, return_counts=True)
    counted = back.ravel() == counts.argmax()
    return np.median(colours[counted], axis=0), counted


def surroundings(colours: Floats, usual: Floats) -> Floats:
    """(K, 3) the colours that something lies in, of (N, 3) Lab colours around it, the most frequent first: skin, fur, hair."""
    grounds: list[Floats] = []
    left = colours
    while len(left) and len(grounds) < _GROUNDS:
        middle, _ = commonest(left)
        like = np.linalg.norm(left - middle, axis=-1) < LIKE
        if like.sum() < _GROUND_SHARE * len(colours):
            break
        grounds.append(middle)
        left = left[~like]
    return np.array(grounds or [usual], np.float32)


def is_drawing(picture: Pixels, outline: Floats) -> bool:
    """Whether a face (its outline (N, 2), pixels) is drawn: flat areas of few colours. Photos are never flat."""
    whole = _box_of(picture, outline)
    if min(whole.shape[:2]) < 8:
        return False
    step = max(1, whole.shape[1] // _LOOKED_AT)
    box = _with_contrast(whole[::step, ::step].astype(np.float32))
    far = max(1, box.shape[1] // _FAR)
    flat, wide = (_alike(box, off) for off in (1, far))
    if flat <= _FLAT_SHARE or wide <= _FAR_SHARE or _share_of_few(box) <= _FEW_SHARE:
        return False
    return not _has_blocks(whole) or _alike(_without_blocks(whole, step), far) > _BLOCKS_FAR_SHARE


def _alike(box: Floats, off: int) -> float:
    """The share of (h, w, 3) that has the colour of what lies so many pixels to its left."""
    return float((np.abs(box[:, off:] - box[:, :-off]).max(axis=-1) <= 3).mean())


def _has_blocks(whole: Pixels) -> bool:
    """Whether a photo is flat because little but the means of its blocks was kept: both ways its steps are on a JPEG's grid."""
    grey = luminance(whole[:_MOST_LOOKED_AT, :_MOST_LOOKED_AT].astype(np.float32))
    for axis in (0, 1):
        steps = np.abs(np.diff(grey, axis=axis)).mean(axis=1 - axis)
        if len(steps) < 2 * _BLOCK:
            return False
        # Which of its lines the picture was cut off at is not known.
        lines = np.sort([steps[line::_BLOCK].mean() for line in range(_BLOCK)])
        if lines[-1] < _GRID * lines[-3]:
            return False
    return True


def _without_blocks(whole: Pixels, step: int) -> Floats:
    """(h, w, 3) a face as it is looked at, where a JPEG's blocks run into each other."""
    return _with_contrast(blurred(whole.astype(np.float32), _BLOCK / 2)[::step, ::step])


def is_drawn(picture: Pixels, outline: Floats) -> bool:
    """As `is_drawing`, but a face in crayon, pencil or fur counts, too: few colours in areas that are even but for their texture,
    where a photo has light and shade. Boards and walls are so as well: it tells how a face is made, not whether it is one.
    """
    if is_drawing(picture, outline):
        return True
    box = _box_of(picture, outline)
    step = max(1, box.shape[1] // (2 * _SMOOTH_COPY))
    # A face that is a little wider is not seen with half of its texture.
    return any(_is_textured_drawing(box, fine) for fine in {step, max(1, step - 1)})


def _box_of(picture: Pixels, outline: Floats) -> Pixels:
    """(h, w, 3) the part of a picture that an outline (N, 2) lies in, pixels."""
    low = outline.min(axis=0).clip(0).astype(int)
    high = np.ceil(outline.max(axis=0)).astype(int)
    return picture[low[1] : high[1], low[0] : high[0], :3]


def _is_textured_drawing(whole: Pixels, step: int) -> bool:
    """Whether (h, w, 3) of a face is drawn in a medium that leaves a texture; so many pixels are looked at as one."""
    height, width = (size // step * step for size in whole.shape[:2])
    if min(height, width) < 2 * step * _SMOOTH_COPY // 4:
        return False
    parts = whole[:height, :width].reshape(height // step, step, width // step, step, 3)
    means = _with_contrast(parts.mean(axis=(1, 3), dtype=np.float32))
    smooth = blurred(means, means.shape[1] / _SMOOTH_COPY)
    if np.median(np.abs(luminance(means) - luminance(smooth))) < _TEXTURE:
        return False
    smooth = smooth[::2, ::2]
    off = max(1, smooth.shape[1] // 10)
    across = np.abs(smooth[:, off:] - smooth[:, :-off]).max(axis=-1)
    down = np.abs(smooth[off:] - smooth[:-off]).max(axis=-1)
    wide = ((across <= _LIKE_AREAS).mean() + (down <= _LIKE_AREAS).mean()) / 2
    if wide < _LESS_WIDE:
        return False
    few = _share_of_few(_with_contrast(whole[::step, ::step].astype(np.float32)))
    return few > (_TEXTURED_FEW if wide >= _TEXTURED_WIDE else _FEWER)


def _with_contrast(box: Floats) -> Floats:
    """The colours with the contrast that a face usually has: in the dark all neighbours are alike and all colours few."""
    dark, light = np.percentile(luminance(box), (2, 98))
    times = float(np.clip(_CONTRAST / max(float(light - dark), 1.0), 1.0, _MOST_CONTRAST))
    return np.asarray((box - dark) * times if times > 1 else box, np.float32)


def _share_of_few(box: Floats) -> float:
    """What share of (h, w, 3) the commonest colours make up; of a grey or toned picture its shades, told more finely."""
    bright = luminance(box)
    tone = box.mean(axis=(0, 1)) / max(float(bright.mean()), 1.0)
    if np.percentile(np.ptp(box - bright[..., None] * tone, axis=-1), 95) < _GREY:
        cells = np.floor(bright / 4).astype(np.int64).ravel()
    else:
        cells = np.floor(box / 16).astype(np.int64).reshape(-1, 3) @ np.array([10_000, 100, 1])
    counts = np.sort(np.unique(cells, return_counts=True)[1])[::-1]
    return float(counts[:_FEW].sum() / counts.sum())


def palette_of(picture: Pixels) -> Pixels:
    """(P, 3) the colours that a drawing is made of, the most frequent first; at most a dozen, unlike each other."""
    step = max(1, int(np.sqrt(picture.shape[0] * picture.shape[1] / 250_000)))
    pixels = picture[::step, ::step].reshape(-1, 4)
    pixels = pixels[pixels[:, 3] > 127][:, :3]
    if not len(pixels):
        return np.zeros((0, 3), np.uint8)
    coarse = (pixels >> 3).astype(np.int64) @ np.array([1024, 32, 1])
    _, back, counts = np.unique(coarse, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(back, pixels[:, channel]) / counts for channel in range(3)], axis=1)
    chosen: list[int] = []
    for number in np.argsort(-counts, kind="stable")[:200]:
        unlike = [np.abs(means[number] - means[other]).max() > 24 for other in chosen]
        if all(unlike) and (counts[number] > 0.001 * len(pixels) or len(chosen) < 4):
            chosen.append(int(number))
        if len(chosen) == _PALETTE:
            break
    return np.round(means[chosen]).astype(np.uint8)


def ink_of(palette: Pixels) -> Floats:
    """(3,) the darkest colour; black where there is none."""
    return (
        palette[luminance(palette).argmin()].astype(np.float32) if len(palette) else np.zeros(3, np.float32)
    )
