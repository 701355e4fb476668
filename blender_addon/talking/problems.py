# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing moves? What of a scene keeps a talking animation from showing, each with a way to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import bpy

from ..characters.character import Character, describe, related_objects
from ..characters.remembered import frame_rate
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions, nla
from ..keys.channels import driven_paths
from ..keys.ownership import users_strips
from . import carried, edit
from .write import datablocks

RANGE: Final = "RANGE"

# What targets already say while they write.
_TOLD_WHEN_WRITTEN: Final = frozenset({"KEY_PINNED", "KEY_MUTED", "KEY_DRIVEN", "LINKED"})

# A shape whose slider ends below this share of what the motion asks for is held back by it.
_HELD_BACK = 0.98


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


def after_writing(item: Any, scene: Any, extended: bool) -> list[str]:
    """What keeps an animation that was just written from showing, but for what its report says anyway.

    Args:
        item: any object of the character.
        scene: the scene it plays in.
        extended: whether the scene's range was to reach its end; else it is meant not to.
    """
    skipped = _TOLD_WHEN_WRITTEN | (set() if extended else {RANGE})
    return [problem.message for problem in find_problems(item, scene) if problem.code not in skipped]


def find_problems(character: Any, scene: Any = None) -> list[Problem]:
    """What keeps a character's talking animation from showing.

    Args:
        character: any object of the character.
        scene: None for the present scene.

    Returns:
        Problems, those that hide most first; [] where all is well or it has no talking animation.
    """
    scene = scene or bpy.context.scene
    found = describe(character)
    ours = [datablock for datablock in datablocks(found) if actions.own_actions(datablock)]
    if not ours:
        return []
    problems: list[Problem] = []
    for datablock in ours:
        problems += _of_animation_data(datablock, found)
    for mesh in found.meshes:
        if mesh.key in ours:
            problems += _of_shape_keys(mesh, found)
    problems += _of_objects(found, scene)
    problems += _of_scene(found, scene)
    problems += [
        Problem("TARGET", sentence, subject=target.name)
        for target in found.targets
        if (sentence := target.problem(found))
    ]
    problems += [
        Problem("LINKED", sentence, subject=str(number)) for number, sentence in enumerate(found.linked)
    ]
    return problems


def repair(character: Any, scene: Any = None, code: str = "", subject: str = "") -> list[str]:
    """Mend what keeps a character's talking animation from showing.

    Args:
        character: any object of the character.
        scene: None for the present scene.
        code: mend problems of this code only; "" for all.
        subject: mend the problem about this only; "" for all.

    Returns:
        The sentences of the problems that are left.

    Raises:
        TalkingAnimationError: where one could not be mended; what was mended before stays so.
    """
    scene = scene or bpy.context.scene
    tried: set[tuple[str, str]] = set()
    while True:  # each anew: mending one may end or change another
        waiting = [
            problem
            for problem in find_problems(character, scene)
            if problem.repair is not None
            and (not code or problem.code == code)
            and (not subject or problem.subject == subject)
            and (problem.code, problem.subject) not in tried
        ]
        if not waiting:
            break
        problem = waiting[0]
        tried.add((problem.code, problem.subject))
        assert problem.repair is not None
        problem.repair()
        for datablock in datablocks(describe(character)):
            datablock.update_tag()  # some NLA settings alone do not make Blender evaluate again
        bpy.context.view_layer.update()
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    return [problem.message for problem in find_problems(character, scene)]


def _setter(owner: Any, name: str, value: Any) -> Callable[[], object]:
    def set_it() -> None:
        setattr(owner, name, value)

    return set_it


# -- animation data: the NLA and the active action -----------------------------------------------------


