# SPDX-License-Identifier: MIT
"""A sheet to draw on: filled shapes, lines that swell and taper, soft shadows; drawn large and made small for smooth edges.

Places are in units of the sheet, 0 to 640 from its top left corner, x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Path = NDArray[np.float64]
"""(N, 2) corners of a shape, or the way of a line."""
Colour = tuple[int, int, int]
Way = Sequence[tuple[float, float]] | Path

SIDE = 640
_FINER = 4
"""How many times larger the sheet is drawn than it is kept."""


def curve(points: Way, closed: bool = True, steps: int = 16) -> Path:
    """A smooth way through points (Catmull and Rom's), so many places from each to the next."""
    given = np.asarray(points, float)
    if closed:
        around = np.concatenate([given[-1:], given, given[:2]])
    else:
        around = np.concatenate([2 * given[:1] - given[1:2], given, 2 * given[-1:] - given[-2:-1]])
    t = (np.arange(steps) / steps)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(around, around[1:], around[2:], around[3:])
    ]
    return np.concatenate(parts if closed else [*parts, given[-1:]])


def oval(x: float, y: float, across: float, up: float, turned: float = 0.0) -> Path:
    """An ellipse around a place: half its width and height, turned clockwise by degrees."""
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    turn = np.radians(turned)
    flat = np.stack([across * np.cos(angle), up * np.sin(angle)], axis=1)
    return flat @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + [x, y]


def mirrored(path: Way, middle: float = SIDE / 2) -> Path:
    """The same on the other side of an upright line."""
    return (np.asarray(path, float) * [-1, 1] + [2 * middle, 0])[::-1]


def both(path: Way, middle: float = SIDE / 2) -> tuple[Path, Path]:
    """A shape and the same on the other side."""
    return np.asarray(path, float), mirrored(path, middle)


