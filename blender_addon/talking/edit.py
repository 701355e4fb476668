# SPDX-License-Identifier: GPL-3.0-or-later
"""A talking animation changed afterwards: other dials, other keys, NLA strips, mouth cues, none at all.

Nothing here asks the engine: the motion comes from the file that the engine once wrote, which the actions remember.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ..characters.character import ALONE, POINTS, Character, find
from ..characters.remembered import (
    blend_of,
    character_id,
    describe,
    dials_of,
    frame_rate,
    key_style_of,
    quietly,
    refresh,
    with_dials,
    with_key_style,
)
from ..contract import Dials, FaceAnimation
from ..contract.dialled import dialled
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions, cue_markers, nla, sound_strips
from ..motion import stored_motion as blender_addon_stored_motion
from ..motion.key_reduction import KeyStyle
from ..targets import Channel, TargetSettings
from ..targets.landmark_points import keys as points_target
from ..targets.landmark_points import objects
from .write import Report, Take, channels_of, datablocks, write


def has_animation(character: Any) -> bool:
    """Whether the character carries a talking animation."""
    return any(actions.own_actions(datablock) for datablock in datablocks(find(character)))


def record_of(character: Any) -> dict[str, Any]:
    """What the character's actions remember of how they were made; {} where it carries none."""
    for datablock in datablocks(find(character)):
        for action in actions.own_actions(datablock):
            record = actions.record_of(action)
            if record.get("motion"):
                return record
    return {}


def motion_file(character: Any) -> str:
    """The file with the motion that a character carries; "" where it carries none."""
    return str(record_of(character).get("motion", ""))


_last_motion: tuple[str, float, FaceAnimation] | None = None


def forget_motion() -> None:
    """Read motion files anew."""
    global _last_motion
    _last_motion = None


def _resampled(path: str, fps: float) -> FaceAnimation:
    """The motion of a file at a rate; the last one is kept, since a dial asks for it again and again."""
    global _last_motion
    if _last_motion is None or _last_motion[:2] != (path, fps) or not Path(path).is_file():
        _last_motion = (path, fps, blender_addon_stored_motion.load(path).resampled(fps))
    return _last_motion[2]


def stored_motion(found: Character, scene: Any) -> FaceAnimation:
    """The motion that a character carries, at the scene's rate, before any dial.

    Raises:
        TalkingAnimationError: where it carries none, or its file is no longer in the cache.
    """
    path = motion_file(found.root)
    if not path:
        raise TalkingAnimationError(
            f"'{found.root.name}' has no talking animation yet: press Generate talking animation."
        )
    return _resampled(path, frame_rate(scene))


def apply_dials(character: Any, dials: Dials | None = None, scene: Any = None) -> int:
    """Give a generated animation new dials, without the engine.

    Its keys are made anew from the stored motion, so edits by hand on these curves are lost.

    Args:
        character: any object of the character.
        dials: None for those stored with the character.
        scene: None for the present scene.

    Returns:
        How many curves changed.

    Raises:
        TalkingAnimationError: where there is no talking animation or its motion is no longer in the cache.
    """
    scene = scene or bpy.context.scene
    found = describe(character)
    state = found.root.talking_animation
    if dials is not None:
        with_dials(state, dials)
    motion = stored_motion(found, scene)
    dials = dials_of(state)
    by_datablock, _ = channels_of(found, motion, dials)
    timing = actions.Timing(key_style_of(state), dialled(motion, dials).closed)
    count = sum(actions.rewrite(datablock, channels, timing) for datablock, channels in by_datablock.items())
    fps = frame_rate(scene)
    for datablock in by_datablock:
        for action in actions.own_actions(datablock):
            record = actions.record_of(action)
            if record.get("fps") != fps:
                actions.set_record(action, {**record, "fps": fps})
        datablock.update_tag()
    return count


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
        with_key_style(find(character).root.talking_animation, style)
    return apply_dials(character, scene=scene)


def write_again(character: Any, scene: Any = None) -> Report:
    """Write a character's stored motion as new, where and how it is: also to what could not be animated before.

    Raises:
        TalkingAnimationError: as `apply_dials`.
    """
    scene = scene or bpy.context.scene
    found = describe(character)
    motion = stored_motion(found, scene)
    state = found.root.talking_animation
    record = {
        name: value
        for name, value in record_of(character).items()
        if name not in {"rest", "created", "muted_drivers"}
    }
    start = round(_first_frame(found, float(record.get("start", 1))))
    record["fps"] = frame_rate(scene)
    take = Take(start, in_nla(character), record, key_style_of(state), blend_of(state))
    return write(found, motion, dials_of(state), take)


def _first_frame(found: Character, otherwise: float) -> float:
    """Scene frame at which a character's first keys lie, wherever their strip was moved."""
    for datablock in datablocks(found):
        placed = nla.own_strip(datablock)
        if placed is not None:
            return float(placed[1].frame_start)
        for action in actions.own_actions(datablock):
            return float(action.frame_range[0])
    return otherwise


def frames_of(found: Character) -> tuple[float, float] | None:
    """First and last scene frame of a character's talking animation; None where it has none."""
    ranges = []
    for datablock in datablocks(found):
        placed = nla.own_strip(datablock)
        if placed is not None:
            ranges.append((float(placed[1].frame_start), float(placed[1].frame_end)))
        else:
            ranges += [
                (float(action.frame_range[0]), float(action.frame_range[1]))
                for action in actions.own_actions(datablock)
            ]
    if not ranges:
        return None
    return min(start for start, _ in ranges), max(end for _, end in ranges)


