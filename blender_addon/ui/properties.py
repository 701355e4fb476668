# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers: with the scene, with each character, and while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)
from bpy.types import Context, Object, PropertyGroup

from .. import api
from ..api import dial_keys, engine, manner, settings
from ..api import scene as scenes
from ..api.characters import is_quiet
from ..api.tables import ALL_VOICES, CHANNELS, CUE_KINDS, MOST_VOICES, dial_rows
from ..errors import legible
from ..host.blender_versions import interface
from . import recording_texts
from .failures import answers, tells_update
from .lookup import described
from .text import in_lines

_OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}


# Numbers are what .blend files hold: those of shipped styles are their places, so others begin beyond.
SHIPPED_STYLES = [(*row, "NONE", number) for number, row in enumerate(manner.shipped())]
NAMED_STYLES = [
    (manner.AUTO, "Auto", "Everyday conversation, as lively as the voice", "NONE", 1000),
    *SHIPPED_STYLES,
]
STYLES = [
    *NAMED_STYLES,
    ("MIXTURE", "Mixture", "Two styles, mixed as you like", "NONE", 1001),
    ("FILE", "File …", "A style's .json, or a person's .npz, such as those made of videos", "NONE", 1002),
]
POSES = [
    ("generated", "Generated", "The head follows the voice", 0),
    ("replayed", "Replayed", "The head moves as the person of the style's .npz file did, again and again", 1),
    ("still", "Still", "The head stays where it is", 2),
]
STARTS = [
    ("FRAME", "Frame", "The recording starts at a frame of your choice, 1 until you change it", 0),
    ("PLAYHEAD", "Playhead", "The recording starts at the present frame", 1),
    ("SCENE", "Scene Start", "The recording starts at the scene's first frame", 2),
    (
        "STRIP",
        "Strip",
        "The recording starts where it lies in the Sequencer, else at the scene's first frame",
        3,
    ),
]
_AUTOMATIC, _MIXED = CHANNELS
_MOST_CHANNELS = 8  # as 7.1 sound has
CHANNEL_ITEMS = [
    (_AUTOMATIC, "Automatic", "The channel with the voice; channels that hold the same are one", "NONE", 0),
    (_MIXED, "All, Mixed", "All channels that are not silent", "NONE", 1000),
    *(
        (str(number), str(number), f"Channel {number} of the recording alone", "NONE", number)
        for number in range(1, _MOST_CHANNELS + 1)
    ),
]
VOICE_ITEMS = [
    (ALL_VOICES, "Everybody", "All that is said in the recording", "NONE", 0),
    *(
        (
            str(number),
            label,
            f"Only the voice that is heard as the {label.lower()} one; the mouth rests meanwhile",
            "NONE",
            number,
        )
        for number, label in enumerate(("First", "Second", "Third", "Fourth")[:MOST_VOICES], 1)
    ),
]


LAST_TAKE = 2**31 - 1  # the largest number that Blender's properties hold


def _numbers(items: list[Any]) -> dict[str, int]:
    return {row[0]: row[-1] for row in items}


def _chosen_or(stored: str, items: list[Any], preference: str) -> dict[str, Any]:
    """Getter and setter of an enum that is what the preferences say until the user chooses.

    Args:
        stored: the property that keeps the choice.
        items: of the enum.
        preference: the field of `settings.Settings`.
    """
    numbers = _numbers(items)

    @answers(items[0][-1])
    def get(owner: Any) -> int:
        name = getattr(owner, stored) or getattr(settings.current(), preference)
        return numbers.get(name, items[0][-1])

    @tells_update
    def put(owner: Any, number: int) -> None:
        setattr(owner, stored, next(name for name, value in numbers.items() if value == number))

    return {"get": get, "set": put}


@answers(False)
def may_be_character(_: Any, candidate: Object) -> bool:
    """Whether an object is offered where a character is chosen by hand."""
    return candidate.type in {"MESH", "ARMATURE", "EMPTY", "GPENCIL", "GREASEPENCIL"}


@answers([])
def _sound_strips(_: Any, context: Context, edit_text: str) -> list[str]:
    names = [strip.name for strip in scenes.sound_strips(context.scene)]
    return [name for name in names if edit_text.casefold() in name.casefold()]


PUBLISHED_ITEMS = [
    ("makeittalk", "MakeItTalk", "MakeItTalk's published networks, from files that you bring"),
    (
        "animateportrait",
        "AnimatePortrait",
        "The networks of AnimatePortrait's Module 1, from files that you bring",
    ),
    ("style_avatar", "style_avatar", "style_avatar's published network, from files that you bring"),
]


