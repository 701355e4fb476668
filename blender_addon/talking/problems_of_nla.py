# SPDX-License-Identifier: GPL-3.0-or-later
"""What hides a talking animation among the NLA's tracks and strips, and in the active action."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions, nla
from ..keys.ownership import users_strips
from .problem import Problem, problem_of

_NO_INFLUENCE = 0.01


def of_animation_data(datablock: Any, name: str) -> Iterator[Problem]:
    """What hides the talking animation that a datablock carries.

    Args:
        datablock: with actions of ours.
        name: how to speak of it.
    """
    data = datablock.animation_data
    if data.use_tweak_mode:
        yield problem_of("TWEAK_MODE", name, repair=partial(_leave_tweak_mode, data))
        return
    placed = nla.own_strip(datablock)
    if placed is None:
        yield from _of_active_action(data, name, datablock)
        return
    track, strip = placed
    curves = animation_data.curve_set(strip.action, datablock)
    yield from _of_track(data, name, track, strip)
    yield from _of_solo(data, name, track)
    yield from _of_strip(strip, name, datablock)
    yield from _of_curves(curves, name)
    paths = set(curves.by_path()) if curves is not None else set()
    yield from _of_users_action(datablock, name, paths)
    yield from _of_strips_above(datablock, name, track, strip, paths)


def _of_active_action(data: Any, name: str, datablock: Any) -> Iterator[Problem]:
    """Ours is the active action."""
    action = data.action.name
    if data.action_influence < _NO_INFLUENCE:
        yield problem_of("ACTION_INFLUENCE", name, data, action=action)
    if animation_data.slot_is_missing(data):
        choose = partial(animation_data.choose_slot, data, datablock)
        yield problem_of("NO_SLOT/ACTION", name, repair=choose, action=action)
    yield from _of_solo(data, name)
    yield from _of_curves(animation_data.curve_set(data.action, datablock), name)


def _of_track(data: Any, name: str, track: Any, strip: Any) -> Iterator[Problem]:
    """What is switched off on the way to our strip."""
    if not data.use_nla:
        yield problem_of("NLA_OFF", name, data)
    if track.mute:
        yield problem_of("NLA_MUTED", name, track, track=track.name)
    if strip.mute:
        yield problem_of("STRIP_MUTED", name, strip, strip=strip.name)


def _of_solo(data: Any, name: str, ours: Any = None) -> Iterator[Problem]:
    """A track that plays alone, other than ours."""
    solo = next((track for track in data.nla_tracks if track.is_solo and track != ours), None)
    if solo is not None:
        yield problem_of("NLA_SOLO", name, repair=partial(_end_solo, data, solo), track=solo.name)


def _of_strip(strip: Any, name: str, datablock: Any) -> Iterator[Problem]:
    """What keeps our strip from playing its action."""
    if animation_data.influence_is_nothing(strip):
        yield problem_of("STRIP_INFLUENCE", name, strip, strip=strip.name)
    if animation_data.slot_is_missing(strip):
        choose = partial(animation_data.choose_slot, strip, datablock)
        yield problem_of("NO_SLOT/STRIP", name, repair=choose, strip=strip.name)


def _of_curves(curves: animation_data.CurveSet | None, name: str) -> Iterator[Problem]:
    muted = [curve for curve in curves.fcurves if _is_muted(curve)] if curves is not None else []
    if curves is not None and muted:
        yield problem_of(
            "CURVES_MUTED",
            name,
            repair=partial(_unmute, curves, muted),
            muted=len(muted),
            count=len(curves.fcurves),
            action=curves.action.name,
        )


def _of_users_action(datablock: Any, name: str, paths: set[tuple[str, int]]) -> Iterator[Problem]:
    """The user's active action, which lies above all strips."""
    data = datablock.animation_data
    action = data.action
    if action is None or actions.is_own(action):
        return
    hidden = paths & animation_data.played_paths(data)
    if hidden:
        yield problem_of(
            "ACTIVE_ACTION",
            name,
            repair=partial(nla.push_down_users_action, datablock),
            action=action.name,
            hidden=len(hidden),
            count=len(paths),
        )


def _of_strips_above(
    datablock: Any, name: str, track: Any, strip: Any, paths: set[tuple[str, int]]
) -> Iterator[Problem]:
    """The first of the user's strips that replaces what ours says, at the same time."""
    data = datablock.animation_data
    order = list(data.nla_tracks)
    above = order[order.index(track) + 1 :]
    for other_track, other in users_strips(data):
        if other_track not in above or other_track.mute or other.mute or other.blend_type != "REPLACE":
            continue
        if other.frame_end <= strip.frame_start or other.frame_start >= strip.frame_end:
            continue
        if paths & animation_data.played_paths(other):
            yield problem_of(
                "STRIP_ABOVE", name, repair=partial(nla.move_to_top, datablock), strip=other.name
            )
            return


def _is_muted(curve: Any) -> bool:
    return bool(curve.mute or (curve.group is not None and curve.group.mute))


def _unmute(curves: animation_data.CurveSet, muted: list[Any]) -> None:
    for group in curves.groups:
        if group.mute:
            group.mute = False
    for curve in muted:
        curve.mute = False


def _end_solo(data: Any, track: Any) -> None:
    track.is_solo = False
    animation_data.evaluate_nla_anew(data)


def _leave_tweak_mode(data: Any) -> None:
    data.use_tweak_mode = False
    if data.use_tweak_mode:
        raise TalkingAnimationError("Press Tab in the NLA editor to leave tweak mode.")
