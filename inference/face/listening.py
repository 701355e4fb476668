"""What a character does while others speak: it turns to who speaks, nods and blinks where phrases end, and shifts now and then.

All of it follows from the others' turns and a seed. Each movement is a step that is eased with no jerk at either end, and they
add up, so that however they overlap nothing jumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from .arrays import Floats
from .lids_and_lips import blinking, shut_lids
from .noise import generator, smooth_noise
from .retargeting.arkit import look_and_blink
from .turns import Turn, View

VERSION: Final = 1  # of what is done when: part of the cache's key

HEAD_SHARE: Final = 0.6  # of the way to the speaker; the eyes go the rest
HEAD_LIMITS: Final = np.radians((35.0, 20.0))  # yaw and pitch
EYE_LIMITS: Final = np.radians((30.0, 20.0))
_EYES_FREE = 0.75  # share of these limits up to which eyes turn freely, and slow down from there
_REACTION = (0.2, 0.5)  # s from a turn's first word, or its last one, to the listener's head
_EYES_LEAD = 0.06  # s
_HEAD_EASE = (0.4, 0.9)  # s, for a small and for the widest turn of the head
_EYE_EASE = (0.12, 0.25)
_WIDE = np.radians(45.0)
_STAY = (1.5, 2.5)  # s of silence after which the listener looks ahead again
_NOTICED = np.radians(3.0)  # how far who is looked at must have moved to be followed

_NOD_CHANCE = 0.45  # at the end of a phrase
_NOD_DELAY = (0.2, 0.5)  # s from there
_NOD_DEGREES = (2.0, 4.0)
_NOD_RATE = (1.5, 3.0)  # Hz
_NOD_NUMBERS = (0.5, 0.35, 0.15)  # chances of one, two and three nods
_NOD_FADES = 0.75  # each following nod is so much smaller
_NOD_APART = 2.0  # s between the end of one group and the next

_BLINK_CHANCE = 0.35  # at the end of a phrase
_BLINK_DELAY = (0.05, 0.4)
_BLINK_AT_TURN = 0.5  # chance, where the gaze goes far
_BLINK_SECONDS = 0.25
_BLINK_APART = 0.45  # s between the middles of two
_BLINK_GAPS = (4.0, 0.55)  # s between a listener's other blinks, and how widely they vary
_FAR_GAZE = np.radians(15.0)

_SHIFT_GAPS = (6.0, 14.0)  # s between shifts of posture
_SHIFT_DEGREES = (1.0, 1.8, 2.2)  # standard deviations: nod, turn, tilt
_SHIFT_EASE = (0.8, 1.4)
_SWAY_DEGREES = (0.4, 0.6, 0.4)
_SWAY_PERIODS = (1.3, 1.9, 1.6)  # s between changes of direction
_FIXATION_DEGREES = (0.8, 0.5)
_FIXATION_PERIOD = 0.9
_STEADY = 0.85  # share of small head motion that the eyes take back


@dataclass(frozen=True)
class Reaction:
    """What a listener does, to be added to whatever else the face does.

    Attributes:
        head_rotation: (T, 3) float32 radians, as in `FaceAnimation`.
        eye_rotation: (T, 2) float32 radians; may go beyond what eyes can, see `react`.
        blink: (T, 2) float32, 0 open to 1 shut.
    """

    head_rotation: Floats
    eye_rotation: Floats
    blink: Floats


@dataclass(frozen=True)
class Listener:
    """Who listens, and how.

    Attributes:
        amount: 0 not at all, 1 as people do, 2 twice as much.
        seed: which take.
        turns_head: False for a head that is to be still; eyes and lids move all the same.
        idle_blink: (T, 2) the blinks that it has anyhow; None for a face that would be still without this.
    """

    amount: float
    seed: int
    turns_head: bool = True
    idle_blink: Floats | None = None


@dataclass(frozen=True)
class _Look:
    """From a moment on the listener looks there: radians, yaw and pitch."""

    start: float
    there: Floats


def listen(turns: Sequence[Turn], frames: int, fps: float, listener: Listener) -> Reaction:
    """What a listener does while others speak; the same for the same turns, length, rate and listener.

    Args:
        turns: the others', in any order, seconds from the first frame on.
        frames, fps: length and rate.
        listener: who listens.

    Returns:
        At rest throughout where nobody else speaks or the amount is 0.
    """
    still = np.zeros((frames, 3), np.float32)
    if not turns or listener.amount <= 0 or not frames:
        return Reaction(still, still[:, :2].copy(), still[:, :2].copy())
    turns = sorted(turns, key=lambda turn: (turn.start, turn.end))
    moment = np.arange(frames) / fps
    looks = _looks(turns, generator(listener.seed, "attention"))
    share = min(listener.amount, 1.0)
    head, gaze = _turned(looks, moment, share, generator(listener.seed, "turning"))
    small = _nods(turns, moment, listener) + _shifts(turns, moment, listener)
    if listener.idle_blink is None:
        small += share * _sway(frames, fps, listener.seed)
        gaze += share * _fixations(frames, fps, listener.seed)
    if not listener.turns_head:
        head, small = np.zeros_like(head), np.zeros_like(small)
    eyes = gaze - head
    eyes[:, 0] -= _STEADY * small[:, 1]
    eyes[:, 1] += _STEADY * small[:, 0]
    rotation = small
    rotation[:, 0] -= head[:, 1]
    rotation[:, 1] += head[:, 0]
    blink = blinking(
        _blink_times(turns, looks, frames / fps, fps, listener),
        frames,
        fps,
        _BLINK_SECONDS,
        generator(listener.seed, "listening blink shape"),
    )
    return Reaction(rotation.astype(np.float32), eyes.astype(np.float32), blink)


def react(face: dict[str, Any], reaction: Reaction) -> None:
    """Let a face do what a listener does besides what it does already, in place; lips and brows stay.

    Args:
        face: the arrays of a `FaceAnimation` by name, with ``neutral``.
        reaction: of as many frames.
    """
    face["head_rotation"] += reaction.head_rotation
    eyes = _within_reach(face["eye_rotation"] + reaction.eye_rotation)
    blink = np.maximum(face["blink"], reaction.blink)
    shut_lids(face["landmarks"], blink - face["blink"], face["neutral"])
    before, after = np.zeros_like(face["arkit"]), np.zeros_like(face["arkit"])
    look_and_blink(before, face["blink"], face["eye_rotation"])
    look_and_blink(after, blink, eyes)
    face["arkit"] = np.clip(face["arkit"] + (after - before), 0, 1)
    face["blink"], face["eye_rotation"] = blink, eyes


def _within_reach(eyes: Floats) -> Floats:
    """(T, 2) rotations of eyes that slow down towards their limits and never pass them."""
    free = _EYES_FREE * EYE_LIMITS
    beyond = np.maximum(np.abs(eyes) - free, 0)
    room = EYE_LIMITS - free
    return np.asarray(
        np.sign(eyes) * (np.minimum(np.abs(eyes), free) + room * np.tanh(beyond / room)), np.float32
    )


def _looks(turns: Sequence[Turn], random: np.random.RandomState) -> list[_Look]:
    """When the listener looks where: at who began to speak last of those who speak, and ahead after a silence."""
    events: list[tuple[float, int, int]] = []  # seconds, what (1 begins, 2 has moved, 0 ends), which turn
    for number, turn in enumerate(turns):
        if turn.views:
            events += [(turn.start, 1, number), (turn.end, 0, number)]
            events += [
                (view.start, 2, number) for view in turn.views[1:] if turn.start < view.start < turn.end
            ]
    looks: list[_Look] = []
    speaking: list[int] = []

    def look(now: float, start: float, there: Floats) -> None:
        """What had not begun by now never comes to be: a listener does not turn to what is over already."""
        while looks and looks[-1].start >= now:
            looks.pop()
        looks.append(_Look(start, there))

    for now, what, number in sorted(events):
        delay, stay = random.uniform(*_REACTION), random.uniform(*_STAY)
        seen_last = speaking[-1] if speaking else None
        if what == 2:
            if seen_last == number:
                look(now, now, _seen(turns[number], now))
            continue
        if what == 1:
            speaking.append(number)
        else:
            speaking.remove(number)
        if speaking and speaking[-1] != seen_last:
            look(now, now + delay, _seen(turns[speaking[-1]], now))
        elif not speaking:
            look(now, now + stay, np.zeros(2))
    return looks


def _seen(turn: Turn, now: float) -> Floats:
    """(2,) where a turn's speaker is seen at a moment."""
    view: View = [turn.views[0], *(view for view in turn.views if view.start <= now)][-1]
    return np.array([view.yaw, view.pitch])


