# SPDX-License-Identifier: GPL-3.0-or-later
"""All the lines of one character as one motion on the scene's time line. numpy only, no bpy.

Each line lies at its start. Before it, the face goes over to the line's first pose, so that the mouth is in place when the
sound begins; after it, the face goes back to rest, or to what it does while others speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..contract import LANDMARK_GROUPS, Cue, FaceAnimation
from ..contract.animation import FRAME_SHAPES
from ..contract.curves import smooth_step
from ..contract.easing import FACE_EASE, HEAD_EASE
from ..contract.listening import Listener, listen, react
from ..contract.runs import runs_of
from ..contract.shape_effects import shapes
from ..contract.turns import Stretch, Turn, phrases_of, turns_of

if TYPE_CHECKING:
    from ..contract import arrays

VERSION: Final = 1  # of the way in which lines are put together: part of the cache's key
EYES_EASE: Final = (0.12, 0.12)  # a saccade, not a drift
IDLE_SECONDS: Final = 40.0
IDLE_SEAM: Final = 1.0  # seconds over which the end of the idle motion goes over into its beginning
_SWITCH = 0.08  # seconds in which a line goes over into one that interrupts it
_PRESENT = 1e-3  # weight from which a mouth shape counts as moving
_REST_VISEME = 0  # "sil" of Oculus' order
_BROW_POINTS = slice(LANDMARK_GROUPS["Right Brow"][0], LANDMARK_GROUPS["Left Brow"][1])
_EYE_POINTS = slice(LANDMARK_GROUPS["Right Eye"][0], LANDMARK_GROUPS["Left Eye"][1])


@dataclass(frozen=True)
class Part:
    """A line on the time line.

    Attributes:
        motion: at the scene's rate.
        first: scene frame of its first frame.
    """

    motion: FaceAnimation
    first: int

    @property
    def end(self) -> int:
        """The scene frame after its last one."""
        return self.first + len(self.motion)


@dataclass(frozen=True)
class Hearing:
    """What a character hears of the others, and how much that moves it.

    Attributes:
        turns: the others', in seconds from the conversation's first frame on.
        amount: see `contract.listening.Listener`, as of the next two.
        seed: which take.
        turns_head: False for a head that is to be still.
    """

    turns: tuple[Turn, ...]
    amount: float
    seed: int
    turns_head: bool = True


@dataclass(frozen=True)
class Performance:
    """All the lines of a character.

    Attributes:
        motion: at the scene's rate.
        first: scene frame of its first frame.
        cut: for each part that another one interrupts: (its number, the other's number, how many frames it loses).
    """

    motion: FaceAnimation
    first: int
    cut: tuple[tuple[int, int, int], ...] = ()


def is_silent(motion: FaceAnimation) -> bool:
    """Whether nothing of a motion moves the mouth: the recording holds no speech."""
    if any(shape != "X" for _, _, shape in motion.cues):
        return False
    return float(motion.arkit[:, _columns("lips")].max(initial=0.0)) < _PRESENT


def at_speed(motion: FaceAnimation, speed: float) -> FaceAnimation:
    """The same motion, played so much faster."""
    if speed == 1.0:
        return motion
    cues = [(begin / speed, end / speed, shape) for begin, end, shape in motion.cues]
    return replace(motion, fps=motion.fps * speed, cues=cues)


def spoken_turns(parts: Sequence[Part], fps: float, begin: int) -> list[tuple[Stretch, ...]]:
    """The turns that a character's lines are, in any order: phrases in seconds from a scene frame on; see `turns_of`."""
    order = sorted(parts, key=lambda part: part.first)
    phrases: list[Stretch] = []
    for part, following in zip(order, [*order[1:], None]):
        offset = (part.first - begin) / fps
        limit = np.inf if following is None else (following.first - begin) / fps
        cut = [(start + offset, min(end + offset, limit)) for start, end in phrases_of(part.motion)]
        phrases += [(start, end) for start, end in cut if end > start]
    turns: list[tuple[Stretch, ...]] = turns_of(phrases)
    return turns


def merged(
    parts: Sequence[Part],
    fps: float,
    span: tuple[int, int],
    idle: FaceAnimation | None = None,
    hearing: Hearing | None = None,
) -> Performance:
    """Put lines together.

    Where a line begins while one of the same character is still heard, the later one has the face from its start on.

    Args:
        parts: the lines in any order, at least one, at this rate.
        fps: frames per second of the scene.
        span: first frame of the whole conversation, and the frame after its last; all parts lie within.
        idle: what the character does while it listens, at this rate; its mouth is not used. It repeats itself. None for rest.
        hearing: what it reacts to between its own lines; None for nothing.

    Returns:
        The motion: of the whole conversation where it listens or reacts, else from a moment before its first line to a moment
        after its last. Nothing moves outside of the conversation, and its ends are left to the targets, which ease them.
    """
    order = sorted(range(len(parts)), key=lambda number: (parts[number].first, number))
    before, after = (round(max(FACE_EASE[end], HEAD_EASE[end]) * fps) for end in (0, 1))
    begin, end = span
    if idle is None and hearing is None:
        begin = max(begin, min(part.first for part in parts) - before)
        end = min(end, max(part.end for part in parts) + after)
    result = _base(parts[order[0]].motion, end - begin, idle)
    if hearing is not None:
        blink = None if idle is None else result["blink"]
        listener = Listener(hearing.amount, hearing.seed, hearing.turns_head, blink)
        react(result, listen(hearing.turns, end - begin, fps, listener))
    _finish_blinks(result, parts, begin, fps)
    cut = []
    last_end = -(1 << 30)
    ends = []
    for place, number in enumerate(order):
        part = parts[number]
        stop = part.end
        following = order[place + 1] if place + 1 < len(order) else None
        if following is not None and parts[following].first < stop:
            cut.append((number, following, stop - parts[following].first))
            stop = parts[following].first
        ends.append(stop)
        if stop > part.first:
            _lay_line(result, part, part.first - begin, stop - begin, part.first - last_end, fps)
            last_end = stop
    motion = FaceAnimation(
        fps=fps,
        source={"lines": len(parts)},
        cues=_cues([parts[number] for number in order], ends, begin, end, fps),
        **result,
    )
    return Performance(motion, begin, tuple(cut))


def _columns(group: str) -> arrays.Flags:
    """(52,) bool: the ARKit shapes of a dial's group."""
    return np.array([name == group for name in shapes().groups])


def _base(model: FaceAnimation, count: int, idle: FaceAnimation | None) -> dict[str, Any]:
    """What the face does without any line: rest, or the idle motion without its mouth."""
    result: dict[str, Any] = {
        name: np.zeros((count, *shape), np.float32)
        for name, shape in FRAME_SHAPES.items()
        if name != "landmarks"
    }
    result["visemes"][:, _REST_VISEME] = 1.0
    result["neutral"] = model.neutral
    result["landmarks"] = np.repeat(model.neutral[None], count, axis=0)
    if idle is None or len(idle) < 2:
        return result
    rows, other, share = _loop(len(idle), count, round(IDLE_SEAM * idle.fps))

    def looped(values: arrays.Floats) -> arrays.Floats:
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(values[rows] * (1 - weight) + values[other] * weight)

    for name in ("head_rotation", "head_translation", "eye_rotation", "blink"):
        result[name] = looped(getattr(idle, name))
    others = ~_columns("lips")
    result["arkit"][:, others] = looped(idle.arkit[:, others])
    for points in (_BROW_POINTS, _EYE_POINTS):
        result["landmarks"][:, points] += looped(idle.landmarks[:, points] - idle.neutral[points])
    return result


def _finish_blinks(result: dict[str, Any], parts: Sequence[Part], begin: int, fps: float) -> None:
    """Leave out the idle motion's blinks that a line would cut in half (in place): half a blink is a twitch."""
    count = len(result["arkit"])
    lids = np.flatnonzero(_columns("blinks"))
    shut = result["arkit"][:, lids].max(axis=1) > _PRESENT
    edges = np.zeros(count, bool)
    rise, fall = (max(1, round(seconds * fps)) + 1 for seconds in EYES_EASE)
    for part in parts:
        for first, last in ((part.first - rise, part.first), (part.end - 1, part.end + fall)):
            edges[max(0, first - begin) : max(0, last - begin)] = True
    for first, stop in runs_of(shut).tolist():
        rows = slice(first, stop)
        if edges[rows].any():
            result["arkit"][rows, lids] = 0
            result["blink"][rows] = 0
            result["landmarks"][rows, _EYE_POINTS] = result["neutral"][_EYE_POINTS]


def _loop(length: int, count: int, seam: int) -> tuple[arrays.Indices, arrays.Indices, arrays.Floats]:
    """Rows that repeat a motion without a jump.

    Returns:
        (count,) a row, (count,) another row, and (count,) float32 the other one's share of the mixture.
    """
    seam = max(1, min(seam, length // 3))
    period = length - seam
    phase = np.arange(count) % period
    # The first rows of each round but the very first are a mixture with what follows the end of the round before.
    turning = (phase < seam) & (np.arange(count) >= period)
    other = np.where(turning, phase + period, phase)
    share = np.where(turning, 1 - smooth_step((phase + 1) / (seam + 1)).astype(np.float32), 0).astype(
        np.float32
    )
    return phase, other, share


def _lay_line(result: dict[str, Any], part: Part, start: int, stop: int, room: int, fps: float) -> None:
    """Lay a line over what is there (in place): frames start to stop - 1 are the line's own.

    Args:
        result: the arrays.
        part: the line.
        start, stop: rows.
        room: frames since the line before ended; as long at most the way into this one takes.
        fps: frames per second.
    """
    motion, count = part.motion, len(result["arkit"])

    def laid(values: arrays.Floats, own: arrays.Floats, ease: tuple[float, float]) -> None:
        least = max(1, round(_SWITCH * fps))
        rise = max(least, min(round(ease[0] * fps), room))
        fall = max(1, round(ease[1] * fps))
        first, last = max(0, start - rise), min(count, stop + fall)
        rows = np.arange(first, last)
        way = np.minimum((rows - start + rise + 1) / (rise + 1), (stop + fall - rows) / (fall + 1))
        share = smooth_step(way).astype(np.float32)
        share[(rows >= start) & (rows < stop)] = 1
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        held = own[np.clip(rows - start, 0, min(len(own), stop - start) - 1)]
        values[first:last] = values[first:last] * (1 - weight) + held * weight

    for group, ease in (
        ("lips", FACE_EASE),
        ("brows", FACE_EASE),
        ("blinks", EYES_EASE),
        ("gaze", EYES_EASE),
    ):
        columns = np.flatnonzero(_columns(group))
        chosen = result["arkit"][:, columns]
        laid(chosen, motion.arkit[:, columns], ease)
        result["arkit"][:, columns] = chosen
    for name, ease in (("head_rotation", HEAD_EASE), ("head_translation", HEAD_EASE)):
        laid(result[name], getattr(motion, name), ease)
    laid(result["eye_rotation"], motion.eye_rotation, EYES_EASE)
    laid(result["blink"], motion.blink, EYES_EASE)
    laid(result["visemes"], motion.visemes, FACE_EASE)
    moved = motion.landmarks + (result["neutral"] - motion.neutral)
    eyes = result["landmarks"][:, _EYE_POINTS].copy()
    laid(result["landmarks"], moved, FACE_EASE)
    laid(eyes, moved[:, _EYE_POINTS], EYES_EASE)
    result["landmarks"][:, _EYE_POINTS] = eyes


def _cues(parts: Sequence[Part], ends: Sequence[int], begin: int, end: int, fps: float) -> list[Cue]:
    """The mouth cues of all the lines without gaps; X where nobody speaks."""
    cues: list[Cue] = []
    now = 0.0

    def add(start: float, stop: float, shape: str) -> None:
        nonlocal now
        if stop - start < 1e-6:
            return
        if cues and cues[-1][2] == shape and abs(cues[-1][1] - start) < 1e-6:
            cues[-1] = (cues[-1][0], stop, shape)
        else:
            cues.append((start, stop, shape))
        now = stop

    for part, stop in zip(parts, ends):
        offset, limit = (part.first - begin) / fps, (stop - begin) / fps
        for start, finish, shape in part.motion.cues:
            start, finish = max(now, start + offset), min(limit, finish + offset)
            if finish <= start:
                continue
            add(now, start, "X")
            add(start, finish, shape)
    if cues:
        add(now, (end - begin) / fps, "X")
    return cues
