"""The dials on a whole `FaceAnimation`: landmarks, weights, visemes, cues, head and eyes change together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .animation import FRAME_SHAPES, Cue, FaceAnimation
from .arrays import Flags
from .dial_curves import (
    delayed,
    dialled_landmarks,
    dialled_visemes,
    dialled_weights,
    offset_frames,
    smoothed,
)
from .dial_strengths import strengths
from .dials import Dials
from .runs import runs_of

_REST, _SHUT = "X", "A"


def dialled(animation: FaceAnimation, dials: Dials) -> FaceAnimation:
    """The same animation as the dials want it; the default dials give an equal one.

    Args:
        animation: any animation; it stays as it is.
        dials: what to change; `KeyedDials` change it by another amount at each frame. They act on what is there: 2 and then 0.5
            is not quite 1, since weights end at 1.

    Returns:
        A new animation of the same length and rate; its ``source`` has the dials appended to the list ``dials``. The last one is
        kept with the animation, since everything that shows a face asks for it.
    """
    if dials not in animation.memo:
        animation.memo.clear()
        animation.memo[dials] = _dialled(animation, dials)
    return animation.memo[dials]


def _dialled(animation: FaceAnimation, dials: Dials) -> FaceAnimation:
    fps, arkit = animation.fps, animation.arkit
    frames = offset_frames(dials, fps)
    by = strengths(dials, len(animation), frames)
    changed: dict[str, Any] = {
        "landmarks": dialled_landmarks(
            animation.landmarks, animation.neutral, animation.blink, arkit, fps, dials
        ),
        "head_rotation": smoothed(animation.head_rotation * by.head, fps, dials.smoothing),
        "head_translation": smoothed(animation.head_translation * by.head, fps, dials.smoothing),
        "eye_rotation": animation.eye_rotation * by.gaze,
        "blink": np.clip(animation.blink * by.blinks, 0, 1).astype(np.float32),
        "arkit": dialled_weights(arkit, fps, dials),
        "visemes": dialled_visemes(animation.visemes, arkit, fps, dials),
    }
    shut = np.broadcast_to(by.shut[:, 0] > 0.5, len(animation))
    earlier = animation.source.get("dials", [])
    moved: dict[str, Any] = {name: delayed(changed[name], frames) for name in FRAME_SHAPES}
    return replace(
        animation,
        cues=_delayed_cues(_shut_cues(animation.cues, shut, fps), frames / fps),
        source={**animation.source, "dials": [*earlier, dials.plain]},
        **moved,
    )


def _shut_cues(cues: list[Cue], shut: Flags, fps: float) -> list[Cue]:
    """The cues with that of closed lips wherever (T,) lips are held shut."""
    for first, end in runs_of(shut) / fps:
        before = [(start, min(stop, first), shape) for start, stop, shape in cues if start < first]
        after = [(max(start, end), stop, shape) for start, stop, shape in cues if stop > end]
        begin, stop = max(first, cues[0][0]) if cues else end, min(end, cues[-1][1]) if cues else end
        cues = [*before, *([(begin, stop, _SHUT)] if stop > begin else []), *after]
    return list(cues)


def _delayed_cues(cues: list[Cue], seconds: float) -> list[Cue]:
    """The cues so many seconds later, without gaps from the first one's start to the last one's end."""
    if not cues or seconds == 0:
        return list(cues)
    begin, end = cues[0][0], cues[-1][1]
    moved = [(max(start + seconds, begin), min(stop + seconds, end), shape) for start, stop, shape in cues]
    moved = [cue for cue in moved if cue[1] > cue[0]]
    if not moved:
        return [(begin, end, _REST)]
    if moved[0][0] > begin:
        moved.insert(0, (begin, moved[0][0], _REST))
    if moved[-1][1] < end:
        moved.append((moved[-1][1], end, _REST))
    return moved