def _turned(
    looks: Iterable[_Look], moment: Floats, share: float, random: np.random.RandomState
) -> tuple[Floats, Floats]:
    """(T, 2) yaw and pitch of the head, and of the gaze, which gets there first."""
    head, gaze = np.zeros((len(moment), 2)), np.zeros((len(moment), 2))
    head_before: Floats = np.zeros(2)
    gaze_before: Floats = np.zeros(2)
    for look in looks:
        vary = random.uniform(0.85, 1.15)
        whole: Floats = np.clip(HEAD_SHARE * look.there, -HEAD_LIMITS, HEAD_LIMITS)
        turned: Floats = share * whole
        seen: Floats = share * (whole + np.clip(look.there - whole, -EYE_LIMITS, EYE_LIMITS))
        if np.abs(seen - gaze_before).max() < _NOTICED and look.there.any():
            continue
        far = min(float(np.hypot(*(turned - head_before))) / _WIDE, 1.0)
        ease = float(np.clip(vary * (_HEAD_EASE[0] + far * (_HEAD_EASE[1] - _HEAD_EASE[0])), *_HEAD_EASE))
        _step(head, moment, look.start + _EYES_LEAD, ease, turned - head_before)
        far = min(float(np.hypot(*(seen - gaze_before))) / (2 * _WIDE), 1.0)
        ease = _EYE_EASE[0] + far * (_EYE_EASE[1] - _EYE_EASE[0])
        _step(gaze, moment, look.start, ease, seen - gaze_before)
        head_before, gaze_before = turned, seen
    return head, gaze


