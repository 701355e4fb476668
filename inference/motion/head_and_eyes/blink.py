"""Blinks at human rates, drawn towards the ends of phrases, and the lid points that they move."""

from __future__ import annotations

import numpy as np

from ..manner.styles import Style
from ..noise import generator
from ..prosody import Prosody

FIRST_BLINK_SECONDS = 0.5  # the middle of the earliest blink: the face is seen with open eyes first
_SHUT = 0.050  # s; a frame of 24 fps always falls within it
_CLOSING_SHARE = 0.37  # of the rest of a blink: lids fall faster than they rise
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
    """(T, 2) float32, 0 open to 1 shut, left and right eye: quick down, a moment shut, slower up.

    Args:
        times: seconds at which the lids are shut.
        frames, fps: length and rate of the animation.
        style: how long its blinks last.
        seed: which take.
    """
    moving = max(style.blink_seconds - _SHUT, 0.05)
    closing, opening = moving * _CLOSING_SHARE, moving * (1 - _CLOSING_SHARE)
    random = generator(seed, "blink shape")
    result = np.zeros((frames, 2), np.float32)
    moment = np.arange(frames) / fps
    for time in times:
        speed = random.uniform(0.85, 1.25)
        lag = random.normal(0, 0.004)  # the lids of a person are never exactly together
        for eye, centre in enumerate((time, time + lag)):
            begin, end = centre - _SHUT / 2 - closing * speed, centre + _SHUT / 2 + opening * speed
            first, last = np.searchsorted(moment, (begin, end))
            away = moment[first:last] - centre
            down = np.clip((away + _SHUT / 2 + closing * speed) / (closing * speed), 0, 1)
            up = np.clip((_SHUT / 2 + opening * speed - away) / (opening * speed), 0, 1)
            shape = np.minimum(down * down * (3 - 2 * down), up * up * (3 - 2 * up))
            result[first:last, eye] = np.maximum(result[first:last, eye], shape)
    return result
