# SPDX-License-Identifier: GPL-3.0-or-later
"""A mouth chart made from a picture that talks: it is drawn with each mouth and each state of its lids, and cut into sheets."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np

from ...characters.character import Character
from ...characters.pictures import PictureOrigin, origin_of
from ...characters.related import related_objects
from ...contract.face_picture import PICTURED
from ...errors import TalkingAnimationError
from ...host import temporary_files
from ...host.blender_versions import scenes
from ...host.blender_versions.shape_points import coordinates
from ...motion.mouth_drawings import LIDS, MOUTHS, weights_of
from .. import sprite_sheets
from . import stage
from .relief import LONGER_SIDE

LONGEST: Final = 2048
"""Pixels of the longer side of the pictures that a chart is made of, at most."""
_FEATURES: Final = {"mouth": MOUTHS, "eyes": LIDS}
_MOVED: Final = 0.0015
"""Of the longer side: what a drawing moves farther is cut out for it; less is not seen."""
_AROUND: Final = 2
"""Pixels that are cut out around what moves."""
_AWAY: Final = 50.0  # metres to the camera
_APART: Final = 0.004  # metres from one plane to the next
Pixels = np.ndarray
Place = tuple[int, int, int, int]


def chart_of(obj: Any, scene: Any) -> Any:
    """Make a mouth chart from a picture that talks, beside it; returns the empty that it hangs below.

    The chart is the picture as it is at rest, a plane with the nine mouths (X, A to H) and, where it has lids, one with the eyes:
    drawings that swap, to be painted over.

    Args:
        obj: any object of the picture's character, which stays as it is.
        scene: where the chart goes.

    Raises:
        TalkingAnimationError: where it is no picture, or its mouth does not move; one sentence.
    """
    parts = related_objects(obj)
    face = next((part for part in parts if _is_face(part)), None)
    origin = origin_of(face) if face is not None else None
    if face is None or origin is None:
        raise TalkingAnimationError(
            f"'{obj.name}' is no picture that talks: pick one (Make a Picture Talk), or a drawing in Grease Pencil."
        )
    size = _size_of(origin)
    places = {feature: _place_of(face, drawings.values(), size) for feature, drawings in _FEATURES.items()}
    if places["mouth"] is None:
        raise TalkingAnimationError(
            f"No mouth moves in '{obj.name}', so that no chart can be made of it: make the picture talk again."
        )
    with _drawing_room(face, size) as draw:
        drawn = {
            feature: {name: draw(weights_of(drawing)) for name, drawing in drawings.items()}
            for feature, drawings in _FEATURES.items()
            if places[feature] is not None
        }
    sheets = [(feature, drawn[feature], place) for feature, place in places.items() if place is not None]
    return _built(f"{(face.parent or face).name} chart", sheets, scene)


def is_possible(obj: Any, known: Character | None = None) -> bool:
    """Whether a chart can be made of an object's character; `known` where it was described already."""
    parts = known.objects if known is not None else related_objects(obj)
    return any(_is_face(part) for part in parts)


def _is_face(part: Any) -> bool:
    return part.type == "MESH" and part.data.shape_keys is not None and origin_of(part) is not None


@contextmanager
def _drawing_room(face: Any, size: tuple[int, int]) -> Iterator[Any]:
    """A scene of its own with a copy of the picture, gone afterwards; gives what draws it with weights of its shapes."""
    scene = bpy.data.scenes.new("Talking chart")
    copy = face.copy()
    copy.data = face.data.copy()
    data = bpy.data.cameras.new("Talking chart")
    camera = bpy.data.objects.new("Talking chart", data)
    keys = copy.data.shape_keys
    try:
        for datablock in (copy, copy.data, keys):
            datablock.animation_data_clear()
        copy.modifiers.clear()
        copy.constraints.clear()
        copy.parent = None
        copy.matrix_world.identity()
        copy.hide_render = copy.show_only_shape_key = False
        for part in (copy, camera):
            scene.collection.objects.link(part)
        _look(scene, camera, size)
        with tempfile.TemporaryDirectory(dir=temporary_files.place()) as folder:
            yield lambda weights: _drawn(scene, keys, weights, Path(folder) / "drawing.png")
    finally:
        mesh = copy.data
        bpy.data.objects.remove(copy)
        bpy.data.meshes.remove(mesh)
        bpy.data.objects.remove(camera)
        bpy.data.cameras.remove(data)
        scenes.remove_scene(scene)


def _size_of(origin: PictureOrigin) -> tuple[int, int]:
    """Width and height of the pictures that a chart is made of, pixels."""
    scale = min(1.0, LONGEST / max(origin.width, origin.height))
    return max(4, round(origin.width * scale)), max(4, round(origin.height * scale))


