# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of a picture's character: other images in its materials, which stay editable; the photo's own are kept beside them."""

from __future__ import annotations

from typing import Any, Final

import bpy

from ...characters.pictures import PROPERTY, origin_of
from ...contract.face_picture import PICTURE
from . import appearance
from .build import Prepared
from .relief import relief_of

LOOK: Final = "talking_animation_look"
"""Custom property of an armature: the look that its picture has; not there where it is the picture's own."""


def mesh_of(root: Any) -> Any:
    """The mesh object that is the picture of an armature; None where it was deleted."""
    return next((child for child in root.children if child.type == "MESH" and PROPERTY in child), None)


def photo_of(root: Any) -> Any:
    """The image of the picture itself, whatever look it has; None where there is none any more."""
    mesh, origin = mesh_of(root), origin_of(root)
    images = [image for material in (mesh.data.materials if mesh else ()) if (image := _own_image(material))]
    named = [image for image in images if _is_named_so(image)]
    # Whoever gave the image another name has not given it another size.
    size = (origin.width, origin.height) if origin is not None else None
    return next(iter([*named, *(image for image in images if tuple(image.size) == size)]), None)


def _own_image(material: Any) -> Any:
    """The image that a material was made with; None where it has none any more."""
    node = _texture_of(material)
    return (_photo_in(material) or node.image) if node is not None else None


def _photo_in(material: Any) -> Any:
    """The image that a material remembers while it shows a look; None for none."""
    kept = material.get(appearance.PHOTO) if material is not None else None
    return kept if isinstance(kept, bpy.types.Image) else None


def _is_named_so(image: Any) -> bool:
    """Whether it has the name that the picture's own image is given."""
    words = image.name.split()
    return bool(words) and words[-1].split(".")[0] == PICTURE


def _texture_of(material: Any) -> Any:
    if material is None or material.node_tree is None:
        return None
    return next((node for node in material.node_tree.nodes if node.type == "TEX_IMAGE"), None)


def show(root: Any, part: Prepared, look: str) -> int:
    """Give a picture's character the textures of a look; returns how many of its materials show them.

    Args:
        root: its armature.
        part: the same face in that look.
        look: its name, which the armature remembers.
    """
    mesh = mesh_of(root)
    textures = relief_of(part.picture, part.finer).textures
    count = 0
    for material, texture in (
        zip(mesh.data.materials, textures) if len(mesh.data.materials) == len(textures) else ()
    ):
        node = _texture_of(material)
        if node is None or node.image is None:
            continue
        before = node.image
        if _photo_in(material) is None:
            material[appearance.PHOTO] = before
        node.image = appearance.packed_image(f"{root.name} {look} {texture}", part.encoded[texture])
        _drop(before, material)
        count += 1
    if count:
        root[LOOK] = look
    return count


def show_photo(root: Any) -> int:
    """Give it back the images that it was made with; returns how many."""
    mesh, count = mesh_of(root), 0
    for material in mesh.data.materials if mesh is not None else ():
        node, photo = _texture_of(material), _photo_in(material)
        if node is None or photo is None:
            continue
        before, node.image = node.image, photo
        del material[appearance.PHOTO]
        _drop(before, material)
        count += 1
    if LOOK in root:
        del root[LOOK]
    return count


def _drop(image: Any, material: Any) -> None:
    """Remove an image of a look that nothing shows any more."""
    if image is not None and image.users == 0 and image != _photo_in(material):
        bpy.data.images.remove(image)
