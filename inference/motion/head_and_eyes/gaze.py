"""Where the eyes look: at the viewer, with small glances aside and back."""

from __future__ import annotations

import numpy as np

from ...face.noise import generator
from ...face.smoothing import moving_average
from ..manner.styles import Style
from ..prosody import Prosody

_GLANCE_DEGREES = (5.5, 3.0)  # standard deviations, yaw and pitch
_FARTHEST_GLANCE = 1.6  # standard deviations: farther ones read as squinting at something off screen
_FIXATION_DEGREES = (0.8, 0.5)  # how far from the viewer's eyes a "look at the viewer" may be
_STEADY = 0.85  # share of the head's rotation that the eyes take back (vestibulo-ocular reflex)
_SACCADE_SECONDS = 0.045
_FIRST_SHIFT_SECONDS = 1.2  # a speaker first meets the viewer's eyes
_LIMIT = np.radians((15.0, 10.0))


def gaze_motion(
    prosody: Prosody, head_rotation: np.ndarray, blinks: np.ndarray, fps: float, style: Style, seed: int
) -> np.ndarray:
    """(T, 2) radians, yaw and pitch of the eyes relative to the head.

    The eyes hold the viewer while the head moves, glance aside in thought (more at the start of a phrase than at its
    end: Kendon, *Some functions of gaze-direction in social interaction*, 1967), and come back before the end.

    Args:
        prosody: phrases of the voice.
        head_rotation: (T, 3) radians.
        blinks: seconds of blinks; a larger shift of gaze waits for a blink that is near.
        fps: frames per second.
        style: how far, how often and for how long the eyes leave the viewer.
        seed: which take.
    """
    frames = len(head_rotation)
    duration = frames / fps
    random = generator(seed, "gaze")
    shifts, directions = [0], [np.zeros(2)]
    starts = np.array([start for start, _ in prosody.phrases])
    time, aside = _FIRST_SHIFT_SECONDS + random.uniform(0, 1.0), False
    while time < duration - 0.8:
        aside = not aside and random.uniform() < min(0.45 * style.gaze_shifts, 0.9)
        if len(blinks) and np.abs(blinks - time).min() < 0.25:
            time = float(blinks[np.abs(blinks - time).argmin()])
        elif aside and len(starts) and np.abs(starts - time).min() < 0.5:
            time = max(float(starts[np.abs(starts - time).argmin()]), _FIRST_SHIFT_SECONDS)
        spread = np.multiply(_GLANCE_DEGREES if aside else _FIXATION_DEGREES, style.gaze)
        shifts.append(max(shifts[-1], min(int(np.ceil(time * fps)), frames)))
        directions.append(
            np.radians(np.clip(random.standard_normal(2), -_FARTHEST_GLANCE, _FARTHEST_GLANCE) * spread)
        )
        hold = random.uniform(0.35, 0.9) if aside else random.uniform(0.8, 2.4) / max(style.gaze_shifts, 0.25)
        time += hold * style.gaze_seconds if aside else hold
    shifts.append(max(shifts[-1], int(max(duration - 0.8, 0) * fps)))
    directions.append(np.zeros(2))
    target = np.repeat(directions, np.diff([*shifts, frames]), axis=0)
    eyes = moving_average(target, max(1, round(_SACCADE_SECONDS * fps)))
    eyes[:, 0] -= _STEADY * head_rotation[:, 1]
    eyes[:, 1] += _STEADY * head_rotation[:, 0]
    return np.clip(eyes, -_LIMIT, _LIMIT).astype(np.float32)
