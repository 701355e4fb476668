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


def own_curves(actions: Iterable[Any], datablock: Any) -> dict[tuple[str, int], Any]:
    """The curves that actions of this add-on hold for a datablock, by data path and array index."""
    found: dict[tuple[str, int], Any] = {}
    for action in actions:
        curves = curve_set(action, datablock)
        if curves is not None:
            found.update(curves.by_path())
    return found


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


def copy_nla_strip(track: Any, strip: Any) -> Any:
    """A strip like another one, of the same action, on another track that is empty."""
    copy = track.strips.new(strip.name, round(strip.frame_start), strip.action)
    if HAS_SLOTS and strip.action_slot is not None:
        copy.action_slot = strip.action_slot
    copy.use_auto_blend = False
    for name in (
        "action_frame_start",
        "action_frame_end",
        "scale",
        "repeat",
        "frame_end",
        "frame_start",
        "frame_end",
        "blend_type",
        "extrapolation",
        "blend_in",
        "blend_out",
        "mute",
        "use_reverse",
    ):
        setattr(copy, name, getattr(strip, name))
    if strip.use_animated_influence:
        copy.use_animated_influence = True
        copy.influence = strip.influence
        keys, new = strip.fcurves.find("influence"), copy.fcurves.find("influence")
        if keys is not None and new is not None and len(keys.keyframe_points):
            write_keys(new, key_values(keys))
    return copy


def influence_is_nothing(strip: Any) -> bool:
    """Whether a strip's influence is set by hand or keys, and is zero throughout."""
    if not strip.use_animated_influence:
        return False
    curve = strip.fcurves.find("influence")
    if curve is None or not len(curve.keyframe_points):
        return bool(strip.influence < 0.01)
    return bool(key_values(curve)[:, 1].max() < 0.01)


def push_down(track: Any, animation_data: Any) -> Any:
    """A strip on a track for the active action, at the frames where its keys lie."""
    action = animation_data.action
    start, end = action.frame_range
    strip = track.strips.new(action.name, round(start), action)
    slot = active_slot(animation_data)
    if HAS_SLOTS and slot is not None:
        strip.action_slot = slot
    strip.action_frame_start, strip.action_frame_end = start, max(end, start + 1.0)
    strip.frame_end, strip.frame_start = max(end, start + 1.0), start
    strip.use_auto_blend = False
    strip.extrapolation = animation_data.action_extrapolation
    strip.blend_type = animation_data.action_blend_type
    if animation_data.action_influence < 1.0:
        strip.use_animated_influence = True
        strip.influence = animation_data.action_influence
    return strip


def fit_nla_strip(strip: Any) -> None:
    """Let a strip show all of its action again, whose keys have changed; what it was scaled to stays."""
    start, end = strip.action.frame_range
    if abs(strip.action_frame_start - start) > 1e-3 or abs(strip.action_frame_end - end) > 1e-3:
        strip.action_frame_start = start
        strip.action_frame_end = max(end, start + 1.0)


def evaluate_nla_anew(animation_data: Any) -> None:
    """Let Blender build its evaluation of animation data anew.

    From 4.5 on it leaves the animation out while a track without strips plays solo, and does not take it in again when the
    star is switched off, until a track is added or removed.
    """
    animation_data.nla_tracks.remove(animation_data.nla_tracks.new())


def slot_is_missing(user: Any) -> bool:
    """Whether animation data or a strip has an action but none of its slots, so that nothing moves (Blender 4.4 on)."""
    return HAS_SLOTS and user.action is not None and user.action_slot is None


def choose_slot(user: Any, datablock: Any) -> None:
    """Give animation data or a strip the slot of its action that fits a datablock."""
    if slot_is_missing(user):
        found = curve_set(user.action, datablock)
        if found is not None:
            user.action_slot = found.slot


def remove_unused_action(action: Any) -> None:
    """Delete an action where nothing but its fake user holds it."""
    if action.users - int(action.use_fake_user) <= 0:
        bpy.data.actions.remove(action)


def write_keys(curve: Any, frames_and_values: Any, interpolation: int = LINEAR, slopes: Any = None) -> None:
    """Replace all the keys of a curve at once.

    Args:
        curve: the F-curve.
        frames_and_values: (N, 2) float32 numpy array, frames ascending.
        interpolation: CONSTANT, LINEAR or BEZIER, for every key.
        slopes: (N,) change of value a frame at each key, for BEZIER; its handles then reach a third of the way to the
            neighbouring keys and are aligned. None for handles on the keys.
    """
    import numpy as np

    points = curve.keyframe_points
    count = len(frames_and_values)
    if len(points) != count:
        points.clear()
        points.add(count)
    pairs = np.ascontiguousarray(frames_and_values, np.float32)
    points.foreach_set("co", pairs.reshape(-1))
    if interpolation == BEZIER:
        reach = np.diff(pairs[:, 0]) / 3
        left = np.concatenate([reach[:1], reach]) if count > 1 else np.ones(count, np.float32)
        right = np.concatenate([reach, reach[-1:]]) if count > 1 else left
        rise = np.zeros(count, np.float32) if slopes is None else np.asarray(slopes, np.float32)
        for name, way in (("handle_left", -left), ("handle_right", right)):
            handles = np.stack([pairs[:, 0] + way, pairs[:, 1] + way * rise], axis=1)
            points.foreach_set(name, np.ascontiguousarray(handles, np.float32).reshape(-1))
        _set_handle_types(points, "ALIGNED")
    points.foreach_set("interpolation", np.full(count, interpolation, np.int32))
    curve.update()


