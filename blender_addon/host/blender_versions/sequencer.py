# SPDX-License-Identifier: GPL-3.0-or-later
"""The sequencer's strips and what is heard of them in every Blender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import bpy

from .. import file_names
from .scenes import remove_scene

CHANNELS: Final = 128
_MIXED = {
    "MONO": "MONO",
    "STEREO": "STEREO",
    "STEREO_LFE": "SURROUND51",
    "CHANNELS_4": "SURROUND4",
    "CHANNELS_5": "SURROUND51",
    "SURROUND_51": "SURROUND51",
    "SURROUND_61": "SURROUND71",
    "SURROUND_71": "SURROUND71",
}


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


def plays_sound() -> bool:
    """Whether this Blender was built with sound."""
    return bool(bpy.app.build_options.audaspace)


def add_sound_strip(scene: Any, name: str, path: str, channel: int, start: int) -> Any:
    """Add a sound file to a scene's sequencer; a path that is relative to the .blend file ("//") stays so.

    Raises:
        RuntimeError: where Blender cannot read the file or was built without sound.
    """
    if scene.sequence_editor is None:
        scene.sequence_editor_create()
    with file_names.usual(bpy.path.abspath(path)) as known:
        strip = sequencer_strips(scene).new_sound(name, known, channel, start)
        if known != path:
            strip.sound.filepath = path
    return strip


def add_movie_strip(scene: Any, name: str, path: str, channel: int, start: int) -> Any:
    """Add the pictures of a video to a scene's sequencer, fitted into the scene's size; "//" stays as in `add_sound_strip`.

    Raises:
        RuntimeError: where Blender cannot read the file or was built without video.
    """
    if scene.sequence_editor is None:
        scene.sequence_editor_create()
    with file_names.usual(bpy.path.abspath(path)) as known:
        strip = sequencer_strips(scene).new_movie(name, known, channel, start, fit_method="FIT")
        if known != path:
            strip.filepath = path
    return strip


def movie_size(strip: Any) -> tuple[int, int]:
    """Width and height of a movie strip's pictures when it got them, pixels."""
    return next(((int(one.orig_width), int(one.orig_height)) for one in strip.elements), (0, 0))


def renew_movie_strip(strip: Any, path: str) -> None:
    """Let a movie strip show the pictures of another file, or of its own anew; where it lies, `lay` says."""
    with file_names.usual(bpy.path.abspath(path)) as known:
        strip.filepath = known
        if known != path:
            strip.filepath = path


def renew_sound_strip(strip: Any, sound: Any) -> None:
    """Let a sound strip be heard as another sound; where it lies, `lay` says.

    Its content keeps the length that it had, which cuts off nothing of what is heard.
    """
    before = strip.sound
    strip.sound = sound
    if before is not None and before != sound and before.users == 0:
        bpy.data.sounds.remove(before)


@dataclass(frozen=True)
class Piece:
    """What a strip shows of its file, in scene frames.

    Attributes:
        begin: where the file's first frame lies, or would lie where it is cut off.
        first: the file's frame that is shown first; below 0 its first one stands still for so long before.
        end: the file's frame that is shown no longer; beyond its last one, that stands still.
    """

    begin: int
    first: int
    end: int


def piece_of(strip: Any) -> Piece:
    """What a movie or sound strip shows of its file."""
    place = strip_range(strip)
    begin = round(getattr(strip, _names(strip)[0])) - int(getattr(strip, "animation_offset_start", 0))
    return Piece(begin, round(place.start) - begin, round(place.start + place.length) - begin)


def loosen(strip: Any, piece: Piece, frames: int) -> None:
    """Before a strip gets a file of so many frames: let its hard cut leave what `lay` will show of it, one frame of what is
    retimed.
    """
    cut = int(getattr(strip, "animation_offset_end", 0))
    end = int(getattr(strip, "animation_offset_start", 0)) + 1 if is_retimed(strip) else piece.end
    if cut > max(0, frames - end):
        strip.animation_offset_end = max(0, frames - end)


