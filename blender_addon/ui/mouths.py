# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning from films how a person's mouth looks, for the videos of their pictures."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.props import CollectionProperty, StringProperty
from bpy.types import Context, Operator, OperatorFileListElement

from ..api import portraits
from .buttons import RunsJob, hand_over, running_reason, tell_report
from .styles import VIDEOS, PicksSeveralVideos


def mouth_reason(context: Context) -> str:
    """Why no mouth can be learned now; "" where one can."""
    return running_reason(context) or portraits.no_learning_reason()


class TALKING_OT_mouth_from_films(PicksSeveralVideos, Operator):
    """Learn from 12 seconds of film or more how this person's mouth looks, which takes a minute or two, and draw with it"""

    bl_idname = "talking_animation.mouth_from_films"
    bl_label = "Learn from Films …"
    bl_options: ClassVar = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE"})
    files: CollectionProperty(type=OperatorFileListElement, options={"SKIP_SAVE"})
    filter_glob: StringProperty(default=VIDEOS, options={"HIDDEN"})
    name: StringProperty(
        name="Name", description="Name of the person. Empty: the first video's", options={"SKIP_SAVE"}
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `mouth_reason`."""
        return mouth_reason(context)

    def use(self, context: Context) -> set[str]:
        """Learn it."""
        return hand_over(self, context, "learn_mouth", clips=self.picked(), name=self.name)


class TALKING_OT_learn_mouth(RunsJob, Operator):
    """Learn from films how a person's mouth looks"""

    bl_idname = "talking_animation.learn_mouth"
    bl_label = "Learn a Mouth"
    bl_options: ClassVar = {"INTERNAL"}

    clips: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    name: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `mouth_reason`."""
        return mouth_reason(context)

    def start(self, context: Context) -> portraits.MouthLesson:
        """Begin to learn."""
        return portraits.MouthLesson(self.clips.split("\n"), self.name)

    def tell_done(self, context: Context, report: portraits.MouthReport) -> set[str]:
        """Draw with what was learned."""
        chosen = context.scene.talking_animation_portrait_video
        chosen.renderer, chosen.personal = portraits.PERSONAL, str(report.path)
        return tell_report(self, context, report)


CLASSES: tuple[Any, ...] = (TALKING_OT_mouth_from_films, TALKING_OT_learn_mouth)
