# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Video of This Picture* panel: a talking picture as an MP4 file, and in the sequencer."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, PointerProperty, StringProperty
from bpy.types import Context, Operator, Panel, PropertyGroup

from ..api import portraits
from ..host.blender_versions import interface
from . import finished_files
from .buttons import RunsJob, draw_reason, picked_reason, running_reason, tell_report
from .file_browsers import draw_name_if_cut
from .looks import ITEMS
from .lookup import described, has_several_pictures
from .properties import picked_character
from .sidebar_tab import SidebarPanel
from .text import draw_fields, draw_name

_NO_FILE = "Choose the file of the video, or save the .blend file first"


_NUMBERS: Final = (
    *(portraits.AUTOMATIC, portraits.BLENDER, portraits.ENGINE, portraits.REFINED, portraits.PERSONAL),
    *portraits.LOOKS,
)
"""The numbers by which .blend files keep a renderer, whatever can be chosen where they are opened."""


def _renderers(with_refined: bool) -> list[tuple[str, str, str, str, int]]:
    """What can be chosen: the refined mouth only where its network is there."""
    items = [
        (portraits.AUTOMATIC, "Automatic", "The full engine where there is one, else Blender"),
        (portraits.BLENDER, "Blender", "A second Blender without a window, while this one stays free"),
        (portraits.ENGINE, "Engine", "The full engine of the add-on's preferences"),
    ]
    titles = {name: (title, f"The full engine draws the photo anew. {about}") for name, title, about in ITEMS}
    items += [(name, *titles[look]) for name, look in portraits.LOOKS.items()]
    about = "The full engine, and a network that makes a photo's mouth look filmed"
    items += [(portraits.REFINED, "Refined Mouth", about)] if with_refined else []
    own = "The full engine, and a file that learned how this person's mouth looks, or a look"
    items.append((portraits.PERSONAL, "Learned", own))
    return [(name, title, about, "NONE", _NUMBERS.index(name)) for name, title, about in items]


class TalkingAnimationPortraitVideo(PropertyGroup):
    """How the video of a picture is made; kept with the scene."""

    output: StringProperty(
        name="Video File",
        description="The MP4 file. Empty: beside the .blend file, named after the character",
        subtype="FILE_PATH",
    )
    renderer: EnumProperty(
        name="Renderer",
        description="What draws the pictures of the video",
        items=_renderers(portraits.has_refiner()),
    )
    personal: StringProperty(
        name="From",
        description="The file (.npz) that was learned from films of this person, or a learned look",
        subtype="FILE_PATH",
    )
    film_pose: EnumProperty(
        name="Head",
        description="How the head moves where the picture is a film, whose body and background go on",
        items=[
            (portraits.REPLAYED, "As Filmed", "The film is replayed to its end and back, with a new mouth"),
            (
                "GENERATED",
                "As Generated",
                "Each picture is the one whose head is nearest to what the voice asks for",
            ),
        ],
    )
    view: EnumProperty(
        name="Shows",
        description="What of the picture the video shows",
        items=[
            (portraits.FULL, "Whole Picture", "All of it"),
            ("FACE", "Head Alone", "A square around the head, which the full engine draws"),
        ],
    )
    preview: BoolProperty(
        name="Preview",
        description="A quarter of the size, 256 pixels at least, to a file of its own beside the video's, to have a look first",
    )
    add_to_sequencer: BoolProperty(
        name="Add to Sequencer",
        description="Put the video into this scene's sequencer where the line begins. Rendering the scene then shows the video",
        default=True,
    )


def _chosen(context: Context) -> str:
    """The file that was chosen for the video."""
    return _beside_the_blend(context.scene.talking_animation_portrait_video.output)


def _beside_the_blend(path: str) -> str:
    """A path as it was written; a name alone lies beside the .blend file, not wherever Blender was started."""
    chosen = path.strip()
    return chosen if not chosen or chosen.startswith("//") or os.path.isabs(chosen) else f"//{chosen}"


def _output(context: Context) -> str:
    """Where the video goes; "" where that is not known."""
    picked = picked_character(context)
    chosen = _chosen(context)
    return chosen or (portraits.beside_the_file(picked.name) if picked is not None else "")


def _folder(context: Context) -> str:
    """Where the videos of all pictures go; "" where that is not known."""
    chosen = _chosen(context)
    if chosen:
        place = chosen.replace("\\", "/")
        start = "//" if place.startswith("//") else ""
        return start + place[len(start) :].rpartition("/")[0] or "."
    return "//" if bpy.data.filepath else ""