def lay(strip: Any, piece: Piece, frames: int) -> None:
    """Let a strip show a piece of its file, which has so many frames. Where it lies on others meanwhile Blender moves it to
    another channel. One that is retimed keeps its speed and cuts, and is moved alone.
    """
    start, left, right = _names(strip)
    retimed = is_retimed(strip)
    if not retimed and getattr(strip, "animation_offset_end", 0):
        strip.animation_offset_end = max(0, frames - piece.end)
    _set(strip, start, piece.begin + int(getattr(strip, "animation_offset_start", 0)))
    if retimed:
        _set(strip, left, piece.begin + piece.first)  # some Blenders draw it forth as the file gets shorter
        return
    handles = [(left, piece.begin + piece.first), (right, piece.begin + piece.end)]
    for name, frame in handles if handles[0][1] < getattr(strip, right) else reversed(handles):
        _set(strip, name, frame)  # so that neither passes the other


def keep_speed(strip: Any, share: float) -> None:
    """Let a strip whose file has become so many times as long be played as fast as before.

    Keys of retiming (Blender 4.0 on) hold their places in the scene: what is between them would be played faster or slower.
    """
    keys = list(getattr(strip, "retiming_keys", ()))
    if share == 1 or len(keys) < 2:
        return
    places = [round(key.timeline_frame) for key in keys]
    wanted = places[:1]
    for place in places[1:]:  # no two of them lie in one frame
        wanted.append(max(wanted[-1] + 1, round(places[0] + share * (place - places[0]))))
    in_order = list(zip(keys, wanted))[1:]
    for key, frame in reversed(in_order) if share > 1 else in_order:  # so that none passes another
        key.timeline_frame = frame


def _names(strip: Any) -> tuple[str, str, str]:
    """What the frame of a strip's content and its two handles are called."""
    newest = hasattr(strip, "left_handle")  # 5.2; the other names go with 6.0
    return (
        ("content_start", "left_handle", "right_handle")
        if newest
        else ("frame_start", "frame_final_start", "frame_final_end")
    )


def _set(strip: Any, name: str, frame: int) -> None:
    if round(getattr(strip, name)) != frame:
        setattr(strip, name, frame)


@contextmanager
def metas_that_fit(strips: Iterable[Any]) -> Iterator[None]:
    """Metas that end, or begin, where what is in them does still do so after what is done to some strips in them."""
    around: list[tuple[Any, bool, bool]] = []
    for strip in strips:
        meta = strip.parent_meta()
        while meta is not None and all(meta != other for other, *_ in around):
            start, end = _bounds(meta)
            place = strip_range(meta)
            around.append((meta, place.start == start, place.start + place.length == end))
            meta = meta.parent_meta()
    yield
    for meta, begins, ends in around:
        if not len(_strips_in(meta)):
            continue
        (_, left, right), (start, end) = _names(meta), _bounds(meta)
        for name, frame, fits in ((right, end, ends), (left, start, begins), (right, end, ends)):
            if fits:
                _set(meta, name, round(frame))


def _bounds(meta: Any) -> tuple[float, float]:
    """Where the first strip in a meta begins and the last one ends."""
    places = [strip_range(strip) for strip in _strips_in(meta)]
    return min(place.start for place in places), max(place.start + place.length for place in places)


def _strips_in(meta: Any) -> Any:
    return meta.strips if hasattr(meta, "strips") else meta.sequences


def is_retimed(strip: Any) -> bool:
    """Whether a strip is played faster or slower."""
    if len(getattr(strip, "retiming_keys", ())) > 0:
        return True
    return abs(float(getattr(strip, "speed_factor", 1.0)) - 1.0) > 1e-6


def show_strips_of(scene: Any) -> None:
    """Let the window's sequencer show a scene's strips, where it shows none; before Blender 5.0 it shows the window's scene."""
    workspace: Any = bpy.context.workspace
    if getattr(workspace, "sequencer_scene", scene) is None:
        workspace.sequencer_scene = scene


def late_start(scene: Any, path: str) -> float:
    """Seconds after a strip's frame at which a scene's sequencer begins a file: some Blenders heed that its sound begins late."""
    probe = bpy.data.scenes.new("Talking animation probe")
    try:
        probe.render.fps, probe.render.fps_base = scene.render.fps, scene.render.fps_base
        strip = add_sound_strip(probe, "voice", path, 1, 1)
        late = strip_range(strip).start - 1.0
        remove_strip(probe, strip)
    except RuntimeError:  # no sound, or a Blender without any
        return 0.0
    finally:
        remove_scene(probe)
    return max(0.0, late) * float(scene.render.fps_base) / float(scene.render.fps)


