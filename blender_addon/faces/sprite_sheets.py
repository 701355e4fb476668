# SPDX-License-Identifier: GPL-3.0-or-later
"""Sprite sheets: an image with a drawing in each cell, and a plane that shows one of them by a UV Warp modifier."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import bpy
import numpy as np

from ..characters import drawing_choices
from ..demo_character import sprite_cat
from ..demo_character.flat_pixels import drawn
from ..demo_character.flat_shapes import Box, Patch, empty
from ..motion.mouth_drawings import LIDS, MOUTHS
from .from_picture import appearance

MODIFIER: Final = "Sprite"
"""What the UV Warp modifier is called whose offset chooses the cell."""
_GUTTER: Final = 2
"""Pixels about each cell in which its edge goes on, so that no cell shines into its neighbour."""
Pixels = np.ndarray
_PER_METRE: Final = 240
"""Pixels of the cat's sheets."""
_APART: Final = 0.004
"""Metres from one plane to the next."""


def image_of(name: str, pixels: Pixels) -> Any:
    """A new image that lies in the .blend file.

    Args:
        name: of the image.
        pixels: (H, W, 4) uint8, sRGB with straight alpha, the top row first.
    """
    height, width = pixels.shape[:2]
    image = bpy.data.images.new(name, width, height, alpha=True)
    image.alpha_mode = "STRAIGHT"
    flat: Any = (pixels[::-1].astype(np.float32) / 255).ravel()
    image.pixels.foreach_set(flat)
    image.pack()
    return image


def plane(name: str, pixels: Pixels, box: Box, parent: Any, depth: float) -> Any:
    """A new plane that shows a picture, in the collections of what it hangs below; faces -y.

    Args:
        name: of the object, its mesh, its material and its image.
        pixels: as `image_of`.
        box: left, bottom, right and top, metres from what it hangs below.
        parent: what it hangs below.
        depth: how far it stands before that, metres.
    """
    return _plane(
        name, image_of(name, pixels), (0.0, 0.0, 1.0, 1.0), box, parent, depth, _see_through(pixels)
    )


def sheet(feature: str, cells: Mapping[str, Pixels], box: Box, parent: Any, depth: float, **how: Any) -> Any:
    """A plane that shows one of several drawings, mapped as a chart of the character that it hangs below; the first shows.

    Args:
        feature: "mouth" or "eyes"; also what it is called.
        cells: drawing → (H, W, 4) uint8, all of one size; of a mouth the mouth cues.
        box, parent, depth: as `plane`.
        how: as `drawing_choices.by_numbers`.
    """
    columns = math.ceil(math.sqrt(len(cells)))
    rows = math.ceil(len(cells) / columns)
    pixels, shown = _sheet(list(cells.values()), columns, rows)
    name = f"{parent.name} {feature}"
    made = _plane(name, image_of(name, pixels), shown, box, parent, depth, _see_through(pixels))
    warp = made.modifiers.new(MODIFIER, "UV_WARP")
    warp.uv_layer = made.data.uv_layers[0].name
    drawing_choices.by_numbers(
        made,
        feature,
        "SPRITES",
        made,
        f'modifiers["{MODIFIER}"].offset',
        {drawing: number for number, drawing in enumerate(cells)},
        "LETTERS" if feature == "mouth" else "",
        columns=columns,
        rows=rows,
        **how,
    )
    return made


def _sheet(cells: list[Pixels], columns: int, rows: int) -> tuple[Pixels, Box]:
    """The whole sheet, and what of it the first cell fills: left, bottom, right and top, 0 to 1."""
    height, width = cells[0].shape[:2]
    whole = (height + 2 * _GUTTER, width + 2 * _GUTTER)
    pixels = np.zeros((rows * whole[0], columns * whole[1], 4), np.uint8)
    for number, cell in enumerate(cells):
        top, left = number // columns * whole[0], number % columns * whole[1]
        edged = np.pad(cell, ((_GUTTER, _GUTTER), (_GUTTER, _GUTTER), (0, 0)), "edge")
        pixels[top : top + whole[0], left : left + whole[1]] = edged
    across, up = _GUTTER / pixels.shape[1], _GUTTER / pixels.shape[0]
    return pixels, (across, 1 - 1 / rows + up, 1 / columns - across, 1 - up)


def _see_through(pixels: Pixels) -> bool:
    return bool((pixels[..., 3] < 255).any())


def _plane(
    name: str, image: Any, shown: Box, box: Box, parent: Any, depth: float, see_through: bool
) -> Any:  # fmt: skip
    mesh = bpy.data.meshes.new(name)
    left, bottom, right, top = box
    corners = [(left, 0.0, bottom), (right, 0.0, bottom), (right, 0.0, top), (left, 0.0, top)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    left, bottom, right, top = shown
    places = [(left, bottom), (right, bottom), (right, top), (left, top)]
    layer = mesh.uv_layers.new(name="UVMap")
    assert layer is not None  # a new mesh has room for it
    for loop, place in zip(layer.data, places):
        loop.uv = place
    mesh.materials.append(appearance.material(name, image, see_through))
    made = bpy.data.objects.new(name, mesh)
    made.parent, made.location = parent, (0.0, -depth, 0.0)
    for collection in parent.users_collection:
        collection.objects.link(made)
    return made


def build_cat(scene: Any, location: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Any:
    """Add a cat to a scene whose mouths and eyes are cells of two sprite sheets, mapped and ready to talk.

    Args:
        scene: where it is added.
        location: of the middle of its face, metres; it faces -y and is 2.1 m tall.

    Returns:
        The empty that carries it.
    """
    root = empty(scene, "Sprite Cat", None, location)
    plane("Sprite Cat fur", _pixels(sprite_cat.head(), sprite_cat.HEAD), sprite_cat.HEAD, root, 0.0)
    mouths = {cue: _pixels(sprite_cat.mouth(cue), sprite_cat.MOUTH) for cue in MOUTHS}
    eyes = {state: _pixels(sprite_cat.eyes(state), sprite_cat.EYES) for state in LIDS}
    sheet("mouth", mouths, sprite_cat.MOUTH, root, 2 * _APART)  # by which the whole becomes one character
    sheet("eyes", eyes, sprite_cat.EYES, root, _APART)
    return root


def _pixels(patches: Sequence[Patch], box: Box) -> Pixels:
    left, bottom, right, top = box
    return drawn(patches, box, (round((right - left) * _PER_METRE), round((top - bottom) * _PER_METRE)))
