# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts call; the operators are thin callers of it.

from blender_addon import api                       # or bl_ext.user_default.talking_animation.api
report = api.generate(bpy.data.objects["Rig"], "//line.wav", start_frame=1, style="natural")
print(report.message)
"""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from . import actions, animation_data, audio_input, cache, engine, settings, versions
from .animation_data import Animation, Dials
from .character import Character, find, override_meshes
from .errors import Cancelled, TalkingAnimationError
from .targets import Channel, TargetSettings, bones, eyes, object_rotation, shape_keys

__all__ = [
    "Dials",
    "Job",
    "Report",
    "TalkingAnimationError",
    "apply_dials",
    "describe",
    "generate",
    "remove",
    "sample_voice",
]

Progress = Callable[[float, str], None]

_POLL_SECONDS = 0.01
_shared: engine.Engine | None = None


@dataclass
class Report:
    """What was written.

    Attributes:
        frames: frames of the recording at the scene's rate.
        curves: curves written, over all datablocks.
        meshes: meshes that were animated.
        start, end: first and last scene frame with keys.
        warnings: sentences about what might hide the result, or was left out.
        message: one line for the user.
    """

    frames: int = 0
    curves: int = 0
    meshes: int = 0
    start: int = 1
    end: int = 1
    warnings: list[str] = field(default_factory=list)
    message: str = ""


@dataclass(frozen=True)
class _Choice:
    start_frame: int | None
    style: str
    seed: int
    placement: str
    add_sound: bool
    extend_range: bool
    head_bone: str
    use_cache: bool


def sample_voice() -> Path | None:
    """The recording that ships to try things out with; None in a copy of the add-on without it."""
    addon = Path(__file__).resolve().parent
    for path in (addon / "sample" / "hello.wav", addon.parent / "demo" / "hello.wav"):
        if path.is_file():
            return path
    return None


def describe(character: Any, head_bone: str | None = None) -> Character:
    """What was found of the character that an object belongs to.

    Args:
        character: any object of it.
        head_bone: see `generate`.

    Returns:
        Its `summary` is for people, its `problem` says why nothing can be generated ("" if all is well).
    """
    found = find(character)
    if head_bone is None:
        head_bone = found.root.talking_animation.head_bone
    return find(character, head_bone) if head_bone else found


def generate(
    character: Any,
    audio: Any,
    *,
    start_frame: int | None = None,
    style: str = "natural",
    seed: int = 0,
    placement: str = "NLA",
    add_sound: bool = True,
    extend_range: bool = True,
    dials: Dials | None = None,
    head_bone: str | None = None,
    scene: Any = None,
    progress: Progress | None = None,
    use_cache: bool = True,
) -> Report:
    """Make a character talk; returns when its keys are written.

    Args:
        character: any object of the character: its mesh, its armature.
        audio: path of a voice recording, or a sound strip of the scene's sequencer.
        start_frame: scene frame at which the recording starts; None for the strip's own start, else the
            scene's present frame.
        style: name of a style that the engine ships.
        seed: another number gives other blinks, glances and head motion.
        placement: "NLA" for a strip on a track of its own, "ACTION" for the active action.
        add_sound: also put the recording into the sequencer.
        extend_range: move the scene's end so that the whole recording plays; it is never moved back.
        dials: how strongly each part moves; None keeps the character's present dials.
        head_bone: name of the bone that turns the head; None for the character's setting, "" to find it.
        scene: None for the present scene.
        progress: called with 0 to 1 and the name of the stage.
        use_cache: take motion that was generated before from the same recording and settings.

    Returns:
        What was written.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    job = Job(
        character,
        audio,
        start_frame=start_frame,
        style=style,
        seed=seed,
        placement=placement,
        add_sound=add_sound,
        extend_range=extend_range,
        dials=dials,
        head_bone=head_bone,
        scene=scene,
        use_cache=use_cache,
    )
    shown: tuple[float, str] | None = None
    try:
        while not job.poll():
            if progress is not None and shown != (job.fraction, job.stage):
                shown = (job.fraction, job.stage)
                progress(*shown)
            time.sleep(_POLL_SECONDS)
    except BaseException:
        job.cancel()
        raise
    if progress is not None:
        progress(1.0, "Done")
    assert job.report is not None
    return job.report


