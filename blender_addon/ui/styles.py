# SPDX-License-Identifier: GPL-3.0-or-later
"""The manner of speaking on the panel: style, mixture, files, what videos teach, and MakeItTalk's published networks."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from bpy.props import BoolProperty, CollectionProperty, EnumProperty, StringProperty
from bpy.types import Context, Event, Menu, Operator, OperatorFileListElement, Panel, UILayout

from .. import api
from ..api import engine, manner
from ..host.blender_versions import interface
from . import operators
from .buttons import (
    Asks,
    Reasoned,
    RunsJob,
    WhileNothingRuns,
    draw_reason,
    hand_over,
    picked_reason,
    running_reason,
    tell_report,
    tells_errors,
)
from .failures import Telling
from .file_browsers import browse, draw_file, remember_folder
from .lookup import obstacle
from .properties import picked_audio, picked_character
from .sidebar_tab import Place, SidebarPanel
from .text import draw_fields, draw_in_box, draw_text

VIDEOS = "*.mp4;*.mov;*.mkv;*.avi;*.webm;*.mpg;*.mpeg;*.m4v;*.mxf;*.ogv;*.wmv"
_PARTS = [
    ("VIDEO", "Video", "As the face in the video"),
    ("VOICE", "Voice", "As the panel's voice says; without one, as the sound of the video does"),
]


def draw_style(layout: UILayout, chosen: Any) -> None:
    """The style and what belongs to it.

    Args:
        layout: a column.
        chosen: the scene's `talking_animation` properties.
    """
    layout.prop(chosen, "style")
    if chosen.style == "MIXTURE":
        layout.prop(chosen, "style_first", text="Of")
        layout.prop(chosen, "style_second", text="And")
        layout.prop(chosen, "style_share", text="Share", slider=True)
    elif chosen.style == "FILE":
        icon = interface.icon("PRESET", "DOWNARROW_HLT")
        browse, menu = "talking_animation.choose_style_file", "TALKING_MT_own_styles"
        draw_file(layout, chosen, "style_file", browse, "From", menu, icon)
    layout.prop(chosen, "pose")


def video_reason(context: Context) -> str:
    """Why nothing can be made of a video now; "" where it can."""
    return running_reason(context) or manner.why_no_videos()


class TALKING_MT_own_styles(Telling, Menu):
    """The styles and persons that were made of videos."""

    bl_idname = "TALKING_MT_own_styles"
    bl_label = "Your Styles and Persons"

    def draw(self, context: Context) -> None:
        """Draw the list."""
        files = manner.own_files()
        if not files:
            self.layout.label(text="None yet: make one of a video", icon="INFO")
        for path in files:
            icon = interface.icon("USER", "OUTLINER_OB_ARMATURE") if path.suffix == ".npz" else "PRESET"
            button = self.layout.operator(
                "talking_animation.use_style", text=path.stem, icon=interface.icon(icon)
            )
            button.path = str(path)


class TALKING_OT_use_style(Telling, Operator):
    """Let the character talk in this style"""

    bl_idname = "talking_animation.use_style"
    bl_label = "Use Style"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    path: StringProperty(options={"HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        """Choose it."""
        use_style_file(context, self.path)
        return {"FINISHED"}


def use_style_file(context: Context, path: str) -> None:
    """Choose a style's or person's file on the panel."""
    chosen = context.scene.talking_animation
    chosen.style, chosen.style_file = "FILE", path


# -- of videos -----------------------------------------------------------------------------------------


class PicksVideos(Reasoned):
    """Mixin: a file browser for videos; `use` does something with them."""

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Open the file browser."""
        return browse(self, context, "video_folder")

    def execute(self, context: Context) -> set[str]:
        """The videos are picked."""
        remember_folder(self.filepath, "video_folder")
        return self.use(context)

    def use(self, context: Context) -> set[str]:
        """Do it; returns the operator's result."""
        raise NotImplementedError

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `video_reason`."""
        return video_reason(context)


class PicksSeveralVideos(PicksVideos):
    """Mixin: a file browser in which several videos may be picked; it has the properties `directory` and `files` for them."""

    def picked(self) -> str:
        """Their paths, a line each."""
        clips = [os.path.join(self.directory, file.name) for file in self.files if file.name]
        return "\n".join(clips or [self.filepath])


class TALKING_OT_style_from_video(PicksVideos, Operator):
    """Learn a talking style from 5 to 20 seconds of video, and use it"""

    bl_idname = "talking_animation.style_from_video"
    bl_label = "Style from Video …"
    bl_options: ClassVar = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default=VIDEOS, options={"HIDDEN"})
    name: StringProperty(
        name="Name", description="Name of the style. Empty: the video's", options={"SKIP_SAVE"}
    )

    def use(self, context: Context) -> set[str]:
        """Learn it."""
        return hand_over(self, context, "learn", clips=self.filepath, name=self.name)


class TALKING_OT_person_from_videos(PicksSeveralVideos, Operator):
    """Learn one person's way to move head and face from 12 seconds of video or more, and use it"""

    bl_idname = "talking_animation.person_from_videos"
    bl_label = "Person from Videos …"
    bl_options: ClassVar = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE"})
    files: CollectionProperty(type=OperatorFileListElement, options={"SKIP_SAVE"})
    filter_glob: StringProperty(default=VIDEOS, options={"HIDDEN"})
    name: StringProperty(
        name="Name", description="Name of the person. Empty: the first video's", options={"SKIP_SAVE"}
    )

    def use(self, context: Context) -> set[str]:
        """Learn it."""
        return hand_over(self, context, "learn", clips=self.picked(), person=True, name=self.name)


