"""Head and brows: they drift, turn, nod and rise with the voice.

A head that talks moves in three rhythms: it *sways* from one posture to the next (below half a hertz), *moves* at stressed
syllables, at the starts of phrases and now and then in pauses (quick small turns, nods and tilts that overshoot a little and
settle), and *beats* with the syllables. How much of each, on which axis, is people's: twenty filmed talking heads, measured by
`inference.training.evaluation.head_table`. Each take has its amounts exactly, for what differs from take to take is the course.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...face.curves import smooth_step
from ...face.landmarks import BROWS, LEFT_BROW, RIGHT_BROW
from ...face.noise import ease, even, generator, smooth_noise
from ...face.smoothing import moving_average
from ..manner.styles import Style
from ..prosody import Prosody

# Standard deviations in degrees, nod / turn / tilt, of the three rhythms of a head in conversation.
_SWAY_DEGREES = (2.0, 1.8, 1.85)
_MOVE_DEGREES = (1.7, 1.8, 1.0)
_BEAT_DEGREES = (0.4, 0.32, 0.14)
_SWAY_PERIODS = (0.95, 1.1, 1.0)  # s between changes of direction
_POSTURE_SHARE = 0.5  # of the sway's deviation comes from postures that change with the phrase
_POSTURE_SECONDS = 0.7
_BEAT_PERIOD = 0.2  # s: a syllable
_BEAT_EASE = 0.12  # s
_MOVE_HERTZ, _MOVE_DAMPING = 1.8, 0.55  # a neck is a spring: it overshoots by an eighth and settles
_MOVE_LEAD = 0.16  # s: it sets off before the syllable
_MOVE_GAPS = (0.5, 0.6)  # s without a stress, in speech and in a pause, after which a head moves all the same
_IDLE_MOVE = 1.0  # size of moves in pauses
_DOWN = 0.75  # share of the nods that go down
_COUPLING_SPREAD = 0.45  # how differently tilt goes with turn from phrase to phrase
# From the pivot in the neck to the eyes, in outer eye-corner distances; less than anatomy's 1.3 and 0.9, since the neck's many
# joints share the motion.
_NECK_HEIGHT, _NECK_DEPTH = 0.8, 0.4
_SHIFT = (
    0.035,
    0.03,
    0.055,
)  # outer eye-corner distances: the trunk's own part, to a side, up, and leaning in
_SHIFT_PERIOD = 1.6  # s
_BROW_RISE, _BROW_FALL = 0.13, 0.24  # s, standard deviations of the two flanks of a raise
_BROW_RAISE = 0.055  # outer eye-corner distances
_QUESTION = (0.8, 0.25)  # size of the raise at a question's end, and its flank, s
_ARCH = np.array([0.6, 0.9, 1.0, 1.0, 0.9])  # from the outer end of the brow to the inner
_REST = (np.array([0.5, 0.7, 1.0, 1.6, 2.0]), np.array([0.9, 1.0, 1.0, 0.9, 0.8]))  # lowered: a frown; raised
_IDLE = 0.75  # share of the sway that stays while the speaker listens
_SETTLE_SECONDS = 0.5
_NEAR_SECONDS = 3.0  # about speech: what is farther from it doesn't count for how much a take moves


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
    axes = np.array((style.head_nod, style.head_turn, style.head_tilt))
    beat_axes = np.array((style.beat_nod, style.beat_turn, style.beat_tilt))
    rhythms = (
        (_sway(prosody, frames, fps, style, seed), axes * _SWAY_DEGREES * style.sway),
        (_moves(prosody, frames, fps, style, seed), axes * _MOVE_DEGREES * style.nod),
        (_beats(prosody, frames, fps, seed), beat_axes * _BEAT_DEGREES * style.beat),
    )
    weight = (moving_average(prosody.activity, max(1, round(_NEAR_SECONDS * fps))) > 0.02).astype(np.float64)
    # Each rhythm as much as it should be, and all together: they may happen to add up or to cancel.
    whole = np.maximum(np.sqrt(sum(amounts**2 for _, amounts in rhythms)), 1e-9)
    degrees = (
        even(sum(even(curves, weight, fps) * (amounts / whole) for curves, amounts in rhythms), weight, fps)
        * whole
    )
    settled = _settle(frames, fps)[:, None]
    lean = np.array((style.lean_nod, style.lean_turn, style.lean_tilt))
    rotation = np.radians(degrees * style.head + lean) * settled
    shift = even(_shift(prosody, frames, fps, style, seed), weight, fps) * _SHIFT * style.head * style.sway
    travel = (neck_travel(rotation) + shift * settled) * (
        style.travel_side,
        style.travel_up,
        style.travel_depth,
    )
    return rotation.astype(np.float32), travel.astype(np.float32)


def neck_travel(rotation: np.ndarray) -> np.ndarray:
    """(T, 3) translation of the point between the eyes as the head turns about its neck by (T, 3) radians.

    Unit: outer eye-corner distance.
    """
    nod, turn, tilt = rotation.T
    return np.stack(
        [_NECK_DEPTH * turn - _NECK_HEIGHT * tilt, -_NECK_DEPTH * nod, _NECK_HEIGHT * nod], axis=1
    )


def _coupled(curves: np.ndarray, coupling: np.ndarray | float) -> np.ndarray:
    """The same with the tilt's (last) column partly the turn's: r = coupling, (T,) or a number, −1…1."""
    tilt = coupling * curves[:, 1] + np.sqrt(1 - coupling**2) * curves[:, 2]
    return np.stack([curves[:, 0], curves[:, 1], tilt], axis=1)


def _coupling(random: np.random.RandomState, style: Style) -> float:
    return float(np.clip(style.tilt_with_turn + _COUPLING_SPREAD * random.standard_normal(), -0.9, 0.9))


def _sway(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 3) slow drift, less of it while listening: a wandering, and a posture of its own for each phrase."""
    wander = _wander("sway", _SWAY_PERIODS, frames, fps, style, seed)
    random = generator(seed, "posture")
    times, postures, before = [0.0], [np.array([0.0, 0.0, 0.0, style.tilt_with_turn])], 0.0
    for start, end in prosody.phrases:
        # After a longer silence comes a new thought, and with it more of a new posture.
        thought = min(0.6 + 0.5 * (start - before), 1.3)
        place = np.clip(random.standard_normal(3), -1.8, 1.8) * thought
        times.append(start)
        postures.append(np.append(place, _coupling(random, style)))
        before = end
    held = ease(_held(times, postures, frames, fps), fps, _POSTURE_SECONDS / style.tempo)
    posture, coupling = held[:, :3], held[:, 3]
    mixed = np.sqrt(1 - _POSTURE_SHARE**2) * wander + _POSTURE_SHARE * posture
    return _coupled(mixed, coupling) * _presence(prosody)


