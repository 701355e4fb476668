# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons. Each is a thin caller of `api`; one that is greyed out says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import api
from ..api import characters, manner, motion_cache
from ..api.dial_keys import are_keyed as dials_are_keyed
from ..api.dial_keys import change_dials
from ..api.dial_keys import clear as clear_dial_keys
from ..api.scene import SCENES_STYLE
from ..host.blender_versions import interface
from .buttons import (
    Asks,
    InObjectMode,
    Reasoned,
    WhileNothingRuns,
    picked_reason,
    running_reason,
    tell_report,
    tells_errors,
)
from .failures import Telling
from .looking import take_up
from .lookup import described, forget, has_cues, obstacle, record, talks
from .properties import LAST_TAKE, options_of, picked_audio, picked_character, start_frame
from .text import say


def generate_reason(context: Context) -> str:
    """Why Generate cannot be pressed; "" where it can."""
    reason = running_reason(context) or picked_reason(
        context,
        lambda picked: obstacle(picked).rstrip("."),
        "Select a character, or add the demo character",
    )
    if reason:
        return reason
    chosen = context.scene.talking_animation
    if chosen.source == "STRIP":
        if picked_audio(context) is None:
            return "Choose a sound strip of the Sequencer"
    elif not chosen.audio.strip():
        return "Choose a voice recording"
    return ""


def generating(context: Context) -> dict[str, Any]:
    """What the panel asks for, as the arguments of `api.generate`."""
    chosen = context.scene.talking_animation
    own = {"text": chosen.text, **_of_the_strip(context)}
    if chosen.model != manner.CONTENT:
        own["text"] = ""  # its field is not shown: nobody could empty it
    options = replace(options_of(context.scene), start_frame=start_frame(context), **own)
    return {**vars(options), "scene": context.scene}


def _of_the_strip(context: Context) -> dict[str, str]:
    """What the list of lines says is heard of the strip that is the voice; {} where it is as in the panel."""
    chosen = context.scene.talking_animation
    line = (
        context.scene.talking_animation_script.lines.get(chosen.strip) if chosen.source == "STRIP" else None
    )
    own = (
        {name: getattr(line, name) for name in ("channel", "voice_in_file", "text")}
        if line is not None
        else {}
    )
    return {name: value for name, value in own.items() if value not in (SCENES_STYLE, "")}


def tell_generated(operator: Operator, context: Context, report: api.Report) -> set[str]:
    """The line under the button, and what to watch out for; returns the operator's result."""
    forget()
    parts = ", ".join(interface.translated(part) for part in report.parts)
    return tell_report(operator, context, report, f"{report.seconds:.1f} s: {parts}")


def question_of_lines(context: Context) -> str:
    """What to ask before one recording takes the place of a character's lines of a scene; "" where it has none."""
    picked = picked_character(context)
    lines = record(picked).get("lines", []) if picked is not None else []
    if not lines:
        return ""
    name = described(picked).root.name
    if len(lines) == 1:
        return (
            f"'{name}' says one line of the scene. This recording would take its place: Animate Whole Scene brings it back. "
            "Replace it?"
        )
    return (
        f"'{name}' says {len(lines)} lines of the scene. This recording would take their place: Animate Whole Scene brings "
        "them back. Replace them?"
    )


def question_of_film(context: Context) -> str:
    """What to ask before a voice takes the place of motion that a video gave; "" where none did."""
    picked = picked_character(context)
    film = record(picked).get("filmed", "") if picked is not None else ""
    if not film:
        return ""
    return (
        f"'{described(picked).root.name}' moves as the face in {film}. This voice would take its place: "
        "Motion from Video brings it back. Replace it?"
    )


def question_of_keys(context: Context) -> str:
    """What to ask before keys of one voice take the place of what the character has; "" where nothing is."""
    return question_of_lines(context) or question_of_film(context)


class _Generates(Asks):
    """Mixin of the buttons that let the character say the panel's recording."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `generate_reason`."""
        return generate_reason(context)

    def arguments(self, context: Context) -> dict[str, Any]:
        """What is asked for, see `generating`."""
        return generating(context)

    def start(self, context: Context) -> api.Job:
        """Begin to generate."""
        return api.Job(picked_character(context), picked_audio(context), **self.arguments(context))

    @classmethod
    def question(cls, context: Context) -> str:
        """See `question_of_keys`."""
        return question_of_keys(context)

    @tells_errors
    def wait(self, context: Context) -> set[str]:
        """Without a window: generate and wait."""
        report = api.generate(picked_character(context), picked_audio(context), **self.arguments(context))
        return self.tell_done(context, report)

    def tell_done(self, context: Context, report: api.Report) -> set[str]:
        """See `tell_generated`."""
        return tell_generated(self, context, report)


class TALKING_OT_generate(_Generates, Operator):
    """Make the character say the recording."""

    bl_idname = "talking_animation.generate"
    bl_label = "Generate Talking Animation"
    bl_description = (
        "Make the character say the recording: lips, head, brows, blinks and gaze become ordinary keys. "
        "Generating again replaces only what was generated before"
    )
    bl_options: ClassVar = {"UNDO"}


