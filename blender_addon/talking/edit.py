# SPDX-License-Identifier: GPL-3.0-or-later
"""A talking animation changed afterwards: other dials, other keys, NLA strips, none at all.

Nothing here asks the engine: the motion comes from the file that the engine once wrote, which the actions remember.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy

from ..characters import keyed_head, registry
from ..characters.character import describe
from ..characters.related import exists
from ..characters.remembered import (
    blend_of,
    frame_rate,
    key_style_of,
    quietly,
    refresh,
    with_dials,
    with_key_style,
)
from ..contract import Dials
from ..contract.dialled import dialled
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions, cue_markers, key_record, movie_strips, nla, sound_strips
from ..motion.key_reduction import KeyStyle
from . import dial_keys, own_strips, playback
from .carried import carries, first_frame, in_nla, motion_of, record_of
from .carriers import carrying, datablocks, keyed_with_riders
from .write import Destination, Report, channels_of, follow, refuse_shared, write

_OVER_OTHERS = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle", "location")


def apply_dials(character: Any, dials: Dials | None = None, scene: Any = None) -> int:
    """Give a generated animation new dials, without the engine.

    Its keys are made anew from the stored motion, so edits by hand on these curves are lost. A dial that has keys of its own acts
    at each frame as those say.

    Args:
        character: any object of the character.
        dials: None for those stored with the character.
        scene: None for the present scene.

    Returns:
        How many curves changed.

    Raises:
        TalkingAnimationError: where there is no talking animation, its motion is no longer in the cache, it is another
            character's, who shares the mesh, or another file's.
    """
    return change_dials(character, dials, scene).curves


@dataclass(frozen=True)
class Change:
    """What came of other dials.

    Attributes:
        curves: how many changed.
        warnings: what to watch out for, a sentence each.
    """

    curves: int
    warnings: list[str]


def change_dials(character: Any, dials: Dials | None = None, scene: Any = None) -> Change:
    """As `apply_dials`, and says what there is to say."""
    scene = scene or bpy.context.scene
    described = describe(character)
    refuse_shared(described)
    actions.refuse_linked(datablocks(described))
    state = described.root.talking_animation
    if dials is not None:
        with_dials(state, dials)
    motion = motion_of(described, scene)
    dials = dial_keys.of_character(described, motion)
    by_datablock, _ = channels_of(described, motion, dials)
    timing = actions.Timing(key_style_of(state), dialled(motion, dials).closed)
    count = sum(actions.rewrite(datablock, channels, timing) for datablock, channels in by_datablock.items())
    known = {
        "fps": frame_rate(scene),
        keyed_head.CHOICE: state.head_bone,
        **dial_keys.known(dials, len(motion)),
    }
    for datablock in by_datablock:
        for action in actions.own_actions(datablock):
            record = actions.record_of(action)
            if {**record, **known} != record:
                actions.set_record(action, {**record, **known})
        datablock.update_tag()
    return Change(count, follow(described, motion, dials, round(first_frame(described, 1.0))))


def apply_key_style(character: Any, style: KeyStyle | None = None, scene: Any = None) -> int:
    """Make a generated animation's keys anew: one a frame, as few as a tolerance allows, or held drawings.

    Args:
        character: any object of the character.
        style: None for the one stored with the character.
        scene: None for the present scene.

    Returns:
        How many curves changed.

    Raises:
        TalkingAnimationError: as `apply_dials`; for a style that there is not.
    """
    if style is not None:
        described = describe(character)
        refuse_shared(described)
        with_key_style(described.root.talking_animation, style)
    return apply_dials(character, scene=scene)


def write_again(character: Any, scene: Any = None) -> Report:
    """Write a character's stored motion as new, where and how it is: also to what could not be animated before.

    Raises:
        TalkingAnimationError: as `apply_dials`.
    """
    scene = scene or bpy.context.scene
    described = describe(character)
    refuse_shared(described)
    motion = motion_of(described, scene)
    state = described.root.talking_animation
    record = key_record.of_motion(record_of(character))
    start = round(first_frame(described, float(record.get("start", 1))))
    dials = dial_keys.of_character(described, motion)
    record.update(fps=frame_rate(scene), **dial_keys.known(dials, len(motion)))
    destination = Destination(start, in_nla(character), record, key_style_of(state), blend_of(state))
    return write(described, motion, dials, destination)


def push_to_nla(character: Any, blend_in: float = 0.0, blend_out: float = 0.0) -> int:
    """Put a talking animation into NLA strips above the user's own, which fade in and out.

    Args:
        character: any object of the character.
        blend_in, blend_out: frames over which the strips fade in and out: from and to what the tracks below do, else the
            character's rest.

    Returns:
        How many strips there are.

    Raises:
        TalkingAnimationError: where there is no talking animation, it is another character's, or a strip is being edited.
    """
    described = describe(character)
    refuse_shared(described)
    ours = carrying(described)
    if not ours:
        raise TalkingAnimationError(
            f"'{described.root.name}' has no talking animation yet: press Generate talking animation."
        )
    actions.refuse_tweak_mode(ours)
    blend = (blend_in, blend_out)
    with quietly():
        described.root.talking_animation.blend_in, described.root.talking_animation.blend_out = blend
    for datablock in ours:
        data = datablock.animation_data
        if actions.is_own(data.action):
            action = data.action
            actions.part_from_users_curves(datablock)
            curves = animation_data.curve_set(action, datablock)
            if curves is not None:
                over_others = all(path[0].endswith(_OVER_OTHERS) for path in curves.by_path())
                start = round(float(action.frame_range[0]))
                nla.place(datablock, curves, start, over_others, blend)
        else:
            nla.set_blend(datablock, blend)
        datablock.update_tag()
    return len(ours)


def remove(character: Any, scene: Any = None) -> bool:
    """Take the talking animation off a character; it is then as it was before.

    Its sound strip, its video in the sequencer (the file stays), its mouth cues and its landmark points go too, in every scene
    that shows it; landmark points that stand alone stay, at rest. The end of these scenes and the way they play are given back;
    the dials stay.

    Returns:
        Whether there was anything to remove.

    Raises:
        TalkingAnimationError: where it is another character's, who shares the mesh, or a strip of it is being edited.
    """
    scene = scene or bpy.context.scene
    described = describe(character)
    refuse_shared(described)
    actions.refuse_tweak_mode(carrying(described))
    state = described.root.talking_animation
    showing = own_strips.scenes_with(described.root, scene)
    uid = str(state.uid)
    if described.root.library is None and (uid or carries(described)):
        uid = own_strips.claim(described, scene)
    removed = [
        actions.remove(datablock) for datablock in (*keyed_with_riders(described), *datablocks(described))
    ]
    others = bool(uid) and _remove_strips(described.root, showing, uid)
    if described.root.library is None:
        for name in ("source", "uid", "owner", "cues"):
            state.property_unset(name)
    for target in registry.targets():
        others |= target.clear(described)
        described.objects[:] = filter(exists, described.objects)
    for each in showing:
        playback.give_back(each)
    refresh(scene)
    return any(removed) or others


def _remove_strips(root: Any, scenes: list[Any], uid: str) -> bool:
    """Take all that is a character's out of the scenes that show it; returns whether there was anything."""
    removed = [cue_markers.remove(root, scenes)]
    for scene in scenes:
        removed += [sound_strips.remove(scene, uid), movie_strips.remove(scene, uid)]
    return any(removed)
