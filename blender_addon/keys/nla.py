# SPDX-License-Identifier: GPL-3.0-or-later
"""Our NLA strips: placed above the user's, blended in and out, moved to the top."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..host.blender_versions import animation_data
from .ownership import (
    REST,
    is_own,
    own_actions,
    own_range,
    record_of,
    rest_of,
    set_record,
    users_nla_paths,
)

TRACK_NAME = "Talking animation"
REST_TRACK_NAME = "Talking animation rest"


def own_strip(datablock: Any) -> tuple[Any, Any] | None:
    """(track, strip) of the talking animation on a datablock; None where it is not in the NLA."""
    data = datablock.animation_data
    ours = own_actions(datablock)
    for track in data.nla_tracks if data is not None else ():
        for strip in track.strips:
            if strip.action in ours:
                return track, strip
    return None


def frames_of(datablock: Any) -> list[tuple[float, float]]:
    """First and last scene frame of our strip on a datablock, else of each of our actions; [] where it has none."""
    placed = own_strip(datablock)
    if placed is not None:
        return [(float(placed[1].frame_start), float(placed[1].frame_end))]
    return [own_range(datablock, action) for action in own_actions(datablock)]


def place(
    datablock: Any, curves: animation_data.CurveSet, start: int, over_others: bool, blend: tuple[float, float]
) -> None:
    """Put an action of ours into a strip on a new track above all others.

    Args:
        datablock: what it animates.
        curves: the action's curves.
        start: scene frame of its first key.
        over_others: whether all its curves may add to the user's own strips below (rotations), instead of replacing them.
        blend: frames over which the strip fades in and out.
    """
    data = datablock.animation_data
    paths = set(curves.by_path())
    shared = bool(paths & users_nla_paths(data))
    combine = shared and over_others
    remove_rest(datablock)
    if max(blend) > 0:
        _place_rest(datablock, curves.action, paths - users_nla_paths(data), start)
    track = data.nla_tracks.new()
    track.name = TRACK_NAME
    strip = animation_data.new_nla_strip(
        track,
        curves,
        curves.action.name,
        start,
        blend="COMBINE" if combine else "REPLACE",
        hold=combine or not shared,
    )
    _set_blend(strip, blend)


def set_blend(datablock: Any, blend: tuple[float, float]) -> None:
    """Let our strip on a datablock fade in and out over so many frames; nothing where it has none."""
    placed = own_strip(datablock)
    if placed is None:
        return
    _, strip = placed
    remove_rest(datablock)
    if max(blend) > 0:
        curves = animation_data.curve_set(strip.action, datablock)
        if curves is None:
            return
        paths = set(curves.by_path()) - users_nla_paths(datablock.animation_data)
        _place_rest(datablock, strip.action, paths, round(strip.frame_start))
        move_to_top(datablock)
        strip = own_strip(datablock)[1]  # type: ignore[index]
    _set_blend(strip, blend)


def _set_blend(strip: Any, blend: tuple[float, float]) -> None:
    length = strip.frame_end - strip.frame_start
    blend_in, blend_out = (min(max(frames, 0.0), length / 2) for frames in blend)
    strip.use_auto_blend = False
    # Blender keeps the two from overlapping, so that the order of setting them would matter.
    strip.blend_in = strip.blend_out = 0.0
    strip.blend_in, strip.blend_out = blend_in, blend_out


def _place_rest(datablock: Any, action: Any, paths: set[tuple[str, int]], start: int) -> None:
    """A strip that holds the character at rest, for ours to blend with.

    Without it Blender blends with the properties' defaults, which are not where the character rests, and for shape keys 1.0
    from Blender 5.0 on.
    """
    rest = {place: value for place, value in rest_of(action, datablock).items() if place in paths}
    if not rest:
        return
    curves = animation_data.new_curve_set(f"{action.name} rest", datablock)
    for (path, index), value in sorted(rest.items()):
        animation_data.write_keys(curves.new(path, index, ""), np.array([[start, value]], np.float32))
    set_record(curves.action, {"role": REST})
    track = datablock.animation_data.nla_tracks.new()
    track.name = REST_TRACK_NAME
    animation_data.new_nla_strip(track, curves, curves.action.name, start, blend="REPLACE", hold=True)


def remove_rest(datablock: Any) -> None:
    """Take the strip away that holds the character at rest below ours, if there is one."""
    data = datablock.animation_data
    for track in list(data.nla_tracks):
        for strip in list(track.strips):
            action = strip.action
            if is_own(action) and record_of(action).get("role") == REST:
                track.strips.remove(strip)
                if not len(track.strips):
                    data.nla_tracks.remove(track)
                animation_data.remove_unused_action(action)
                break


def move_to_top(datablock: Any) -> None:
    """Move our strip to a new track above all others, as it is."""
    placed = own_strip(datablock)
    if placed is None:
        return
    track, old = placed
    data = datablock.animation_data
    new_track = data.nla_tracks.new()
    strip = animation_data.copy_nla_strip(new_track, old)
    name = old.name
    new_track.mute, new_track.lock = track.mute, track.lock
    track.strips.remove(old)
    if not len(track.strips):
        data.nla_tracks.remove(track)
    new_track.name, strip.name = TRACK_NAME, name


def push_down_users_action(datablock: Any) -> None:
    """Move the user's active action into a strip of its own below ours, as *Push Down* of the NLA editor does."""
    data = datablock.animation_data
    action = data.action
    if action is None or is_own(action):
        return
    track = data.nla_tracks.new()
    track.name = action.name
    animation_data.push_down(track, data)
    animation_data.set_active_action(data, None)
    placed = own_strip(datablock)
    if placed is not None:
        move_to_top(datablock)
        ours = own_strip(datablock)[1]  # type: ignore[index]
        curves = animation_data.curve_set(ours.action, datablock)
        shared = curves is not None and bool(set(curves.by_path()) & users_nla_paths(data))
        if shared and ours.extrapolation != "NOTHING":
            ours.extrapolation = "NOTHING"