class TALKING_OT_another_take(_Generates, Operator):
    """Generate the next take: the same lips, other blinks, glances and head motion"""

    bl_idname = "talking_animation.another_take"
    bl_label = "Another Take"
    bl_options: ClassVar = {"UNDO"}

    take = 0

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there is a take already."""
        return generate_reason(context) or talking_reason(context)

    def arguments(self, context: Context) -> dict[str, Any]:
        """What is asked for, with the next number."""
        self.take = (context.scene.talking_animation.seed + 1) % (LAST_TAKE + 1)
        return {**generating(context), "seed": self.take}

    def tell_done(self, context: Context, report: api.Report) -> set[str]:
        """The number is the panel's now that its keys are there."""
        context.scene.talking_animation.seed = self.take
        return super().tell_done(context, report)


class TALKING_OT_details(Telling, Operator):
    """What exactly was made"""

    bl_idname = "talking_animation.details"
    bl_label = "Details"
    bl_options: ClassVar = {"INTERNAL"}

    text: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """The details themselves."""
        return properties.text.rstrip(".") or interface.tooltip("What exactly was made")

    def execute(self, context: Context) -> set[str]:
        """Say them in Blender's status bar and its Info editor, too."""
        say(self, {"INFO"}, self.text)
        return {"FINISHED"}


class TALKING_OT_cancel(Reasoned, Operator):
    """Stop generating; nothing was changed"""

    bl_idname = "talking_animation.cancel"
    bl_label = "Cancel"
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only while something is being generated."""
        return "" if context.window_manager.talking_animation.running else "Nothing is being generated"

    def execute(self, context: Context) -> set[str]:
        """Ask the running operator to stop."""
        context.window_manager.talking_animation.cancel = True
        return {"FINISHED"}


class TALKING_OT_play(Reasoned, Operator):
    """Play from the talking animation's first frame; again to stop. The space bar plays and stops wherever the playhead is"""

    bl_idname = "talking_animation.play"
    bl_label = "Play"
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `talking_reason`; and only in a window."""
        return talking_reason(context) or ("" if context.screen is not None else "Blender has no window")

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Play, or stop."""
        if not context.screen.is_animation_playing:
            frames = characters.frames_of(api.describe(picked_character(context)))
            if frames is not None:
                context.scene.frame_set(max(round(frames[0]), context.scene.frame_start))
        return set(bpy.ops.screen.animation_play())


class TALKING_OT_remove(Reasoned, Operator):
    """Take the talking animation and its sound off the character, which is then as it was before"""

    bl_idname = "talking_animation.remove"
    bl_label = "Remove Talking Animation"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there is something to remove."""
        return running_reason(context) or picked_reason(
            context, lambda picked: "" if talks(picked) else f"'{picked.name}' has no talking animation"
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Remove it."""
        picked = picked_character(context)
        forgot = characters.forgot(api.describe(picked))
        api.remove(picked, context.scene)
        told = context.window_manager.talking_animation
        if forgot:
            told.tell("Removed. The file was damaged: see whether shapes and bones are at rest.", "WARNING")
        else:
            told.tell("Removed: the character is as it was before.")
        return {"FINISHED"}


def talking_reason(context: Context) -> str:
    """Why a button that needs a talking animation cannot be pressed; "" where it can."""
    return running_reason(context) or picked_reason(
        context,
        lambda picked: (
            "" if talks(picked) else f"'{picked.name}' has no talking animation yet: generate one first"
        ),
    )


class OnTalking(Reasoned):
    """Mixin: works where the picked character has a talking animation, while nothing runs."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `talking_reason`."""
        return talking_reason(context)


class TALKING_OT_push_to_nla(OnTalking, Operator):
    """Put the talking animation into NLA strips above your own, fading in and out as set here"""

    bl_idname = "talking_animation.push_to_nla"
    bl_label = "Push to NLA"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    blend_in: FloatProperty(
        name="Blend In", description="Frames over which the strips fade in", default=5.0, min=0.0
    )
    blend_out: FloatProperty(
        name="Blend Out", description="Frames over which the strips fade out", default=10.0, min=0.0
    )

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start from the character's own setting where it has one."""
        state = api.describe(picked_character(context)).root.talking_animation
        if max(state.blend_in, state.blend_out) > 0:
            self.blend_in, self.blend_out = state.blend_in, state.blend_out
        return self.execute(context)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Push it."""
        count = api.push_to_nla(picked_character(context), self.blend_in, self.blend_out)
        say(self, {"INFO"}, f"{count} strips in the NLA editor.")
        return {"FINISHED"}


class TALKING_OT_add_cues(OnTalking, Operator):
    """Show the mouth shapes A to H and X of the talking animation as chosen beside this button"""

    bl_idname = "talking_animation.add_cues"
    bl_label = "Add Mouth Cues"
    bl_options: ClassVar = {"UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Add them."""
        kind = context.scene.talking_animation.cue_kind
        count = api.add_cues(picked_character(context), kind, context.scene)
        forget()
        say(self, {"INFO"}, f"{count} mouth cues.")
        return {"FINISHED"}