@answers([])
def _published_speakers(_: Any, context: Context, edit_text: str) -> list[str]:
    known = engine.published_state()
    names = known.speakers if known is not None else ()
    return [name for name in names if edit_text.casefold() in name.casefold()]


@answers([])
def _bones(owner: Any, _: Context, edit_text: str) -> list[str]:
    pose = owner.id_data.pose
    names = [bone.name for bone in pose.bones] if pose is not None else []
    return [name for name in names if edit_text.casefold() in name.casefold()]


@tells_update
def _edit_changed(owner: Any, context: Context) -> None:
    """A dial or the key style of a character changed: its keys are made anew."""
    if is_quiet() or not api.motion_file(owner.id_data):
        return
    change = dial_keys.change_dials(owner.id_data, scene=context.scene)
    context.window_manager.talking_animation.warn(change.warnings)


def _dial_changed(name: str) -> Callable[[Any, Context], None]:
    """What is done when the dial of this name was moved."""

    @tells_update
    def changed(owner: Any, context: Context) -> None:
        # What a keyed dial shows its curve decides; evaluating that would take the new value away before it can be keyed.
        if not dial_keys.is_keyed(owner.id_data, name):
            _edit_changed(owner, context)

    return changed


@tells_update
def _heard_switched(_: Any, context: Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "DOPESHEET_EDITOR":
                area.tag_redraw()


@tells_update
def _blend_changed(owner: Any, context: Context) -> None:
    if is_quiet() or not api.in_nla(owner.id_data):
        return
    api.push_to_nla(owner.id_data, owner.blend_in, owner.blend_out)


def _dial(row: dict[str, Any]) -> Any:
    """The property of a dial, as the engine's table describes it."""
    meaning = ": 0 keeps them still, 1 is as generated, 2 twice as strong" if _is_plain_gain(row) else ""
    return FloatProperty(
        name=row["label"],
        description=f"{row['description']}{meaning}. "
        "Acts on the generated keys at once and replaces edits made on them by hand",
        default=row["default"],
        min=row["minimum"],
        max=row["maximum"],
        soft_min=max(row["minimum"], -row["soft_maximum"]),
        soft_max=row["soft_maximum"],
        step=1 if row["unit"] == "seconds" else 5,
        precision=2,
        subtype="NONE" if row["unit"] == "seconds" else "FACTOR",
        options=set()
        if row["unit"] == "seconds"
        else {"ANIMATABLE"},  # what is averaged or moved is the whole motion
        update=_dial_changed(row["name"]),
        override=_OVERRIDABLE,
    )


def _is_plain_gain(row: dict[str, Any]) -> bool:
    return row["unit"] == "factor" and row["name"] not in {"mouth_closing", "energy"}


class TalkingAnimationScene(PropertyGroup):
    """What the panel asks for."""

    character: PointerProperty(
        name="Character",
        description="The character that shall talk: its head mesh, its armature, or any of its parts. "
        "Empty: the active object",
        type=Object,
        poll=may_be_character,
    )
    source: EnumProperty(
        name="Voice",
        description="Where the voice comes from",
        items=[
            (
                "FILE",
                "File",
                "A recording on disk, in any format that Blender plays",
                interface.icon("FILE_SOUND"),
                0,
            ),
            (
                "STRIP",
                "Strip",
                "A sound strip of this scene's Sequencer, as it is trimmed",
                interface.icon("SEQUENCE"),
                1,
            ),
        ],
    )
    audio: StringProperty(
        name="Recording",
        description="The voice recording: one person speaking",
        subtype="FILE_NAME",  # a path, but without Blender's own browser, which shows every file: see `voice_files`
        update=recording_texts.recording_chosen,
    )
    strip: StringProperty(
        name="Sound Strip",
        description="The sound strip with the voice; the animation starts where the strip does",
        search=_sound_strips,
    )
    start_frame: IntProperty(
        name="Start Frame", description="Scene frame at which the recording starts", default=1
    )
    start_at_chosen: StringProperty(options={"HIDDEN"})
    start_at: EnumProperty(
        name="Start At",
        description="Where the recording starts. Until you choose, as the add-on's preferences say",
        items=[(name, label, text, "NONE", number) for name, label, text, number in STARTS],
        **_chosen_or("start_at_chosen", STARTS, "start_at"),
    )
    style_chosen: StringProperty(options={"HIDDEN"})
    style: EnumProperty(
        name="Style",
        description="The way the speaker moves while talking. Until you choose, as the add-on's preferences say",
        items=STYLES,
        **_chosen_or("style_chosen", STYLES, "default_style"),
    )
    style_first: EnumProperty(
        name="First Style", description="One of the two styles that are mixed", items=SHIPPED_STYLES
    )
    style_second: EnumProperty(
        name="Second Style",
        description="The other one of the two styles that are mixed",
        items=SHIPPED_STYLES,
        default=SHIPPED_STYLES[min(2, len(SHIPPED_STYLES) - 1)][0],
    )
    style_share: FloatProperty(
        name="Share of Second",
        description="How much of the second style: 0 is the first style alone, 1 the second one alone",
        default=0.5,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )
    style_file: StringProperty(
        name="Style File",
        description="A style's .json, or a person's .npz",
        subtype="FILE_NAME",  # see `file_browsers`
    )
    pose: EnumProperty(
        name="Head Pose",
        description="Where the head's motion comes from",
        items=[(name, label, text, "NONE", number) for name, label, text, number in POSES],
    )
    model: EnumProperty(
        name="Networks",
        description="Which networks make the motion of a voice",
        items=[
            ("content", "Own", "The engine's own networks, which ship with the add-on"),
            *PUBLISHED_ITEMS,
        ],
    )
    published_system: EnumProperty(
        name="System",
        description="Whose published networks are looked for",
        items=PUBLISHED_ITEMS,
    )
    published_folder: StringProperty(
        name="Folder",
        description="Where the published files are. Empty: the engine's folder checkpoints/published",
        subtype="DIR_PATH",
    )
    published_letters: StringProperty(
        name="Letters",
        description="What DeepSpeech hears in this recording: a .npy of 29 probabilities for every 20 ms",
        subtype="FILE_PATH",
    )
    published_style: StringProperty(
        name="Style Code",
        description="A .npy with a style code of style_avatar's, with :NUMBER where it holds several. Empty: its average",
    )
    published_speaker: StringProperty(
        name="Speaker",
        description="Whose manner MakeItTalk takes, one of the speakers of its file emb.pickle. Empty: the voice's own",
        search=_published_speakers,
    )
    channel: EnumProperty(
        name="Channel",
        description="What of a recording with several channels is listened to",
        items=CHANNEL_ITEMS,
    )
    voice_in_file: EnumProperty(
        name="Speaker",
        description="Where several people speak in a recording: whose words move this character",
        items=VOICE_ITEMS,
    )
    text: StringProperty(
        name="Text",
        description="What this recording says, where you know it: lips meet surely on its p, b and m, hardly anywhere else. "
        "Names before a colon and what stands in brackets are left out. Empty: what is heard alone",
        get=recording_texts.get_text,
        set=recording_texts.set_text,
    )
    texts: CollectionProperty(type=recording_texts.TalkingAnimationText, options={"HIDDEN"})
    text_files: BoolProperty(
        name="Use Text Files",
        description="Where no text is given, a text file beside the recording says it: line.txt beside line.wav",
        default=False,
    )
    seed: IntProperty(
        name="Take",
        description="Another number gives another take: other blinks, glances and head motion, "
        "the same lips. The same number gives the same take again",
        default=0,
        min=0,
        max=LAST_TAKE,
    )
    placement: EnumProperty(
        name="Write To",
        description="Where the keys go",
        items=[
            ("NLA", "NLA Strip", "A strip on a track of its own, which leaves your own actions alone"),
            ("ACTION", "Active Action", "The active action, to edit the curves right away"),
        ],
    )
    add_sound: BoolProperty(
        name="Add Sound to Sequencer",
        description="Also put the recording into the Sequencer, so that playback and renders have sound",
        default=True,
    )
    cue_kind: EnumProperty(
        name="Mouth Cues",
        description="How the mouth shapes A to H and X are shown",
        items=[(kind, label, text) for kind, (label, text) in CUE_KINDS.items()],
    )
    extend_range: BoolProperty(
        name="Extend Scene Range",
        description="Move the scene's end so that the whole recording plays. It moves back where lines get shorter "
        "or are removed",
        default=True,
    )
    play_in_sync: BoolProperty(
        name="Play in Sync",
        description="Let the scene drop pictures rather than fall behind its sound, and play sound where the playhead is "
        "dragged (Timeline > Playback). Removing the last talking animation gives back what was set before",
        default=True,
    )
    keep_motion: BoolProperty(
        name="Keep Motion in File",
        description="Save the motion with the .blend file (some 7 kB a second, up to ten minutes), so that dials work on "
        "other computers and after the cache was cleared",
        default=True,
    )
    show_heard: BoolProperty(
        name="Show What Was Heard",
        description="Show the voice in the Timeline, with the mouth shapes that were heard in it, where the lips meet, and "
        "pauses: so that you see why a mouth is shut. Drag the Timeline higher where it has no room",
        default=False,
        update=_heard_switched,
    )
    playback: StringProperty(options={"HIDDEN"})


class TalkingAnimationCharacter(PropertyGroup):
    """What a character remembers, its dials too; kept on its armature, else on the object itself."""

    uid: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})
    owner: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})
    source: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})
    mapping: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})
    drawings: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})
    head_bone: StringProperty(
        name="Head Bone",
        description="The bone that turns the head. Empty: found by its name",
        search=_bones,
        override=_OVERRIDABLE,
    )
    key_style: EnumProperty(
        name="Keys",
        description="Which keys the motion gets. They are made anew from the stored motion at once, "
        "which replaces edits made on them by hand",
        items=[
            ("FRAMES", "Every Frame", "A key on every frame"),
            ("LINEAR", "Few, Linear", "As few keys as the tolerance allows, straight lines between them"),
            ("BEZIER", "Few, Bezier", "As few keys as the tolerance allows, smooth curves between them"),
            ("STEPPED", "Stepped", "Drawings that are held, as in 2D animation"),
        ],
        update=_edit_changed,
        override=_OVERRIDABLE,
    )
    key_tolerance: FloatProperty(
        name="Tolerance",
        description="How far a curve may be off at any frame, as a part of a shape's full strength or of a bone's "
        "own range. Where the lips touch it is never off",
        default=0.01,
        min=0.001,
        max=0.2,
        step=1,
        precision=3,
        update=_edit_changed,
        override=_OVERRIDABLE,
    )
    key_hold: IntProperty(
        name="Hold",
        description="Frames that each drawing is held for: 2 is on twos. "
        "Each p, b and m keeps a drawing with closed lips",
        default=2,
        min=1,
        max=12,
        update=_edit_changed,
        override=_OVERRIDABLE,
    )
    calibrate: BoolProperty(
        name="Amplify a Narrow Mouth",
        description="Where this character's shapes open the mouth less than most do, they are driven further, as far as their "
        "sliders go. The keys are made anew from the stored motion at once",
        default=True,
        update=_edit_changed,
        override=_OVERRIDABLE,
    )
    blend_in: FloatProperty(
        name="Blend In",
        description="Frames over which the NLA strip fades in, from what the tracks below do, else from rest",
        default=0.0,
        min=0.0,
        max=1000.0,
        precision=0,
        step=100,
        update=_blend_changed,
        override=_OVERRIDABLE,
    )
    blend_out: FloatProperty(
        name="Blend Out",
        description="Frames over which the NLA strip fades out, to what the tracks below do, else to rest",
        default=0.0,
        min=0.0,
        max=1000.0,
        precision=0,
        step=100,
        update=_blend_changed,
        override=_OVERRIDABLE,
    )
    cues: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})