class TALKING_OT_learn(RunsJob, Operator):
    """Learn a style or a person from videos"""

    bl_idname = "talking_animation.learn"
    bl_label = "Learn from Videos"
    bl_options: ClassVar = {"INTERNAL"}

    clips: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    person: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})
    name: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `video_reason`."""
        return video_reason(context)

    def start(self, context: Context) -> manner.Lesson:
        """Begin to learn."""
        return manner.Lesson(self.clips.split("\n"), self.person, self.name)

    def tell_done(self, context: Context, report: manner.LessonReport) -> set[str]:
        """Use what was learned."""
        use_style_file(context, str(report.path))
        return tell_report(
            self, context, report, f"'{report.path.stem}' was learned and is chosen as the style."
        )


class TALKING_OT_motion_from_video(PicksVideos, Operator):
    """Move the character as a face in a video moves, or mix lips and head from a video and a voice"""

    bl_idname = "talking_animation.motion_from_video"
    bl_label = "Motion from Video …"
    bl_options: ClassVar = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default=VIDEOS, options={"HIDDEN"})
    lips_from: EnumProperty(name="Lips from", description="What lips and jaw follow", items=_PARTS)
    head_from: EnumProperty(
        name="Head from", description="What head, brows, lids and gaze follow", items=_PARTS
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with a character and an engine that reads videos."""
        return motion_reason(context)

    def use(self, context: Context) -> set[str]:
        """Capture it."""
        return hand_over(
            self, context, "capture", video=self.filepath, lips_from=self.lips_from, head_from=self.head_from
        )


def motion_reason(context: Context) -> str:
    """Why no video can move the character now; "" where one can."""
    return video_reason(context) or picked_reason(context, lambda picked: obstacle(picked).rstrip("."))