def _options(context: Context) -> portraits.PortraitOptions:
    """How the panel has a video made."""
    chosen = context.scene.talking_animation_portrait_video
    return portraits.PortraitOptions(
        chosen.renderer,
        chosen.preview,
        chosen.add_to_sequencer,
        personal=bpy.path.abspath(_beside_the_blend(chosen.personal)),
        film_pose=chosen.film_pose,
        view=portraits.FULL if chosen.renderer == portraits.BLENDER else chosen.view,
    )


class TALKING_OT_bake_talking_portrait(RunsJob, Operator):
    """Write the talking picture as an MP4 video with its sound, in its own size, over the frames of what it says"""

    bl_idname = "talking_animation.bake_talking_portrait"
    bl_label = "Bake Talking Portrait"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where a picture talks, and it is known where the video goes."""
        obstacle = picked_reason(
            context, lambda picked: portraits.obstacle(picked, described(picked)), portraits.obstacle(None)
        )
        return running_reason(context) or obstacle or ("" if _output(context) else _NO_FILE)

    def start(self, context: Context) -> portraits.PortraitJob:
        """Begin with the picked character."""
        return portraits.PortraitJob(
            picked_character(context), _output(context), _options(context), scene=context.scene
        )

    def tell_done(self, context: Context, report: portraits.PortraitReport) -> set[str]:
        """Say where it is."""
        finished_files.remember(context.scene, report.path)
        return tell_report(self, context, report)


class TALKING_OT_bake_all_portraits(RunsJob, Operator):
    """Write each talking picture of this scene as an MP4 video named after it, in the folder of the video file"""

    bl_idname = "talking_animation.bake_all_portraits"
    bl_label = "Bake All Pictures"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where it is known where the videos go."""
        return running_reason(context) or ("" if _folder(context) else _NO_FILE)

    def start(self, context: Context) -> portraits.AllPortraitsJob:
        """Begin with all of the scene."""
        return portraits.AllPortraitsJob(_folder(context), _options(context), context.scene)

    def tell_done(self, context: Context, report: portraits.PortraitsReport) -> set[str]:
        """Say what was made."""
        if report.videos:
            finished_files.remember(context.scene, folder=os.path.dirname(report.videos[-1].path))
        return tell_report(self, context, report)


class TALKING_PT_portrait_video(SidebarPanel, Panel):
    """A talking picture as a video."""

    bl_idname = "TALKING_PT_portrait_video"
    bl_label = "Video of This Picture"
    bl_parent_id = "TALKING_PT_main"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the panel."""
        layout = self.layout
        chosen = context.scene.talking_animation_portrait_video
        reason = TALKING_OT_bake_talking_portrait.disabled_reason(context)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.enabled = reason in ("", _NO_FILE)
        column.prop(chosen, "output")
        if column.enabled and not chosen.output and not reason:
            draw_name(column, context, _output(context)[2:], "FILE_MOVIE")
        draw_name_if_cut(column, chosen.output, True)
        column.prop(chosen, "renderer")
        if chosen.renderer == portraits.PERSONAL:
            draw_fields(column, chosen, "personal")
            draw_name_if_cut(column, chosen.personal, True)
        if chosen.renderer != portraits.BLENDER:
            column.prop(chosen, "view")
        picked = picked_character(context)
        if picked is not None and portraits.is_film(picked) and chosen.renderer != portraits.BLENDER:
            column.prop(chosen, "film_pose")
        switches = column.column()
        switches.use_property_split = False  # beside an empty half their names are cut off
        switches.prop(chosen, "preview")
        row = switches.row()
        row.enabled = not chosen.preview
        row.prop(chosen, "add_to_sequencer")
        if chosen.renderer == portraits.PERSONAL:
            layout.operator("talking_animation.mouth_from_films", icon=interface.icon("USER"))
        row = layout.row()
        row.scale_y = 1.4
        row.operator(
            TALKING_OT_bake_talking_portrait.bl_idname, icon=interface.icon("FILE_MOVIE", "RENDER_ANIMATION")
        )
        if has_several_pictures(context.scene):
            layout.operator(TALKING_OT_bake_all_portraits.bl_idname, icon=interface.icon("RENDERLAYERS"))
        finished_files.draw_finished(layout, context.scene)
        draw_reason(layout, context, reason or portraits.engine_reason(chosen.renderer))


CLASSES: tuple[Any, ...] = (
    TalkingAnimationPortraitVideo,
    TALKING_OT_bake_talking_portrait,
    TALKING_OT_bake_all_portraits,
    TALKING_PT_portrait_video,
)


def register() -> None:
    """Attach the properties to the scene."""
    bpy.types.Scene.talking_animation_portrait_video = PointerProperty(type=TalkingAnimationPortraitVideo)


def unregister() -> None:
    """Take them away again."""
    del bpy.types.Scene.talking_animation_portrait_video