def _step(motion: Floats, moment: Floats, start: float, seconds: float, change: Floats) -> None:
    """Add a change to (T, N) motion, in place, with no speed and no acceleration at either end: people's way, of least jerk."""
    first, last = np.searchsorted(moment, (start, start + seconds))
    x = (moment[first:last] - start) / seconds
    motion[first:last] += (x**3 * (10 + x * (6 * x - 15)))[:, None] * change
    motion[last:] += change


def _ends(turns: Iterable[Turn]) -> list[float]:
    """Seconds of the ends of all phrases, in order."""
    return sorted(end for turn in turns for _, end in turn.phrases)


def _nods(turns: Sequence[Turn], moment: Floats, listener: Listener) -> Floats:
    """(T, 3) radians: after some phrases one to three small nods, each smaller than the one before."""
    random = generator(listener.seed, "back-channel")
    motion = np.zeros((len(moment), 3))
    chance = min(_NOD_CHANCE * listener.amount, 0.9)
    free = -np.inf
    for end in _ends(turns):
        start = end + random.uniform(*_NOD_DELAY)
        size, rate = random.uniform(*_NOD_DEGREES), random.uniform(*_NOD_RATE)
        number = 1 + int(np.searchsorted(np.cumsum(_NOD_NUMBERS)[:-1], random.uniform()))
        side = random.normal(0, 0.15)
        if random.uniform() >= chance or start < free:
            continue
        first, last = np.searchsorted(moment, (start, start + number / rate))
        phase = (moment[first:last] - start) * rate
        bump = 0.5 * (1 - np.cos(2 * np.pi * phase)) * _NOD_FADES ** np.floor(phase)
        amount = np.radians(size) * listener.amount
        motion[first:last] += bump[:, None] * amount * np.array([1.0, side, -0.4 * side])
        free = start + number / rate + _NOD_APART
    return motion


def _shifts(turns: Sequence[Turn], moment: Floats, listener: Listener) -> Floats:
    """(T, 3) radians: now and then another posture while somebody speaks, and the old one after the last turn."""
    random = generator(listener.seed, "shift")
    motion, before = np.zeros((len(moment), 3)), np.zeros(3)
    now, last = turns[0].start + random.uniform(0.3, 1.0) * _SHIFT_GAPS[0], max(turn.end for turn in turns)
    while now < last:
        drawn = np.clip(random.standard_normal(3), -1.5, 1.5) * np.radians(_SHIFT_DEGREES) * listener.amount
        _step(motion, moment, now, random.uniform(*_SHIFT_EASE), drawn - before)
        before = drawn
        now += random.uniform(*_SHIFT_GAPS)
    _step(motion, moment, last + _STAY[0], _SHIFT_EASE[1], -before)
    return motion


def _sway(frames: int, fps: float, seed: int) -> Floats:
    """(T, 3) radians of slow drift, so that nobody is ever frozen."""
    curves = [
        smooth_noise(generator(seed, f"listening sway {axis}"), frames, fps, period)
        for axis, period in enumerate(_SWAY_PERIODS)
    ]
    return np.asarray(np.stack(curves, axis=1) * np.radians(_SWAY_DEGREES))


def _fixations(frames: int, fps: float, seed: int) -> Floats:
    """(T, 2) radians by which a gaze wanders about what it rests on."""
    curves = [
        smooth_noise(generator(seed, f"fixation {axis}"), frames, fps, _FIXATION_PERIOD) for axis in range(2)
    ]
    return np.asarray(np.stack(curves, axis=1) * np.radians(_FIXATION_DEGREES))


def _blink_times(
    turns: Sequence[Turn], looks: Iterable[_Look], seconds: float, fps: float, listener: Listener
) -> Floats:
    """Middles of the blinks: at phrases' ends and where the gaze goes far; also in between, where the face has none yet."""
    random = generator(listener.seed, "listening blink")
    wanted: list[float] = []
    before = np.zeros(2)
    for look in looks:
        if np.hypot(*(look.there - before)) > _FAR_GAZE and random.uniform() < _BLINK_AT_TURN:
            wanted.append(look.start + _BLINK_SECONDS / 2)
        before = look.there
    chance = min(_BLINK_CHANCE * listener.amount, 0.9)
    for end in _ends(turns):
        delay = random.uniform(*_BLINK_DELAY)
        if random.uniform() < chance:
            wanted.append(end + delay)
    if listener.idle_blink is None:
        mean, spread = _BLINK_GAPS
        now = random.uniform(0.5, mean)
        while now < seconds:
            wanted.append(now)
            now += max(_BLINK_APART, float(np.exp(random.normal(np.log(mean) - spread**2 / 2, spread))))
    times: list[float] = []
    for time in sorted(wanted):
        near = slice(max(0, round((time - _BLINK_APART) * fps)), max(0, round((time + _BLINK_APART) * fps)))
        taken = listener.idle_blink is not None and listener.idle_blink[near].max(initial=0.0) > 0.01
        if not taken and (not times or time - times[-1] >= _BLINK_APART):
            times.append(time)
    return np.array(times)
