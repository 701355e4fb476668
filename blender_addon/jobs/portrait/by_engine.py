# SPDX-License-Identifier: GPL-3.0-or-later
"""The video drawn by the engine: when that can be, and what it is asked."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np

from ...characters.character import describe
from ...characters.pictures import PictureOrigin
from ...characters.remembered import frame_rate
from ...contract import EngineError, messages
from ...contract.animation import FRAME_SHAPES, FaceAnimation
from ...engine_process import chosen_python, shared
from ...errors import TalkingAnimationError
from ...faces.from_picture import looks
from ...inputs import pictures
from ...talking import dial_keys
from ...talking.as_generated import is_as_generated
from ...talking.carried import motion_of, shown_motion
from . import plan as plans
from .heard import Heard, Sound
from .options import AUTOMATIC, BLENDER, BY_ENGINE, ENGINE, LOOKS, POSES, VIEWS, PortraitOptions
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
    film = _film_drawn(subject.origin, renderer)
    if not film and (len(subject.members) > 2 or subject.origin.other_face):
        return "it draws pictures with one face only"
    if [sound.start for sound in _heard_in(heard, frames)] != [first if frames is None else frames[0]]:
        return "it draws one recording only, from its beginning"
    width, height = subject.origin.width, subject.origin.height
    if not film and (width % 2 or height % 2 or max(width, height) > LONGEST):
        return "it cuts off what makes a size odd"
    character = describe(subject.root)
    try:
        motion = motion_of(character, scene)
    except TalkingAnimationError:
        return "its motion is no longer there"
    dials = dial_keys.of_character(character, motion)
    return "" if is_as_generated(character, motion, dials) else "the keys were changed by hand"


def _heard_in(heard: Heard, frames: tuple[int, int] | None) -> list[Sound]:
    """What begins to be heard in these frames; all where they are None."""
    return [sound for sound in heard.sounds if frames is None or frames[0] <= sound.start <= frames[1]]


def _part_of(motion: FaceAnimation, first: int, last: int) -> FaceAnimation:
    """Some rows of a motion, without its cues: how long it is heard is told by its length."""
    rows = np.clip(np.arange(first, last + 1), 0, len(motion) - 1)
    return replace(motion, cues=[], **{name: getattr(motion, name)[rows] for name in FRAME_SHAPES})


def film_of(origin: PictureOrigin) -> str:
    """The absolute path of the film that a character was made of; "" where it was made of a picture, or the film is gone."""
    path = os.path.abspath(bpy.path.abspath(origin.path)) if pictures.is_film(origin.path) else ""
    return path if os.path.isfile(path) else ""


def _film_drawn(origin: PictureOrigin, renderer: str) -> str:
    """The film that the engine lets go on; "" where it draws one picture, as drawn looks always do."""
    return "" if renderer in LOOKS.values() else film_of(origin)


def told_of_film(origin: PictureOrigin, options: PortraitOptions) -> list[str]:
    """A sentence where the engine draws of a film's first picture alone."""
    if not pictures.is_film(origin.path) or _film_drawn(origin, options.by_engine):
        return []
    if not film_of(origin):
        return [f"The film {origin.name} is no longer there, so the video shows its first picture."]
    return [f"A drawn look is made of one picture: the video shows the first one of {origin.name}."]


def request(
    subject: Pictured, heard: Heard, scene: Any, options: PortraitOptions, first: int, folder: Path
) -> messages.PortraitRequest:
    """What the engine is asked.

    Args:
        subject, heard, scene: see `difference`.
        options: what is drawn.
        first: the scene frame of the motion's first one.
        folder: an existing folder for picture, motion and video.

    Raises:
        TalkingAnimationError: where the picture or the motion is gone, or there is no room.
    """
    film = _film_drawn(subject.origin, options.by_engine)
    picture = film or str(_picture_of(subject, options, folder))
    character = describe(subject.root)
    motion = shown_motion(character, scene)
    if options.frames is not None:
        motion = _part_of(motion, options.frames[0] - first, options.frames[1] - first)
    sounds = _heard_in(heard, options.frames)
    animation = folder / "said.npz"
    try:
        motion.save(animation)
    except EngineError as error:
        reason = getattr(error.__cause__, "strerror", None) or "they cannot be written to"
        raise TalkingAnimationError(
            f"The video cannot be drawn ({reason}): make room for temporary files."
        ) from error
    return messages.PortraitRequest(
        picture,
        str(folder / plans.VIDEO),
        voice=sounds[0].path if sounds else None,
        animation=str(animation),
        fps=frame_rate(scene),
        renderer=options.by_engine or BY_ENGINE[ENGINE],
        preview=options.preview,
        points=() if film else subject.origin.points,
        name=subject.origin.name,
        view=VIEWS[options.view],
        pose=POSES[options.film_pose] if film else None,
    )


def _picture_of(subject: Pictured, options: PortraitOptions, folder: Path) -> Path:
    """The file with the pixels of the picture."""
    image = looks.photo_of(subject.root) if options.renderer in LOOKS else subject.image
    if image is None:
        raise TalkingAnimationError(
            f"The picture of '{subject.root.name}' is gone: let Blender draw the video."
        )
    return pictures.save(pictures.read(image), folder)