class Job:
    """Generating that does not block: call `poll` until it returns True, then read `report`.

    The arguments are those of `generate`. The scene changes in the last `poll` only.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: what was written; None until done.
    """

    def __init__(
        self,
        character: Any,
        audio: Any,
        *,
        start_frame: int | None = None,
        style: str = "natural",
        seed: int = 0,
        placement: str = "NLA",
        add_sound: bool = True,
        extend_range: bool = True,
        dials: Dials | None = None,
        head_bone: str | None = None,
        scene: Any = None,
        use_cache: bool = True,
    ) -> None:
        self.fraction, self.stage = 0.0, "Reading the recording"
        self.report: Report | None = None
        self._running = False
        self._folder: Path | None = None
        self._warnings: list[str] = []
        if placement not in {"NLA", "ACTION"}:
            raise TalkingAnimationError(f"The placement is 'NLA' or 'ACTION', not '{placement}'.")
        animation_data.require_numpy()
        scene = scene or bpy.context.scene
        found = describe(character, head_bone)
        if found.problem:
            raise TalkingAnimationError(found.problem)
        if not hasattr(found.root, "talking_animation"):
            raise TalkingAnimationError("The add-on is not registered: enable Talking Animation first.")
        # Names, not objects: while the engine works the user may undo, which makes objects anew.
        self._character, self._scene = character.name, scene.name
        if head_bone is None:
            head_bone = found.root.talking_animation.head_bone
        self._choice = _Choice(
            start_frame, style, seed, placement, add_sound, extend_range, head_bone, use_cache
        )
        self._dials = dials
        try:
            self._begin(audio, scene)
        except BaseException:
            self._clean_up()
            raise

    def _begin(self, audio: Any, scene: Any) -> None:
        chosen = settings.current()
        store = cache.folder(chosen.cache_folder)
        self._folder = Path(tempfile.mkdtemp(prefix="talking_animation_"))
        if isinstance(audio, bpy.types.bpy_struct):
            self._source = audio_input.from_strip(audio, scene, self._folder)
        else:
            self._source = audio_input.from_file(audio)
        root = engine.find_root()
        self._result = cache.file_for(
            store,
            audio=audio_input.content_hash(self._source.path),
            begin=self._source.begin,
            seconds=self._source.seconds,
            name=self._source.name,
            style=self._choice.style,
            seed=self._choice.seed,
            engine=engine.fingerprint(root),
            python=chosen.engine_python,
        )
        if self._choice.use_cache and self._result.is_file():
            return
        path = audio_input.prepare(self._source, self._folder)
        self._output = self._folder / "motion.npz"
        self.fraction, self.stage = 0.05, "Starting the engine"
        shared_engine(root).submit(
            {
                "command": "animate",
                "audio": path,
                "output": str(self._output),
                "fps": 25.0,
                "style": self._choice.style,
                "seed": self._choice.seed,
                "backend": "auto",
                "device": "auto",
                "source_name": self._source.name,
            }
        )
        self._running = True

    def poll(self) -> bool:
        """Take the engine's news; write the keys once it is done.

        Returns:
            True when all is written.

        Raises:
            TalkingAnimationError: as `generate`; the job is over then.
        """
        if self.report is not None:
            return True
        if self._folder is None:
            raise Cancelled
        try:
            if self._running:
                assert _shared is not None
                for message in _shared.poll():
                    self._take(message)
            if self._running:
                return False
            self.stage = "Writing keys"
            self.report = self._finish()
        except BaseException:
            self.cancel()
            raise
        self.fraction = 1.0
        self._clean_up()
        return True

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "progress":
            self.fraction = 0.05 + 0.9 * min(1.0, max(0.0, float(message.get("fraction", 0.0))))
            self.stage = str(message.get("stage", "")) or self.stage
        elif kind == "error":
            self._running = False
            raise TalkingAnimationError(str(message.get("message", "The engine failed.")))
        elif kind == "result":
            self._running = False
            self._warnings += [str(text) for text in message.get("warnings", [])]
            try:
                shutil.move(str(self._output), self._result)
            except OSError as error:
                raise TalkingAnimationError(
                    f"The cache folder '{self._result.parent}' cannot be written to "
                    f"({error.strerror or error}): choose another one in the add-on's preferences."
                ) from error

    def cancel(self) -> None:
        """Stop; nothing was changed. Safe to call at any time."""
        if self._running and _shared is not None:
            _shared.cancel()
        self._running = False
        self._clean_up()

    def _clean_up(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _finish(self) -> Report:
        item, scene = bpy.data.objects.get(self._character), bpy.data.scenes.get(self._scene)
        if item is None or scene is None:
            raise TalkingAnimationError(
                f"'{self._character}' was removed or renamed meanwhile: pick the character and generate again."
            )
        animation = animation_data.load(str(self._result))
        choice, source = self._choice, self._source
        start = choice.start_frame
        if start is None:
            start = source.start_frame if source.start_frame is not None else scene.frame_current
        found = describe(item, choice.head_bone)
        if found.problem:
            raise TalkingAnimationError(found.problem)
        overridden = override_meshes(found)
        if overridden:
            self._warnings += overridden
            found = describe(item, choice.head_bone)
        state = found.root.talking_animation
        dials = self._dials or dials_of(state)
        uid = character_id(found.root)
        record = {
            "character": uid,
            "audio": source.name,
            "style": choice.style,
            "seed": choice.seed,
            "dials": asdict(dials),
            "motion": str(self._result),
            "start": start,
            "source": animation.source,
        }
        placement = actions.Placement(start, choice.placement == "NLA", found.root.name, record)
        motion = animation.resampled(frame_rate(scene))
        report = _write(found, motion, dials, placement)
        report.warnings = self._warnings + report.warnings
        with_dials(state, dials)
        state.source = f"{source.name}, style {choice.style}, seed {choice.seed}"
        report.frames, report.start = len(motion), start
        if choice.add_sound and not source.strip:
            _place_sound(scene, source.path, start, uid, report)
        if choice.extend_range and scene.frame_end < report.end:
            scene.frame_end = report.end
        seconds = len(motion) / frame_rate(scene)
        report.message = (
            f"'{found.root.name}' says {source.name}: {seconds:.1f} s from frame {start}, {report.curves} curves on "
            f"{'1 mesh' if report.meshes == 1 else f'{report.meshes} meshes'}."
        )
        _refresh(scene)
        return report


def frame_rate(scene: Any) -> float:
    """Frames per second of a scene."""
    return float(scene.render.fps / scene.render.fps_base)


def dials_of(state: Any) -> Dials:
    """The dials stored with a character (its root's `talking_animation` properties)."""
    return Dials(state.lips, state.head, state.brows, state.blinks, state.gaze)


# While True, dials that change are only stored: `ui.properties` asks before it applies them.
dials_are_quiet = False


def with_dials(state: Any, dials: Dials) -> None:
    """Store dials with a character, without applying them."""
    global dials_are_quiet
    dials_are_quiet = True
    try:
        for name, value in asdict(dials).items():
            setattr(state, name, float(value))
    finally:
        dials_are_quiet = False


def character_id(root: Any) -> str:
    """The id of a character; a copy of a character gets one of its own."""
    state = root.talking_animation
    owner = bpy.data.objects.get(state.owner)
    is_copy = owner is not None and owner != root and owner.talking_animation.uid == state.uid
    if not state.uid or is_copy:
        state.uid = uuid.uuid4().hex
    state.owner = root.name
    return str(state.uid)


def _channels(
    character: Character, animation: Animation, dials: Dials
) -> tuple[dict[Any, list[Channel]], list[str]]:
    """What all targets want written, by datablock."""
    bpy.context.view_layer.update()
    target_settings = TargetSettings(dials, actions.RestReader())
    applied = [shape_keys.apply]
    if character.head:
        applied += [bones.apply, eyes.apply]
    elif actions_allowed(character.root):
        applied += [object_rotation.apply]
        if character.armature is not None:
            applied += [eyes.apply]
    by_datablock: dict[Any, list[Channel]] = {}
    warnings = list(character.linked)
    for apply in applied:
        outcome = apply(animation, character, target_settings)
        warnings += outcome.warnings
        for channel in outcome.channels:
            by_datablock.setdefault(channel.datablock, []).append(channel)
    return by_datablock, warnings


def actions_allowed(item: Any) -> bool:
    """Whether an object may be animated in this file."""
    return item.library is None


def _write(character: Character, animation: Animation, dials: Dials, placement: actions.Placement) -> Report:
    by_datablock, warnings = _channels(character, animation, dials)
    keys = {mesh.key: mesh.object.name for mesh in character.meshes}
    motion_name = character.root.name if character.armature is not None else f"{character.root.name} motion"
    report = Report(start=placement.start)
    refused: list[TalkingAnimationError] = []
    for datablock, channels in by_datablock.items():
        name = keys.get(datablock, motion_name)
        try:
            warnings += actions.write(datablock, channels, replace(placement, name=name))
        except TalkingAnimationError as error:
            refused.append(error)
            continue
        report.curves += len(channels)
        report.meshes += datablock in keys
        report.end = max(report.end, placement.start + max(len(channel.values) for channel in channels) - 1)
    if not report.curves:
        raise (
            refused[0]
            if refused
            else TalkingAnimationError(
                f"All face shapes of '{character.root.name}' have drivers of their own, so nothing could be keyed: "
                "remove the drivers, or pick the object that drives them."
            )
        )
    # A datablock that no longer takes part (a deleted head bone, say) keeps nothing of the take before.
    for datablock in _datablocks(character):
        if datablock not in by_datablock:
            actions.remove(datablock)
    report.warnings = warnings + [str(error) for error in refused]
    return report


def _datablocks(character: Character) -> list[Any]:
    """All datablocks of a character that may carry actions of ours."""
    found = [mesh.key for mesh in character.meshes]
    found.append(character.root)
    return [item for item in found if item.library is None]


def _place_sound(scene: Any, path: str, start: int, uid: str, report: Report) -> None:
    """Put the recording into the sequencer, in place of the one before."""
    _remove_sound(scene, uid)
    taken = set()
    length = report.frames
    for strip in versions.sequencer_strips(scene):
        place = versions.strip_range(strip)
        if place.start < start + length and place.start + place.length > start:
            taken.add(place.channel)
    channel = next((number for number in range(1, 129) if number not in taken), None)
    if channel is None:
        report.warnings.append("All channels of the sequencer are taken, so the sound was not added.")
        return
    try:
        strip = versions.add_sound_strip(scene, Path(path).stem, path, channel, start)
    except RuntimeError:
        report.warnings.append(
            "This Blender cannot play sound, so the recording was not added to the sequencer."
        )
        return
    strip[actions.TAG] = uid


def _remove_sound(scene: Any, uid: str) -> bool:
    own = [strip for strip in versions.sequencer_strips(scene) if strip.get(actions.TAG) == uid]
    for strip in own:
        versions.remove_strip(scene, strip)
    return bool(own)


def _refresh(scene: Any) -> None:
    """Show the present frame as it now is."""
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)


