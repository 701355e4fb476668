"""Blinks at human rates, drawn towards the ends of phrases, and the lid points that they move."""

from __future__ import annotations

import numpy as np

from ...face.lids_and_lips import blinking
from ...face.noise import generator
from ..manner.styles import Style
from ..prosody import Prosody

FIRST_BLINK_SECONDS = 0.5  # the middle of the earliest blink: the face is seen with open eyes first
_GAP_SPREAD = 0.55  # standard deviation of the logarithm of the gaps between blinks
_SHORTEST_GAP = 0.45  # s
_PULL = 0.45  # s within which a phrase end attracts a blink


def blink_times(prosody: Prosody, duration: float, style: Style, seed: int) -> np.ndarray:
    """Seconds at which the lids are shut.

    Gaps are log-normal, as measured in conversation (Bentivoglio et al., *Analysis of blink rate patterns*, 1997);
    people blink in pauses more than within words (Nakano and Kitazawa, 2010), so a near phrase end attracts the blink.
    """
    if style.blinks_per_minute <= 0:
        return np.zeros(0)
    random = generator(seed, "blink")
    mean_gap = 60 / style.blinks_per_minute
    location = np.log(mean_gap) - _GAP_SPREAD**2 / 2
    ends = np.array([end + 0.08 for _, end in prosody.phrases])
    times: list[float] = []
    time = FIRST_BLINK_SECONDS + mean_gap * random.uniform(0.2, 1.15)
    latest = duration - style.blink_seconds
    while time < latest:
        moment = time
        if len(ends):
            nearest = float(ends[np.abs(ends - time).argmin()])
            earliest = times[-1] + _SHORTEST_GAP if times else FIRST_BLINK_SECONDS
            if abs(nearest - time) < _PULL and earliest <= nearest < latest:
                moment = nearest
        times.append(moment)
        time = moment + max(_SHORTEST_GAP, float(np.exp(random.normal(location, _GAP_SPREAD))))
    return np.array(times)


def blink_curves(times: np.ndarray, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 2) float32, 0 open to 1 shut, left and right eye.

    Args:
        times: seconds at which the lids are shut.
        frames, fps: length and rate of the animation.
        style: how long its blinks last.
        seed: which take.
    """
    return blinking(times, frames, fps, style.blink_seconds, generator(seed, "blink shape"))
