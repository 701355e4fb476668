# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character remembers: its id, its dials, how its motion becomes keys."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import bpy

from ..contract import Dials
from ..contract import dials as dials_module
from ..errors import TalkingAnimationError
from ..host.kept_values import number, whole
from ..motion.key_reduction import KeyStyle

_KEY_STYLES: Final = ("FRAMES", "LINEAR", "BEZIER", "STEPPED")
_PLAYABLE: Final = (0.5, 1000.0)  # frames per second


def frame_rate(scene: Any) -> float:
    """Frames per second of a scene."""
    return float(scene.render.fps / scene.render.fps_base)


def playable_frame_rate(scene: Any) -> float:
    """Frames per second of a scene.

    Raises:
        TalkingAnimationError: they are such as nobody plays: a mistyped base asks for millions of keys, or for one in an hour.
    """
    fps = frame_rate(scene)
    least, most = _PLAYABLE
    if least <= fps <= most:
        return fps
    raise TalkingAnimationError(
        f"The scene '{scene.name}' plays {fps:.4g} frames per second ({scene.render.fps} / {scene.render.fps_base:g}): set its "
        "frame rate and base in the Output properties, such as 24 and 1."
    )


def refresh(scene: Any) -> None:
    """Show the present frame as it now is."""
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)


def character_id(root: Any) -> str:
    """The id of a character; a copy of a character gets one of its own."""
    state = root.talking_animation
    owner = bpy.data.objects.get(state.owner)
    is_copy = owner is not None and owner != root and owner.talking_animation.uid == state.uid
    if not state.uid or is_copy:
        state.uid = uuid.uuid4().hex
    state.owner = root.name
    return str(state.uid)


def dials_of(state: Any) -> Dials:
    """The dials stored with a character (its root's `talking_animation` properties), each as far as it can go."""
    return Dials(**{row["name"]: _within(row, getattr(state, row["name"])) for row in dials_module.rows()})


def _within(row: Mapping[str, Any], value: Any) -> float:
    known = number(value)
    return float(row["default"] if known is None else min(max(known, row["minimum"]), row["maximum"]))


def key_style_of(state: Any) -> KeyStyle:
    """How a character's motion becomes keys, as stored with it."""
    usual = KeyStyle()
    return KeyStyle(
        state.key_style if state.key_style in _KEY_STYLES else usual.mode,
        number(state.key_tolerance, 0.0, 1.0) or usual.tolerance,
        whole(state.key_hold, 1) or usual.hold,
    )


def calibrates(root: Any) -> bool:
    """Whether a character's mouth that opens less than most is driven further."""
    return bool(getattr(getattr(root, "talking_animation", None), "calibrate", True))


def with_calibration(state: Any, calibrate: bool) -> None:
    """Store with a character whether a narrow mouth is driven further, without applying it."""
    with quietly():
        state.calibrate = calibrate


def blend_of(state: Any) -> tuple[float, float]:
    """Frames over which a character's NLA strips fade in and out, as stored with it."""
    return number(state.blend_in, 0.0) or 0.0, number(state.blend_out, 0.0) or 0.0


_quiet = False


def is_quiet() -> bool:
    """Whether properties that change are only stored: `ui.properties` asks before it applies them."""
    return _quiet


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Within it, properties of a character that change are only stored, not applied."""
    global _quiet
    before, _quiet = _quiet, True
    try:
        yield
    finally:
        _quiet = before


def check_dials(dials: Dials) -> None:
    """Raise TalkingAnimationError where a dial has a value that it cannot have; its property would take the nearest one."""
    wrong = dials_module.out_of_range(dials.plain)
    if wrong is not None:
        raise TalkingAnimationError(f"The dial {wrong[0]} {wrong[1]}.")


def with_dials(state: Any, dials: Dials) -> None:
    """Store dials with a character, without applying them. Raises TalkingAnimationError as `check_dials`."""
    check_dials(dials)
    with quietly():
        for name in dials_module.NAMES:
            setattr(state, name, float(getattr(dials, name)))


def with_key_style(state: Any, style: KeyStyle) -> None:
    """Store with a character how its motion becomes keys, without applying it.

    Raises:
        TalkingAnimationError: for a style that there is not.
    """
    if style.mode not in _KEY_STYLES:
        raise TalkingAnimationError(
            f"Keys are 'FRAMES', 'LINEAR', 'BEZIER' or 'STEPPED', not '{style.mode}'."
        )
    with quietly():
        state.key_style, state.key_tolerance, state.key_hold = style.mode, style.tolerance, style.hold
