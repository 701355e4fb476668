"""The measures of lip motion, as pure functions on arrays: the same for our engine, for any peer and for the tracked face.

Opening is the distance of the inner lips' middles, |62 - 66|, width that of the mouth corners, |48 - 54|; the unit of both
is the outer eye-corner distance. :data:`SOURCES` says in one line what each figure is and whose measure it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.face.landmarks import LIPS, mouth_area, mouth_width
from inference.face.runs import runs_of
from inference.face.smoothing import largest_around
from inference.training.correlation import correlation

Phones = list[tuple[str, float, float]]
"""(name, start s, end s) in order; pauses are ``pau``."""
Opening = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""(N,) instants in seconds → (N,) openings."""

MAX_LAG = 6
"""Frames that a best lag is looked for on either side."""
SLCC_CLIPS = 10
"""Clips of a speaker below which a correlation over clips says nothing."""
CLOSURES = {"p", "b", "m"}
NEARLY_CLOSED = {"f", "v", "w"}
CLOSURE_STEP = 0.01
"""Seconds between the instants that closures are looked for at."""

_MTM_SIGMA = 2 / 30  # s: two frames of the 30 fps that the published script works at
_QUIET = 0.25  # of `inference.hearing.features.loudness`: 30 dB below the recording's speech level
_AWAY_SECONDS = 0.2  # lips prepare a sound and settle after it (Bell-Berti and Harris, 1981)
_LEAST_SILENCE_SECONDS = 0.2

_MAKEITTALK = "Zhou et al. 2020, MakeItTalk, arXiv 2004.12992, section 6"
_PERCEPTUAL = "Lee et al., CVPR 2025, arXiv 2503.20308"
_SURVEY = "this project's closure bench on flite speech with exact phone times"

SOURCES: dict[str, str] = {
    "opening": "Pearson's r of the mouth opening |62-66|, frame by frame, lag 0",
    "opening_best": "the same at the lag within ±6 frames where it is highest",
    "opening_lag": "that lag, ms, median over clips; positive where the lips are late",
    "width": "Pearson's r of the mouth width |48-54|, frame by frame, lag 0",
    "width_best": "the same at the lag within ±6 frames where it is highest",
    "width_lag": "that lag, ms, median over clips; positive where the lips are late",
    "d_ll": f"D-LL: mean distance of the lip landmarks, % of the mean lip width ({_MAKEITTALK})",
    "d_vl": f"D-VL: mean difference of the lip landmarks' velocities, % of the mean lip width ({_MAKEITTALK})",
    "d_a": f"D-A: mean difference of the open-mouth area, % of the largest area ({_MAKEITTALK})",
    "gain": "spread (standard deviation) of the opening over that of the tracked opening; 1 is as lively as the speaker",
    "gain_width": "the same of the width",
    "speed": "spread of the opening's change from frame to frame over that of the tracked opening; 1 is as quick",
    "speed_width": "the same of the width",
    "mtm": "Mean Temporal Misalignment, ms: time between extrema of the opening that derivative dynamic time warping "
    f"pairs ({_PERCEPTUAL})",
    "slcc": "Speech-Lip Intensity Correlation Coefficient: Pearson's r, over a speaker's clips, of RMS speech and RMS "
    f"lip motion ({_PERCEPTUAL}; lip motion here from opening and width)",
    "silence_jitter": "standard deviation of the opening within stretches of a clip where nobody speaks, outer "
    "eye-corner distances (this project's)",
    "closure_recall": f"share of p, b, m with a lip closure in their time ±20 ms ({_SURVEY})",
    "closure_precision": f"share of lip closures within speech, outside f, v, w, that meet a p, b, m ±40 ms ({_SURVEY})",
    "closure_lag": f"median time from the middle of the phone to that of the closure, ms, late positive ({_SURVEY})",
    "closures": "how many p, b, m were said",
    "silence": "standard deviation of the opening over 1 s of digital silence, outer eye-corner distances (this project's)",
    "white": "mean opening over 5 s of white noise at -30 dBFS, outer eye-corner distances (this project's)",
    "pink": "the same over pink noise",
    "brown": "the same over brown noise",
}
"""Figure → its definition and source in one line. Every row of a table of results has these keys."""