# The dials stand in the engine's table.
TalkingAnimationCharacter.__annotations__.update({row["name"]: _dial(row) for row in dial_rows()})


class TalkingAnimationProgress(PropertyGroup):
    """What is going on; kept with the window manager and never saved."""

    running: BoolProperty(options={"SKIP_SAVE"})
    percent: FloatProperty(
        name="Progress",
        description="How far the talking animation is; press Esc or Cancel to stop",
        subtype="PERCENTAGE",
        min=0.0,
        max=100.0,
        precision=0,
        options={"SKIP_SAVE"},
    )
    stage: StringProperty(options={"SKIP_SAVE"})
    cancel: BoolProperty(options={"SKIP_SAVE"})
    message: StringProperty(options={"SKIP_SAVE"})
    kind: StringProperty(options={"SKIP_SAVE"})

    summary: StringProperty(options={"SKIP_SAVE"})
    warnings: StringProperty(options={"SKIP_SAVE"})
    subject: StringProperty(options={"SKIP_SAVE"})

    def tell(self, message: str, kind: str = "INFO", warnings: Iterable[str] = (), summary: str = "") -> None:
        """Show a line in the panel, under it a line for each warning.

        Args:
            message: what is to be said.
            kind: "INFO", "WARNING" or "ERROR".
            warnings: what to watch out for, a sentence each.
            summary: the line in short, which is then shown in its place, with the message as its details.
        """
        self.message, self.kind, self.warnings, self.summary = message, kind, in_lines(warnings), summary
        self.subject = subject_of(bpy.context) if message else ""

    def warn(self, warnings: Sequence[str]) -> None:
        """Show what to watch out for; where that is nothing, what was said before stays."""
        if warnings:
            self.tell(warnings[0], "WARNING", warnings[1:])

    def concerns(self, context: Context) -> bool:
        """Whether there is a message, and it is about the character and the voice that the panel shows now."""
        return bool(self.message) and self.subject == subject_of(context)

    def forget(self) -> None:
        """Say nothing more: what was told of was undone, or another file is open."""
        self.tell("")


