"""What lips look like they say, for clips without sound: posteriors of a few phones that look unlike each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..face.landmarks import mouth_width
from ..face.runs import runs_of
from ..motion.lips.content import PHONES
from .filters import gaussian
from .neutral import REST_GAP, lip_gap

# Phone → opening in outer eye-corner distances, change of the mouth's width as a share: means of speakers of GRID.
_LOOKS: dict[str, tuple[float, float]] = {
    "S": (0.045, 0.0), "IY": (0.07, 0.04), "EH": (0.10, 0.01), "AA": (0.15, 0.0), "AO": (0.08, -0.06), "W": (0.04, -0.09),
}  # fmt: skip
_OPENING_SPREAD, _WIDTH_SPREAD = 0.03, 0.03
_PAUSE_SECONDS = 0.3  # lips that touch for longer are silent, shorter is a p, b or m
_TALK_SECONDS = 0.4
_TALK_SPEED = 0.15  # outer eye-corner distances a second that the lips of a talker move at least


def phones_from_lips(
    landmarks: NDArray[np.floating], neutral: NDArray[np.floating], fps: float
) -> NDArray[np.float32]:
    """Phone posteriors from the shape of the lips alone.

    Args:
        landmarks: (T, 68, 3) head-stabilised.
        neutral: (68, 3) the person's neutral face.
        fps: frames per second.

    Returns:
        (T, P) rows that sum to 1, order of :data:`inference.motion.lips.content.PHONES`.
    """
    gap = lip_gap(landmarks)
    width = mouth_width(landmarks) / mouth_width(neutral) - 1
    looks = np.array(list(_LOOKS.values()))
    away = np.stack(
        [(gap[:, None] - looks[:, 0]) / _OPENING_SPREAD, (width[:, None] - looks[:, 1]) / _WIDTH_SPREAD]
    )
    likely = np.exp(-0.5 * (away**2).sum(axis=0)) + 1e-9
    likely /= likely.sum(axis=1, keepdims=True)
    touching = gap < REST_GAP
    speed = np.abs(np.gradient(gap)) * fps if len(gap) > 1 else np.zeros(1)
    silent = gaussian(speed[:, None], _TALK_SECONDS * fps)[:, 0] < _TALK_SPEED
    for start, end in runs_of(touching).tolist():
        if end - start > _PAUSE_SECONDS * fps:
            silent[start:end] = True
    phones = np.zeros((len(gap), len(PHONES)), np.float32)
    phones[:, [PHONES.index(name) for name in _LOOKS]] = likely
    phones[touching] = 0
    phones[touching, PHONES.index("M")] = 1
    phones[silent] = 0
    phones[silent, PHONES.index("SIL")] = 1
    return phones
