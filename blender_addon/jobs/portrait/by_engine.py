# SPDX-License-Identifier: GPL-3.0-or-later
"""The video drawn by the engine: when that can be, and what it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ...characters.character import describe
from ...characters.remembered import frame_rate
from ...contract import EngineError, messages
from ...engine_process import chosen_python, shared
from ...errors import TalkingAnimationError
from ...faces.from_picture import looks
from ...inputs import pictures
from ...talking import dial_keys
from ...talking.as_generated import is_as_generated
from ...talking.carried import motion_of, shown_motion
from . import plan as plans
from .heard import Heard
from .options import AUTOMATIC, BLENDER, LOOKS
from .pictured import Pictured
from .video_size import LONGEST

NEEDS_FULL: Final = (
    "Only the full engine draws videos: make or choose one in the add-on's preferences, or let Blender draw"
)


def is_able() -> bool:
    """Whether this engine is known to be one that draws videos."""
    known = shared.known_capabilities()
    return known is not None and known.capture.decodes


def is_perhaps_able() -> bool:
    """Whether an engine that draws videos may be there, which nobody has asked yet."""
    return shared.known_capabilities() is None and bool(chosen_python.current())


def reason_for(renderer: str) -> str:
    """Why a renderer cannot draw here, as far as is known, without full stop; "" where it can, or may."""
    return "" if renderer in (AUTOMATIC, BLENDER) or is_able() or is_perhaps_able() else NEEDS_FULL


def difference(
    subject: Pictured,
    heard: Heard,
    scene: Any,
    frames: tuple[int, int] | None,
    first: int,
    renderer: str = "",
) -> str:
    """In what the engine's video would not be what Blender shows, as the end of a sentence; "" in nothing.

    Args:
        subject: the picture.
        heard: what is heard.
        scene: where it talks.
        frames: those that were asked for; None for all that it says.
        first: the scene frame at which it begins to talk.
        renderer: the engine's own name of what it is asked to draw with; "" for what it draws with by itself.
    """
    if looks.LOOK in subject.root and renderer not in LOOKS.values():
        return "it wears a drawn look in Blender"
    if frames is not None:
        return "it draws whole recordings only"
    if len(subject.members) > 2 or subject.origin.other_face:
        return "it draws pictures with one face only"
    if len(heard.sounds) != 1 or heard.sounds[0].start != first:
        return "it draws one recording only, from its beginning"
    width, height = subject.origin.width, subject.origin.height
    if width % 2 or height % 2 or max(width, height) > LONGEST:
        return "it cuts off what makes a size odd"
    character = describe(subject.root)
    try:
        motion = motion_of(character, scene)
    except TalkingAnimationError:
        return "its motion is no longer there"
    dials = dial_keys.of_character(character, motion)
    return "" if is_as_generated(character, motion, dials) else "the keys were changed by hand"


def request(
    subject: Pictured, heard: Heard, scene: Any, renderer: str, preview: bool, folder: Path
) -> messages.PortraitRequest:
    """What the engine is asked.

    Args:
        subject, heard, scene: see `difference`.
        renderer: the engine's own name of what draws, see `PortraitOptions.by_engine`.
        preview: see `PortraitOptions`.
        folder: an existing folder for picture, motion and video.

    Raises:
        TalkingAnimationError: where the picture or the motion is gone, or there is no room.
    """
    image = looks.photo_of(subject.root) if renderer in LOOKS.values() else subject.image
    if image is None:
        raise TalkingAnimationError(
            f"The picture of '{subject.root.name}' is gone: let Blender draw the video."
        )
    read = pictures.read(image)
    character = describe(subject.root)
    motion = shown_motion(character, scene)
    animation = folder / "said.npz"
    try:
        motion.save(animation)
    except EngineError as error:
        reason = getattr(error.__cause__, "strerror", None) or "they cannot be written to"
        raise TalkingAnimationError(
            f"The video cannot be drawn ({reason}): make room for temporary files."
        ) from error
    return messages.PortraitRequest(
        str(pictures.save(read, folder)),
        str(folder / plans.VIDEO),
        voice=heard.sounds[0].path if heard.sounds else None,
        animation=str(animation),
        fps=frame_rate(scene),
        renderer=renderer,
        preview=preview,
        points=subject.origin.points,
        name=subject.origin.name,
    )
