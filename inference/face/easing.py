"""Motion that grows out of rest and comes back to it.

The engine's own animation starts and ends as its recording does, which may be in the middle of a word. Whoever makes keys of
it, a table or mouth cues begins and ends at rest: the add-on's targets with `eased`, what is exported with `rested`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from .animation import Cue, FaceAnimation
from .arrays import Floats
from .curves import smooth_step
from .names import VISEMES

FACE_EASE: Final = (0.1, 0.3)
"""Seconds over which the face grows out of rest at the start, and returns to it after the recording's end."""
HEAD_EASE: Final = (0.5, 0.5)
"""The same of the head, which is slower."""

_REST_CUE: Final = "X"
_CUE_SECONDS: Final = 2 / 24  # a mouth cue is drawn on two frames of a film at least


def eased(values: Floats, fps: float, ease_in: float, ease_out: float) -> Floats:
    """Let motion grow out of rest (zero) and come back to it.

    Args:
        values: (T, N) motion relative to rest.
        fps: frames per second.
        ease_in: seconds at the beginning over which the motion fades in.
        ease_out: seconds after the end over which it fades out.

    Returns:
        (T + E, N): the first and the last row are zero.
    """
    frames_in = max(1, min(round(ease_in * fps), len(values) - 1))
    frames_out = max(1, round(ease_out * fps))
    tail = np.repeat(values[-1:], frames_out, axis=0)
    result: Floats = np.concatenate([values, tail]).astype(np.float32)
    rise = np.linspace(0.0, 1.0, frames_in + 1, dtype=np.float32)[:-1, None]
    result[:frames_in] *= smooth_step(rise)
    fall = np.linspace(1.0, 0.0, frames_out + 1, dtype=np.float32)[1:, None]
    result[-frames_out:] *= smooth_step(fall)
    return result


def rested(animation: FaceAnimation, seconds: float | None = None) -> FaceAnimation:
    """The animation as it is shown: at rest in its first and in its last frame, eased as the add-on's keys are.

    Args:
        animation: any animation; it stays as it is.
        seconds: of the recording, from where on the mouth cues rest; where the cues that there are end by default.

    Returns:
        A new animation, longer by what head and face take to come to rest. In the first and the last frame landmarks are the
        neutral face, the viseme is sil, everything else is 0. The cues begin and end with X and cover it from 0 to the instant
        of the last frame.
    """
    if not len(animation):
        return animation
    fps = animation.fps
    at_rest: dict[str, Any] = {
        name: np.zeros(getattr(animation, name).shape[1:], np.float32)
        for name in ("arkit", "blink", "eye_rotation", "head_rotation", "head_translation")
    }
    at_rest["visemes"] = np.eye(len(VISEMES), dtype=np.float32)[VISEMES.index("sil")]
    at_rest["landmarks"] = animation.neutral
    moved = {
        name: eased(
            (getattr(animation, name) - rest).reshape(len(animation), -1),
            fps,
            *(HEAD_EASE if name.startswith("head") else FACE_EASE),
        )
        for name, rest in at_rest.items()
    }
    frames = max(map(len, moved.values()))
    arrays: dict[str, Any] = {
        name: _lengthened(away, frames).reshape(frames, *at_rest[name].shape) + at_rest[name]
        for name, away in moved.items()
    }
    heard = sound_seconds(animation) if seconds is None else seconds
    return replace(animation, cues=_rested_cues(animation.cues, heard, (frames - 1) / fps), **arrays)


def sound_seconds(animation: FaceAnimation) -> float:
    """Seconds of the recording that an animation was made of: where its mouth cues end, or without any its last frame."""
    return animation.cues[-1][1] if animation.cues else animation.duration


def _lengthened(values: Floats, frames: int) -> Floats:
    """(T, N) with rows of 0 at the end: (frames, N)."""
    return np.pad(values, ((0, frames - len(values)), (0, 0)))


def _rested_cues(cues: list[Cue], seconds: float, end: float) -> list[Cue]:
    """The cues with a rest before and after, from 0 to ``end``; one that is left too short to be drawn goes to the rest.

    Args:
        cues: (start s, end s, shape), in order.
        seconds: of the recording, after which the mouth rests.
        end: seconds of the last frame.
    """
    first, last = _CUE_SECONDS, min(seconds, end - _CUE_SECONDS)
    rows: list[tuple[float, str]] = [(0.0, _REST_CUE)]
    for start, stop, shape in cues:
        begin, until = max(start, first), min(stop, last)
        if until > begin:
            cut = (begin, until) != (start, stop) and until - begin < _CUE_SECONDS - 1e-6
            rows.append((begin, _REST_CUE if cut else shape))
    rows.append((max(last, first), _REST_CUE))
    rows = [row for before, row in zip([(0.0, ""), *rows], rows) if row[1] != before[1]]
    ends = [*(start for start, _ in rows[1:]), end]
    return [(start, stop, shape) for (start, shape), stop in zip(rows, ends)]
