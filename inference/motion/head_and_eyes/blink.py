"""Blinks at human rates, drawn towards the ends of phrases and to turns of the head."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...face.lids_and_lips import blinking
from ...face.noise import generator
from ...face.runs import runs_of
from ..manner.styles import Style
from ..prosody import Prosody

FIRST_BLINK_SECONDS = 0.5  # the middle of the earliest blink: the face is seen with open eyes first
_GAP_SPREAD = 0.55  # standard deviation of the logarithm of the gaps between blinks
_SHORTEST_GAP = 0.45  # s
_FREE_GAPS = 1.5  # so few are left to chance
_PULL = 0.45  # s within which a phrase end or a turn attracts a blink
_LARGE_TURN = 14.0  # degrees a second, and faster than nine tenths of the rest


def turn_times(head_rotation: np.ndarray, fps: float) -> np.ndarray:
    """Seconds at which the head sets off for its largest turns, to (T, 3) radians."""
    speed = (
        np.degrees(np.abs(np.gradient(head_rotation[:, 1]))) * fps if len(head_rotation) > 2 else np.zeros(0)
    )
    if not len(speed):
        return speed
    runs = runs_of(speed > max(_LARGE_TURN, float(np.percentile(speed, 90))))
    return np.asarray(runs[:, 0] / fps)


def blink_times(
    prosody: Prosody, duration: float, style: Style, seed: int, turns: np.ndarray | None = None
) -> np.ndarray:
    """Seconds at which the lids are shut.

    Args:
        prosody: of the voice, for the ends of its phrases.
        duration: seconds.
        style: how often.
        seed: which take.
        turns: seconds of large turns of the head, see `turn_times`.

    Gaps are log-normal, as measured in conversation (Bentivoglio et al., *Analysis of blink rate patterns*, 1997);
    people blink in pauses more than within words (Nakano and Kitazawa, 2010) and as they turn their heads (Evinger et al., *Not
    looking while leaping: the linkage of blinking and saccadic gaze shifts*, 1994), so these attract a blink that is near.
    """
    if style.blinks_per_minute <= 0:
        return np.zeros(0)
    random = generator(seed, "blink")
    mean_gap = 60 / style.blinks_per_minute
    ends = np.array([*(end + 0.08 for _, end in prosody.phrases), *(() if turns is None else turns)])
    times: list[float] = []
    time = FIRST_BLINK_SECONDS + mean_gap * random.uniform(0.2, 1.15)
    latest = duration - style.blink_seconds
    gaps = _gaps(random, max(latest - time, 0), mean_gap)
    while time < latest:
        moment = time
        if len(ends):
            nearest = float(ends[np.abs(ends - time).argmin()])
            earliest = times[-1] + _SHORTEST_GAP if times else FIRST_BLINK_SECONDS
            if abs(nearest - time) < _PULL and earliest <= nearest < latest:
                moment = nearest
        times.append(moment)
        time = moment + next(gaps)
    return np.array(times)


def _gaps(random: np.random.RandomState, seconds: float, mean: float) -> Iterator[float]:
    """Gaps between blinks, drawn so that the number of them in so many seconds is what their mean says, whatever the take."""
    location = np.log(mean) - _GAP_SPREAD**2 / 2
    drawn = np.exp(random.normal(location, _GAP_SPREAD, max(int(np.ceil(seconds / _SHORTEST_GAP)), 1)))
    count = round(seconds / mean)
    if count > 1:
        share = count / (count + _FREE_GAPS)
        drawn = drawn * (share * mean / drawn[:count].mean() + 1 - share)
    yield from np.maximum(drawn, _SHORTEST_GAP).tolist()


def blink_curves(times: np.ndarray, frames: int, fps: float, style: Style, seed: int) -> np.ndarray:
    """(T, 2) float32, 0 open to 1 shut, left and right eye.

    Args:
        times: seconds at which the lids are shut.
        frames, fps: length and rate of the animation.
        style: how long its blinks last.
        seed: which take.
    """
    return blinking(times, frames, fps, style.blink_seconds, generator(seed, "blink shape"))
