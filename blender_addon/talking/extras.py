# SPDX-License-Identifier: GPL-3.0-or-later
"""What shows a talking animation beside the character: its mouth cues on the time line, its landmarks as points."""

from __future__ import annotations

from typing import Any

import bpy

from ..characters.character import Character, describe
from ..characters.remembered import blend_of, dials_of, frame_rate, key_style_of, refresh
from ..contract import FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import rested
from ..errors import TalkingAnimationError
from ..keys import actions, cue_markers, key_record
from ..targets.landmark_points import objects
from . import dial_keys, own_strips
from .carried import first_frame, has_animation, in_nla, motion_of, record_of, shown_motion
from .edit import remove
from .write import channels_of


def add_cues(character: Any, kind: str = "MARKERS", scene: Any = None) -> int:
    """Show a talking animation's mouth cues as timeline markers, as a text, or as text strips of the Sequencer.

    Args:
        character: any object of the character.
        kind: "MARKERS", "TEXT" or "STRIPS".
        scene: None for the present scene.

    Returns:
        How many cues there are.

    Raises:
        TalkingAnimationError: as `apply_dials`; for a kind that there is not; where the motion has no cues.
    """
    if kind not in cue_markers.KINDS:
        raise TalkingAnimationError(f"Mouth cues are {', '.join(cue_markers.KINDS)}, not '{kind}'.")
    scene = scene or bpy.context.scene
    described = describe(character)
    motion = shown_motion(described, scene)
    if not motion.cues:
        raise TalkingAnimationError("This motion has no mouth cues: generate it again.")
    start = first_frame(described, 1.0)
    uid = own_strips.claim(described, scene)
    cues = rested(motion).cues  # the mouth is at rest where the keys are
    return cue_markers.add(described.root, scene, uid, cues, start, frame_rate(scene), kind)


def remove_cues(character: Any, scene: Any = None) -> bool:
    """Take a talking animation's mouth cues away again, in every scene that shows it; returns whether there were any.

    Markers that are named like cues but are no character's go too: else nothing would take away those of a deleted one.
    """
    root = describe(character).root
    return cue_markers.remove(root, own_strips.scenes_with(root, scene or bpy.context.scene), nobodys=True)


def has_cues(character: Any, scene: Any = None) -> bool:
    """Whether the character has mouth cues of any kind in a scene."""
    return cue_markers.present(describe(character).root, scene or bpy.context.scene)


def add_points(character: Any = None, kind: str = "MESH", scene: Any = None) -> Any:
    """Add the 68 landmarks as points, which move with the character's talking animation, now or when it gets one.

    Args:
        character: any object of a character; None for points that stand alone: generate for them as for a character.
        kind: "MESH" for one mesh of 68 vertices, "EMPTIES" for 68 empties.
        scene: None for the present scene.

    Returns:
        The empty that carries them: lies between the outer eye corners, is as large as their distance.

    Raises:
        TalkingAnimationError: where the face cannot be told, or the motion is no longer in the cache.
    """
    scene = scene or bpy.context.scene
    if character is None:
        return objects.make(None, kind, scene)
    described = describe(character)
    if described.problem:
        raise TalkingAnimationError(described.problem)
    motion = motion_of(described, scene) if has_animation(described) else None
    start = first_frame(described, 1.0)
    anchor = objects.make(described, kind, scene)
    if motion is not None:
        _write_points(describe(described.root), motion, start)
        refresh(scene)
    return anchor


def _write_points(character: Character, motion: FaceAnimation, start: float) -> None:
    """Write a character's motion to its landmark points alone."""
    state = character.root.talking_animation
    dials = dial_keys.keyed(character, dials_of(state), len(motion), round(start))
    by_datablock, _ = channels_of(character, motion, dials, only="landmark_points")
    record = key_record.of_motion(record_of(character))
    timing = actions.Timing(key_style_of(state), dialled(motion, dials).closed)
    use_nla, blend = in_nla(character), blend_of(state)
    for datablock, channels in by_datablock.items():
        placement = actions.Placement(round(start), use_nla, datablock.name, record, timing, blend)
        actions.write(datablock, channels, placement)


def remove_points(character: Any, scene: Any = None) -> bool:
    """Delete a character's landmark points, or points that stand alone with all of theirs; returns whether there were any."""
    scene = scene or bpy.context.scene
    described = describe(character)
    if not objects.anchors(described):
        return False
    if described.stands_alone:
        remove(described.root, scene)
    for datablock in objects.datablocks(described):
        actions.remove(datablock)
    return objects.remove(described)


def has_points(character: Any) -> bool:
    """Whether a character has landmark points."""
    return bool(objects.anchors(describe(character)))
