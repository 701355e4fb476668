"""What a scene's camera sees, as numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np


def pixels_of(path: Path) -> np.ndarray:
    """(h, w, 4) uint8 of a picture's file, from the top row down."""
    image = bpy.data.images.load(str(path))
    try:
        image.colorspace_settings.name = "Non-Color"  # the file's own numbers
        width, height = image.size
        flat = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(flat)
    finally:
        bpy.data.images.remove(image)
    return np.rint(flat.reshape(height, width, 4)[::-1] * 255).astype(np.uint8)


def rendered(scene: Any, engine: str = "BLENDER_WORKBENCH") -> np.ndarray:
    """(h, w, 4) uint8: the present frame of a scene as an engine draws it."""
    scene.render.engine = engine
    if engine == "CYCLES":
        scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 1, False, "CPU"
        scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BOX", 0.01
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.use_file_extension = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.png"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        return pixels_of(path)