def picked_character(context: Context) -> Object | None:
    """The object that the panel works on: the one picked, else the active one."""
    picked = context.scene.talking_animation.character
    # An object that was deleted from the scene but is still pointed at is no longer there for the user.
    if picked is not None and context.scene.objects.get(picked.name) == picked:
        return picked
    return context.view_layer.objects.active


def subject_of(context: Context) -> str:
    """What a message of the panel is about: scene, character and voice, as one text to compare."""
    chosen = context.scene.talking_animation
    picked = picked_character(context)
    whose = described(picked).root.name_full if picked is not None else ""
    voice = chosen.audio if chosen.source == "FILE" else chosen.strip
    return "\n".join(map(legible, (context.scene.name_full, whose, chosen.source, voice)))


def picked_audio(context: Context) -> Any:
    """What the panel's voice fields stand for: a path, or a sound strip (None where the name fits none)."""
    chosen = context.scene.talking_animation
    if chosen.source == "FILE":
        return chosen.audio
    return scenes.sound_strip(context.scene, chosen.strip)


def start_frame(context: Context) -> int | None:
    """Where the panel lets the recording start; None where its strip says."""
    scene = context.scene
    chosen = scene.talking_animation
    if chosen.source == "STRIP":
        return None
    if chosen.start_at == "PLAYHEAD":
        return int(scene.frame_current)
    if chosen.start_at == "SCENE":
        return int(scene.frame_start)
    if chosen.start_at == "STRIP":
        start = scenes.start_of_recording(scene, chosen.audio)
        return int(scene.frame_start) if start is None else start
    return int(chosen.start_frame)


