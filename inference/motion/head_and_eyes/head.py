"""Head and brows: they sway, nod and rise with the voice."""

from __future__ import annotations

import numpy as np

from ...face.landmarks import BROWS, LEFT_BROW, RIGHT_BROW
from ...face.noise import ease, generator, smooth_noise
from ..manner.styles import Style
from ..prosody import Prosody

# Standard deviations in degrees of the parts of conversational head motion, nod / turn / tilt.
_SWAY_DEGREES = (1.1, 1.7, 1.0)
_POSTURE_DEGREES = (1.6, 3.0, 1.8)
_NOD_DEGREES = 3.2
_BEAT_DEGREES = (0.45, 0.30, 0.20)
_SWAY_PERIODS = (1.3, 1.9, 1.6)  # s between changes of direction
_BEAT_PERIOD = 0.22  # s: a syllable
_NOD_RISE, _NOD_FALL = 0.11, 0.20  # s, standard deviations of the two flanks of a nod
# From the pivot in the neck to the eyes, in outer eye-corner distances; less than anatomy's 1.3 and 0.9, since the neck's many
# joints share the motion.
_NECK_HEIGHT, _NECK_DEPTH = 0.8, 0.4
_BROW_RISE, _BROW_FALL = 0.13, 0.24  # s, standard deviations of the two flanks of a raise
_BROW_RAISE = 0.055  # outer eye-corner distances
_ARCH = np.array([0.6, 0.9, 1.0, 1.0, 0.9])  # from the outer end of the brow to the inner
_REST = (np.array([0.5, 0.7, 1.0, 1.6, 2.0]), np.array([0.9, 1.0, 1.0, 0.9, 0.8]))  # lowered: a frown; raised
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
    degrees = (
        _sway(prosody, frames, fps, style, seed)
        + _posture(prosody, frames, fps, style, generator(seed, "posture"))
        + _nods(prosody, frames, fps, style, generator(seed, "nod"))
    )
    axes = (style.head_nod, style.head_turn, style.head_tilt)
    degrees = degrees * axes + _beats(prosody, frames, fps, style, seed)
    rotation = np.radians(degrees) * style.head * _settle(frames, fps)[:, None]
    travel = (style.travel_side, style.travel_up, style.travel_depth)
    return rotation.astype(np.float32), (neck_travel(rotation) * travel).astype(np.float32)


def neck_travel(rotation: np.ndarray) -> np.ndarray:
    """(T, 3) translation of the point between the eyes as the head turns about its neck by (T, 3) radians.

    Unit: outer eye-corner distance.
    """
    nod, turn, tilt = rotation.T
    return np.stack(
        [_NECK_DEPTH * turn - _NECK_HEIGHT * tilt, -_NECK_DEPTH * nod, _NECK_HEIGHT * nod], axis=1
    )


