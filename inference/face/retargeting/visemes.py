"""Phone probabilities → 15 viseme weights and mouth cues A–H, X."""

from __future__ import annotations

import numpy as np

from ..animation import Cue
from ..arrays import Flags, Floats, Indices
from ..names import MOUTH_SHAPES, VISEMES
from ..runs import runs_of

# ARPAbet phone → visemes it looks like, with shares. Diphthongs pass through two shapes.
PHONE_VISEMES: dict[str, dict[str, float]] = {
    "SIL": {"sil": 1}, "P": {"PP": 1}, "B": {"PP": 1}, "M": {"PP": 1}, "F": {"FF": 1}, "V": {"FF": 1},
    "TH": {"TH": 1}, "DH": {"TH": 1}, "T": {"DD": 1}, "D": {"DD": 1}, "K": {"kk": 1}, "G": {"kk": 1},
    "HH": {"kk": 0.5, "aa": 0.3}, "NG": {"kk": 1}, "CH": {"CH": 1}, "JH": {"CH": 1}, "SH": {"CH": 1},
    "ZH": {"CH": 1}, "S": {"SS": 1}, "Z": {"SS": 1}, "N": {"nn": 1}, "L": {"nn": 1}, "R": {"RR": 1},
    "ER": {"RR": 0.7, "O": 0.3}, "AA": {"aa": 1}, "AH": {"aa": 0.7}, "AE": {"aa": 0.6, "E": 0.4}, "EH": {"E": 1},
    "EY": {"E": 0.6, "I": 0.4}, "IH": {"I": 0.8}, "IY": {"I": 1}, "Y": {"I": 0.8}, "AO": {"O": 1},
    "OW": {"O": 0.7, "U": 0.3}, "OY": {"O": 0.6, "I": 0.4}, "UH": {"U": 0.8}, "UW": {"U": 1}, "W": {"U": 1},
    "AY": {"aa": 0.6, "I": 0.4}, "AW": {"aa": 0.6, "U": 0.4},
}  # fmt: skip

# ARPAbet phone → mouth cue, after the shape descriptions of https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
PHONE_CUES: dict[str, str] = {
    "SIL": "X", "P": "A", "B": "A", "M": "A", "F": "G", "V": "G", "L": "H", "AA": "D", "AY": "D", "AW": "D",
    "AE": "C", "EH": "C", "AH": "C", "EY": "C", "HH": "C", "AO": "E", "ER": "E", "OY": "E", "OW": "F", "UW": "F",
    "UH": "F", "W": "F",
}  # fmt: skip
OTHER_CUE = "B"  # the rest: teeth together, lips a little open (K, S, T, IY and so on)

MINIMUM_CUE_SECONDS = (
    2 / 24
)  # so that no cue is left a single frame when it is rounded to frames of 24 fps or more
_CLOSURE_SECONDS = 0.04  # lips that shut at least this long are a cue, held for the minimum
_SMOOTHING_SECONDS = 0.05


def viseme_weights(phones: Floats, names: tuple[str, ...], fps: float) -> Floats:
    """Viseme weights of every frame.

    Args:
        phones: (T, P) posterior probabilities, rows sum to 1.
        names: the P phone names: ``SIL`` and ARPAbet without stress.
        fps: frames per second.

    Returns:
        (T, 15) float32 in 0…1, `VISEMES` order.
    """
    table = np.zeros((len(names), len(VISEMES)), np.float32)
    for row, name in enumerate(names):
        for viseme, share in PHONE_VISEMES[name].items():
            table[row, VISEMES.index(viseme)] = share
    return np.clip(smooth(phones @ table, _SMOOTHING_SECONDS * fps), 0, 1)


def mouth_cues(
    phones: Floats, names: tuple[str, ...], opening: Floats, fps: float, closed: Flags | None = None
) -> list[Cue]:
    """Mouth cues that cover the animation without gaps, none shorter than `MINIMUM_CUE_SECONDS`.

    Args:
        phones: (T, P) posterior probabilities.
        names: the P phone names.
        opening: (T,) 0 shut to about 1 wide open; a half-open vowel becomes C instead of D, a closed one B.
        fps: frames per second.
        closed: (T,) bool, where the lips that go with these cues touch; they are shut in the cues, too, but where they rest or
            are at the teeth.
    """
    table = np.zeros((len(names), len(MOUTH_SHAPES)), np.float32)
    for row, name in enumerate(names):
        table[row, MOUTH_SHAPES.index(PHONE_CUES.get(name, OTHER_CUE))] = 1
    scores = smooth(phones @ table, _SMOOTHING_SECONDS * fps)
    narrow = np.clip(1 - opening / 0.45, 0, 1).astype(np.float32)
    b, c, d = (MOUTH_SHAPES.index(shape) for shape in "BCD")
    scores[:, c] += scores[:, d] * narrow
    scores[:, d] *= 1 - narrow
    shut = np.clip(1 - opening / 0.12, 0, 1).astype(np.float32)
    scores[:, b] += scores[:, c] * shut
    scores[:, c] *= 1 - shut
    return _segments(scores, fps, closed)