def _moves(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 3) quick small changes of posture at stresses, phrase starts and, smaller and fewer, in pauses."""
    random = generator(seed, "nod")
    times, targets = [0.0], [np.zeros(3)]
    for time, strength in _moments(prosody, frames / fps, style, seed):
        size = random.standard_normal(3) * np.exp(0.35 * random.standard_normal())
        nod = abs(size[0]) if random.uniform() < _DOWN else -0.8 * abs(size[0])
        nod = 0.6 * nod + 0.8 * size[0]
        step = _coupled(np.array([[nod, size[1], size[2]]]), _coupling(random, style))[0]
        times.append(time - _MOVE_LEAD / style.tempo)
        targets.append(np.clip(step, -2.5, 2.5) * (0.45 + 0.75 * strength))
    return _sprung(_held(times, targets, frames, fps), fps, style.tempo)


def _held(times: Sequence[float], values: Sequence[np.ndarray], frames: int, fps: float) -> np.ndarray:
    """(T, N): each of the (N,) values from its time on, until the next; times ascend."""
    first = np.clip(np.ceil(np.asarray(times) * fps - 1e-9).astype(np.int64), 0, frames)
    first[0] = 0
    return np.repeat(np.asarray(values), np.diff([*first, frames]), axis=0)


def _moments(prosody: Prosody, duration: float, style: Style, seed: int) -> list[tuple[float, float]]:
    """(second, strength 0…1) of each move: stresses, phrase starts, and some between them where the voice gives none for long."""
    random = generator(seed, "moments")
    starts = [(start, 0.6) for start, _ in prosody.phrases]
    given = sorted([*zip(prosody.stresses.tolist(), prosody.strengths.tolist()), *starts])
    starts_of, ends_of = np.array(prosody.phrases).reshape(-1, 2).T
    moments: list[tuple[float, float]] = []
    last = 0.0
    for time, strength in [*given, (duration, 0.0)]:
        while True:
            # The phrase that the moment lies in is the last one that has begun.
            phrase = int(np.searchsorted(starts_of - 0.2, last, "right")) - 1
            speaks = phrase >= 0 and last <= ends_of[phrase]
            gap = (
                _MOVE_GAPS[0 if speaks else 1] * float(np.exp(0.35 * random.standard_normal())) / style.tempo
            )
            if last + gap > time - 0.25:
                break
            last += gap
            moments.append((last, 0.4 if speaks else 0.4 * _IDLE_MOVE))
        if time - last > 0.2:
            moments.append((time, strength))
            last = time
    return moments


def _sprung(target: np.ndarray, fps: float, tempo: float) -> np.ndarray:
    """Follow (T, N) targets like a lightly damped spring: sets off softly, overshoots a little, settles."""
    pulse = 2 * np.pi * _MOVE_HERTZ * tempo
    damped = pulse * np.sqrt(1 - _MOVE_DAMPING**2)
    moment = np.arange(1, int(fps * 6 / (_MOVE_DAMPING * pulse)) + 2) / fps
    kernel = np.exp(-_MOVE_DAMPING * pulse * moment) * np.sin(damped * moment)
    soft = ease(target, fps, 0.12 / tempo)
    return _convolved(soft, kernel / kernel.sum())


def _convolved(curves: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """(T, N) with a causal kernel, as if the first row had always been."""
    held = np.concatenate([np.repeat(curves[:1], len(kernel) - 1, axis=0), curves])
    return np.stack([np.convolve(column, kernel, "valid") for column in held.T], axis=1)


def _beats(prosody: Prosody, frames: int, fps: float, seed: int) -> np.ndarray:
    """(T, 3) the small quick motion that goes with every syllable: a nod, and a random bit of the rest."""
    aside = [smooth_noise(generator(seed, f"beat {axis}"), frames, fps, _BEAT_PERIOD) for axis in (1, 2)]
    spoken = np.sqrt((2.2 * prosody.syllables) ** 2 + 0.1)
    curves = np.stack([2.2 * prosody.syllables, aside[0] * spoken, aside[1] * spoken], axis=1)
    return ease(curves, fps, _BEAT_EASE)  # loudness has corners, a head has weight


def _shift(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 3) the trunk's sway: aside, up and towards the viewer, into whom a speaker leans as a phrase begins."""
    curves = _wander("shift", 3 * (_SHIFT_PERIOD,), frames, fps, style, seed)
    random = generator(seed, "lean")
    times = [0.0, *(start for start, _ in prosody.phrases)]
    leans = [np.zeros(3), *(random.standard_normal(3) + (0, 0, 0.4) for _ in prosody.phrases)]
    lean = ease(_held(times, leans, frames, fps), fps, 1.2 / style.tempo)
    return (0.8 * curves + 0.6 * lean) * _presence(prosody)


def _wander(
    part: str, periods: Sequence[float], frames: int, fps: float, style: Style, seed: int
) -> np.ndarray:
    """(T, N) slow noise, each axis of its own stream, turning every so many seconds."""
    return np.stack(
        [
            smooth_noise(generator(seed, f"{part} {axis}"), frames, fps, period / style.tempo)
            for axis, period in enumerate(periods)
        ],
        axis=1,
    )


def _presence(prosody: Prosody) -> np.ndarray:
    """(T, 1) how much of the slow motion there is: all of it in speech."""
    return np.asarray(_IDLE + (1 - _IDLE) * prosody.activity)[:, None]


def brow_motion(prosody: Prosody, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 10) upward displacement of the brow points 17-26: raised on strong stresses, at the start of phrases and in questions.

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
    for time in prosody.questions:  # brows go up with the voice and stay until it is done
        size, flank = _QUESTION
        height += size * np.exp(-0.5 * (np.maximum(np.abs(moment - time + flank) - flank, 0) / flank) ** 2)
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
    return smooth_step(np.minimum(moment, end - moment) / length)
