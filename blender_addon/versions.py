# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that knows how Blender's versions differ (3.4 to 5.x).

Everything else calls these functions and asks no version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import bpy

CONSTANT, LINEAR, BEZIER = 0, 1, 2  # Keyframe.interpolation as foreach_set takes it

HAS_SLOTS = bpy.app.version >= (4, 4, 0)
AS_MODULE = not bpy.app.binary_path  # Blender as a Python module (`import bpy`), not the application


# -- actions and curves --------------------------------------------------------------------------------


@dataclass
class CurveSet:
    """The curves of one datablock in one action.

    Attributes:
        action: the action.
        slot: its slot for the datablock's type; None before Blender 4.4.
        fcurves: the collection that holds the curves.
        groups: the collection that holds the curves' groups.
    """

    action: Any
    slot: Any
    fcurves: Any
    groups: Any

    def by_path(self) -> dict[tuple[str, int], Any]:
        """The curves by data path and array index."""
        return {(curve.data_path, curve.array_index): curve for curve in self.fcurves}

    def new(self, data_path: str, index: int, group: str) -> Any:
        """Add an empty curve in the named group."""
        curve = self.fcurves.new(data_path, index=index)
        if group:
            curve.group = self.groups.get(group) or self.groups.new(group)
        return curve


def new_curve_set(name: str, datablock: Any) -> CurveSet:
    """A new action that can animate the datablock, not yet assigned to it."""
    action = bpy.data.actions.new(name)
    if HAS_SLOTS:
        action.slots.new(id_type=id_type(datablock), name=datablock.name)
        action.layers.new("Layer").strips.new(type="KEYFRAME")
    else:
        action.id_root = id_type(datablock)
    found = curve_set(action, datablock)
    assert found is not None
    return found


def id_type(datablock: Any) -> str:
    """A datablock's type, such as "OBJECT" or "KEY": `ID.id_type`, which Blender has from 4.0 on."""
    return str(getattr(datablock, "id_type", "") or datablock.bl_rna.identifier.upper())


def curve_set(action: Any, datablock: Any) -> CurveSet | None:
    """The curves that an action of this add-on holds for a datablock's type (its first such slot)."""
    if not HAS_SLOTS:
        return CurveSet(action, None, action.fcurves, action.groups)
    for slot in action.slots:
        if slot.target_id_type in (id_type(datablock), "UNSPECIFIED"):
            for layer in action.layers:
                for strip in layer.strips:
                    bag = strip.channelbag(slot, ensure=True)
                    return CurveSet(action, slot, bag.fcurves, bag.groups)
    return None


def animated_paths(action: Any, slot: Any = None) -> set[tuple[str, int]]:
    """Data paths and indices of all the curves of any action (of one slot where slots exist)."""
    if action is None:
        return set()
    if not HAS_SLOTS:
        return {(curve.data_path, curve.array_index) for curve in action.fcurves if not curve.mute}
    paths = set()
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                if slot is None or bag.slot_handle == slot.handle:
                    paths |= {(curve.data_path, curve.array_index) for curve in bag.fcurves if not curve.mute}
    return paths


def active_slot(animation_data: Any) -> Any:
    """The slot of the active action; None before Blender 4.4."""
    return getattr(animation_data, "action_slot", None)


def set_active_action(animation_data: Any, action: Any, slot: Any = None) -> None:
    """Make an action (and its slot) the active one; None takes the active action away."""
    animation_data.action = action
    if HAS_SLOTS and action is not None and slot is not None:
        animation_data.action_slot = slot


def slot_by_identifier(action: Any, identifier: str) -> Any:
    """The slot of that identifier; None where there is none or before Blender 4.4."""
    return action.slots.get(identifier) if HAS_SLOTS and identifier else None


def new_nla_strip(track: Any, curves: CurveSet, name: str, start: int, blend: str, hold: bool) -> Any:
    """Put an action on an NLA track so that its keys lie at the scene frames they are written at.

    Args:
        track: the NLA track.
        curves: an action whose first key lies at `start`.
        name: the strip's name.
        start: scene frame.
        blend: "REPLACE" or "COMBINE" with what lies on the tracks below.
        hold: whether the first and last keys hold outside of the strip. Without it Blender shows a property's
            default there, which for shape keys is 1.0 from Blender 5.0 on.
    """
    strip = track.strips.new(name, start, curves.action)
    if HAS_SLOTS:
        strip.action_slot = curves.slot
    strip.blend_type = blend
    strip.extrapolation = "HOLD" if hold else "NOTHING"
    strip.use_auto_blend = False
    return strip


def write_keys(curve: Any, frames_and_values: Any, interpolation: int = LINEAR) -> None:
    """Replace all the keys of a curve at once.

    Args:
        curve: the F-curve.
        frames_and_values: (N, 2) float32 numpy array, frames ascending.
        interpolation: CONSTANT, LINEAR or BEZIER, for every key.
    """
    import numpy as np

    points = curve.keyframe_points
    count = len(frames_and_values)
    if len(points) != count:
        if len(points):
            for index in range(len(points) - 1, -1, -1):
                points.remove(points[index], fast=True)
        points.add(count)
    flat = np.ascontiguousarray(frames_and_values, np.float32).reshape(-1)
    points.foreach_set("co", flat)
    if interpolation == BEZIER:
        points.foreach_set("handle_left", flat)
        points.foreach_set("handle_right", flat)
    points.foreach_set("interpolation", np.full(count, interpolation, np.int32))
    curve.update()


