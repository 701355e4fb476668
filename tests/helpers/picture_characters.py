"""Pictures as characters, made by code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
from blender_addon.contract.face_picture import PICTURE, FacePicture, Layer
from made_face_picture import made_face_picture

from blender_addon.faces.from_picture import build, stage


def contract_picture(pictured: float = 0.0) -> FacePicture:
    """The made picture, of the contract's own class."""
    made = made_face_picture(pictured)
    layers = [Layer(**vars(layer)) for layer in made.layers]
    return FacePicture(**{**vars(made), "layers": layers})


def noise(width: int, height: int, seed: int = 0, alpha: bool = False) -> FacePicture:
    """A made face under a picture of any size, in which every pixel is another.

    Not next to black: beside white it shows the last bits of a graphics card's numbers.
    """
    made = contract_picture()
    random = np.random.RandomState(seed)
    pixels = random.randint(60, 256, (height, width, 4)).astype(np.uint8)
    pixels[..., 3] = np.where(random.rand(height, width) < 0.3, 0, 255) if alpha else 255
    scale = np.array([width, height], np.float32) / made.size
    layers = []
    for layer in made.layers:
        points = layer.points.copy()
        points[:, :2] *= scale
        points[:, 2] += random.rand(len(points)) * width / 50 * (points[:, 2] >= 0)
        uv = layer.uv * scale if layer.texture == PICTURE else layer.uv
        layers.append(replace(layer, points=points, uv=uv))
    return replace(made, layers=layers, textures={**made.textures, PICTURE: pixels})


def add(*pictures: FacePicture, name: str = "made.png") -> list[Any]:
    """Add pictures of one name to the scene, which then renders them as they are; returns their armatures."""
    roots = build.build(pictures, bpy.context.scene, name, sha256="abc")
    stage.frame(bpy.context.scene, roots[0])
    stage.as_it_is(bpy.context.scene)
    return roots


def face_of(root: Any) -> Any:
    """The mesh of such a character."""
    return next(child for child in root.children if child.type == "MESH")
