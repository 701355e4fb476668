# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a character together that was a picture: mesh, shape keys, armature, camera, images, in a collection of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Vector

from ...characters.pictures import PROPERTY, PictureOrigin
from ...contract import png
from ...contract.face_picture import PICTURE, PICTURED, FacePicture
from ...contract.finer_texture import FINER, FinerPart, finer_part
from ...errors import TalkingAnimationError
from ...host.blender_versions import bones
from .. import landmarks
from . import appearance, stage
from .landmarks_on_relief import landmarks_on
from .relief import Relief, kept_apart, relief_of

HEAD_BONE: Final = "head"
STILL_BONE: Final = "picture"
_APART = 0.01  # metres between two faces of one picture
_WEIGHT_STEPS = 1000  # one call of Blender's for each distinct weight
_NAME_LENGTH = 40  # what is added to a name must fit too


@dataclass(frozen=True)
class OwnFile:
    """The file of a picture.

    Attributes:
        path: absolute.
        packed: into the .blend file; else the picture is shown from where the file lies.
    """

    path: str
    packed: bool = True


@dataclass(frozen=True)
class Prepared:
    """A face picture with all that takes a while, and no Blender, done.

    Attributes:
        picture: the face.
        encoded: texture → a PNG file of it.
        see_through: the textures that have transparent parts.
        finer: what of it is shown by a finer texture; None for nothing.
    """

    picture: FacePicture
    encoded: dict[str, bytes]
    see_through: frozenset[str]
    finer: FinerPart | None = None


def prepared(picture: FacePicture, with_picture: bool = True, with_finer: bool = True) -> Prepared:
    """A face picture ready to be built; without Blender, so that any thread may do it.

    Args:
        picture: the face.
        with_picture: whether the picture's own texture is encoded, too.
        with_finer: whether what moves is shown by a finer texture; else by the picture's own, so that a change of it is seen.
    """
    clear = {name for name, pixels in picture.textures.items() if (pixels[..., 3] < 255).any()}
    wanted = {name: pixels for name, pixels in picture.textures.items() if with_picture or name != PICTURE}
    encoded = {name: png.encoded(png.without_plain_alpha(pixels)) for name, pixels in wanted.items()}
    finer = finer_part(picture) if with_finer else None
    if finer is not None:
        encoded[FINER] = png.encoded(png.without_plain_alpha(finer.pixels))
    return Prepared(picture, encoded, frozenset(clear), finer)


def build(
    pictures: Sequence[FacePicture | Prepared],
    scene: Any,
    name: str,
    path: str = "",
    sha256: str = "",
    file: OwnFile | None = None,
) -> list[Any]:
    """Add the faces of one picture to a scene, each a character of its own; the first one is the picture, the others lie on it.

    Args:
        pictures: the faces, all of one picture.
        scene: where they go; its camera and render settings stay as they are.
        name: of the picture.
        path: of its file, as it is to be remembered; "" for none.
        sha256: by which it is known again.
        file: that shows the same pixels as the picture's own texture; None to make an image of these.

    Returns:
        Their armatures.

    Raises:
        TalkingAnimationError: where there is no face, one is damaged, or the file to link cannot be read; nothing was added.
    """
    if not pictures:
        raise TalkingAnimationError(f"No face was found in '{name}': click the eyes and the mouth yourself.")
    packed = file is None or file.packed
    made = [part if isinstance(part, Prepared) else prepared(part, file is None, packed) for part in pictures]
    reliefs = kept_apart([relief_of(part.picture, part.finer) for part in made])
    stem, suffix = os.path.splitext(name)
    is_known = suffix.casefold() in {*bpy.path.extensions_image, ".gif", ".npz"}  # type: ignore[attr-defined]
    plain = stem if is_known else name
    title = " ".join(plain.split())[:_NAME_LENGTH] or "Picture"
    collection = bpy.data.collections.new(title)
    scene.collection.children.link(collection)
    width, height = made[0].picture.size
    place = stage.free_place(scene, width * reliefs[0].scale, max(0.0, reliefs[0].farthest))
    roots: list[Any] = []
    own, own_name = None, ""
    try:
        own = _image_of(file, f"{title} {PICTURE}", name) if file is not None else None
        own_name = own.name if own is not None else ""
        for number, (part, relief) in enumerate(zip(made, reliefs)):
            label = title if len(made) == 1 else f"{title} {number + 1}"
            if number:  # before the one that it lies on
                place = place + Vector((0.0, reliefs[number - 1].nearest - relief.farthest - _APART, 0.0))
            origin = PictureOrigin(name, path, sha256, width, height, relief.unit, kind=part.picture.kind)
            root = _character(label, part, relief, origin, collection, own)
            root.location = place
            roots.append(root)
    except BaseException:
        _discard(collection)
        if own_name in bpy.data.images:
            bpy.data.images.remove(bpy.data.images[own_name])
        raise
    camera = stage.add_camera(f"{title} camera", reliefs[0], origin)
    camera.location.y += roots[-1].location.y - roots[0].location.y
    collection.objects.link(camera)
    camera.parent = roots[0]
    return roots