def in_nla(character: Any) -> bool:
    """Whether a character's talking animation lies in NLA strips."""
    return any(nla.own_strip(datablock) is not None for datablock in datablocks(find(character)))


def push_to_nla(character: Any, blend_in: float = 0.0, blend_out: float = 0.0) -> int:
    """Put a talking animation into NLA strips above the user's own, which fade in and out.

    Args:
        character: any object of the character.
        blend_in, blend_out: frames over which the strips fade in and out: from and to what the tracks below do, else the
            character's rest.

    Returns:
        How many strips there are.

    Raises:
        TalkingAnimationError: where there is no talking animation, or a strip is being edited.
    """
    found = find(character)
    ours = [datablock for datablock in datablocks(found) if actions.own_actions(datablock)]
    if not ours:
        raise TalkingAnimationError(
            f"'{found.root.name}' has no talking animation yet: press Generate talking animation."
        )
    actions.refuse_tweak_mode(ours)
    blend = (blend_in, blend_out)
    with quietly():
        found.root.talking_animation.blend_in, found.root.talking_animation.blend_out = blend
    for datablock in ours:
        data = datablock.animation_data
        if actions.is_own(data.action):
            action = data.action
            animation_data.set_active_action(data, None)
            curves = animation_data.curve_set(action, datablock)
            if curves is not None:
                over_others = all(path[0].endswith(_OVER_OTHERS) for path in curves.by_path())
                start = round(float(action.frame_range[0]))
                nla.place(datablock, curves, start, over_others, blend)
        else:
            nla.set_blend(datablock, blend)
        datablock.update_tag()
    return len(ours)


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
    found = describe(character)
    motion = dialled(stored_motion(found, scene), dials_of(found.root.talking_animation))
    if not motion.cues:
        raise TalkingAnimationError("This motion has no mouth cues: generate it again.")
    start = _first_frame(found, 1.0)
    uid = character_id(found.root)
    return cue_markers.add(found.root, scene, uid, motion.cues, start, frame_rate(scene), kind)


def remove_cues(character: Any, scene: Any = None) -> bool:
    """Take a talking animation's mouth cues away again; returns whether there were any."""
    return cue_markers.remove(find(character).root, scene or bpy.context.scene)


def has_cues(character: Any, scene: Any = None) -> bool:
    """Whether the character has mouth cues of any kind in a scene."""
    return cue_markers.present(find(character).root, scene or bpy.context.scene)


_OVER_OTHERS = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle", "location")


def remove(character: Any, scene: Any = None) -> bool:
    """Take the talking animation off a character; it is then as it was before.

    Its sound strip, its mouth cues and its landmark points go too; landmark points that stand alone stay, at rest. The
    scene's range and the dials stay.

    Returns:
        Whether there was anything to remove.
    """
    scene = scene or bpy.context.scene
    found = find(character)
    removed = [actions.remove(datablock) for datablock in datablocks(found)]
    state = found.root.talking_animation
    uid = str(state.uid)
    others = bool(uid) and sound_strips.remove(scene, uid) | cue_markers.remove(found.root, scene)
    if found.root.library is None:
        for name in ("source", "uid", "owner", "cues"):
            state.property_unset(name)
    if found.root.get(POINTS) != ALONE:
        others |= objects.remove(found.root)
    refresh(scene)
    return any(removed) or others


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
    found = describe(character)
    if found.problem:
        raise TalkingAnimationError(found.problem)
    motion = stored_motion(found, scene) if has_animation(found.root) else None
    start = _first_frame(found, 1.0)
    anchor = objects.make(found, kind, scene)
    if motion is not None:
        _write_points(found, motion, start)
        refresh(scene)
    return anchor


def _write_points(found: Character, motion: FaceAnimation, start: float) -> None:
    """Write a character's motion to its landmark points alone."""
    state = found.root.talking_animation
    dials = dials_of(state)
    by_datablock: dict[Any, list[Channel]] = {}
    for channel in points_target.apply(motion, found, TargetSettings(dials, actions.RestReader())).channels:
        by_datablock.setdefault(channel.datablock, []).append(channel)
    kept = record_of(found.root).items()
    record = {name: value for name, value in kept if name not in {"rest", "created", "muted_drivers"}}
    timing = actions.Timing(key_style_of(state), dialled(motion, dials).closed)
    use_nla, blend = in_nla(found.root), blend_of(state)
    for datablock, channels in by_datablock.items():
        placement = actions.Placement(round(start), use_nla, datablock.name, record, timing, blend)
        actions.write(datablock, channels, placement)


def remove_points(character: Any, scene: Any = None) -> bool:
    """Delete a character's landmark points, or points that stand alone with all of theirs; returns whether there were any."""
    scene = scene or bpy.context.scene
    found = find(character)
    if not objects.anchors(found.root):
        return False
    if found.root.get(POINTS) == ALONE:
        remove(found.root, scene)
    for datablock in objects.datablocks(found.root):
        actions.remove(datablock)
    return objects.remove(found.root)


def has_points(character: Any) -> bool:
    """Whether a character has landmark points."""
    return bool(objects.anchors(find(character).root))