def is_playable(strip: Any) -> bool:
    """Whether Blender could read a sound strip's file."""
    return getattr(strip.sound, "channels", "") != "INVALID"


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


def free_channel(scene: Any, start: float, end: float, *, above: bool, but: Any = None) -> int:
    """The lowest of the sequencer's channels that has room between two frames and is neither muted nor locked; 0 for none.

    Args:
        scene: whose sequencer.
        start, end: scene frames, the second one no longer taken.
        above: above all strips that lie there, too.
        but: a strip that does not count.
    """
    taken = {0}
    for strip in sequencer_strips(scene):
        place = strip_range(strip)
        if strip != but and place.start < end and place.start + place.length > start:
            taken.add(place.channel)
    lowest = max(taken) + 1 if above else 1
    channels = getattr(scene.sequence_editor, "channels", ())
    taken |= {number for number, channel in enumerate(channels) if channel.mute or channel.lock}
    return next((number for number in range(lowest, CHANNELS + 1) if number not in taken), 0)


def remove_strip(scene: Any, strip: Any) -> None:
    """Take a strip out of a scene's sequencer, or of the meta in it, and its sound out of the file where nothing else uses it."""
    sound = getattr(strip, "sound", None)
    meta = strip.parent_meta()
    beside = sequencer_strips(scene) if meta is None else _strips_in(meta)
    beside.remove(strip)
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
    meta = strip.parent_meta()
    while meta is not None:
        around = strip_range(meta)
        if start < around.start:
            begin += (around.start - start) / fps
            start = around.start
        end = min(end, around.start + around.length)
        meta = meta.parent_meta()
    return Heard(start, max(0.0, end - start), begin, is_retimed(strip))


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
    """Write what is heard of one strip from one frame up to another as a WAV file; False where this Blender cannot.

    A sound that is set to mono in Blender stays so; else the channels are those of the sound, see `mixed_channels`.
    """
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
        return mixdown(alone, path, mixed_channels(strip.sound))
    finally:
        remove_scene(alone)


def end_strip(strip: Any, frame: int) -> None:
    """Let a strip end before a frame, at which it would go on."""
    setattr(strip, "right_handle" if hasattr(strip, "right_handle") else "frame_final_end", frame)


def set_strip_speed(strip: Any, speed: float, start: int) -> bool:
    """Play a sound strip that was added at a frame faster or slower; False where scripts cannot (from Blender 4.0 on)."""
    if not hasattr(strip, "speed_factor"):
        return False
    strip.speed_factor = speed
    strip.frame_start = start + round((strip.frame_start - start) / speed)  # see `late_start`
    return True


def aud_module() -> Any:
    """Blender's sound library; None where this Blender has none (or no numpy, which it needs)."""
    try:
        import aud
    except Exception:
        return None
    return aud


def mixed_channels(sound: Any) -> str:
    """The channels of a mixdown in which those of a sound stay apart.

    Blender mixes 1, 2, 4, 6 (5.1) and 8 (7.1) of them. Of 3, 5 or 7, each is in its place of the next larger kind; of more than
    Blender has a name for, only what it makes of them for two loudspeakers is heard.
    """
    return _MIXED.get(getattr(sound, "channels", ""), "STEREO")


def mixdown(scene: Any, path: str, channels: str = "STEREO") -> bool:
    """Write the sound of a scene's sequencer as a WAV file; False where this Blender cannot.

    Args:
        scene: whose sequencer.
        path: the file.
        channels: see `mixed_channels`.
    """
    settings: dict[str, Any] = {"container": "WAV", "codec": "PCM", "format": "S16", "accuracy": 1024}
    takes = bpy.ops.sound.mixdown.get_rna_type().properties  # type: ignore[call-arg]
    if "channels" in takes:  # in older Blenders they are the scene's
        settings["channels"] = channels
    before = scene.render.ffmpeg.audio_channels
    try:
        scene.render.ffmpeg.audio_channels = channels
        window_scene = {"scene": scene}
        with bpy.context.temp_override(**window_scene):
            bpy.ops.sound.mixdown(filepath=path, **settings)
    except (RuntimeError, TypeError, AttributeError):
        return False
    finally:
        scene.render.ffmpeg.audio_channels = before
    return True
