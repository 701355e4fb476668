# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that talk, on the panel: pick one, show where its face is, render as it is."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, EnumProperty, PointerProperty, StringProperty
from bpy.types import Context, Event, Image, Menu, Operator, Panel, PropertyGroup
from bpy.utils import previews
from bpy_extras import view3d_utils

from ..api import pictures
from ..errors import Cancelled
from ..host.blender_versions import interface
from .buttons import (
    InObjectMode,
    Reasoned,
    RunsJob,
    draw_reason,
    hand_over,
    object_mode_reason,
    picked_reason,
    running_reason,
    tell_report,
    tells_errors,
)
from .failures import Telling
from .file_browsers import browse, remember_folder
from .looking import look_at_board, take_up
from .lookup import board_of, described, forget
from .operators import generate_reason
from .properties import picked_character
from .sidebar_tab import Place, SidebarPanel
from .text import draw_in_box, say

_FILMS = ";".join(f"*{ending}" for ending in pictures.FILMS)
_FACES = [
    ("largest", "Largest", "One character, of the picture's largest face"),
    ("all", "All", "A character of each face in the picture"),
]
_KINDS = [
    ("auto", "Automatic", "Look at the picture"),
    ("photo", "Photo", "A photo, a painting, a rendered picture"),
    ("drawing", "Drawing", "A drawing with lines and flat colours"),
]
_GLASSES = [
    ("auto", "Automatic", "Look at the picture"),
    ("yes", "Yes", "Glasses are worn: their frame stays rigid"),
    ("no", "No", "No glasses are worn: all of the skin moves"),
]


class TalkingAnimationPicture(PropertyGroup):
    """Which picture is to talk; kept with the scene."""

    image: PointerProperty(
        name="Image", description="An image of this .blend file that shall talk", type=Image
    )


_READY = "It can talk: press Generate."


def _board(context: Context) -> Any:
    return board_of(context.scene)


class _MakesPictures(InObjectMode, RunsJob):
    """Mixin of buttons that turn a picture into a character."""

    def tell_done(self, context: Context, report: pictures.PictureReport) -> set[str]:
        """Pick the character, look at it and say what to do next."""
        forget()
        if report.roots[0].name in context.view_layer.objects:
            take_up(context, report.roots[0])
        return tell_report(self, context, report, "" if generate_reason(context) else _READY)


class TALKING_OT_make_picture_talk(_MakesPictures, Operator):
    """Make an image of this .blend file talk: its face gets shape keys and a head bone"""

    bl_idname = "talking_animation.make_picture_talk"
    bl_label = "Make Image Talk"
    bl_options: ClassVar = {"UNDO"}

    filepath: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    faces: EnumProperty(name="Faces", items=_FACES, options={"HIDDEN", "SKIP_SAVE"})
    kind: EnumProperty(name="Kind", items=_KINDS, options={"HIDDEN", "SKIP_SAVE"})
    glasses: EnumProperty(name="Wears Glasses", items=_GLASSES, options={"HIDDEN", "SKIP_SAVE"})
    set_up: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})
    link: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})

    def start(self, context: Context) -> pictures.PictureJob:
        """Begin with the file, else with the image that is chosen."""
        picture = self.filepath or context.scene.talking_animation_picture.image or ""
        return pictures.PictureJob(
            picture,
            scene=context.scene,
            faces=self.faces,
            kind=self.kind,
            glasses=self.glasses,
            set_up=self.set_up,
            pack=not self.link,
        )