def swelling(way: Path, width: float, start: float = 0.25, end: float = 0.25, middle: float = 0.5) -> Path:
    """The outline of a brush's stroke: its width at its widest place, and its ends' share of it."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
    share = along / max(float(along[-1]), 1e-9)
    swell = np.interp(share, [0, middle, 1], [start, 1, end])
    direction = np.gradient(way, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    aside = direction[:, ::-1] * [-1, 1] * (width / 2 * swell)[:, None]
    first, last = way[0], way[-1]
    turn = np.linspace(0, np.pi, 9)[1:-1, None]
    round_end = last + aside[-1] * np.cos(turn) + direction[-1] * np.linalg.norm(aside[-1]) * np.sin(turn)
    round_start = first - aside[0] * np.cos(turn) - direction[0] * np.linalg.norm(aside[0]) * np.sin(turn)
    return np.concatenate([way + aside, round_end, (way - aside)[::-1], round_start])


@dataclass(frozen=True)
class Puppet:
    """A drawing that can talk.

    Attributes:
        name: of its files.
        draw: what draws it on an empty sheet.
        points: where its face is, as a points file has it: four places, or iBUG's 68.
    """

    name: str
    draw: Callable[[Sheet], None]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Mask:
    """What of a sheet is covered.

    Attributes:
        image: 255 where it is.
        left, top: where the image lies on the sheet, its fine pixels.
    """

    image: Image.Image
    left: int
    top: int

    def within(self, other: Mask) -> Mask:
        """What both cover."""
        beside = Image.new("L", self.image.size, 0)
        beside.paste(other.image, (other.left - self.left, other.top - self.top))
        return Mask(ImageChops.multiply(self.image, beside), self.left, self.top)


class Sheet:
    """A square sheet of one colour, 640 units wide.

    Args:
        colour: of the ground.
        pixels: how many pixels wide it is kept.
    """

    def __init__(self, colour: Colour = (255, 255, 255), pixels: int = SIDE) -> None:
        self._pixels = pixels
        self._scale = pixels * _FINER / SIDE
        self._image = Image.new("RGB", (pixels * _FINER, pixels * _FINER), colour)

    def ground(self, top: Colour, bottom: Colour) -> None:
        """Cover everything with one colour that becomes another one."""
        self.fill(np.array([(-9, -9), (SIDE + 9, -9), (SIDE + 9, SIDE + 9), (-9, SIDE + 9)]), top, bottom)

    def mask(self, path: Way) -> Mask:
        """What a shape covers."""
        places = np.asarray(path, float) * self._scale
        low, high = np.floor(places.min(axis=0)).astype(int), np.ceil(places.max(axis=0)).astype(int) + 1
        left, top = max(0, int(low[0])), max(0, int(low[1]))
        size = (min(self._image.width, int(high[0])) - left, min(self._image.height, int(high[1])) - top)
        image = Image.new("L", (max(1, size[0]), max(1, size[1])), 0)
        ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in places - [left, top]], fill=255)
        return Mask(image, left, top)

    def fill(
        self, shape: Way | Mask, colour: Colour, lower: Colour | None = None, within: Mask | None = None
    ) -> Mask:
        """Fill a shape, from one colour at its top to another at its bottom; returns what it covers."""
        mask = shape if isinstance(shape, Mask) else self.mask(shape)
        if within is not None:
            mask = mask.within(within)
        place = (mask.left, mask.top)
        if lower is None:
            self._image.paste(
                colour, (*place, place[0] + mask.image.width, place[1] + mask.image.height), mask.image
            )
            return mask
        share = np.linspace(0, 1, mask.image.height)[:, None, None]
        rows = np.array(colour) * (1 - share) + np.array(lower) * share
        image = Image.fromarray(np.round(np.repeat(rows, mask.image.width, axis=1)).astype(np.uint8))
        self._image.paste(image, place, mask.image)
        return mask

    def line(
        self,
        points: Way,
        width: float,
        colour: Colour,
        ends: tuple[float, float] = (0.25, 0.25),
        within: Mask | None = None,
    ) -> None:
        """A brush's stroke through points; its ends have these shares of its width."""
        self.fill(swelling(curve(points, closed=False), width, *ends), colour, within=within)

    def outline(self, path: Way, width: float, colour: Colour, within: Mask | None = None) -> None:
        """A line of even width around a shape."""
        closed = np.concatenate([np.asarray(path, float), np.asarray(path, float)[:2]])
        grown = np.concatenate([closed - width, closed + width])
        area = self.mask(grown)
        image = Image.new("L", area.image.size, 0)
        places = [(float(x), float(y)) for x, y in closed * self._scale - [area.left, area.top]]
        ImageDraw.Draw(image).line(places, fill=255, width=round(width * self._scale), joint="curve")
        self.fill(Mask(image, area.left, area.top), colour, within=within)

    def soft(
        self, path: Way, colour: Colour, reach: float, strength: float = 1.0, within: Mask | None = None
    ) -> None:
        """A shape whose edge fades out over so many units: a glow, a blush, a shadow."""
        mask = self.mask(path)
        border = 3 * round(reach * self._scale)
        image = ImageOps.expand(mask.image, border)
        coarse = max(
            1, round(reach * self._scale / 8)
        )  # a wide blur is the same on a smaller sheet, and quicker
        small = image.resize((image.width // coarse + 1, image.height // coarse + 1), Image.Resampling.BOX)
        small = small.filter(ImageFilter.GaussianBlur(reach * self._scale / coarse))
        image = small.resize(image.size, Image.Resampling.BICUBIC).point(
            lambda value: round(value * strength)
        )
        self.fill(Mask(image, mask.left - border, mask.top - border), colour, within=within)

    def grain(self, amount: float, seed: int, coarse: int = 1, within: Mask | None = None) -> None:
        """A paper's unevenness: lighter and darker by so much of 255, in spots of so many pixels."""
        side = self._pixels // coarse
        noise = np.random.RandomState(seed).normal(0, amount, (side, side))
        spots = Image.fromarray(noise.astype(np.float32)).resize(self._image.size, Image.Resampling.BICUBIC)
        grey = np.asarray(spots)[..., None]
        changed = Image.fromarray(np.clip(np.asarray(self._image) + grey, 0, 255).astype(np.uint8))
        if within is None:
            self._image = changed
        else:
            box = (
                within.left,
                within.top,
                within.left + within.image.width,
                within.top + within.image.height,
            )
            self._image.paste(changed.crop(box), box[:2], within.image)

    def picture(self) -> NDArray[np.uint8]:
        """(H, W, 3) what is drawn."""
        small = self._image.resize((self._pixels, self._pixels), Image.Resampling.BOX)
        return np.asarray(small)