def _set_handle_types(points: Any, kind: str) -> None:
    """Give all keys handles of a type; `foreach_set` does nothing with these before Blender 4."""
    numbers = bpy.types.Keyframe.bl_rna.properties["handle_left_type"].enum_items
    for name in ("handle_left_type", "handle_right_type"):
        points.foreach_set(name, [numbers[kind].value] * len(points))
        if len(points) and getattr(points[0], name) != kind:
            for point in points:
                setattr(point, name, kind)


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


def add_text_strip(scene: Any, name: str, text: str, channel: int, start: int, end: int) -> Any:
    """Add a strip that shows a text from one frame up to another."""
    if scene.sequence_editor is None:
        scene.sequence_editor_create()
    strips = sequencer_strips(scene)
    settings: dict[str, Any] = {"name": name, "type": "TEXT", "channel": channel, "frame_start": start}
    if "length" in strips.bl_rna.functions["new_effect"].parameters:  # 5.0 on
        settings["length"] = end - start
    else:
        settings["frame_end"] = end
    strip = strips.new_effect(**settings)
    strip.text = text
    return strip


def free_sequencer_channel(scene: Any, start: float, end: float) -> int:
    """The lowest of the sequencer's channels that has room between two frames, above those that are taken; at most 128."""
    taken = {0}
    for strip in sequencer_strips(scene):
        place = strip_range(strip)
        if place.start < end and place.start + place.length > start:
            taken.add(place.channel)
    return min(max(taken) + 1, 128)


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


@dataclass(frozen=True)
class Heard:
    """The part of a recording that a sound strip lets hear.

    Attributes:
        start: scene frame at which it is first heard.
        length: frames that it is heard for, at most; 0 where nothing is heard.
        begin: seconds of the recording that are left out before.
        retimed: played faster or slower, which only `mixdown_strip` knows how to follow; `begin` means nothing then.
    """

    start: float
    length: float
    begin: float
    retimed: bool


def heard(strip: Any, fps: float) -> Heard:
    """What of a sound strip is heard in a scene of that rate: its trim, its offset, and the handles of the metas around it."""
    place = strip_range(strip)
    content = strip.content_start if hasattr(strip, "left_handle") else strip.frame_start
    first = float(content) + float(getattr(strip, "sound_offset", 0.0)) * fps
    start, end = place.start, place.start + place.length
    if bpy.app.version >= (4, 0, 0):  # before, a strip that begins before its sound plays it early
        start = max(start, first)
    begin = max(0.0, start - first) / fps + float(getattr(strip, "animation_offset_start", 0)) / fps
    retimed = len(getattr(strip, "retiming_keys", ())) > 0
    retimed = retimed or abs(float(getattr(strip, "speed_factor", 1.0)) - 1.0) > 1e-6
    meta = strip.parent_meta()
    while meta is not None:
        around = strip_range(meta)
        if start < around.start:
            begin += (around.start - start) / fps
            start = around.start
        end = min(end, around.start + around.length)
        meta = meta.parent_meta()
    return Heard(start, max(0.0, end - start), begin, retimed)


def is_muted(strip: Any, scene: Any) -> bool:
    """Whether a strip is not heard because it, its channel, or a meta around it is muted."""
    while strip is not None:
        meta = strip.parent_meta()
        channels = getattr(meta if meta is not None else scene.sequence_editor, "channels", ())
        if strip.mute or (strip.channel < len(channels) and channels[strip.channel].mute):
            return True
        strip = meta
    return False


def channel_name(strip: Any, scene: Any) -> str:
    """The name of a strip's channel; "" where nobody named it."""
    meta = strip.parent_meta()
    channels = getattr(meta if meta is not None else scene.sequence_editor, "channels", ())
    name = str(channels[strip.channel].name) if strip.channel < len(channels) else ""
    return "" if name == f"Channel {strip.channel}" else name


def mixdown_strip(scene: Any, strip: Any, start: int, end: int, path: str) -> bool:
    """Write what is heard of one strip from one frame up to another as a WAV file; False where this Blender cannot."""
    alone = scene.copy()
    try:
        heard_too = {strip.name}
        meta = strip.parent_meta()
        while meta is not None:
            heard_too.add(meta.name)
            meta = meta.parent_meta()
        for other in all_sequencer_strips(alone):
            other.mute = other.name not in heard_too
            if other.name == strip.name:
                other.volume = 1.0
        alone.frame_start, alone.frame_end = start, max(start, end - 1)
        return mixdown(alone, path)
    finally:
        bpy.data.scenes.remove(alone)


def set_strip_speed(strip: Any, speed: float) -> bool:
    """Play a sound strip faster or slower; False where scripts cannot (from Blender 4.0 on)."""
    if not hasattr(strip, "speed_factor"):
        return False
    strip.speed_factor = speed
    return True


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


def snap_to_faces(tool_settings: Any) -> None:
    """Make what is moved in the window snap to the surface under it."""
    tool_settings.snap_elements = {"FACE"}
    if hasattr(tool_settings, "use_snap_self"):
        tool_settings.use_snap_self = False
    if hasattr(tool_settings, "use_snap_nonedit"):
        tool_settings.use_snap_nonedit = True


def online_access() -> bool:
    """Whether the user lets add-ons use the network; before Blender 4.2 there was no such switch."""
    return bool(getattr(bpy.app, "online_access", True))


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
