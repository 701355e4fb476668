"""What a face's motion measures, and its style code: the numbers that tell one manner of talking from another.

The code is that of Wu et al. (*Imitating Arbitrary Talking Style for Realistic Audio-Driven Talking Face Synthesis*, ACM MM
2021): standard deviations of the expression, of its frame difference and of the pose's frame difference, z-scored over a
corpus. Theirs are on 64 coefficients of a 3-D morphable model; ours on seven measures of the 68 landmarks and the six of the
head, which every `FaceAnimation` has, generated or captured. We z-score the logarithms: a deviation has a ratio scale, and so
a lively face does not outweigh all others. numpy only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...face.animation import FaceAnimation
from ...face.landmarks import LEFT_BROW, RIGHT_BROW
from ...face.runs import runs_of

CORPUS = Path(__file__).with_name("style_corpus.json")
RATE = 25.0
"""Frames a second that everything is measured at, so that codes of clips of any rate compare."""

EXPRESSION = (
    "opening",
    "width",
    "corner height",
    "corner difference",
    "inner brow height",
    "outer brow height",
    "brow difference",
)
"""Measures of `expression`, in outer eye-corner distances."""
POSE = ("nod", "turn", "tilt", "side", "up", "depth")
"""Head rotation in degrees and translation in outer eye-corner distances."""

CODE_NAMES: tuple[str, ...] = (
    *(f"{name} deviation" for name in EXPRESSION),
    *(f"{name} speed" for name in EXPRESSION),
    *(f"{name} speed" for name in POSE),
)
"""The numbers of a style code, in order."""

STATISTICS: tuple[str, ...] = (
    *CODE_NAMES,
    *(f"{name} deviation" for name in POSE),
    "blinks per minute",
    "blink seconds",
    "gaze shifts per minute",
    "gaze seconds",
)
"""The keys of `Statistics.values`: deviations (of expression and pose), speeds (deviation of the change per second), blinks, and
how often and for how long the eyes leave the viewer."""

# Below these, a measure does not move: keeps logarithms finite.
_LEAST_DEVIATION, _LEAST_DEGREES = 0.0005, 0.01
_BLINK_SHUT, _BLINK_OPEN = 0.5, 0.25
_GAZE_ASIDE = np.radians(4.0)  # from the viewer, seen past the head: less is the tremor of a fixation
_FARTHEST = 3.0  # standard deviations that a number of a code may be away from the corpus


@dataclass(frozen=True)
class Statistics:
    """What a face's motion measures.

    Attributes:
        values: `STATISTICS` name → number; deviations in outer eye-corner distances or degrees, speeds in these a second.
        seconds: how much was measured.
    """

    values: dict[str, float]
    seconds: float

    def raw_code(self) -> np.ndarray:
        """(20,) natural logarithms of the deviations and speeds of `CODE_NAMES`, not yet z-scored."""
        return np.log([self.values[name] for name in CODE_NAMES])


def expression(landmarks: np.ndarray) -> np.ndarray:
    """(T, 7) the measures of `EXPRESSION` on (T, 68, 3) head-stabilised landmarks."""
    x, y = landmarks[:, :, 0], landmarks[:, :, 1]
    right, left = y[:, RIGHT_BROW], y[:, LEFT_BROW[::-1]]  # from the outer end to the inner
    return np.stack(
        [
            y[:, 61:64].mean(axis=1) - y[:, 65:68].mean(axis=1),
            x[:, 54] - x[:, 48],
            (y[:, 48] + y[:, 54]) / 2,
            y[:, 54] - y[:, 48],
            (right[:, 3:] + left[:, 3:]).mean(axis=1) / 2,
            (right[:, :2] + left[:, :2]).mean(axis=1) / 2,
            left.mean(axis=1) - right.mean(axis=1),
        ],
        axis=1,
    )


def pose(animation: FaceAnimation) -> np.ndarray:
    """(T, 6) head rotation in degrees and translation, in the order of `POSE`."""
    return np.concatenate([np.degrees(animation.head_rotation), animation.head_translation], axis=1)


def measure(*animations: FaceAnimation) -> Statistics:
    """The statistics of one take or clip, or of several of the same person together (each about its own mean).

    Args:
        animations: of at least half a second each.

    Raises:
        ValueError: for none, or one that is shorter.
    """
    if not animations or min(animation.duration for animation in animations) < 0.5:
        raise ValueError("statistics need at least half a second of motion")
    clips = [animation if animation.fps == RATE else animation.resampled(RATE) for animation in animations]
    faces = [_steady(expression(clip.landmarks)) for clip in clips]
    heads = [_steady(pose(clip)) for clip in clips]
    values = {
        f"{name} deviation": value
        for names, curves in ((EXPRESSION, faces), (POSE, heads))
        for name, value in zip(names, _pooled([curve - curve.mean(axis=0) for curve in curves]))
    }
    values |= {
        f"{name} speed": value
        for names, curves in ((EXPRESSION, faces), (POSE, heads))
        for name, value in zip(names, _pooled([np.diff(curve, axis=0) * RATE for curve in curves]))
    }
    for name in values:
        least = _LEAST_DEGREES if name.split()[0] in POSE[:3] else _LEAST_DEVIATION
        values[name] = max(values[name], least)
    seconds = sum(len(clip) for clip in clips) / RATE
    blinks = [run for clip in clips for run in _blinks(clip.blink.mean(axis=1))]
    asides = [run for clip in clips for run in _asides(clip)]
    for count_name, length_name, runs in (
        ("blinks per minute", "blink seconds", blinks),
        ("gaze shifts per minute", "gaze seconds", asides),
    ):
        values[count_name] = 60 * len(runs) / seconds
        values[length_name] = float(np.median(runs)) / RATE if runs else 0.0
    return Statistics({name: float(values[name]) for name in STATISTICS}, seconds)


def style_code(statistics: Statistics) -> np.ndarray:
    """(20,) float64 the style code: `Statistics.raw_code` z-scored over the corpus, each number within ±3."""
    mean, deviation = _corpus()
    return np.clip((statistics.raw_code() - mean) / deviation, -_FARTHEST, _FARTHEST)


def similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Cosine of two style codes, -1…1; 0 where one of them is the corpus' mean itself."""
    size = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(np.dot(first, second)) / size if size > 1e-9 else 0.0


