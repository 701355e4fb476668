"""Plays strips of the sequencer faster or slower, as a person does."""

from __future__ import annotations

from typing import Any

import bpy


def retime(strip: Any, speed: float, at: int | None = None) -> None:
    """Play a strip, up to a frame of the scene, so many times as fast, by keys of retiming (Blender 4.0 on).

    Scripts that add such keys themselves end some Blenders; the operators need a sequencer in a window.

    Args:
        strip: of the scene.
        speed: 2 for twice as fast.
        at: the frame; None for the strip's end.
    """
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = bpy.context.scene
    region = next(region for region in area.regions if region.type == "WINDOW")
    bpy.context.scene.sequence_editor.active_strip = strip
    strip.select = True
    frame = int(strip.frame_final_end) if at is None else at
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.sequencer.retiming_key_add(timeline_frame=frame)
        bpy.ops.sequencer.retiming_segment_speed_set(speed=100.0 * speed, keep_retiming=True)