def key_values(curve: Any) -> Any:
    """The keys of a curve: (N, 2) float32 numpy array of frames and values."""
    import numpy as np

    flat = np.empty(2 * len(curve.keyframe_points), np.float32)
    curve.keyframe_points.foreach_get("co", flat)
    return flat.reshape(-1, 2)


# -- sequencer and sound -------------------------------------------------------------------------------


def sequencer_strips(scene: Any) -> Any:
    """The strips at the top of a scene's sequencer: a collection, empty tuple where it has no sequencer."""
    editor = scene.sequence_editor
    if editor is None:
        return ()
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def all_sequencer_strips(scene: Any) -> Iterable[Any]:
    """All strips of a scene's sequencer, those in metas too."""
    editor = scene.sequence_editor
    if editor is None:
        return ()
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


def add_sound_strip(scene: Any, name: str, path: str, channel: int, start: int) -> Any:
    """Add a sound file to a scene's sequencer.

    Raises:
        RuntimeError: where Blender cannot read the file or was built without sound.
    """
    if scene.sequence_editor is None:
        scene.sequence_editor_create()
    return sequencer_strips(scene).new_sound(name, path, channel, start)


def remove_strip(scene: Any, strip: Any) -> None:
    """Take a strip out of a scene's sequencer, and its sound out of the file where nothing else uses it."""
    sound = getattr(strip, "sound", None)
    sequencer_strips(scene).remove(strip)
    if sound is not None and sound.users == 0:
        bpy.data.sounds.remove(sound)


@dataclass(frozen=True)
class StripRange:
    """Where a strip lies, in scene frames.

    Attributes:
        start: frame at which something is first heard (after trimming).
        length: frames heard.
        skipped: frames of the sound that the trimming leaves out before the start.
        channel: the sequencer's channel.
    """

    start: float
    length: float
    skipped: float
    channel: int


def strip_range(strip: Any) -> StripRange:
    """Where a strip lies and how it is trimmed."""
    if hasattr(strip, "left_handle"):  # 5.2; the names below go with 6.0
        start, length, content = strip.left_handle, strip.duration, strip.content_start
    else:
        start, length, content = strip.frame_final_start, strip.frame_final_duration, strip.frame_start
    skipped = max(0.0, float(start) - float(content)) + float(getattr(strip, "animation_offset_start", 0))
    return StripRange(float(start), float(length), skipped, int(strip.channel))


def aud_module() -> Any:
    """Blender's sound library; None where this Blender has none (or no numpy, which it needs)."""
    try:
        import aud
    except Exception:
        return None
    return aud


def mixdown(scene: Any, path: str) -> bool:
    """Write the sound of a scene's sequencer as a WAV file; False where this Blender cannot."""
    try:
        window_scene = {"scene": scene}
        with bpy.context.temp_override(**window_scene):
            bpy.ops.sound.mixdown(filepath=path, container="WAV", codec="PCM", format="S16", accuracy=1024)
    except (RuntimeError, TypeError, AttributeError):
        return False
    return True


# -- video ---------------------------------------------------------------------------------------------


def set_video_output(scene: Any, path: str) -> None:
    """Make a scene render to an MP4 file: H.264 with AAC sound."""
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    ffmpeg = scene.render.ffmpeg
    ffmpeg.format = "MPEG4"
    ffmpeg.codec = "H264"
    ffmpeg.constant_rate_factor = "HIGH"
    ffmpeg.audio_codec = "AAC"
    ffmpeg.audio_bitrate = 192
    scene.render.use_file_extension = False
    scene.render.filepath = path


# -- user interface ------------------------------------------------------------------------------------


def draw_progress(layout: Any, owner: Any, name: str, stage: str) -> None:
    """A progress bar for a percentage property; before Blender 4.0 a slider, which shows the number itself."""
    percent = getattr(owner, name)
    if hasattr(layout, "progress"):
        layout.progress(factor=percent / 100.0, text=f"{stage} · {percent:.0f} %")
    else:
        layout.prop(owner, name, text=stage, slider=True)


def set_poll_message(operator: Any, message: str) -> None:
    """Say why a button is greyed out."""
    if hasattr(operator, "poll_message_set"):
        operator.poll_message_set(message)


def icon(*names: str) -> str:
    """The first of these icons that this Blender has."""
    known = bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items.keys()
    return next((name for name in names if name in known), "NONE")


def register_cli_command(name: str, run: Callable[[Sequence[str]], int]) -> Any:
    """Register `blender --command NAME` (Blender 4.2 on); a handle for unregistering, else None."""
    if not hasattr(bpy.utils, "register_cli_command"):
        return None
    return bpy.utils.register_cli_command(name, run)


def unregister_cli_command(handle: Any) -> None:
    """Undo `register_cli_command`."""
    if handle is not None:
        bpy.utils.unregister_cli_command(handle)
