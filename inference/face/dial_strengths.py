"""Dials as arrays: one value for all frames, or one for each, in the same shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .arrays import Floats
from .dials import Dials, KeyedDials


@dataclass(frozen=True)
class Strengths:
    """What dials do at each frame; every array is (1, 1) or (T, 1) float32.

    Attributes:
        across, up_down: whole gain of the lips to the sides; of lips and jaw up and down.
        head, brows, blinks, gaze: whole gain of each.
        closing: how firmly the mouth closes, 0 to 2.
        shut: how much of the gap between the lips is taken away, 0 to 1.
        brow, smile: what is added, -1 to 1.
        smoothing: seconds.
    """

    across: Floats
    up_down: Floats
    head: Floats
    brows: Floats
    blinks: Floats
    gaze: Floats
    closing: Floats
    shut: Floats
    brow: Floats
    smile: Floats
    smoothing: float

    @property
    def shapes_lips(self) -> bool:
        """Whether the dials change the lips at all, other than when they move."""
        as_generated = [
            (self.across, 1.0), (self.up_down, 1.0), (self.closing, 1.0), (self.shut, 0.0), (self.smile, 0.0),
        ]  # fmt: skip
        return self.smoothing != 0.0 or any(bool((gain != usual).any()) for gain, usual in as_generated)

    def gain(self, group: str) -> Floats:
        """The gain of a group of shapes that has one: "head", "brows", "blinks" or "gaze"."""
        strength: Floats = getattr(self, group)
        return strength


@lru_cache(maxsize=8)
def strengths(dials: Dials, frames: int, delay: int = 0) -> Strengths:
    """Dials as arrays, made once for all that one animation asks of them: nobody changes them.

    Args:
        dials: `KeyedDials` give arrays of T values where they change; where a track has fewer, its last one lasts.
        frames: T.
        delay: by so many frames the result comes later, so that what a track says of a frame is asked that much before.
    """
    tracks = dict(dials.tracks) if isinstance(dials, KeyedDials) else {}

    def array(name: str) -> Floats:
        track = np.asarray(tracks.get(name, (getattr(dials, name),)), np.float32)
        if len(track) > 1:
            track = track[np.clip(np.arange(frames) + delay, 0, len(track) - 1)]
        return track[:, None]

    energy = array("energy")
    lips = array("lips") * (1 + energy) / 2
    return Strengths(
        across=lips * array("lips_across"),
        up_down=lips * array("lips_up_down"),
        head=array("head") * energy,
        brows=array("brows") * energy,
        blinks=array("blinks"),
        gaze=array("gaze"),
        closing=array("mouth_closing"),
        shut=array("lips_shut"),
        brow=array("brow"),
        smile=array("smile"),
        smoothing=dials.smoothing,
    )