def _of_animation_data(datablock: Any, found: Character) -> Iterator[Problem]:
    data = datablock.animation_data
    name = _object_name(datablock, found) or datablock.name
    if data.use_tweak_mode:
        yield Problem(
            "TWEAK_MODE",
            f"An NLA strip of '{name}' is being edited, which hides the strips above it: leave its tweak mode.",
            lambda: _leave_tweak_mode(data),
            name,
        )
        return
    placed = nla.own_strip(datablock)
    if placed is None:
        yield from _of_active_action(data, name, datablock)
        return
    track, strip = placed
    curves = animation_data.curve_set(strip.action, datablock)
    paths = set(curves.by_path()) if curves is not None else set()
    if not data.use_nla:
        yield Problem(
            "NLA_OFF",
            f"The NLA of '{name}' is switched off: switch it on.",
            _setter(data, "use_nla", True),
            name,
        )
    if track.mute:
        yield Problem(
            "NLA_MUTED",
            f"The NLA track '{track.name}' of '{name}' is muted: switch it on.",
            _setter(track, "mute", False),
            name,
        )
    if strip.mute:
        yield Problem(
            "STRIP_MUTED",
            f"The NLA strip '{strip.name}' of '{name}' is muted: switch it on.",
            _setter(strip, "mute", False),
            name,
        )
    solo = next((other for other in data.nla_tracks if other.is_solo and other != track), None)
    if solo is not None:
        yield Problem(
            "NLA_SOLO",
            f"The NLA track '{solo.name}' of '{name}' plays solo and hides the talking animation: "
            "switch its star off.",
            lambda: _end_solo(data, solo),
            name,
        )
    if animation_data.influence_is_nothing(strip):
        yield Problem(
            "STRIP_INFLUENCE",
            f"The NLA strip '{strip.name}' of '{name}' has no influence: give it all.",
            _setter(strip, "use_animated_influence", False),
            name,
        )
    if animation_data.slot_is_missing(strip):
        yield Problem(
            "NO_SLOT",
            f"The NLA strip '{strip.name}' of '{name}' has lost its slot of the action: choose it again.",
            lambda: animation_data.choose_slot(strip, datablock),
            name,
        )
    yield from _of_curves(curves, name)
    yield from _of_others_above(datablock, data, track, strip, paths, name)


def _of_active_action(data: Any, name: str, datablock: Any) -> Iterator[Problem]:
    """Ours is the active action."""
    if data.action_influence < 0.01:
        yield Problem(
            "ACTION_INFLUENCE",
            f"The active action '{data.action.name}' of '{name}' has no influence: set it to 1.",
            _setter(data, "action_influence", 1.0),
            name,
        )
    if animation_data.slot_is_missing(data):
        yield Problem(
            "NO_SLOT",
            f"The action '{data.action.name}' of '{name}' has no slot chosen: choose it.",
            lambda: animation_data.choose_slot(data, datablock),
            name,
        )
    solo = next((other for other in data.nla_tracks if other.is_solo), None)
    if solo is not None:
        yield Problem(
            "NLA_SOLO",
            f"The NLA track '{solo.name}' of '{name}' plays solo and hides the talking animation: "
            "switch its star off.",
            lambda: _end_solo(data, solo),
            name,
        )
    yield from _of_curves(animation_data.curve_set(data.action, datablock), name)


def _of_curves(curves: animation_data.CurveSet | None, name: str) -> Iterator[Problem]:
    if curves is None:
        return
    muted = [curve for curve in curves.fcurves if curve.mute]
    if muted:
        yield Problem(
            "CURVES_MUTED",
            f"{len(muted)} of the {len(curves.fcurves)} curves in '{curves.action.name}' of '{name}' are muted: "
            "switch them on.",
            lambda: _unmute(curves, muted),
            name,
        )


def _unmute(curves: animation_data.CurveSet, muted: list[Any]) -> None:
    for group in curves.groups:
        if group.mute:
            group.mute = False
    for curve in muted:
        curve.mute = False


def _of_others_above(
    datablock: Any, data: Any, track: Any, strip: Any, paths: set[tuple[str, int]], name: str
) -> Iterator[Problem]:
    action = data.action
    if action is not None and not actions.is_own(action):
        hidden = paths & animation_data.animated_paths(action, animation_data.active_slot(data))
        if hidden:
            yield Problem(
                "ACTIVE_ACTION",
                f"The active action '{action.name}' of '{name}' hides {len(hidden)} of {len(paths)} curves: push it "
                "down into a strip below the talking animation.",
                lambda: nla.push_down_users_action(datablock),
                name,
            )
    order = list(data.nla_tracks)
    above = order[order.index(track) + 1 :]
    for other_track, other in users_strips(data):
        if other_track not in above or other_track.mute or other.mute or other.blend_type != "REPLACE":
            continue
        if other.frame_end <= strip.frame_start or other.frame_start >= strip.frame_end:
            continue
        if paths & animation_data.animated_paths(other.action, animation_data.active_slot(other)):
            yield Problem(
                "STRIP_ABOVE",
                f"The NLA strip '{other.name}' of '{name}' lies above the talking animation and hides it: move the "
                "talking animation to the top.",
                lambda: nla.move_to_top(datablock),
                name,
            )
            return


def _end_solo(data: Any, track: Any) -> None:
    track.is_solo = False
    animation_data.evaluate_nla_anew(data)