def cues_until(cues: list[Cue], seconds: float) -> list[Cue]:
    """Those of the cues that begin before an instant; none lasts longer."""
    return [(start, min(end, seconds), shape) for start, end, shape in cues if start < seconds]


def _segments(scores: Floats, fps: float, closed: Flags | None) -> list[Cue]:
    """Best shape a frame → runs; the shortest run gives way to its better-scoring neighbour until none is too short."""
    best = scores.argmax(axis=1)
    minimum = max(2, int(np.ceil(MINIMUM_CUE_SECONDS * fps)))
    shortest = int(np.ceil(_CLOSURE_SECONDS * fps))
    if closed is not None:
        touching = closed & ~np.isin(best, [MOUTH_SHAPES.index(shape) for shape in "GX"])
        best[touching] = MOUTH_SHAPES.index("A")
        shortest = 1
    _hold_closures(best, shortest, minimum)
    edges = np.flatnonzero(np.diff(best)) + 1
    starts = [0, *edges.tolist()]
    shapes = best[starts].tolist()
    ends = [*starts[1:], len(best)]
    total = np.concatenate([np.zeros((1, scores.shape[1])), np.cumsum(scores, axis=0, dtype=np.float64)])
    # Left to right with a stack, so that the cost stays linear in the length of the recording.
    runs: list[tuple[int, int, int]] = []
    for start, end, shape in zip(starts, ends, shapes):
        runs.append((start, end, shape))
        while len(runs) > 1 and (runs[-1][2] == runs[-2][2] or runs[-2][1] - runs[-2][0] < minimum):
            if runs[-1][2] == runs[-2][2]:
                runs[-2:] = [(runs[-2][0], runs[-1][1], runs[-1][2])]
            else:
                runs[-2:] = _absorb(runs, total)
    if len(runs) > 1 and runs[-1][1] - runs[-1][0] < minimum:
        runs[-2:] = [(runs[-2][0], runs[-1][1], runs[-2][2])]
    return [(start / fps, end / fps, MOUTH_SHAPES[shape]) for start, end, shape in runs]


def _hold_closures(best: Indices, shortest: int, minimum: int) -> None:
    """Widen short closures of the lips to the minimum on both sides (in place): a p, b or m is seen even where it is quick.

    Args:
        best: (T,) index into `MOUTH_SHAPES` of each frame.
        shortest: frames; closures that are shorter stay as they are.
        minimum: frames to hold.
    """
    closures = runs_of(best == MOUTH_SHAPES.index("A"))
    for start, end in closures[np.diff(closures, axis=1)[:, 0] >= shortest].tolist():
        missing = max(minimum - (end - start), 0)
        best[max(start - missing // 2, 0) : end + missing - missing // 2] = MOUTH_SHAPES.index("A")


def _absorb(runs: list[tuple[int, int, int]], total: Floats) -> list[tuple[int, int, int]]:
    """The last run but one is too short: hand it to the neighbour whose shape fits it better."""
    short, following = runs[-2], runs[-1]
    score = total[short[1]] - total[short[0]]
    if len(runs) > 2 and score[runs[-3][2]] > score[following[2]]:
        before = runs[-3]
        runs[-3] = (before[0], short[1], before[2])
        return [following]
    return [(short[0], following[1], following[2])]


def smooth(values: Floats, frames: float) -> Floats:
    """Centred Hann average along time over about ``frames`` frames; (T, N) → (T, N) float32."""
    half = max(1, round(frames))
    kernel = np.hanning(2 * half + 1)[1:-1]
    kernel /= kernel.sum()
    reach = len(kernel) // 2
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    result = np.zeros(values.shape, np.float32)
    for offset, weight in enumerate(kernel):
        result += np.float32(weight) * padded[offset : offset + len(values)]
    return result
