# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Landmarks* panel: find the 68 points of a face, correct them by hand, fit the motion to the character's own shapes."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, PointerProperty
from bpy.types import Context, Object, Operator, Panel, PropertyGroup

from ..api import faces
from ..api.characters import Character
from ..api.long_jobs import LongJob
from ..host.blender_versions import interface
from .buttons import Reasoned, RunsJob, draw_reason, mode_reason, running_reason, tells_errors
from .lookup import described, forget, guide_of
from .properties import picked_character
from .sidebar_tab import FacePlace, SidebarPanel
from .text import draw_name, draw_text, say

_SOURCES = {
    "geometry": "by the shape of the mesh",
    "shape keys": "by the mesh and its shape keys",
    "picture": "by the face detector",
    "hand": "confirmed by hand",
}


class TalkingAnimationFace(PropertyGroup):
    """What a character's face remembers; kept on its armature, else on the object itself."""

    fit_own_shapes: BoolProperty(
        name="Fit to Its Own Shapes",
        description="Solve the motion for how this character's own shape keys move its landmarks, instead of how such "
        "shapes move on average. Takes effect when the animation is generated",
        default=True,
        override={"LIBRARY_OVERRIDABLE"},
    )


def picked_mesh(context: Context) -> Object | None:
    """The character that the panel works on, or the one that the edited landmark guide belongs to."""
    picked = picked_character(context)
    return faces.owner_of_guide(picked) if picked is not None else None


def known_landmarks(picked: Object) -> Any:
    """The object of a character that carries landmarks, and these; None where none does."""
    return faces.known_landmarks(described(picked).objects)


def guide_being_edited(context: Context) -> Object | None:
    """The landmark guide of the picked character."""
    picked = picked_mesh(context)
    return guide_of(picked) if picked is not None else None


def mesh_reason(context: Context) -> str:
    """Why nothing can be done with the picked character's mesh; "" where something can."""
    reason = running_reason(context)
    if not reason and picked_mesh(context) is None:
        reason = "Select a character's head mesh"
    return reason or ("" if guide_being_edited(context) is not None else mode_reason(context))


class OnFreeMesh(RunsJob):
    """Mixin of buttons that start a job on the mesh and its landmarks."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while landmarks are edited; see also `mesh_reason`."""
        if guide_being_edited(context) is not None:
            return "Confirm or cancel the landmarks that are being edited first"
        return mesh_reason(context)


class TALKING_OT_find_landmarks(OnFreeMesh, Operator):
    """Find the 68 landmarks of the face by the shape of the mesh, its shape keys and, where needed, the face detector"""

    bl_idname = "talking_animation.find_landmarks"
    bl_label = "Find Landmarks"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    picture: BoolProperty(
        name="From a Picture",
        description="Draw the character from the front and ask the engine's face detector",
        default=False,
    )

    def start(self, context: Context) -> LongJob[Any]:
        """Look for them."""
        return faces.LandmarksJob(picked_mesh(context), self.picture)

    def tell_done(self, context: Context, report: Any) -> set[str]:
        """Say how they were found."""
        owner, points = report
        forget()
        told = [f"The landmarks of '{owner.name}' were found {_SOURCES.get(points.source, '')}."]
        missing = ", ".join(note for note in points.notes if note != faces.NO_SLIT)
        sure = points.confidence >= faces.GOOD_CONFIDENCE
        if missing and not sure:
            told.append(f"Not found: {missing}. Press Edit Landmarks and correct them.")
        elif missing:
            told.append(f"Look at them: the mesh does not show {missing}.")
        if faces.NO_SLIT in points.notes:
            told.append("Its lips are one skin: the Make It Talk-Ready panel can cut them.")
        text = " ".join(map(interface.translated, told))
        kind = "INFO" if sure else "WARNING"
        context.window_manager.talking_animation.tell(text, kind)
        say(self, {kind}, text)
        return {"FINISHED"}


class TALKING_OT_edit_landmarks(RunsJob, Operator):
    """Lay 68 points over the face that can be moved: they snap to the surface and mirror left to right"""

    bl_idname = "talking_animation.edit_landmarks"
    bl_label = "Edit Landmarks"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with a character, in Object Mode."""
        if guide_being_edited(context) is not None:
            return "The landmarks are being edited: confirm or cancel"
        return mesh_reason(context)

    def start(self, context: Context) -> LongJob[Any]:
        """Find the landmarks, where they are not known, and lay the points."""
        return faces.GuideJob(picked_mesh(context), context.scene)

    def tell_done(self, context: Context, report: Any) -> set[str]:
        """Enter the points' Edit Mode."""
        guide = report
        forget()
        if context.mode != "OBJECT":  # entered while the face was looked for
            bpy.ops.object.mode_set(mode="OBJECT")
        for selected in context.selected_objects:
            selected.select_set(False)
        guide.select_set(True)
        context.view_layer.objects.active = guide
        context.tool_settings.use_snap = True
        interface.snap_to_faces(context.tool_settings)
        bpy.ops.object.mode_set(mode="EDIT")
        context.tool_settings.mesh_select_mode = (True, False, False)
        return {"FINISHED"}