def _look(scene: Any, camera: Any, size: tuple[int, int]) -> None:
    """Let a scene render a picture that stands at the origin: the whole of it and no more."""
    stage.as_it_is(scene)
    render = scene.render
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    render.film_transparent, render.use_sequencer, render.use_compositing = True, False, False
    if max(size) == LONGEST:
        scene.display.render_aa = "8"  # several samples for each pixel of a picture that is made smaller
    settings = render.image_settings
    settings.file_format, settings.color_mode, settings.color_depth = "PNG", "RGBA", "8"
    data = camera.data
    data.type = "ORTHO"
    data.sensor_fit = "HORIZONTAL" if size[0] >= size[1] else "VERTICAL"
    data.ortho_scale, data.clip_start, data.clip_end = LONGER_SIDE, 0.01, 2 * _AWAY
    camera.location, camera.rotation_euler = (0.0, -_AWAY, 0.0), (math.pi / 2, 0.0, 0.0)
    scene.camera = camera


def _drawn(scene: Any, keys: Any, weights: Mapping[str, float], path: Path) -> Pixels:
    """(H, W, 4) uint8, the top row first: the picture with weights of its shapes; with none as it is."""
    for key in keys.key_blocks[1:]:
        key.mute = False
        key.value = weights.get(key.name, 0.0)
    if PICTURED in keys.key_blocks and not any(name.startswith(("mouth", "jaw")) for name in weights):
        keys.key_blocks[PICTURED].value = 1.0
    scene.render.filepath = str(path)
    try:
        bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(str(path), check_existing=False)
    except RuntimeError as error:
        raise TalkingAnimationError(
            "This Blender cannot draw here: start it with a window, or on a machine with a graphics driver."
        ) from error
    try:
        image.colorspace_settings.name = "Non-Color"  # the file's own numbers
        image.alpha_mode = "CHANNEL_PACKED"
        size: Any = image.size
        width, height = size
        flat = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(flat)
    finally:
        bpy.data.images.remove(image)
    return np.rint(flat.reshape(height, width, 4)[::-1] * 255).astype(np.uint8)


def _place_of(face: Any, drawings: Iterable[Mapping[str, float]], size: tuple[int, int]) -> Place | None:
    """Left, top, right and bottom, pixels of a picture of that size, of all that drawings move; None where they move nothing."""
    mesh, keys = face.data, face.data.shape_keys.key_blocks
    rest, pixel = coordinates(keys[0]), LONGER_SIDE / max(size)
    asked = [
        {name: weight for name, weight in weights_of(drawing).items() if name in keys} for drawing in drawings
    ]
    shapes = {
        name: coordinates(keys[name]) - rest for name in {name for weights in asked for name in weights}
    }
    moves = [sum((weight * shapes[name] for name, weight in weights.items()), 0 * rest) for weights in asked]
    moved = np.max([np.hypot(move[:, 0], move[:, 2]) for move in moves], axis=0)
    triangles = np.empty(3 * len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("vertices", triangles)
    triangles = triangles.reshape(-1, 3)
    moving = np.unique(triangles[(moved > _MOVED * LONGER_SIDE)[triangles].any(axis=1)])
    if not len(moving):
        return None
    places = np.concatenate([(rest + move)[moving] for move in (0 * rest, *moves)])
    across, down = places[:, 0] / pixel + size[0] / 2, size[1] / 2 - places[:, 2] / pixel
    return (
        max(int(across.min()) - _AROUND, 0),
        max(int(down.min()) - _AROUND, 0),
        min(int(across.max()) + 1 + _AROUND, size[0]),
        min(int(down.max()) + 1 + _AROUND, size[1]),
    )


def _built(name: str, sheets: list[tuple[str, dict[str, Pixels], Place]], scene: Any) -> Any:
    """The picture at rest, and before it a plane for each sheet: feature, drawings, and what of them is cut out."""
    picture = next(iter(sheets[0][1].values()))
    height, width = picture.shape[:2]
    pixel = LONGER_SIDE / max(width, height)
    root = bpy.data.objects.new(name, None)
    root.empty_display_size = 0.1
    root.location = stage.free_place(scene, width * pixel)
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    collection.objects.link(root)

    def box(left: int, top: int, right: int, bottom: int) -> sprite_sheets.Box:
        return (
            (left - width / 2) * pixel,
            (height / 2 - bottom) * pixel,
            (right - width / 2) * pixel,
            (height / 2 - top) * pixel,
        )

    sprite_sheets.plane(f"{name} picture", picture, box(0, 0, width, height), root, 0.0)
    for number, (feature, drawings, (left, top, right, bottom)) in enumerate(sheets, 1):
        cells = {drawing: pixels[top:bottom, left:right] for drawing, pixels in drawings.items()}
        sprite_sheets.sheet(feature, cells, box(left, top, right, bottom), root, number * _APART)
    return root
