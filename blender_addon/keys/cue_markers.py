# SPDX-License-Identifier: GPL-3.0-or-later
"""Mouth cues (A to H, X as Rhubarb names them) where an animator sees them: timeline markers, a text, text strips."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import bpy

from ..contract import MOUTH_SHAPES, Cue
from ..host.blender_versions import sequencer
from .ownership import TAG

_MARKER_BYTES: Final = 62  # of a name, but for the letter of a mouth shape; Blender cuts off what is longer
_ID_LETTERS: Final = 8
_BETWEEN: Final = " · "
_MARKER: Final = re.compile(f"[{''.join(MOUTH_SHAPES)}]({_BETWEEN}.+)", re.DOTALL)
KINDS: Final = {
    "MARKERS": ("Timeline Markers", "A marker at the beginning of each mouth shape"),
    "TEXT": ("Text", "A text of this file with frame, seconds and shape in each line, tabs between"),
    "STRIPS": ("Text Strips", "A text strip of the Sequencer for each mouth shape, over the picture"),
}


def add(root: Any, scene: Any, uid: str, cues: Sequence[Cue], start: float, fps: float, kind: str) -> int:
    """Add a character's mouth cues, in place of those of the same kind that it had before.

    Args:
        root: the character.
        scene: where to.
        uid: the character's id.
        cues: (start s, end s, shape).
        start: scene frame of second 0.
        fps: frames per second.
        kind: one of `KINDS`.

    Returns:
        How many there are.
    """
    remove(root, [scene], (kind,))
    rows = [(round(start + begin * fps), round(start + end * fps), shape) for begin, end, shape in cues]
    rows = [row for row in rows if row[1] > row[0]]
    if kind == "MARKERS":
        # A marker can carry nothing but its name in Blender 5, so the character's name in it tells whose it is.
        suffix = _suffix(root.name, uid)
        for first, _, shape in rows:
            scene.timeline_markers.new(shape + suffix, frame=first)
        root.talking_animation.cues = suffix
    elif kind == "TEXT":
        text = bpy.data.texts.new(f"Talking {root.name} cues")
        text[TAG] = uid
        lines = [f"{first}\t{(first - start) / fps:.3f}\t{shape}" for first, _, shape in rows]
        text.write("frame\tseconds\tshape\n" + "".join(f"{line}\n" for line in lines))
    else:
        channel = _channel(scene, rows[0][0], rows[-1][1]) if rows else 0
        for first, end, shape in rows:
            strip = sequencer.add_text_strip(scene, f"Cue {shape}", shape, channel, first, end)
            strip[TAG] = _strip_tag(uid)
    return len(rows)


def _channel(scene: Any, start: int, end: int) -> int:
    """Where text strips go: above all that lie there; where nothing is left there, the topmost channel."""
    return sequencer.free_channel(scene, start, end, above=True) or sequencer.CHANNELS


def remove(
    root: Any, scenes: Sequence[Any], kinds: Sequence[str] = tuple(KINDS), nobodys: bool = False
) -> bool:
    """Take a character's mouth cues out of scenes again.

    Args:
        root: the character.
        scenes: where from.
        kinds: of `KINDS`.
        nobodys: whether markers go too that are named like cues but are no character's: those of one that was deleted, but
            also a user's own that are called so.

    Returns:
        Whether there were any.
    """
    state = root.talking_animation
    removed = False
    if "MARKERS" in kinds:
        suffixes = {state.cues} - {""}
        state.property_unset("cues")
        for scene in scenes:
            for suffix in suffixes | (_nobodys(scene) if nobodys else set()):
                removed |= _remove_markers(scene, suffix)
    if not state.uid:
        return removed
    if "TEXT" in kinds:
        for text in [one for one in bpy.data.texts if one.get(TAG) == state.uid]:
            bpy.data.texts.remove(text)
            removed = True
    if "STRIPS" in kinds:
        tag = _strip_tag(state.uid)
        for scene in scenes:
            for strip in [one for one in sequencer.all_sequencer_strips(scene) if one.get(TAG) == tag]:
                sequencer.remove_strip(scene, strip)
                removed = True
    return removed


def _remove_markers(scene: Any, suffix: str) -> bool:
    ours = [
        marker
        for marker in scene.timeline_markers
        if marker.name.endswith(suffix) and marker.name[: -len(suffix)] in MOUTH_SHAPES
    ]
    for marker in ours:
        scene.timeline_markers.remove(marker)
    return bool(ours)


def _nobodys(scene: Any) -> set[str]:
    """What ends the names of markers whose character was deleted; a marker can say no more of whose it is."""
    ends = {match[1] for marker in scene.timeline_markers if (match := _MARKER.fullmatch(marker.name))}
    if not ends:
        return set()
    objects: Any = bpy.data.objects
    return ends - {obj.talking_animation.cues for obj in objects}


def present(root: Any, scene: Any) -> bool:
    """Whether the character has mouth cues of any kind, or markers are left of one that was deleted."""
    state = root.talking_animation
    if state.cues or _nobodys(scene):
        return True
    uid = state.uid
    return bool(uid) and (
        any(text.get(TAG) == uid for text in bpy.data.texts)
        or any(strip.get(TAG) == _strip_tag(uid) for strip in sequencer.all_sequencer_strips(scene))
    )


def _suffix(name: str, uid: str) -> str:
    """What ends the names of a character's markers; of a name too long for one, its beginning and the character's id."""
    suffix = f"{_BETWEEN}{name}"
    if len(suffix.encode()) <= _MARKER_BYTES:
        return suffix
    end = f" {uid[:_ID_LETTERS]}"
    return suffix.encode()[: _MARKER_BYTES - len(end)].decode(errors="ignore") + end


def _strip_tag(uid: str) -> str:
    """Tag of a text strip; another one than the recording's, which is replaced on its own."""
    return f"{uid} cue"