@lru_cache(maxsize=1)
def _corpus() -> tuple[np.ndarray, np.ndarray]:
    data = json.loads(CORPUS.read_text(encoding="utf-8"))
    order = [data["names"].index(name) for name in CODE_NAMES]
    return np.array(data["mean"])[order], np.array(data["deviation"])[order]


def _steady(curves: np.ndarray) -> np.ndarray:
    """(T, N) with the tremor of single frames, which trackers make and engines don't, taken out (weights 1 2 1)."""
    padded = np.pad(curves.astype(np.float64), ((1, 1), (0, 0)), mode="edge")
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _pooled(curves: list[np.ndarray]) -> np.ndarray:
    """(N,) root mean square over the frames of all clips."""
    return np.sqrt(np.mean(np.concatenate(curves) ** 2, axis=0))


def _blinks(blink: np.ndarray) -> list[int]:
    """Lengths in frames of the blinks of (T,) lids: from open to open, where they shut in between; whole ones only."""
    moving = blink > _BLINK_OPEN
    return [
        last - first
        for first, last in runs_of(moving).tolist()
        if blink[first:last].max() > _BLINK_SHUT and first > 0 and last < len(blink)
    ]


def _asides(clip: FaceAnimation) -> list[int]:
    """Lengths in frames of the glances aside: eyes away from where they mostly look, with the head's turn taken out."""
    direction = clip.eye_rotation.astype(np.float64)
    direction[:, 0] += clip.head_rotation[:, 1]
    direction[:, 1] -= clip.head_rotation[:, 0]
    away = np.linalg.norm(direction - np.median(direction, axis=0), axis=1)
    return [last - first for first, last in runs_of(away > _GAZE_ASIDE).tolist() if last - first >= 2]
