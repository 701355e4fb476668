# SPDX-License-Identifier: GPL-3.0-or-later
"""The file browser for the voice: sound and video alone, opened in the folder of the voice that was chosen last."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Menu, Operator, UILayout

from ..api import settings, voices
from ..errors import TalkingAnimationError
from .buttons import Reasoned, running_reason, tells_errors

_OTHER_SOUND = "*.opus;*.weba;*.wma;*.amr;*.caf;*.mka;*.m4b;*.aif;*.aifc"
"""What Blender plays and does not call a sound everywhere."""


def draw_voice_file(layout: UILayout, chosen: Any) -> None:
    """The path of the recording, and the button that browses for it.

    Args:
        layout: a panel's.
        chosen: the scene's `talking_animation` properties.
    """
    row = layout.row(align=True)
    row.prop(chosen, "audio", text="")
    row.operator("talking_animation.choose_voice", text="", icon="FILEBROWSER")
    if not voices.sample_voices():
        return
    if chosen.audio.strip():
        row.menu("TALKING_MT_sample_voices", text="", icon="DOWNARROW_HLT")
    else:
        layout.menu("TALKING_MT_sample_voices", icon="PLAY_SOUND")


class TALKING_MT_sample_voices(Menu):
    """Voices that come with the add-on, to try it with"""

    bl_idname = "TALKING_MT_sample_voices"
    bl_label = "Try a Sample Voice"

    def draw(self, context: Context) -> None:
        """Draw the list."""
        for sample in voices.sample_voices():
            button = self.layout.operator(
                "talking_animation.use_sample_voice", text=sample.label, icon="PLAY_SOUND"
            )
            button.name = sample.name


class TALKING_OT_use_sample_voice(Reasoned, Operator):
    """Let the character say this"""

    bl_idname = "talking_animation.use_sample_voice"
    bl_label = "Use Sample Voice"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    name: StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated."""
        return running_reason(context)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """It is the panel's voice."""
        chosen = context.scene.talking_animation
        chosen.source, chosen.audio = "FILE", str(voices.sample_voice_of(self.name))
        return {"FINISHED"}


def first_place(chosen: Any) -> str:
    """Where the browser opens: at the present recording, else in the folder of the last one; "" where Blender decides."""
    present = bpy.path.abspath(chosen.audio) if chosen.audio.strip() else ""
    if present and os.path.isdir(os.path.dirname(present)):
        return present
    last = settings.current().voice_folder
    return os.path.join(last, "") if last and os.path.isdir(last) else ""


class TALKING_OT_choose_voice(Reasoned, Operator):
    """Browse for the voice recording: sound, or a video with sound"""

    bl_idname = "talking_animation.choose_voice"
    bl_label = "Choose Voice"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})  # type: ignore[valid-type]
    filter_folder: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    filter_sound: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    filter_movie: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    filter_glob: StringProperty(default=_OTHER_SOUND, options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    relative_path: BoolProperty(  # type: ignore[valid-type]
        name="Relative Path",
        description="Keep the path as seen from the .blend file, so that both can move together",
        default=True,
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated."""
        return running_reason(context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Open the file browser."""
        place = first_place(context.scene.talking_animation)
        if place:
            self.filepath = place
        if not self.properties.is_property_set("relative_path"):
            self.relative_path = context.preferences.filepaths.use_relative_paths
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """The file is chosen: it is the panel's voice, and its folder is where the browser opens next time."""
        path = bpy.path.abspath(self.filepath)
        if os.path.isdir(path) or not os.path.basename(path):
            raise TalkingAnimationError(
                "No recording was chosen: click a sound or a video in the file browser."
            )
        if not os.path.isfile(path):
            name = os.path.basename(path)
            raise TalkingAnimationError(
                f"'{name}' is not in that folder: click a sound or a video in the file browser."
            )
        settings.remember(voice_folder=os.path.dirname(os.path.abspath(path)))
        chosen = context.scene.talking_animation
        chosen.source, chosen.audio = "FILE", _as_kept(path, self.relative_path)
        return {"FINISHED"}


def _as_kept(path: str, relative: bool) -> str:
    """The path as the scene keeps it: seen from the .blend file, where that is wanted and saved on the same drive."""
    if not relative or not bpy.data.filepath:
        return path
    try:
        return str(bpy.path.relpath(path))
    except ValueError:  # another drive of Windows
        return path


CLASSES: tuple[type, ...] = (
    TALKING_MT_sample_voices,
    TALKING_OT_use_sample_voice,
    TALKING_OT_choose_voice,
)