def sampled(
    values: NDArray[Any], stamps: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values read between their instants, linearly; the first and the last value hold outside.

    Args:
        values: (N, …), N ≥ 1.
        stamps: (N,) seconds, strictly increasing: the instants of ``values``.
        times: (T,) seconds.

    Returns:
        (T, …).
    """
    place = np.interp(times, stamps, np.arange(len(stamps), dtype=np.float64))
    low = np.minimum(place.astype(int), max(len(values) - 2, 0))
    high = np.minimum(low + 1, len(values) - 1)
    share = (place - low).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[low] * (1 - share) + values[high] * share)


# Curves against curves


def best_lag(guess: NDArray[Any], truth: NDArray[Any], fps: float) -> tuple[float, float]:
    """(r, lag in ms) at the lag within ±6 frames where r is highest; positive where the guess is late.

    Args:
        guess: (T,) curve to judge.
        truth: (T,) curve to judge by.
        fps: frames per second of both.
    """
    results = []
    for lag in range(-MAX_LAG, MAX_LAG + 1):
        moved = guess[max(lag, 0) : len(guess) + min(lag, 0)]
        still = truth[max(-lag, 0) : len(truth) + min(-lag, 0)]
        results.append((correlation(moved, still), lag / fps * 1000))
    return max(results)


def gain(guess: NDArray[Any], truth: NDArray[Any]) -> float:
    """Spread of a (T,) curve over that of the true one: 1 as lively, below 1 tamer."""
    return float(guess.std() / max(float(truth.std()), 1e-9))


def speed(guess: NDArray[Any], truth: NDArray[Any]) -> float:
    """Spread of the change from frame to frame of a (T,) curve over that of the true one: 1 as quick, below 1 slower."""
    return gain(np.diff(guess), np.diff(truth))


def mean_temporal_misalignment(guess: NDArray[Any], truth: NDArray[Any], fps: float) -> float | None:
    """MTM: how far apart in time the extrema of two opening curves are, in ms, ≥ 0.

    Both curves are smoothed (Gaussian, σ = 67 ms) and their first differences aligned by dynamic time warping (derivative
    DTW: Keogh and Pazzani, *Derivative Dynamic Time Warping*, SDM 2001). A maximum that the path pairs with a maximum, or
    a minimum with a minimum, counts where the guess's lies between the truth's extrema before and after; the figure is the
    mean of the absolute differences.

    Source: Lee et al., *Perceptually Accurate 3D Talking Head Generation*, CVPR 2025, arXiv 2503.20308, and its published
    ``evaluate_MTM.py``, whose two frames of smoothing at 30 fps are given in seconds here. Memory grows with T².

    Args:
        guess: (T,) opening to judge.
        truth: (T,) opening to judge by.
        fps: frames per second of both.

    Returns:
        Milliseconds; None where no two extrema are paired.
    """
    if min(len(guess), len(truth)) < 3:
        return None
    smooth_guess, smooth_truth = (
        _gaussian(np.asarray(c, np.float64), _MTM_SIGMA * fps) for c in (guess, truth)
    )
    path = _warping_path(
        np.diff(smooth_guess, prepend=smooth_guess[0]), np.diff(smooth_truth, prepend=smooth_truth[0])
    )
    extrema_guess, extrema_truth = _extrema(smooth_guess), _extrema(smooth_truth)
    places = [0, *extrema_truth, len(smooth_truth) - 1]
    bounds = dict(zip(extrema_truth, zip(places, places[2:])))
    apart = [
        abs(at - place)
        for at, place in path
        if at in extrema_guess
        and extrema_truth.get(place) == extrema_guess[at]
        and bounds[place][0] <= at <= bounds[place][1]
    ]
    return float(np.mean(apart)) / fps * 1000 if apart else None


def _gaussian(values: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """(T,) smoothed over so many frames, mirrored at the edges."""
    reach = max(1, int(4 * sigma + 0.5))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(values, reach, mode="symmetric"), kernel / kernel.sum(), mode="valid")


def _extrema(values: NDArray[np.float64]) -> dict[int, int]:
    """Place → 1 maximum, -1 minimum, in order; a flat top or bottom counts once, in its middle."""
    slope = np.sign(np.diff(values))
    moving = np.flatnonzero(slope)
    return {
        int(before + 1 + after) // 2: int(slope[before])
        for before, after in zip(moving, moving[1:])
        if slope[before] != slope[after]
    }


def _warping_path(first: NDArray[np.float64], second: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Dynamic time warping of (N,) and (M,) by absolute difference: the cheapest path of index pairs, in order."""
    n, m = len(first), len(second)
    cost = np.abs(first[:, None] - second)
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0
    for diagonal in range(2, n + m + 1):  # all cells of one anti-diagonal at once
        i = np.arange(max(1, diagonal - m), min(n, diagonal - 1) + 1)
        j = diagonal - i
        least = np.minimum(np.minimum(total[i - 1, j], total[i, j - 1]), total[i - 1, j - 1])
        total[i, j] = cost[i - 1, j - 1] + least
    path = []
    row, column = n, m
    while row and column:
        path.append((row - 1, column - 1))
        before = ((row - 1, column - 1), (row - 1, column), (row, column - 1))
        row, column = min(before, key=lambda cell: float(total[cell]))
    return path[::-1]


# Faces against faces


def lip_distance(faces: NDArray[Any], truth: NDArray[Any]) -> float:
    """D-LL: mean distance of the 20 lip landmarks, in percent of the truth's mean lip width.

    Source: Zhou et al. 2020, *MakeItTalk*, arXiv 2004.12992, section 6.

    Args:
        faces: (T, 68, 3) to judge, on the face of the truth's speaker, as there.
        truth: (T, 68, 3), same unit.
    """
    apart = np.linalg.norm(faces[:, LIPS] - truth[:, LIPS].astype(np.float64), axis=-1)
    return 100 * float(apart.mean()) / float(mouth_width(truth).mean())


def lip_velocity_difference(faces: NDArray[Any], truth: NDArray[Any]) -> float:
    """D-VL: mean difference of the lip landmarks' frame-to-frame velocities, in percent of the truth's mean lip width.

    Source and arguments: see :func:`lip_distance`.
    """
    speed, true_speed = (np.diff(f[:, LIPS].astype(np.float64), axis=0) for f in (faces, truth))
    return 100 * float(np.linalg.norm(speed - true_speed, axis=-1).mean()) / float(mouth_width(truth).mean())


def area_difference(faces: NDArray[Any], truth: NDArray[Any]) -> float:
    """D-A: mean difference of the open-mouth area, in percent of the truth's largest area.

    Source and arguments: see :func:`lip_distance`.
    """
    area, true_area = mouth_area(faces), mouth_area(truth)
    return 100 * float(np.abs(area - true_area).mean() / max(float(true_area.max()), 1e-9))


# Loud and quiet


def speech_intensity(samples: NDArray[Any]) -> float:
    """RMS of (N,) samples. Source: see :func:`intensity_correlation`."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def lip_intensity(opening: NDArray[Any], width: NDArray[Any], fps: float) -> float:
    """RMS over frames of how fast the middles and corners of the lips move, outer eye-corner distances a second.

    The source takes the mean displacement of all vertices about the mouth; here it is that of the four points that opening
    and width stand between, each taken to make half of the change, so that a system that gives no more than these two
    curves is measured as any other. Source: see :func:`intensity_correlation`.

    Args:
        opening: (T,).
        width: (T,).
        fps: frames per second.
    """
    moved = (np.abs(np.diff(opening)) + np.abs(np.diff(width))) / 4 * fps
    return float(np.sqrt(np.mean(moved**2))) if len(moved) else 0.0


def intensity_correlation(speech: Iterable[float], lips: Iterable[float]) -> float | None:
    """SLCC: does louder speech move the lips more? Pearson's r over one speaker's clips.

    Source: Lee et al., CVPR 2025, arXiv 2503.20308, and its published ``evaluate_SLCC.py``; standardising each speaker, as
    it does before pooling several, leaves the r of one speaker as it is.

    Args:
        speech: each clip's :func:`speech_intensity`.
        lips: each clip's :func:`lip_intensity`.

    Returns:
        -1…1; None for fewer than :data:`SLCC_CLIPS` clips.
    """
    loud, lively = np.fromiter(speech, np.float64), np.fromiter(lips, np.float64)
    return correlation(loud, lively) if len(loud) >= SLCC_CLIPS else None


# Silence


def silent_frames(loudness: NDArray[Any], rate: float) -> NDArray[np.bool_]:
    """(N,) loudness (see :func:`inference.hearing.features.loudness`) at ``rate`` a second → (N,) where nobody speaks.

    30 dB below the recording's speech level and at least 0.2 s away from anything louder.
    """
    reach = round(_AWAY_SECONDS * rate)
    return ~largest_around(np.asarray(loudness) >= _QUIET, reach, reach)


def silence_jitter(opening: NDArray[Any], silent: NDArray[np.bool_], fps: float) -> float | None:
    """Standard deviation of the opening in silence, about each silent stretch's own mean. This project's measure.

    Args:
        opening: (T,), outer eye-corner distances.
        silent: (T,).
        fps: frames per second.

    Returns:
        Outer eye-corner distances, ≥ 0; None where no silence lasts 0.2 s.
    """
    least = max(2, round(_LEAST_SILENCE_SECONDS * fps))
    parts = [opening[start:stop] for start, stop in runs_of(silent) if stop - start >= least]
    return float(np.sqrt(np.concatenate([(p - p.mean()) ** 2 for p in parts]).mean())) if parts else None


# Closures


@dataclass(frozen=True)
class ClosureCounts:
    """What one sentence's lip closures count for.

    Attributes:
        said: p, b, m in the sentence.
        met: of them, those with a closure.
        closures: closures within speech.
        right: of them, those that meet a p, b, m.
        lags: of each met phone, its middle to the closure's, ms; positive where the lips are late.
    """

    said: int
    met: int
    closures: int
    right: int
    lags: tuple[float, ...]


def closure_counts(opening: Opening, phones: Phones, duration: float, share: float = 0.1) -> ClosureCounts:
    """Lip closures of one sentence against its phone times.

    A lip closure is a run of instants (100 a second) whose opening is below ``share`` of the 95th percentile of the
    sentence's openings. A p, b or m is met by a closure in its time ±20 ms. A closure within speech (not in pauses, nor
    within 60 ms of one) is right when it meets a p, b, m ±40 ms. One that meets an f, v or w ±20 ms instead counts for
    nothing: in those a lip may touch the other or the teeth.

    Args:
        opening: tells the opening at any instants.
        phones: the sentence's, in flite's names.
        duration: of the sentence, s.
        share: 0…1.

    Source: this project's bench on flite speech.
    """
    times = np.arange(0, duration, CLOSURE_STEP)
    values = opening(times)
    shut = values < share * np.percentile(values, 95)
    runs = [(start * CLOSURE_STEP, stop * CLOSURE_STEP) for start, stop in runs_of(shut).tolist()]
    wanted = [(start, end) for name, start, end in phones if name in CLOSURES]
    nearly = [(start, end) for name, start, end in phones if name in NEARLY_CLOSED]
    pauses = [(start, end) for name, start, end in phones if name == "pau"]
    met = closures = right = 0
    lags: list[float] = []
    for start, end in wanted:
        hits = [run for run in runs if run[0] < end + 0.02 and run[1] > start - 0.02]
        met += bool(hits)
        if hits:
            middle = (start + end) / 2
            lags.append(min((sum(run) / 2 - middle for run in hits), key=abs) * 1000)
    for low, high in runs:
        if any(low < end + 0.06 and high > start - 0.06 for start, end in pauses):
            continue
        meets = any(low < end + 0.04 and high > start - 0.04 for start, end in wanted)
        if not meets and any(low < end + 0.02 and high > start - 0.02 for start, end in nearly):
            continue
        closures += 1
        right += meets
    return ClosureCounts(len(wanted), met, closures, right, tuple(lags))


def closure_figures(sentences: Iterable[ClosureCounts]) -> dict[str, float]:
    """Recall, precision (0…1), median lag (ms) and number of closures over several sentences, pooled."""
    counts = list(sentences)
    lags = [lag for count in counts for lag in count.lags]
    said = sum(count.said for count in counts)
    return {
        "closure_recall": sum(count.met for count in counts) / max(said, 1),
        "closure_precision": sum(count.right for count in counts)
        / max(sum(count.closures for count in counts), 1),
        "closure_lag": float(np.median(lags)) if lags else 0.0,
        "closures": said,
    }
