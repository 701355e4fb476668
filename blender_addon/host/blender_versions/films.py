# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoding a film's pictures by Blender's sequencer, which plays a strip of it in a scene of its size and rate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import bpy

from .scenes import remove_scene
from .sequencer import sequencer_strips


@dataclass(frozen=True)
class Film:
    """A film in a scene of its own.

    Attributes:
        scene: whose sequencer plays it, from frame 1 on.
        fps: pictures a second, > 0.
        frames: how many pictures.
        size: width and height that they will be written in, pixels.
    """

    scene: Any
    fps: float
    frames: int
    size: tuple[int, int]


def open_film(path: str, longest: int) -> Film | None:
    """Open a film for `write_pictures`; None where Blender cannot decode it, or it has no moving picture.

    Args:
        path: of the file, in UTF-8.
        longest: pixels of the longer side, at most.
    """
    try:
        clip = bpy.data.movieclips.load(path)
    except RuntimeError:
        return None
    width, height = (int(length) for length in clip.size)
    fps = float(clip.fps)
    if clip.source != "MOVIE" or min(width, height) < 1 or not fps > 0:
        bpy.data.movieclips.remove(clip)
        return None
    scene = bpy.data.scenes.new("Talking animation film")
    share = min(1.0, longest / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    _set_up(scene, size, fps)
    scene.sequence_editor_create()
    # The strip is fitted to the scene's size as it is now.
    try:
        strip = sequencer_strips(scene).new_movie("film", path, 1, 1, fit_method="STRETCH")
        frames = int(strip.frame_final_duration)
    except RuntimeError:
        frames = 0
    if frames < 1:
        remove_scene(scene)
        bpy.data.movieclips.remove(clip)
        return None
    scene.frame_start, scene.frame_end = 1, frames
    return Film(scene, fps, frames, size)


def _set_up(scene: Any, size: tuple[int, int], fps: float) -> None:
    """The film's own size and rate, and its colours as they are."""
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = *size, 100
    render.fps = max(1, round(fps))
    render.fps_base = render.fps / fps
    render.use_sequencer, render.use_compositing, render.dither_intensity = True, False, 0.0
    render.use_file_extension, render.use_overwrite, render.use_placeholder = True, True, False
    kind = render.image_settings
    if hasattr(kind, "media_type"):  # 5.0 on
        kind.media_type = "IMAGE"
    kind.file_format, kind.color_mode = "TARGA_RAW", "RGB"
    scene.view_settings.view_transform = "Standard"
    if hasattr(scene, "sequencer_colorspace_settings"):
        scene.sequencer_colorspace_settings.name = "sRGB"


def write_pictures(film: Film, folder: str) -> None:
    """Write all pictures as ``00001.tga`` and on. It takes a while; whoever waits counts the files.

    Raises:
        RuntimeError: where one cannot be written.
    """
    film.scene.render.filepath = os.path.join(folder, "#####")
    bpy.ops.render.render(animation=True, scene=film.scene.name)