class _PicksPicture(InObjectMode):
    """Mixin: a file browser that shows pictures."""

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_image: BoolProperty(default=True, options={"HIDDEN"})
    # To Blender GIF is a film, and a face picture nothing at all.
    filter_glob: StringProperty(default=f"*.gif;*.npz;{_FILMS}", options={"HIDDEN", "SKIP_SAVE"})
    filter_folder: BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Open the file browser."""
        return browse(self, context, "picture_folder")


class TALKING_OT_pick_picture(_PicksPicture, Operator):
    """Make a character of a picture with a face, a photo or a drawing: it gets shape keys, a head bone and a camera"""

    bl_idname = "talking_animation.pick_picture"
    bl_label = "Make a Picture Talk …"
    bl_options: ClassVar = {"INTERNAL"}

    faces: EnumProperty(name="Faces", description="Which faces of the picture can talk", items=_FACES)
    kind: EnumProperty(name="Kind", description="How the face is made to move", items=_KINDS)
    glasses: EnumProperty(
        name="Wears Glasses",
        description="Whether a photo shows glasses, whose frame then stays rigid",
        items=_GLASSES,
    )
    set_up: BoolProperty(
        name="Set Up Render",
        description="Let the scene render as the picture is: with its camera, its size and its colours",
        default=False,
    )
    link: BoolProperty(
        name="Link to the File",
        description="Show the picture from its file instead of packing it into the .blend file. "
        "What is made of it, such as teeth, is packed all the same",
        default=False,
    )

    def execute(self, context: Context) -> set[str]:
        """The picture is picked."""
        remember_folder(self.filepath, "picture_folder")
        return hand_over(
            self,
            context,
            "make_picture_talk",
            filepath=self.filepath,
            faces=self.faces,
            kind=self.kind,
            glasses=self.glasses,
            set_up=self.set_up,
            link=self.link,
        )


class TALKING_OT_place_points(_PicksPicture, Operator):
    """For a face that is not found: show the picture with four points to put on the eyes and the mouth's corners"""

    bl_idname = "talking_animation.place_points"
    bl_label = "Show Where the Face Is …"
    bl_options: ClassVar = {"UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Add the board."""
        remember_folder(self.filepath, "picture_folder")
        picture = self.filepath or context.scene.talking_animation_picture.image or ""
        board = pictures.make_board(picture, context.scene)
        for selected in context.selected_objects:
            selected.select_set(False)
        context.view_layer.objects.active = board.children[0]
        board.children[0].select_set(True)
        look_at_board(context, board)
        text = "Press Click the Face, or drag the four points, then press Use These Points."
        context.window_manager.talking_animation.tell(text)
        return {"FINISHED"}


class TALKING_OT_use_points(_MakesPictures, Operator):
    """Make the picture talk whose face the four points show"""

    bl_idname = "talking_animation.use_points"
    bl_label = "Use These Points"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are points."""
        return object_mode_reason(context) or (
            "" if _board(context) is not None else "There are no points: press Show Where the Face Is"
        )

    def start(self, context: Context) -> pictures.PictureJob:
        """Begin with what the points show."""
        return pictures.job_of_board(_board(context), context.scene)

    def tell_done(self, context: Context, report: pictures.PictureReport) -> set[str]:
        """The points are no longer needed."""
        board = _board(context)
        if board is not None:
            shift = board.location - report.roots[0].location
            pictures.remove_board(board)
            for root in report.roots:  # it stands where it was shown
                root.location += shift
        return super().tell_done(context, report)


class TALKING_OT_remove_points_board(Reasoned, Operator):
    """Take the picture with the four points away again"""

    bl_idname = "talking_animation.remove_points_board"
    bl_label = "Discard Points"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        return object_mode_reason(context) or ("" if _board(context) is not None else "There are no points")

    def execute(self, context: Context) -> set[str]:
        """Delete them."""
        pictures.remove_board(_board(context))
        return {"FINISHED"}


class TALKING_OT_click_face(Reasoned, Operator):
    """Click the eyes and the mouth's corners in the picture, as the status bar tells; Backspace takes one back, Esc stops"""

    bl_idname = "talking_animation.click_face"
    bl_label = "Click the Face"
    bl_options: ClassVar = {"UNDO"}

    _clicked: int = 0

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """As `TALKING_OT_use_points`."""
        return TALKING_OT_use_points.disabled_reason(context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Begin with the first point."""
        if context.area is None or context.area.type != "VIEW_3D":
            return {"CANCELLED"}
        self._clicked = 0
        self._tell(context)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def _tell(self, context: Context) -> None:
        label = pictures.POINTS[self._clicked][0]
        text = interface.translated("Click: {point} ({number} of 4). Backspace: one back. Esc: stop.")
        point = interface.translated(label)
        context.workspace.status_text_set(text.format(point=point, number=self._clicked + 1))

    def modal(self, context: Context, event: Event) -> set[str]:
        """Take each click; everything else but Esc and Backspace goes on as ever, such as zooming."""
        board = _board(context)
        if board is None or (event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS"):
            self.cancel(context)
            say(self, {"INFO"}, str(Cancelled()))
            return {"CANCELLED"}
        if event.type == "BACK_SPACE" and event.value == "PRESS":
            self._clicked = max(0, self._clicked - 1)
            self._tell(context)
            return {"RUNNING_MODAL"}
        if event.type != "LEFTMOUSE" or event.value != "PRESS":
            return {"PASS_THROUGH"}
        place = _place_under_mouse(context, event, board)
        if place is None:
            return {"PASS_THROUGH"}
        pictures.put_point(board, self._clicked, place)
        self._clicked += 1
        if self._clicked < len(pictures.POINTS):
            self._tell(context)
            return {"RUNNING_MODAL"}
        self.cancel(context)
        context.view_layer.update()
        return hand_over(self, context, "use_points")

    def cancel(self, context: Context) -> None:
        """Over, or broken off: the status bar asks for no more clicks."""
        context.workspace.status_text_set(None)


def _place_under_mouse(context: Context, event: Event, board: Any) -> tuple[float, float] | None:
    """Where the mouse is on the board; None outside of it and outside of the view."""
    region = next((region for region in context.area.regions if region.type == "WINDOW"), None)
    view = context.space_data.region_3d if context.space_data is not None else None
    if region is None or view is None:
        return None
    mouse = (event.mouse_x - region.x, event.mouse_y - region.y)
    if not (0 <= mouse[0] < region.width and 0 <= mouse[1] < region.height):
        return None
    start = view3d_utils.region_2d_to_origin_3d(region, view, mouse)
    along = view3d_utils.region_2d_to_vector_3d(region, view, mouse)
    return pictures.place_under(board, start, along)


class TALKING_OT_render_as_picture(Reasoned, Operator):
    """Let the scene render as the picture is: with its camera, its size and its colours"""

    bl_idname = "talking_animation.render_as_picture"
    bl_label = "Set Up Camera and Render"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    smooth: BoolProperty(
        name="Smooth Edges",
        description="Smooth the edges of lips and teeth. Off, the picture at rest is shown pixel for pixel",
        default=False,
    )
    even: BoolProperty(
        name="Even Size",
        description="For video files, whose width and height must be even: a pixel less where they are not",
        default=False,
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with a character that is a picture."""
        return running_reason(context) or picked_reason(
            context,
            lambda picked: (
                "" if pictures.origin(picked, described(picked)) else f"'{picked.name}' is no picture"
            ),
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Change the scene."""
        picked = picked_character(context)
        if not pictures.render_as_picture(picked, context.scene, self.even, self.smooth):
            say(self, {"ERROR"}, "The picture's camera was deleted: make the picture talk again.")
            return {"CANCELLED"}
        return {"FINISHED"}


_icons: Any = None


def _icon(name: str, path: str) -> int:
    """The number of a picture's own small view; 0 where Blender draws none."""
    if _icons is None:
        return 0
    if name not in _icons:
        _icons.load(name, path, "IMAGE")
    return int(_icons[name].icon_id)


class TALKING_MT_shipped_pictures(Telling, Menu):
    """Drawings and portraits to try out with: each becomes a character that can talk"""

    bl_idname = "TALKING_MT_shipped_pictures"
    bl_label = "Pictures That Ship"

    def draw(self, context: Context) -> None:
        """A line for each."""
        for shipped in pictures.shipped_pictures():
            button = self.layout.operator(
                "talking_animation.make_picture_talk",
                text=shipped.title,
                icon_value=_icon(shipped.name, str(shipped.path)),
            )
            button.filepath = shipped.name


class TALKING_PT_picture(SidebarPanel, Panel):
    """A picture as a character."""

    bl_idname = "TALKING_PT_picture"
    bl_label = "Picture"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.PICTURE
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the buttons."""
        layout = self.layout
        chosen = context.scene.talking_animation_picture
        column = layout.column(align=True)
        column.operator("talking_animation.pick_picture", icon=interface.icon("IMAGE_DATA"))
        if pictures.shipped_pictures():
            column.menu("TALKING_MT_shipped_pictures", icon=interface.icon("FILE_IMAGE", "IMAGE_DATA"))
        row = layout.row(align=True)
        row.prop(chosen, "image", text="")
        if chosen.image is not None:
            button = row.operator("talking_animation.make_picture_talk", text="", icon="CHECKMARK")
            button.filepath, button.faces, button.set_up = "", "largest", False
        if _board(context) is None:
            layout.operator("talking_animation.place_points", icon=interface.icon("EMPTY_AXIS"))
        else:
            box = layout.box()
            draw_in_box(box, context, "Put the four points on the eyes and the mouth's corners.", "INFO")
            box.operator("talking_animation.click_face", icon=interface.icon("RESTRICT_SELECT_OFF"))
            row = box.row(align=True)
            row.operator("talking_animation.use_points", icon="CHECKMARK")
            row.operator("talking_animation.remove_points_board", text="", icon="X")
        picked = picked_character(context)
        if picked is not None and pictures.origin(picked, described(picked)) is not None:
            layout.operator("talking_animation.render_as_picture", icon=interface.icon("CAMERA_DATA"))
        draw_reason(layout, context, object_mode_reason(context))


PANELS: tuple[type[Panel], ...] = (TALKING_PT_picture,)
CLASSES: tuple[type, ...] = (
    TalkingAnimationPicture,
    TALKING_OT_make_picture_talk,
    TALKING_OT_pick_picture,
    TALKING_OT_place_points,
    TALKING_OT_use_points,
    TALKING_OT_remove_points_board,
    TALKING_OT_click_face,
    TALKING_OT_render_as_picture,
    TALKING_MT_shipped_pictures,
    *PANELS,
)


def register() -> None:
    """Attach the property to scenes, and make room for the small views of pictures."""
    global _icons
    _icons = previews.new()
    bpy.types.Scene.talking_animation_picture = PointerProperty(type=TalkingAnimationPicture)


def unregister() -> None:
    """Take both away again."""
    global _icons
    if _icons is not None:
        previews.remove(_icons)
        _icons = None
    del bpy.types.Scene.talking_animation_picture
