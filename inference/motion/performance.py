"""The speaker-aware branch: who speaks moves head, brows, lids and eyes, to the rhythm of the voice."""

from __future__ import annotations

import numpy as np

from ..errors import EngineError
from ..face.landmarks import BROWS
from .head_and_eyes.blink import blink_curves, blink_times, turn_times
from .head_and_eyes.gaze import gaze_motion
from .head_and_eyes.head import brow_motion, head_motion
from .lips.articulation import articulate
from .lips.content import ContentMotion
from .manner.personal import Performance, Person, person_head, replay
from .manner.styles import Style
from .prosody import Prosody


def perform(
    prosody: Prosody,
    frames: int,
    fps: float,
    style: Style,
    seed: int,
    person: Person | None = None,
    pose: str = "generated",
) -> Performance:
    """Move head, brows, lids and eyes.

    Args:
        prosody: phrases and stresses of the voice.
        frames, fps: length and rate of the animation.
        style: how much of what.
        seed: which take.
        person: whose head; None for a head that moves by the style alone.
        pose: one of `names.POSES`.

    Raises:
        EngineError: ``replayed`` without a person (code ``bad_request``).
    """
    if pose == "replayed":
        if person is None:
            raise EngineError(
                "Only a person's own motion can be replayed: choose a person's .npz file as the style.",
                "bad_request",
            )
        return replay(person, frames, fps, seed)
    if pose == "still":
        rotation = translation = np.zeros((frames, 3), np.float32)
    elif person is not None:
        rotation, translation = person_head(person, prosody, frames, fps, seed)
    else:
        rotation, translation = head_motion(prosody, frames, fps, style, seed)
    blinks = blink_times(prosody, (frames - 1) / fps, style, seed, turn_times(rotation, fps))
    return Performance(
        head_rotation=rotation,
        head_translation=translation,
        blink=blink_curves(blinks, frames, fps, style, seed),
        eye_rotation=gaze_motion(prosody, rotation, blinks, fps, style, seed),
        brows=brow_motion(prosody, frames, fps, style, seed),
    )


def act(
    content: ContentMotion,
    prosody: Prosody,
    style: Style,
    seed: int,
    person: Person | None = None,
    pose: str = "generated",
) -> Performance:
    """Both branches together: what is said, said by somebody.

    Args:
        content: what the words do; its ``displacement`` takes the speaker's articulation and brows, in place.
        prosody, style, seed, person, pose: see `perform`.
    """
    performance = perform(prosody, len(content.displacement), content.fps, style, seed, person, pose)
    articulate(content.displacement, content.neutral, content.fps, style)
    content.displacement[:, BROWS, 1] += performance.brows
    return performance
