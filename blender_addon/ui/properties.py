# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel remembers: with the scene, with each character, and while it works."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)
from bpy.types import Context, Object, PropertyGroup

from .. import api, engine, versions
from ..errors import TalkingAnimationError

_OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}


def _styles() -> list[tuple[str, str, str]]:
    try:
        return engine.shipped_styles(engine.find_root())
    except TalkingAnimationError:
        return [("natural", "Natural", "Everyday conversation")]


STYLES = _styles()


def _may_be_character(_: Any, item: Object) -> bool:
    return item.type in {"MESH", "ARMATURE", "EMPTY"}


def _sound_strips(_: Any, context: Context, edit_text: str) -> list[str]:
    names = [strip.name for strip in versions.all_sequencer_strips(context.scene) if strip.type == "SOUND"]
    return [name for name in names if edit_text.casefold() in name.casefold()]


def _bones(state: Any, _: Context, edit_text: str) -> list[str]:
    pose = state.id_data.pose
    names = [bone.name for bone in pose.bones] if pose is not None else []
    return [name for name in names if edit_text.casefold() in name.casefold()]


def _dial_changed(state: Any, context: Context) -> None:
    if api.dials_are_quiet or not api.motion_file(state.id_data):
        return
    try:
        api.apply_dials(state.id_data, scene=context.scene)
    except TalkingAnimationError as error:
        context.window_manager.talking_animation.tell(str(error), "ERROR")


def _dial(name: str, description: str) -> Any:
    return FloatProperty(
        name=name,
        description=f"{description}: 0 keeps them still, 1 is as generated, 2 twice as strong. "
        "Acts on the generated keys at once and replaces edits made on them by hand",
        default=1.0,
        min=0.0,
        max=2.0,
        step=5,
        precision=2,
        subtype="FACTOR",
        update=_dial_changed,
        override=_OVERRIDABLE,
    )


class TalkingAnimationScene(PropertyGroup):
    """What the panel asks for."""

    character: PointerProperty(  # type: ignore[valid-type]
        name="Character",
        description="The character that shall talk: its head mesh, its armature, or any of its parts. "
        "Empty: the active object",
        type=Object,
        poll=_may_be_character,
    )
    source: EnumProperty(  # type: ignore[valid-type]
        name="Voice",
        description="Where the voice comes from",
        items=[
            (
                "FILE",
                "File",
                "A recording on disk, in any format that Blender plays",
                versions.icon("FILE_SOUND"),
                0,
            ),
            (
                "STRIP",
                "Strip",
                "A sound strip of this scene's Sequencer, as it is trimmed",
                versions.icon("SEQUENCE"),
                1,
            ),
        ],
    )
    audio: StringProperty(  # type: ignore[valid-type]
        name="Recording", description="The voice recording: one person speaking", subtype="FILE_PATH"
    )
    strip: StringProperty(  # type: ignore[valid-type]
        name="Sound Strip",
        description="The sound strip with the voice; the animation starts where the strip does",
        search=_sound_strips,
    )
    start_frame: IntProperty(  # type: ignore[valid-type]
        name="Start Frame", description="Scene frame at which the recording starts", default=1
    )
    style: EnumProperty(  # type: ignore[valid-type]
        name="Style", description="The way the speaker moves while talking", items=STYLES
    )
    seed: IntProperty(  # type: ignore[valid-type]
        name="Take",
        description="Another number gives another take: other blinks, glances and head motion, "
        "the same lips. The same number gives the same take again",
        default=0,
        min=0,
    )
    placement: EnumProperty(  # type: ignore[valid-type]
        name="Write To",
        description="Where the keys go",
        items=[
            ("NLA", "NLA Strip", "A strip on a track of its own, which leaves your own actions alone"),
            ("ACTION", "Active Action", "The active action, to edit the curves right away"),
        ],
    )
    add_sound: BoolProperty(  # type: ignore[valid-type]
        name="Add Sound to Sequencer",
        description="Also put the recording into the Sequencer, so that playback and renders have sound",
        default=True,
    )
    extend_range: BoolProperty(  # type: ignore[valid-type]
        name="Extend Scene Range",
        description="Move the scene's end so that the whole recording plays; it is never moved back",
        default=True,
    )


class TalkingAnimationCharacter(PropertyGroup):
    """What a character remembers; kept on its armature, else on the object itself."""

    uid: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})  # type: ignore[valid-type]
    owner: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})  # type: ignore[valid-type]
    source: StringProperty(override=_OVERRIDABLE, options={"HIDDEN"})  # type: ignore[valid-type]
    head_bone: StringProperty(  # type: ignore[valid-type]
        name="Head Bone",
        description="The bone that turns the head. Empty: found by its name",
        search=_bones,
        override=_OVERRIDABLE,
    )
    lips: _dial("Lips", "How far lips and jaw move")  # type: ignore[valid-type]
    head: _dial("Head", "How far the head moves")  # type: ignore[valid-type]
    brows: _dial("Brows", "How far brows, squints and widened eyes move")  # type: ignore[valid-type]
    blinks: _dial("Blinks", "How far the lids close in a blink")  # type: ignore[valid-type]
    gaze: _dial("Gaze", "How far the eyes wander")  # type: ignore[valid-type]


class TalkingAnimationProgress(PropertyGroup):
    """What is going on; kept with the window manager and never saved."""

    running: BoolProperty(options={"SKIP_SAVE"})  # type: ignore[valid-type]
    percent: FloatProperty(  # type: ignore[valid-type]
        name="Progress",
        description="How far the talking animation is; press Esc or Cancel to stop",
        subtype="PERCENTAGE",
        min=0.0,
        max=100.0,
        precision=0,
        options={"SKIP_SAVE"},
    )
    stage: StringProperty(options={"SKIP_SAVE"})  # type: ignore[valid-type]
    cancel: BoolProperty(options={"SKIP_SAVE"})  # type: ignore[valid-type]
    message: StringProperty(options={"SKIP_SAVE"})  # type: ignore[valid-type]
    kind: StringProperty(options={"SKIP_SAVE"})  # type: ignore[valid-type]

    def tell(self, message: str, kind: str = "INFO") -> None:
        """Show a line in the panel: kind "INFO", "WARNING" or "ERROR"."""
        self.message, self.kind = message, kind


def picked_character(context: Context) -> Object | None:
    """The object that the panel works on: the one picked, else the active one."""
    picked = context.scene.talking_animation.character
    # An object that was deleted from the scene but is still pointed at is no longer there for the user.
    if picked is not None and context.scene.objects.get(picked.name) == picked:
        return picked
    return context.view_layer.objects.active


def picked_audio(context: Context) -> Any:
    """What the panel's voice fields stand for: a path, or a sound strip (None where the name fits none)."""
    chosen = context.scene.talking_animation
    if chosen.source == "FILE":
        return chosen.audio
    return next(
        (
            strip
            for strip in versions.all_sequencer_strips(context.scene)
            if strip.name == chosen.strip and strip.type == "SOUND"
        ),
        None,
    )


CLASSES: tuple[type, ...] = (TalkingAnimationScene, TalkingAnimationCharacter, TalkingAnimationProgress)


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
