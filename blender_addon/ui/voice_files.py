# SPDX-License-Identifier: GPL-3.0-or-later
"""The voice's file on the panel: its browser, which shows sound and video alone, and voices that come with the add-on."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Menu, Operator, UILayout

from ..api import voices
from .buttons import WhileNothingRuns, tells_errors
from .failures import Telling
from .file_browsers import Browses, draw_file

_OTHER_SOUND = "*.opus;*.weba;*.wma;*.amr;*.caf;*.mka;*.m4b;*.aif;*.aifc"
"""What Blender plays and does not call a sound everywhere."""


def draw_voice_file(layout: UILayout, chosen: Any) -> None:
    """The path of the recording, and the button that browses for it.

    Args:
        layout: a panel's.
        chosen: the scene's `talking_animation` properties.
    """
    samples = "TALKING_MT_sample_voices" if voices.sample_voices() else ""
    beside = samples if chosen.audio.strip() else ""
    draw_file(layout, chosen, "audio", "talking_animation.choose_voice", menu=beside, icon="DOWNARROW_HLT")
    if samples and not beside:
        layout.menu(samples, icon="PLAY_SOUND")


class TALKING_MT_sample_voices(Telling, Menu):
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


class TALKING_OT_use_sample_voice(WhileNothingRuns, Operator):
    """Let the character say this"""

    bl_idname = "talking_animation.use_sample_voice"
    bl_label = "Use Sample Voice"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    name: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """It is the panel's voice."""
        chosen = context.scene.talking_animation
        chosen.source, chosen.audio = "FILE", str(voices.sample_voice_of(self.name))
        return {"FINISHED"}


class TALKING_OT_choose_voice(Browses, Operator):
    """Browse for the voice recording: sound, or a video with sound"""

    bl_idname = "talking_animation.choose_voice"
    bl_label = "Choose Voice"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}
    folder_setting, nothing, click = "voice_folder", "recording", "a sound or a video"

    filter_folder: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})
    filter_sound: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})
    filter_movie: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})
    filter_glob: StringProperty(default=_OTHER_SOUND, options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def present(cls, context: Context) -> str:
        """The scene's."""
        return str(context.scene.talking_animation.audio)

    def take(self, context: Context, path: str) -> None:
        """It is the panel's voice."""
        chosen = context.scene.talking_animation
        chosen.source, chosen.audio = "FILE", path


CLASSES: tuple[type, ...] = (
    TALKING_MT_sample_voices,
    TALKING_OT_use_sample_voice,
    TALKING_OT_choose_voice,
)