class TALKING_OT_confirm_landmarks(Reasoned, Operator):
    """Take the points as they are now: they are laid on the skin and kept with the character"""

    bl_idname = "talking_animation.confirm_landmarks"
    bl_label = "Confirm"
    bl_options: ClassVar = {"UNDO"}

    cancel: BoolProperty(name="Cancel", description="Leave the landmarks as they were", default=False)

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only while they are being edited."""
        return "" if guide_being_edited(context) is not None else "No landmarks are being edited"

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Take them, or leave the old ones."""
        guide = guide_being_edited(context)
        owner = picked_mesh(context)
        if context.mode == "EDIT_MESH" and context.view_layer.objects.active == guide:
            bpy.ops.object.mode_set(mode="OBJECT")
        if self.cancel:
            faces.remove_guide(guide)
        else:
            owner, _ = faces.confirm_guide(guide)
        if owner is not None:
            owner.select_set(True)
            context.view_layer.objects.active = owner
        forget()
        return {"FINISHED"}


class TALKING_OT_clear_landmarks(Reasoned, Operator):
    """Forget the landmarks of this character"""

    bl_idname = "talking_animation.clear_landmarks"
    bl_label = "Clear Landmarks"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        return mesh_reason(context) or (
            "" if known_landmarks(picked_mesh(context)) is not None else "There are no landmarks"
        )

    def execute(self, context: Context) -> set[str]:
        """Forget them."""
        faces.clear_landmarks(picked_mesh(context))
        forget()
        return {"FINISHED"}


class TALKING_PT_landmarks(SidebarPanel, Panel):
    """The 68 points of the face."""

    bl_idname = "TALKING_PT_landmarks"
    bl_label = "Landmarks"
    bl_parent_id = "TALKING_PT_face"
    bl_order = FacePlace.LANDMARKS
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character."""
        return picked_mesh(context) is not None

    def draw(self, context: Context) -> None:
        """Draw the panel."""
        layout = self.layout
        guide = guide_being_edited(context)
        if guide is not None:
            draw_text(
                layout, context, "Move the points in Edit Mode; they snap to the skin. Then confirm.", "INFO"
            )
            frame = faces.frame_of_guide(guide)
            if frame != context.scene.frame_current_final:
                text = "The points lie on the face of frame {frame}: go there to see them on the skin."
                draw_name(layout, context, interface.translated(text).format(frame=f"{frame:g}"), "ERROR")
            row = layout.row(align=True)
            row.operator("talking_animation.confirm_landmarks", icon="CHECKMARK")
            row.operator("talking_animation.confirm_landmarks", text="Cancel", icon="X").cancel = True
            return
        picked = picked_mesh(context)
        known = known_landmarks(picked)
        if known is None:
            draw_text(layout, context, "The landmarks of this face are not known yet.", "INFO")
        else:
            owner, points = known
            how = interface.translated(_SOURCES.get(points.source, points.source))
            sure = points.confidence >= faces.GOOD_CONFIDENCE
            text = interface.translated("68 landmarks on '{name}', {how}.").format(name=owner.name, how=how)
            if points.notes:
                unseen = ", ".join(map(interface.translated, points.notes))
                text += " " + interface.translated("Not seen on the mesh: {parts}.").format(parts=unseen)
            draw_name(layout, context, text, "CHECKMARK" if sure else "ERROR")
        column = layout.column(align=True)
        column.operator("talking_animation.find_landmarks", icon="VIEWZOOM")
        column.operator("talking_animation.edit_landmarks", icon="EDITMODE_HLT")
        draw_reason(layout, context, "")
        if known is not None:
            column.operator("talking_animation.clear_landmarks", icon="X")
        self._draw_fitting(context, described(picked))

    def _draw_fitting(self, context: Context, character: Character) -> None:
        if not character.meshes:
            return
        obstacle = faces.obstacle_to_fitting(character)
        column = self.layout.column()
        column.enabled = not obstacle
        column.prop(character.root.talking_animation_face, "fit_own_shapes")
        if obstacle:
            draw_text(self.layout, context, f"{obstacle}.", "INFO")


CLASSES: tuple[type, ...] = (
    TalkingAnimationFace,
    TALKING_OT_find_landmarks,
    TALKING_OT_edit_landmarks,
    TALKING_OT_confirm_landmarks,
    TALKING_OT_clear_landmarks,
    TALKING_PT_landmarks,
)


def register() -> None:
    """Attach the properties to objects."""
    bpy.types.Object.talking_animation_face = PointerProperty(
        type=TalkingAnimationFace, override={"LIBRARY_OVERRIDABLE"}
    )


def unregister() -> None:
    """Take the properties away again."""
    del bpy.types.Object.talking_animation_face