class TALKING_OT_remove_cues(Reasoned, Operator):
    """Take the mouth cues of this character away again: markers, text and strips"""

    bl_idname = "talking_animation.remove_cues"
    bl_label = "Remove Mouth Cues"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        return picked_reason(
            context,
            lambda picked: "" if has_cues(picked, context.scene) else f"'{picked.name}' has no mouth cues",
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Remove them."""
        api.remove_cues(picked_character(context), context.scene)
        forget()
        return {"FINISHED"}


class TALKING_OT_repair(OnTalking, Operator):
    """Mend what keeps the talking animation from showing."""

    bl_idname = "talking_animation.repair"
    bl_label = "Repair All"
    bl_description = "Mend everything that keeps the talking animation from showing; one undo takes it back"
    bl_options: ClassVar = {"UNDO"}

    code: StringProperty(options={"HIDDEN"})
    subject: StringProperty(options={"HIDDEN"})

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """What this very button does."""
        return interface.tooltip(
            "Mend this; one undo takes it back" if properties.code else cls.bl_description
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Mend one problem, or all."""
        left = api.repair(picked_character(context), context.scene, self.code, self.subject)
        text = (
            " ".join(map(interface.translated, left)) or "Nothing keeps the talking animation from showing."
        )
        context.window_manager.talking_animation.tell(text, "WARNING" if left else "INFO")
        forget()
        return {"FINISHED"}


class TALKING_OT_reset_dials(Reasoned, Operator):
    """Set all dials back to their usual values, and take the keys of those away that have some"""

    bl_idname = "talking_animation.reset_dials"
    bl_label = "Reset Dials"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where a dial is not as it usually is, and nothing runs."""
        return running_reason(context) or picked_reason(
            context,
            lambda picked: (
                "All dials are at their usual values"
                if api.dials_of(described(picked).root.talking_animation) == api.Dials()
                and not dials_are_keyed(described(picked).root)
                else ""
            ),
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Reset and apply."""
        root = api.describe(picked_character(context)).root
        clear_dial_keys(root)
        api.with_dials(root.talking_animation, api.Dials())
        if api.motion_file(root):
            change = change_dials(root, scene=context.scene)
            context.window_manager.talking_animation.warn(change.warnings)
        return {"FINISHED"}


class TALKING_OT_add_demo(InObjectMode, Operator):
    """Add a ready-made head with all 52 ARKit shapes and a head bone, beside what stands at the 3D cursor"""

    bl_idname = "talking_animation.add_demo_character"
    bl_label = "Add Demo Character"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    stage: BoolProperty(
        name="With Lights and Camera",
        description="Also add lights and a camera that looks at the face, and set up the render",
        default=False,
    )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Build it where there is room, pick it and look at it."""
        rig = characters.add_demo_character(context.scene, self.stage)
        take_up(context, rig)
        return {"FINISHED"}


class TALKING_OT_use_active(Reasoned, Operator):
    """Work on the active object"""

    bl_idname = "talking_animation.use_active"
    bl_label = "Use Active Object"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with an active object."""
        return "" if context.view_layer.objects.active is not None else "There is no active object"

    def execute(self, context: Context) -> set[str]:
        """Pick it."""
        context.scene.talking_animation.character = context.view_layer.objects.active
        return {"FINISHED"}


class TALKING_OT_clear_cache(WhileNothingRuns, Operator):
    """Delete generated motion from the cache folder."""

    bl_idname = "talking_animation.clear_cache"
    bl_label = "Clear Cache"
    bl_description = (
        "Delete generated motion from the cache folder. What characters of the open file still need for their dials stays. "
        "Other files: their keys stay as they are, their dials work again after generating once more"
    )
    bl_options: ClassVar = {"INTERNAL"}

    everything: BoolProperty(
        name="All",
        description="Also what characters of the open file still need for their dials",
        default=False,
    )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Clear it."""
        deleted, kept = motion_cache.clear(self.everything)
        text = "1 file deleted." if deleted == 1 else f"{deleted} files deleted."
        if kept and self.everything:
            text = f"{deleted} files deleted, {kept} in use by another program."
        elif kept:
            text = f"{deleted} files deleted, {kept} kept for the characters of this file."
        say(self, {"INFO"}, text)
        return {"FINISHED"}


CLASSES: tuple[type, ...] = (
    TALKING_OT_generate,
    TALKING_OT_another_take,
    TALKING_OT_details,
    TALKING_OT_cancel,
    TALKING_OT_play,
    TALKING_OT_remove,
    TALKING_OT_push_to_nla,
    TALKING_OT_add_cues,
    TALKING_OT_remove_cues,
    TALKING_OT_repair,
    TALKING_OT_reset_dials,
    TALKING_OT_add_demo,
    TALKING_OT_use_active,
    TALKING_OT_clear_cache,
)