def has_animation(character: Any) -> bool:
    """Whether the character carries a talking animation."""
    found = find(character)
    return any(actions.own_actions(datablock) for datablock in _datablocks(found))


def apply_dials(character: Any, dials: Dials | None = None, scene: Any = None) -> int:
    """Give a generated animation new dials, without the engine.

    The keys get new values where they are, so edits by hand on these curves are lost.

    Args:
        character: any object of the character.
        dials: None for those stored with the character.
        scene: None for the present scene.

    Returns:
        How many curves changed.

    Raises:
        TalkingAnimationError: where there is no talking animation or its motion is no longer in the cache.
    """
    scene = scene or bpy.context.scene
    found = describe(character)
    state = found.root.talking_animation
    if dials is not None:
        with_dials(state, dials)
    path = motion_file(character)
    if not path:
        raise TalkingAnimationError(
            f"'{found.root.name}' has no talking animation yet: press Generate talking animation."
        )
    motion = _resampled(path, frame_rate(scene))
    by_datablock, _ = _channels(found, motion, dials_of(state))
    count = sum(actions.rewrite(datablock, channels) for datablock, channels in by_datablock.items())
    _refresh_later(by_datablock)
    return count


def motion_file(character: Any) -> str:
    """The file with the motion that a character carries; "" where it carries none."""
    for datablock in _datablocks(find(character)):
        for action in actions.own_actions(datablock):
            path = actions.record_of(action).get("motion")
            if path:
                return str(path)
    return ""