def _image_of(file: OwnFile, title: str, name: str) -> Any:
    try:
        return appearance.image_of_file(title, file.path, file.packed)
    except RuntimeError as error:
        raise TalkingAnimationError(
            f"'{name}' was moved or changed meanwhile: pick the picture again."
        ) from error


def remove(root: Any) -> None:
    """Take a picture's characters away again, with everything that was made for them: meshes, images, materials, camera."""
    for collection in root.users_collection:
        if all(
            member == root or _hangs_below(member, root) or PROPERTY in member
            for member in collection.objects
        ):
            _discard(collection)
            return
    bpy.data.objects.remove(root)


def _hangs_below(member: Any, root: Any) -> bool:
    while member is not None and member != root:
        member = member.parent
    return member is not None


def _discard(collection: Any) -> None:
    members = list(collection.objects)
    shown = [material for member in members if member.type == "MESH" for material in member.data.materials]
    images = [
        node.image for material in shown for node in material.node_tree.nodes if node.type == "TEX_IMAGE"
    ]
    images += [kept for material in shown if (kept := material.get(appearance.PHOTO)) is not None]
    for member in members:
        if member.type == "MESH":  # Blender 3.4 would keep a deleted mesh's shape keys
            member.shape_key_clear()
    bpy.data.batch_remove([*(member.data for member in members if member.data), *members, collection])
    bpy.data.batch_remove([material for material in shown if not material.users])
    bpy.data.batch_remove([image for image in dict.fromkeys(images) if image is not None and not image.users])


def _character(
    name: str, part: Prepared, relief: Relief, origin: PictureOrigin, collection: Any, own: Any
) -> Any:
    root = _armature(name, relief, collection)
    mesh_object = bpy.data.objects.new(f"{name} face", _mesh(f"{name} face", part, relief, own))
    collection.objects.link(mesh_object)
    _add_shapes(mesh_object, relief)
    _add_weights(mesh_object, relief)
    mesh_object.parent = root
    modifier = mesh_object.modifiers.new("Armature", "ARMATURE")
    modifier.object = root
    for owner in (root, mesh_object):
        origin.keep(owner)
    known = landmarks_on(relief)
    if known is not None:
        landmarks.store(mesh_object, known)
    return root


def _mesh(name: str, part: Prepared, relief: Relief, own: Any) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(relief.points.tolist(), [], relief.triangles.tolist())
    layer = mesh.uv_layers.new(name="UVMap")
    layer.data.foreach_set("uv", relief.corners.ravel())
    for texture in relief.textures:
        shows_file = texture == PICTURE and own is not None
        image = own if shows_file else appearance.packed_image(f"{name} {texture}", part.encoded[texture])
        mesh.materials.append(appearance.material(f"{name} {texture}", image, texture in part.see_through))
    mesh.polygons.foreach_set("material_index", relief.materials)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(relief.triangles), bool))
    mesh.update()
    return mesh


def _add_shapes(mesh_object: Any, relief: Relief) -> None:
    mesh_object.shape_key_add(name="Basis", from_mix=False)
    for name, shift in relief.shapes.items():
        key = mesh_object.shape_key_add(name=name, from_mix=False)
        key.slider_min, key.slider_max = 0.0, 1.0
        key.data.foreach_set("co", (relief.points + shift).ravel())
        key.value = 1.0 if name == PICTURED else 0.0
    mesh_object.data.shape_keys.name = mesh_object.name
    mesh_object.active_shape_key_index = 0


def _add_weights(mesh_object: Any, relief: Relief) -> None:
    """The head bone's share of each vertex, and the still bone's: Blender lets a vertex go wholly with its only bone."""
    steps = np.rint(relief.head * _WEIGHT_STEPS).astype(np.int32)
    for bone, shares in ((HEAD_BONE, steps), (STILL_BONE, _WEIGHT_STEPS - steps)):
        group = mesh_object.vertex_groups.new(name=bone)
        for share in np.unique(shares[shares > 0]):
            group.add(np.flatnonzero(shares == share).tolist(), float(share) / _WEIGHT_STEPS, "REPLACE")


def _armature(name: str, relief: Relief, collection: Any) -> Any:
    """The root, with a bone that turns the head at its pivot. Bones exist only in edit mode, so that is entered and left."""
    armature = bpy.data.armatures.new(name)
    armature.display_type = "STICK"
    root = bpy.data.objects.new(name, armature)
    collection.objects.link(root)
    length = float(relief.unit)
    with bones.editing(root) as edited:
        still = edited.new(STILL_BONE)
        still.head, still.tail = relief.pivot - (0, 0, length), relief.pivot
        head = edited.new(HEAD_BONE)
        head.head, head.tail = relief.pivot, relief.pivot + (0, 0, length)
        head.parent, head.use_connect = still, False
    return root