def _sway(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 3) degrees of slow drift, less of it while listening."""
    presence = _IDLE + (1 - _IDLE) * prosody.activity
    curves = [
        smooth_noise(generator(seed, f"sway {axis}"), frames, fps, period / style.tempo)
        for axis, period in enumerate(_SWAY_PERIODS)
    ]
    return np.stack(curves, axis=1) * _SWAY_DEGREES * presence[:, None] * style.sway


def _posture(
    prosody: Prosody, frames: int, fps: float, style: Style, random: np.random.RandomState
) -> np.ndarray:
    """(T, 3) degrees: a new phrase is a new thought and another posture, mostly a turn with a little tilt along."""
    posture = np.zeros((frames, 3))
    for start, end in prosody.phrases:
        turn, nod, tilt = np.clip(random.standard_normal(3), -1.5, 1.5)
        tilt = 0.6 * tilt - 0.4 * turn
        posture[int(start * fps) : int(end * fps) + 1] = np.multiply(
            _POSTURE_DEGREES, (0.7 * nod - 0.3, turn, tilt)
        )
    return ease(np.clip(posture, -6, 6), fps, 0.7 / style.tempo) * style.sway


def _nods(
    prosody: Prosody, frames: int, fps: float, style: Style, random: np.random.RandomState
) -> np.ndarray:
    """(T, 3) degrees of nods on the stressed syllables, some of them upward, each a little to a side."""
    degrees = np.zeros((frames, 3))
    moment = np.arange(frames) / fps
    rise, fall = _NOD_RISE / style.tempo, _NOD_FALL / style.tempo
    for time, strength in zip(prosody.stresses, prosody.strengths):
        downward = 1.0 if random.uniform() < 0.75 else -0.6
        size, side = random.uniform(0.5, 1.0), random.normal(0, 0.35)
        first, last = np.searchsorted(moment, (time - 4 * rise, time + 4 * fall))
        away = moment[first:last] - time
        bump = np.exp(-0.5 * (away / np.where(away < 0, rise, fall)) ** 2)
        amount = _NOD_DEGREES * strength * size * style.nod
        degrees[first:last] += bump[:, None] * amount * np.array([downward, side, -0.4 * side])
    return degrees


def _beats(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 3) degrees of the small quick motion that goes with every syllable: a nod, and a random bit of the rest."""
    aside = [smooth_noise(generator(seed, f"beat {axis}"), frames, fps, _BEAT_PERIOD) for axis in (1, 2)]
    spoken = np.abs(prosody.syllables)
    curves = np.stack([prosody.syllables, aside[0] * spoken, aside[1] * spoken], axis=1)
    return curves * _BEAT_DEGREES * (style.beat_nod, style.beat_turn, style.beat_tilt) * style.beat


def brow_motion(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 10) upward displacement of the brow points 17-26: raised on strong stresses and at the start of phrases.

    Unit: outer eye-corner distance. At the height that the style rests at, and at rest in the first and the last frame.
    """
    random = generator(seed, "brows")
    height, tilt = np.zeros(frames), np.zeros(frames)
    moment = np.arange(frames) / fps
    rise, fall = _BROW_RISE / style.brow_tempo, _BROW_FALL / style.brow_tempo
    starts = [(start + 0.1, 0.35) for start, _ in prosody.phrases]
    for time, strength in [*zip(prosody.stresses, prosody.strengths), *starts]:
        chance, size, slant = random.uniform(size=3)
        if chance > 0.25 + 0.6 * strength:
            continue
        first, last = np.searchsorted(moment, (time - 4 * rise, time + 4 * fall))
        away = moment[first:last] - time
        bump = strength * (0.5 + 0.7 * size) * np.exp(-0.5 * (away / np.where(away < 0, rise, fall)) ** 2)
        height[first:last] += bump
        tilt[first:last] += bump * (slant - 0.5)
    height = np.minimum(height, 1.5)
    height += 0.08 * smooth_noise(random, frames, fps, 1.7 / style.brow_tempo) * prosody.activity
    tilt *= 0.35 * style.brow_slant
    settled = _settle(frames, fps)[:, None]
    motion = np.zeros((frames, 10), np.float32)
    arch = _ARCH * np.array([style.brow_outer, style.brow_outer, 1.0, 1.0, 1.0])
    for columns, side in ((RIGHT_BROW - BROWS[0], 1.0), (LEFT_BROW[::-1] - BROWS[0], -1.0)):
        raised = (
            style.brows * (height + side * tilt)[:, None] * arch
            + _REST[style.brow_rest > 0] * style.brow_rest
        )
        motion[:, columns] = _BROW_RAISE * settled * raised
    return motion


def _settle(frames: int, fps: float) -> np.ndarray:
    """(T,) 0…1: rises from rest at the start and comes back to rest at the end."""
    moment = np.arange(frames) / fps
    end = (frames - 1) / fps
    length = min(_SETTLE_SECONDS, max(end / 2, 1e-3))
    edge = np.clip(np.minimum(moment, end - moment) / length, 0, 1)
    return edge * edge * (3 - 2 * edge)