def options_of(scene: Any) -> api.GenerateOptions:
    """What the panel asks for, for one recording as for all lines."""
    chosen = scene.talking_animation
    return api.GenerateOptions(
        style=manner.of_scene(scene),
        pose=chosen.pose,
        channel=chosen.channel,
        voice_in_file=chosen.voice_in_file,
        text_files=chosen.text_files,
        published=_published(chosen),
        seed=chosen.seed,
        placement=chosen.placement,
        add_sound=chosen.add_sound,
        extend_range=chosen.extend_range,
        play_in_sync=chosen.play_in_sync,
        keep_motion=chosen.keep_motion,
    )


def _published(chosen: Any) -> dict[str, Any] | None:
    """The settings of published networks, where the panel asks for them."""
    if chosen.model == manner.CONTENT:
        return None
    folder = bpy.path.abspath(chosen.published_folder) if chosen.published_folder else None
    published = {"folder": folder, "model": chosen.model}
    if chosen.model == manner.STYLE_AVATAR:
        heard, code = chosen.published_letters, chosen.published_style
        return {**published, "letters": heard or None, "style_code": code or None}
    return {**published, "speaker": chosen.published_speaker or None}


CLASSES: tuple[type, ...] = (
    recording_texts.TalkingAnimationText,
    TalkingAnimationScene,
    TalkingAnimationCharacter,
    TalkingAnimationProgress,
)


def register() -> None:
    """Attach the properties to scenes, objects and the window manager."""
    bpy.types.Scene.talking_animation = PointerProperty(type=TalkingAnimationScene)
    bpy.types.Object.talking_animation = PointerProperty(
        type=TalkingAnimationCharacter, override=_OVERRIDABLE
    )
    bpy.types.WindowManager.talking_animation = PointerProperty(type=TalkingAnimationProgress)


def unregister() -> None:
    """Take the properties away again."""
    del bpy.types.WindowManager.talking_animation
    del bpy.types.Object.talking_animation
    del bpy.types.Scene.talking_animation