_last_motion: tuple[str, float, Animation] | None = None


def _resampled(path: str, fps: float) -> Animation:
    """The motion of a file at a rate; the last one is kept, since a dial asks for it again and again."""
    global _last_motion
    if _last_motion is None or _last_motion[:2] != (path, fps) or not Path(path).is_file():
        _last_motion = (path, fps, animation_data.load(path).resampled(fps))
    return _last_motion[2]


def _refresh_later(datablocks: Any) -> None:
    for datablock in datablocks:
        datablock.update_tag()


def remove(character: Any, scene: Any = None) -> bool:
    """Take the talking animation off a character; it is then as it was before.

    Its sound strip goes too. The scene's range stays.

    Returns:
        Whether there was anything to remove.
    """
    scene = scene or bpy.context.scene
    found = find(character)
    removed = [actions.remove(datablock) for datablock in _datablocks(found)]
    state = found.root.talking_animation
    sound = bool(state.uid) and _remove_sound(scene, state.uid)
    if found.root.library is None:
        state.source = ""
    _refresh(scene)
    return any(removed) or sound


# -- the engine process --------------------------------------------------------------------------------


def shared_engine(root: Path) -> engine.Engine:
    """The one engine process of this Blender; made anew where the preferences have changed."""
    global _shared
    ways = engine.candidates(root, bpy.app.binary_path, settings.current().engine_python)
    if _shared is None or _shared.root != root or _shared.ways != ways:
        close_engine()
        _shared = engine.Engine(root, ways)
    return _shared


def close_engine() -> None:
    """End the engine process, if there is one."""
    global _shared
    if _shared is not None:
        _shared.close()
        _shared = None


def diagnostics() -> str:
    """What a bug report should hold: versions, what runs the engine, and its last words."""
    import platform
    import sys

    lines = [
        "Talking Animation 0.1.0",
        f"Blender {bpy.app.version_string} on {platform.platform()}",
        f"Python {sys.version.split()[0]}, {sys.executable}",
    ]
    try:
        import numpy

        lines.append(f"numpy {numpy.__version__}")
    except Exception as error:
        lines.append(f"no numpy: {error}")
    lines.append(f"aud: {'yes' if versions.aud_module() is not None else 'no'}")
    if _shared is not None:
        lines += [f"Engine: {_shared.title}", f"Capabilities: {_shared.capabilities}", *_shared.log]
    return "\n".join(lines)