def _leave_tweak_mode(data: Any) -> None:
    data.use_tweak_mode = False
    if data.use_tweak_mode:
        raise TalkingAnimationError("Press Tab in the NLA editor to leave tweak mode.")


# -- shape keys ----------------------------------------------------------------------------------------


def _of_shape_keys(mesh: Any, found: Character) -> Iterator[Problem]:
    key = mesh.key
    users = [
        item for item in related_objects(found.root) if item.type == "MESH" and item.data.shape_keys == key
    ]
    for item in users:
        if item.show_only_shape_key:
            yield Problem(
                "KEY_PINNED",
                f"'{item.name}' shows one shape key only (the pin beside its shape keys): switch the pin off.",
                _setter(item, "show_only_shape_key", False),
                item.name,
            )
    name = mesh.object.name
    if not key.use_relative:
        yield Problem(
            "KEY_ABSOLUTE",
            f"The shape keys of '{name}' are absolute, so their values have no effect: make them relative.",
            _setter(key, "use_relative", True),
            name,
        )
    own = animation_data.own_curves(actions.own_actions(key), key)
    blocks = {
        block.name: block
        for block in key.key_blocks
        if (f'key_blocks["{bpy.utils.escape_identifier(block.name)}"].value', 0) in own
    }
    muted = [block for block in blocks.values() if block.mute]
    if muted:
        yield Problem(
            "KEY_MUTED",
            f"{len(muted)} of the shape keys of '{name}' are switched off, such as '{muted[0].name}': "
            "switch them on.",
            lambda: _switch_on(muted),
            name,
        )
    short = [block for block in blocks.values() if _is_held_back(block, own)]
    if short:
        yield Problem(
            "KEY_RANGE",
            f"{len(short)} of the shape keys of '{name}' stop at the end of their sliders, such as '{short[0].name}' "
            f"at {short[0].slider_max:g}: let the sliders go from 0 to 1.",
            lambda: _widen(short, found.root),
            name,
        )
    faces = {
        f'key_blocks["{bpy.utils.escape_identifier(block)}"].value'
        for drives in mesh.channels.values()
        for block, _ in drives
    }
    driven = sorted(path for path in driven_paths(key) & faces if not _driver_is_muted(key, path))
    if driven:
        yield Problem(
            "KEY_DRIVEN",
            f"{len(driven)} of the shape keys of '{name}' have drivers and were left to them: mute the drivers and key "
            "these shapes too. Removing the talking animation switches them on again.",
            lambda: _take_over(key, driven, found.root),
            name,
        )


def _switch_on(blocks: list[Any]) -> None:
    for block in blocks:
        block.mute = False


def _is_held_back(block: Any, own: dict[tuple[str, int], Any]) -> bool:
    if block.slider_max >= 1.0 and block.slider_min <= 0.0:
        return False
    curve = own[f'key_blocks["{bpy.utils.escape_identifier(block.name)}"].value', 0]
    values = animation_data.key_values(curve)[:, 1]
    top = float(values.max(initial=0.0))
    if block.slider_max < 1.0 and top >= _HELD_BACK * block.slider_max:
        return True
    return block.slider_min > 0.0 and float(values.min(initial=0.0)) <= block.slider_min


def _widen(blocks: list[Any], root: Any) -> None:
    for block in blocks:
        block.slider_max = max(block.slider_max, 1.0)
        block.slider_min = min(block.slider_min, 0.0)
    edit.apply_dials(root)


def _driver_is_muted(key: Any, path: str) -> bool:
    return all(driver.mute for driver in key.animation_data.drivers if driver.data_path == path)


def _take_over(key: Any, paths: list[str], root: Any) -> None:
    """Mute drivers and write the talking animation again, now with the shapes that they had."""
    muted = []
    for driver in key.animation_data.drivers:
        if driver.data_path in paths and not driver.mute:
            driver.mute = True
            muted.append([driver.data_path, driver.array_index])
    try:
        edit.write_again(root)
    except TalkingAnimationError:
        for driver in key.animation_data.drivers:
            if [driver.data_path, driver.array_index] in muted:
                driver.mute = False
        raise
    for action in actions.own_actions(key):
        record = actions.record_of(action)
        actions.set_record(action, {**record, "muted_drivers": record.get("muted_drivers", []) + muted})


# -- objects -------------------------------------------------------------------------------------------