class TALKING_OT_capture(Asks, Operator):
    """Move the character as a face in a video moves"""

    bl_idname = "talking_animation.capture"
    bl_label = "Capture Motion"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    video: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    lips_from: StringProperty(default="VIDEO", options={"HIDDEN", "SKIP_SAVE"})
    head_from: StringProperty(default="VIDEO", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `motion_reason`."""
        return motion_reason(context)

    @classmethod
    def question(cls, context: Context) -> str:
        """See `operators.question_of_lines`."""
        return operators.question_of_lines(context)

    def start(self, context: Context) -> api.Job:
        """Begin to capture."""
        film = manner.filmed(self.video, self.lips_from, self.head_from)
        voice = picked_audio(context) if film.mixed else None
        arguments = operators.generating(context)
        if arguments["start_frame"] is None and not film.mixed:
            arguments["start_frame"] = context.scene.talking_animation.start_frame
        if self.lips_from == "VIDEO":  # the panel's text is that of its recording
            arguments["text"] = ""
        return api.Job(picked_character(context), voice, **{**arguments, "filmed": film})

    def tell_done(self, context: Context, report: api.Report) -> set[str]:
        """As after generating."""
        return operators.tell_generated(self, context, report)


class TALKING_PT_video(SidebarPanel, Panel):
    """What videos of a talking face are good for."""

    bl_idname = "TALKING_PT_video"
    bl_label = "From Video"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.VIDEO
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the buttons."""
        column = self.layout.column(align=True)
        column.operator("talking_animation.motion_from_video", icon=interface.icon("CAMERA_DATA"))
        column.operator("talking_animation.style_from_video", icon=interface.icon("PRESET"))
        column.operator("talking_animation.person_from_videos", icon=interface.icon("USER"))
        draw_reason(self.layout, context, motion_reason(context))


# -- published networks --------------------------------------------------------------------------------


class TALKING_OT_check_published(WhileNothingRuns, Operator):
    """Ask the engine which of the published files are there"""

    bl_idname = "talking_animation.check_published"
    bl_label = "Look for the Files"
    bl_options: ClassVar = {"INTERNAL"}

    accept: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """What this very button does."""
        if properties.accept:
            return interface.tooltip(
                "Accept the licence of the published files, which is remembered beside them"
            )
        return interface.tooltip("Ask the engine which of the published files are there")

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Ask, and accept the licence where that is what the button is for."""
        chosen = context.scene.talking_animation
        engine.look_for_published(chosen.published_folder, self.accept, chosen.published_system)
        return {"FINISHED"}


class TALKING_PT_published(SidebarPanel, Panel):
    """Published networks, for those who have their files."""

    bl_idname = "TALKING_PT_published"
    bl_label = "Research"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.RESEARCH
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw what is there, what is missing, and the licence."""
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        chosen = context.scene.talking_animation
        known = engine.published_state()
        if known is not None and known.name != chosen.published_system:
            known = None
        layout.prop(chosen, "published_system", text="")
        layout.prop(chosen, "published_folder")
        layout.operator("talking_animation.check_published", icon="VIEWZOOM").accept = False
        if known is None:
            draw_text(
                layout,
                context,
                "Published networks can make the motion, from files that you bring.",
                "INFO",
            )
            return
        if known.reason:
            reason = known.reason if engine.has_torch() else f"{manner.NEEDS_TORCH}."
            draw_text(layout, context, reason, "ERROR")
        for file in known.files:
            need = "" if file.required else " (optional)"
            mark = "CHECKMARK" if file.found else ("X" if file.required else "DOT")
            layout.label(text=f"{file.name}{need}", icon=interface.icon(mark, "LAYER_USED"))
        draw_text(layout, context, f"In {known.folder}", "FILE_FOLDER")
        if not known.licence_accepted:
            box = layout.box()
            draw_in_box(box, context, known.licence, "INFO")
            button = box.operator("talking_animation.check_published", text="Accept", icon="CHECKMARK")
            button.accept = True
        column = layout.column()
        column.enabled = known.available and known.licence_accepted
        column.prop(chosen, "model", text="")
        if chosen.model == manner.STYLE_AVATAR:
            column.prop(chosen, "published_letters")
            column.prop(chosen, "published_style")
        elif chosen.model != manner.CONTENT:
            draw_fields(column, chosen, "published_speaker")


PANELS: tuple[type[Panel], ...] = (TALKING_PT_video, TALKING_PT_published)

CLASSES: tuple[type, ...] = (
    TALKING_MT_own_styles,
    TALKING_OT_use_style,
    TALKING_OT_style_from_video,
    TALKING_OT_person_from_videos,
    TALKING_OT_learn,
    TALKING_OT_motion_from_video,
    TALKING_OT_capture,
    TALKING_OT_check_published,
    *PANELS,
)
