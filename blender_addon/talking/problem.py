# SPDX-License-Identifier: GPL-3.0-or-later
"""What can keep a talking animation from showing: one table of all kinds, with their sentences. Standard library only.

A new kind is a row of `KINDS` and a line in one of the `problems_of_…`, where it is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

RANGE: Final = "RANGE"


@dataclass(frozen=True)
class Problem:
    """Something that keeps a talking animation from showing.

    Attributes:
        code: a short stable word, such as "NLA_MUTED".
        message: one sentence: what is wrong, and what mending it does.
        repair: mends it; None where only the user can. May raise TalkingAnimationError.
        subject: name of what it is about.
    """

    code: str
    message: str
    repair: Callable[[], object] | None = None
    subject: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of problem.

    Attributes:
        sentence: its message, with {words} that the finder gives; {name} is the problem's subject.
        sets: (property, value) where mending it is to set that; None where it takes a function, or only the user can.
    """

    sentence: str
    sets: tuple[str, Any] | None = None


KINDS: Final[dict[str, Kind]] = {
    # The NLA
    "TWEAK_MODE": Kind(
        "An NLA strip of '{name}' is being edited, which hides the strips above it: leave its tweak mode."
    ),
    "NLA_OFF": Kind("The NLA of '{name}' is switched off: switch it on.", ("use_nla", True)),
    "NLA_MUTED": Kind("The NLA track '{track}' of '{name}' is muted: switch it on.", ("mute", False)),
    "STRIP_MUTED": Kind("The NLA strip '{strip}' of '{name}' is muted: switch it on.", ("mute", False)),
    "NLA_SOLO": Kind(
        "The NLA track '{track}' of '{name}' plays solo and hides the talking animation: switch its star off."
    ),
    "STRIP_INFLUENCE": Kind(
        "The NLA strip '{strip}' of '{name}' has no influence: give it all.",
        ("use_animated_influence", False),
    ),
    "STRIP_ABOVE": Kind(
        "The NLA strip '{strip}' of '{name}' lies above the talking animation and hides it: move the talking "
        "animation to the top."
    ),
    # Actions
    "ACTIVE_ACTION": Kind(
        "The active action '{action}' of '{name}' hides {hidden} of {count} curves: push it down into a strip below "
        "the talking animation."
    ),
    "ACTION_INFLUENCE": Kind(
        "The active action '{action}' of '{name}' has no influence: set it to 1.", ("action_influence", 1.0)
    ),
    "NO_SLOT/STRIP": Kind(
        "The NLA strip '{strip}' of '{name}' has lost its slot of the action: choose it again."
    ),
    "NO_SLOT/ACTION": Kind("The action '{action}' of '{name}' has no slot chosen: choose it."),
    "CURVES_MUTED": Kind(
        "{muted} of the {count} curves in '{action}' of '{name}' are muted: switch them on."
    ),
    "CURVES_LOST": Kind(
        "What {count} of the curves of '{name}' moved is gone, such as '{first}', so they move nothing: write the keys anew."
    ),
    "WITHOUT_KEYS": Kind(
        "'{name}' has face shapes but no keys, since it came to the character after its talking animation was made: write the "
        "keys anew."
    ),
    "FORGOTTEN": Kind(
        "The file is damaged where '{name}' keeps what was there before its talking animation: after Remove, look whether its "
        "shapes and bones are at rest, or open an earlier version of the file."
    ),
    # The sound
    "STRIP_PACED": Kind(
        "The NLA strip '{strip}' of '{name}' is stretched, repeated or reversed, so lips and voice part: let it play once and at "
        "its own pace."
    ),
    "SOUND_GONE": Kind(
        "The recording '{path}' that '{name}' says is no longer there, so nothing is heard: put it back, or choose it again "
        "in the strip '{strip}'."
    ),
    "SOUND_MISSING/ONE": Kind(
        "The recording '{path}' that '{name}' says is in no Sequencer of this file, so nothing is heard: add it at frame {start}."
    ),
    "SOUND_MISSING/SEVERAL": Kind(
        "{count} recordings that '{name}' says are in no Sequencer of this file, so nothing is heard: add them, such as '{path}' "
        "at frame {start}."
    ),
    "SOUND_APART/LATER": Kind(
        "The sound '{strip}' of '{name}' lies {frames} frames later than the keys that were made of it: move both together, or "
        "generate again."
    ),
    "SOUND_APART/EARLIER": Kind(
        "The sound '{strip}' of '{name}' lies {frames} frames earlier than the keys that were made of it: move both together, or "
        "generate again."
    ),
    # Shape keys
    "KEY_PINNED": Kind(
        "'{name}' shows one shape key only (the pin beside its shape keys): switch the pin off.",
        ("show_only_shape_key", False),
    ),
    "KEY_ABSOLUTE": Kind(
        "The shape keys of '{name}' are absolute, so their values have no effect: make them relative.",
        ("use_relative", True),
    ),
    "KEY_MUTED": Kind(
        "{count} of the shape keys of '{name}' are switched off, such as '{first}': switch them on."
    ),
    "KEY_RANGE": Kind(
        "{count} of the shape keys of '{name}' stop at the end of their sliders, such as '{first}' at {end:g}: let "
        "the sliders go from 0 to 1."
    ),
    "KEY_NEGATIVE": Kind(
        "The sliders of {count} of the shape keys of '{name}' end at {end:g}, such as '{first}', so they cannot show what is "
        "keyed: where a shape is meant for values below 0, turn it round (Blend from Shape at -1, as a new shape key); else let "
        "its slider go up to 1."
    ),
    "KEY_EMPTY": Kind(
        "{count} of the shape keys of '{name}' move nothing, such as '{first}': choose others under Face > Mapping, or bring "
        "the character in again with its shapes' motion."
    ),
    "KEY_NOWHERE": Kind(
        "{count} of the vertices of '{name}' lie nowhere in its shape key '{first}', as its coordinates are no numbers: put them "
        "where {remedy}."
    ),
    "KEY_DRIVEN": Kind(
        "{count} of the shape keys of '{name}' have drivers and were left to them: mute the drivers and key these "
        "shapes too. Removing the talking animation switches them on again."
    ),
    "SHARED_MESH": Kind(
        "'{name}' and {others} share the mesh '{mesh}', so all of them move alike: for a motion of its own, {remedy}."
    ),
    "SEVERAL_FACES": Kind(
        "'{name}' and {others} are faces of one character, '{whole}', so all of them say this: for one of them alone, {remedy}."
    ),
    # Objects
    "EDIT_MODE": Kind("'{name}' is in Edit Mode, where its shape keys do not play: leave Edit Mode."),
    "MESH_CACHE": Kind(
        "'{name}' is shaped by the cache file of its modifier '{modifier}', which hides its shape keys: switch the modifier off.",
        ("show_viewport", False),
    ),
    "MESH_REPLACED": Kind(
        "The modifier '{modifier}' of '{name}' puts something else in its place, so nothing shows what its shape keys move: "
        "switch the modifier off."
    ),
    "NO_SIZE": Kind("'{name}' is scaled to 0, so nothing of it shows: give it a size."),
    "LEFT_OUT": Kind(
        "'{name}' has face shapes too and lies in the same place as '{beside}', but belongs to another character, so it keeps "
        "still: {remedy}."
    ),
    "COVERED": Kind(
        "'{other}', a copy of '{name}', lies in the same place and keeps still, so it covers what moves: hide or move it."
    ),
    "NOT_IN_SCENE": Kind("'{name}' is not in this scene."),
    "HIDDEN/OBJECT": Kind("'{name}' is hidden in the viewport: show it."),
    "HIDDEN/COLLECTION": Kind("The collection of '{name}' is hidden: show it in the Outliner."),
    "NOT_RENDERED/OBJECT": Kind("'{name}' is hidden in renders: show it there."),
    "NOT_RENDERED/COLLECTION": Kind(
        "The collection of '{name}' is hidden in renders: show it there in the Outliner."
    ),
    "REST_POSITION": Kind(
        "The armature '{name}' is in Rest Position, where no bone moves: switch to Pose Position.",
        ("pose_position", "POSE"),
    ),
    "REST_POSITION/LINKED": Kind(
        "The linked armature '{name}' is in Rest Position, where no bone moves: switch to Pose Position in its own file."
    ),
    "MODIFIER_OFF": Kind(
        "The modifier '{modifier}' of '{name}' is switched off in the viewport, so the mesh does not follow the "
        "bones: switch it on.",
        ("show_viewport", True),
    ),
    "HELD": Kind(
        "The constraint '{constraint}' of '{name}' holds it, so its keys show nowhere: switch the constraint off.",
        ("mute", True),
    ),
    "HELD/BONE": Kind(
        "The constraint '{constraint}' holds the bone '{name}' of '{whose}', so its keys show nowhere: switch the constraint "
        "off.",
        ("mute", True),
    ),
    # The scene
    "FPS/RECORDING": Kind(
        "The talking animation was made for {made_for:g} frames per second, but the scene plays {plays:g}: lay its "
        "keys for that."
    ),
    "FPS/SCENE": Kind(  # lines of a whole scene stay at the frames of their strips: they are to be put together anew
        "The talking animation was made for {made_for:g} frames per second, but the scene plays {plays:g}: press "
        "Animate Whole Scene again, which is quick."
    ),
    "FRAME_MAP": Kind(
        "Time Stretching of the scene ({old} to {new}) moves keys away from the sound: set both to 100."
    ),
    RANGE: Kind(
        "The scene plays frames {start} to {end}, but the talking animation lies from {first} to {last}: widen the "
        "scene's range."
    ),
    "PREVIEW_RANGE": Kind(
        "The preview range plays frames {start} to {end} only: switch it off.", ("use_preview_range", False)
    ),
    # What others say
    "TARGET": Kind("{sentence}"),
    "LINKED": Kind("{sentence}"),
}
"""Code → kind. What is told in two ways has two rows, whose code is what stands before the stroke."""

TOLD_WHEN_WRITTEN: Final = frozenset(
    {"KEY_PINNED", "KEY_ABSOLUTE", "KEY_MUTED", "KEY_DRIVEN", "KEY_EMPTY", "LINKED", "SOUND_MISSING"}
)
"""Codes of what targets already say while they write."""


def problem_of(
    row: str, subject: str, owner: Any = None, repair: Callable[[], object] | None = None, **words: Any
) -> Problem:
    """A problem of a kind.

    Args:
        row: of `KINDS`.
        subject: name of what it is about.
        owner: whose property is set where the kind says that setting one mends it.
        repair: what mends it where the kind does not say.
        words: what the kind's sentence asks for, but for {name}.
    """
    kind = KINDS[row]
    if kind.sets is not None:
        repair = partial(setattr, owner, *kind.sets)
    return Problem(row.partition("/")[0], kind.sentence.format(name=subject, **words), repair, subject)
