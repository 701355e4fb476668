"""Head and brows: they sway, nod and rise with the voice."""

from __future__ import annotations

import numpy as np

from ..landmarks import LEFT_BROW, RIGHT_BROW
from .noise import ease, generator, smooth_noise
from .prosody import Prosody
from .styles import Style

# Standard deviations in degrees of the parts of conversational head motion, nod / turn / tilt.
_SWAY_DEGREES = (1.1, 1.7, 1.0)
_POSTURE_DEGREES = (1.6, 3.0, 1.8)
_NOD_DEGREES = 3.2
_SWAY_PERIODS = (1.3, 1.9, 1.6)  # s between changes of direction
_NOD_RISE, _NOD_FALL = 0.11, 0.20  # s, standard deviations of the two flanks of a nod
_NECK_LENGTH = 1.3  # from the neck's pivot to the eyes, in outer eye-corner distances
_BROW_RAISE = 0.055  # outer eye-corner distances
BROWS = slice(17, 27)
_IDLE = 0.35  # share of the sway that stays while the speaker listens
_SETTLE_SECONDS = 0.5


def head_motion(
    prosody: Prosody, frames: int, fps: float, style: Style, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (T, 3) radians and translation (T, 3) of the head; both at rest in the first and the last frame.

    Args:
        prosody: phrases and stresses of the voice.
        frames, fps: length and rate of the animation.
        style: how much of what.
        seed: the same seed gives the same motion; others give other takes of the same manner.
    """
    sway_random, posture_random, nod_random = (generator(seed, part) for part in ("sway", "posture", "nod"))
    presence = _IDLE + (1 - _IDLE) * prosody.activity
    sway = np.stack([smooth_noise(sway_random, frames, fps, period) for period in _SWAY_PERIODS], axis=1)
    degrees = sway * _SWAY_DEGREES * presence[:, None] * style.sway

    posture = np.zeros((frames, 3))
    for start, end in prosody.phrases:
        # A new phrase is a new thought: another posture, mostly a turn with a little tilt to the same side.
        turn, nod, tilt = posture_random.standard_normal(3)
        tilt = 0.6 * tilt - 0.4 * turn
        posture[int(start * fps) : int(end * fps) + 1] = np.multiply(
            _POSTURE_DEGREES, (0.7 * nod - 0.3, turn, tilt)
        )
    degrees += ease(np.clip(posture, -6, 6), fps, 0.7) * style.sway

    moment = np.arange(frames) / fps
    for time, strength in zip(prosody.stresses, prosody.strengths):
        downward = 1.0 if nod_random.uniform() < 0.75 else -0.6
        size, side = nod_random.uniform(0.5, 1.0), nod_random.normal(0, 0.35)
        first, last = np.searchsorted(moment, (time - 4 * _NOD_RISE, time + 4 * _NOD_FALL))
        away = moment[first:last] - time
        bump = np.exp(-0.5 * (away / np.where(away < 0, _NOD_RISE, _NOD_FALL)) ** 2)
        amount = _NOD_DEGREES * strength * size * style.nod
        degrees[first:last] += bump[:, None] * amount * np.array([downward, side, -0.4 * side])
    degrees *= style.head * _settle(frames, fps, prosody)[:, None]
    rotation = np.radians(degrees)
    # The head turns about the neck, so the point between the eyes travels with it.
    nod, turn, tilt = rotation.T
    translation = _NECK_LENGTH * np.stack([-0.6 * tilt, -0.05 * np.abs(turn), 0.6 * nod], axis=1)
    return rotation.astype(np.float32), translation.astype(np.float32)


def brow_motion(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 10) upward displacement of the brow points 17-26: raised on strong stresses and at the start of phrases.

    Unit: outer eye-corner distance.
    """
    random = generator(seed, "brows")
    height, tilt = np.zeros(frames), np.zeros(frames)
    moment = np.arange(frames) / fps
    starts = [(start + 0.1, 0.35) for start, _ in prosody.phrases]
    for time, strength in [*zip(prosody.stresses, prosody.strengths), *starts]:
        chance, size, slant = random.uniform(size=3)
        if chance > 0.25 + 0.6 * strength:
            continue
        first, last = np.searchsorted(moment, (time - 0.5, time + 0.9))
        away = moment[first:last] - time
        bump = strength * (0.5 + 0.7 * size) * np.exp(-0.5 * (away / np.where(away < 0, 0.13, 0.26)) ** 2)
        height[first:last] += bump
        tilt[first:last] += bump * (slant - 0.5)
    height = np.minimum(height, 1.5)
    height += 0.08 * smooth_noise(random, frames, fps, 1.7) * prosody.activity
    height, tilt = (
        curve * _settle(frames, fps, prosody) * style.brows * _BROW_RAISE for curve in (height, tilt)
    )
    motion = np.zeros((frames, 10), np.float32)
    arch = np.array([0.6, 0.9, 1.0, 1.0, 0.9])  # from the outer end of the brow to the inner
    for columns, side in ((RIGHT_BROW - BROWS.start, 1.0), (LEFT_BROW[::-1] - BROWS.start, -1.0)):
        motion[:, columns] = arch * (height + 0.35 * side * tilt)[:, None]
    return motion


def _settle(frames: int, fps: float, prosody: Prosody) -> np.ndarray:
    """(T,) 0…1: rises from rest at the start and comes back to rest at the end."""
    moment = np.arange(frames) / fps
    end = (frames - 1) / fps
    length = min(_SETTLE_SECONDS, max(end / 2, 1e-3))
    edge = np.clip(np.minimum(moment, end - moment) / length, 0, 1)
    return edge * edge * (3 - 2 * edge)
