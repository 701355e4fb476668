# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound strips that a voice may be taken from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import bpy

from ..host.blender_versions import sequencer


def all_of(scene: Any) -> Iterator[Any]:
    """The sound strips of a scene, those in metas too."""
    return (strip for strip in sequencer.all_sequencer_strips(scene) if strip.type == "SOUND")


def has_any(scene: Any) -> bool:
    """Whether a scene has sound strips."""
    return next(all_of(scene), None) is not None


def named(scene: Any, name: str) -> Any:
    """The sound strip of that name; None where there is none."""
    return next((strip for strip in all_of(scene) if strip.name == name), None)


def piece_of(strip: Any) -> str:
    """What a strip plays: the path of its sound, and which part of it; "" where it has none. Copies of a strip play the same."""
    if strip.sound is None:
        return ""
    place = sequencer.strip_range(strip)
    return f"{strip.sound.filepath}|{place.skipped:.3f}|{place.length:.3f}"


def start_of(scene: Any, path: str) -> int | None:
    """The scene frame at which a recording starts in the sequencer; None where it does not lie there."""
    wanted = os.path.realpath(bpy.path.abspath(path))
    for strip in all_of(scene):
        if strip.sound is not None and os.path.realpath(bpy.path.abspath(strip.sound.filepath)) == wanted:
            place = sequencer.strip_range(strip)
            late = (
                sequencer.late_start(scene, wanted) if place.skipped == 0 and os.path.isfile(wanted) else 0.0
            )
            return round(place.start - late * scene.render.fps / scene.render.fps_base)
    return None