def _of_objects(found: Character, scene: Any) -> Iterator[Problem]:
    for mesh in found.meshes:
        item = mesh.object
        if item.mode == "EDIT":
            yield Problem(
                "EDIT_MODE",
                f"'{item.name}' is in Edit Mode, where its shape keys do not play: leave Edit Mode.",
                partial(_leave_edit_mode, item),
                item.name,
            )
        if scene.objects.get(item.name) != item:
            yield Problem("NOT_IN_SCENE", f"'{item.name}' is not in this scene.", subject=item.name)
        elif item.hide_viewport or item.hide_get():
            yield Problem(
                "HIDDEN",
                f"'{item.name}' is hidden in the viewport: show it.",
                partial(_show, item),
                item.name,
            )
        elif not item.visible_get():
            yield Problem(
                "HIDDEN",
                f"The collection of '{item.name}' is hidden: show it in the Outliner.",
                subject=item.name,
            )
    armature = found.armature
    if armature is None or not (found.head or found.eyes):
        return
    if armature.data.pose_position == "REST" and armature.data.library is None:
        yield Problem(
            "REST_POSITION",
            f"The armature '{armature.name}' is in Rest Position, where no bone moves: switch to Pose Position.",
            _setter(armature.data, "pose_position", "POSE"),
            armature.name,
        )
    for mesh in found.meshes:
        for modifier in mesh.object.modifiers:
            if modifier.type == "ARMATURE" and modifier.object == armature and not modifier.show_viewport:
                yield Problem(
                    "MODIFIER_OFF",
                    f"The modifier '{modifier.name}' of '{mesh.object.name}' is switched off in the viewport, so the "
                    "mesh does not follow the bones: switch it on.",
                    _setter(modifier, "show_viewport", True),
                    mesh.object.name,
                )


def _show(item: Any) -> None:
    item.hide_viewport = False
    item.hide_set(False)


def _leave_edit_mode(item: Any) -> None:
    layer = bpy.context.view_layer
    before = layer.objects.active
    layer.objects.active = item
    if bpy.ops.object.mode_set.poll():
        bpy.ops.object.mode_set(mode="OBJECT")
    layer.objects.active = before
    if item.mode == "EDIT":
        raise TalkingAnimationError(f"Press Tab in the 3D View to leave Edit Mode of '{item.name}'.")


# -- the scene -----------------------------------------------------------------------------------------


def _of_scene(found: Character, scene: Any) -> Iterator[Problem]:
    record = carried.record_of(found.root)
    made_for = record.get("fps")
    fps = frame_rate(scene)
    if made_for and abs(float(made_for) - fps) > 1e-3:
        # Lines of a whole scene stay at the frames of their strips, so they are to be put together anew.
        of_scene = bool(record.get("lines"))
        remedy = "press Animate Whole Scene again, which is quick" if of_scene else "lay its keys for that"
        yield Problem(
            "FPS",
            f"The talking animation was made for {float(made_for):g} frames per second, but the scene plays "
            f"{fps:g}: {remedy}.",
            None if of_scene else lambda: edit.apply_dials(found.root, scene=scene),
            scene.name,
        )
    render = scene.render
    if render.frame_map_old != render.frame_map_new:
        yield Problem(
            "FRAME_MAP",
            f"Time Stretching of the scene ({render.frame_map_old} to {render.frame_map_new}) moves keys away from the "
            "sound: set both to 100.",
            lambda: _unstretch(render),
            scene.name,
        )
    lies = carried.frames_of(found)
    if lies is None:
        return
    first, last = round(lies[0]), round(lies[1])
    if scene.frame_start > first or scene.frame_end < last:
        yield Problem(
            RANGE,
            f"The scene plays frames {scene.frame_start} to {scene.frame_end}, but the talking animation lies from "
            f"{first} to {last}: widen the scene's range.",
            lambda: _widen_range(scene, first, last),
            scene.name,
        )
    if scene.use_preview_range and (scene.frame_preview_start > first or scene.frame_preview_end < last):
        yield Problem(
            "PREVIEW_RANGE",
            f"The preview range plays frames {scene.frame_preview_start} to {scene.frame_preview_end} only: "
            "switch it off.",
            _setter(scene, "use_preview_range", False),
            scene.name,
        )


def _unstretch(render: Any) -> None:
    render.frame_map_old = render.frame_map_new = 100


def _widen_range(scene: Any, first: int, last: int) -> None:
    scene.frame_start, scene.frame_end = min(scene.frame_start, first), max(scene.frame_end, last)


def _object_name(datablock: Any, found: Character) -> str:
    """How to speak of a datablock: shape keys go by their object's name."""
    return next((mesh.object.name for mesh in found.meshes if mesh.key == datablock), "")
